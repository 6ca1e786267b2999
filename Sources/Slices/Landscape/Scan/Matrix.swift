import Kernel
import Storage

/// Focus × theme × kind, or × part of the region, counted.
struct Matrix: Sendable {
    struct Line: Sendable {
        let focus: Finding.Focus
        let theme: String
        /// By kind or area; nil for what names no place.
        var counts: [String?: Int]
    }

    private(set) var lines: [Line] = []
    private(set) var totals: [String?: Int] = [:]

    init(_ cells: [MatrixCell]) {
        for cell in cells {
            if lines.last?.focus != cell.focus || lines.last?.theme != cell.theme {
                lines.append(Line(focus: cell.focus, theme: cell.theme, counts: [:]))
            }
            lines[lines.count - 1].counts[cell.column, default: 0] += cell.count
            totals[cell.column, default: 0] += cell.count
        }
        let order = Finding.Focus.allCases
        lines.sort { left, right in
            let (first, second) = (order.firstIndex(of: left.focus) ?? 0, order.firstIndex(of: right.focus) ?? 0)
            return first == second ? left.theme < right.theme : first < second
        }
    }
}

extension RegionLookup {
    /// The parts with the places of `places` that are counted in each. Others are counted as themselves.
    func parts(of places: [String]) -> [FindingCounts.Area] {
        let parts = areas(.english).map(\.id)
        let known = Set(parts)
        let areas = Dictionary(grouping: places) { place in around(place).first(where: known.contains) }
        return parts.map { ($0, areas[$0] ?? []) }
    }

    /// The parts, then of `counted` what lies in none of them, by name. Nil comes last, for no place.
    func columns(_ counted: some Sequence<String?>, _ language: Language) -> [Area?] {
        let parts = areas(language)
        let known = Set(parts.map(\.id))
        let others = Set(counted.compactMap(\.self)).subtracting(known).map { id in
            Area(id: id, name: place(id, language) ?? id, point: nil)
        }
        return (parts + others.sorted { ($0.name, $0.id) < ($1.name, $1.id) }).map(Optional.some) + [nil]
    }

    /// As a filter asks for the findings that are counted in `area`.
    func filter(of area: Area?) -> String {
        guard let area else { return FindingFilter.none }
        return areas(.english).contains { $0.id == area.id } ? area.id : FindingFilter.itself + area.id
    }
}

/// Need × part of the region: what anybody finds listed there, and what the scan says is missing.
struct GapMap: Sendable {
    struct Line: Sendable {
        /// Nil for what names no place.
        let area: RegionLookup.Area?
        /// Services that are listed; nil where a line is not one of the parts.
        let services: Int?
        let gaps: Int
    }

    /// One need in each of the areas of the whole map.
    struct Row: Sendable {
        let need: (id: String, name: String)
        let lines: [Line]
    }

    let lines: [Line]
    /// Empty where the map is of one need.
    var rows: [Row] = []

    init(_ cells: [GapCell], need: String?, _ region: RegionLookup, _ language: Language) {
        let whole = [region.whole].filter { !$0.isEmpty }
        lines = Self.lines(cells, need, in: region.columns(cells.map(\.area) + whole, language), region)
    }

    init(
        _ cells: [GapCell], byNeed: [String: [GapCell]], _ region: RegionLookup, _ language: Language
    ) {
        self.init(cells, need: nil, region, language)
        let areas = lines.map(\.area)
        rows = region.needs(language).map { need in
            Row(need: need, lines: Self.lines(byNeed[need.id] ?? [], need.id, in: areas, region))
        }
    }

    private static func lines(
        _ cells: [GapCell], _ need: String?, in areas: [RegionLookup.Area?], _ region: RegionLookup
    ) -> [Line] {
        let gaps = Dictionary(uniqueKeysWithValues: cells.map { ($0.area, $0.count) })
        let parts = Set(region.areas(.english).map(\.id))
        return areas.map { area in
            let isCounted = area.map { parts.contains($0.id) || $0.id == region.whole } ?? false
            return Line(
                area: area, services: isCounted ? area.map { region.services(need, $0.id) } : nil,
                gaps: gaps[area?.id] ?? 0)
        }
    }
}

extension Landscape {
    /// What `filter` finds, counted.
    func matrix(_ filter: FindingFilter, of scan: Identifier<Scan>) async throws -> Matrix {
        let region = region
        return Matrix(
            try await database.read { transaction in
                let counts = FindingCounts(transaction)
                let areas = filter.columns == .place ? region.parts(of: try counts.places(of: scan)) : []
                return try counts.cells(filter, of: scan, region, areas: areas)
            })
    }

    /// One need; or all gaps together, and each need by itself.
    func gapMap(need: String?, of scan: Identifier<Scan>, in language: Language) async throws -> GapMap {
        let region = region
        return try await database.read { transaction in
            let counts = FindingCounts(transaction)
            let areas = region.parts(of: try counts.places(of: scan))
            if let need {
                return GapMap(
                    try counts.gaps(need: need, of: scan, areas: areas), need: need, region, language)
            }
            let gaps = try counts.gapsByNeed(of: scan, areas: areas)
            return GapMap(gaps.all, byNeed: gaps.byNeed, region, language)
        }
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
