/// Reads one JSON text of RFC 8259 out of bytes. Refuses nesting deeper than `depth`.
package struct JSONParser {
    package enum Fault: Error, Equatable { case broken(at: Int), tooDeep(at: Int) }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    private var levelsLeft: Int

    private init(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int) {
        self.bytes = bytes
        levelsLeft = depth
    }

    package static func value(of bytes: [UInt8], depth: Int) throws(Fault) -> JSONValue {
        do {
            return try bytes.withUnsafeBufferPointer { buffer in
                var parser = JSONParser(buffer, depth: depth)
                let value = try parser.value()
                parser.skipSpace()
                guard parser.at == buffer.count else { throw Fault.broken(at: parser.at) }
                return value
            }
        } catch let fault as Fault {
            throw fault
        } catch {
            throw .broken(at: 0)
        }
    }

    private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { at += 1 }
    }

    private mutating func value() throws -> JSONValue {
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return try nested { try $0.object() }
        case UInt8(ascii: "["): return try nested { try $0.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(_ body: (inout JSONParser) throws -> JSONValue) throws -> JSONValue {
        levelsLeft -= 1
        guard levelsLeft >= 0 else { throw Fault.tooDeep(at: at) }
        at += 1
        let value = try body(&self)
        levelsLeft += 1
        return value
    }

    private mutating func object() throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw Fault.broken(at: at) }
            members[key] = try value()
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw Fault.broken(at: at) }
        return .object(members)
    }

    private mutating func array() throws -> JSONValue {
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            elements.append(try value())
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw Fault.broken(at: at) }
        return .array(elements)
    }

    private mutating func take(_ expected: UInt8) -> Bool {
        guard byte == expected else { return false }
        at += 1
        return true
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
        let count = word.utf8CodeUnitCount
        guard at + count <= bytes.count, (0..<count).allSatisfy({ bytes[at + $0] == word.utf8Start[$0] }) else {
            throw Fault.broken(at: at)
        }
        at += count
        return value
    }

    private mutating func number() throws -> JSONValue {
        let start = at
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if byte.map({ $0 | 0x20 == UInt8(ascii: "e") }) == true {
            at += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return .number(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func digits() throws {
        let start = at
        while let byte, 48...57 ~= byte { at += 1 }
        guard at > start else { throw Fault.broken(at: at) }
    }

    private mutating func string() throws -> String {
        guard take(UInt8(ascii: "\"")) else { throw Fault.broken(at: at) }
        let start = at
        while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { at += 1 }
        if byte == UInt8(ascii: "\"") {
            at += 1
            return String(decoding: bytes[start..<at - 1], as: UTF8.self)
        }
        var text = Array(bytes[start..<at])
        while let byte, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw Fault.broken(at: at) }
            at += 1
            if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
        }
        guard take(UInt8(ascii: "\"")) else { throw Fault.broken(at: at) }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        guard let byte else { throw Fault.broken(at: at) }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += String(try scalar()).utf8
        default: throw Fault.broken(at: at - 1)
        }
    }

    /// The letter of one or two `\u` escapes; half a pair becomes U+FFFD.
    private mutating func scalar() throws -> Unicode.Scalar {
        let first = try hex()
        guard 0xd800...0xdfff ~= first else { return Unicode.Scalar(first) ?? "\u{fffd}" }
        let rest = at
        if first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
            let second = try hex()
            if 0xdc00...0xdfff ~= second {
                return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + second - 0xdc00) ?? "\u{fffd}"
            }
        }
        at = rest
        return "\u{fffd}"
    }

    private mutating func hex() throws -> UInt32 {
        guard at + 4 <= bytes.count else { throw Fault.broken(at: at) }
        var code: UInt32 = 0
        for offset in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[at + offset])).hexDigitValue, bytes[at + offset] < 0x80
            else { throw Fault.broken(at: at) }
            code = code << 4 | UInt32(digit)
        }
        at += 4
        return code
    }
}
