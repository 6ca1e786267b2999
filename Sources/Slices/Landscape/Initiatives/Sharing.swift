import Kernel
import Storage
import Web

/// What a desk sees of initiatives: its own, what it proposed, and what waits for a decision.
struct InitiativeDesk: Sendable {
    struct Proposed: Sendable {
        let proposal: InitiativeProposal
        let initiative: Initiative
    }

    let own: [Initiative]
    /// Those of other desks, for the coordinator.
    let others: [Initiative]
    let proposed: [Proposed]
    let waiting: [Proposed]
    /// Where it works with others, and groups that it can work with.
    var spaces: [SpaceLine] = []
}

extension Landscape {
    func initiatives() async throws -> [Initiative] { try await database.read { try InitiativeStore($0).accepted() } }

    /// - Throws: `noInitiative` for one that nobody accepted anything of yet, or that was taken off.
    func initiative(_ id: String?) async throws -> Initiative {
        let id = id.flatMap(Identifier<Initiative>.init)
        let found = try await database.read { transaction in
            try id.flatMap { try InitiativeStore(transaction).initiative($0) }
        }
        guard let found, found.version > 0, found.withdrawal == nil else { throw InitiativeRefusal.noInitiative }
        return found
    }

    /// For staff: also what nothing was accepted of, or what was taken off.
    func known(_ id: Identifier<Initiative>) async throws -> Initiative? {
        try await database.read { try InitiativeStore($0).initiative(id) }
    }

    func initiativeDesk(_ signedIn: SignedIn) async throws -> InitiativeDesk {
        let spaces = try await spaces(for: signedIn)
        return try await database.read { transaction in
            let store = InitiativeStore(transaction)
            func joined(_ proposals: [InitiativeProposal]) throws -> [InitiativeDesk.Proposed] {
                let initiatives = try store.initiatives(proposals.map(\.initiative))
                return proposals.compactMap { proposal in
                    initiatives[proposal.initiative].map {
                        InitiativeDesk.Proposed(proposal: proposal, initiative: $0)
                    }
                }
            }
            let isCoordinator = signedIn.actor.may(.keepLandscape)
            return InitiativeDesk(
                own: try store.accepted(keptBy: signedIn.organization),
                others: isCoordinator
                    ? try store.everAccepted().filter { $0.keeper != signedIn.organization } : [],
                proposed: try joined(store.proposals(of: signedIn.organization)),
                waiting: isCoordinator ? try joined(store.open()) : [], spaces: spaces)
        }
    }

    func principles() async throws -> [Principle] { try await database.read { try PlanStore($0).principles() } }

    /// What is like an initiative that somebody means to tell of: in the plan, in the scan, among services and initiatives.
    func like(_ draft: InitiativeDraft, _ language: Language) async throws -> LikeFound {
        try await like(draft.proposal, language)
    }

    /// What the form of an initiative begins with: what was accepted, and over it what this desk proposed last and was not accepted.
    func form(of id: String?, for signedIn: SignedIn) async throws -> (
        initiative: Initiative, texts: [Initiative.Field: String]
    ) {
        let id = id.flatMap(Identifier<Initiative>.init)
        return try await database.read { transaction in
            let store = InitiativeStore(transaction)
            guard let initiative = try id.flatMap(store.initiative) else { throw InitiativeRefusal.noInitiative }
            let last = try store.last(of: signedIn.organization, to: initiative.id)
            guard initiative.isThere(for: signedIn) || last != nil else { throw InitiativeRefusal.noInitiative }
            return (initiative, initiative.texts.merging(last?.changes ?? [:]) { $1 })
        }
    }

    /// The texts as they would be kept, with the organization that the desk may write for.
    /// - Throws: `Problems`.
    func checked(
        _ draft: InitiativeDraft, for id: Identifier<Initiative>, by signedIn: SignedIn, _ language: Language
    ) async throws -> [Initiative.Field: String] {
        let (current, principles) = try await database.read { transaction in
            (try InitiativeStore(transaction).initiative(id), try PlanStore(transaction).principles().map(\.id))
        }
        return try draft.settled(current, desks: try await colleagues.desks(language), for: signedIn)
            .checked(region, clock, principles: principles)
    }

    /// Keeps what somebody would change until the coordinator decides; what the same desk proposed before is replaced. Sent twice
    /// it is one. Nothing new changes nothing.
    /// - Parameters:
    ///   - texts: as `checked` gives them.
    ///   - version: of the initiative that the form was made for; 0 for a new one.
    /// - Returns: false where nothing is new.
    /// - Throws: `Problems`.
    @discardableResult
    func propose(
        _ texts: [Initiative.Field: String], to id: Identifier<Initiative>, as proposal: Identifier<InitiativeProposal>,
        version: Int, by signedIn: SignedIn
    ) async throws -> Bool {
        let now = world.now()
        return try await database.write { transaction in
            let store = InitiativeStore(transaction)
            if try store.proposal(proposal) != nil { return true }
            let current = try store.initiative(id)
            if (current?.version ?? 0) != version { throw Problems("version", "initiative-changed") }
            if let current, !current.isThere(for: signedIn) { throw InitiativeRefusal.noInitiative }
            let changes = Initiative.Field.allCases.reduce(into: [Initiative.Field: String]()) { changes, field in
                let text = texts[field] ?? ""
                if text != current?[field] ?? "" { changes[field] = text }
            }
            if changes.isEmpty { return false }
            if try store.waiting(of: signedIn.organization, besides: id) >= InitiativeStore.mostWaiting {
                throw Problems("proposal", "initiatives-waiting")
            }
            if current == nil { try store.add(id, desk: signedIn.organization) }
            if let earlier = try store.open(of: signedIn.organization, to: id) {
                _ = try store.decide(earlier.id, .replaced, reason: nil, at: now)
            }
            try store.add(
                InitiativeProposal(
                    id: proposal, initiative: id, desk: signedIn.organization, at: now, changes: changes))
            try AuditChain(transaction).append(
                .init(actor: signedIn.actor, verb: "propose", kind: "initiative", record: id.description), at: now)
            return true
        }
    }

    /// Accepts or refuses what was proposed, once.
    /// - Parameters:
    ///   - version: of the initiative that the diff was shown against.
    ///   - refusal: why not; nil to accept.
    func decide(
        _ id: Identifier<InitiativeProposal>, version: Int, refusal: String?, by actor: Actor
    ) async throws {
        guard actor.may(.keepLandscape) else { throw InitiativeRefusal.notYours }
        if let refusal, refusal.count > 1000 { throw Problems("reason", "too-long") }
        if refusal == "" { throw Problems("reason", "required") }
        let now = world.now()
        try await database.write { transaction in
            let store = InitiativeStore(transaction)
            guard let proposal = try store.proposal(id), var initiative = try store.initiative(proposal.initiative)
            else {
                throw InitiativeRefusal.noInitiative
            }
            let state: InitiativeProposal.State = refusal == nil ? .accepted : .refused
            guard try store.decide(id, state, reason: refusal, at: now) else { throw InitiativeRefusal.decided }
            if refusal == nil {
                guard initiative.version == version else { throw InitiativeRefusal.changed }
                let draft = InitiativeDraft(initiative.texts.merging(proposal.changes) { $1 })
                let principles = try PlanStore(transaction).principles().map(\.id)
                guard let texts = try? draft.checked(region, clock, principles: principles) else {
                    throw InitiativeRefusal.doesNotFit
                }
                let keeper = initiative.keeper
                initiative.texts = texts
                // Who kept it goes on taking part in what is said there.
                if keeper != initiative.keeper, initiative.version > 0 {
                    _ = try SpaceStore(transaction).add(keeper, to: initiative.id, on: now.day)
                }
                // Only the desk that does it can say that all of it is still so.
                if proposal.desk == initiative.keeper {
                    initiative.confirmation = .init(day: proposal.at.day, desk: proposal.desk)
                } else if initiative.confirmation?.desk != initiative.keeper {
                    initiative.confirmation = nil
                }
                try store.update(initiative)
            }
            try AuditChain(transaction).append(
                .init(
                    actor: actor, verb: refusal == nil ? "accept" : "refuse", kind: "initiative",
                    record: initiative.id.description), at: now)
        }
    }

    /// The desk that keeps it says that all of it is still so.
    func confirm(_ id: String?, version: Int, by signedIn: SignedIn) async throws {
        let initiative = try await initiative(id)
        let now = world.now()
        try await database.write { transaction in
            let store = InitiativeStore(transaction)
            guard let current = try store.initiative(initiative.id) else { throw InitiativeRefusal.noInitiative }
            guard current.keeper == signedIn.organization else { throw InitiativeRefusal.notYours }
            guard current.version == version else { throw InitiativeRefusal.changed }
            let confirmation = Initiative.Confirmation(day: now.day, desk: signedIn.organization)
            if current.confirmation == confirmation { return }
            try store.confirm(current.id, confirmation)
            try AuditChain(transaction).append(
                .init(
                    actor: signedIn.actor, verb: "confirm", kind: "initiative", record: current.id.description),
                at: now)
        }
    }

    /// Takes it off every public page and file, by its own desk or the coordinator. Sent twice it is one.
    /// - Throws: `Problems` without a reason.
    func withdraw(_ id: Identifier<Initiative>, reason: String, by signedIn: SignedIn) async throws {
        if reason.isEmpty { throw Problems("reason", "required") }
        if reason.count > 1000 { throw Problems("reason", "too-long") }
        let now = world.now()
        try await database.write { transaction in
            let store = InitiativeStore(transaction)
            guard let initiative = try store.initiative(id), initiative.isThere(for: signedIn), initiative.version > 0
            else { throw InitiativeRefusal.noInitiative }
            guard initiative.mayWithdraw(signedIn) else { throw InitiativeRefusal.notYours }
            if initiative.withdrawal != nil { return }
            try store.withdraw(id, .init(day: now.day, desk: signedIn.organization, reason: reason))
            try AuditChain(transaction).append(
                .init(actor: signedIn.actor, verb: "withdraw", kind: "initiative", record: id.description), at: now)
        }
    }

    /// Puts back what was taken off, as it was. Sent twice it is one.
    func restore(_ id: Identifier<Initiative>, by signedIn: SignedIn) async throws {
        let now = world.now()
        try await database.write { transaction in
            let store = InitiativeStore(transaction)
            guard let initiative = try store.initiative(id), initiative.isThere(for: signedIn), initiative.version > 0
            else { throw InitiativeRefusal.noInitiative }
            if initiative.withdrawal == nil { return }
            guard initiative.mayRestore(signedIn) else { throw InitiativeRefusal.takenOff }
            try store.withdraw(id, nil)
            try AuditChain(transaction).append(
                .init(actor: signedIn.actor, verb: "restore", kind: "initiative", record: id.description), at: now)
        }
    }
}
