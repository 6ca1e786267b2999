import Kernel
import Storage

/// Who takes part in the spaces of initiatives and what they say, inside a transaction. No rules.
struct SpaceStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    /// The desk that keeps it first, then the others as they came.
    func members(of initiative: Initiative) throws -> [Space.Member] {
        let others = try transaction.rows(
            "SELECT desk, since FROM initiative_desk WHERE initiative_id = \(initiative.id) ORDER BY since, desk"
        ).map { Space.Member(desk: try $0.text("desk"), since: $0.day("since")) }
        return [Space.Member(desk: initiative.keeper, since: nil)] + others.filter { $0.desk != initiative.keeper }
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

    /// What it agreed to do and did not is nobody's any more.
    func release(_ desk: String, in initiative: Identifier<Initiative>) throws {
        try transaction.run(
            """
            UPDATE initiative_note SET owner = NULL, due_on = NULL
            WHERE initiative_id = \(initiative) AND owner = \(desk) AND done_on IS NULL
            """)
    }

    /// - Parameter desk: only what it said; nil for all.
    func count(in initiative: Identifier<Initiative>, of desk: String?) throws -> Int {
        try transaction.row(
            "SELECT COUNT(*) AS count FROM initiative_note WHERE \(Self.said(in: initiative, of: desk))"
        )?.integer("count") ?? 0
    }

    private static func said(in initiative: Identifier<Initiative>, of desk: String?) -> SQL {
        let said: SQL = "initiative_id = \(initiative)"
        return desk.map { "\(said) AND desk = \($0)" } ?? said
    }

    /// The day of the newest note of each.
    func newest() throws -> [Identifier<Initiative>: Day] {
        try transaction.rows("SELECT initiative_id, MAX(at) AS at FROM initiative_note GROUP BY initiative_id").reduce(
            into: [:]
        ) { days, row in
            days[try row.identifier("initiative_id")] = Instant(seconds: Int64(try row.integer("at"))).day
        }
    }

    /// How many steps of a desk are open in each.
    func openSteps(of desk: String) throws -> [Identifier<Initiative>: Int] {
        try transaction.rows(
            """
            SELECT initiative_id, COUNT(*) AS count FROM initiative_note
            WHERE owner = \(desk) AND done_on IS NULL GROUP BY initiative_id
            """
        ).reduce(into: [:]) { $0[try $1.identifier("initiative_id")] = try $1.integer("count") }
    }

    /// - Parameter desk: only what it said; nil for all.
    func notes(in initiative: Identifier<Initiative>, of desk: String?, page: Int) throws -> [Space.Note] {
        try notes(
            Self.said(in: initiative, of: desk),
            by: "number DESC LIMIT \(Space.pageSize) OFFSET \((page - 1) * Space.pageSize)")
    }

    /// Steps that are not done, what is due first in front.
    func open(in initiative: Identifier<Initiative>) throws -> [Space.Note] {
        try notes(
            "initiative_id = \(initiative) AND owner IS NOT NULL AND done_on IS NULL",
            by: "COALESCE(due_on, '9999'), number")
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
            INSERT INTO initiative_note (id, initiative_id, number, desk, at, body, owner, due_on)
            SELECT \(note.id), \(initiative), COALESCE(MAX(number), 0) + 1, \(note.desk), \(note.at), \(note.text),
                \(note.step?.desk), \(note.step?.due)
            FROM initiative_note WHERE initiative_id = \(initiative)
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
