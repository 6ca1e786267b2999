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

    package var description: String { uuid.uuidString.lowercased() }

    package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}
