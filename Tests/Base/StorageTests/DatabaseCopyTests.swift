import Kernel
import Storage
import Support
import Testing

/// From an SQLite file to another one, or to PostgreSQL when the tests run on it.
@Suite struct DatabaseCopyTests {
    private static let steps = [
        Migration(
            "demo-0001",
            [
                """
                CREATE TABLE place (
                    id TEXT PRIMARY KEY,
                    above_id TEXT REFERENCES place (id) ON DELETE CASCADE,
                    width DOUBLE PRECISION
                )
                """,
                """
                CREATE TABLE visit (
                    place_id TEXT NOT NULL REFERENCES place (id),
                    number BIGINT NOT NULL,
                    picture BYTEA,
                    PRIMARY KEY (place_id, number)
                )
                """,
            ]),
        Migration("demo-0002", ["ALTER TABLE place ADD COLUMN note TEXT"]),
    ]

    private static func place(_ number: Int, of rows: Int) -> [SQLValue] {
        let above = number + 1 < rows ? SQLValue.text("p\(10_001 + number)") : .null
        let note = number % 7 == 0 ? SQLValue.null : .text("näh \(number)")
        return [.text("p\(10_000 + number)"), above, .real(Double(number) / 3), note]
    }

    private static func visit(_ number: Int) -> [SQLValue] {
        let place = SQLValue.text("p\(10_000 + number / 4 * 4)")
        return [place, .integer(Int64(number)), .blob([0, UInt8(number % 256)])]
    }

    private func source(rows: Int) async throws -> any Database {
        let database = try SQLiteDatabase(inMemory: ())
        try await Migrator(Self.steps).run(on: database, at: Town.noon)
        try await database.write { transaction in
            // Every place lies under one that comes later.
            try transaction.run(
                "INSERT INTO place (id, above_id, width, note) VALUES (\(""), \(""), \(0.5), \(""))",
                each: (0..<rows).reversed().map { Self.place($0, of: rows) })
            try transaction.run(
                "INSERT INTO visit (place_id, number, picture) VALUES (\(""), \(0), \(SQLValue.blob([])))",
                each: (0..<rows).map(Self.visit))
            for number in 0..<20 { try ChangeSequence(transaction).append("place", "p\(number)", at: Town.noon) }
        }
        return database
    }

    private func copy(_ source: any Database, _ target: any Database) async throws -> [DatabaseCopy.Copied] {
        try await DatabaseCopy(Self.steps).run(from: source, to: target, at: Town.noon)
    }

    @Test func `every row arrives, whatever it points to, and change numbers go on`() async throws {
        let (source, target) = (try await source(rows: 3500), try await TestDatabase.make())
        let copied = try await copy(source, target)
        #expect(copied.map(\.table) == ["counter", "change", "audit", "place", "visit"])
        #expect(copied.map(\.rows) == [2, 20, 0, 3500, 3500])
        try await target.write { try ChangeSequence($0).append("place", "x", at: Town.noon) }
        #expect(try await target.read { try ChangeSequence($0).latest() } == 21)
    }

    @Test func `a second copy finds all there, and other records are refused`() async throws {
        let (source, target) = (try await source(rows: 10), try await TestDatabase.make())
        let first = try await copy(source, target)
        #expect(try await copy(source, target) == first)
        try await target.write { _ = try $0.run("UPDATE place SET note = 'else' WHERE id = 'p10003'") }
        await #expect(throws: StorageFailure.otherRecords) { try await copy(source, target) }
        #expect(try await target.read { try $0.row("SELECT COUNT(*) AS n FROM place")?.integer("n") } == 10)
    }

    @Test func `a copy that breaks off anywhere leaves nothing and is begun again`() async throws {
        let (source, real) = (try await source(rows: 2500), try await TestDatabase.make())
        try await Migrator(Self.steps).run(on: real, at: Town.noon)
        let target = FailingDatabase(real)
        // The first two statements of the migrator are writes as well.
        for count in [0, 2, 3, 4, 6, 9] {
            target.failAfter(count)
            await #expect(throws: FailingDatabase.Injected.self) { try await copy(source, target) }
            target.failAfter(nil)
            #expect(try await real.read { try $0.rows("SELECT * FROM change") }.isEmpty)
        }
        #expect(try await copy(source, target).last?.rows == 2500)
    }

    @Test func `a source that fails midway is what is told`() async throws {
        let (real, target) = (try await source(rows: 2500), try await TestDatabase.make())
        let source = BreakingSource(real: real)
        await #expect(throws: BreakingSource.Broken.self) { try await copy(source, target) }
        #expect(try await target.read { try $0.rows("SELECT * FROM place") }.isEmpty)
    }
}

/// Cannot read the table `visit`.
private struct BreakingSource: Database {
    struct Broken: Error {}

    let real: any Database

    func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Transaction) throws -> Value
    ) async throws -> Value { try await real.read { try body(Breaking(real: $0)) } }

    func write<Value: Sendable>(
        _ body: @Sendable @escaping (any Transaction) throws -> Value
    ) async throws -> Value { try await real.write(body) }

    private struct Breaking: Transaction {
        let real: any Transaction

        func rows(_ statement: SQL) throws -> [Row] {
            if statement.rendered(placeholder: { "\($0)" }).text.contains("visit") { throw Broken() }
            return try real.rows(statement)
        }
        func run(_ statement: SQL) throws -> Int { try real.run(statement) }
        func run(_ statement: SQL, each rows: [[SQLValue]]) throws -> Int { try real.run(statement, each: rows) }
        func wakeFollowers() throws { try real.wakeFollowers() }
    }
}
