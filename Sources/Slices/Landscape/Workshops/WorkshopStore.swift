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
        try keep(workshop.groups, workshop.agenda, of: workshop.id)
    }

    /// What was planned otherwise. What runs or has run stays, with its clock.
    func change(_ id: Identifier<Workshop>, to plan: WorkshopForm.Plan) throws {
        try transaction.run(
            """
            UPDATE workshop SET title = \(plan.title), held_on = \(plan.heldOn), venue = \(plan.venue),
                starts_at = \(plan.startsAt)
            WHERE id = \(id)
            """)
        try transaction.run("DELETE FROM workshop_item WHERE workshop_id = \(id) AND started_at IS NULL")
        try keep(plan.groups, plan.agenda, of: id)
    }

    private func keep(_ groups: [String], _ agenda: [AgendaItem], of id: Identifier<Workshop>) throws {
        for (index, name) in groups.enumerated() {
            try transaction.run(
                """
                INSERT INTO workshop_group (workshop_id, number, name) VALUES (\(id), \(index + 1), \(name))
                ON CONFLICT DO NOTHING
                """)
        }
        for item in agenda {
            try transaction.run(
                """
                INSERT INTO workshop_item (workshop_id, part, minutes) VALUES (\(id), \(item.part.rawValue), \(item.minutes))
                ON CONFLICT (workshop_id, part) DO UPDATE SET minutes = excluded.minutes
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
    func workshops() throws -> [Workshop] { try read("ORDER BY held_on DESC, id") }

    /// Closed ones that say who was not in the room, the newest first.
    func absences() throws -> [Workshop] {
        try read("WHERE join_code IS NULL AND absent <> '' ORDER BY held_on DESC, id")
    }

    /// Those that let phones in although their day was before `day`.
    func overdue(before day: Day) throws -> [Identifier<Workshop>] {
        try transaction.rows("SELECT id FROM workshop WHERE join_code IS NOT NULL AND held_on < \(day)").map {
            try $0.identifier("id")
        }
    }

    func workshop(_ id: Identifier<Workshop>) throws -> Workshop? { try read("WHERE id = \(id)").first }

    private func read(_ which: SQL) throws -> [Workshop] {
        let rows = try transaction.rows(
            """
            SELECT id, title, held_on, venue, starts_at, join_code, room, latest, changed, absent FROM workshop \(which)
            """)
        let ids: [Identifier<Workshop>] = try rows.map { try $0.identifier("id") }
        guard !ids.isEmpty else { return [] }
        var groups: [String: [String]] = [:]
        for row in try transaction.rows(
            "SELECT workshop_id, name FROM workshop_group WHERE workshop_id IN (\(list: ids)) ORDER BY workshop_id, number"
        ) {
            groups[try row.text("workshop_id"), default: []].append(try row.text("name"))
        }
        let agendas = try agendas(ids)
        return try rows.map { row in
            guard let heldOn = row.day("held_on") else { throw StorageFailure.unexpectedColumn("held_on") }
            var door: Workshop.Door?
            if let code = row.optionalText("join_code").flatMap(JoinCode.init), let room = row.optionalText("room") {
                door = Workshop.Door(code: code, room: room)
            }
            let id = try row.text("id")
            return Workshop(
                id: try row.identifier("id"), title: try row.text("title"), heldOn: heldOn,
                venue: try row.text("venue"),
                startsAt: try row.integer("starts_at"), groups: groups[id] ?? [], agenda: agendas[id] ?? [], door: door,
                latest: try row.integer("latest"), changed: try row.integer("changed"), absent: try row.text("absent"))
        }
    }

    private func agendas(_ ids: [Identifier<Workshop>]) throws -> [String: [AgendaItem]] {
        var items: [String: [AgendaItem]] = [:]
        for row in try transaction.rows(
            """
            SELECT workshop_id, part, minutes, started_at, ended_at FROM workshop_item WHERE workshop_id IN (\(list: ids))
            """)
        {
            guard let part = AgendaItem.Part(rawValue: try row.text("part")) else {
                throw StorageFailure.unexpectedColumn("part")
            }
            items[try row.text("workshop_id"), default: []].append(
                AgendaItem(
                    part: part, minutes: try row.integer("minutes"), startedAt: try instant("started_at", row),
                    endedAt: try instant("ended_at", row)))
        }
        return items.mapValues { items in
            AgendaItem.Part.allCases.compactMap { part in items.first { $0.part == part } }
        }
    }

    private func instant(_ column: String, _ row: Row) throws -> Instant? {
        row[column] == .null ? nil : Instant(seconds: Int64(try row.integer(column)))
    }

    /// Notes that are read at once for those who watch.
    private static let mostNews = 500

    func news(of id: Identifier<Workshop>, after number: Int) throws -> RoomNews {
        guard let workshop = try workshop(id) else { throw WorkshopRefusal.notFound }
        guard workshop.latest > number else { return RoomNews(workshop: workshop, notes: [], upTo: workshop.latest) }
        let notes = try WorkshopNoteStore(transaction).notes(of: id, after: number, limit: Self.mostNews)
        let upTo = notes.count < Self.mostNews ? workshop.latest : notes.last?.number
        return RoomNews(workshop: workshop, notes: notes, upTo: upTo ?? workshop.latest)
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

    /// False when nothing runs, or no longer than it may.
    func extend(_ id: Identifier<Workshop>, by minutes: Int) throws -> Bool {
        try transaction.run(
            """
            UPDATE workshop_item SET minutes = minutes + \(minutes)
            WHERE workshop_id = \(id) AND started_at IS NOT NULL AND ended_at IS NULL
                AND minutes + \(minutes) <= \(AgendaItem.longestMinutes)
            """) > 0
    }

    /// Ends whatever runs. False when nothing did.
    func endRunning(of id: Identifier<Workshop>, at now: Instant) throws -> Bool {
        try transaction.run(
            """
            UPDATE workshop_item SET ended_at = \(now)
            WHERE workshop_id = \(id) AND started_at IS NOT NULL AND ended_at IS NULL
            """) > 0
    }

    /// Takes away the ways in, what tells notes of one phone from others, and what is left of notes that were taken back and
    /// became no finding.
    func close(_ id: Identifier<Workshop>) throws {
        try transaction.run("UPDATE workshop SET join_code = NULL, room = NULL WHERE id = \(id)")
        try transaction.run(
            "DELETE FROM workshop_note WHERE workshop_id = \(id) AND wording IS NULL AND finding_id IS NULL")
        try transaction.run("UPDATE workshop_note SET phone = NULL, form_key = NULL WHERE workshop_id = \(id)")
        try transaction.run("DELETE FROM workshop_phone WHERE workshop_id = \(id)")
    }

    /// Lets phones in by another code. Those that wrote stay in, the others type the new one.
    func open(_ door: Workshop.Door, of id: Identifier<Workshop>) throws {
        try transaction.run(
            "UPDATE workshop SET join_code = \(door.code.text), room = \(door.room) WHERE id = \(id)")
        try WorkshopNoteStore(transaction).deleteSilentPhones(of: id)
    }

    func setAbsent(_ text: String, of id: Identifier<Workshop>) throws {
        try transaction.run("UPDATE workshop SET absent = \(text) WHERE id = \(id)")
    }
}
