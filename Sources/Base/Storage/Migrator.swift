package import Kernel

/// One step of the schema. Once shipped its text is frozen: a database remembers the digest of every step it took.
package struct Migration: Sendable {
    package let name: String
    package let statements: [String]
    private let isAddition: Bool

    /// - Parameters:
    ///   - name: slice and number, such as `directory-0001`.
    ///   - isAddition: a program that does not know the step goes on beside it: it adds tables, indexes, or columns that
    ///     may be left out, and changes nothing that is there. Frozen like the text.
    package init(_ name: String, _ statements: [String], isAddition: Bool = false) {
        self.name = name
        self.statements = statements
        self.isAddition = isAddition
    }

    /// Begins with a word that older programs read, since they cannot know the step itself.
    var digest: String { (isAddition ? Self.addition : "") + sha256(statements.joined(separator: ";\n")) }

    static let addition = "addition "
}

/// Brings a database to this program's schema in one transaction, which is also the lock against a second start.
package struct Migrator: Sendable {
    private let migrations: [Migration]

    /// Storage's own steps come first, then `migrations` in the given order.
    package init(_ migrations: [Migration]) { self.migrations = StorageSchema.migrations + migrations }

    /// Names of the steps taken now; empty when the database was current.
    @discardableResult
    package func run(on database: any Database, at now: Instant) async throws -> [String] {
        try await database.write { transaction in
            try transaction.run(SQL(frozen: StorageSchema.migrationTable))
            let taken = try taken(transaction)
            try refuseForeign(taken)
            var added: [String] = []
            for migration in migrations where taken[migration.name] == nil {
                for statement in migration.statements { try transaction.run(SQL(frozen: statement)) }
                try transaction.run(
                    """
                    INSERT INTO migration (name, digest, taken_at)
                    VALUES (\(migration.name), \(migration.digest), \(now))
                    """)
                added.append(migration.name)
            }
            return added
        }
    }

    /// What a running program asks while another may be upgraded.
    /// - Throws: `newerThanProgram` once the database took a step that this program must not work beside.
    package func check(_ database: any Database) async throws {
        try await database.read { try refuseForeign(taken($0)) }
    }

    /// Names of the steps that `database` took before.
    func taken(in database: any Database) async throws -> Set<String> {
        try await database.read { transaction in
            let taken = try taken(transaction)
            try refuseForeign(taken)
            return Set(taken.keys)
        }
    }

    private func taken(_ transaction: any Transaction) throws -> [String: String] {
        var taken: [String: String] = [:]
        for row in try transaction.rows("SELECT name, digest FROM migration ORDER BY name") {
            taken[try row.text("name")] = try row.text("digest")
        }
        return taken
    }

    private func refuseForeign(_ taken: [String: String]) throws {
        let known = Dictionary(uniqueKeysWithValues: migrations.map { ($0.name, $0.digest) })
        for (name, digest) in taken.sorted(by: { $0.key < $1.key }) {
            guard let expected = known[name] else {
                if digest.hasPrefix(Migration.addition) { continue }
                throw StorageFailure.newerThanProgram(migration: name)
            }
            guard expected == digest else { throw StorageFailure.changedMigration(name) }
        }
    }
}
