import Kernel
import Storage

/// What the facilitator sees of a workshop.
struct WorkshopView: Sendable {
    let workshop: Workshop
    let notes: NoteSheet
    /// How many notes there are, and of them those that no finding was made of.
    let count: (all: Int, undrafted: Int)
    let phones: Int
    let scans: [Scan]
}

/// What the facilitator does: needs the permission to keep the landscape.
extension Landscape {
    private func mustKeep(_ actor: Actor) throws {
        guard actor.may(.keepLandscape) else { throw WorkshopRefusal.notAllowed }
    }

    /// The same form sent again gives the workshop that it made.
    func open(_ typed: WorkshopForm, form: String, by actor: Actor) async throws -> Identifier<Workshop> {
        try mustKeep(actor)
        let now = world.now()
        let plan = try typed.plan(on: localDay)
        return try await database.write { [world] transaction in
            let store = WorkshopStore(transaction)
            if let made = try store.id(formKey: form) { return made }
            let workshop = Workshop(
                id: Identifier(world.newUUID()), title: plan.title, heldOn: plan.heldOn, venue: plan.venue,
                startsAt: plan.startsAt, groups: plan.groups, agenda: plan.agenda,
                door: try self.newDoor(store), latest: 1, changed: 1, absent: "")
            try store.insert(workshop, formKey: form)
            try self.record("open", workshop.id, by: actor, transaction, at: now)
            return workshop.id
        }
    }

    /// With a code that no open workshop has.
    private func newDoor(_ store: WorkshopStore) throws -> Workshop.Door {
        var code = JoinCode(world.randomBytes)
        while try store.id(code) != nil { code = JoinCode(world.randomBytes) }
        return Workshop.Door(code: code, room: hexadecimal(world.randomBytes(16)))
    }

    private func record(
        _ verb: String, _ id: Identifier<Workshop>, by actor: Actor, _ transaction: any Transaction, at now: Instant
    ) throws {
        try AuditChain(transaction).append(
            AuditChain.Deed(actor: actor, verb: verb, kind: "workshop", record: id.description), at: now)
    }

    func workshops(by actor: Actor) async throws -> [Workshop] {
        try mustKeep(actor)
        return try await database.read { try WorkshopStore($0).workshops() }
    }

    /// - Parameter number: nil for the newest notes, else for those before it.
    func workshop(
        _ id: Identifier<Workshop>, before number: Int? = nil, by actor: Actor
    ) async throws -> WorkshopView {
        try mustKeep(actor)
        return try await database.read { transaction in
            guard let workshop = try WorkshopStore(transaction).workshop(id) else { throw WorkshopRefusal.notFound }
            let store = WorkshopNoteStore(transaction)
            return WorkshopView(
                workshop: workshop, notes: try store.sheet(of: id, before: number), count: try store.countNotes(of: id),
                phones: try store.countPhones(of: id),
                scans: try FindingStore(transaction).scans())
        }
    }

    /// Changes the workshop itself in one transaction, and tells those who watch.
    /// - Parameter work: false when it changed nothing.
    private func change(
        _ id: Identifier<Workshop>, _ verb: String, by actor: Actor,
        _ work: @escaping @Sendable (Workshop, WorkshopStore) throws -> Bool
    ) async throws {
        try mustKeep(actor)
        let now = world.now()
        try await database.write { transaction in
            let store = WorkshopStore(transaction)
            guard let workshop = try store.workshop(id) else { throw WorkshopRefusal.notFound }
            guard try work(workshop, store) else { return }
            try store.touch(id)
            try self.record(verb, id, by: actor, transaction, at: now)
        }
        await rooms.look(at: id)
    }

    /// Changes what was planned. Groups that are there stay; the parts that were started keep their clocks.
    func change(_ id: Identifier<Workshop>, to typed: WorkshopForm, by actor: Actor) async throws {
        let today = localDay
        try await change(id, "change", by: actor) { workshop, store in
            let plan = try typed.plan(on: today, changing: workshop)
            try store.change(id, to: plan)
            return try store.workshop(id) != workshop
        }
    }

    /// Gives what runs some more minutes.
    func extend(_ id: Identifier<Workshop>, by minutes: Int, by actor: Actor) async throws {
        try await change(id, "extend", by: actor) { try $1.extend($0.id, by: minutes) }
    }

    /// Another code and another address of the room: who had the old ones and wrote nothing is out.
    func renewCode(of id: Identifier<Workshop>, by actor: Actor) async throws {
        try await change(id, "renew", by: actor) { workshop, store in
            guard workshop.door != nil else { return false }
            try store.open(self.newDoor(store), of: id)
            return true
        }
    }

    /// Lets phones in again, by a new code. What was written before stays, and nobody can change it from a phone.
    /// - Throws: `past` when the two days after it are over.
    func reopen(_ id: Identifier<Workshop>, by actor: Actor) async throws {
        let today = localDay
        try await change(id, "reopen", by: actor) { workshop, store in
            guard workshop.door == nil else { return false }
            guard today <= workshop.heldOn + Workshop.daysAfter else { throw WorkshopRefusal.past }
            try store.open(self.newDoor(store), of: id)
            return true
        }
    }

    /// Closes what nobody closed in time, so that no phone is known for longer than the workshop lasts.
    func closeOverdue() async throws {
        let last = localDay + -Workshop.daysAfter
        for id in try await database.read({ try WorkshopStore($0).overdue(before: last) }) {
            try await close(id, by: .commandLine("desk"))
        }
    }

    /// Whatever ran before ends with it. Starting what runs changes nothing: its clock goes on.
    func start(_ part: AgendaItem.Part, of id: Identifier<Workshop>, by actor: Actor) async throws {
        let now = world.now()
        try await change(id, "start", by: actor) { workshop, store in
            guard workshop.door != nil, workshop.agenda.contains(where: { $0.part == part }) else {
                throw WorkshopRefusal.notFound
            }
            guard workshop.running?.part != part else { return false }
            _ = try store.endRunning(of: id, at: now)
            try store.start(part, of: id, at: now)
            return true
        }
    }

    func endActivity(of id: Identifier<Workshop>, by actor: Actor) async throws {
        let now = world.now()
        try await change(id, "end", by: actor) { try $1.endRunning(of: $0.id, at: now) }
    }

    /// From now on its code is unknown, phones are let go, and nothing tells which notes came from one phone.
    func close(_ id: Identifier<Workshop>, by actor: Actor) async throws {
        let now = world.now()
        try await change(id, "close", by: actor) { workshop, store in
            guard workshop.door != nil else { return false }
            _ = try store.endRunning(of: id, at: now)
            try store.close(id)
            return true
        }
        traces.leave()
    }

    /// Who was not in the room, and what else a reader of the findings must know.
    func setAbsent(_ text: String, of id: Identifier<Workshop>, by actor: Actor) async throws {
        guard text.utf16.count <= WorkshopForm.longestAbsent else { throw Problems("absent", "too-long") }
        try await change(id, "set", by: actor) { workshop, store in
            guard workshop.absent != text else { return false }
            try store.setAbsent(text, of: id)
            return true
        }
        traces.leave()
    }

    /// A note that a group wrote on paper, typed afterwards.
    func addFromPaper(
        _ typed: NoteForm, group: Int, form: String, in language: Language, to id: Identifier<Workshop>, by actor: Actor
    ) async throws {
        try mustKeep(actor)
        var problems = Problems()
        var content: WorkshopNote.Content?
        do { content = try typed.content() } catch { problems = error }
        guard let workshop = try await database.read({ try WorkshopStore($0).workshop(id) }) else {
            throw WorkshopRefusal.notFound
        }
        if workshop.group(group) == nil { problems.add("group", "choose-one") }
        try problems.check()
        guard let content else { return }
        let key = NoteKey(form, content, "paper \(id)")
        try await database.write { transaction in
            let note = NewNote(content: content, group: group, language: language, source: .paper, phone: nil)
            try self.insert(note, key, in: id, by: actor, transaction)
        }
        await rooms.look(at: id)
    }

    /// For personal details and insults, never for a position: nothing of what the note said is left. A finding that was made
    /// of it stays, with the link to the empty note, and keeps its own words.
    func remove(
        _ note: Identifier<WorkshopNote>, from id: Identifier<Workshop>, by actor: Actor
    ) async throws {
        try mustKeep(actor)
        try await database.write { transaction in
            let store = WorkshopNoteStore(transaction)
            guard let workshop = try WorkshopStore(transaction).workshop(id), let found = try store.note(note, of: id)
            else { return }
            if workshop.door != nil || found.finding != nil {
                return try self.empty(note, in: id, by: actor, transaction)
            }
            try store.delete(note)
            try self.record("remove", note, by: actor, transaction)
        }
        traces.leave()
        await rooms.look(at: id)
    }

    /// Takes away all that came from the phone of a note, and lets the phone go.
    func removePhone(
        of note: Identifier<WorkshopNote>, from id: Identifier<Workshop>, by actor: Actor
    ) async throws {
        try mustKeep(actor)
        let now = world.now()
        try await database.write { transaction in
            let store = WorkshopNoteStore(transaction)
            guard let phone = try store.phone(of: note, in: id) else { return }
            for own in try store.notes(ofPhone: phone) { try self.empty(own.id, in: id, by: actor, transaction) }
            try store.deletePhone(phone)
            try self.record("remove-phone", id, by: actor, transaction, at: now)
        }
        traces.leave()
        await rooms.look(at: id)
    }
}
