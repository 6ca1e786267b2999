package import Formats
package import Kernel

/// One change of one field with both its values, as HSDS metadata keeps it.
package struct HistoryEntry: Sendable, Hashable {
    package let kind: RecordKind
    package let record: Identifier<Record>
    package let field: String
    package let day: String
    package let action: String
    package let previous: String
    package let replacement: String
    /// A role, never a person's name.
    package let by: String

    /// Stands for a value that was or is not there: HSDS asks for both.
    static let nothing = "(none)"
}

/// That a field changed on a day, without its values.
package struct DatedChange: Sendable, Hashable {
    package let kind: RecordKind
    package let field: String
    package let day: Day
}

extension Projected<Listing> {
    /// Every change of the listing and all under it with its values, newest first.
    package var history: [HistoryEntry] {
        value.entries.sorted { ($1.day, $0.record, $0.field) < ($0.day, $1.record, $1.field) }
    }

    /// What changed and when, for pages, newest first.
    var changes: [DatedChange] {
        value.allChanges.sorted { ($1.day, $0.kind.rawValue, $0.field) < ($0.day, $1.kind.rawValue, $1.field) }
    }
}

extension Listing {
    fileprivate var entries: [HistoryEntry] {
        let own = (members["metadata"] ?? []).map { entry in
            HistoryEntry(
                kind: record.kind, record: record.id, field: entry.record["field_name"] ?? "",
                day: entry.record["last_action_date"] ?? "", action: entry.record["last_action_type"] ?? "",
                previous: entry.record["previous_value"] ?? "", replacement: entry.record["replacement_value"] ?? "",
                by: entry.record["updated_by"] ?? "")
        }
        return own + members.filter { $0.key != "metadata" }.values.joined().flatMap(\.entries)
    }

    fileprivate var allChanges: [DatedChange] { changes + members.values.joined().flatMap(\.allChanges) }

    /// Ids of the history entries in this listing that `viewer` does not see.
    func history(hiddenFrom viewer: Actor) -> Set<Identifier<Record>> {
        historyIds.subtracting(projected(for: viewer)?.value.historyIds ?? [])
    }

    private var historyIds: Set<Identifier<Record>> {
        let own = Set((members["metadata"] ?? []).map(\.record.id))
        return members.values.joined().reduce(own) { $0.union($1.historyIds) }
    }
}

extension Directory {
    /// Every change of a record and all under it that `viewer` may know of, newest first.
    package func history(
        _ kind: RecordKind, _ id: Identifier<Record>, for viewer: Actor
    ) async throws -> [HistoryEntry] {
        try await listing(kind, id, for: viewer).history
    }
}
