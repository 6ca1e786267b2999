import Formats
import Kernel
import Storage

/// Finds documents in the file, inside one transaction. A number stands for one record as long as the file lives.
struct DocumentReader {
    private let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    /// Of records with a document or a page.
    func ids(_ kind: RecordKind, after last: Identifier<Record>?, limit: Int) throws -> [Identifier<Record>] {
        let (kind, last) = (kind.rawValue, last?.description ?? "")
        return try transaction.rows(
            """
            SELECT id FROM (SELECT id FROM published WHERE removed = 0 AND kind = \(kind) AND id > \(last)
                ORDER BY id LIMIT \(limit))
            UNION SELECT id FROM (SELECT id FROM page_form WHERE kind = \(kind) AND id > \(last) ORDER BY id LIMIT \(limit))
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
        return try numbers(of: "SELECT p.number AS n FROM \(Self.tables(query)) WHERE \(condition) ORDER BY p.id")
    }

    /// From the few documents of one organization or under one term to their ids; else along the ids, in their order.
    private static func tables(_ query: DocumentQuery) -> SQL {
        if query.isPlain { return "published p" }
        return query.organization == nil && query.parent == nil
            ? "published p CROSS JOIN document d ON d.number = p.number"
            : "document d CROSS JOIN published p ON p.number = d.number"
    }

    /// The column `n` of `statement` in its order, as one text: a row of its own for each would cost memory.
    private func numbers(of statement: SQL) throws -> [Int] {
        let row = try transaction.row("SELECT group_concat(n) AS numbers FROM (\(statement))")
        return row?.optionalText("numbers")?.utf8.split(separator: 0x2c).compactMap { digits in
            digits.reduce(0) { $0 * 10 + Int($1) - 48 }
        } ?? []
    }

    /// A service at a location has what its service has, an organization what one of its services has.
    private func having(_ facets: [PublishedDocument.Facet], _ kind: RecordKind) -> SQL {
        let name = facets.first?.name.rawValue
        let numbers: SQL =
            "SELECT f.number FROM facet f WHERE f.name = \(name) AND f.value IN (\(list: facets.map(\.value)))"
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
        let patterns = try transaction.rows("SELECT id, pattern FROM hours")
            .filter { cache.isOpen(try $0.text("pattern"), at: moment) }.map { try $0.integer("id") }
        var open: Set<Int> = []
        for chunk in patterns.chunks(of: 512) {
            open.formUnion(
                try self.numbers(of: "SELECT d.number AS n FROM document d WHERE d.hours IN (\(list: chunk))"))
        }
        return numbers.filter(open.contains)
    }

    private func matching(_ words: [String]) throws -> [Int] {
        guard !words.isEmpty else { return [] }
        let quoted = words.map { "\"\($0.replacing("\"", with: ""))\"" }.joined(separator: " ")
        return try numbers(of: "SELECT rowid AS n FROM words WHERE words MATCH \(quoted) ORDER BY rank, rowid")
    }

    private func within(_ near: DocumentQuery.Nearness) throws -> [Int] {
        let (point, limit) = (near.point, UnitVector.squaredChord(metres: Double(near.metres)))
        let reach = limit.squareRoot() + 1e-9
        return try numbers(
            of: """
                SELECT number AS n, MIN((x - \(point.x)) * (x - \(point.x)) + (y - \(point.y)) * (y - \(point.y))
                    + (z - \(point.z)) * (z - \(point.z))) AS chord
                FROM point
                WHERE x BETWEEN \(point.x - reach) AND \(point.x + reach)
                    AND y BETWEEN \(point.y - reach) AND \(point.y + reach)
                    AND z BETWEEN \(point.z - reach) AND \(point.z + reach)
                GROUP BY number HAVING chord <= \(limit) ORDER BY chord, number
                """)
    }

    // MARK: Tombstones

    struct Tombstone {
        let kind: String
        let id: String
        let modified: Instant
    }

    /// What was public and is no longer, by id.
    func tombstones(since moment: Instant?, limit: Int, offset: Int) throws -> [Tombstone] {
        try transaction.rows(
            """
            SELECT kind, id, modified FROM published
            WHERE removed = 1 AND modified >= \(moment ?? Instant(seconds: 0)) ORDER BY id LIMIT \(limit) OFFSET \(offset)
            """
        ).map {
            Tombstone(
                kind: try $0.text("kind"), id: try $0.text("id"),
                modified: Instant(seconds: Int64(try $0.integer("modified"))))
        }
    }

    /// - Parameter last: counts those up to and with this id alone.
    func tombstoneCount(since moment: Instant?, upTo last: Identifier<Record>? = nil) throws -> Int {
        try transaction.row(
            """
            SELECT COUNT(*) AS n FROM published
            WHERE removed = 1 AND modified >= \(moment ?? Instant(seconds: 0)) AND id <= \(last?.description ?? "g")
            """)?.integer("n") ?? 0
    }
}

extension DocumentQuery {
    /// True when the ledger alone can answer.
    fileprivate var isPlain: Bool { facets.isEmpty && organization == nil && parent == nil && !isTopOnly }
}
