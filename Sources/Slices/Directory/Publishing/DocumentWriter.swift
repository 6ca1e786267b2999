import Formats
import Kernel
import Storage

/// Puts documents into the file inside one transaction, and takes out what is no longer public.
struct DocumentWriter {
    let transaction: any Transaction
    let now: Instant
    /// True when what everybody can read is not what it was.
    private(set) var hasChanged = false

    init(_ transaction: any Transaction, at now: Instant) {
        self.transaction = transaction
        self.now = now
    }

    /// - Parameter ids: all that were looked at; those without a document are not public.
    mutating func replace(
        _ kind: RecordKind, _ ids: [Identifier<Record>], with documents: [PublishedDocument]
    ) throws {
        let found = Set(documents.map(\.id))
        for id in ids where !found.contains(id) {
            guard let number = try number(kind, id, isPublic: true) else { continue }
            for place in try places(of: number) { try remove(place) }
            try remove(number)
        }
        for document in documents { try write(document) }
    }

    private mutating func write(_ document: PublishedDocument) throws {
        let number = try write(document, service: nil)
        guard document.kind == .service else { return }
        var left = Set(try places(of: number))
        for place in document.places { left.remove(try write(place, service: number)) }
        for number in left.sorted() { try remove(number) }
    }

    /// Its number. A document that is as it was is not touched, nor is its moment.
    private mutating func write(_ document: PublishedDocument, service: Int?) throws -> Int {
        let fingerprint = document.fingerprint
        let known = try transaction.row(
            """
            SELECT number, removed, fingerprint FROM published
            WHERE kind = \(document.kind.rawValue) AND id = \(document.id)
            """)
        if let known, try known.integer("removed") == 0, try known.integer("fingerprint") == Int(fingerprint) {
            return try known.integer("number")
        }
        hasChanged = true
        let number = try enter(document, fingerprint)
        try clear(number)
        try insert(document, number, service: document.kind == .service ? number : service)
        return number
    }

    private func enter(_ document: PublishedDocument, _ fingerprint: Int64) throws -> Int {
        let row = try transaction.row(
            """
            INSERT INTO published (kind, id, modified, removed, fingerprint)
            VALUES (\(document.kind.rawValue), \(document.id), \(now), 0, \(fingerprint))
            ON CONFLICT (kind, id) DO UPDATE SET modified = excluded.modified, removed = 0,
                fingerprint = excluded.fingerprint
            RETURNING number
            """)
        guard let row else { throw StorageFailure.unexpectedColumn("published.number") }
        return try row.integer("number")
    }

    private func insert(_ document: PublishedDocument, _ number: Int, service: Int?) throws {
        try transaction.run(
            """
            INSERT INTO document (number, service, organization, parent, hours)
            VALUES (\(number), \(service), \(document.organization?.description), \(document.parent?.description),
                \(try document.hours.map(hours)))
            """)
        try transaction.run(
            "INSERT INTO list_form (number, json) VALUES (\(number), \(SQLValue.blob(document.list(at: now))))")
        let (organization, places) = (document.organizationRange, document.placesRange)
        try transaction.run(
            """
            INSERT INTO full_form (number, json, organization_from, organization_to, places_from, places_to)
            VALUES (\(number), \(SQLValue.blob(document.full(at: now))), \(organization.lowerBound), \(organization.upperBound),
                \(places.lowerBound), \(places.upperBound))
            """)
        for facet in document.facets {
            try transaction.run(
                "INSERT INTO facet (name, value, number) VALUES (\(facet.name.rawValue), \(facet.value), \(number))")
        }
        for point in document.points.map(UnitVector.init) {
            try transaction.run(
                "INSERT INTO point (number, x, y, z) VALUES (\(number), \(point.x), \(point.y), \(point.z))")
        }
        try transaction.run("INSERT INTO words (rowid, text) VALUES (\(number), \(document.text))")
    }

    private func hours(_ pattern: String) throws -> Int {
        try transaction.run("INSERT INTO hours (pattern) VALUES (\(pattern)) ON CONFLICT (pattern) DO NOTHING")
        let row = try transaction.row("SELECT id FROM hours WHERE pattern = \(pattern)")
        guard let row else { throw StorageFailure.unexpectedColumn("hours.id") }
        return try row.integer("id")
    }

    private func number(_ kind: RecordKind, _ id: Identifier<Record>, isPublic: Bool) throws -> Int? {
        try transaction.row(
            """
            SELECT number FROM published WHERE kind = \(kind.rawValue) AND id = \(id) AND removed = \(!isPublic)
            """)?.integer("number")
    }

    private func places(of service: Int) throws -> [Int] {
        try transaction.rows("SELECT number FROM document WHERE service = \(service) AND number <> \(service)")
            .map { try $0.integer("number") }
    }

    private mutating func remove(_ number: Int) throws {
        hasChanged = true
        try clear(number)
        try transaction.run(
            "UPDATE published SET removed = 1, modified = \(now), fingerprint = 0 WHERE number = \(number)")
    }

    private func clear(_ number: Int) throws {
        try transaction.run("DELETE FROM document WHERE number = \(number)")
        try transaction.run("DELETE FROM list_form WHERE number = \(number)")
        try transaction.run("DELETE FROM full_form WHERE number = \(number)")
        try transaction.run("DELETE FROM facet WHERE number = \(number)")
        try transaction.run("DELETE FROM point WHERE number = \(number)")
        try transaction.run("DELETE FROM words WHERE rowid = \(number)")
    }
}
