import Formats
import Kernel
import Storage

/// Followed feeds inside one transaction. SQL only.
struct FollowStore {
    /// A run that is not heard of for so many seconds is over, such as that of a killed node.
    static let leaseSeconds: Int64 = 120

    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func follows() throws -> [Follow] {
        try transaction.rows(
            """
            SELECT f.*, (SELECT COUNT(*) FROM proposal p WHERE p.origin = 'import' AND p.state = 'open'
                AND p.note = 'feed ' || f.source) AS conflicts
            FROM follow f ORDER BY f.source
            """
        ).map(read)
    }

    func follow(_ source: String) throws -> Follow? { try follows().first { $0.source == source } }

    private func read(_ row: Row) throws -> Follow {
        func moment(_ column: String) throws -> Instant? {
            let seconds = try row.integer(column)
            return seconds == 0 ? nil : Instant(seconds: Int64(seconds))
        }
        return Follow(
            source: try row.text("source"), url: try row.text("url"), every: try row.integer("every"),
            inside: try row.integer("inside") == 1, node: row.optionalText("node"), takenAt: try moment("taken_at"),
            taken: try row.integer("taken"), nextAt: Instant(seconds: Int64(try row.integer("next_at"))),
            fault: row.optionalText("fault"), failures: try row.integer("failures"),
            conflicts: try row.integer("conflicts"), since: try moment("since_at"), wholeAt: try moment("whole_at"),
            lease: try row.text("lease"))
    }

    func write(_ source: String, _ url: String, every: Int, inside: Bool, at now: Instant) throws {
        try transaction.run(
            """
            INSERT INTO follow (source, url, every, inside, node, started_at, next_at, since_at, whole_at, taken_at, taken,
                fault, failures, lease, lease_until)
            VALUES (\(source), \(url), \(every), \(inside), NULL, \(now), \(now), 0, 0, 0, 0, NULL, 0, '', 0)
            ON CONFLICT (source) DO UPDATE SET every = excluded.every, inside = excluded.inside
            """)
    }

    /// False when no such feed was followed.
    func delete(_ source: String) throws -> Bool {
        try transaction.run("DELETE FROM follow WHERE source = \(source)") == 1
    }

    /// False when another run has it.
    func lease(_ source: String, _ lease: String, at now: Instant) throws -> Bool {
        try transaction.run(
            """
            UPDATE follow SET lease = \(lease), lease_until = \(now.seconds + Self.leaseSeconds)
            WHERE source = \(source) AND lease_until <= \(now)
            """) == 1
    }

    /// False when it ran out and another run began.
    func renew(_ source: String, _ lease: String, at now: Instant) throws -> Bool {
        try transaction.run(
            """
            UPDATE follow SET lease_until = \(now.seconds + Self.leaseSeconds)
            WHERE source = \(source) AND lease = \(lease)
            """) == 1
    }

    /// - Parameters:
    ///   - since: what the next run asks for.
    ///   - isWhole: true when the run asked for all.
    func succeed(
        _ follow: Follow, node: String?, since: Instant, isWhole: Bool, at now: Instant
    ) throws {
        let wholeAt = isWhole ? now : follow.wholeAt ?? Instant(seconds: 0)
        try transaction.run(
            """
            UPDATE follow SET node = \(node), since_at = \(since), whole_at = \(wholeAt), taken_at = \(now), fault = NULL,
                failures = 0, next_at = \(now.seconds + Int64(follow.every)), lease_until = 0,
                taken = (SELECT COUNT(*) FROM imported WHERE source = \(follow.source)
                    AND kind IN ('service', 'organization'))
            WHERE source = \(follow.source)
            """)
    }

    func fail(_ follow: Follow, _ lease: String, fault: String, at now: Instant) throws {
        let wait = min(follow.every, 300 << min(follow.failures, 8))
        try transaction.run(
            """
            UPDATE follow SET fault = \(fault), failures = failures + 1, next_at = \(now.seconds + Int64(wait)),
                lease_until = 0
            WHERE source = \(follow.source) AND lease = \(lease)
            """)
    }

    // MARK: What came from where

    func write(origin node: String, of key: RecordKey) throws {
        try transaction.run(
            """
            INSERT INTO followed (record_id, kind, node) VALUES (\(key.id), \(key.kind.rawValue), \(node))
            ON CONFLICT (record_id, kind) DO UPDATE SET node = excluded.node
            """)
    }

    /// Those of `ids` that were here and were removed or merged.
    func buried(_ ids: [Identifier<Record>]) throws -> Set<Identifier<Record>> {
        var buried: Set<Identifier<Record>> = []
        for chunk in ids.chunks(of: 512) {
            let rows = try transaction.rows("SELECT record_id FROM tombstone WHERE record_id IN (\(list: chunk))")
            for row in rows { buried.insert(try row.identifier("record_id")) }
        }
        return buried
    }

    /// True when a feed proposed the same before and staff have not decided, or have refused it.
    func wasSaid(_ draft: ProposalDraft) throws -> Bool {
        try transaction.rows(
            """
            SELECT proposed FROM proposal WHERE record_id = \(draft.record) AND field = \(draft.field)
                AND origin = 'import' AND state IN ('open', 'refused')
            """
        ).contains { $0.optionalText("proposed") == draft.proposed }
    }

    /// The id of this node, made when it is first asked for.
    func node(_ new: () -> String) throws -> String {
        if let row = try transaction.row("SELECT id FROM node WHERE number = 1") { return try row.text("id") }
        let id = new()
        try transaction.run("INSERT INTO node (number, id) VALUES (1, \(id))")
        return id
    }
}
