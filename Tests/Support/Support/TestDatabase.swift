import Foundation
package import PostgresStorage
package import Storage

/// A database of its own for each test: SQLite in memory, or a schema of the PostgreSQL in `WAYMARK_TEST_DATABASE`, which
/// goes with its last user.
package enum TestDatabase {
    private static let address = ProcessInfo.processInfo.environment["WAYMARK_TEST_DATABASE"]

    package static var isPostgres: Bool { address != nil }

    package static func make() async throws -> any Database {
        guard isPostgres else { return try SQLiteDatabase(inMemory: ()) }
        return try await PostgresSchema().database()
    }
}

/// An empty schema, dropped with the last that uses it.
package final class PostgresSchema: Sendable {
    struct NoAddress: Error {}

    private let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "_")
    package let url: String
    /// Makes all schemas, because each connection is a process of the server.
    private static let maker = Task { try await shared("public") }
    /// Drops them under a lock of its own: who begins waits for none that has ended.
    private static let sweeper = Task { try await shared("pg_catalog") }

    private static func shared(_ schema: String) async throws -> PostgresDatabase {
        var limits = limits
        (limits.writers, limits.connect) = (1, 600)
        guard let address = PostgresAddress(try Self.address(schema)) else { throw NoAddress() }
        return try await PostgresDatabase(address, limits: limits)
    }

    private static func address(_ schema: String) throws -> String {
        guard let server = ProcessInfo.processInfo.environment["WAYMARK_TEST_DATABASE"] else { throw NoAddress() }
        return server + (server.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)"
    }

    package init() async throws {
        url = try Self.address(name)
        let statement = SQL(stringLiteral: "CREATE SCHEMA \(name)")
        try await Self.maker.value.write { _ = try $0.run(statement) }
    }

    deinit {
        let statement = SQL(stringLiteral: "DROP SCHEMA \(name) CASCADE")
        Task.detached { try? await Self.sweeper.value.write { _ = try $0.run(statement) } }
    }

    /// Many tests run at once on one server.
    package static var limits: PostgresLimits {
        var limits = PostgresLimits()
        (limits.readers, limits.writers, limits.connect, limits.lock) = (2, 2, 60, 60)
        return limits
    }

    package func connection(limits: PostgresLimits = limits) async throws -> PostgresDatabase {
        guard let address = PostgresAddress(url) else { throw NoAddress() }
        return try await PostgresDatabase(address, limits: limits)
    }

    package func database() async throws -> any Database {
        var limits = Self.limits
        (limits.readers, limits.writers) = (1, 1)
        return Held(real: try await connection(limits: limits), schema: self)
    }

    private struct Held: Database {
        let real: PostgresDatabase
        let schema: PostgresSchema

        func read<Value: Sendable>(
            _ body: @Sendable @escaping (any Transaction) throws -> Value
        ) async throws -> Value { try await real.read(body) }

        func write<Value: Sendable>(
            _ body: @Sendable @escaping (any Transaction) throws -> Value
        ) async throws -> Value { try await real.write(body) }

        var wakeUps: AsyncStream<Void> { real.wakeUps }
    }
}
