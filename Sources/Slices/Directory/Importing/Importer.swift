import Formats
import Kernel
import Storage

/// Takes what a reader found into the records, a batch at a time, inside the one transaction of the import. Memory does not
/// grow with the file, except by keys that point to what has not come yet.
struct Importer {
    private static let batchSize = 4000
    private static let mostPending = 200_000
    private static let mostTold = 100_000

    struct Pending {
        var kind: RecordKind
        var id: Identifier<Record>
        var field: String
        var target: RecordKind
        var targetId: Identifier<Record>
        var origin: Origin
    }

    let order: ImportOrder
    let run: Int
    let now: Instant
    let store: DirectoryStore
    let imports: ImportStore
    let changes: RecordChanges
    let gazetteer: Gazetteer
    private let tell: (ImportEntry) -> Void
    private var batch: [ImportedDraft] = []
    private var said: Set<String> = []
    private var told: Set<RecordKey> = []
    private var repeated = 0
    /// True when hours came that do not say by which clock.
    private(set) var hasZonelessHours = false
    /// What was there or came; nil where so much was there that asking is cheaper.
    private var sieve: KeySieve?
    var pending: [Pending] = []
    var report = ImportReport()

    init(
        _ order: ImportOrder, with changes: RecordChanges, _ gazetteer: Gazetteer,
        tell: @escaping (ImportEntry) -> Void
    ) throws {
        self.order = order
        self.gazetteer = gazetteer
        self.changes = changes
        self.tell = tell
        now = changes.now
        store = changes.store
        imports = ImportStore(store.transaction)
        sieve = try imports.sieve(ofAtMost: 20_000)
        run = try imports.open(order, at: now)
        report.isDryRun = order.isDryRun
    }

    mutating func take(_ entry: ImportSpool.Entry) throws {
        switch entry {
        case .fault(let fault):
            note(fault.weight == .noticed ? .noticed : .rejected, fault.detail, at: fault.origin)
        case .removal(let key, let origin):
            try flush()
            guard try imports.known([key]).values.first?.source == order.source else {
                return note(.rejected, "the file removes a record that it never brought", key.kind, key.id, at: origin)
            }
            try remove(key.kind, key.id, "the file says so", at: origin)
        case .draft(let draft):
            if draft.kind == .schedule, draft["zone"] == nil { hasZonelessHours = true }
            batch.append(draft)
            if batch.count == Self.batchSize { try flush() }
        }
    }

    /// Resolves what is left, removes what the file no longer has, and closes the run.
    mutating func finish() throws {
        try flush()
        try resolvePending()
        try assumeZones()
        if !order.isDelta { try removeUnseen() }
        if repeated > 0 {
            note(.noticed, "\(repeated) more times the file names records that are named above", at: nil)
        }
        try imports.close(run, report)
        let deed = AuditChain.Deed(actor: changes.actor, verb: "import", kind: "import_run", record: String(run))
        try AuditChain(store.transaction).append(deed, at: now)
    }

    // MARK: One batch

    private mutating func flush() throws {
        guard !batch.isEmpty else { return }
        let drafts = batch
        batch.removeAll(keepingCapacity: true)
        let known = try stillThere(imports.known(maybeThere(drafts.lazy.map(\.key))))
        let unknown = drafts.lazy.map(\.key).filter { known[$0] == nil }
        var sorting = ImportSorting(
            run: run, source: order.source, known: known, own: try there(maybeThere(unknown)))
        for draft in drafts { sorting.sort(draft) }
        for (draft, reason) in sorting.rejected { rejectOnce(draft, reason) }
        try compare(sorting.own)
        let added = try add(sorting.new)
        var changed = try change(sorting.changed)
        changed += try complete(sorting.again)
        try imports.markSeen(sorting.seen, in: run)
        report.unchanged += sorting.seen.count
        try announce(added: added, changed: changed)
    }

    /// Without those that never were there, as far as that can be told without asking.
    private func maybeThere(_ keys: some Sequence<RecordKey>) -> [RecordKey] {
        guard let sieve else { return Array(keys) }
        return keys.filter(sieve.mayHold)
    }

    /// Those of `keys` that have a record.
    private func there(_ keys: [RecordKey]) throws -> Set<RecordKey> {
        var there: Set<RecordKey> = []
        for (kind, keys) in Dictionary(grouping: keys, by: \.kind) {
            there.formUnion(try imports.existing(kind, Set(keys.map(\.id))))
        }
        return there
    }

    /// Without those that went with what they hung under: they come anew. What was merged into another stays away.
    private func stillThere(_ known: [RecordKey: ImportStore.Known]) throws -> [RecordKey: ImportStore.Known] {
        if known.isEmpty { return known }
        let there = try there(Array(known.keys))
        let gone = known.keys.filter { !there.contains($0) }
        let merged = try imports.merged(gone.map(\.id))
        return known.filter { there.contains($0.key) || merged.contains($0.key.id) }
    }

    /// Adds new records in the order in which kinds depend on each other. Those that were kept.
    private mutating func add(_ drafts: [ImportedDraft]) throws -> [ImportedDraft] {
        guard !drafts.isEmpty else { return [] }
        var kept: [ImportedDraft] = []
        kept.reserveCapacity(drafts.count)
        for draft in drafts where passes(draft) { kept.append(draft) }
        try leaveOutMissingTargets(of: kept)
        var rows: [RecordKind: [[SQLValue]]] = [:]
        for draft in kept { rows[draft.kind, default: []].append(draft.columns) }
        for (kind, rows) in rows.sorted(by: { $0.key.rank < $1.key.rank }) { try imports.insert(rows, kind) }
        try imports.note(kept.map { ($0.key, known($0)) })
        try imports.exhume(kept.map(\.id))
        for draft in kept {
            sieve?.insert(draft.key)
            try say(draft)
            note(.added, "new in the file", draft.kind, draft.id, at: draft.origin)
        }
        return kept
    }

    func known(_ draft: ImportedDraft) -> ImportStore.Known {
        ImportStore.Known(source: order.source, digest: draft.digest, isWhole: draft.isWhole, run: run)
    }

    /// False when HSDS forbids the record; fields it forbids are left out and named.
    mutating func passes(_ draft: ImportedDraft) -> Bool {
        if draft.isSound { return true }
        let faults = draft.faults
        guard let deeds = draft.mend() else {
            reject(draft, faults.map { "\($0.field) is \($0.code)" }.joined(separator: ", "))
            return false
        }
        for deed in deeds {
            if said.insert("\(draft.kind.rawValue) \(deed)").inserted {
                note(.noticed, "\(deed); more of the same are only counted", draft.kind, draft.id, at: draft.origin)
            } else {
                report.counts[.noticed, default: 0] += 1
            }
        }
        return true
    }

    /// Leaves the drafts references only to what is there or comes with them; the others wait until the end of the file.
    mutating func leaveOutMissingTargets(of drafts: [ImportedDraft]) throws {
        let coming = Set(drafts.map(\.key))
        var asked: Set<RecordKey> = []
        for draft in drafts {
            for reference in draft.references where !coming.contains(reference.key) { asked.insert(reference.key) }
        }
        let there = try there(maybeThere(asked))
        for draft in drafts {
            for reference in draft.references where !there.contains(reference.key) {
                if coming.contains(reference.key), reference.kind != draft.kind { continue }
                if HSDSObject.target(of: reference.field, in: draft.kind) != nil { draft[reference.field] = nil }
                pending.append(
                    Pending(
                        kind: draft.kind, id: draft.id, field: reference.field, target: reference.kind,
                        targetId: reference.id, origin: draft.origin))
            }
        }
        if pending.count > Self.mostPending { throw ImportRefusal.tooManyMissing(Self.mostPending) }
    }

    // MARK: Telling

    mutating func reject(_ draft: ImportedDraft, _ reason: String) {
        note(.rejected, reason, draft.kind, draft.id, at: draft.origin)
    }

    /// Rejects a record that is written inside many others one time; the repetitions are summed up at the end.
    private mutating func rejectOnce(_ draft: ImportedDraft, _ reason: String) {
        if draft.isWhole || isFirst(draft.key) { reject(draft, reason) }
    }

    /// True the first time that something is to be told of a record; later it is only counted.
    mutating func isFirst(_ key: RecordKey) -> Bool {
        if told.count < Self.mostTold, told.insert(key).inserted { return true }
        repeated += 1
        return false
    }

    mutating func note(
        _ outcome: ImportEntry.Outcome, _ reason: String, _ kind: RecordKind? = nil, _ id: Identifier<Record>? = nil,
        at origin: Origin?
    ) {
        report.counts[outcome, default: 0] += 1
        tell(ImportEntry(outcome: outcome, kind: kind, id: id, origin: origin, reason: reason))
    }
}
