import Kernel
import Storage

/// One number of the matrix.
struct MatrixCell: Sendable, Equatable {
    let focus: Finding.Focus
    let theme: String
    /// A kind or an area, as the columns are; nil for what names no place.
    let column: String?
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

    static func cells(
        _ filter: FindingFilter, of scan: Identifier<Scan>, _ region: RegionLookup, areas: [Area] = []
    ) -> SQL {
        guard filter.columns == .place else {
            return """
                SELECT focus, theme, kind AS cell, COUNT(*) AS count FROM finding
                WHERE \(filter.conditions(of: scan, region)) GROUP BY focus, theme, kind ORDER BY focus, theme, kind
                """
        }
        return """
            SELECT focus, theme, \(area(areas)) AS cell, COUNT(DISTINCT finding.id) AS count FROM finding
            LEFT JOIN finding_place ON finding_place.finding_id = finding.id
            WHERE \(filter.conditions(of: scan, region)) GROUP BY focus, theme, cell ORDER BY focus, theme
            """
    }

    func cells(
        _ filter: FindingFilter, of scan: Identifier<Scan>, _ region: RegionLookup, areas: [Area] = []
    ) throws -> [MatrixCell] {
        try transaction.rows(Self.cells(filter, of: scan, region, areas: areas)).map { row in
            guard let focus = Finding.Focus(rawValue: try row.text("focus")) else {
                throw StorageFailure.unexpectedColumn("focus")
            }
            return MatrixCell(
                focus: focus, theme: try row.text("theme"), column: row.optionalText("cell"),
                count: try row.integer("count"))
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

    /// One look into the index for each theme: neither database skips what is equal by itself.
    static func themes(of scan: Identifier<Scan>, _ focus: Finding.Focus) -> SQL {
        let first: SQL = """
            SELECT MIN(theme) FROM finding
            WHERE scan_id = \(scan) AND state = 'published' AND focus = \(focus.rawValue)
            """
        return """
            WITH RECURSIVE known (theme) AS (
                \(first)
                UNION ALL
                SELECT (\(first) AND theme > known.theme) FROM known WHERE known.theme IS NOT NULL
            )
            SELECT theme FROM known WHERE theme IS NOT NULL
            """
    }

    /// Empty text for findings without one.
    func themes(of scan: Identifier<Scan>) throws -> [String] {
        var themes: Set<String> = []
        for focus in Finding.Focus.allCases {
            themes.formUnion(try transaction.rows(Self.themes(of: scan, focus)).map { try $0.text("theme") })
        }
        return themes.sorted()
    }

    /// Each place is looked at until one finding is found that anybody may see. In this order of tables, which both
    /// databases keep: the other way SQLite walks through all findings for each place.
    static func places(of scan: Identifier<Scan>) -> SQL {
        """
        SELECT place FROM (SELECT DISTINCT place FROM finding_place) AS named
        WHERE EXISTS (
            SELECT 1 FROM finding_place CROSS JOIN finding
            WHERE finding_place.place = named.place AND finding.id = finding_place.finding_id
            AND finding.scan_id = \(scan) AND finding.state = 'published')
        ORDER BY place
        """
    }

    /// Every place that a published finding of the scan names.
    func places(of scan: Identifier<Scan>) throws -> [String] {
        try transaction.rows(Self.places(of: scan)).map { try $0.text("place") }
    }

    /// A part of the region and the places in use that are counted in it.
    typealias Area = (id: String, places: [String])

    /// The area of a row of `finding_place`: the place itself outside every part, NULL where there is none.
    private static func area(_ areas: [Area]) -> SQL {
        let areas = areas.filter { !$0.places.isEmpty }
        guard !areas.isEmpty else { return "finding_place.place" }
        var cases: SQL = "CASE"
        for (id, places) in areas {
            cases = "\(cases) WHEN finding_place.place IN (\(list: places)) THEN \(id)"
        }
        return "\(cases) ELSE finding_place.place END"
    }

    /// Gaps about one need. A finding of two places in one area counts there once.
    static func gaps(need: String, of scan: Identifier<Scan>, areas: [Area]) -> SQL {
        """
        SELECT \(area(areas)) AS area, COUNT(DISTINCT finding.id) AS count FROM finding
        LEFT JOIN finding_place ON finding_place.finding_id = finding.id
        WHERE finding.scan_id = \(scan) AND finding.state = 'published' AND finding.kind = 'gap'
        AND finding.id IN (SELECT finding_id FROM finding_need WHERE need = \(need))
        GROUP BY area ORDER BY area
        """
    }

    func gaps(need: String, of scan: Identifier<Scan>, areas: [Area]) throws -> [GapCell] {
        try transaction.rows(Self.gaps(need: need, of: scan, areas: areas)).map(Self.gap)
    }

    static func gapsByNeed(of scan: Identifier<Scan>, areas: [Area]) -> SQL {
        """
        WITH placed AS MATERIALIZED (
            SELECT DISTINCT finding.id, \(area(areas)) AS area FROM finding
            LEFT JOIN finding_place ON finding_place.finding_id = finding.id
            WHERE finding.scan_id = \(scan) AND finding.state = 'published' AND finding.kind = 'gap'
        )
        SELECT NULL AS need, area, COUNT(*) AS count FROM placed GROUP BY area
        UNION ALL
        SELECT finding_need.need, area, COUNT(*) AS count FROM placed
        JOIN finding_need ON finding_need.finding_id = placed.id GROUP BY finding_need.need, area
        ORDER BY need, area
        """
    }

    /// All gaps, also about no need, and for each need those about it. Which finding names which area is made out once for both.
    func gapsByNeed(of scan: Identifier<Scan>, areas: [Area]) throws -> (all: [GapCell], byNeed: [String: [GapCell]]) {
        let rows = try transaction.rows(Self.gapsByNeed(of: scan, areas: areas))
        var (all, byNeed): ([GapCell], [String: [GapCell]]) = ([], [:])
        for row in rows {
            guard let need = row.optionalText("need") else {
                all.append(try Self.gap(row))
                continue
            }
            byNeed[need, default: []].append(try Self.gap(row))
        }
        return (all, byNeed)
    }

    private static func gap(_ row: Row) throws -> GapCell {
        GapCell(area: row.optionalText("area"), count: try row.integer("count"))
    }
}
