import Formats
import Kernel
import Storage

/// The change sequence, as the read models follow it: which records to look at again.
struct ChangeFeed: Sendable {
    struct Batch: Sendable {
        let newest: Int
        let records: [RecordKind: [Identifier<Record>]]
    }

    private static let limit = 500
    let database: any Database

    func latest() async throws -> Int { try await database.read { try ChangeSequence($0).latest() } }

    /// Nil when nothing changed after `known`.
    func batch(after known: Int) async throws -> Batch? {
        let changes = try await database.read { try ChangeSequence($0).after(known, limit: Self.limit) }
        guard let newest = changes.last else { return nil }
        var records: [RecordKind: Set<Identifier<Record>>] = [:]
        for change in changes {
            guard let kind = RecordKind(rawValue: change.kind), let id = Identifier<Record>(change.record)
            else { continue }
            records[kind, default: []].insert(id)
        }
        return Batch(newest: newest.number, records: records.mapValues { $0.sorted() })
    }
}

extension RecordKind {
    /// The kinds that stand in the change sequence; a change of any other is a change of those that show it.
    var isFollowed: Bool { [.taxonomy, .taxonomyTerm, .organization, .service].contains(self) }
}
