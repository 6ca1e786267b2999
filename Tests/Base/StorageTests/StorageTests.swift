import Foundation
import Kernel
import Storage
import Support
import Testing

@Suite struct StorageTests {
    private func database() async throws -> any Database {
        let database = try await TestDatabase.make()
        try await Migrator([]).run(on: database, at: Town.noon)
        return database
    }

    @Test func `text of a person is bound and never becomes SQL`() async throws {
        let evil = "'); DROP TABLE change; --"
        let row = try await database().read { try $0.row("SELECT \(evil) AS text") }
        #expect(try row?.text("text") == evil)
        let statement: SQL = "SELECT \(evil), \(7) WHERE 1 IN (\(list: [1, 2, 3]))"
        #expect(statement.rendered { "$\($0)" }.text == "SELECT $1, $2 WHERE 1 IN ($3, $4, $5, $6)")
    }

    private func tried() async throws -> any Database {
        let database = try await TestDatabase.make()
        let step = Migration(
            "tried-0001",
            [
                """
                CREATE TABLE tried (
                    id TEXT PRIMARY KEY, number BIGINT, real DOUBLE PRECISION, text TEXT, bytes BYTEA
                )
                """
            ])
        try await Migrator([step]).run(on: database, at: Town.noon)
        return database
    }

    @Test func `every value comes back as it went in`() async throws {
        let database = try await tried()
        let rows: [[SQLValue]] = [
            [.text("a"), .integer(.max), .real(0.1), .text("naïve 🏠 'quoted' \\ \"x\"\n"), .blob(Array(0...255))],
            [.text("b"), .integer(.min), .real(.leastNonzeroMagnitude), .text(""), .blob([])],
            [.text("c"), .integer(0), .real(-1.7976931348623157e308), .text("null"), .blob([0x5c, 0x78])],
            [.text("d"), .null, .null, .null, .null],
        ]
        let changed = try await database.write { transaction in
            try transaction.run(
                "INSERT INTO tried (id, number, real, text, bytes) VALUES (\(""), \(0), \(0.5), \(""), \(""))",
                each: rows)
        }
        #expect(changed == 4)
        let found = try await database.read {
            try $0.rows("SELECT id, number, real, text, bytes FROM tried ORDER BY id")
        }
        #expect(found.map { row in (0..<5).map { row[$0] } } == rows)
    }

    @Test func `text is put in the order of its bytes`() async throws {
        let database = try await tried()
        let texts = ["b", "A", "é", "a", "Z", "_", "10", "9", "aB", "ab", "🏠", "", " ", "É", "z", "a-b", "a b"]
        try await database.write { transaction in
            for text in texts { try transaction.run("INSERT INTO tried (id) VALUES (\(text))") }
        }
        let found = try await database.read {
            try $0.rows("SELECT id FROM tried ORDER BY id").map { try $0.text("id") }
        }
        #expect(found == texts.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        let above = try await database.read { try $0.rows("SELECT id FROM tried WHERE id > \("a") ORDER BY id") }
        #expect(above.count == 9)
    }

    @Test func `text with the character zero is refused, not cut`() async throws {
        let database = try await tried()
        await #expect(throws: StorageFailure.zeroCharacter) {
            try await database.write { _ = try $0.run("INSERT INTO tried (id, text) VALUES ('a', \("one\u{0}two"))") }
        }
        #expect(try await database.read { try $0.rows("SELECT id FROM tried") }.isEmpty)
    }

    @Test func `a thousand rows of which one is wrong leave nothing`() async throws {
        let database = try await tried()
        let rows = (0..<1000).map { [SQLValue.text($0 == 700 ? "3" : "\($0)")] }
        await #expect(throws: StorageFailure.self) {
            try await database.write { _ = try $0.run("INSERT INTO tried (id) VALUES (\(""))", each: rows) }
        }
        #expect(try await database.read { try $0.rows("SELECT id FROM tried") }.isEmpty)
        let good = Array(rows[..<700])
        try await database.write { _ = try $0.run("INSERT INTO tried (id) VALUES (\(""))", each: good) }
        #expect(try await database.read { try $0.row("SELECT COUNT(*) AS n FROM tried")?.integer("n") } == 700)
    }

    @Test func `a write that throws leaves nothing behind`() async throws {
        struct Stop: Error {}
        let database = try await database()
        await #expect(throws: Stop.self) {
            try await database.write { transaction in
                try ChangeSequence(transaction).append("service", "one", at: Town.noon)
                throw Stop()
            }
        }
        #expect(try await database.read { try ChangeSequence($0).latest() } == 0)
    }

    @Test func `changes are numbered without gaps in the order of commits`() async throws {
        let database = try await database()
        for name in ["a", "b", "c"] {
            try await database.write { try ChangeSequence($0).append("service", name, at: Town.noon) }
        }
        let changes = try await database.read { try ChangeSequence($0).after(1, limit: 10) }
        #expect(changes.map(\.number) == [2, 3])
        #expect(changes.map(\.record) == ["b", "c"])
    }

    @Test func `a schema step is taken once and never again`() async throws {
        let database = try await TestDatabase.make()
        let steps = [Migration("demo-0001", ["CREATE TABLE demo (id TEXT PRIMARY KEY)"])]
        #expect(try await Migrator(steps).run(on: database, at: Town.noon) == ["storage-0001", "demo-0001"])
        #expect(try await Migrator(steps).run(on: database, at: Town.noon).isEmpty)
    }

    @Test func `a program goes on beside a step of a newer one that only adds, and stops at any other`() async throws {
        let database = try await TestDatabase.make()
        let (older, added) = (
            Migrator([Migration("demo-0001", ["CREATE TABLE demo (id TEXT PRIMARY KEY)"])]),
            Migration("demo-0002", ["ALTER TABLE demo ADD COLUMN note TEXT"], isAddition: true)
        )
        let newer = Migrator([Migration("demo-0001", ["CREATE TABLE demo (id TEXT PRIMARY KEY)"]), added])
        try await older.run(on: database, at: Town.noon)
        #expect(try await newer.run(on: database, at: Town.noon) == ["demo-0002"])
        try await older.check(database)
        #expect(try await older.run(on: database, at: Town.noon).isEmpty)
        try await newer.check(database)
        let reworded = Migration("demo-0002", ["ALTER TABLE demo ADD COLUMN note TEXT"])
        await #expect(throws: StorageFailure.changedMigration("demo-0002")) {
            try await Migrator([Migration("demo-0001", ["CREATE TABLE demo (id TEXT PRIMARY KEY)"]), reworded])
                .run(on: database, at: Town.noon)
        }
        try await Migrator([Migration("demo-0001", ["CREATE TABLE demo (id TEXT PRIMARY KEY)"]), added, Self.change])
            .run(on: database, at: Town.noon)
        await #expect(throws: StorageFailure.newerThanProgram(migration: "demo-0003")) {
            try await older.check(database)
        }
    }

    private static let change = Migration("demo-0003", ["UPDATE demo SET note = 'x'"])

    @Test func `a database of a newer program is refused and left alone`() async throws {
        let database = try await TestDatabase.make()
        try await Migrator([Migration("future-0001", ["CREATE TABLE future (id TEXT)"])]).run(
            on: database, at: Town.noon)
        await #expect(throws: StorageFailure.newerThanProgram(migration: "future-0001")) {
            try await Migrator([]).run(on: database, at: Town.noon)
        }
    }

    @Test func `a schema step that was altered after it shipped is refused`() async throws {
        let database = try await TestDatabase.make()
        try await Migrator([Migration("demo-0001", ["CREATE TABLE demo (id TEXT)"])]).run(on: database, at: Town.noon)
        let altered = [Migration("demo-0001", ["CREATE TABLE demo (id TEXT, name TEXT)"])]
        await #expect(throws: StorageFailure.changedMigration("demo-0001")) {
            try await Migrator(altered).run(on: database, at: Town.noon)
        }
    }

    @Test func `a failing step takes none of the others with it`() async throws {
        let database = try await TestDatabase.make()
        let steps = [Migration("one-0001", ["CREATE TABLE one (id TEXT)"]), Migration("two-0001", ["CREATE NONSENSE"])]
        await #expect(throws: (any Error).self) { try await Migrator(steps).run(on: database, at: Town.noon) }
        for table in ["one", "migration", "counter"].compactMap(SQLName.init) {
            await #expect(throws: StorageFailure.self) {
                try await database.read { try $0.rows("SELECT * FROM \(name: table)") }
            }
        }
    }

    @Test(arguments: [
        "UPDATE audit SET verb = 'x' WHERE number = 2", "DELETE FROM audit WHERE number = 2",
        "DELETE FROM audit WHERE number = 3", "UPDATE audit SET at = at + 1 WHERE number = 1",
    ])
    func `the audit chain finds an edit and a removal`(_ tampering: String) async throws {
        let database = try await database()
        for verb in ["one", "two", "three"] {
            try await database.write { transaction in
                let deed = AuditChain.Deed(actor: Town.staff, verb: verb, kind: "service", record: "r")
                try AuditChain(transaction).append(deed, at: Town.noon)
            }
        }
        #expect(try await database.read { try AuditChain($0).walk().breaks } == [])
        let statement = SQL(stringLiteral: tampering)
        try await database.write { _ = try $0.run(statement) }
        #expect(try await database.read { try AuditChain($0).walk().breaks } != [])
    }

    @Test func `many readers and one writer do not wait for each other for ever`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(path: folder.appending(path: "test.sqlite").path)
        try await Migrator([]).run(on: database, at: Town.noon)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    if number % 8 == 0 {
                        try await database.write {
                            try ChangeSequence($0).append("service", "\(number)", at: Town.noon)
                        }
                    } else {
                        _ = try await database.read { try ChangeSequence($0).latest() }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.read { try ChangeSequence($0).latest() } == 8)
    }
}
