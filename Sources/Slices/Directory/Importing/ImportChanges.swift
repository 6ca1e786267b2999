import Formats
import Kernel
import Storage

/// What is done with the records of a batch that are not new.
extension Importer {
    mutating func change(_ drafts: [ImportedDraft]) throws -> [Record] {
        var changed: [Record] = []
        for (kind, drafts) in Dictionary(grouping: drafts, by: \.kind) {
            let stored = try store.records(kind, where: "id", in: drafts.map(\.id.description))
            let notes = try store.annotations(of: stored.map(\.id.description))
            let byId = Dictionary(stored.map { ($0.id, $0) }) { first, _ in first }
            for draft in drafts {
                guard let old = byId[draft.id] else {
                    try leaveMerged(draft)
                    continue
                }
                guard passes(draft) else { continue }
                try leaveOutMissingTargets(of: [draft])
                if try update(old, with: draft, notes.facts[old.id.description] ?? [:]) { changed.append(draft.record) }
            }
        }
        return changed
    }

    /// A record that was merged into another here is not made anew; staff are told that its file changed.
    private mutating func leaveMerged(_ draft: ImportedDraft) throws {
        try imports.note([(draft.key, known(draft))])
        note(
            .noticed, "it was merged into another record here; what changed in the file was left out", draft.kind,
            draft.id, at: draft.origin)
    }

    /// True when a stored field changed. A field that somebody corrected here stays as it is, and staff are told.
    private mutating func update(_ old: Record, with draft: ImportedDraft, _ facts: [String: Fact]) throws -> Bool {
        var fields: [String] = []
        for field in old.kind.object.fields {
            let (before, after) = (old.values[field.name], draft[field.name])
            let isWaiting = after == nil && draft.references.contains { $0.field == field.name }
            guard before != after, !isWaiting, after != nil || draft.isWhole else { continue }
            if let source = facts[field.name]?.source {
                if after == nil, source == Self.assumedZone { continue }
                note(
                    .noticed, "\(field.name) was corrected here and differs in the file; the correction stays",
                    old.kind, old.id, at: draft.origin)
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
        note(.changed, fields.joined(separator: ", "), old.kind, old.id, at: draft.origin)
        return true
    }

    /// Adds to records of this run what the file says about them further on.
    mutating func complete(_ drafts: [ImportedDraft]) throws -> [Record] {
        var completed: [Record] = []
        for draft in drafts {
            let id = draft.id
            guard let old = try store.record(draft.kind, id), let before = try imports.known([draft.key])[draft.key]
            else { continue }
            if draft.isWhole, !before.isWhole {
                completed += try change([draft])
                continue
            }
            let facts = try store.annotations(of: [id.description]).facts[id.description] ?? [:]
            let differs = old.values.contains { field, value in
                facts[field]?.source == nil && draft[field].map { $0 != value } ?? false
            }
            if differs {
                if draft.isWhole { reject(draft, ImportSorting.reused) }
                continue
            }
            try leaveOutMissingTargets(of: [draft])
            draft.fill(over: old)
            guard passes(draft) else { continue }
            let missing = old.kind.object.fields.filter { old.values[$0.name] == nil && draft[$0.name] != nil }
            for field in missing { try store.set(field, of: old, to: draft[field.name]) }
            if !missing.isEmpty { completed.append(draft.record) }
        }
        return completed
    }

    /// What the network keeps itself and the file has too, as two nodes of one region do: the same record. What is the same
    /// is unchanged; what differs becomes a proposal, once, and is never written over what stands here.
    mutating func compare(_ drafts: [ImportedDraft]) throws {
        for (kind, drafts) in Dictionary(grouping: drafts, by: \.kind).sorted(by: { $0.key.rank < $1.key.rank }) {
            let ids = Set(drafts.map(\.id))
            let stored = try store.records(kind, where: "id", in: ids.map(\.description).sorted())
            let byId = Dictionary(stored.map { ($0.id, $0) }) { first, _ in first }
            let proposals = ProposalStore(store.transaction)
            let asked = Dictionary(
                grouping: try proposals.about(Array(ids)).filter { $0.origin == .feed }, by: \.record)
            for draft in drafts {
                guard let old = byId[draft.id] else { continue }
                let differing = kind.object.fields.map(\.name).filter { field in
                    draft[field].map { $0 != old.values[field] } ?? false
                }
                if differing.isEmpty {
                    report.unchanged += 1
                } else if isFirst(draft.key) {
                    try propose(differing, draft, asked[draft.id] ?? [])
                }
            }
        }
    }

    private mutating func propose(_ fields: [String], _ draft: ImportedDraft, _ asked: [Proposal]) throws {
        var proposed: [String] = []
        for field in fields {
            let value = draft[field]?.written
            if asked.contains(where: { $0.field == field && $0.proposed == value && $0.state != .superseded }) {
                continue
            }
            let audience = max(
                order.audience, max(draft.audiences[""] ?? .everyone, draft.audiences[field] ?? .everyone))
            if audience > .everyone {
                note(
                    .noticed, "\(field) differs and is not public in the file; it was not proposed", draft.kind,
                    draft.id,
                    at: draft.origin)
                continue
            }
            try changes.propose(
                ProposalDraft(draft.kind, draft.id, field: field, to: value, from: .feed, note: order.source))
            proposed.append(field)
        }
        if proposed.isEmpty {
            report.unchanged += 1
        } else {
            let reason = "\(proposed.joined(separator: ", ")) of a record kept here; for the review queue"
            note(.proposed, reason, draft.kind, draft.id, at: draft.origin)
        }
    }

    /// Who may see the record and when it was checked, as the file says. What is narrower here is never widened by a file.
    func say(_ draft: ImportedDraft) throws {
        let id = draft.id
        var audiences = draft.audiences
        let isOwner = [.service, .organization].contains(draft.kind)
        if isOwner, order.audience > audiences["", default: .everyone] { audiences[""] = order.audience }
        audiences = audiences.filter { $0.value > .everyone }
        let here =
            audiences.isEmpty ? [:] : try store.annotations(of: [id.description]).audiences[id.description] ?? [:]
        for (field, audience) in audiences where here[field].map({ $0 < audience }) ?? true {
            try store.write(audience, field, of: id)
        }
        for (field, day) in draft.checkedOn {
            var fact = try store.fact(field, of: id) ?? Fact()
            guard fact.checkedOn.map({ $0 < day }) ?? true, fact.standing != .conflict else { continue }
            try fact.check(by: order.source, on: day, second: false)
            try store.write(fact, field, of: id)
        }
    }

    /// Numbers the change of every service and organization that shows something new.
    func announce(added: [ImportedDraft], changed: [Record]) throws {
        let shown = added.filter(\.kind.isFollowed).map { ($0.kind.rawValue, $0.id.description) }
        var marked = Set(shown.map(\.1))
        let new = Set(added.map(\.key))
        let hung = added.filter { draft in
            !draft.references.allSatisfy { new.contains($0.key) }
        }.map(\.record)
        // Nothing can point to a record before it is there: what is above it is enough.
        let owners = try store.holders(of: hung) + store.owners(of: changed)
        let more = owners.map { ($0.kind.rawValue, $0.id.description) }.filter { marked.insert($0.1).inserted }
        try ChangeSequence(store.transaction).append(shown + more, at: now)
    }
}
