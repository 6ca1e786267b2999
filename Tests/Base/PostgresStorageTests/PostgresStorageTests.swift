import Foundation
import Kernel
import PostgresStorage
import Storage
import Support
import Synchronization
import Testing

/// What only the driver for PostgreSQL has to show; what both must do alike is in StorageTests.
@Suite(.enabled(if: TestDatabase.isPostgres)) struct PostgresStorageTests {
    private func migrated() async throws -> (PostgresSchema, any Database) {
        let schema = try await PostgresSchema()
        let database = try await schema.database()
        try await Migrator([]).run(on: database, at: Town.noon)
        return (schema, database)
    }

    private func append(_ name: String, to database: any Database) async throws {
        try await database.write { try ChangeSequence($0).append("service", name, at: Town.noon) }
    }

    @Test func `change numbers of two nodes rise in the order of commits and are seen in it`() async throws {
        let (schema, one) = try await migrated()
        let two = try await schema.connection()
        let watcher = Task {
            var known = 0
            while known < 160, !Task.isCancelled {
                let after = known
                let changes = try await two.read { try ChangeSequence($0).after(after, limit: 500) }
                #expect(changes.map(\.number) == changes.indices.map { after + 1 + $0 })
                known = changes.last?.number ?? known
            }
            return known
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<16 {
                group.addTask {
                    for number in 0..<10 { try await append("\(writer)-\(number)", to: writer % 2 == 0 ? one : two) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await watcher.value == 160)
    }

    @Test func `of two nodes that start at once one takes the schema steps`() async throws {
        let schema = try await PostgresSchema()
        let (one, two) = (try await schema.connection(), try await schema.connection())
        let steps = [Migration("demo-0001", ["CREATE TABLE demo (id TEXT PRIMARY KEY)"])]
        async let first = Migrator(steps).run(on: one, at: Town.noon)
        async let second = Migrator(steps).run(on: two, at: Town.noon)
        let taken = try await [first, second]
        #expect(Set(taken) == [["storage-0001", "demo-0001"], []])
    }

    /// How soon is measured where nothing else runs, by Tests/Browser/test_on_postgresql.py.
    @Test(.timeLimit(.minutes(5)))
    func `a change on one node wakes the other`() async throws {
        let (schema, one) = try await migrated()
        let two = try await schema.connection()
        var wakes = two.wakeUps.makeAsyncIterator()
        await wakes.next()
        for number in 0..<20 {
            try await append("\(number)", to: one)
            await wakes.next()
        }
        #expect(try await two.read { try ChangeSequence($0).latest() } == 20)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a write that changed no record wakes nobody`() async throws {
        let (schema, one) = try await migrated()
        let two = try await schema.connection()
        var wakes = two.wakeUps.makeAsyncIterator()
        await wakes.next()
        try await one.write { _ = try $0.run("UPDATE counter SET value = 5 WHERE name = 'audit'") }
        try await append("x", to: one)
        await wakes.next()
        #expect(try await two.read { try ChangeSequence($0).latest() } == 1)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a cancelled question is given up and the next one is answered`() async throws {
        let (_, database) = try await migrated()
        let slow = Task { try await database.read { try $0.row("SELECT pg_sleep(25)") } }
        try await Task.sleep(for: .milliseconds(200))
        let clock = ContinuousClock()
        let before = clock.now
        slow.cancel()
        await #expect(throws: CancellationError.self) { try await slow.value }
        #expect(clock.now - before < .seconds(20))
        #expect(try await database.read { try ChangeSequence($0).latest() } == 0)
    }

    @Test func `a statement that takes too long and a writer that does not end are said so`() async throws {
        let (schema, patient) = try await migrated()
        var limits = PostgresSchema.limits
        (limits.statement, limits.lock) = (1, 1)
        let hasty = try await schema.connection(limits: limits)
        await #expect(throws: StorageFailure.tooSlow) { try await hasty.read { try $0.row("SELECT pg_sleep(5)") } }
        let holds = Atomic(false)
        let ends = Atomic(false)
        async let slow: Void = patient.write { transaction in
            while !ends.load(ordering: .relaxed) {
                _ = try transaction.row("SELECT pg_sleep(0.05)")
                holds.store(true, ordering: .relaxed)
            }
        }
        while !holds.load(ordering: .relaxed) { try await Task.sleep(for: .milliseconds(10)) }
        limits.statement = 5
        let other = try await schema.connection(limits: limits)
        await #expect(throws: StorageFailure.busy) { try await append("x", to: other) }
        ends.store(true, ordering: .relaxed)
        try await slow
        try await append("x", to: other)
    }

    @Test func `connections that were lost while nobody looked are replaced`() async throws {
        let (_, database) = try await migrated()
        let reader = try await database.read { try $0.row("SELECT pg_backend_pid() AS pid")?.integer("pid") }
        let writer = try await database.write { try $0.row("SELECT pg_backend_pid() AS pid")?.integer("pid") }
        let other = try await PostgresSchema().connection()
        _ = try await other.read { try $0.rows("SELECT pg_terminate_backend(CAST(\(reader) AS INTEGER)) AS done") }
        _ = try await other.read { try $0.rows("SELECT pg_terminate_backend(CAST(\(writer) AS INTEGER)) AS done") }
        try await Task.sleep(for: .milliseconds(100))
        #expect(try await database.read { try ChangeSequence($0).latest() } == 0)
        try await append("x", to: database)
        #expect(try await database.read { try ChangeSequence($0).latest() } == 1)
    }

    @Test func `a write whose connection breaks is not run again and leaves nothing`() async throws {
        let (_, database) = try await migrated()
        let counter = RunCounter()
        await #expect(throws: StorageFailure.away(reason: "it is starting or stopping")) {
            try await database.write { transaction in
                counter.rise()
                try ChangeSequence(transaction).append("service", "x", at: Town.noon)
                _ = try transaction.rows("SELECT pg_terminate_backend(pg_backend_pid()) AS done")
            }
        }
        #expect(counter.count == 1)
        #expect(try await database.read { try ChangeSequence($0).latest() } == 0)
    }

    @Test func `a statement that failed unheard does not make the rest look kept`() async throws {
        let (_, database) = try await migrated()
        await #expect(throws: StorageFailure.self) {
            try await database.write { transaction in
                try ChangeSequence(transaction).append("service", "x", at: Town.noon)
                _ = try? transaction.run("INSERT INTO nowhere (a) VALUES (\(1))")
            }
        }
        #expect(try await database.read { try ChangeSequence($0).latest() } == 0)
    }

    @Test func `a database that takes no changes is said so`() async throws {
        let (schema, _) = try await migrated()
        let address = try #require(
            PostgresAddress(schema.url + "%20-cdefault_transaction_read_only%3Don"))
        let database = try await PostgresDatabase(address)
        await #expect(throws: StorageFailure.readOnly) { try await append("x", to: database) }
        #expect(try await database.read { try ChangeSequence($0).latest() } == 0)
    }

    @Test func `a read changes nothing`() async throws {
        let (_, database) = try await migrated()
        await #expect(throws: StorageFailure.readOnly) {
            try await database.read { try $0.run("UPDATE counter SET value = 7 WHERE name = 'audit'") }
        }
    }

    @Test func `many more readers than connections are all answered`() async throws {
        let (_, database) = try await migrated()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<300 { group.addTask { try await database.read { try ChangeSequence($0).latest() } } }
            for try await latest in group { #expect(latest == 0) }
        }
    }
}

private final class RunCounter: Sendable {
    private let state = Mutex(0)
    var count: Int { state.withLock { $0 } }
    func rise() { state.withLock { $0 += 1 } }
}

/// No server is needed to see that an address keeps its password.
@Suite struct PostgresAddressTests {
    @Test(arguments: [
        "postgres://ann:hush@@127.0.0.1/x", "postgres://ann:hu/sh@127.0.0.1/x",
        "postgres://ann:hush@127.0.0.1:port/x", "postgres://ann:hush@127.0.0.1/x?colour=red", "mysql://127.0.0.1/x",
    ])
    func `an address that libpq reads otherwise than it was meant is refused`(_ text: String) {
        #expect(PostgresAddress(text) == nil)
    }

    @Test func `no error and no print of an address shows the password`() async throws {
        let address = try #require(PostgresAddress("postgres://ann:hush%20hush@127.0.0.1:1/x"))
        var printed = "\(address) \(String(reflecting: address))"
        dump(address, to: &printed)
        do {
            _ = try await PostgresDatabase(address)
        } catch {
            printed += "\(error) \(String(reflecting: error))"
        }
        #expect(printed.contains("nothing answers at its host and port"))
        #expect(!printed.contains("hush"))
    }
}
