/// Any JSON text (RFC 8259) as a value. Numbers are IEEE doubles; of a name that comes twice the last one counts.
package enum JSONValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Throws `JSONFault` where `bytes` is not one JSON text in UTF-8, or nests deeper than 128.
    package static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        try bytes.withUnsafeBufferPointer { try parse($0) }
    }

    /// The same over bytes that lie elsewhere, such as one line of a larger file.
    package static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws -> JSONValue {
        var reader = JSONReader(bytes)
        return try reader.document()
    }

    package subscript(_ name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    package var isNull: Bool { self == .null }

    /// The one value as a cell of a table would have it: 12.0 as 12, true as a word; nil for null, lists and objects.
    package var plain: String? {
        switch self {
        case .text(let text): text
        case .boolean(let value): value ? "true" : "false"
        case .number(let number): Int64(exactly: number).map(String.init) ?? "\(number)"
        case .null, .array, .object: nil
        }
    }

    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var number: Double? { if case .number(let number) = self { number } else { nil } }
    package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    package var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    package var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }
}

/// Why and where a text is not JSON. It never repeats the text.
package struct JSONFault: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        case endsEarly = "it ends too early"
        case unexpected = "an unexpected character"
        case badNumber = "a number that is not one"
        case badText = "a text with a control character, a broken escape or broken UTF-8"
        case tooDeep = "more than 128 levels of nesting"
        case goesOn = "something after the end"
    }

    package let reason: Reason
    /// Counted from 0.
    package let offset: Int
    /// Counted from 1.
    package let line: Int

    package var description: String { "Not JSON at line \(line), byte \(offset + 1): \(reason.rawValue)." }
}

/// One walk over the bytes, without recursion into Foundation.
private struct JSONReader {
    private static let deepest = 128
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func document() throws(JSONFault) -> JSONValue {
        if bytes.count >= 3, bytes[0] == 0xef, bytes[1] == 0xbb, bytes[2] == 0xbf { at = 3 }
        let value = try value()
        skipSpace()
        if at < bytes.count { throw fault(.goesOn) }
        return value
    }

    private func fault(_ reason: JSONFault.Reason) -> JSONFault {
        let line = 1 + bytes.prefix(at).reduce(0) { $1 == 0x0a ? $0 + 1 : $0 }
        return JSONFault(reason: reason, offset: at, line: line)
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0a || bytes[at] == 0x0d || bytes[at] == 0x09 {
            at += 1
        }
    }

    /// The next byte that is no space, not yet taken.
    private mutating func next() throws(JSONFault) -> UInt8 {
        skipSpace()
        guard at < bytes.count else { throw fault(.endsEarly) }
        return bytes[at]
    }

    private mutating func value() throws(JSONFault) -> JSONValue {
        switch try next() {
        case 0x7b: return try object()
        case 0x5b: return try array()
        case 0x22: return .text(try text())
        case 0x74: return try word("true", .boolean(true))
        case 0x66: return try word("false", .boolean(false))
        case 0x6e: return try word("null", .null)
        case 0x2d, 0x30...0x39: return .number(try number())
        default: throw fault(.unexpected)
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        let count = word.utf8CodeUnitCount
        guard bytes.count - at >= count else { throw fault(.endsEarly) }
        for index in 0..<count where bytes[at + index] != word.utf8Start[index] { throw fault(.unexpected) }
        at += count
        return value
    }

    private mutating func deeper() throws(JSONFault) {
        depth += 1
        if depth > Self.deepest { throw fault(.tooDeep) }
        at += 1
    }

    /// True when the next byte is `byte`, which is then taken.
    private mutating func takes(_ byte: UInt8) throws(JSONFault) -> Bool {
        guard try next() == byte else { return false }
        at += 1
        return true
    }

    private mutating func object() throws(JSONFault) -> JSONValue {
        try deeper()
        defer { depth -= 1 }
        var members: [String: JSONValue] = [:]
        if try takes(0x7d) { return .object(members) }
        members.reserveCapacity(16)
        while true {
            guard try next() == 0x22 else { throw fault(.unexpected) }
            let name = try text()
            guard try takes(0x3a) else { throw fault(.unexpected) }
            members[name] = try value()
            if try takes(0x2c) { continue }
            guard try takes(0x7d) else { throw fault(.unexpected) }
            return .object(members)
        }
    }

    private mutating func array() throws(JSONFault) -> JSONValue {
        try deeper()
        defer { depth -= 1 }
        var values: [JSONValue] = []
        if try takes(0x5d) { return .array(values) }
        while true {
            values.append(try value())
            if try takes(0x2c) { continue }
            guard try takes(0x5d) else { throw fault(.unexpected) }
            return .array(values)
        }
    }

    // MARK: Texts

    private mutating func text() throws(JSONFault) -> String {
        at += 1
        let start = at
        var all: UInt8 = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x22 {
                let part = UnsafeBufferPointer(rebasing: bytes[start..<at])
                // Plain ASCII, which most texts are, needs no second look.
                let text = all < 0x80 ? String(decoding: part, as: UTF8.self) : try string(part)
                at += 1
                return text
            }
            if byte == 0x5c { return try escapedText(from: start) }
            if byte < 0x20 { throw fault(.badText) }
            all |= byte
            at += 1
        }
        throw fault(.endsEarly)
    }

    private func string(_ part: some Collection<UInt8>) throws(JSONFault) -> String {
        guard let text = String(validating: part, as: UTF8.self) else { throw fault(.badText) }
        return text
    }

    private mutating func escapedText(from start: Int) throws(JSONFault) -> String {
        var plain = Array(bytes[start..<at])
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == 0x22 { return try string(plain) }
            if byte < 0x20 { throw fault(.badText) }
            if byte == 0x5c { try escape(into: &plain) } else { plain.append(byte) }
        }
        throw fault(.endsEarly)
    }

    private mutating func escape(into plain: inout [UInt8]) throws(JSONFault) {
        guard at < bytes.count else { throw fault(.endsEarly) }
        let byte = bytes[at]
        at += 1
        switch byte {
        case 0x22, 0x5c, 0x2f: plain.append(byte)
        case 0x62: plain.append(0x08)
        case 0x66: plain.append(0x0c)
        case 0x6e: plain.append(0x0a)
        case 0x72: plain.append(0x0d)
        case 0x74: plain.append(0x09)
        case 0x75: plain.append(contentsOf: String(Character(try scalar())).utf8)
        default: throw fault(.badText)
        }
    }

    /// The scalar of `\uXXXX`, or of two that are a surrogate pair; the `\u` is taken already.
    private mutating func scalar() throws(JSONFault) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, bytes.count - at >= 6, bytes[at] == 0x5c, bytes[at + 1] == 0x75 else {
            throw fault(.badText)
        }
        at += 2
        let second = try hexadecimal()
        guard (0xdc00..<0xe000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { throw fault(.badText) }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
        guard bytes.count - at >= 4 else { throw fault(.endsEarly) }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[at]
            switch byte {
            case 0x30...0x39: value = value << 4 + UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 + UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 + UInt32(byte - 0x57)
            default: throw fault(.badText)
            }
            at += 1
        }
        return value
    }

    // MARK: Numbers

    private mutating func number() throws(JSONFault) -> Double {
        let start = at
        if bytes[at] == 0x2d { at += 1 }
        let whole = at
        let small = digits()
        if at == whole || (at - whole > 1 && bytes[whole] == 0x30) { throw fault(.badNumber) }
        var isWhole = true
        if at < bytes.count, bytes[at] == 0x2e {
            isWhole = false
            at += 1
            let fraction = at
            _ = digits()
            if at == fraction { throw fault(.badNumber) }
        }
        if at < bytes.count, bytes[at] | 0x20 == 0x65 {
            isWhole = false
            at += 1
            if at < bytes.count, bytes[at] == 0x2b || bytes[at] == 0x2d { at += 1 }
            let exponent = at
            _ = digits()
            if at == exponent { throw fault(.badNumber) }
        }
        if isWhole, at - whole < 16 { return bytes[start] == 0x2d ? -Double(small) : Double(small) }
        guard let value = Double(String(decoding: bytes[start..<at], as: UTF8.self)), value.isFinite else {
            throw fault(.badNumber)
        }
        return value
    }

    /// Takes digits; their value, which is right for fewer than 19 of them.
    private mutating func digits() -> UInt64 {
        var value: UInt64 = 0
        while at < bytes.count, 0x30...0x39 ~= bytes[at] {
            value = value &* 10 &+ UInt64(bytes[at] - 0x30)
            at += 1
        }
        return value
    }
}
