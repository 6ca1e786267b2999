package import Foundation

/// The id of one `Owner`: 128 random bits, or a UUIDv5 for a record that came from elsewhere. Written in lower case.
package struct Identifier<Owner>: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let uuid: UUID

    package init(_ uuid: UUID) { self.uuid = uuid }

    /// Reads the 36-character form in either case; nil for anything else.
    package init?(_ text: String) {
        guard text.utf8.count == 36, let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }

    package var description: String {
        withUnsafeBytes(of: uuid.uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { text in
                var place = 0
                for (index, byte) in bytes.enumerated() {
                    for half in [byte >> 4, byte & 15] {
                        text[place] = half < 10 ? 0x30 + half : 0x57 + half
                        place += 1
                    }
                    if [3, 5, 7, 9].contains(index) {
                        text[place] = 0x2d
                        place += 1
                    }
                }
                return place
            }
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.uuid < right.uuid }
}
