import Kernel
import Storage
import Web

extension Landscape {
    /// - Throws: `noInitiative`, also for one that was taken off, but for who may put it back.
    func space(of id: String?, page: Int, for signedIn: SignedIn) async throws -> Space {
        try await database.read { transaction in
            let initiative = try Self.gathered(id, for: signedIn, transaction)
            let store = SpaceStore(transaction)
            let members = try store.members(of: initiative)
            let isIn = members.contains { $0.desk == signedIn.organization }
            let mayRead = isIn || signedIn.actor.may(.keepLandscape)
            let desk = mayRead ? nil : signedIn.organization
            return Space(
                initiative: initiative, members: members, open: mayRead ? try store.open(in: initiative.id) : [],
                notes: try store.notes(in: initiative.id, of: desk, page: page), page: page,
                count: try store.count(in: initiative.id, of: desk))
        }
    }

    private static func gathered(
        _ id: String?, for signedIn: SignedIn, _ transaction: any Transaction
    ) throws -> Initiative {
        guard let id = id.flatMap(Identifier<Initiative>.init),
            let initiative = try InitiativeStore(transaction).initiative(id), initiative.version > 0,
            initiative.isThere(for: signedIn)
        else { throw InitiativeRefusal.noInitiative }
        return initiative
    }

    /// Where the desk takes part, and groups that it can take part in, by name.
    func spaces(for signedIn: SignedIn) async throws -> [SpaceLine] {
        let (today, desk) = (world.today, signedIn.organization)
        return try await database.read { transaction in
            let store = SpaceStore(transaction)
            let (own, newest, open) = (try store.spaces(of: desk), try store.newest(), try store.openSteps(of: desk))
            return try InitiativeStore(transaction).accepted().compactMap { initiative in
                let takesPart = initiative.keeper == desk || own.contains(initiative.id)
                guard takesPart || Space.takesIn(initiative, on: today) else { return nil }
                return SpaceLine(
                    initiative: initiative, takesPart: takesPart, newest: takesPart ? newest[initiative.id] : nil,
                    open: open[initiative.id] ?? 0)
            }
        }
    }

    /// The own desk takes part from now on, or not any more: what it said stays, and its open steps are nobody's. Sent twice
    /// it is one.
    /// - Throws: `notYours` for what is no group, and for the desk that keeps it.
    func takePart(_ takesPart: Bool, in id: String?, by signedIn: SignedIn) async throws {
        let desk = signedIn.organization
        try await changeSpace(id, takesPart ? "take-part" : "leave", by: signedIn) { store, initiative, now in
            guard initiative.keeper != desk, !takesPart || Space.takesIn(initiative, on: now.day) else {
                throw InitiativeRefusal.notYours
            }
            if takesPart { return try store.add(desk, to: initiative.id, on: now.day) }
            try store.release(desk, in: initiative.id)
            return try store.remove(desk, from: initiative.id)
        }
    }

    /// Says something to all who take part. The same `note` again changes nothing; with other words it is another note.
    /// - Throws: `Problems`; `notYours` for who does not take part.
    func say(_ draft: SpaceDraft, as note: Identifier<Space.Note>, in id: String?, by signedIn: SignedIn) async throws {
        let other = Identifier<Space.Note>(world.newUUID())
        try await changeSpace(id, "say", by: signedIn) { store, initiative, now in
            let desks = try Self.members(store, initiative, signedIn)
            let (text, step) = try draft.checked(desks)
            let said = try store.note(note, in: initiative.id)
            if let said, said.text == text, said.desk == signedIn.organization { return false }
            return try store.add(
                Space.Note(
                    id: said == nil ? note : other, desk: signedIn.organization, at: now, text: text, step: step),
                to: initiative.id)
        }
    }

    /// A step is done, or after all not yet; anybody who takes part says so.
    /// - Throws: `noteGone` where somebody took it away.
    func setDone(_ isDone: Bool, _ note: Identifier<Space.Note>, in id: String?, by signedIn: SignedIn) async throws {
        try await changeSpace(id, isDone ? "finish" : "reopen", by: signedIn) { store, initiative, now in
            _ = try Self.members(store, initiative, signedIn)
            guard try store.note(note, in: initiative.id)?.step != nil else { throw InitiativeRefusal.noteGone }
            return try store.setDone(isDone ? now.day : nil, note, in: initiative.id)
        }
    }

    /// Takes a note away for good: who said it, who keeps the initiative, or the coordinator.
    func remove(_ note: Identifier<Space.Note>, in id: String?, by signedIn: SignedIn) async throws {
        try await changeSpace(id, "remove", by: signedIn) { store, initiative, _ in
            guard let found = try store.note(note, in: initiative.id) else { return false }
            guard Space.mayRemove(found, of: initiative, signedIn) else { throw InitiativeRefusal.notYours }
            return try store.remove(note)
        }
        traces.leave()
    }

    /// The desks that take part, for one of them.
    private static func members(
        _ store: SpaceStore, _ initiative: Initiative, _ signedIn: SignedIn
    ) throws -> [String] {
        let desks = try store.members(of: initiative).map(\.desk)
        guard desks.contains(signedIn.organization) else { throw InitiativeRefusal.notYours }
        return desks
    }

    /// - Parameter change: false where nothing changed.
    private func changeSpace(
        _ id: String?, _ verb: String, by signedIn: SignedIn,
        _ change: @escaping @Sendable (SpaceStore, Initiative, Instant) throws -> Bool
    ) async throws {
        let now = world.now()
        try await database.write { transaction in
            let initiative = try Self.gathered(id, for: signedIn, transaction)
            guard try change(SpaceStore(transaction), initiative, now) else { return }
            try AuditChain(transaction).append(
                .init(actor: signedIn.actor, verb: verb, kind: "space", record: initiative.id.description), at: now)
        }
    }
}
