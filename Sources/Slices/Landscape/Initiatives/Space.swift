import Kernel
import Storage
import Web

/// Where the desks that take part in an initiative talk and agree on steps, such as groups of men that act together. Nobody
/// else reads it but the coordinator, who answers for what is kept.
struct Space: Sendable {
    /// Something said; with a step also what somebody does, until when.
    struct Note: Sendable, Equatable {
        let id: Identifier<Note>
        let desk: String
        let at: Instant
        let text: String
        var step: Step?
    }

    struct Step: Sendable, Equatable {
        let desk: String
        let due: Day?
        var doneOn: Day?
    }

    let initiative: Initiative
    /// Ids of the desks that take part; the one that keeps the initiative always does.
    let desks: [String]
    /// Open steps, what is due first in front; of all pages.
    let open: [Note]
    /// A page of all that was said, the newest first. Empty for who does not take part.
    let notes: [Note]
    let page: Int
    let count: Int

    static let pageSize = 50
    /// In characters.
    static let longestNote = 2000

    func takesPart(_ desk: String) -> Bool { desks.contains(desk) }
    func mayRead(_ signedIn: SignedIn) -> Bool {
        takesPart(signedIn.organization) || signedIn.actor.may(.keepLandscape)
    }
    /// Who said it, who keeps the initiative, and the coordinator.
    func mayRemove(_ note: Note, _ signedIn: SignedIn) -> Bool {
        [note.desk, initiative.keeper].contains(signedIn.organization) || signedIn.actor.may(.keepLandscape)
    }
}

/// A space as a list names it.
struct SpaceLine: Sendable {
    let initiative: Initiative
    let takesPart: Bool
    /// The day of the newest note; nil for none, and for who may not read it.
    let newest: Day?
    /// Open steps of the own desk.
    let open: Int
}

/// What was typed to say something.
struct SpaceDraft: Sendable {
    var text = ""
    /// The desk that does it; empty for something said and no step.
    var desk = ""
    var due = ""

    init() {}

    init(_ form: FormFields) {
        (text, desk, due) = (form.value("text") ?? "", form.value("desk") ?? "", form.value("due") ?? "")
    }

    /// - Throws: every fault at once.
    func checked(_ desks: [String]) throws(Problems) -> (text: String, step: Space.Step?) {
        var problems = Problems()
        let text = text.replacing("\r\n", with: "\n")
        if text.isEmpty { problems.add("text", "required") }
        if text.count > Space.longestNote { problems.add("text", "too-long") }
        if !desk.isEmpty, !desks.contains(desk) { problems.add("desk", "unknown-choice") }
        let day = Day(due)
        if !due.isEmpty, day == nil { problems.add("due", "not-a-day") }
        if !due.isEmpty, desk.isEmpty { problems.add("desk", "who-does-it") }
        try problems.check()
        return (text, desk.isEmpty ? nil : Space.Step(desk: desk, due: day))
    }
}

extension Landscape {
    /// - Throws: `noInitiative`.
    func space(of id: String?, page: Int, for signedIn: SignedIn) async throws -> Space {
        let initiative = try await initiative(id)
        return try await database.read { transaction in
            let store = SpaceStore(transaction)
            let (desks, count) = (try store.desks(of: initiative), try store.count(in: initiative.id))
            let mayRead = desks.contains(signedIn.organization) || signedIn.actor.may(.keepLandscape)
            return Space(
                initiative: initiative, desks: desks, open: mayRead ? try store.open(in: initiative.id) : [],
                notes: mayRead ? try store.notes(in: initiative.id, page: page) : [], page: page, count: count)
        }
    }

    /// Where the desk takes part, and groups that it can take part in, by name.
    func spaces(for signedIn: SignedIn) async throws -> [SpaceLine] {
        let today = world.today
        return try await database.read { transaction in
            let store = SpaceStore(transaction)
            let own = try store.spaces(of: signedIn.organization)
            return try InitiativeStore(transaction).accepted().compactMap { initiative in
                let takesPart = initiative.keeper == signedIn.organization || own.contains(initiative.id)
                let isOpen = initiative[.kind] == "group" && initiative.standing(on: today) != .ended
                guard takesPart || isOpen else { return nil }
                return SpaceLine(
                    initiative: initiative, takesPart: takesPart,
                    newest: takesPart ? try store.newest(in: initiative.id) : nil,
                    open: try store.open(in: initiative.id).count { $0.step?.desk == signedIn.organization })
            }
        }
    }

    /// The own desk takes part from now on, or not any more. What it said stays. Sent twice it is one.
    func takePart(_ takesPart: Bool, in id: String?, by signedIn: SignedIn) async throws {
        try await changeSpace(id, takesPart ? "take-part" : "leave", by: signedIn) { store, initiative, now in
            guard initiative.keeper != signedIn.organization else { return false }
            return takesPart
                ? try store.add(signedIn.organization, to: initiative.id, on: now.day)
                : try store.remove(signedIn.organization, from: initiative.id)
        }
    }

    /// Says something to all who take part. The same `note` again changes nothing.
    /// - Throws: `Problems`; `notYours` for who does not take part.
    func say(_ draft: SpaceDraft, as note: Identifier<Space.Note>, in id: String?, by signedIn: SignedIn) async throws {
        try await changeSpace(id, "say", by: signedIn) { store, initiative, now in
            let desks = try store.desks(of: initiative)
            guard desks.contains(signedIn.organization) else { throw InitiativeRefusal.notYours }
            let (text, step) = try draft.checked(desks)
            return try store.add(
                Space.Note(id: note, desk: signedIn.organization, at: now, text: text, step: step), to: initiative.id)
        }
    }

    /// A step is done, or after all not yet; anybody who takes part says so.
    func setDone(_ isDone: Bool, _ note: Identifier<Space.Note>, in id: String?, by signedIn: SignedIn) async throws {
        try await changeSpace(id, isDone ? "finish" : "reopen", by: signedIn) { store, initiative, now in
            guard try store.desks(of: initiative).contains(signedIn.organization) else {
                throw InitiativeRefusal.notYours
            }
            return try store.setDone(isDone ? now.day : nil, note, in: initiative.id)
        }
    }

    /// Takes a note away for good.
    func remove(_ note: Identifier<Space.Note>, in id: String?, by signedIn: SignedIn) async throws {
        let space = try await space(of: id, page: 1, for: signedIn)
        try await changeSpace(id, "remove", by: signedIn) { store, initiative, _ in
            guard let found = try store.note(note, in: initiative.id) else { return false }
            guard space.mayRemove(found, signedIn) else { throw InitiativeRefusal.notYours }
            return try store.remove(note)
        }
    }

    /// - Parameter change: false where nothing changed.
    private func changeSpace(
        _ id: String?, _ verb: String, by signedIn: SignedIn,
        _ change: @escaping @Sendable (SpaceStore, Initiative, Instant) throws -> Bool
    ) async throws {
        let (initiative, now) = (try await initiative(id), world.now())
        try await database.write { transaction in
            guard try change(SpaceStore(transaction), initiative, now) else { return }
            try AuditChain(transaction).append(
                .init(actor: signedIn.actor, verb: verb, kind: "space", record: initiative.id.description), at: now)
        }
    }
}
