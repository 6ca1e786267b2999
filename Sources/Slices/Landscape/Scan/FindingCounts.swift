import Kernel
import Storage

/// One number of the matrix.
struct MatrixCell: Sendable, Equatable {
    let focus: Finding.Focus
    let theme: String
    let kind: Finding.Kind
    let count: Int
}

/// How many gaps are said of an area; nil for those that name no place.
struct GapCell: Sendable, Equatable {
    let area: String?
    let count: Int
}

/// Counts of findings, each one statement.
struct FindingCounts {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    static func cells(_ filter: FindingFilter, of scan: Identifier<Scan>, _ region: RegionLookup) -> SQL {
        """
        SELECT focus, theme, kind, COUNT(*) AS count FROM finding
        WHERE \(filter.conditions(of: scan, region)) GROUP BY focus, theme, kind ORDER BY focus, theme, kind
        """
    }

    func cells(_ filter: FindingFilter, of scan: Identifier<Scan>, _ region: RegionLookup) throws -> [MatrixCell] {
        try transaction.rows(Self.cells(filter, of: scan, region)).map { row in
            guard let focus = Finding.Focus(rawValue: try row.text("focus")),
                let kind = Finding.Kind(rawValue: try row.text("kind"))
            else { throw StorageFailure.unexpectedColumn("focus") }
            return MatrixCell(focus: focus, theme: try row.text("theme"), kind: kind, count: try row.integer("count"))
        }
    }

    static func ids(
        _ filter: FindingFilter, of scan: Identifier<Scan>, _ region: RegionLookup, from: Int, limit: Int
    ) -> SQL {
        """
        SELECT id FROM finding WHERE \(filter.conditions(of: scan, region))
        ORDER BY number LIMIT \(limit) OFFSET \(from)
        """
    }

    func count(_ filter: FindingFilter, of scan: Identifier<Scan>, _ region: RegionLookup) throws -> Int {
        try transaction.row(
            "SELECT COUNT(*) AS count FROM finding WHERE \(filter.conditions(of: scan, region))"
        )?.integer("count") ?? 0
    }

    func themes(of scan: Identifier<Scan>) throws -> [String] {
        try transaction.rows(
            """
            SELECT DISTINCT theme FROM finding WHERE scan_id = \(scan) AND state = 'published' AND theme <> ''
            ORDER BY theme
            """
        ).map { try $0.text("theme") }
    }

    /// Every place that a finding names.
    func places() throws -> [String] {
        try transaction.rows("SELECT DISTINCT place FROM finding_place ORDER BY place").map { try $0.text("place") }
    }

    /// - Parameters:
    ///   - need: those about it alone; nil for all, also about none.
    ///   - areas: for each place in use the area that it is counted in.
    static func gaps(need: String?, of scan: Identifier<Scan>, areas: [(place: String, area: String)]) -> SQL {
        var pairs: SQL = "SELECT '' AS place, '' AS area"
        for (place, area) in areas { pairs = "\(pairs) UNION ALL SELECT \(place), \(area)" }
        let about: SQL =
            need.map { "AND finding.id IN (SELECT finding_id FROM finding_need WHERE need = \($0))" } ?? ""
        return """
            WITH area_of AS (\(pairs))
            SELECT area, COUNT(DISTINCT finding.id) AS count FROM finding
            LEFT JOIN finding_place ON finding_place.finding_id = finding.id
            LEFT JOIN area_of ON area_of.place = finding_place.place
            WHERE finding.scan_id = \(scan) AND finding.state = 'published' AND finding.kind = 'gap' \(about)
            GROUP BY area ORDER BY area
            """
    }

    func gaps(
        need: String?, of scan: Identifier<Scan>, areas: [(place: String, area: String)]
    ) throws -> [GapCell] {
        try transaction.rows(Self.gaps(need: need, of: scan, areas: areas)).map { row in
            GapCell(area: row.optionalText("area"), count: try row.integer("count"))
        }
    }
}
