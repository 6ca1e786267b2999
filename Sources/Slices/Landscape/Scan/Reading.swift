import Kernel
import Storage

extension Landscape {
    /// The tables of a scan and its sections without one, in the order they were printed in.
    func tables(of scan: Scan) async throws -> [PrintedTable] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT table_number, table_title, section, MIN(number) AS first, COUNT(*) AS count,
                    SUM(CASE WHEN state = 'published' THEN 1 ELSE 0 END) AS published,
                    SUM(CASE WHEN state = 'draft' THEN 1 ELSE 0 END) AS held
                FROM finding WHERE scan_id = \(scan.id) AND (table_number IS NOT NULL OR section IS NOT NULL)
                GROUP BY table_number, table_title, section ORDER BY first
                """
            ).map { row in
                let number = row["table_number"] == .null ? nil : try row.integer("table_number")
                let section = row.optionalText("section")
                return PrintedTable(
                    id: "\(scan.code)-\(number.map { "t\($0)" } ?? "s\(section ?? "")")", number: number,
                    title: row.optionalText("table_title") ?? "", section: section,
                    published: try row.integer("published"), held: try row.integer("held"))
            }.filter { $0.published > 0 }
        }
    }

    func findings(in table: PrintedTable, of scan: Scan) async throws -> [Finding] {
        try await database.read { transaction in
            try FindingStore(transaction).published(in: scan.id).filter {
                $0.printed.table == table.number && $0.printed.section == table.section
            }
        }
    }

    func publishedIds(of scan: Scan) async throws -> [Identifier<Finding>] {
        try await database.read { transaction in
            try transaction.rows(
                "SELECT id FROM finding WHERE scan_id = \(scan.id) AND state = 'published' ORDER BY number"
            ).map { try $0.identifier("id") }
        }
    }

    func placesNamed() async throws -> [String] { try await database.read { try FindingCounts($0).places() } }

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
            return FindingPage(
                finding: finding, scan: scan, earlier: earlier?.state == .published ? earlier : nil, later: later)
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
