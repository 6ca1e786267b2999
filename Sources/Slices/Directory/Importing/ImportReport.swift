package import Formats
package import Kernel

/// One line of what an import did, or with `--dry-run` would do.
package struct ImportEntry: Sendable, Hashable {
    package enum Outcome: String, Sendable, CaseIterable { case added, changed, removed, proposed, rejected, noticed }

    package let outcome: Outcome
    package let kind: RecordKind?
    package let id: Identifier<Record>?
    /// Where in the file; nil for what the file no longer has.
    package let origin: Origin?
    /// Why, in one sentence without a stored value.
    package let reason: String
}

/// What an import did in numbers.
package struct ImportReport: Sendable {
    package internal(set) var counts: [ImportEntry.Outcome: Int] = [:]
    package internal(set) var unchanged = 0
    package internal(set) var isDryRun = false
    /// How long decoding the file and checking its records took, and after that how long keeping them.
    package internal(set) var secondsReading = 0.0
    package internal(set) var secondsKeeping = 0.0

    package subscript(_ outcome: ImportEntry.Outcome) -> Int { counts[outcome] ?? 0 }
}

/// How an import is to be done.
package struct ImportOrder: Sendable {
    /// The name of whoever keeps the file; ids and removals belong to it.
    package var source: String
    package var format: String
    /// Everything is tried and reported, nothing kept.
    package var isDryRun = false
    /// The file holds only what changed: what it does not name stays.
    package var isDelta = false
    /// Without it, a file that would remove more than a fifth of what its source brought is refused as cut off.
    package var allowsRemovals = false
    /// Nobody wider than this sees what the file brings.
    package var audience = Audience.everyone

    package init(source: String, format: String) {
        self.source = source
        self.format = format
    }
}
