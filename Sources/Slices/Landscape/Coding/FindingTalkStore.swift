import Kernel
import Storage

/// What is done to findings beside their text: merging, drafts out of highlights. SQL only.
struct FindingTalkStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    /// `lost` leads to `kept` from now on, and what continued `lost` continues `kept`.
    func merge(_ lost: Identifier<Finding>, into kept: Identifier<Finding>) throws {
        try transaction.run("UPDATE finding SET continues = \(kept) WHERE continues = \(lost)")
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

    /// Of what is published: what a desk calls its drafts is its own.
    func themes() throws -> [String] {
        try transaction.rows(
            "SELECT DISTINCT theme FROM finding WHERE state = 'published' AND theme <> '' ORDER BY theme"
        ).map { try $0.text("theme") }
    }

    /// True for a row of the baseline.
    func isPrinted(_ finding: Finding) throws -> Bool {
        try transaction.row("SELECT id FROM scan WHERE id = \(finding.scan) AND is_baseline = 1") != nil
    }

    /// The newest findings of a scan that are looked through for what is like one of them.
    private static let mostLookedThrough = 5000

    /// What a finding could be merged into, by the words they share.
    func like(_ finding: Finding) throws -> [Finding] {
        guard finding.state != .merged else { return [] }
        let states: [Finding.State] = finding.state == .published ? [.published] : [.draft, .published]
        let known = try transaction.rows(
            """
            SELECT id, wording, theme FROM finding WHERE scan_id = \(finding.scan) AND id <> \(finding.id)
            AND state IN (\(list: states.map(\.rawValue))) ORDER BY number DESC LIMIT \(Self.mostLookedThrough)
            """
        ).map {
            LikeWork(
                kind: .finding, id: try $0.text("id"), text: try $0.text("wording"), more: try $0.text("theme"),
                isEnglish: false)
        }
        let ids = WorkIndex(known).like(finding.text).compactMap { Identifier<Finding>($0.id) }
        return try FindingStore(transaction).findings(ids)
    }

    /// The finding of that name in a scan.
    func finding(_ code: String, in scan: Identifier<Scan>) throws -> Identifier<Finding>? {
        try transaction.row("SELECT id FROM finding WHERE code = \(code) AND scan_id = \(scan)")?.identifier("id")
    }
}
