import Formats
import Kernel
import Storage

/// Proposals inside one transaction. SQL only.
struct ProposalStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func insert(_ proposal: Proposal, receipt: String?) throws {
        try transaction.run(
            """
            INSERT INTO proposal (id, kind, record_id, field, topic, value_then, proposed, origin, note, receipt, state,
                received_on)
            VALUES (\(proposal.id), \(proposal.kind.rawValue), \(proposal.record), \(proposal.field),
                \(proposal.topic.rawValue), \(proposal.valueThen), \(proposal.proposed), \(proposal.origin.rawValue),
                \(proposal.note), \(receipt), 'open', \(proposal.receivedOn))
            """)
    }

    /// False when it was decided before, by anybody. A visitor's words are kept no longer than they are needed.
    func decide(
        _ id: Identifier<Proposal>, _ state: Proposal.State, reply: String?, on day: Day, by role: String
    ) throws -> Bool {
        try transaction.run(
            """
            UPDATE proposal SET state = \(state.rawValue), reply = \(reply), decided_on = \(day), decided_by = \(role),
                note = CASE WHEN origin = 'visitor' THEN NULL ELSE note END
            WHERE id = \(id) AND state = 'open'
            """) == 1
    }

    /// A newer word of the same origin about the same field takes the place of the older one.
    func supersede(_ draft: ProposalDraft, on day: Day) throws {
        try transaction.run(
            """
            UPDATE proposal SET state = 'superseded', decided_on = \(day), decided_by = \(draft.origin.rawValue)
            WHERE record_id = \(draft.record) AND field = \(draft.field) AND topic = \(draft.topic.rawValue)
                AND origin = \(draft.origin.rawValue) AND state = 'open'
            """)
    }

    func proposal(_ id: Identifier<Proposal>) throws -> Proposal? {
        try transaction.row("SELECT * FROM proposal WHERE id = \(id)").map(read)
    }

    func proposal(receipt: String) throws -> Proposal? {
        try transaction.row("SELECT * FROM proposal WHERE receipt = \(receipt)").map(read)
    }

    /// Proposals of one state after `last`: those about danger first, then by day and id.
    func page(_ state: Proposal.State, after last: Proposal?, limit: Int) throws -> [Proposal] {
        var found: [Proposal] = []
        if last.map({ $0.topic == .unsafe }) ?? true {
            found = try page(state, "topic = 'unsafe'", after: last, limit: limit)
        }
        let rest = last?.topic == .unsafe ? nil : last
        return try found + page(state, "topic <> 'unsafe'", after: rest, limit: limit - found.count)
    }

    private func page(_ state: Proposal.State, _ topic: SQL, after last: Proposal?, limit: Int) throws -> [Proposal] {
        let (day, id) = (last?.receivedOn.description ?? "", last?.id.description ?? "")
        return try transaction.rows(
            """
            SELECT * FROM proposal
            WHERE state = \(state.rawValue) AND \(topic) AND (received_on > \(day) OR (received_on = \(day) AND id > \(id)))
            ORDER BY received_on, id LIMIT \(limit)
            """
        ).map(read)
    }

    func about(_ records: [Identifier<Record>]) throws -> [Proposal] {
        var found: [Proposal] = []
        for chunk in records.map(\.description).chunks(of: 512) {
            found += try transaction.rows("SELECT * FROM proposal WHERE record_id IN (\(list: chunk))").map(read)
        }
        return found
    }

    func openCount(_ origin: Proposal.Origin, about record: Identifier<Record>) throws -> Int {
        try transaction.row(
            """
            SELECT COUNT(*) AS n FROM proposal
            WHERE record_id = \(record) AND origin = \(origin.rawValue) AND state = 'open'
            """)?.integer("n") ?? 0
    }

    /// Pairs that people said are two different things, each with the lower id first.
    func refusedDuplicates() throws -> Set<[String]> {
        let rows = try transaction.rows(
            "SELECT record_id, proposed FROM proposal WHERE state = 'refused' AND topic = 'duplicate'")
        return Set(try rows.map { [try $0.text("record_id"), try $0.text("proposed")].sorted() })
    }

    /// The other open pairs of a record that is about to be merged fall away.
    func settleDuplicates(of lost: Identifier<Record>, on day: Day, by role: String) throws {
        try transaction.run(
            """
            UPDATE proposal SET state = 'superseded', decided_on = \(day), decided_by = \(role)
            WHERE state = 'open' AND topic = 'duplicate' AND (record_id = \(lost) OR proposed = \(lost))
            """)
    }

    /// What was said about a merged record is said about the one that stays.
    func move(from lost: Identifier<Record>, to kept: Identifier<Record>) throws {
        try transaction.run("UPDATE proposal SET record_id = \(kept) WHERE record_id = \(lost)")
    }

    private func read(_ row: Row) throws -> Proposal {
        guard let kind = RecordKind(rawValue: try row.text("kind")),
            let topic = Proposal.Topic(rawValue: try row.text("topic")),
            let origin = Proposal.Origin(rawValue: try row.text("origin")),
            let state = Proposal.State(rawValue: try row.text("state")), let received = row.day("received_on")
        else { throw StorageFailure.unexpectedColumn("proposal") }
        return Proposal(
            id: try row.identifier("id"), kind: kind, record: try row.identifier("record_id"),
            field: try row.text("field"), topic: topic, valueThen: row.optionalText("value_then"),
            proposed: row.optionalText("proposed"), origin: origin, note: row.optionalText("note"), state: state,
            reply: row.optionalText("reply"), receivedOn: received, decidedOn: row.day("decided_on"),
            decidedBy: row.optionalText("decided_by"))
    }
}
