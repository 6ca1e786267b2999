package import Formats
package import Kernel
import Storage

/// What is left of a record that was removed, or merged into another: who may know that it was there, and where it went.
struct Tombstone: Sendable, Hashable {
    let record: Identifier<Record>
    let kind: RecordKind
    let removedOn: Day
    /// The record it was merged into; nil when it was removed.
    let into: Identifier<Record>?
    /// The circle that saw the record before.
    let audience: Audience
}

/// Tombstones inside one transaction. SQL only.
struct TombstoneStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    /// Keeps `tombstone`; older ones that led to its record lead on to where it went.
    func write(_ tombstone: Tombstone) throws {
        let reason = tombstone.into == nil ? "removed" : "merged"
        try transaction.run(
            """
            INSERT INTO tombstone (record_id, kind, removed_on, reason, into_id, audience)
            VALUES (\(tombstone.record), \(tombstone.kind.rawValue), \(tombstone.removedOn), \(reason),
                \(tombstone.into), \(tombstone.audience))
            ON CONFLICT (record_id) DO UPDATE SET kind = excluded.kind, removed_on = excluded.removed_on,
                reason = excluded.reason, into_id = excluded.into_id, audience = excluded.audience
            """)
        guard let into = tombstone.into else { return }
        try transaction.run("UPDATE tombstone SET into_id = \(into) WHERE into_id = \(tombstone.record)")
    }

    func tombstone(_ id: Identifier<Record>) throws -> Tombstone? {
        try transaction.row("SELECT * FROM tombstone WHERE record_id = \(id)").flatMap { row in
            guard let kind = RecordKind(rawValue: try row.text("kind")), let day = row.day("removed_on") else {
                throw StorageFailure.unexpectedColumn("tombstone")
            }
            return Tombstone(
                record: id, kind: kind, removedOn: day, into: row.optionalText("into_id").flatMap(Identifier.init),
                audience: Audience(rawValue: try row.text("audience")) ?? .nobody)
        }
    }
}

extension DirectoryStore {
    /// Takes a record away with what is said about it. What hangs under it goes along: move it first.
    func delete(_ record: Record) throws {
        try transaction.run("DELETE FROM \(name: Table.of(record.kind).name) WHERE id = \(record.id)")
        for statement: SQL in [
            "DELETE FROM audience WHERE record_id = \(record.id)", "DELETE FROM fact WHERE record_id = \(record.id)",
            "DELETE FROM translation WHERE record_id = \(record.id)",
            "DELETE FROM steward WHERE record_id = \(record.id)",
        ] { try transaction.run(statement) }
    }
}

extension Directory {
    /// The record that `id` was merged into, when `viewer` could have seen both.
    package func successor(
        _ kind: RecordKind, _ id: Identifier<Record>, for viewer: Actor
    ) async throws -> Identifier<Record>? {
        try await database.read { transaction in
            guard let tombstone = try TombstoneStore(transaction).tombstone(id), let into = tombstone.into,
                tombstone.kind == kind, viewer.sees(tombstone.audience)
            else { return nil }
            return try ListingLoader(transaction).listings(kind, [into]).first?.projected(for: viewer).map { _ in into }
        }
    }
}
