import Kernel
import Storage

/// Who takes part in the spaces of initiatives and what they say, inside a transaction. No rules.
struct SpaceStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    /// The desk that keeps it first, then the others as they came.
    func desks(of initiative: Initiative) throws -> [String] {
        let others = try transaction.rows(
            "SELECT desk FROM initiative_desk WHERE initiative_id = \(initiative.id) ORDER BY since, desk"
        ).map { try $0.text("desk") }
        return [initiative.keeper] + others.filter { $0 != initiative.keeper }
    }

    func spaces(of desk: String) throws -> Set<Identifier<Initiative>> {
        Set(
            try transaction.rows("SELECT initiative_id FROM initiative_desk WHERE desk = \(desk)").map {
                try $0.identifier("initiative_id")
            })
    }

    /// False where it takes part already.
    func add(_ desk: String, to initiative: Identifier<Initiative>, on day: Day) throws -> Bool {
        try transaction.run(
            """
            INSERT INTO initiative_desk (initiative_id, desk, since) VALUES (\(initiative), \(desk), \(day))
            ON CONFLICT DO NOTHING
            """) > 0
    }

    func remove(_ desk: String, from initiative: Identifier<Initiative>) throws -> Bool {
        try transaction.run(
            "DELETE FROM initiative_desk WHERE initiative_id = \(initiative) AND desk = \(desk)") > 0
    }

    func count(in initiative: Identifier<Initiative>) throws -> Int {
        try transaction.row(
            "SELECT COUNT(*) AS count FROM initiative_note WHERE initiative_id = \(initiative)")?.integer("count") ?? 0
    }

    func newest(in initiative: Identifier<Initiative>) throws -> Day? {
        try transaction.rows(
            "SELECT at FROM initiative_note WHERE initiative_id = \(initiative) ORDER BY at DESC LIMIT 1"
        ).first.map { Instant(seconds: Int64(try $0.integer("at"))).day }
    }

    func notes(in initiative: Identifier<Initiative>, page: Int) throws -> [Space.Note] {
        try notes(
            "initiative_id = \(initiative)",
            by: "at DESC, id LIMIT \(Space.pageSize) OFFSET \((page - 1) * Space.pageSize)")
    }

    /// Steps that are not done, what is due first in front.
    func open(in initiative: Identifier<Initiative>) throws -> [Space.Note] {
        try notes(
            "initiative_id = \(initiative) AND owner IS NOT NULL AND done_on IS NULL",
            by: "COALESCE(due_on, '9999'), at, id")
    }

    func note(_ id: Identifier<Space.Note>, in initiative: Identifier<Initiative>) throws -> Space.Note? {
        try notes("id = \(id) AND initiative_id = \(initiative)", by: "id").first
    }

    private func notes(_ condition: SQL, by order: SQL) throws -> [Space.Note] {
        try transaction.rows(
            "SELECT id, desk, at, body, owner, due_on, done_on FROM initiative_note WHERE \(condition) ORDER BY \(order)"
        ).map { row in
            Space.Note(
                id: try row.identifier("id"), desk: try row.text("desk"),
                at: Instant(seconds: Int64(try row.integer("at"))), text: try row.text("body"),
                step: row.optionalText("owner").map {
                    Space.Step(desk: $0, due: row.day("due_on"), doneOn: row.day("done_on"))
                })
        }
    }

    /// False where it is there already.
    func add(_ note: Space.Note, to initiative: Identifier<Initiative>) throws -> Bool {
        try transaction.run(
            """
            INSERT INTO initiative_note (id, initiative_id, desk, at, body, owner, due_on)
            VALUES (\(note.id), \(initiative), \(note.desk), \(note.at), \(note.text), \(note.step?.desk),
                \(note.step?.due))
            ON CONFLICT (id) DO NOTHING
            """) > 0
    }

    /// False where it is no step, or stands so already.
    func setDone(_ day: Day?, _ note: Identifier<Space.Note>, in initiative: Identifier<Initiative>) throws -> Bool {
        let isOther: SQL = day == nil ? "done_on IS NOT NULL" : "done_on IS NULL"
        return try transaction.run(
            """
            UPDATE initiative_note SET done_on = \(day)
            WHERE id = \(note) AND initiative_id = \(initiative) AND owner IS NOT NULL AND \(isOther)
            """) > 0
    }

    func remove(_ note: Identifier<Space.Note>) throws -> Bool {
        try transaction.run("DELETE FROM initiative_note WHERE id = \(note)") > 0
    }
}
