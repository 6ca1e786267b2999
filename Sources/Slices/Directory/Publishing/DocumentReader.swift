import Formats
import Kernel
import Storage

/// Finds documents in the file, inside one transaction. A number stands for one record as long as the file lives.
struct DocumentReader {
    private let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func ids(_ kind: RecordKind, after last: Identifier<Record>?, limit: Int) throws -> [Identifier<Record>] {
        try transaction.rows(
            """
            SELECT id FROM published WHERE removed = 0 AND kind = \(kind.rawValue) AND id > \(last?.description ?? "")
            ORDER BY id LIMIT \(limit)
            """
        ).map { try $0.identifier("id") }
    }

    func number(_ kind: RecordKind, _ id: Identifier<Record>) throws -> Int? {
        try transaction.row(
            "SELECT number FROM published WHERE removed = 0 AND kind = \(kind.rawValue) AND id = \(id)"
        )?.integer("number")
    }

    func id(of number: Int) throws -> String {
        try transaction.row("SELECT id FROM published WHERE number = \(number)")?.text("id") ?? ""
    }

    /// The numbers of what `query` asks for, in the order of the answer or of ids.
    func numbers(_ query: DocumentQuery, inOrderOfIds: Bool, hours: HoursCache) throws -> [Int] {
        var numbers = try stated(query)
        if let moment = query.openAt { numbers = try open(numbers, at: moment, hours) }
        if let words = query.words {
            numbers = Self.narrowed(numbers, by: try matching(words), keepsOrder: inOrderOfIds)
        }
        if let near = query.near { numbers = Self.narrowed(numbers, by: try within(near), keepsOrder: inOrderOfIds) }
        return numbers
    }

    /// What is in both; in the order of `found` unless `numbers` is to keep its own.
    private static func narrowed(_ numbers: [Int], by found: [Int], keepsOrder: Bool) -> [Int] {
        let (filtered, filter) = keepsOrder ? (numbers, found) : (found, numbers)
        let kept = Set(filter)
        return filtered.filter(kept.contains)
    }

    /// How many of `numbers`, which are in the order of ids, come before or are `id`.
    func count(of numbers: [Int], upTo id: Identifier<Record>) throws -> Int {
        let id = id.description
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if try self.id(of: numbers[middle]) <= id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func stated(_ query: DocumentQuery) throws -> [Int] {
        var condition: SQL = "p.removed = 0 AND p.kind = \(query.kind.rawValue)"
        if let moment = query.modifiedAfter { condition = "\(condition) AND p.modified >= \(moment)" }
        if let id = query.organization { condition = "\(condition) AND d.organization = \(id)" }
        if let id = query.parent { condition = "\(condition) AND d.parent = \(id)" }
        if query.isTopOnly { condition = "\(condition) AND d.parent IS NULL" }
        for facets in query.facets { condition = "\(condition) AND \(having(facets, query.kind))" }
        let join: SQL = query.isPlain ? "" : "CROSS JOIN document d ON d.number = p.number"
        return try transaction.rows(
            "SELECT p.number AS number FROM published p \(join) WHERE \(condition) ORDER BY p.id"
        )
        .map { try $0.integer("number") }
    }

    /// A service at a location has what its service has, an organization what one of its services has.
    private func having(_ facets: [PublishedDocument.Facet], _ kind: RecordKind) -> SQL {
        var any: SQL = "0"
        for facet in facets {
            any = "\(any) OR (f.name = \(facet.name.rawValue) AND f.value = \(facet.value))"
        }
        let numbers: SQL = "SELECT f.number FROM facet f WHERE \(any)"
        switch kind {
        case .serviceAtLocation: return "d.service IN (\(numbers))"
        case .organization:
            return """
                (d.number IN (\(numbers))
                    OR p.id IN (SELECT s.organization FROM document s WHERE s.number IN (\(numbers))))
                """
        default: return "d.number IN (\(numbers))"
        }
    }

    private func open(_ numbers: [Int], at moment: Instant, _ cache: HoursCache) throws -> [Int] {
        var isOpen: Set<Int> = []
        for row in try transaction.rows("SELECT id, pattern FROM hours")
        where cache.isOpen(try row.text("pattern"), at: moment) {
            isOpen.insert(try row.integer("id"))
        }
        let known = try transaction.rows(
            """
            SELECT d.number AS number, d.hours AS hours FROM document d WHERE d.hours IS NOT NULL
            """)
        let open = Set(try known.filter { isOpen.contains(try $0.integer("hours")) }.map { try $0.integer("number") })
        return numbers.filter(open.contains)
    }

    private func matching(_ words: [String]) throws -> [Int] {
        guard !words.isEmpty else { return [] }
        let quoted = words.map { "\"\($0.replacing("\"", with: ""))\"" }.joined(separator: " ")
        return try transaction.rows(
            "SELECT rowid AS number FROM words WHERE words MATCH \(quoted) ORDER BY rank, rowid"
        )
        .map { try $0.integer("number") }
    }

    private func within(_ near: DocumentQuery.Nearness) throws -> [Int] {
        let (point, limit) = (near.point, UnitVector.squaredChord(metres: Double(near.metres)))
        return try transaction.rows(
            """
            SELECT number, MIN((x - \(point.x)) * (x - \(point.x)) + (y - \(point.y)) * (y - \(point.y))
                + (z - \(point.z)) * (z - \(point.z))) AS chord
            FROM point GROUP BY number HAVING chord <= \(limit) ORDER BY chord, number
            """
        ).map { try $0.integer("number") }
    }

    // MARK: Tombstones

    struct Tombstone {
        let kind: String
        let id: String
        let modified: Instant
    }

    /// What was public and is no longer, by id after `last`.
    func tombstones(since moment: Instant?, after last: String, limit: Int, offset: Int = 0) throws -> [Tombstone] {
        try transaction.rows(
            """
            SELECT kind, id, modified FROM published
            WHERE removed = 1 AND modified >= \(moment ?? Instant(seconds: 0)) AND id > \(last)
            ORDER BY id LIMIT \(limit) OFFSET \(offset)
            """
        ).map {
            Tombstone(
                kind: try $0.text("kind"), id: try $0.text("id"),
                modified: Instant(seconds: Int64(try $0.integer("modified"))))
        }
    }

    func tombstoneCount(since moment: Instant?) throws -> Int {
        try transaction.row(
            """
            SELECT COUNT(*) AS n FROM published
            WHERE removed = 1 AND modified >= \(moment ?? Instant(seconds: 0))
            """)?.integer("n") ?? 0
    }
}

extension DocumentQuery {
    /// True when the ledger alone can answer.
    fileprivate var isPlain: Bool { facets.isEmpty && organization == nil && parent == nil && !isTopOnly }
}
