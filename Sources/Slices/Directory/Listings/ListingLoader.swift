import Formats
import Kernel
import Storage

/// Puts records together with everything under them: one query per kind of member and batch, none per record.
struct ListingLoader {
    /// How much of an organization, program or term stands inside another record: what a page shows of it, or all that
    /// the standard nests there.
    enum Nesting { case page, standard }

    private let nesting: Nesting
    private let store: DirectoryStore
    private let emptyKinds: Set<RecordKind>

    /// - Parameter withHistory: false where nobody reads what changed, such as in search.
    init(_ transaction: any Transaction, nesting: Nesting = .page, withHistory: Bool = true) throws {
        self.nesting = nesting
        store = DirectoryStore(transaction)
        let store = store
        let empty = try RecordKind.allCases.filter { try store.isEmpty($0) }
        emptyKinds = Set(empty + (withHistory ? [] : [.metadata]))
    }

    func services(_ ids: [Identifier<Record>]) throws -> [Listing] { try listings(.service, ids) }
    func organizations(_ ids: [Identifier<Record>]) throws -> [Listing] { try listings(.organization, ids) }

    func listings(_ kind: RecordKind, _ ids: [Identifier<Record>]) throws -> [Listing] {
        let records = try store.records(kind, where: "id", in: ids.map(\.description))
        let bare = try withHistory(try withMembers(records.map(Listing.init), under: nil))
        let outside = try pointed(by: bare)
        let notes = try store.annotations(of: bare.flatMap(Self.ids) + outside.map(\.id.description))
        let pointed = Dictionary(
            outside.map { ($0.id, Listing($0).annotated(notes)) }, uniquingKeysWith: { first, _ in first })
        return bare.map { listing in
            var listing = listing.annotated(notes)
            listing.pointed = pointed
            return listing
        }
    }

    /// The records that nothing in `listings` holds but something in them points to.
    private func pointed(by listings: [Listing]) throws -> [Record] {
        var outside: [RecordKind: Set<Identifier<Record>>] = [:]
        for listing in listings { listing.collectReferences(but: Set(listing.ids), into: &outside) }
        return try outside.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { kind, ids in
            try store.records(kind, where: "id", in: ids.map(\.description).sorted())
        }
    }

    private func withMembers(_ listings: [Listing], under parent: RecordKind?) throws -> [Listing] {
        guard let kind = listings.first?.record.kind else { return [] }
        var listings = listings
        for member in kind.object.members
        where !emptyKinds.contains(member.kind) && member.kind != .metadata && follows(member, kind, parent) {
            let children = try member.isList ? listed(member, under: listings) : referred(member, from: listings)
            guard !children.isEmpty else { continue }
            for index in listings.indices {
                let key =
                    member.isList ? listings[index].record.id.description : listings[index].record[member.reference]
                guard let key, let found = children[key] else { continue }
                listings[index].members[member.name] = found
            }
        }
        return listings
    }

    /// The history of all records of the listings, in one question.
    private func withHistory(_ listings: [Listing]) throws -> [Listing] {
        guard !emptyKinds.contains(.metadata), !listings.isEmpty else { return listings }
        let ids = listings.flatMap(Self.ids)
        let entries = try store.records(.metadata, where: Self.parentColumn(of: .metadata, in: .service), in: ids)
        let histories = Dictionary(grouping: entries) { $0["resource_id"] ?? "" }
        return histories.isEmpty ? listings : listings.map { $0.remembering(histories, isTop: true) }
    }

    private func listed(_ member: HSDSMember, under parents: [Listing]) throws -> [String: [Listing]] {
        guard let kind = parents.first?.record.kind else { return [:] }
        let column = Self.parentColumn(of: member.kind, in: kind)
        let records = try store.records(member.kind, where: column, in: parents.map(\.record.id.description))
        let children = try withMembers(records.map(Listing.init), under: kind)
        return Dictionary(grouping: children) { $0.record[column] ?? "" }
    }

    private func referred(_ member: HSDSMember, from parents: [Listing]) throws -> [String: [Listing]] {
        let ids = Set(parents.compactMap { $0.record[member.reference] })
        let records = try store.records(member.kind, where: "id", in: ids.sorted())
        let found = try withMembers(records.map(Listing.init), under: parents.first?.record.kind)
        return Dictionary(grouping: found) { $0.record.id.description }
    }

    private static func parentColumn(of member: RecordKind, in kind: RecordKind) -> String {
        switch member {
        case .attribute: "link_id"
        case .metadata: "resource_id"
        default: kind.rawValue + "_id"
        }
    }

    private func follows(_ member: HSDSMember, _ kind: RecordKind, _ parent: RecordKind?) -> Bool {
        nesting == .standard || Self.isOnPage(member, kind, parent)
    }

    /// An organization or program inside a service is shown by its own fields and ways of contact, not by all it runs.
    static func isOnPage(_ member: HSDSMember, _ kind: RecordKind, _ parent: RecordKind?) -> Bool {
        guard let parent else { return true }
        return switch (kind, parent) {
        case (.organization, _):
            ["phones", "additional_websites", "organization_identifiers", "attributes"].contains(member.name)
        case (.program, _), (.location, .organization): member.name == "attributes" || kind == .location
        case (.taxonomyTerm, _): false
        default: true
        }
    }

    private static func ids(_ listing: Listing) -> [String] { listing.ids.map(\.description) }
}

extension Listing {
    /// The listing with the history of every record in it; what stands inside for its name alone comes without.
    fileprivate func remembering(_ histories: [String: [Record]], isTop: Bool) -> Listing {
        if !isTop, [.organization, .program, .taxonomy, .taxonomyTerm].contains(record.kind) { return self }
        var listing = self
        listing.members = members.mapValues { $0.map { $0.remembering(histories, isTop: false) } }
        if let entries = histories[record.id.description], record.kind != .metadata {
            listing.members["metadata"] = entries.map(Listing.init)
        }
        return listing
    }

    /// The listing and all under it with what `notes` say about them.
    func annotated(_ notes: DirectoryStore.Annotations) -> Listing {
        let id = record.id.description
        var listing = self
        listing.audiences = notes.audiences[id] ?? [:]
        listing.facts = notes.facts[id] ?? [:]
        listing.translations = notes.translations[id] ?? [:]
        listing.steward = notes.stewards[id]
        listing.origin = notes.origins[id]
        listing.members = members.mapValues { $0.map { $0.annotated(notes) } }
        return listing
    }
}
