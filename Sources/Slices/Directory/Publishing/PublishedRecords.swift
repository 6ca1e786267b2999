package import Formats
package import Kernel
import Storage
import Synchronization

extension Directory {
    /// Ids of `kind` after `last`, up to `limit`, with those that were merged into another: every address that a published
    /// site may have. Whether a visitor may see the record is for its page to say.
    package func addresses(
        _ kind: String, after last: Identifier<Record>?, limit: Int
    ) async throws -> [Identifier<Record>] {
        guard let kind = RecordKind(rawValue: kind) else { return [] }
        return try await database.read { transaction in
            let table = try Table.of(kind).name
            let after = last?.description ?? ""
            return try transaction.rows(
                """
                SELECT id FROM \(name: table) WHERE id > \(after)
                UNION SELECT record_id FROM tombstone
                WHERE kind = \(kind.rawValue) AND into_id IS NOT NULL AND record_id > \(after)
                ORDER BY 1 LIMIT \(limit)
                """
            ).map { try $0.identifier("id") }
        }
    }

    /// The change number that pages and open data both stand at.
    package var publishedChange: Int { min(desk.change, publications.desk.state.change ?? 0) }

    /// The records to publish anew after `change`, by kind; nil when so much or so deep a change came that all are.
    package func addressesChanged(after change: Int, limit: Int) async throws -> [String: [Identifier<Record>]]? {
        let feed = ChangeFeed(database: database)
        var (found, reached) = ([RecordKind: Set<Identifier<Record>>](), change)
        while let batch = try await feed.batch(after: reached) {
            for (kind, ids) in batch.records { found[kind, default: []].formUnion(ids) }
            reached = batch.newest
            if found.values.reduce(0, { $0 + $1.count }) > limit { return nil }
        }
        if found.keys.contains(where: { ![.service, .organization].contains($0) }) { return nil }
        // A service that came to another organization stands on the page of that one too.
        let services = found[.service, default: []].map(\.description).sorted()
        let owners = try await database.read { transaction in
            try DirectoryStore(transaction).records(.service, where: "id", in: services)
                .compactMap { $0.reference("organization_id") }
        }
        if !owners.isEmpty { found[.organization, default: []].formUnion(owners) }
        return Dictionary(uniqueKeysWithValues: found.map { ($0.key.rawValue, $0.value.sorted()) })
    }

    /// Reads listings together that will be asked for one by one; `forgetListings` frees them.
    package func readAhead(_ kind: String, _ ids: [Identifier<Record>]) async throws {
        guard let kind = RecordKind(rawValue: kind), [.service, .organization].contains(kind) else { return }
        let (listings, services) = try await database.read { transaction in
            let loader = try ListingLoader(transaction)
            guard kind == .organization else { return (try loader.services(ids), [Listing]()) }
            let records = try DirectoryStore(transaction)
                .records(.service, where: "organization_id", in: ids.map(\.description))
            return (try loader.organizations(ids), try loader.services(records.map(\.id)))
        }
        let seen = services.compactMap { $0.projected(for: .visitor) }
        shelf.keep(
            kind, ids, listings.compactMap { $0.projected(for: .visitor) },
            services: Dictionary(grouping: seen) { $0.record["organization_id"] ?? "" })
    }

    package func forgetListings(_ kind: String, _ ids: [Identifier<Record>]) {
        if let kind = RecordKind(rawValue: kind) { shelf.forget(kind, ids) }
    }

    /// How many records the open data has.
    package func publicRecords() async throws -> (organizations: Int, services: Int) {
        func total(_ kind: RecordKind) async throws -> Int {
            try await publications.page(DocumentQuery(kind), .page(1, size: 1), nil).total
        }
        return (try await total(.organization), try await total(.service))
    }
}

/// What a visitor may see of listings that were read together. Empty but for a program that makes all pages.
final class ListingShelf: Sendable {
    private struct State {
        var listings: [RecordKind: [Identifier<Record>: Projected<Listing>?]] = [:]
        var services: [Identifier<Record>: [Projected<Listing>]] = [:]
    }

    private let state = Mutex(State())

    /// Nil when it was not read, nil inside when there is nothing to see.
    func listing(_ kind: RecordKind, _ id: Identifier<Record>) -> Projected<Listing>?? {
        state.withLock { $0.listings[kind]?[id] }
    }

    func services(of organization: Identifier<Record>) -> [Projected<Listing>]? {
        state.withLock { $0.services[organization] }
    }

    func keep(
        _ kind: RecordKind, _ ids: [Identifier<Record>], _ seen: [Projected<Listing>],
        services: [String: [Projected<Listing>]]
    ) {
        state.withLock { state in
            for id in ids {
                state.listings[kind, default: [:]].updateValue(nil, forKey: id)
                if kind == .organization { state.services[id] = Directory.byName(services[id.description] ?? []) }
            }
            for listing in seen { state.listings[kind, default: [:]].updateValue(listing, forKey: listing.id) }
        }
    }

    func forget(_ kind: RecordKind, _ ids: [Identifier<Record>]) {
        state.withLock { state in
            for id in ids {
                state.listings[kind]?.removeValue(forKey: id)
                if kind == .organization { state.services.removeValue(forKey: id) }
            }
        }
    }
}

extension Publications {
    /// The places of a published service, for their own addresses.
    func places(of service: String) async throws -> [String] {
        guard let file = desk.file else { return [] }
        return try await file.database.read { transaction in
            try transaction.rows(
                """
                SELECT q.id FROM published p CROSS JOIN document d ON d.service = p.number
                CROSS JOIN published q ON q.number = d.number
                WHERE p.kind = 'service' AND p.id = \(service) AND p.removed = 0 AND q.kind = 'service_at_location'
                    AND q.removed = 0
                ORDER BY q.id
                """
            ).map { try $0.text("id") }
        }
    }

    /// How many pages of the plain list of `kind` there are, of so many records each.
    func pageCount(_ kind: RecordKind?, size: Int) async throws -> Int {
        let total =
            if let kind { try await page(DocumentQuery(kind), .page(1, size: size), nil).total } else {
                try await tombstones(since: nil, .page(1, size: size)).total
            }
        return (total + size - 1) / size
    }
}
