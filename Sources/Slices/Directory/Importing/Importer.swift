import Formats
import Kernel
import Storage

/// Takes what a reader finds into the records, a batch at a time, inside the one transaction of the import. Memory does not
/// grow with the file, except by keys that point to what has not come yet.
struct Importer {
    private static let batchSize = 1000
    private static let mostPending = 200_000

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
    private let tell: (ImportEntry) -> Void
    private var batch: [ImportedDraft] = []
    private var said: Set<String> = []
    var pending: [Pending] = []
    var report = ImportReport()

    init(
        _ order: ImportOrder, into transaction: any Transaction, at now: Instant,
        tell: @escaping (ImportEntry) -> Void
    ) throws {
        self.order = order
        self.now = now
        self.tell = tell
        store = DirectoryStore(transaction)
        imports = ImportStore(transaction)
        run = try imports.open(order, at: now)
        report.isDryRun = order.isDryRun
    }

    mutating func take(_ reading: Reading) throws {
        switch reading {
        case .fault(let fault):
            note(fault.weight == .noticed ? .noticed : .rejected, fault.detail, at: fault.origin)
        case .removal(let kind, let externalId, let origin):
            try flush()
            let id = ImportedDraft.id(kind, externalId, source: order.source)
            guard try imports.known([RecordKey(kind: kind, id: id)]).values.first?.source == order.source else {
                return note(.rejected, "the file removes a record that it never brought", kind, id, at: origin)
            }
            try remove(kind, id, "the file says so", at: origin)
        case .draft(let draft):
            batch.append(ImportedDraft(draft, source: order.source))
            if batch.count == Self.batchSize { try flush() }
        }
    }

    /// Resolves what is left, removes what the file no longer has, and closes the run.
    mutating func finish(by actor: Actor) throws {
        try flush()
        try resolvePending()
        if !order.isDelta { try removeUnseen() }
        try imports.close(run, report)
        let deed = AuditChain.Deed(actor: actor, verb: "import", kind: "import_run", record: String(run))
        try AuditChain(store.transaction).append(deed, at: now)
    }

    // MARK: One batch

    private mutating func flush() throws {
        guard !batch.isEmpty else { return }
        let drafts = batch
        batch.removeAll(keepingCapacity: true)
        let known = try stillThere(imports.known(drafts.map(\.key)))
        let foreign = try strangers(drafts, known)
        var sorting = ImportSorting(run: run, source: order.source, known: known, foreign: foreign)
        for draft in drafts { sorting.sort(draft) }
        for (draft, reason) in sorting.rejected { reject(draft, reason) }
        let added = try add(sorting.new)
        var changed = try change(sorting.changed)
        changed += try complete(sorting.again)
        try imports.markSeen(sorting.seen, in: run)
        report.unchanged += sorting.seen.count
        try announce(added: added, changed: changed)
    }

    /// Without those that went with what they hung under: they come anew. What was merged into another stays away.
    private func stillThere(_ known: [RecordKey: ImportStore.Known]) throws -> [RecordKey: ImportStore.Known] {
        var there: Set<RecordKey> = []
        for (kind, keys) in Dictionary(grouping: known.keys, by: \.kind) {
            there.formUnion(try imports.existing(kind, keys.map(\.id)))
        }
        let gone = known.keys.filter { !there.contains($0) }
        let merged = try imports.merged(gone.map(\.id))
        return known.filter { there.contains($0.key) || merged.contains($0.key.id) }
    }

    /// Records with ids of this batch that were not brought by an import.
    private func strangers(
        _ drafts: [ImportedDraft], _ known: [RecordKey: ImportStore.Known]
    ) throws -> Set<RecordKey> {
        var strangers: Set<RecordKey> = []
        let unknown = drafts.filter { known[$0.key] == nil }
        for (kind, drafts) in Dictionary(grouping: unknown, by: \.record.kind) {
            strangers.formUnion(try imports.existing(kind, drafts.map(\.record.id)))
        }
        return strangers
    }

    /// Adds new records in the order in which kinds depend on each other. Those that were kept.
    private mutating func add(_ drafts: [ImportedDraft]) throws -> [Record] {
        guard !drafts.isEmpty else { return [] }
        var kept: [ImportedDraft] = []
        for var draft in drafts where passes(&draft) { kept.append(draft) }
        kept = try withoutMissingTargets(kept)
        for (kind, drafts) in Dictionary(grouping: kept, by: \.record.kind).sorted(by: { $0.key.rank < $1.key.rank }) {
            try imports.insert(drafts.map(\.record), kind)
        }
        try imports.note(kept.map { ($0.key, known($0)) })
        try imports.exhume(kept.map(\.record.id))
        for draft in kept {
            try say(draft)
            note(.added, "new in the file", draft.record.kind, draft.record.id, at: draft.draft.origin)
        }
        return kept.map(\.record)
    }

    private func known(_ draft: ImportedDraft) -> ImportStore.Known {
        ImportStore.Known(source: order.source, digest: draft.digest, isWhole: draft.draft.isWhole, run: run)
    }

    /// False when HSDS forbids the record; fields it forbids are left out and named.
    private mutating func passes(_ draft: inout ImportedDraft) -> Bool {
        let problems = draft.record.problems.faults
        guard let deeds = draft.mend() else {
            reject(draft, problems.map { "\($0.field) is \($0.code)" }.joined(separator: ", "))
            return false
        }
        for deed in deeds {
            if said.insert("\(draft.record.kind.rawValue) \(deed)").inserted {
                note(
                    .noticed, "\(deed); more of the same are only counted", draft.record.kind, draft.record.id,
                    at: draft.draft.origin)
            } else {
                report.counts[.noticed, default: 0] += 1
            }
        }
        return true
    }

    /// The drafts with references only to what is there or comes with them; the others wait until the end of the file.
    private mutating func withoutMissingTargets(_ drafts: [ImportedDraft]) throws -> [ImportedDraft] {
        let coming = Set(drafts.map(\.key))
        var asked: [RecordKind: Set<Identifier<Record>>] = [:]
        for draft in drafts {
            for reference in draft.references where !coming.contains(reference.key) {
                asked[reference.kind, default: []].insert(reference.id)
            }
        }
        var there: Set<RecordKey> = []
        for (kind, ids) in asked { there.formUnion(try imports.existing(kind, ids)) }
        var drafts = drafts
        for index in drafts.indices {
            for reference in drafts[index].references where !there.contains(reference.key) {
                let kind = drafts[index].record.kind
                if coming.contains(reference.key), reference.kind != kind { continue }
                if HSDSObject.target(of: reference.field, in: kind) != nil {
                    drafts[index].record[reference.field] = nil
                }
                pending.append(
                    Pending(
                        kind: kind, id: drafts[index].record.id, field: reference.field, target: reference.kind,
                        targetId: reference.id, origin: drafts[index].draft.origin))
            }
        }
        if pending.count > Self.mostPending { throw ImportRefusal.tooManyMissing(Self.mostPending) }
        return drafts
    }

    private mutating func change(_ drafts: [ImportedDraft]) throws -> [Record] {
        var changed: [Record] = []
        for (kind, drafts) in Dictionary(grouping: drafts, by: \.record.kind) {
            let stored = try store.records(kind, where: "id", in: drafts.map(\.record.id.description))
            let notes = try store.annotations(of: stored.map(\.id.description))
            let byId = Dictionary(stored.map { ($0.id, $0) }) { first, _ in first }
            for var draft in drafts {
                guard let old = byId[draft.record.id] else {
                    try leaveMerged(draft)
                    continue
                }
                guard passes(&draft) else { continue }
                draft = try withoutMissingTargets([draft]).first ?? draft
                if try update(old, with: draft, notes.facts[old.id.description] ?? [:]) { changed.append(draft.record) }
            }
        }
        return changed
    }

    /// A record that was merged into another here is not made anew; staff are told that its file changed.
    private mutating func leaveMerged(_ draft: ImportedDraft) throws {
        try imports.note([(draft.key, known(draft))])
        note(
            .noticed, "it was merged into another record here; what changed in the file was left out",
            draft.record.kind, draft.record.id, at: draft.draft.origin)
    }

    /// True when a stored field changed. A field that somebody corrected here stays as it is, and staff are told.
    private mutating func update(_ old: Record, with draft: ImportedDraft, _ facts: [String: Fact]) throws -> Bool {
        var fields: [String] = []
        for field in old.kind.object.fields {
            let (before, after) = (old.values[field.name], draft.record.values[field.name])
            let isWaiting = after == nil && draft.references.contains { $0.field == field.name }
            guard before != after, !isWaiting, after != nil || draft.draft.isWhole else { continue }
            if facts[field.name]?.source != nil {
                note(
                    .noticed, "\(field.name) was corrected here and differs in the file; the correction stays",
                    old.kind, old.id, at: draft.draft.origin)
                continue
            }
            try store.set(field, of: old, to: after)
            fields.append(field.name)
        }
        try imports.note([(draft.key, known(draft))])
        try say(draft)
        guard !fields.isEmpty else {
            report.unchanged += 1
            return false
        }
        note(.changed, fields.joined(separator: ", "), old.kind, old.id, at: draft.draft.origin)
        return true
    }

    /// Adds to records of this run what the file says about them further on.
    private mutating func complete(_ drafts: [ImportedDraft]) throws -> [Record] {
        var completed: [Record] = []
        for draft in drafts {
            let id = draft.record.id
            guard let old = try store.record(draft.record.kind, id),
                let before = try imports.known([draft.key])[draft.key]
            else { continue }
            if draft.draft.isWhole, !before.isWhole {
                completed += try change([draft])
                continue
            }
            let facts = try store.annotations(of: [id.description]).facts[id.description] ?? [:]
            let differs = old.values.contains { field, value in
                facts[field]?.source == nil && draft.record.values[field].map { $0 != value } ?? false
            }
            if differs {
                if draft.draft.isWhole { reject(draft, ImportSorting.reused) }
                continue
            }
            guard var fuller = try withoutMissingTargets([draft]).first else { continue }
            fuller.record.values.merge(old.values) { _, stored in stored }
            guard passes(&fuller) else { continue }
            let missing = old.kind.object.fields.filter {
                old.values[$0.name] == nil && fuller.record.values[$0.name] != nil
            }
            for field in missing { try store.set(field, of: old, to: fuller.record.values[field.name]) }
            if !missing.isEmpty { completed.append(fuller.record) }
        }
        return completed
    }

    /// Who may see the record and when it was checked, as the file says. What is narrower here is never widened by a file.
    private func say(_ draft: ImportedDraft) throws {
        let id = draft.record.id
        var audiences = draft.draft.audiences
        let isOwner = [.service, .organization].contains(draft.record.kind)
        if isOwner, order.audience > audiences["", default: .everyone] { audiences[""] = order.audience }
        audiences = audiences.filter { $0.value > .everyone }
        let here =
            audiences.isEmpty ? [:] : try store.annotations(of: [id.description]).audiences[id.description] ?? [:]
        for (field, audience) in audiences where here[field].map({ $0 < audience }) ?? true {
            try store.write(audience, field, of: id)
        }
        for (field, day) in draft.draft.checkedOn {
            var fact = try store.fact(field, of: id) ?? Fact()
            guard fact.checkedOn.map({ $0 < day }) ?? true, fact.standing != .conflict else { continue }
            try fact.check(by: order.source, on: day, second: false)
            try store.write(fact, field, of: id)
        }
    }

    /// Numbers the change of every service and organization that shows something new.
    private func announce(added: [Record], changed: [Record]) throws {
        var owners: [Record] = added.filter(\.kind.isFollowed)
        var marked = Set(owners.map(\.id))
        let new = Set(added.map(\.id.description))
        for record in added where record.kind == .service || !marked.contains(record.id) {
            let parents = record.kind.object.fields.compactMap { field in
                field.name.hasSuffix("_id") ? record[field.name] : nil
            }
            if !parents.isEmpty, parents.allSatisfy(new.contains) { continue }
            owners += try store.owners(of: record).filter { marked.insert($0.id).inserted }
        }
        for record in changed {
            owners += try store.owners(of: record).filter { marked.insert($0.id).inserted }
        }
        try ChangeSequence(store.transaction).append(owners.map { ($0.kind.rawValue, $0.id.description) }, at: now)
    }

    // MARK: Telling

    mutating func reject(_ draft: ImportedDraft, _ reason: String) {
        note(.rejected, reason, draft.record.kind, draft.record.id, at: draft.draft.origin)
    }

    mutating func note(
        _ outcome: ImportEntry.Outcome, _ reason: String, _ kind: RecordKind? = nil, _ id: Identifier<Record>? = nil,
        at origin: Origin?
    ) {
        report.counts[outcome, default: 0] += 1
        tell(ImportEntry(outcome: outcome, kind: kind, id: id, origin: origin, reason: reason))
    }
}
