import Kernel
import Storage

/// What the facilitator sees of a workshop.
struct WorkshopView: Sendable {
    let workshop: Workshop
    let notes: [WorkshopNote]
    let phones: Int
}

/// What the facilitator does: needs the permission to keep the landscape.
extension Landscape {
    private func mustKeep(_ actor: Actor) throws {
        guard actor.may(.keepLandscape) else { throw WorkshopRefusal.notAllowed }
    }

    /// The same form sent again gives the workshop that it made.
    func open(_ typed: WorkshopForm, form: String, by actor: Actor) async throws -> Identifier<Workshop> {
        try mustKeep(actor)
        let plan = try typed.plan()
        let now = world.now()
        return try await database.write { [world] transaction in
            let store = WorkshopStore(transaction)
            if let made = try store.id(formKey: form) { return made }
            var code = JoinCode(world.randomBytes)
            while try store.id(code) != nil { code = JoinCode(world.randomBytes) }
            let workshop = Workshop(
                id: Identifier(world.newUUID()), title: plan.title, heldOn: plan.heldOn, venue: plan.venue,
                startsAt: plan.startsAt, groups: plan.groups, agenda: plan.agenda,
                door: Workshop.Door(code: code, room: hexadecimal(world.randomBytes(16))), latest: 1, changed: 1,
                absent: "")
            try store.insert(workshop, formKey: form)
            try self.record("open", workshop.id, by: actor, transaction, at: now)
            return workshop.id
        }
    }

    private func record(
        _ verb: String, _ id: Identifier<Workshop>, by actor: Actor, _ transaction: any Transaction, at now: Instant
    ) throws {
        try AuditChain(transaction).append(
            AuditChain.Deed(actor: actor, verb: verb, kind: "workshop", record: id.description), at: now)
    }

    func workshops(by actor: Actor) async throws -> [Workshop] {
        try mustKeep(actor)
        return try await database.read { transaction in
            let store = WorkshopStore(transaction)
            return try store.ids().compactMap(store.workshop)
        }
    }

    func workshop(_ id: Identifier<Workshop>, by actor: Actor) async throws -> WorkshopView {
        try mustKeep(actor)
        return try await database.read { transaction in
            guard let workshop = try WorkshopStore(transaction).workshop(id) else { throw WorkshopRefusal.notFound }
            let store = WorkshopNoteStore(transaction)
            return WorkshopView(
                workshop: workshop, notes: try store.notes(of: id), phones: try store.countPhones(of: id))
        }
    }

    /// Changes the workshop itself in one transaction, and tells those who watch.
    private func change(
        _ id: Identifier<Workshop>, _ verb: String, by actor: Actor,
        _ work: @escaping @Sendable (Workshop, WorkshopStore) throws -> Void
    ) async throws {
        try mustKeep(actor)
        let now = world.now()
        try await database.write { transaction in
            let store = WorkshopStore(transaction)
            guard let workshop = try store.workshop(id) else { throw WorkshopRefusal.notFound }
            try work(workshop, store)
            try store.touch(id)
            try self.record(verb, id, by: actor, transaction, at: now)
        }
        await rooms.look(at: id)
    }

    /// Whatever ran before ends with it. Starting what runs changes nothing: its clock goes on.
    func start(_ part: AgendaItem.Part, of id: Identifier<Workshop>, by actor: Actor) async throws {
        let now = world.now()
        try await change(id, "start", by: actor) { workshop, store in
            guard workshop.door != nil, workshop.agenda.contains(where: { $0.part == part }) else {
                throw WorkshopRefusal.notFound
            }
            guard workshop.running?.part != part else { return }
            _ = try store.endRunning(of: id, at: now)
            try store.start(part, of: id, at: now)
        }
    }

    func endActivity(of id: Identifier<Workshop>, by actor: Actor) async throws {
        let now = world.now()
        try await change(id, "end", by: actor) { _, store in _ = try store.endRunning(of: id, at: now) }
    }

    /// From now on its code is unknown, phones are let go, and nothing tells which notes came from one phone.
    func close(_ id: Identifier<Workshop>, by actor: Actor) async throws {
        let now = world.now()
        try await change(id, "close", by: actor) { workshop, store in
            guard workshop.door != nil else { return }
            _ = try store.endRunning(of: id, at: now)
            try store.close(id)
        }
        traces.leave()
    }

    /// Who was not in the room, and what else a reader of the findings must know.
    func setAbsent(_ text: String, of id: Identifier<Workshop>, by actor: Actor) async throws {
        guard text.utf16.count <= WorkshopForm.longestAbsent else { throw Problems("absent", "too-long") }
        try await change(id, "set", by: actor) { try $1.setAbsent(text, of: $0.id) }
    }

    /// A note that a group wrote on paper, typed afterwards.
    func addFromPaper(
        _ typed: NoteForm, group: Int, form: String, in language: Language, to id: Identifier<Workshop>, by actor: Actor
    ) async throws {
        try mustKeep(actor)
        var problems = Problems()
        var content: WorkshopNote.Content?
        do { content = try typed.content() } catch { problems = error }
        let view = try await workshop(id, by: actor)
        if view.workshop.group(group) == nil { problems.add("group", "choose-one") }
        try problems.check()
        guard let content else { return }
        let key = NoteKey(form, content, "paper \(id)")
        try await database.write { transaction in
            let note = NewNote(content: content, group: group, language: language, source: .paper, phone: nil)
            try self.insert(note, key, in: id, by: actor, transaction)
        }
        await rooms.look(at: id)
    }

    /// For personal details and insults, never for a position: nothing of the note is left.
    func remove(
        _ note: Identifier<WorkshopNote>, from id: Identifier<Workshop>, by actor: Actor
    ) async throws {
        try mustKeep(actor)
        try await database.write { transaction in
            let store = WorkshopNoteStore(transaction)
            guard let workshop = try WorkshopStore(transaction).workshop(id),
                try store.note(note, of: id) != nil
            else { return }
            if workshop.door != nil { return try self.empty(note, in: id, by: actor, transaction) }
            try store.delete(note)
            try self.record("remove", note, by: actor, transaction)
        }
        traces.leave()
        await rooms.look(at: id)
    }
}
