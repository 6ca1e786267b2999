package import Kernel

/// Copies all records of one database to another, in one transaction of each: an interrupted copy leaves nothing behind and
/// is simply begun again.
package struct DatabaseCopy: Sendable {
    private let migrations: [Migration]
    private let tables: [CopyPlan.Table]

    package init(_ migrations: [Migration]) throws {
        self.migrations = migrations
        tables = try CopyPlan(migrations).tables
    }

    package struct Copied: Sendable, Equatable {
        package let table: String
        package let rows: Int
        /// SHA-256 over all values, in hexadecimal digits; found the same on both sides.
        package let digest: String
    }

    /// Brings both to this program's schema, copies what is missing, and compares every table.
    /// - Throws: `otherRecords` when the target holds anything but the same records, `copyDiffers` when it took them otherwise.
    package func run(from source: any Database, to target: any Database, at now: Instant) async throws -> [Copied] {
        try await Migrator(migrations).run(on: source, at: now)
        try await Migrator(migrations).run(on: target, at: now)
        let isEmpty = try await target.read { [tables] transaction in
            try tables.allSatisfy { table in
                try table.isFilled || transaction.rows("SELECT * FROM \(name: table.name) LIMIT 1").isEmpty
            }
        }
        return isEmpty ? try await copy(from: source, to: target) : try await compare(source, target)
    }

    /// Copies all records of `source` as they are at one moment into the empty `target`, with the steps that `source` took and
    /// no more. Changes nothing at the source, which others may write meanwhile.
    /// - Throws: `newerThanProgram` when it took steps that are not among `migrations`.
    package static func snapshot(
        of source: any Database, into target: any Database, _ migrations: [Migration], at now: Instant
    ) async throws -> [Copied] {
        let taken = try await Migrator(migrations).taken(in: source)
        let steps = migrations.filter { taken.contains($0.name) }
        try await Migrator(steps).run(on: target, at: now)
        return try await DatabaseCopy(steps).copy(from: source, to: target)
    }

    private func compare(_ source: any Database, _ target: any Database) async throws -> [Copied] {
        async let left = source.read { [tables] transaction in try tables.map { try $0.digest(in: transaction) } }
        async let right = target.read { [tables] transaction in try tables.map { try $0.digest(in: transaction) } }
        let (found, expected) = (try await right, try await left)
        guard found == expected else { throw StorageFailure.otherRecords }
        return zip(tables, found).map(Self.copied)
    }

    private func copy(from source: any Database, to target: any Database) async throws -> [Copied] {
        let line = BatchLine()
        async let reading: Void = source.read { [tables] transaction in
            do {
                for table in tables {
                    var digest = TableDigest()
                    try table.read(in: transaction) { rows in
                        digest.take(rows)
                        try line.put(.rows(rows))
                    }
                    try line.put(.end(digest))
                }
            } catch {
                line.close()
                throw error
            }
        }
        do {
            let copied = try await target.write { [tables] transaction in
                defer { line.close() }
                return try tables.map { try Self.take($0, from: line, in: transaction) }
            }
            try await reading
            return copied
        } catch let failure {
            line.close()
            // What went wrong at the source is the reason why the line ended.
            if failure is BatchLine.Ended { try await reading }
            throw failure
        }
    }

    private static func take(
        _ table: CopyPlan.Table, from line: BatchLine, in transaction: any Transaction
    ) throws -> Copied {
        if table.isFilled { try transaction.run("DELETE FROM \(name: table.name)") }
        var references: [[SQLValue]] = []
        while true {
            switch try line.take() {
            case .rows(let rows):
                try table.insert(rows, in: transaction)
                references += table.references(in: rows)
            case .end(let expected):
                try table.refer(references, in: transaction)
                let found = try table.digest(in: transaction)
                guard found == expected else { throw StorageFailure.copyDiffers(table: table.name.text) }
                return copied(table, found)
            }
        }
    }

    private static func copied(_ table: CopyPlan.Table, _ digest: TableDigest) -> Copied {
        Copied(table: table.name.text, rows: digest.count, digest: digest.text)
    }
}
