import Kernel
import Storage

extension Landscape {
    /// The tables of a scan and its sections without one, in the order they were printed in. None where it was not loaded
    /// from a document; a row that came in another way was never printed.
    func tables(of scan: Scan) async throws -> [PrintedTable] {
        guard let origin = scan.printedOrigin else { return [] }
        return try await database.read { transaction in
            try transaction.rows(
                """
                SELECT table_number, table_title, section, MIN(number) AS first, COUNT(*) AS count,
                    SUM(CASE WHEN state = 'published' THEN 1 ELSE 0 END) AS published,
                    SUM(CASE WHEN state = 'draft' THEN 1 ELSE 0 END) AS held
                FROM finding WHERE scan_id = \(scan.id) AND origin = \(origin.rawValue)
                AND (table_number IS NOT NULL OR section IS NOT NULL)
                GROUP BY table_number, table_title, section ORDER BY first
                """
            ).enumerated().map { index, row in
                PrintedTable(
                    id: "\(scan.code)-\(index + 1)", origin: origin,
                    number: row["table_number"] == .null ? nil : try row.integer("table_number"),
                    title: row.optionalText("table_title"), section: row.optionalText("section"),
                    published: try row.integer("published"), held: try row.integer("held"))
            }
        }
    }

    func findings(in table: PrintedTable, of scan: Scan) async throws -> [Finding] {
        func equals(_ column: SQL, _ value: (any SQLBindable)?) -> SQL {
            value.map { "\(column) = \($0.sqlValue)" } ?? "\(column) IS NULL"
        }
        let statement: SQL = """
            SELECT id FROM finding WHERE scan_id = \(scan.id) AND state = 'published'
            AND origin = \(table.origin.rawValue) AND \(equals("table_number", table.number))
            AND \(equals("table_title", table.title)) AND \(equals("section", table.section)) ORDER BY number
            """
        return try await database.read { transaction in
            let ids = try transaction.rows(statement).map { try $0.identifier("id", of: Finding.self) }
            return try FindingStore(transaction).findings(ids)
        }
    }

    /// Of all scans.
    func publishedIds() async throws -> [Identifier<Finding>] {
        try await database.read { transaction in
            try transaction.rows("SELECT id FROM finding WHERE state = 'published' ORDER BY scan_id, number").map {
                try $0.identifier("id")
            }
        }
    }

    func placesNamed(in scan: Identifier<Scan>) async throws -> [String] {
        try await database.read { try FindingCounts($0).places(of: scan) }
    }

    func page(of finding: Finding) async throws -> FindingPage {
        let known = try await scans()
        guard let scan = known.first(where: { $0.id == finding.scan }) else { throw ScanRefusal.noScan }
        return try await database.read { transaction in
            let store = FindingStore(transaction)
            let earlier = try finding.continues.flatMap { try store.finding($0) }
            let later = try store.findings(
                transaction.rows(
                    "SELECT id FROM finding WHERE continues = \(finding.id) AND state = 'published' ORDER BY number"
                ).map { try $0.identifier("id") })
            let name = scan.isBaseline ? finding.code : "\(scan.code)/\(finding.code)"
            let actions = try transaction.rows(
                "SELECT id, body, document FROM plan_action WHERE is_in_plan = 1 AND finding = \(name) ORDER BY number"
            ).map { row in
                FindingPage.PlannedAction(
                    id: try row.text("id"), body: try row.text("body"), isPrinted: row.optionalText("document") != nil)
            }
            return FindingPage(
                finding: finding, scan: scan, earlier: earlier?.state == .published ? earlier : nil, later: later,
                name: name, actions: actions)
        }
    }

    /// The partners with what the baseline links them with, as far as anybody may see it.
    func systems() async throws -> SystemsMap {
        let library = library
        guard let baseline = try await scans().first(where: \.isBaseline) else {
            return SystemsMap(library, findings: [])
        }
        let codes = Set(library.links.map(\.to)).sorted()
        let findings = try await database.read { transaction in
            let ids = try transaction.rows(
                """
                SELECT id FROM finding WHERE scan_id = \(baseline.id) AND code IN (\(list: codes))
                AND state = 'published' ORDER BY number
                """
            ).map { try $0.identifier("id", of: Finding.self) }
            return try FindingStore(transaction).findings(ids)
        }
        return SystemsMap(library, findings: findings)
    }
}
