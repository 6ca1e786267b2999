import Foundation
package import Kernel

/// Where in a file something was read. Lines count from 1; in a format without lines it is the number of the record.
package struct Origin: Sendable, Hashable, CustomStringConvertible {
    package var file: String
    package var line: Int

    package init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    package var description: String { "\(file):\(line)" }
}

/// A record as a file gives it, in HSDS 3.2.3 words, before it is one of ours. References such as `organization_id` hold the
/// file's own ids; the importer turns both into ids of ours.
package struct Draft: Sendable, Hashable {
    package var kind: RecordKind
    package var externalId: String
    package var values: [String: FieldValue]
    /// Who may see a field, or with an empty name the whole record, when the file says that it is confidential.
    package var audiences: [String: Audience]
    /// The day a field, or with an empty name the record, was last checked by whoever keeps the file.
    package var checkedOn: [String: Day]
    /// False for a copy of a record inside another, such as the organization in each of its services: it may be shorter.
    package var isWhole: Bool
    /// The kind of the record that an attribute or a history entry stands in, which says more than its own words do; nil
    /// when it stands in none.
    package var owner: RecordKind?
    package var origin: Origin

    package init(
        _ kind: RecordKind, externalId: String, _ values: [String: FieldValue] = [:],
        audiences: [String: Audience] = [:], checkedOn: [String: Day] = [:], isWhole: Bool = true, origin: Origin
    ) {
        self.kind = kind
        self.externalId = externalId
        self.values = values
        self.audiences = audiences
        self.checkedOn = checkedOn
        self.isWhole = isWhole
        self.origin = origin
    }

    package subscript(_ field: String) -> String? {
        get { values[field]?.text }
        set { values[field] = newValue.map(FieldValue.text) }
    }
}

/// What a reader finds, in the order of the file. Parents may come after their children.
package enum Reading: Sendable, Hashable {
    case draft(Draft)
    /// The file says that this record is no more (a delta).
    case removal(RecordKind, externalId: String, Origin)
    case fault(ReadingFault)
}

/// Something in a file that could not be taken over. It never repeats the value: that may be confidential.
package struct ReadingFault: Error, Sendable, Hashable, CustomStringConvertible {
    package var origin: Origin
    package var field: String?
    /// Stable, such as `missing-name`, `wrong-columns`, `not-a-date`.
    package var code: String
    /// One sentence that says what and where.
    package var detail: String
    package var weight: Weight

    /// What a fault cost.
    package enum Weight: Sendable, Hashable {
        /// A record, a table or the rest of a file was not taken over.
        case rejected
        /// Something smaller was left out or guessed; the record came in.
        case noticed
    }

    private static let lightCodes: Set<String> = [
        "unknown-field", "half-coordinates", "null-island", "swapped-coordinates", "out-of-range", "repeated-column",
        "missing-column", "not-utf-8", "broken-bytes", "too-much-to-remember",
    ]

    /// - Parameter weight: nil for what the code usually means.
    package init(
        _ code: String, _ detail: String, field: String? = nil, weight: Weight? = nil, at origin: Origin
    ) {
        self.weight = weight ?? (Self.lightCodes.contains(code) ? .noticed : .rejected)
        self.origin = origin
        self.field = field
        self.code = code
        self.detail = detail
    }

    package var description: String { "\(origin): \(detail)" }
}
