import Kernel
import Storage

/// Workshops as rows and back, inside one transaction.
struct WorkshopStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func insert(_ workshop: Workshop, formKey: String) throws {
        try transaction.run(
            """
            INSERT INTO workshop (id, title, held_on, venue, starts_at, join_code, room, latest, changed, absent, form_key)
            VALUES (\(workshop.id), \(workshop.title), \(workshop.heldOn), \(workshop.venue), \(workshop.startsAt),
                \(workshop.door?.code.text), \(workshop.door?.room), \(workshop.latest), \(workshop.changed),
                \(workshop.absent), \(formKey))
            """)
        for (index, name) in workshop.groups.enumerated() {
            try transaction.run(
                """
                INSERT INTO workshop_group (workshop_id, number, name) VALUES (\(workshop.id), \(index + 1), \(name))
                """)
        }
        for item in workshop.agenda {
            try transaction.run(
                """
                INSERT INTO workshop_item (workshop_id, part, minutes)
                VALUES (\(workshop.id), \(item.part.rawValue), \(item.minutes))
                """)
        }
    }

    func id(formKey: String) throws -> Identifier<Workshop>? {
        try transaction.row("SELECT id FROM workshop WHERE form_key = \(formKey)")?.identifier("id")
    }

    func id(_ code: JoinCode) throws -> Identifier<Workshop>? {
        try transaction.row("SELECT id FROM workshop WHERE join_code = \(code.text)")?.identifier("id")
    }

    func id(room: String) throws -> Identifier<Workshop>? {
        try transaction.row("SELECT id FROM workshop WHERE room = \(room)")?.identifier("id")
    }

    /// The newest first.
    func ids() throws -> [Identifier<Workshop>] {
        try transaction.rows("SELECT id FROM workshop ORDER BY held_on DESC, id").map { try $0.identifier("id") }
    }

    func workshop(_ id: Identifier<Workshop>) throws -> Workshop? {
        let row = try transaction.row(
            """
            SELECT title, held_on, venue, starts_at, join_code, room, latest, changed, absent
            FROM workshop WHERE id = \(id)
            """)
        guard let row else { return nil }
        guard let heldOn = row.day("held_on") else { throw StorageFailure.unexpectedColumn("held_on") }
        var door: Workshop.Door?
        if let code = row.optionalText("join_code").flatMap(JoinCode.init), let room = row.optionalText("room") {
            door = Workshop.Door(code: code, room: room)
        }
        let groups = try transaction.rows(
            "SELECT name FROM workshop_group WHERE workshop_id = \(id) ORDER BY number")
        return Workshop(
            id: id, title: try row.text("title"), heldOn: heldOn, venue: try row.text("venue"),
            startsAt: try row.integer("starts_at"), groups: try groups.map { try $0.text("name") },
            agenda: try agenda(id), door: door, latest: try row.integer("latest"),
            changed: try row.integer("changed"), absent: try row.text("absent"))
    }

    private func agenda(_ id: Identifier<Workshop>) throws -> [AgendaItem] {
        let rows = try transaction.rows(
            "SELECT part, minutes, started_at, ended_at FROM workshop_item WHERE workshop_id = \(id)")
        let items = try rows.map { row in
            guard let part = AgendaItem.Part(rawValue: try row.text("part")) else {
                throw StorageFailure.unexpectedColumn("part")
            }
            return AgendaItem(
                part: part, minutes: try row.integer("minutes"), startedAt: try instant("started_at", row),
                endedAt: try instant("ended_at", row))
        }
        return AgendaItem.Part.allCases.compactMap { part in items.first { $0.part == part } }
    }

    private func instant(_ column: String, _ row: Row) throws -> Instant? {
        row[column] == .null ? nil : Instant(seconds: Int64(try row.integer(column)))
    }

    func news(of id: Identifier<Workshop>, after number: Int) throws -> RoomNews {
        guard let workshop = try workshop(id) else { throw WorkshopRefusal.notFound }
        let notes = workshop.latest > number ? try WorkshopNoteStore(transaction).notes(of: id, after: number) : []
        return RoomNews(workshop: workshop, notes: notes)
    }

    // MARK: Changes

    /// The number of a change that is made now.
    func nextNumber(_ id: Identifier<Workshop>) throws -> Int {
        let row = try transaction.row(
            "UPDATE workshop SET latest = latest + 1 WHERE id = \(id) RETURNING latest")
        try transaction.wakeFollowers()
        guard let row else { throw WorkshopRefusal.notFound }
        return try row.integer("latest")
    }

    /// Numbers a change of the workshop itself.
    func touch(_ id: Identifier<Workshop>) throws {
        let number = try nextNumber(id)
        try transaction.run("UPDATE workshop SET changed = \(number) WHERE id = \(id)")
    }

    func start(_ part: AgendaItem.Part, of id: Identifier<Workshop>, at now: Instant) throws {
        try transaction.run(
            """
            UPDATE workshop_item SET started_at = \(now), ended_at = NULL
            WHERE workshop_id = \(id) AND part = \(part.rawValue)
            """)
    }

    /// Ends whatever runs. False when nothing did.
    func endRunning(of id: Identifier<Workshop>, at now: Instant) throws -> Bool {
        try transaction.run(
            """
            UPDATE workshop_item SET ended_at = \(now)
            WHERE workshop_id = \(id) AND started_at IS NOT NULL AND ended_at IS NULL
            """) > 0
    }

    /// Takes away the ways in, what tells notes of one phone from others, and what is left of notes that were taken back.
    func close(_ id: Identifier<Workshop>) throws {
        try transaction.run("UPDATE workshop SET join_code = NULL, room = NULL WHERE id = \(id)")
        try transaction.run("DELETE FROM workshop_note WHERE workshop_id = \(id) AND wording IS NULL")
        try transaction.run("UPDATE workshop_note SET phone = NULL, form_key = NULL WHERE workshop_id = \(id)")
        try transaction.run("DELETE FROM workshop_phone WHERE workshop_id = \(id)")
    }

    func setAbsent(_ text: String, of id: Identifier<Workshop>) throws {
        try transaction.run("UPDATE workshop SET absent = \(text) WHERE id = \(id)")
    }
}
