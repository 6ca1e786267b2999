/// Cuts the records out of a JSON text of any size: the elements of an array, the `contents` of an API page, the lines of
/// ndjson or one object. Holds one record at a time.
package struct JSONElements {
    /// The bytes of one object, and the line on which it begins.
    package struct Element {
        package var line: Int
        package var bytes: [UInt8]
    }

    /// What keeps a text from being read further.
    package enum Refusal: Error, Equatable { case notJSON(line: Int), tooLarge(line: Int) }

    private enum Place { case top, list, pageRest }

    private let recordLimit: Int
    private var place = Place.top
    private var isInPage = false
    private var isRecording = false
    private var held: [UInt8] = []
    private var startLine = 1
    private var line = 1
    /// Open brackets within the record, or within the rest of the page.
    private var depth = 0
    private var text = JSONTextScan()
    /// The text that was last read at the first level of a record, and whether a value follows it.
    private var word: [UInt8] = []
    private var isKeyed = false
    private var lastMark: UInt8 = 0
    private var isAfterLineEnd = true

    package init(recordLimit: Int) { self.recordLimit = recordLimit }

    /// False when the text ends within a record or list.
    package var isComplete: Bool { place == .top && !isRecording }
    /// The line on which what is open began.
    package var openLine: Int { isRecording ? startLine : line }

    package mutating func feed(_ chunk: [UInt8], _ body: (Element) throws -> Void) throws {
        try chunk.withUnsafeBufferPointer { bytes in
            var start = 0
            var at = 0
            while at < bytes.count {
                if isRecording, text.isPlain, depth > 1 || word.count >= 16 {
                    isAfterLineEnd = isAfterLineEnd && Self.endsPlain(bytes[at])
                    while at < bytes.count, !Self.endsPlain(bytes[at]) { at += 1 }
                    if at == bytes.count { break }
                }
                let byte = bytes[at]
                if isRecording {
                    if beginsAnew(byte) {
                        try close(bytes[start..<at], body)
                        begin(at, &start)
                    } else if inRecord(byte) {
                        try close(bytes[start...at], body)
                    } else if text.isOpen, byte == 0x0a {
                        guard place == .top else { throw Refusal.notJSON(line: line) }
                        try close(bytes[start...at], body)
                        text.close()
                    }
                } else {
                    try between(byte, at, &start)
                }
                isAfterLineEnd = byte == 0x0a
                if byte == 0x0a { line += 1 }
                at += 1
            }
            if isRecording { try hold(bytes[start...]) }
        }
    }

    /// True for what has a meaning within a string.
    private static func endsPlain(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x0a
    }

    private mutating func begin(_ at: Int, _ start: inout Int) {
        (isRecording, start, startLine, depth) = (true, at, line, 1)
        (isKeyed, lastMark) = (false, UInt8(ascii: "{"))
        text.close()
    }

    private mutating func hold(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) throws {
        guard held.count + bytes.count <= recordLimit else { throw Refusal.tooLarge(line: startLine) }
        held += bytes
    }

    private mutating func close(
        _ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ body: (Element) throws -> Void
    ) throws {
        try hold(bytes)
        isRecording = false
        let element = Element(line: startLine, bytes: held)
        held.removeAll(keepingCapacity: held.capacity < 1 << 20)
        try body(element)
    }

    /// In ndjson a line may be cut short: a bracket that opens where no value can stand is the next record.
    private func beginsAnew(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "{") && place == .top && isAfterLineEnd && !text.isOpen
            && ![UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "[")].contains(lastMark)
    }

    /// True at the end of the record. Turns to the list when the record proves to be a page.
    private mutating func inRecord(_ byte: UInt8) -> Bool {
        if text.passes(byte) {
            if depth == 1, text.isOpen, word.count < 16 { word.append(byte) }
            return false
        }
        switch byte {
        case 0x20, 0x09, 0x0a, 0x0d: return false
        case UInt8(ascii: "\""):
            if depth == 1 {
                word.removeAll(keepingCapacity: true)
                isKeyed = false
            }
        case UInt8(ascii: ":"): isKeyed = depth == 1
        case UInt8(ascii: "["):
            if depth == 1, isKeyed, place == .top, word == Self.contents {
                (place, isInPage, isRecording) = (.list, true, false)
                held.removeAll()
                return false
            }
            depth += 1
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
        default: break
        }
        lastMark = byte
        return depth == 0
    }

    private static let contents = Array("contents".utf8)

    private mutating func between(_ byte: UInt8, _ at: Int, _ start: inout Int) throws {
        if place == .pageRest { return inPageRest(byte) }
        switch byte {
        case 0x20, 0x0a, 0x0d, 0x09, 0x1e, UInt8(ascii: ","): return
        case UInt8(ascii: "["):
            guard place == .top else { throw Refusal.notJSON(line: line) }
            (place, isInPage) = (.list, false)
        case UInt8(ascii: "]"):
            guard place == .list else { throw Refusal.notJSON(line: line) }
            place = isInPage ? .pageRest : .top
            depth = 1
            text.close()
        case UInt8(ascii: "{"): begin(at, &start)
        default: throw Refusal.notJSON(line: line)
        }
    }

    private mutating func inPageRest(_ byte: UInt8) {
        if text.passes(byte) { return }
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
        if depth == 0 { place = .top }
    }
}
