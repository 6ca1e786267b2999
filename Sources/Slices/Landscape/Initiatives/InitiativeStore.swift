import Kernel
import Storage

/// Rows of initiatives, inside a transaction. No rules.
struct InitiativeStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    /// All that anybody may see, by name.
    func accepted() throws -> [Initiative] {
        try initiatives(where: "version > 0 AND withdrawn_on IS NULL").sorted(by: Self.byName)
    }

    /// All that something was accepted of, also what was taken off, by name.
    func everAccepted() throws -> [Initiative] { try initiatives(where: "version > 0").sorted(by: Self.byName) }

    /// Those that a desk confirms, by name.
    func accepted(keptBy desk: String) throws -> [Initiative] {
        try initiatives(
            where: """
                version > 0 AND COALESCE((SELECT body FROM initiative_field
                WHERE initiative_id = initiative.id AND field = 'member'), desk) = \(desk)
                """
        ).sorted(by: Self.byName)
    }

    private static func byName(_ one: Initiative, _ other: Initiative) -> Bool {
        (one[.name], one.id) < (other[.name], other.id)
    }

    func initiative(_ id: Identifier<Initiative>) throws -> Initiative? {
        try initiatives(where: "id = \(id)").first
    }

    func initiatives(_ ids: [Identifier<Initiative>]) throws -> [Identifier<Initiative>: Initiative] {
        let found = try initiatives(where: "id IN (\(list: Set(ids).map(\.description)))")
        return Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
    }

    private func initiatives(where condition: SQL) throws -> [Initiative] {
        var texts: [String: [Initiative.Field: String]] = [:]
        let fields = try transaction.rows(
            "SELECT * FROM initiative_field WHERE initiative_id IN (SELECT id FROM initiative WHERE \(condition))")
        for row in fields {
            guard let field = Initiative.Field(rawValue: try row.text("field")) else { continue }
            texts[try row.text("initiative_id"), default: [:]][field] = try row.text("body")
        }
        return try transaction.rows("SELECT * FROM initiative WHERE \(condition)").map { row in
            Initiative(
                id: try row.identifier("id"), desk: try row.text("desk"), version: try row.integer("version"),
                confirmation: Self.confirmation(row), withdrawal: Self.withdrawal(row),
                texts: texts[try row.text("id")] ?? [:])
        }
    }

    private static func confirmation(_ row: Row) -> Initiative.Confirmation? {
        guard let day = row.day("confirmed_on"), let desk = row.optionalText("confirmed_by") else { return nil }
        return Initiative.Confirmation(day: day, desk: desk)
    }

    private static func withdrawal(_ row: Row) -> Initiative.Withdrawal? {
        guard let day = row.day("withdrawn_on"), let desk = row.optionalText("withdrawn_by"),
            let reason = row.optionalText("withdrawn_reason")
        else { return nil }
        return Initiative.Withdrawal(day: day, desk: desk, reason: reason)
    }

    func add(_ id: Identifier<Initiative>, desk: String) throws {
        try transaction.run("INSERT INTO initiative (id, desk, version) VALUES (\(id), \(desk), 0)")
    }

    /// Stores what was accepted, as the next version.
    func update(_ initiative: Initiative) throws {
        try transaction.run(
            """
            UPDATE initiative SET version = \(initiative.version + 1), confirmed_on = \(initiative.confirmation?.day),
                confirmed_by = \(initiative.confirmation?.desk)
            WHERE id = \(initiative.id)
            """)
        try transaction.run("DELETE FROM initiative_field WHERE initiative_id = \(initiative.id)")
        for field in Initiative.Field.allCases where !initiative[field].isEmpty {
            try transaction.run(
                """
                INSERT INTO initiative_field (initiative_id, field, body)
                VALUES (\(initiative.id), \(field.rawValue), \(initiative[field]))
                """)
        }
    }

    func confirm(_ id: Identifier<Initiative>, _ confirmation: Initiative.Confirmation) throws {
        try transaction.run(
            """
            UPDATE initiative SET confirmed_on = \(confirmation.day), confirmed_by = \(confirmation.desk)
            WHERE id = \(id)
            """)
    }

    /// Takes it off the public pages, or puts it back where there is no withdrawal.
    func withdraw(_ id: Identifier<Initiative>, _ withdrawal: Initiative.Withdrawal?) throws {
        try transaction.run(
            """
            UPDATE initiative SET withdrawn_on = \(withdrawal?.day), withdrawn_by = \(withdrawal?.desk),
                withdrawn_reason = \(withdrawal?.reason)
            WHERE id = \(id)
            """)
    }

    // MARK: Proposals

    func proposal(_ id: Identifier<InitiativeProposal>) throws -> InitiativeProposal? {
        try proposals(transaction.rows("SELECT * FROM initiative_proposal WHERE id = \(id)")).first
    }

    /// As many proposals as a page has.
    static let most = 100
    /// As many new initiatives and changes of one desk as wait at once, so that no desk fills the page alone.
    static let mostWaiting = 20

    /// How many of a desk wait, other than to this one, of which the last replaces those before.
    func waiting(of desk: String, besides id: Identifier<Initiative>) throws -> Int {
        try transaction.row(
            """
            SELECT COUNT(*) AS total FROM initiative_proposal
            WHERE desk = \(desk) AND state = 'open' AND initiative_id <> \(id)
            """)?.integer("total") ?? 0
    }

    /// What nobody decided on yet, the oldest first.
    func open() throws -> [InitiativeProposal] {
        try proposals(
            transaction.rows(
                "SELECT * FROM initiative_proposal WHERE state = 'open' ORDER BY at, id LIMIT \(Self.most)"))
    }

    func open(of desk: String, to id: Identifier<Initiative>) throws -> InitiativeProposal? {
        try proposals(
            transaction.rows(
                """
                SELECT * FROM initiative_proposal WHERE initiative_id = \(id) AND desk = \(desk) AND state = 'open'
                ORDER BY id
                """)
        ).first
    }

    /// What a desk proposed last, where it still waits or was refused and can be put right.
    func last(of desk: String, to id: Identifier<Initiative>) throws -> InitiativeProposal? {
        let newest = try proposals(
            transaction.rows(
                """
                SELECT * FROM initiative_proposal
                WHERE initiative_id = \(id) AND desk = \(desk) AND state <> 'replaced' ORDER BY at DESC, id DESC LIMIT 1
                """)
        ).first
        return newest?.state == .accepted ? nil : newest
    }

    /// What a desk proposed, the newest first.
    func proposals(of desk: String) throws -> [InitiativeProposal] {
        try proposals(
            transaction.rows(
                """
                SELECT * FROM initiative_proposal WHERE desk = \(desk) AND state <> 'replaced' ORDER BY at DESC, id
                LIMIT \(Self.most)
                """))
    }

    private func proposals(_ rows: [Row]) throws -> [InitiativeProposal] {
        var changes: [String: [Initiative.Field: String]] = [:]
        let ids = try rows.map { try $0.text("id") }
        for row in try transaction.rows("SELECT * FROM initiative_proposed WHERE proposal_id IN (\(list: ids))") {
            guard let field = Initiative.Field(rawValue: try row.text("field")) else { continue }
            changes[try row.text("proposal_id"), default: [:]][field] = try row.text("body")
        }
        return try rows.map { row in
            guard let state = InitiativeProposal.State(rawValue: try row.text("state")) else {
                throw StorageFailure.unexpectedColumn("initiative_proposal")
            }
            return InitiativeProposal(
                id: try row.identifier("id"), initiative: try row.identifier("initiative_id"),
                desk: try row.text("desk"), at: Instant(seconds: Int64(try row.integer("at"))), state: state,
                reason: row.optionalText("reason"), changes: changes[try row.text("id")] ?? [:])
        }
    }

    func add(_ proposal: InitiativeProposal) throws {
        try transaction.run(
            """
            INSERT INTO initiative_proposal (id, initiative_id, desk, at, state)
            VALUES (\(proposal.id), \(proposal.initiative), \(proposal.desk), \(proposal.at), 'open')
            """)
        for (field, text) in proposal.changes {
            try transaction.run(
                """
                INSERT INTO initiative_proposed (proposal_id, field, body)
                VALUES (\(proposal.id), \(field.rawValue), \(text))
                """)
        }
    }

    /// False where somebody decided before.
    func decide(
        _ id: Identifier<InitiativeProposal>, _ state: InitiativeProposal.State, reason: String?, at now: Instant
    ) throws -> Bool {
        try transaction.run(
            """
            UPDATE initiative_proposal SET state = \(state.rawValue), reason = \(reason), decided_at = \(now)
            WHERE id = \(id) AND state = 'open'
            """) > 0
    }
}
