import Formats
import Kernel
import Storage

/// Which record came from which source, and what it looked like there. SQL only.
struct ImportStore {
    struct Known {
        var source: String
        var digest: Int64
        var isWhole: Bool
        var run: Int
    }

    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    /// Opens the next run; its number.
    func open(_ order: ImportOrder, at now: Instant) throws -> Int {
        let last = try transaction.row("SELECT MAX(number) AS n FROM import_run")?["n"]
        let number: Int = if case .integer(let last) = last { Int(last) + 1 } else { 1 }
        try transaction.run(
            """
            INSERT INTO import_run (number, source, format, taken_at, added, changed, removed, rejected)
            VALUES (\(number), \(order.source), \(order.format), \(now), 0, 0, 0, 0)
            """)
        return number
    }

    func close(_ run: Int, _ report: ImportReport) throws {
        try transaction.run(
            """
            UPDATE import_run SET added = \(report[.added]), changed = \(report[.changed]),
                removed = \(report[.removed]), rejected = \(report[.rejected]) WHERE number = \(run)
            """)
    }

    func known(_ keys: [RecordKey]) throws -> [RecordKey: Known] {
        var known: [RecordKey: Known] = [:]
        for chunk in keys.chunks(of: 512) {
            let rows = try transaction.rows(
                """
                SELECT record_id, kind, source, digest, whole, run FROM imported
                WHERE record_id IN (\(list: chunk.map(\.id)))
                """)
            for row in rows {
                guard let kind = RecordKind(rawValue: try row.text("kind")) else { continue }
                known[RecordKey(kind: kind, id: try row.identifier("record_id"))] = Known(
                    source: try row.text("source"), digest: Int64(try row.integer("digest")),
                    isWhole: try row.integer("whole") == 1, run: try row.integer("run"))
            }
        }
        return known
    }

    /// Those of `ids` that are there.
    func existing(_ kind: RecordKind, _ ids: some Collection<Identifier<Record>>) throws -> Set<RecordKey> {
        guard let table = Table.all[kind] else { return [] }
        var found: Set<RecordKey> = []
        for chunk in Array(ids).chunks(of: 512) {
            let rows = try transaction.rows("SELECT id FROM \(name: table.name) WHERE id IN (\(list: chunk))")
            for row in rows { found.insert(RecordKey(kind: kind, id: try row.identifier("id"))) }
        }
        return found
    }

    /// The keys of all records and of all that files brought; nil when they are more than `most`.
    func sieve(ofAtMost most: Int) throws -> KeySieve? {
        var sieve = KeySieve()
        var count = 0
        for kind in RecordKind.allCases {
            let rows = try transaction.rows("SELECT id FROM \(name: Table.of(kind).name) LIMIT \(most + 1)")
            for row in rows { sieve.insert(RecordKey(kind: kind, id: try row.identifier("id"))) }
            count += rows.count
            if count > most { return nil }
        }
        let rows = try transaction.rows("SELECT record_id, kind FROM imported LIMIT \(most + 1)")
        for row in rows {
            guard let kind = RecordKind(rawValue: try row.text("kind")) else { continue }
            sieve.insert(RecordKey(kind: kind, id: try row.identifier("record_id")))
        }
        return rows.count > most ? nil : sieve
    }

    /// The next hours that this run brought or saw and that name no zone, in the order of their ids.
    func zonelessHours(of run: Int, after last: Identifier<Record>?, limit: Int) throws -> [Record] {
        let table = try Table.of(.schedule)
        return try transaction.rows(
            """
            SELECT \(names: table.columns) FROM schedule WHERE zone IS NULL AND opens_at IS NOT NULL
                AND id > \(last?.description ?? "") AND EXISTS (
                SELECT 1 FROM imported
                WHERE record_id = schedule.id AND kind = \(RecordKind.schedule.rawValue) AND run = \(run))
            ORDER BY id LIMIT \(limit)
            """
        ).map(table.record)
    }

    func insert(_ rows: [[SQLValue]], _ kind: RecordKind) throws {
        let table = try Table.of(kind)
        let nothing = [SQLValue](repeating: .null, count: table.columns.count)
        try transaction.run(
            "INSERT INTO \(name: table.name) (\(names: table.columns)) VALUES (\(values: nothing))",
            each: rows)
    }

    func note(_ notes: [(key: RecordKey, known: Known)]) throws {
        try transaction.run(
            """
            INSERT INTO imported (record_id, kind, source, digest, whole, run)
            VALUES (\(""), \(""), \(""), \(0), \(0), \(0))
            ON CONFLICT (record_id, kind) DO UPDATE SET digest = excluded.digest, whole = excluded.whole, run = excluded.run
            """,
            each: notes.map { note in
                [
                    note.key.id.sqlValue, note.key.kind.rawValue.sqlValue, note.known.source.sqlValue,
                    note.known.digest.sqlValue, note.known.isWhole.sqlValue, note.known.run.sqlValue,
                ]
            })
    }

    func markSeen(_ keys: [RecordKey], in run: Int) throws {
        try transaction.run(
            "UPDATE imported SET run = \(run) WHERE record_id = \("") AND kind = \("")",
            each: keys.map { [run.sqlValue, $0.id.sqlValue, $0.kind.rawValue.sqlValue] })
    }

    /// How many records of `source` this run did not see, and how many there are.
    func unseen(_ source: String, in run: Int) throws -> (missing: Int, all: Int) {
        let row = try transaction.row(
            """
            SELECT COUNT(*) AS n, COUNT(CASE WHEN run < \(run) THEN 1 END) AS missing FROM imported
            WHERE source = \(source)
            """)
        return (try row?.integer("missing") ?? 0, try row?.integer("n") ?? 0)
    }

    func nextUnseen(_ source: String, before run: Int, limit: Int) throws -> [RecordKey] {
        try transaction.rows(
            """
            SELECT record_id, kind FROM imported WHERE source = \(source) AND run < \(run)
            ORDER BY run, record_id LIMIT \(limit)
            """
        ).compactMap { row in
            guard let kind = RecordKind(rawValue: try row.text("kind")) else { return nil }
            return RecordKey(kind: kind, id: try row.identifier("record_id"))
        }
    }

    /// Takes a record and what is said about it away and leaves a tombstone for `audience`, unless an earlier one says more.
    /// What hung under it goes by the schema. What withholds it stays for its id: files drop records and bring them back.
    func bury(_ kind: RecordKind, _ id: Identifier<Record>, on day: Day, for audience: Audience) throws {
        guard let table = Table.all[kind] else { return }
        try transaction.run("DELETE FROM \(name: table.name) WHERE id = \(id)")
        try transaction.run("DELETE FROM imported WHERE record_id = \(id) AND kind = \(kind.rawValue)")
        try transaction.run("DELETE FROM audience WHERE record_id = \(id) AND audience = \(Audience.everyone)")
        let conflict = Fact.Standing.conflict.rawValue
        try transaction.run("DELETE FROM fact WHERE record_id = \(id) AND standing <> \(conflict)")
        try transaction.run("DELETE FROM translation WHERE record_id = \(id)")
        let tombstones = TombstoneStore(transaction)
        guard try tombstones.tombstone(id) == nil else { return }
        try tombstones.write(Tombstone(record: id, kind: kind, removedOn: day, into: nil, audience: audience))
    }

    /// Those of `ids` that were merged into another record.
    func merged(_ ids: [Identifier<Record>]) throws -> Set<Identifier<Record>> {
        var merged: Set<Identifier<Record>> = []
        for chunk in ids.chunks(of: 512) {
            let rows = try transaction.rows(
                "SELECT record_id FROM tombstone WHERE reason = 'merged' AND record_id IN (\(list: chunk))")
            for row in rows { merged.insert(try row.identifier("record_id")) }
        }
        return merged
    }

    /// Takes away the tombstones of records that are there again.
    func exhume(_ ids: [Identifier<Record>]) throws {
        for chunk in ids.chunks(of: 512) {
            try transaction.run("DELETE FROM tombstone WHERE record_id IN (\(list: chunk))")
        }
    }
}
