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
    private let address: String
    /// Makes and drops all schemas, because each connection is a process of the server.
    private static let owner = Task {
        guard let text = ProcessInfo.processInfo.environment["WAYMARK_TEST_DATABASE"],
            let address = PostgresAddress(text)
        else { throw NoAddress() }
        return try await PostgresDatabase(address, limits: limits)
    }

    package init() async throws {
        guard let address = ProcessInfo.processInfo.environment["WAYMARK_TEST_DATABASE"] else { throw NoAddress() }
        self.address = address
        let statement = SQL(stringLiteral: "CREATE SCHEMA \(name)")
        try await Self.owner.value.write { _ = try $0.run(statement) }
    }

    deinit {
        let statement = SQL(stringLiteral: "DROP SCHEMA \(name) CASCADE")
        Task.detached { try? await Self.owner.value.write { _ = try $0.run(statement) } }
    }

    /// Many tests run at once on one server.
    package static var limits: PostgresLimits {
        var limits = PostgresLimits()
        (limits.readers, limits.writers, limits.connect, limits.lock) = (2, 2, 60, 60)
        return limits
    }

    package var url: String {
        address + (address.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(name)"
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
