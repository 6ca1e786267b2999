package import Foundation

/// The id of one `Owner`: 128 random bits, or a UUIDv5 for a record that came from elsewhere. Written in lower case.
package struct Identifier<Owner>: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let uuid: UUID

    package init(_ uuid: UUID) { self.uuid = uuid }

    /// Reads the 36-character form in either case; nil for anything else.
    package init?(_ text: String) {
        guard text.utf8.count == 36 else { return nil }
        var bytes = uuid_t(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        var digits = 0
        for (index, byte) in text.utf8.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == 0x2d else { return nil }
                continue
            }
            guard let value = Self.value(byte) else { return nil }
            let place = digits / 2
            withUnsafeMutableBytes(of: &bytes) { $0[place] = $0[place] << 4 | value }
            digits += 1
        }
        uuid = UUID(uuid: bytes)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    package var description: String {
        withUnsafeBytes(of: uuid.uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { text in
                var place = 0
                for (index, byte) in bytes.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        text[place] = 0x2d
                        place += 1
                    }
                    text[place] = Self.digit(byte >> 4)
                    text[place + 1] = Self.digit(byte & 15)
                    place += 2
                }
                return place
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    package static func < (left: Self, right: Self) -> Bool { left.uuid < right.uuid }
}
