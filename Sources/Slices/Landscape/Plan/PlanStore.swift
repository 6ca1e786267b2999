import Kernel
import Storage

/// Rows of the plan, inside a transaction. No rules.
struct PlanStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    // MARK: Actions

    func actions() throws -> [Action] {
        let rows = try transaction.rows("SELECT * FROM plan_action ORDER BY number")
        return try whole(rows.map(Self.action))
    }

    func action(_ id: String) throws -> Action? {
        try whole(transaction.rows("SELECT * FROM plan_action WHERE id = \(id)").map(Self.action)).first
    }

    /// With what lies in rows of its own.
    private func whole(_ actions: [Action]) throws -> [Action] {
        let ids = actions.map(\.id)
        var (needs, tags, checks): ([String: [String]], [String: [Tag]], [String: [String: Action.Check]]) = (
            [:], [:], [:]
        )
        for row in try transaction.rows(
            "SELECT * FROM plan_dependency WHERE action_id IN (\(list: ids)) ORDER BY needs_id")
        {
            needs[try row.text("action_id"), default: []].append(try row.text("needs_id"))
        }
        for row in try transaction.rows("SELECT * FROM plan_tag WHERE action_id IN (\(list: ids))") {
            guard let document = Tag.Document(rawValue: try row.text("document")),
                let tag = Tag(document, number: try row.integer("number"))
            else { throw StorageFailure.unexpectedColumn("plan_tag") }
            tags[try row.text("action_id"), default: []].append(tag)
        }
        for row in try transaction.rows("SELECT * FROM plan_check WHERE action_id IN (\(list: ids))") {
            let answer = Action.Answer(rawValue: try row.text("answer")) ?? .unknown
            checks[try row.text("action_id"), default: [:]][try row.text("principle_id")] = Action.Check(
                answer: answer, note: try row.text("note"))
        }
        return actions.map { action in
            var action = action
            action.dependencies = needs[action.id] ?? []
            action.tags = (tags[action.id] ?? []).sorted()
            action.checks = checks[action.id] ?? [:]
            return action
        }
    }

    private static func action(_ row: Row) throws -> Action {
        guard let state = Action.State(rawValue: try row.text("state")),
            let paid = Action.Answer(rawValue: try row.text("survivors_paid")),
            let lead = Action.Answer(rawValue: try row.text("survivors_lead")),
            let small = Action.Answer(rawValue: try row.text("is_small"))
        else { throw StorageFailure.unexpectedColumn("plan_action") }
        var action = Action(
            id: try row.text("id"), number: try row.integer("number"), body: try row.text("body"),
            focus: try row.text("focus"), theme: try row.text("theme"),
            horizon: row.optionalText("horizon").flatMap(Action.Horizon.init))
        action.examples = try row.text("examples").split(separator: "\n").map(String.init)
        action.recurrenceYears = number(row, "recurrence_years")
        (action.document, action.section) = (row.optionalText("document"), row.optionalText("section"))
        (action.owner, action.state, action.reason) = (row.optionalText("owner"), state, row.optionalText("reason"))
        if let low = number(row, "cost_low"), let high = number(row, "cost_high"), low <= high {
            action.cost = low...high
        }
        action.survivorsRole = try row.text("survivors_role")
        (action.survivorsPaid, action.survivorsLead) = (paid, lead)
        action.isInPlan = try row.integer("is_in_plan") == 1
        (action.isSmall, action.review) = (small, row.optionalText("review"))
        (action.finding, action.vote) = (
            row.optionalText("finding"), row.optionalText("vote_id").flatMap(Identifier.init)
        )
        (action.weight, action.due) = (try row.integer("weight"), row.day("due_on"))
        (action.progress, action.version) = (try row.integer("progress"), try row.integer("version"))
        return action
    }

    private static func number(_ row: Row, _ column: String) -> Int? {
        if case .integer(let number) = row[column] { Int(number) } else { nil }
    }

    func lastNumber() throws -> Int {
        try transaction.row("SELECT COALESCE(MAX(number), 0) AS last FROM plan_action")?.integer("last") ?? 0
    }

    /// False when there is one with that id already, which stays as it is.
    func add(_ action: Action) throws -> Bool {
        try transaction.run(
            """
            INSERT INTO plan_action (id, number, body, focus, theme, horizon, examples, recurrence_years, document, section,
                owner, state, survivors_role, survivors_paid, weight, progress, is_in_plan, version)
            VALUES (\(action.id), \(action.number), \(action.body), \(action.focus), \(action.theme),
                \(action.horizon?.rawValue), \(action.examples.joined(separator: "\n")), \(action.recurrenceYears),
                \(action.document), \(action.section), \(action.owner), \(action.state.rawValue),
                \(action.survivorsRole), \(action.survivorsPaid.rawValue), \(action.weight), \(action.progress),
                \(action.isInPlan), 1)
            ON CONFLICT (id) DO NOTHING
            """) > 0
    }

    /// Stores what can change of an action, as its next version.
    func update(_ action: Action) throws {
        try transaction.run(
            """
            UPDATE plan_action SET body = \(action.body), focus = \(action.focus), theme = \(action.theme),
                horizon = \(action.horizon?.rawValue), owner = \(action.owner), state = \(action.state.rawValue),
                reason = \(action.reason), cost_low = \(action.cost?.lowerBound), cost_high = \(action.cost?.upperBound),
                survivors_role = \(action.survivorsRole), survivors_paid = \(action.survivorsPaid.rawValue),
                survivors_lead = \(action.survivorsLead.rawValue), is_in_plan = \(action.isInPlan),
                finding = \(action.finding), vote_id = \(action.vote), weight = \(action.weight), due_on = \(action.due),
                is_small = \(action.isSmall.rawValue), review = \(action.review), progress = \(action.progress),
                version = \(action.version + 1)
            WHERE id = \(action.id)
            """)
        try transaction.run("DELETE FROM plan_dependency WHERE action_id = \(action.id)")
        for id in action.dependencies {
            try transaction.run("INSERT INTO plan_dependency (action_id, needs_id) VALUES (\(action.id), \(id))")
        }
        try transaction.run("DELETE FROM plan_tag WHERE action_id = \(action.id)")
        for tag in action.tags {
            try transaction.run(
                """
                INSERT INTO plan_tag (action_id, document, number)
                VALUES (\(action.id), \(tag.document.rawValue), \(tag.number))
                """)
        }
        try transaction.run("DELETE FROM plan_check WHERE action_id = \(action.id)")
        for (id, check) in action.checks.sorted(by: { $0.key < $1.key }) {
            try transaction.run(
                """
                INSERT INTO plan_check (action_id, principle_id, answer, note)
                VALUES (\(action.id), \(id), \(check.answer.rawValue), \(check.note))
                """)
        }
    }

    /// Gives an action another id, with all that hangs on it.
    func move(_ id: String, to other: String) throws {
        let columns: SQL = """
            number, body, focus, theme, horizon, examples, recurrence_years, document, section, owner, state, reason, cost_low,
            cost_high, survivors_role, survivors_paid, survivors_lead, finding, vote_id, weight, due_on, progress, is_in_plan,
            is_small, review, version
            """
        try transaction.run(
            "INSERT INTO plan_action (id, \(columns)) SELECT \(other), \(columns) FROM plan_action WHERE id = \(id)")
        for table in ["plan_dependency", "plan_tag", "plan_check", "plan_change"].compactMap(SQLName.init) {
            try transaction.run("UPDATE \(name: table) SET action_id = \(other) WHERE action_id = \(id)")
        }
        try transaction.run("UPDATE plan_dependency SET needs_id = \(other) WHERE needs_id = \(id)")
        try transaction.run("UPDATE vote_option SET linked = \(other) WHERE linked = \(id)")
        try transaction.run("DELETE FROM plan_action WHERE id = \(id)")
    }

    /// True for what was proposed here, and false for the region's own.
    func isProposal(_ id: String) throws -> Bool {
        try transaction.row(
            """
            SELECT number FROM plan_change WHERE action_id = \(id) AND field = \(ActionField.state.rawValue)
                AND before_text = \("")
            """) != nil
    }

    /// An id for what is proposed here that nothing has.
    func freeID(from number: Int) throws -> String {
        var number = number
        while try transaction.row("SELECT id FROM plan_action WHERE id = \(Action.proposedID(number))") != nil {
            number += 1
        }
        return Action.proposedID(number)
    }

    /// How every action stands.
    func states() throws -> [String: Action.State] {
        try transaction.rows("SELECT id, state FROM plan_action").reduce(into: [:]) { states, row in
            states[try row.text("id")] = Action.State(rawValue: try row.text("state"))
        }
    }

    /// What every action waits for.
    func needs() throws -> [String: [String]] {
        try transaction.rows("SELECT * FROM plan_dependency ORDER BY action_id, needs_id").reduce(into: [:]) {
            needs, row in
            needs[try row.text("action_id"), default: []].append(try row.text("needs_id"))
        }
    }

    // MARK: History

    /// The newest first.
    func changes(of action: String) throws -> [ActionChange] {
        try transaction.rows("SELECT * FROM plan_change WHERE action_id = \(action) ORDER BY number DESC")
            .compactMap(Self.change)
    }

    /// What was changed after `version`, the newest first.
    func changes(of action: String, since version: Int) throws -> [ActionChange] {
        try transaction.rows(
            "SELECT * FROM plan_change WHERE action_id = \(action) AND version > \(version) ORDER BY number DESC"
        ).compactMap(Self.change)
    }

    /// Of states, progress and weights of all actions, the newest first.
    func course() throws -> [(action: String, change: ActionChange)] {
        let fields = [ActionField.state, .progress, .weight].map(\.rawValue)
        return try transaction.rows(
            "SELECT * FROM plan_change WHERE field IN (\(list: fields)) ORDER BY at DESC, action_id, number DESC"
        ).compactMap { row in try Self.change(row).map { (try row.text("action_id"), $0) } }
    }

    private static func change(_ row: Row) throws -> ActionChange? {
        guard let field = ActionField(rawValue: try row.text("field")) else { return nil }
        return ActionChange(
            at: Instant(seconds: Int64(try row.integer("at"))), actor: try row.text("actor"),
            desk: row.optionalText("desk"), field: field, before: try row.text("before_text"),
            after: try row.text("after_text"), number: try row.integer("number"), version: number(row, "version"))
    }

    func change(_ number: Int, of action: String) throws -> ActionChange? {
        try transaction.row("SELECT * FROM plan_change WHERE action_id = \(action) AND number = \(number)")
            .flatMap(Self.change)
    }

    func erase(_ number: Int, of action: String) throws {
        try transaction.run(
            """
            UPDATE plan_change SET before_text = \(""), after_text = \("")
            WHERE action_id = \(action) AND number = \(number)
            """)
    }

    /// - Parameter version: of the action from these changes on.
    func add(_ changes: [ActionChange], to action: String, version: Int) throws {
        var number =
            try transaction.row(
                "SELECT COALESCE(MAX(number), 0) AS last FROM plan_change WHERE action_id = \(action)")?.integer("last")
            ?? 0
        for change in changes {
            number += 1
            try transaction.run(
                """
                INSERT INTO plan_change (action_id, number, at, actor, desk, field, before_text, after_text, version)
                VALUES (\(action), \(number), \(change.at), \(change.actor), \(change.desk), \(change.field.rawValue),
                    \(change.before), \(change.after), \(version))
                """)
        }
    }

    // MARK: Principles and respite

    func principles() throws -> [Principle] {
        try transaction.rows("SELECT * FROM principle ORDER BY number").map { row in
            Principle(
                id: try row.text("id"), number: try row.integer("number"), title: try row.text("title"),
                points: try row.text("points").split(separator: "\n").map(String.init),
                isPractice: try row.integer("is_practice") == 1, document: try row.text("document"),
                section: try row.text("section"))
        }
    }

    func add(_ principle: Principle) throws {
        try transaction.run(
            """
            INSERT INTO principle (id, number, title, points, is_practice, document, section)
            VALUES (\(principle.id), \(principle.number), \(principle.title),
                \(principle.points.joined(separator: "\n")), \(principle.isPractice), \(principle.document),
                \(principle.section))
            ON CONFLICT (id) DO NOTHING
            """)
    }

    /// Which calls each desk says it works on.
    func calls() throws -> [(desk: String, tag: Tag)] {
        try transaction.rows("SELECT * FROM desk_call ORDER BY desk, document, number").compactMap { row in
            let document = Tag.Document(rawValue: try row.text("document"))
            return try document.flatMap { Tag($0, number: try row.integer("number")) }.map {
                (try row.text("desk"), $0)
            }
        }
    }

    func setCalls(of desk: String, _ tags: Set<Tag>) throws {
        try transaction.run("DELETE FROM desk_call WHERE desk = \(desk)")
        for tag in tags.sorted() {
            try transaction.run(
                """
                INSERT INTO desk_call (desk, document, number) VALUES (\(desk), \(tag.document.rawValue), \(tag.number))
                """)
        }
    }

    /// Until when each desk that is away is away.
    func respites() throws -> [String: Day] {
        try transaction.rows("SELECT * FROM desk_respite").reduce(into: [:]) { respites, row in
            respites[try row.text("desk")] = row.day("away_until")
        }
    }

    func setRespite(of desk: String, until day: Day?) throws {
        try transaction.run("DELETE FROM desk_respite WHERE desk = \(desk)")
        guard let day else { return }
        try transaction.run("INSERT INTO desk_respite (desk, away_until) VALUES (\(desk), \(day))")
    }
}
