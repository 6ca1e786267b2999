import Kernel
import Sealing
import Storage

/// Rows of desks, workers, invitations and sessions, inside one transaction. SQL only.
struct AccountsStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    // MARK: Desks

    func deskKey(_ desk: Identifier<Desk>) throws -> [UInt8]? {
        try transaction.row("SELECT sealing_key FROM desk WHERE id = \(desk)")?.bytes("sealing_key")
    }

    func desks() throws -> [Identifier<Desk>] {
        try transaction.rows("SELECT id FROM desk ORDER BY opened_on, id").map { try $0.identifier("id") }
    }

    func openDesk(_ desk: Identifier<Desk>, sealingKey: [UInt8], on day: Day) throws {
        try transaction.run(
            "INSERT INTO desk (id, sealing_key, opened_on) VALUES (\(desk), \(sealingKey), \(day))")
    }

    /// Another key for a desk whose own nobody holds any more. What was sealed to the old one stays shut.
    func beginAnew(_ desk: Identifier<Desk>, sealingKey: [UInt8]) throws {
        try transaction.run("UPDATE desk SET sealing_key = \(sealingKey) WHERE id = \(desk)")
        try transaction.run("UPDATE worker SET desk_key = NULL WHERE desk_id = \(desk)")
    }

    /// Whether somebody at the desk holds its key and may come in, now or when woken.
    func isHeld(_ desk: Identifier<Desk>) throws -> Bool {
        try transaction.row(
            """
            SELECT id FROM worker
            WHERE desk_id = \(desk) AND desk_key IS NOT NULL AND state IN ('active', 'dormant') LIMIT 1
            """) != nil
    }

    // MARK: Workers

    func worker(_ id: Identifier<Worker>) throws -> Worker? {
        try transaction.row("SELECT * FROM worker WHERE id = \(id)").map(Self.worker)
    }

    func worker(named name: SignInName) throws -> Worker? {
        try transaction.row("SELECT * FROM worker WHERE name_key = \(name.key)").map(Self.worker)
    }

    func workers(of desk: Identifier<Desk>) throws -> [Worker] {
        try transaction.rows("SELECT * FROM worker WHERE desk_id = \(desk) ORDER BY sign_in_name").map(Self.worker)
    }

    func activeWorkers() throws -> [Worker] {
        try transaction.rows("SELECT * FROM worker WHERE state = 'active' ORDER BY sign_in_name").map(Self.worker)
    }

    /// The roles of those who may come in, by desk.
    func activeRoles() throws -> [Identifier<Desk>: [Role]] {
        var roles: [Identifier<Desk>: [Role]] = [:]
        for row in try transaction.rows(
            "SELECT desk_id, role FROM worker WHERE state = 'active' GROUP BY desk_id, role")
        {
            guard let role = Role(rawValue: try row.text("role")) else {
                throw StorageFailure.unexpectedColumn("worker.role")
            }
            roles[try row.identifier("desk_id"), default: []].append(role)
        }
        return roles
    }

    private static func worker(_ row: Row) throws -> Worker {
        guard let role = Role(rawValue: try row.text("role")),
            let state = Worker.State(rawValue: try row.text("state")),
            let seenOn = row.day("seen_on")
        else { throw StorageFailure.unexpectedColumn("worker") }
        return Worker(
            id: try row.identifier("id"), desk: try row.identifier("desk_id"), name: try row.text("sign_in_name"),
            role: role, leads: try row.integer("leads") == 1, state: state, seenOn: seenOn)
    }

    /// Stores a worker, or what is new about one.
    func write(_ worker: Worker, _ credentials: Credentials, deskKey: [UInt8]?, step: Int, on day: Day) throws {
        try transaction.run(
            """
            INSERT INTO worker (id, desk_id, sign_in_name, name_key, role, leads, state, salt, proof, opening_key,
                sealing_key, desk_key, code_secret, code_step, joined_on, seen_on)
            VALUES (\(worker.id), \(worker.desk), \(worker.name), \(SignInName(worker.name).key),
                \(worker.role.rawValue), \(worker.leads),
                \(worker.state.rawValue), \(credentials.salt), \(credentials.proof), \(credentials.openingKey),
                \(credentials.sealingKey), \(deskKey), \(credentials.codeSecret), \(step), \(day), \(worker.seenOn))
            ON CONFLICT (id) DO UPDATE SET sign_in_name = excluded.sign_in_name, name_key = excluded.name_key,
                role = excluded.role,
                leads = excluded.leads, state = excluded.state, salt = excluded.salt, proof = excluded.proof,
                opening_key = excluded.opening_key, sealing_key = excluded.sealing_key, desk_key = excluded.desk_key,
                code_secret = excluded.code_secret, code_step = excluded.code_step, seen_on = excluded.seen_on
            """)
    }

    /// New credentials in the place of `old`; false when those are no longer the worker's, or the worker may not come in.
    func replace(_ old: Credentials, by new: Credentials, of worker: Identifier<Worker>) throws -> Bool {
        try transaction.run(
            """
            UPDATE worker SET salt = \(new.salt), proof = \(new.proof), opening_key = \(new.openingKey),
                sealing_key = \(new.sealingKey), code_secret = \(new.codeSecret)
            WHERE id = \(worker) AND proof = \(old.proof) AND state = 'active'
            """) == 1
    }

    /// Whether `credentials` are still the worker's, who may come in.
    func isCurrent(_ credentials: Credentials, of worker: Identifier<Worker>) throws -> Bool {
        try transaction.row(
            """
            SELECT id FROM worker WHERE id = \(worker) AND proof = \(credentials.proof) AND state = 'active'
            """) != nil
    }

    func credentials(of worker: Identifier<Worker>) throws -> (Credentials, step: Int, deskKey: [UInt8]?)? {
        guard let row = try transaction.row("SELECT * FROM worker WHERE id = \(worker)") else { return nil }
        let credentials = Credentials(
            salt: try row.bytes("salt"), proof: try row.bytes("proof"), openingKey: try row.bytes("opening_key"),
            sealingKey: try row.bytes("sealing_key"), codeSecret: try row.bytes("code_secret"))
        return (credentials, try row.integer("code_step"), try? row.bytes("desk_key"))
    }

    func setState(_ state: Worker.State, of worker: Identifier<Worker>) throws {
        try transaction.run("UPDATE worker SET state = \(state.rawValue) WHERE id = \(worker)")
        guard state != .active else { return }
        try endSessions(of: worker, but: nil)
        try transaction.run("DELETE FROM notice_address WHERE worker_id = \(worker)")
    }

    /// Lets somebody in no longer: no stay, no link for them or by them, no key of the desk.
    func suspend(_ worker: Identifier<Worker>) throws {
        try setState(.suspended, of: worker)
        try transaction.run("UPDATE worker SET desk_key = NULL WHERE id = \(worker)")
        try transaction.run("DELETE FROM invitation WHERE worker_id = \(worker) OR invited_by = \(worker)")
    }

    /// Notes a sign-in. False when the code's step was taken already by another sign-in at the same time. A step far ahead
    /// was taken while the clock was wrong, and counts no more.
    func seen(_ worker: Identifier<Worker>, on day: Day, step: Int) throws -> Bool {
        try transaction.run(
            """
            UPDATE worker SET seen_on = \(day), code_step = \(step)
            WHERE id = \(worker) AND (code_step < \(step) OR code_step > \(step + OneTimeCode.drift * 2))
            """) == 1
    }

    func seen(_ worker: Identifier<Worker>, on day: Day) throws {
        try transaction.run("UPDATE worker SET seen_on = \(day) WHERE id = \(worker) AND seen_on <> \(day)")
    }

    /// Workers that rest from now on, because they did not come since `day`. Of those who lead a desk one stays awake: who
    /// came last, so that neither a quiet summer nor a wrong clock locks a desk for good.
    func restThose(notSeenSince day: Day) throws -> [Worker] {
        let idle = try transaction.rows(
            """
            SELECT * FROM worker WHERE state = 'active' AND seen_on < \(day) AND NOT (leads = 1 AND NOT EXISTS (
                SELECT 1 FROM worker AS other
                WHERE other.desk_id = worker.desk_id AND other.leads = 1 AND other.state = 'active'
                    AND (other.seen_on > worker.seen_on OR other.seen_on = worker.seen_on AND other.id > worker.id)))
            """
        ).map(Self.worker)
        for worker in idle { try setState(.dormant, of: worker.id) }
        return idle
    }

    // MARK: Recovery codes

    func writeRecoveryCodes(_ digests: [String], of worker: Identifier<Worker>) throws {
        try transaction.run("DELETE FROM recovery_code WHERE worker_id = \(worker)")
        for digest in Set(digests) {
            try transaction.run("INSERT INTO recovery_code (worker_id, digest) VALUES (\(worker), \(digest))")
        }
    }

    /// True when the code was there; it is gone then.
    func useRecoveryCode(_ digest: String, of worker: Identifier<Worker>) throws -> Bool {
        try transaction.run("DELETE FROM recovery_code WHERE worker_id = \(worker) AND digest = \(digest)") == 1
    }

    func recoveryCodes(of worker: Identifier<Worker>) throws -> Int {
        try transaction.row("SELECT COUNT(*) AS count FROM recovery_code WHERE worker_id = \(worker)")?
            .integer("count") ?? 0
    }

    // MARK: Invitations

    func write(_ invitation: Invitation, on day: Day) throws {
        try transaction.run(
            """
            INSERT INTO invitation (digest, desk_id, worker_id, role, leads, desk_key, invited_by, begins_anew, made_on,
                expires_at)
            VALUES (\(invitation.digest), \(invitation.desk), \(invitation.worker), \(invitation.role.rawValue),
                \(invitation.leads), \(invitation.deskKey), \(invitation.invitedBy), \(invitation.beginsAnew), \(day),
                \(invitation.expires))
            """)
    }

    /// An invitation that can be used; wrong, used and old ones take the same one question.
    func invitation(_ digest: String, at now: Instant) throws -> Invitation? {
        let row = try transaction.row(
            "SELECT * FROM invitation WHERE digest = \(digest) AND expires_at > \(now)")
        return try row.map(Self.invitation)
    }

    func openInvitations(to desk: Identifier<Desk>, at now: Instant) throws -> [Invitation] {
        try transaction.rows(
            """
            SELECT * FROM invitation WHERE desk_id = \(desk) AND expires_at > \(now)
            ORDER BY expires_at, digest
            """
        ).map(Self.invitation)
    }

    private static func invitation(_ row: Row) throws -> Invitation {
        guard let role = Role(rawValue: try row.text("role")) else {
            throw StorageFailure.unexpectedColumn("invitation.role")
        }
        return Invitation(
            digest: try row.text("digest"), desk: try row.identifier("desk_id"),
            worker: row.optionalText("worker_id").flatMap(Identifier.init), role: role,
            leads: try row.integer("leads") == 1, deskKey: try? row.bytes("desk_key"),
            invitedBy: row.optionalText("invited_by").flatMap(Identifier.init),
            beginsAnew: try row.integer("begins_anew") == 1,
            expires: Instant(seconds: Int64(try row.integer("expires_at"))))
    }

    /// Uses the invitation up, and what it opened is gone; of two uses at the same time one gets true.
    func use(_ invitation: Invitation) throws -> Bool {
        try transaction.run("DELETE FROM invitation WHERE digest = \(invitation.digest)") == 1
    }

    func withdraw(_ digest: String, to desk: Identifier<Desk>) throws {
        try transaction.run("DELETE FROM invitation WHERE digest = \(digest) AND desk_id = \(desk)")
    }

    func removeInvitations(before now: Instant) throws {
        try transaction.run("DELETE FROM invitation WHERE expires_at <= \(now)")
    }
}
