/// A text in code points, cut into paragraphs or sentences. Ranges are of code points, without the white space between.
package struct TextUnits: Sendable {
    /// What a text is cut into.
    package enum Kind: String, Sendable, CaseIterable { case paragraph, sentence }

    package let scalars: [Unicode.Scalar]

    package init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// What stands in `range`, as far as the text goes.
    package subscript(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range.clamped(to: 0..<scalars.count)])
        return String(text)
    }

    /// In the order of the text; none is empty.
    package func units(_ kind: Kind) -> [Range<Int>] {
        kind == .paragraph ? paragraphs : paragraphs.flatMap(sentences)
    }

    /// Lines that are not blank: what ends with a line end.
    private var paragraphs: [Range<Int>] {
        var (found, start): ([Range<Int>], Int) = ([], 0)
        for at in 0...scalars.count where at == scalars.count || Self.endsLine(scalars[at]) {
            if let range = tidied(start..<at) { found.append(range) }
            start = at + 1
        }
        return found
    }

    /// Ends after a full stop, a question or exclamation mark or an ellipsis with its closing quotes, before white space.
    private func sentences(_ paragraph: Range<Int>) -> [Range<Int>] {
        var (found, start, at): ([Range<Int>], Int, Int) = ([], paragraph.lowerBound, paragraph.lowerBound)
        while at < paragraph.upperBound {
            let isEnd = Self.endsSentence(scalars[at])
            at += 1
            guard isEnd else { continue }
            while at < paragraph.upperBound, Self.endsSentence(scalars[at]) || Self.closers.contains(scalars[at]) {
                at += 1
            }
            guard at < paragraph.upperBound, scalars[at].properties.isWhitespace else { continue }
            if let range = tidied(start..<at) { found.append(range) }
            start = at
        }
        if let range = tidied(start..<paragraph.upperBound) { found.append(range) }
        return found
    }

    private static func endsSentence(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "!", "?", "…", "。", "！", "？": true
        default: false
        }
    }

    private static let closers: Set<Unicode.Scalar> = ["\"", "'", "”", "’", "»", ")", "]"]

    private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0a, 0x0d, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private func tidied(_ range: Range<Int>) -> Range<Int>? {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, scalars[start].properties.isWhitespace { start += 1 }
        while end > start, scalars[end - 1].properties.isWhitespace { end -= 1 }
        return start < end ? start..<end : nil
    }
}

/// A plain text as a file.
package enum PlainText {
    /// Nil for what is no UTF-8. A byte order mark is no part of the text.
    package static func read(_ bytes: [UInt8]) -> String? {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        return String(validating: bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0), as: UTF8.self)
    }
}
