import Formats
import Kernel
import Storage

/// Takes what a feed sent into the records, a document at a time: what is here from elsewhere is never touched; where the
/// feed says otherwise, staff get a proposal.
struct FollowTaking {
    private static let batch = 100

    private let source: String
    private let isWhole: Bool
    private let changes: RecordChanges
    private let follows: FollowStore
    private var importer: Importer
    private var documents: [[Draft]] = []
    private(set) var conflicts = 0

    /// - Parameter order: a delta when the feed was asked for changes alone.
    init(_ order: ImportOrder, _ changes: RecordChanges, _ gazetteer: Gazetteer) throws {
        source = order.source
        isWhole = !order.isDelta
        self.changes = changes
        follows = FollowStore(changes.store.transaction)
        importer = try Importer(order, with: changes, gazetteer) { _ in }
    }

    mutating func take(_ reading: Reading) throws {
        switch reading {
        case .fault(let fault): try importer.take(.fault(fault))
        case .removal(let kind, let id, let origin):
            try flush()
            guard let id = Identifier<Record>(id) else { return }
            let key = RecordKey(kind: kind, id: id)
            if try importer.imports.known([key])[key]?.source == source {
                try importer.take(.removal(key, origin))
            }
        case .draft(let draft):
            // A document is one line of the copy.
            if documents.last?.first?.origin != draft.origin {
                if documents.count >= Self.batch { try flush() }
                documents.append([])
            }
            documents[documents.count - 1].append(draft)
        }
    }

    mutating func finish(_ notes: [Identifier<Record>: FeedProvenance.Note]) throws -> ImportReport {
        try flush()
        try importer.finish()
        for chunk in Array(notes.keys).sorted().chunks(of: 512) {
            let stewards = try changes.store.annotations(of: chunk.map(\.description)).stewards
            for key in try mine(chunk) {
                guard let note = notes[key.id] else { continue }
                if let origin = note.origin { try follows.write(origin: origin, of: key) }
                // What staff said here about a steward stays.
                guard let name = note.steward, stewards[key.id.description] == nil else { continue }
                try changes.store.write(Steward(name: name, permission: .open), of: key.id)
            }
        }
        return importer.report
    }

    /// Those of `ids` that this feed brought, as listings.
    private func mine(_ ids: [Identifier<Record>]) throws -> [RecordKey] {
        let keys = ids.flatMap { id in
            [RecordKind.organization, .service].map { RecordKey(kind: $0, id: id) }
        }
        return try importer.imports.known(keys).filter { $0.value.source == source }.map(\.key)
            .sorted { $0.id < $1.id }
    }

    // MARK: Documents

    /// What is here of the records that a batch names.
    private struct Here {
        var known: [RecordKey: ImportStore.Known] = [:]
        var records: [RecordKey: Record] = [:]
        var corrected: [String: [String: Fact]] = [:]
        var buried: Set<Identifier<Record>> = []

        /// True for what is here and does not come from `source`.
        func isElse(_ key: RecordKey, than source: String) -> Bool {
            records[key] != nil && known[key]?.source != source
        }
    }

    private mutating func flush() throws {
        let batch = documents
        documents = []
        guard !batch.isEmpty else { return }
        let here = try here(batch.joined().map(key))
        for document in batch {
            guard let root = document.first else { continue }
            let isTheirs = !here.isElse(key(root), than: source)
            for (place, draft) in document.enumerated() {
                try take(draft, isTheirs: isTheirs, isRoot: place == 0, here)
            }
        }
        if !isWhole { try removeParts(batch, here) }
    }

    private mutating func take(_ draft: Draft, isTheirs: Bool, isRoot: Bool, _ here: Here) throws {
        let key = key(draft)
        let isShared = !isRoot && Self.shared.contains(draft.kind)
        if here.isElse(key, than: source) {
            if !isShared { try propose(draft, key, here) }
            return
        }
        // What hangs under a record of ours is ours to add, and what was taken away here does not come back by a copy in
        // another record.
        let isNew = here.records[key] == nil
        if isNew, !isTheirs || isShared && here.known[key] == nil && here.buried.contains(key.id) { return }
        if !isNew, !isShared { try propose(draft, key, here) }
        var draft = draft
        // Only its own document says all of it.
        if isShared { draft.isWhole = false }
        try importer.take(.draft(ImportedDraft(draft, source: source)))
    }

    private func key(_ draft: Draft) -> RecordKey {
        RecordKey(kind: draft.kind, id: ImportedDraft.id(draft.kind, draft.externalId, source: source))
    }

    private func here(_ keys: [RecordKey]) throws -> Here {
        var here = Here()
        here.known = try importer.imports.known(keys)
        for (kind, keys) in Dictionary(grouping: Set(keys), by: \.kind) {
            let ids = keys.map(\.id.description).sorted()
            for record in try changes.store.records(kind, where: "id", in: ids) {
                here.records[RecordKey(record)] = record
            }
        }
        here.corrected = try changes.store.annotations(of: here.records.keys.map(\.id.description)).facts
        here.buried = try follows.buried(keys.map(\.id).filter { id in !here.records.keys.contains { $0.id == id } })
        return here
    }

    /// Kinds that stand in documents of several records.
    private static let shared: Set<RecordKind> = [
        .organization, .program, .service, .taxonomy, .taxonomyTerm, .unit,
    ]

    // MARK: Conflicts

    /// A proposal for each field that was stated here and that the feed states otherwise. What the feed does not state, it
    /// may only not show.
    private mutating func propose(_ draft: Draft, _ key: RecordKey, _ here: Here) throws {
        guard let record = here.records[key] else { return }
        let isOurs = here.isElse(key, than: source)
        let facts = here.corrected[key.id.description] ?? [:]
        for field in draft.kind.object.fields where !field.name.hasSuffix("_id") && field.name != "last_modified" {
            guard let theirs = draft.values[field.name], theirs != record.values[field.name], theirs.text != "",
                isOurs || facts[field.name]?.source != nil
            else { continue }
            let proposal = ProposalDraft(
                draft.kind, key.id, field: field.name, to: theirs.written, from: .feed, note: "feed \(source)")
            guard try !follows.wasSaid(proposal) else { continue }
            try changes.propose(proposal)
            conflicts += 1
        }
    }

    // MARK: Parts that went

    /// What hung under a record of the feed and no longer stands in its document. A full look finds these by itself.
    private mutating func removeParts(_ batch: [[Draft]], _ here: Here) throws {
        for kind in [RecordKind.organization, .service] {
            let documents = batch.filter { document in
                document.first.map { $0.kind == kind && here.known[key($0)]?.source == source } ?? false
            }
            let ids = documents.compactMap { $0.first.map(key)?.id }
            guard !ids.isEmpty else { continue }
            let sent = Set(documents.joined().map(key))
            for listing in try ListingLoader(changes.store.transaction, nesting: .standard).listings(kind, ids) {
                let parts = listing.parts(notIn: sent, shared: Self.shared.union([.location]))
                let known = try importer.imports.known(parts.map { RecordKey($0) })
                for part in parts where known[RecordKey(part)]?.source == source {
                    try importer.take(.removal(RecordKey(part), Origin(file: source, line: 0)))
                }
            }
        }
    }
}

extension Listing {
    /// Parts under this that are not among `keys`, without what is under those and without what others show too.
    fileprivate func parts(notIn keys: Set<RecordKey>, shared: Set<RecordKind>) -> [Record] {
        members.values.joined().flatMap { part -> [Record] in
            if part.record.kind == .metadata { return [] }
            if keys.contains(RecordKey(part.record)) { return part.parts(notIn: keys, shared: shared) }
            return shared.contains(part.record.kind) ? [] : [part.record]
        }
    }
}
