import Kernel
import Storage

/// What is done to findings beside their text: positions, merging, drafts out of highlights. SQL only.
struct FindingTalkStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func add(_ positions: [Finding.Position], to finding: Finding) throws {
        for (index, position) in positions.enumerated() {
            try transaction.run(
                """
                INSERT INTO finding_position (finding_id, number, author, dated, source, wording)
                VALUES (\(finding.id), \(finding.positions.count + index + 1), \(position.author), \(position.date),
                    \(position.source), \(position.text))
                """)
        }
        try transaction.run("UPDATE finding SET is_contested = 1 WHERE id = \(finding.id)")
    }

    /// `lost` leads to `kept` from now on; places and needs that only `lost` had are said of `kept` too.
    func merge(_ lost: Identifier<Finding>, into kept: Identifier<Finding>) throws {
        try transaction.run(
            """
            INSERT INTO finding_place (finding_id, place)
            SELECT kept.id, one.place FROM finding_place AS one JOIN finding AS kept ON kept.id = \(kept)
            WHERE one.finding_id = \(lost) ON CONFLICT DO NOTHING
            """)
        try transaction.run(
            """
            INSERT INTO finding_need (finding_id, need)
            SELECT kept.id, one.need FROM finding_need AS one JOIN finding AS kept ON kept.id = \(kept)
            WHERE one.finding_id = \(lost) ON CONFLICT DO NOTHING
            """)
        try transaction.run("UPDATE finding SET state = 'merged', merged_into = \(kept) WHERE id = \(lost)")
    }

    /// What was merged into a finding, step by step, the first ones first.
    func merged(into kept: Identifier<Finding>) throws -> [Finding] {
        var (found, next, seen): ([Identifier<Finding>], [Identifier<Finding>], Set<Identifier<Finding>>) =
            ([], [kept], [kept])
        while !next.isEmpty {
            let rows = try transaction.rows(
                "SELECT id FROM finding WHERE merged_into IN (\(list: next)) ORDER BY number, id")
            next = try rows.map { try $0.identifier("id") }.filter { seen.insert($0).inserted }
            found += next
        }
        return try FindingStore(transaction).findings(found)
    }

    /// Drafts that were made from one of these highlights.
    func drafts(from highlight: String, in scan: Identifier<Scan>) throws -> [Finding] {
        let ids = try transaction.rows(
            "SELECT id FROM finding WHERE origin_id = \(highlight) AND scan_id = \(scan) ORDER BY number, id")
        return try FindingStore(transaction).findings(ids.map { try $0.identifier("id") })
    }

    func themes() throws -> [String] {
        try transaction.rows("SELECT DISTINCT theme FROM finding ORDER BY theme").map { try $0.text("theme") }
    }

    /// Drafts and published findings by number, at most `limit`.
    func finding(_ code: String, in scan: Identifier<Scan>) throws -> Identifier<Finding>? {
        try transaction.row("SELECT id FROM finding WHERE code = \(code) AND scan_id = \(scan)")?.identifier("id")
    }
}
