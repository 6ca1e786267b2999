import Kernel
import Storage

/// Focus × theme × kind, counted.
struct Matrix: Sendable {
    struct Line: Sendable {
        let focus: Finding.Focus
        let theme: String
        var counts: [Finding.Kind: Int]
    }

    private(set) var lines: [Line] = []
    private(set) var totals: [Finding.Kind: Int] = [:]

    init(_ cells: [MatrixCell]) {
        for cell in cells {
            if lines.last?.focus != cell.focus || lines.last?.theme != cell.theme {
                lines.append(Line(focus: cell.focus, theme: cell.theme, counts: [:]))
            }
            lines[lines.count - 1].counts[cell.kind, default: 0] += cell.count
            totals[cell.kind, default: 0] += cell.count
        }
        let order = Finding.Focus.allCases
        lines.sort { left, right in
            let (first, second) = (order.firstIndex(of: left.focus) ?? 0, order.firstIndex(of: right.focus) ?? 0)
            return first == second ? left.theme < right.theme : first < second
        }
    }
}

/// Need × part of the region: what anybody finds listed there, and what the scan says is missing.
struct GapMap: Sendable {
    struct Line: Sendable {
        /// Nil for what is said of the whole region.
        let area: RegionLookup.Area?
        /// Services that are listed; nil where a line is not one of the parts.
        let services: Int?
        let gaps: Int
    }

    /// What the gaps of a place outside every part are counted under: the place itself.
    static func areas(of places: [String], _ region: RegionLookup) -> [(place: String, area: String)] {
        let parts = Set(region.areas(.english).map(\.id))
        return places.map { place in
            (place, region.around(place).first(where: parts.contains) ?? place)
        }
    }

    let lines: [Line]

    init(_ cells: [GapCell], need: String?, _ region: RegionLookup, _ language: Language) {
        var gaps: [String?: Int] = [:]
        for cell in cells { gaps[cell.area, default: 0] += cell.count }
        let areas = region.areas(language)
        var lines = areas.map {
            Line(area: $0, services: region.services(need, $0.id), gaps: gaps[$0.id] ?? 0)
        }
        let known = Set(areas.map(\.id))
        let others = gaps.keys.compactMap(\.self).filter { !known.contains($0) }.map { id in
            RegionLookup.Area(id: id, name: region.place(id, language) ?? id, point: nil)
        }
        for area in others.sorted(by: { $0.name < $1.name }) {
            let services = area.id == region.whole ? region.services(need, area.id) : nil
            lines.append(Line(area: area, services: services, gaps: gaps[area.id] ?? 0))
        }
        lines.append(Line(area: nil, services: nil, gaps: gaps[nil] ?? 0))
        self.lines = lines
    }
}

extension Landscape {
    /// What `filter` finds, counted.
    func matrix(_ filter: FindingFilter, of scan: Identifier<Scan>) async throws -> Matrix {
        let region = region
        return Matrix(try await database.read { try FindingCounts($0).cells(filter, of: scan, region) })
    }

    /// One need, or all gaps together.
    func gapMap(need: String?, of scan: Identifier<Scan>, in language: Language) async throws -> GapMap {
        let region = region
        let cells = try await database.read { transaction in
            let counts = FindingCounts(transaction)
            return try counts.gaps(need: need, of: scan, areas: GapMap.areas(of: counts.places(), region))
        }
        return GapMap(cells, need: need, region, language)
    }

    static let pageSize = 50

    /// One page of findings, from 1, and how many there are.
    func findings(
        _ filter: FindingFilter, of scan: Identifier<Scan>, page: Int
    ) async throws -> (items: [Finding], count: Int) {
        let region = region
        return try await database.read { transaction in
            let counts = FindingCounts(transaction)
            let ids = try transaction.rows(
                FindingCounts.ids(filter, of: scan, region, from: (page - 1) * Self.pageSize, limit: Self.pageSize)
            ).map { try $0.identifier("id", of: Finding.self) }
            return (try FindingStore(transaction).findings(ids), try counts.count(filter, of: scan, region))
        }
    }

    func themes(of scan: Identifier<Scan>) async throws -> [String] {
        try await database.read { try FindingCounts($0).themes(of: scan) }
    }
}
