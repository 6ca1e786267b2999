import Foundation

/// Writes JSON straight to bytes. The caller keeps the order of opening and closing; commas are set here.
package struct JSONText {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() {}

    package var string: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func object(_ body: (inout JSONText) -> Void) { bracketed(0x7b, 0x7d, body) }
    package mutating func array(_ body: (inout JSONText) -> Void) { bracketed(0x5b, 0x5d, body) }

    package mutating func key(_ name: String) {
        comma()
        quote(name)
        bytes.append(0x3a)
        needsComma = false
    }

    package mutating func text(_ value: String) {
        comma()
        quote(value)
    }

    package mutating func integer(_ value: Int) {
        comma()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// A whole number is written without a fraction; infinite and not-a-number do not exist in JSON and become 0.
    package mutating func number(_ value: Double) {
        comma()
        let whole = Int(exactly: value)
        bytes.append(contentsOf: (whole.map(String.init) ?? (value.isFinite ? "\(value)" : "0")).utf8)
    }

    package mutating func boolean(_ value: Bool) {
        comma()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// A value that is JSON already.
    package mutating func raw(_ json: some Sequence<UInt8>) {
        comma()
        bytes.append(contentsOf: json)
    }

    package mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        key(name)
        text(value)
    }

    /// A member of which `value` writes the value.
    package mutating func member(_ name: String, _ value: (inout JSONText) -> Void) {
        key(name)
        value(&self)
    }

    /// For writers that cannot lend themselves to a closure: `{` or `[`, ended by the matching `close`.
    package mutating func open(_ bracket: UInt8) {
        comma()
        bytes.append(bracket)
        needsComma = false
    }

    package mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func bracketed(_ opening: UInt8, _ closing: UInt8, _ body: (inout JSONText) -> Void) {
        open(opening)
        body(&self)
        close(closing)
    }

    private mutating func comma() {
        if needsComma { bytes.append(0x2c) }
        needsComma = true
    }

    /// Copies runs of plain bytes at once; only quotes, backslashes and control characters are escaped.
    private mutating func quote(_ text: String) {
        bytes.append(0x22)
        var text = text
        text.withUTF8 { text in
            var start = 0
            for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5c {
                bytes.append(contentsOf: text[start..<index])
                escape(byte)
                start = index + 1
            }
            bytes.append(contentsOf: text[start...])
        }
        bytes.append(0x22)
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5c: bytes.append(contentsOf: [0x5c, byte])
        case 0x0a: bytes.append(contentsOf: [0x5c, 0x6e])
        default:
            bytes.append(contentsOf: (byte < 16 ? "\\u000" : "\\u00").utf8)
            bytes.append(contentsOf: String(byte, radix: 16).utf8)
        }
    }
}

extension JSONText {
    /// Any value; the members of an object in the order of their names.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null".utf8)
        case .boolean(let value): boolean(value)
        case .number(let number): self.number(number)
        case .text(let text): self.text(text)
        case .array(let values):
            array { json in
                for value in values { json.value(value) }
            }
        case .object(let members):
            object { json in
                for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                    json.key(name)
                    json.value(value)
                }
            }
        }
    }
}
