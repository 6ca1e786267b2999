import Kernel
import Storage

extension LocalTime {
    /// The date of a moment.
    func day(_ moment: Instant) -> Day { zone.map { moment.wallClock(in: $0).day } ?? moment.day }
}

/// What a phone in a group sees.
struct PhoneRoom: Sendable {
    let workshop: Workshop
    let group: Int
    let own: [WorkshopNote]
    let all: NoteSheet
}

/// A phone's own secret, carried by its forms. No name and no account stand behind it.
struct PhoneSecret: Sendable {
    let text: String

    init(_ chance: (Int) -> [UInt8]) { text = hexadecimal(chance(32)) }

    /// Nil for what cannot be one.
    init?(_ text: String?) {
        guard let text, text.utf8.count == 64,
            text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.text = text
    }

    /// What the database knows of it.
    var digest: String { sha256("waymark/workshop/phone:\(text)") }
}

extension Landscape {
    static let mostPhones = 2000
    static let mostNotes = 20_000
    /// What was taken back included.
    static let mostNotesOfPhone = 200

    /// The date on the clock of the region, which workshops are planned by.
    var localDay: Day { clock.day(world.now()) }

    func newPhone() -> PhoneSecret { PhoneSecret(world.randomBytes) }

    // MARK: The way in

    /// The open workshop of a code that somebody typed. When too many wrong ones are typed in all, nobody can type one for a
    /// while: who is in, and who scans the code of the wall, stays unaffected.
    func workshop(typed code: String) async throws -> Workshop {
        let now = world.now()
        guard let code = JoinCode(code) else { throw WorkshopRefusal.unknown }
        // Taken before and given back afterwards: many at once find out no more than one after the other.
        guard pace.take("codes", .wrongCodes, at: now) else { throw WorkshopRefusal.busy }
        let found = try await database.read { transaction in
            let store = WorkshopStore(transaction)
            return try store.id(code).flatMap(store.workshop)
        }
        guard let found, found.isOpen(on: localDay) else { throw WorkshopRefusal.unknown }
        pace.giveBack("codes", .wrongCodes, at: now)
        return found
    }

    /// The open workshop behind the code on the wall.
    func workshop(room: String) async throws -> Workshop {
        let found = try await database.read { transaction in
            let store = WorkshopStore(transaction)
            return try store.id(room: room).flatMap(store.workshop)
        }
        guard let found, found.isOpen(on: localDay) else { throw WorkshopRefusal.unknown }
        return found
    }

    /// What the wall shows.
    /// - Parameter number: nil for the newest notes, else for those before it.
    func wall(room: String, before number: Int?) async throws -> (workshop: Workshop, notes: NoteSheet) {
        let id = try await workshop(room: room).id
        return try await database.read { transaction in
            guard let workshop = try WorkshopStore(transaction).workshop(id) else { throw WorkshopRefusal.unknown }
            return (workshop, try WorkshopNoteStore(transaction).sheet(of: id, before: number))
        }
    }

    /// Lets a phone into one group. A phone that is in and has written nothing yet changes its group; else it stays.
    func enter(room: String, group: Int, _ phone: PhoneSecret) async throws {
        let workshop = try await workshop(room: room)
        guard workshop.group(group) != nil else { throw Problems("group", "choose-one") }
        let known = try await database.read { try WorkshopNoteStore($0).phone(phone.digest) }
        if let known {
            guard known.workshop == workshop.id, known.group != group else { return }
            return try await changeGroup(to: group, phone)
        }
        guard pace.take("joins \(workshop.id)", .joins, at: world.now()) else { throw WorkshopRefusal.busy }
        try await database.write { transaction in
            let store = WorkshopNoteStore(transaction)
            guard try store.phone(phone.digest) == nil else { return }
            guard try WorkshopStore(transaction).id(room: room) == workshop.id else { throw WorkshopRefusal.unknown }
            guard try store.countPhones(of: workshop.id) < Self.mostPhones else { throw WorkshopRefusal.busy }
            try store.insertPhone(phone.digest, workshop.id, group: group)
            try AuditChain(transaction).append(
                AuditChain.Deed(
                    actor: .visitor, verb: "join", kind: "workshop", record: workshop.id.description),
                at: world.now())
        }
    }

    private func changeGroup(to group: Int, _ phone: PhoneSecret) async throws {
        try await database.write { transaction in
            let store = WorkshopNoteStore(transaction)
            guard let known = try store.phone(phone.digest), known.group != group,
                try store.countNotes(ofPhone: phone.digest) == 0
            else { return }
            try store.setGroup(group, ofPhone: phone.digest)
            try AuditChain(transaction).append(
                AuditChain.Deed(
                    actor: .visitor, verb: "join", kind: "workshop", record: known.workshop.description),
                at: world.now())
        }
    }

    // MARK: In the room

    /// - Parameter number: nil for the newest notes of all, else for those before it.
    func room(of phone: PhoneSecret?, before number: Int? = nil) async throws -> PhoneRoom {
        try await database.read { transaction in
            let (workshop, group, digest) = try self.place(of: phone, transaction)
            let notes = WorkshopNoteStore(transaction)
            return PhoneRoom(
                workshop: workshop, group: group, own: try notes.notes(ofPhone: digest),
                all: try notes.sheet(of: workshop.id, before: number))
        }
    }

    /// - Throws: `phoneOver` when the workshop is over for this phone, or never was for it.
    private func place(of phone: PhoneSecret?, _ transaction: any Transaction) throws -> (
        workshop: Workshop, group: Int, digest: String
    ) {
        guard let digest = phone?.digest, let (id, group) = try WorkshopNoteStore(transaction).phone(digest),
            let workshop = try WorkshopStore(transaction).workshop(id), workshop.isOpen(on: localDay)
        else { throw WorkshopRefusal.phoneOver }
        return (workshop, group, digest)
    }

    /// For one note of a phone that is in a room. Who is not in one takes nothing, so that made-up secrets crowd nobody out.
    private func takePace(of phone: PhoneSecret?) async throws {
        let (workshop, _, digest) = try await database.read { try self.place(of: phone, $0) }
        let now = world.now()
        guard pace.take("phone \(digest)", .notesOfPhone, at: now),
            pace.take("notes \(workshop.id)", .notesOfWorkshop, at: now)
        else { throw WorkshopRefusal.busy }
    }

    /// The same form with the same words adds nothing more, whenever it comes again.
    func add(_ typed: NoteForm, form: String, in language: Language, from phone: PhoneSecret?) async throws {
        let content = try typed.content()
        try await takePace(of: phone)
        let id = try await database.write { transaction in
            let (workshop, group, digest) = try self.place(of: phone, transaction)
            let key = NoteKey(form, content, digest)
            let note = NewNote(content: content, group: group, language: language, source: .phone, phone: digest)
            try self.insert(note, key, in: workshop.id, by: .visitor, transaction)
            return workshop.id
        }
        await rooms.look(at: id)
    }

    func ownNote(_ note: Identifier<WorkshopNote>?, of phone: PhoneSecret?) async throws -> WorkshopNote {
        try await database.read { transaction in
            guard let found = try self.own(note, phone, transaction).note else { throw WorkshopRefusal.notFound }
            return found
        }
    }

    private func own(
        _ note: Identifier<WorkshopNote>?, _ phone: PhoneSecret?, _ transaction: any Transaction
    ) throws -> (note: WorkshopNote?, workshop: Identifier<Workshop>) {
        let (workshop, _, digest) = try place(of: phone, transaction)
        let found = try note.flatMap { try WorkshopNoteStore(transaction).note($0, of: workshop.id, phone: digest) }
        return (found, workshop.id)
    }

    func change(_ note: Identifier<WorkshopNote>?, to typed: NoteForm, by phone: PhoneSecret?) async throws {
        let content = try typed.content()
        try await takePace(of: phone)
        let id = try await database.write { transaction in
            let (found, workshop) = try self.own(note, phone, transaction)
            guard let found else { throw WorkshopRefusal.notFound }
            guard found.content != content else { return workshop }
            let number = try WorkshopStore(transaction).nextNumber(workshop)
            try WorkshopNoteStore(transaction).change(found.id, to: content, number: number)
            try self.record("change", found.id, by: .visitor, transaction)
            return workshop
        }
        traces.leave()
        await rooms.look(at: id)
    }

    /// Nothing of what it said is left. One that is gone already stays gone.
    func takeBack(_ note: Identifier<WorkshopNote>?, by phone: PhoneSecret?) async throws {
        let id = try await database.write { transaction in
            let (found, workshop) = try self.own(note, phone, transaction)
            if let found { try self.empty(found.id, in: workshop, by: .visitor, transaction) }
            return workshop
        }
        traces.leave()
        await rooms.look(at: id)
    }
}
