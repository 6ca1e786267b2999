/// One word of a text: folded, and where it stood.
struct Token {
    var word: [UInt8]
    /// Where the word proper begins after a French elision: 1 for `laide`, from "l'aide"; 0 without one.
    var elision = 0
    /// As it was written.
    var source = ""

    /// The word without its elision.
    var core: [UInt8] { elision > 0 ? Array(word[elision...]) : word }

    /// The forms a text is indexed and looked for under, before stemming.
    var forms: [[UInt8]] { elision > 0 ? [word, core] : [word] }
}

/// Splits text into folded words the way the index does, for callers that compare words themselves.
package enum SearchText {
    /// The folded words of a text: lower case, no diacritics, split at anything but letters and digits.
    package static func words(of text: String) -> [String] {
        tokens(of: text).map { String(decoding: $0.word, as: UTF8.self) }
    }

    /// True when `words`, folded, say nothing on their own in English or French.
    package static func isOnlyStopWords(_ words: [String]) -> Bool {
        words.allSatisfy { StopWords.contains(Array($0.utf8)) }
    }

    /// Letters left out, added, changed or swapped between two folded words; nil above `limit`.
    package static func edits(_ left: String, _ right: String, limit: Int) -> Int? {
        Array(right.utf8).withUnsafeBytes { Spelling.distance(Array(left.utf8), $0, limit: limit) }
    }

    static func tokens(of text: String, bytes: Int = .max, count: Int = .max) -> [Token] {
        let utf8 = Array(text.utf8.prefix(bytes))
        var tokens: [Token] = []
        utf8.withUnsafeBufferPointer { buffer in
            var tokeniser = Tokeniser()
            tokeniser.read(buffer) { word, elision, range in
                guard tokens.count < count else { return }
                let source = String(decoding: buffer[range], as: UTF8.self)
                tokens.append(Token(word: word, elision: elision, source: source))
            }
        }
        return tokens
    }
}

/// Reads words out of UTF-8 bytes. Broken sequences separate words; no input is too long or too strange.
struct Tokeniser {
    /// Longer words are cut here, in documents and queries alike.
    static let longestWord = 64

    private var word: [UInt8] = []
    private var start = 0
    private var elision = 0

    private static let ascii: [UInt8] = (0..<128).map { (byte: UInt8) in
        switch byte {
        case 0x30...0x39, 0x61...0x7A: byte
        case 0x41...0x5A: byte + 32
        case 0x27, 0x60: 1
        default: 0
        }
    }

    private static let elisions = Set(
        ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"].map { Array($0.utf8) })

    mutating func read(
        _ text: UnsafeBufferPointer<UInt8>, emit: (_ word: [UInt8], _ elision: Int, _ source: Range<Int>) -> Void
    ) {
        var position = 0
        Self.ascii.withUnsafeBufferPointer { ascii in
            while position < text.count {
                let byte = text[position]
                guard byte < 0x80 else {
                    readWide(text, &position, emit)
                    continue
                }
                let folded = ascii[Int(byte)]
                if folded > 1 {
                    append(folded, at: position)
                } else if folded == 1 {
                    passApostrophe()
                } else {
                    flush(before: position, emit)
                }
                position += 1
            }
        }
        flush(before: position, emit)
    }

    private mutating func readWide(
        _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ emit: ([UInt8], Int, Range<Int>) -> Void
    ) {
        let (scalar, length) = Self.decode(text, at: position)
        switch scalar.map(LetterFolding.fold) ?? .separator {
        case .separator: flush(before: position, emit)
        case .nothing: break
        case .apostrophe: passApostrophe()
        case .letters(let letters): for letter in letters { append(letter, at: position) }
        }
        position += length
    }

    private mutating func append(_ byte: UInt8, at position: Int) {
        if word.isEmpty { start = position }
        if word.count < Self.longestWord { word.append(byte) }
    }

    private mutating func passApostrophe() {
        if elision == 0, word.count < 8, Self.elisions.contains(word) { elision = word.count }
    }

    private mutating func flush(before position: Int, _ emit: ([UInt8], Int, Range<Int>) -> Void) {
        guard !word.isEmpty else { return }
        emit(word, word.count > elision + 1 ? elision : 0, start..<position)
        word.removeAll(keepingCapacity: true)
        elision = 0
    }

    /// The scalar at `position` and its length; nil and 1 for a byte that begins no well-formed sequence.
    private static func decode(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> (UInt32?, Int) {
        let first = UInt32(text[position])
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard 0xC2...0xF4 ~= first, position + length <= text.count else { return (nil, 1) }
        var value = first & (0xFF >> UInt32(length + 1))
        for index in 1..<length {
            let next = UInt32(text[position + index])
            guard next & 0xC0 == 0x80 else { return (nil, 1) }
            value = value << 6 | next & 0x3F
        }
        let smallest: UInt32 = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80
        return Unicode.Scalar(value) != nil && value >= smallest ? (value, length) : (nil, 1)
    }
}
