import Kernel
import Storage

/// Rows of follow-ups and promises of desks. SQL only.
struct FollowUpStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    static let migration = Migration(
        "intake-0006",
        [
            """
            CREATE TABLE follow_up (
                grant_id TEXT PRIMARY KEY REFERENCES intake_grant (id),
                recipient_id TEXT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1),
                worker_id TEXT,
                step TEXT,
                due_on TEXT,
                note BYTEA,
                note_key BYTEA
            )
            """,
            "CREATE INDEX follow_up_by_recipient ON follow_up (recipient_id)",
            """
            CREATE TABLE answer_promise (
                recipient_id TEXT PRIMARY KEY,
                answer_days BIGINT NOT NULL CHECK (answer_days BETWEEN 1 AND 30)
            )
            """,
        ], isAddition: true)

    func followUps(of recipient: Identifier<Recipient>) throws -> [Identifier<Grant>: FollowUp] {
        let rows = try transaction.rows(
            """
            SELECT grant_id, version, worker_id, step, due_on FROM follow_up
            WHERE recipient_id = \(recipient) ORDER BY grant_id
            """)
        var found: [Identifier<Grant>: FollowUp] = [:]
        for row in rows {
            let grant: Identifier<Grant> = try row.identifier("grant_id")
            found[grant] = FollowUp(
                grant: grant, version: try row.integer("version"), worker: row.optionalText("worker_id"),
                step: row.optionalText("step").flatMap(FollowUp.Step.init), dueOn: row.day("due_on"))
        }
        return found
    }

    func version(of grant: Identifier<Grant>) throws -> Int {
        try transaction.row("SELECT version FROM follow_up WHERE grant_id = \(grant)")?.integer("version") ?? 0
    }

    func note(of grant: Identifier<Grant>) throws -> (version: Int, content: [UInt8], key: [UInt8])? {
        try transaction.row(
            "SELECT version, note, note_key FROM follow_up WHERE grant_id = \(grant) AND note IS NOT NULL"
        ).map { (try $0.integer("version"), try $0.bytes("note"), try $0.bytes("note_key")) }
    }

    func write(
        _ followUp: FollowUp, of recipient: Identifier<Recipient>, note: (content: [UInt8], key: [UInt8])?
    ) throws {
        try transaction.run(
            """
            INSERT INTO follow_up (grant_id, recipient_id, version, worker_id, step, due_on, note, note_key)
            VALUES (\(followUp.grant), \(recipient), \(followUp.version), \(followUp.worker), \(followUp.step?.rawValue),
                \(followUp.dueOn), \(note?.content), \(note?.key))
            ON CONFLICT (grant_id) DO UPDATE SET version = excluded.version, worker_id = excluded.worker_id,
                step = excluded.step, due_on = excluded.due_on, note = excluded.note, note_key = excluded.note_key
            """)
    }

    func remove(_ grant: Identifier<Grant>) throws {
        try transaction.run("DELETE FROM follow_up WHERE grant_id = \(grant)")
    }

    func removeRows(of file: Identifier<PersonFile>) throws {
        try transaction.run(
            "DELETE FROM follow_up WHERE grant_id IN (SELECT id FROM intake_grant WHERE file_id = \(file))")
    }

    func answerDays(of recipient: Identifier<Recipient>) throws -> Int? {
        try transaction.row("SELECT answer_days FROM answer_promise WHERE recipient_id = \(recipient)")?
            .integer("answer_days")
    }

    func promise(_ days: Int, of recipient: Identifier<Recipient>) throws {
        try transaction.run(
            """
            INSERT INTO answer_promise (recipient_id, answer_days) VALUES (\(recipient), \(days))
            ON CONFLICT (recipient_id) DO UPDATE SET answer_days = excluded.answer_days
            """)
    }
}
