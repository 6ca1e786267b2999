/// Markup whose interpolation escapes on the level of UTF-8 bytes, so that no text of a person can become markup, in an
/// element or a quoted attribute. `raw:` is the only door around it and is listed by a test.
package struct HTML: ExpressibleByStringInterpolation, Sendable {
    package private(set) var bytes: [UInt8]

    package init(stringLiteral value: String) { bytes = Array(value.utf8) }
    package init(stringInterpolation interpolation: StringInterpolation) { bytes = interpolation.bytes }
    package init() { bytes = [] }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package static func + (left: HTML, right: HTML) -> HTML {
        var joined = left
        joined += right
        return joined
    }

    package static func += (left: inout HTML, right: HTML) { left.bytes.append(contentsOf: right.bytes) }

    package struct StringInterpolation: StringInterpolationProtocol {
        var bytes: [UInt8] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 24)
        }

        package mutating func appendLiteral(_ literal: String) { bytes.append(contentsOf: literal.utf8) }

        package mutating func appendInterpolation(_ text: String) {
            var text = text
            text.withUTF8 { text in
                var start = 0
                for index in text.indices where Self.isSpecial(text[index]) {
                    if text[index] == 0xe2 {
                        guard Self.turnsAround(text, index) else { continue }
                        bytes.append(contentsOf: text[start..<index])
                        start = index + 3
                        continue
                    }
                    bytes.append(contentsOf: text[start..<index])
                    bytes.append(contentsOf: Self.escaped(text[index]).utf8)
                    start = index + 1
                }
                bytes.append(contentsOf: text[start...])
            }
        }

        /// U+202A to U+202E and U+2066 to U+2069: one left open turns the rest of a page around.
        private static func turnsAround(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
            guard index + 2 < text.count else { return false }
            switch text[index + 1] {
            case 0x80: return (0xaa...0xae).contains(text[index + 2])
            case 0x81: return (0xa6...0xa9).contains(text[index + 2])
            default: return false
            }
        }

        /// One of `escaped`, all of which lie below 64, or the first of those that turn around; most bytes do not.
        @inline(__always)
        private static func isSpecial(_ byte: UInt8) -> Bool {
            let special: UInt64 = 1 << 0x26 | 1 << 0x3c | 1 << 0x3e | 1 << 0x22 | 1 << 0x27 | 1
            return byte < 64 ? special >> UInt64(byte) & 1 == 1 : byte == 0xe2
        }

        private static func escaped(_ byte: UInt8) -> String {
            switch byte {
            case 0x26: "&amp;"
            case 0x3c: "&lt;"
            case 0x3e: "&gt;"
            case 0x22: "&quot;"
            case 0x27: "&#39;"
            default: "\u{fffd}"
            }
        }

        package mutating func appendInterpolation(_ number: Int) { bytes.append(contentsOf: String(number).utf8) }
        package mutating func appendInterpolation(_ html: HTML) { bytes.append(contentsOf: html.bytes) }

        package mutating func appendInterpolation(_ html: HTML?) {
            if let html { bytes.append(contentsOf: html.bytes) }
        }

        package mutating func appendInterpolation<Items: Sequence>(_ items: Items, _ each: (Items.Element) -> HTML) {
            for item in items { bytes.append(contentsOf: each(item).bytes) }
        }

        package mutating func appendInterpolation(if condition: Bool, _ html: @autoclosure () -> HTML) {
            if condition { bytes.append(contentsOf: html().bytes) }
        }

        package mutating func appendInterpolation(raw markup: [UInt8]) { bytes.append(contentsOf: markup) }
    }
}
