import Formats
import Kernel
import Storage

/// Records and what is said about them, inside one transaction. SQL only; rules live in the nouns.
struct DirectoryStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    // MARK: Records

    func records(_ kind: RecordKind, where field: String, in values: [String]) throws -> [Record] {
        let table = try Table.of(kind)
        guard let column = SQLName(field) else { throw StorageFailure.unexpectedColumn(field) }
        var records: [Record] = []
        for chunk in values.chunks(of: 512) {
            records += try transaction.rows(
                """
                SELECT \(names: table.columns) FROM \(name: table.name)
                WHERE \(name: column) IN (\(list: chunk)) ORDER BY id
                """
            ).map(table.record)
        }
        return records
    }

    func record(_ kind: RecordKind, _ id: Identifier<Record>) throws -> Record? {
        try records(kind, where: "id", in: [id.description]).first
    }

    /// Up to `limit` records of `kind` in the order of their ids, after `last`.
    func page(_ kind: RecordKind, after last: Identifier<Record>?, limit: Int) throws -> [Record] {
        let table = try Table.of(kind)
        return try transaction.rows(
            """
            SELECT \(names: table.columns) FROM \(name: table.name)
            WHERE id > \(last?.description ?? "") ORDER BY id LIMIT \(limit)
            """
        ).map(table.record)
    }

    func count(_ kind: RecordKind) throws -> Int {
        try transaction.row("SELECT COUNT(*) AS n FROM \(name: Table.of(kind).name)")?.integer("n") ?? 0
    }

    func isEmpty(_ kind: RecordKind) throws -> Bool {
        try transaction.rows("SELECT id FROM \(name: Table.of(kind).name) LIMIT 1").isEmpty
    }

    /// True when the record was new; an existing one is left as it is.
    func insert(_ record: Record) throws -> Bool {
        let table = try Table.of(record.kind)
        return try transaction.run(
            """
            INSERT INTO \(name: table.name) (\(names: table.columns))
            VALUES (\(values: table.values(of: record))) ON CONFLICT (id) DO NOTHING
            """) > 0
    }

    func set(_ field: HSDSField, of record: Record, to value: FieldValue?) throws {
        let table = try Table.of(record.kind)
        guard let column = SQLName(field.name) else { throw StorageFailure.unexpectedColumn(field.name) }
        try transaction.run(
            "UPDATE \(name: table.name) SET \(name: column) = \(SQLValue(value)) WHERE id = \(record.id)")
    }

    // MARK: What is said about records

    func write(_ audience: Audience, _ field: String, of id: Identifier<Record>) throws {
        try transaction.run(
            """
            INSERT INTO audience (record_id, field, audience) VALUES (\(id), \(field), \(audience))
            ON CONFLICT (record_id, field) DO UPDATE SET audience = excluded.audience
            """)
    }

    func write(_ fact: Fact, _ field: String, of id: Identifier<Record>) throws {
        try transaction.run(
            """
            INSERT INTO fact (record_id, field, source, as_of, checked_on, checked_by, second_checked_on,
                second_checked_by, standing, note)
            VALUES (\(id), \(field), \(fact.source), \(fact.asOf), \(fact.checkedOn), \(fact.checkedBy),
                \(fact.secondCheckedOn), \(fact.secondCheckedBy), \(fact.standing.rawValue), \(fact.note))
            ON CONFLICT (record_id, field) DO UPDATE SET source = excluded.source, as_of = excluded.as_of,
                checked_on = excluded.checked_on, checked_by = excluded.checked_by,
                second_checked_on = excluded.second_checked_on, second_checked_by = excluded.second_checked_by,
                standing = excluded.standing, note = excluded.note
            """)
    }

    func write(_ translation: Translation, _ field: String, _ language: Language, of id: Identifier<Record>) throws {
        try transaction.run(
            """
            INSERT INTO translation (record_id, field, language, text, standing)
            VALUES (\(id), \(field), \(language.code), \(translation.text), \(translation.standing.rawValue))
            ON CONFLICT (record_id, field, language) DO UPDATE SET text = excluded.text, standing = excluded.standing
            """)
    }

    func write(_ steward: Steward, of id: Identifier<Record>) throws {
        try transaction.run(
            """
            INSERT INTO steward (record_id, name, permission, note)
            VALUES (\(id), \(steward.name), \(steward.permission.rawValue), \(steward.note))
            ON CONFLICT (record_id) DO UPDATE SET name = excluded.name, permission = excluded.permission,
                note = excluded.note
            """)
    }

    func fact(_ field: String, of id: Identifier<Record>) throws -> Fact? {
        try transaction.row("SELECT * FROM fact WHERE record_id = \(id) AND field = \(field)").map(fact)
    }

    /// Adds audiences, facts, translations and stewards to `listings`, given flat by id.
    func annotations(of ids: [String]) throws -> Annotations {
        var found = Annotations()
        for chunk in ids.chunks(of: 512) {
            for row in try transaction.rows("SELECT * FROM audience WHERE record_id IN (\(list: chunk))") {
                found.audiences[try row.text("record_id"), default: [:]][try row.text("field")] =
                    Audience(rawValue: try row.text("audience")) ?? .nobody
            }
            for row in try transaction.rows("SELECT * FROM fact WHERE record_id IN (\(list: chunk))") {
                found.facts[try row.text("record_id"), default: [:]][try row.text("field")] = try fact(row)
            }
            for row in try transaction.rows("SELECT * FROM translation WHERE record_id IN (\(list: chunk))") {
                let standing = Translation.Standing(rawValue: try row.text("standing")) ?? .machine
                found.translations[try row.text("record_id"), default: [:]][try row.text("field"), default: [:]][
                    Language(try row.text("language"))] = Translation(text: try row.text("text"), standing: standing)
            }
            for row in try transaction.rows("SELECT * FROM steward WHERE record_id IN (\(list: chunk))") {
                found.stewards[try row.text("record_id")] = Steward(
                    name: try row.text("name"),
                    permission: Steward.Permission(rawValue: try row.text("permission")) ?? .ask,
                    note: row.optionalText("note"))
            }
            try addImports(of: chunk, to: &found)
        }
        return found
    }

    /// What came from a file and was not stated otherwise since has the file's source.
    private func addImports(of ids: [String], to found: inout Annotations) throws {
        let rows = try transaction.rows(
            """
            SELECT i.record_id, i.source, f.node FROM imported i
            LEFT JOIN followed f ON f.record_id = i.record_id AND f.kind = i.kind WHERE i.record_id IN (\(list: ids))
            """)
        for row in rows {
            if let node = row.optionalText("node") { found.origins[try row.text("record_id")] = node }
            var facts = found.facts[try row.text("record_id")] ?? [:]
            var fact = facts[""] ?? Fact()
            if fact.source == nil {
                fact.source = try row.text("source")
            }
            facts[""] = fact
            found.facts[try row.text("record_id")] = facts
        }
    }

    private func fact(_ row: Row) throws -> Fact {
        Fact(
            source: row.optionalText("source"), asOf: row.optionalText("as_of"),
            checkedOn: row.day("checked_on"), checkedBy: row.optionalText("checked_by"),
            secondCheckedOn: row.day("second_checked_on"), secondCheckedBy: row.optionalText("second_checked_by"),
            standing: Fact.Standing(rawValue: try row.text("standing")) ?? .conflict,
            note: row.optionalText("note"))
    }

    struct Annotations {
        var audiences: [String: [String: Audience]] = [:]
        var facts: [String: [String: Fact]] = [:]
        var translations: [String: [String: [Language: Translation]]] = [:]
        var stewards: [String: Steward] = [:]
        var origins: [String: String] = [:]
    }
}

extension Array {
    /// The array cut into pieces of `size`, the last one shorter.
    func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
