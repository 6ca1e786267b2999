import Formats
package import Kernel
import Storage

extension Directory {
    /// Puts `drafts` into the queue; an open one of the same origin about the same field is superseded. All or none.
    @discardableResult
    package func propose(_ drafts: [ProposalDraft], by actor: Actor) async throws -> [Identifier<Proposal>] {
        try await changes(by: actor) { changes in try drafts.map { try changes.propose($0) } }
    }

    /// Up to `limit` proposals of `state` after `last`, those about danger first, then the oldest, that `viewer` may see. A page can be shorter than
    /// `limit`; nil after the last one.
    package func queue(
        _ state: Proposal.State = .open, after last: Proposal?, limit: Int, for viewer: Actor
    ) async throws -> (items: [Projected<ReviewItem>], last: Proposal)? {
        guard viewer.may(.editListings) else { throw DirectoryRefusal.notAllowed }
        return try await database.read { transaction in
            let page = try ProposalStore(transaction).page(state, after: last, limit: limit)
            guard let end = page.last else { return nil }
            let store = DirectoryStore(transaction)
            return (try page.compactMap { try store.reviewed($0, for: viewer) }, end)
        }
    }

    /// One proposal of any state; what it is about must be visible to `viewer`.
    package func proposal(
        _ id: Identifier<Proposal>, for viewer: Actor
    ) async throws -> Projected<ReviewItem> {
        guard viewer.may(.editListings) else { throw DirectoryRefusal.notAllowed }
        let item = try await database.read { transaction in
            try ProposalStore(transaction).proposal(id).flatMap {
                try DirectoryStore(transaction).reviewed($0, for: viewer)
            }
        }
        guard let item else { throw DirectoryRefusal.noProposal }
        return item
    }

    /// Takes a proposal over. A value is written with its history like any edit, a duplicate is merged; for the rest the
    /// decision alone is kept. Refused when the record changed since, unless `anyway`.
    package func accept(
        _ id: Identifier<Proposal>, anyway: Bool = false, source: String? = nil, reply: String? = nil, by actor: Actor
    ) async throws {
        try await changes(by: actor) { changes in
            let item = try changes.decide(id, .accepted, reply: reply)
            let proposal = item.proposal
            if item.isOvertaken, !anyway { throw DirectoryRefusal.changedSince }
            switch proposal.topic {
            case .value:
                try changes.write(proposal, source: source)
            case .duplicate:
                guard let other = proposal.proposed.flatMap(Identifier<Record>.init) else {
                    throw DirectoryRefusal.notFound
                }
                try changes.merge(proposal.kind, keeping: proposal.record, losing: other)
            default: break
            }
        }
    }

    /// Turns a proposal down, with a sentence for whoever made it.
    package func refuse(_ id: Identifier<Proposal>, reply: String, by actor: Actor) async throws {
        guard reply.contains(where: { !$0.isWhitespace }) else { throw DirectoryRefusal.noReply }
        _ = try await changes(by: actor) { changes in try changes.decide(id, .refused, reply: reply) }
    }
}

extension RecordChanges {
    /// Keeps a proposal. A visitor's leaves no entry in the audit chain: that would tell when it came.
    @discardableResult
    func propose(_ draft: ProposalDraft, receipt: String? = nil) throws -> Identifier<Proposal> {
        guard let record = try store.record(draft.kind, draft.record) else { throw DirectoryRefusal.notFound }
        if (draft.topic == .value) != (draft.kind.object.field(draft.field) != nil) {
            throw DirectoryRefusal.unknownField(draft.field)
        }
        let proposals = ProposalStore(store.transaction)
        if draft.origin != .visitor { try proposals.supersede(draft, on: today) }
        let proposal = Proposal(
            id: newId(), kind: draft.kind, record: draft.record, field: draft.field, topic: draft.topic,
            valueThen: draft.topic == .value ? record.values[draft.field]?.written : draft.valueThen,
            proposed: draft.proposed, origin: draft.origin, note: draft.note, state: .open, receivedOn: today)
        try proposals.insert(proposal, receipt: receipt)
        if draft.origin != .visitor { try audit("propose", draft.kind, draft.record, draft.field) }
        return proposal.id
    }

    /// Decides an open proposal that the actor may see; of two at the same time, one.
    fileprivate func decide(
        _ id: Identifier<Proposal>, _ state: Proposal.State, reply: String?
    ) throws -> ReviewItem {
        let proposals = ProposalStore(store.transaction)
        guard let known = try proposals.proposal(id), let item = try store.reviewed(known, for: actor) else {
            throw DirectoryRefusal.noProposal
        }
        guard try proposals.decide(id, state, reply: reply, on: today, by: actor.name) else {
            throw DirectoryRefusal.alreadyDecided
        }
        try audit(state == .accepted ? "accept" : "refuse", known.kind, known.record, known.field)
        return item.value
    }

    /// A provider's own correction is also its check, the first of the two.
    fileprivate func write(_ proposal: Proposal, source: String?) throws {
        guard let field = proposal.kind.object.field(proposal.field) else {
            throw DirectoryRefusal.unknownField(proposal.field)
        }
        let value = try proposal.proposed.map { text in
            guard let value = FieldValue(written: text, form: field.form) else {
                var problems = Problems()
                problems.add(field.name, "not-a-number")
                throw DirectoryRefusal.invalid(problems)
            }
            return value
        }
        let origin = source ?? "\(proposal.origin.rawValue), \(proposal.receivedOn)"
        try edit(proposal.kind, proposal.record, field: field.name, to: value, source: origin, verb: "accept-edit")
        guard proposal.origin == .provider, value != nil else { return }
        var fact = try store.fact(field.name, of: proposal.record) ?? Fact()
        try fact.check(by: Actor.provider.name, on: proposal.receivedOn, second: false)
        try store.write(fact, field.name, of: proposal.record)
    }
}

extension DirectoryStore {
    /// What `viewer` may see of a proposal: all when they see its field in a listing, else nothing.
    func reviewed(_ proposal: Proposal, for viewer: Actor) throws -> Projected<ReviewItem>? {
        guard let record = try record(proposal.kind, proposal.record) else {
            return proposal.orphaned(for: viewer)
        }
        for listing in try listings(showing: record) {
            if let seen = proposal.projected(in: listing, for: viewer) { return seen }
        }
        return nil
    }
}
