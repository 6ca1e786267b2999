import Kernel
import Sealing
import Storage

/// A stay of one worker at the desk, in one browser.
package struct Session: Sendable {
    /// The digest of what the browser holds.
    let digest: String
    let worker: Identifier<Worker>
    /// The worker's opening secret under the token's own key.
    let openingKey: [UInt8]
    let began: Instant
    let used: Instant

    static let idleSeconds: Int64 = 20 * 60
    static let longestSeconds: Int64 = 12 * 3600

    func isOver(at now: Instant) -> Bool {
        now.seconds - used.seconds > Self.idleSeconds || now.seconds - began.seconds > Self.longestSeconds
            || began.isAhead(of: now)
    }

    static func binding(_ worker: Identifier<Worker>) -> Envelope.Binding {
        Envelope.Binding("session", worker.description)
    }
}

/// A browser that somebody signed in from before. Its failures are counted apart from everybody else's, so that nobody
/// outside can lock a desk out.
package struct KnownDevice: Sendable {
    let digest: String
    let firstOn: Day
    let lastOn: Day
}

extension AccountsStore {
    // MARK: Sessions

    func write(_ session: Session) throws {
        try transaction.run(
            """
            INSERT INTO session (digest, worker_id, opening_key, began_at, used_at)
            VALUES (\(session.digest), \(session.worker), \(session.openingKey), \(session.began), \(session.used))
            """)
    }

    func session(_ digest: String) throws -> Session? {
        try transaction.row("SELECT * FROM session WHERE digest = \(digest)").map(Self.session)
    }

    func sessions(of worker: Identifier<Worker>) throws -> [Session] {
        try transaction.rows("SELECT * FROM session WHERE worker_id = \(worker) ORDER BY began_at, digest")
            .map(Self.session)
    }

    private static func session(_ row: Row) throws -> Session {
        Session(
            digest: try row.text("digest"), worker: try row.identifier("worker_id"),
            openingKey: try row.bytes("opening_key"),
            began: Instant(seconds: Int64(try row.integer("began_at"))),
            used: Instant(seconds: Int64(try row.integer("used_at"))))
    }

    func use(_ session: Session, at now: Instant) throws {
        try transaction.run("UPDATE session SET used_at = \(now) WHERE digest = \(session.digest)")
    }

    func endSession(_ digest: String, of worker: Identifier<Worker>) throws {
        try transaction.run("DELETE FROM session WHERE digest = \(digest) AND worker_id = \(worker)")
    }

    /// The stay that the same browser had before.
    func endSession(_ digest: String) throws {
        try transaction.run("DELETE FROM session WHERE digest = \(digest)")
    }

    func endSessions(of worker: Identifier<Worker>, but digest: String?) throws {
        try transaction.run("DELETE FROM session WHERE worker_id = \(worker) AND digest <> \(digest ?? "")")
    }

    func endSessions(before now: Instant) throws {
        try transaction.run(
            """
            DELETE FROM session WHERE used_at < \(now.seconds - Session.idleSeconds)
                OR began_at < \(now.seconds - Session.longestSeconds) OR began_at > \(now.seconds + Instant.skew)
            """)
    }

    // MARK: Devices

    func devices(of worker: Identifier<Worker>) throws -> [KnownDevice] {
        try transaction.rows(
            "SELECT digest, first_on, last_on FROM known_device WHERE worker_id = \(worker) ORDER BY last_on DESC, digest"
        ).map { row in
            guard let first = row.day("first_on"), let last = row.day("last_on") else {
                throw StorageFailure.unexpectedColumn("known_device")
            }
            return KnownDevice(digest: try row.text("digest"), firstOn: first, lastOn: last)
        }
    }

    func isKnown(_ device: String, to worker: Identifier<Worker>) throws -> Bool {
        try transaction.row("SELECT digest FROM known_device WHERE digest = \(device) AND worker_id = \(worker)") != nil
    }

    /// Whether anybody signed in from this browser.
    func isKnown(_ device: String) throws -> Bool {
        try transaction.row("SELECT digest FROM known_device WHERE digest = \(device) LIMIT 1") != nil
    }

    func know(_ device: String, of worker: Identifier<Worker>, on day: Day) throws {
        try transaction.run(
            """
            INSERT INTO known_device (digest, worker_id, first_on, last_on)
            VALUES (\(device), \(worker), \(day), \(day))
            ON CONFLICT (digest, worker_id) DO UPDATE SET last_on = excluded.last_on
            """)
    }

    func forgetDevice(_ device: String, of worker: Identifier<Worker>) throws {
        try transaction.run("DELETE FROM known_device WHERE digest = \(device) AND worker_id = \(worker)")
    }

    func forgetDevices(of worker: Identifier<Worker>) throws {
        try transaction.run("DELETE FROM known_device WHERE worker_id = \(worker)")
    }

    func forgetDevices(notUsedSince day: Day) throws {
        try transaction.run("DELETE FROM known_device WHERE last_on < \(day)")
    }

    // MARK: Tries

    /// How often somebody failed with a name, and until when tries from `device`, or from all unknown ones together when it
    /// is empty, are in vain.
    func waits(_ name: String, _ device: String) throws -> Instant {
        let row = try transaction.row(
            "SELECT wait_until FROM failed_sign_in WHERE name = \(name) AND device = \(device)")
        return Instant(seconds: Int64(try row?.integer("wait_until") ?? 0))
    }

    /// Counts one more failure, and gives how many there are.
    func addFailure(_ name: String, _ device: String, at now: Instant) throws -> Int {
        let row = try transaction.row(
            """
            INSERT INTO failed_sign_in (name, device, count, wait_until) VALUES (\(name), \(device), 1, \(now))
            ON CONFLICT (name, device) DO UPDATE SET count = failed_sign_in.count + 1
            RETURNING count
            """)
        return try row?.integer("count") ?? 1
    }

    func wait(_ name: String, _ device: String, until: Instant) throws {
        try transaction.run(
            "UPDATE failed_sign_in SET wait_until = \(until) WHERE name = \(name) AND device = \(device)")
    }

    func clearFailures(_ name: String, _ device: String) throws {
        try transaction.run("DELETE FROM failed_sign_in WHERE name = \(name) AND device = \(device)")
    }

    func clearFailures(before moment: Instant) throws {
        try transaction.run("DELETE FROM failed_sign_in WHERE wait_until < \(moment)")
    }
}
