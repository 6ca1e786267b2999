import Kernel
import Storage

/// What one side says of a finding, under the number that it keeps through its versions.
struct NumberedPosition: Sendable, Equatable {
    let number: Int
    let position: Finding.Position

    /// Of its words: another one is another version.
    var mark: String { Landscape.formKey(position.author, position.date ?? "", position.source, position.text) }
}

/// One earlier version of a position, or what is left of one that was erased: when and why.
struct PositionChange: Sendable {
    let number: Int
    let position: Int
    let at: Instant
    /// The role that changed it, and the desk where it was not the machine's command line.
    let actor: String
    let desk: String?
    /// Nil once it was erased.
    let before: Finding.Position?
    let reason: String?
}

/// Positions beside findings, and what stood there before, inside one transaction. SQL only.
struct PositionStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func add(_ positions: [Finding.Position], to finding: Identifier<Finding>) throws {
        // A number is not given again, so that what was said before of one side is never taken for another's.
        let row = try transaction.row(
            """
            SELECT COALESCE(MAX(number), 0) AS last FROM (
                SELECT number FROM finding_position WHERE finding_id = \(finding)
                UNION ALL SELECT position_number FROM finding_position_change WHERE finding_id = \(finding)) AS one
            """)
        let first = try row?.integer("last").advanced(by: 1) ?? 1
        for (index, position) in positions.enumerated() {
            try transaction.run(
                """
                INSERT INTO finding_position (finding_id, number, author, dated, source, wording)
                VALUES (\(finding), \(first + index), \(position.author), \(position.date), \(position.source),
                    \(position.text))
                """)
        }
        try transaction.run("UPDATE finding SET is_contested = 1 WHERE id = \(finding)")
    }

    /// By date.
    func positions(of finding: Identifier<Finding>) throws -> [NumberedPosition] {
        try transaction.rows(
            """
            SELECT number, author, dated, source, wording FROM finding_position WHERE finding_id = \(finding)
            ORDER BY COALESCE(dated, '9999'), author, number
            """
        ).map { row in
            NumberedPosition(
                number: try row.integer("number"),
                position: Finding.Position(
                    author: try row.text("author"), date: row.optionalText("dated"), source: try row.text("source"),
                    text: try row.text("wording")))
        }
    }

    func replace(_ number: Int, of finding: Identifier<Finding>, by position: Finding.Position) throws {
        try transaction.run(
            """
            UPDATE finding_position SET author = \(position.author), dated = \(position.date),
                source = \(position.source), wording = \(position.text)
            WHERE finding_id = \(finding) AND number = \(number)
            """)
    }

    func delete(_ number: Int, of finding: Identifier<Finding>) throws {
        try transaction.run("DELETE FROM finding_position WHERE finding_id = \(finding) AND number = \(number)")
    }

    // MARK: What stood there before

    /// The newest first.
    func changes(of finding: Identifier<Finding>) throws -> [PositionChange] {
        try transaction.rows(
            """
            SELECT number, position_number, at, actor, desk, author, dated, source, wording, reason
            FROM finding_position_change WHERE finding_id = \(finding) ORDER BY number DESC
            """
        ).map { row in
            var before: Finding.Position?
            if let author = row.optionalText("author"), let source = row.optionalText("source"),
                let text = row.optionalText("wording")
            {
                before = Finding.Position(author: author, date: row.optionalText("dated"), source: source, text: text)
            }
            return PositionChange(
                number: try row.integer("number"), position: try row.integer("position_number"),
                at: Instant(seconds: Int64(try row.integer("at"))), actor: try row.text("actor"),
                desk: row.optionalText("desk"), before: before, reason: row.optionalText("reason"))
        }
    }

    /// Of positions that are not there any more.
    func erased(of finding: Identifier<Finding>) throws -> [PositionChange] {
        let there = Set(try positions(of: finding).map(\.number))
        return try changes(of: finding).filter { !there.contains($0.position) }
    }

    /// - Parameters:
    ///   - before: nil for one that was erased.
    ///   - reason: why it was.
    func add(
        _ before: Finding.Position?, because reason: String?, at now: Instant, by asker: StudyActor, to number: Int,
        of finding: Identifier<Finding>
    ) throws {
        let row = try transaction.row(
            "SELECT COALESCE(MAX(number), 0) AS last FROM finding_position_change WHERE finding_id = \(finding)")
        let next = try row?.integer("last").advanced(by: 1) ?? 1
        try transaction.run(
            """
            INSERT INTO finding_position_change (finding_id, number, position_number, at, actor, desk, author, dated,
                source, wording, reason)
            VALUES (\(finding), \(next), \(number), \(now), \(asker.actor.name), \(asker.desk), \(before?.author),
                \(before?.date), \(before?.source), \(before?.text), \(reason))
            """)
    }

    /// All earlier versions of a position.
    func deleteChanges(ofPosition number: Int, of finding: Identifier<Finding>) throws {
        try transaction.run(
            "DELETE FROM finding_position_change WHERE finding_id = \(finding) AND position_number = \(number)")
    }

    /// One earlier version. False when it was erased before.
    func eraseChange(_ number: Int, because reason: String, of finding: Identifier<Finding>) throws -> Bool {
        try transaction.run(
            """
            UPDATE finding_position_change SET author = NULL, dated = NULL, source = NULL, wording = NULL,
                reason = \(reason)
            WHERE finding_id = \(finding) AND number = \(number) AND reason IS NULL
            """) == 1
    }
}
