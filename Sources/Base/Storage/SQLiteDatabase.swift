import Foundation
import GRDB

/// The port over SQLite: write-ahead log, foreign keys on, every commit on the disk before it is acknowledged; what is deleted
/// is overwritten.
package struct SQLiteDatabase: Database {
    /// So long, in seconds, a statement waits for another program's.
    private static let patience = 10
    private let writer: any DatabaseWriter

    /// Opens or makes the file at `path`; its folder must exist and be writable. A rebuildable one is not waited for on
    /// the disk: after a power failure it may be some changes behind, never broken.
    package init(path: String, isRebuildable: Bool = false) throws {
        var configuration = Self.configuration
        if isRebuildable {
            configuration.prepareDatabase {
                try $0.execute(
                    sql: """
                        PRAGMA page_size = 16384; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF;
                        PRAGMA cache_size = -8000
                        """)
            }
        }
        configuration.maximumReaderCount = 4
        do {
            writer = try DatabasePool(path: path, configuration: configuration)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
            throw StorageFailure.notADatabase(path: path)
        } catch let error as DatabaseError {
            throw StorageFailure.cannotOpen(path: path, reason: Self.reason(error, path: path))
        }
    }

    /// A database that lives as long as this value, for tests.
    package init(inMemory: Void) throws {
        writer = try DatabaseQueue(configuration: Self.configuration)
    }

    /// Ends all connections, after which the file at its path is all there is of the database.
    package func close() throws {
        do { try writer.close() } catch is DatabaseError { throw StorageFailure.busy }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(TimeInterval(patience))
        configuration.prepareDatabase { connection in
            // The one writer holds the pages of a large import; it takes the room only when it needs it.
            let kilobytes = connection.configuration.readonly ? 8000 : 128_000
            try connection.execute(
                sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -\(kilobytes)")
        }
        return configuration
    }

    private static func reason(_ error: DatabaseError, path: String) -> String {
        switch error.resultCode {
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            "the folder is missing or this user may not write to it"
        case .SQLITE_FULL: "the disk is full"
        case .SQLITE_IOERR: "the disk is full or does not answer"
        case .SQLITE_BUSY, .SQLITE_LOCKED: "another program holds it"
        default: "SQLite answers with code \(error.resultCode.rawValue)"
        }
    }

    package func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Transaction) throws -> Value
    ) async throws -> Value {
        try await translated { try await writer.read { try body(SQLiteTransaction(connection: $0)) } }
    }

    package func write<Value: Sendable>(
        _ body: @Sendable @escaping (any Transaction) throws -> Value
    ) async throws -> Value {
        try await translated { try await writer.write { try body(SQLiteTransaction(connection: $0)) } }
    }

    /// Half a second is enough for the readers of pages; whoever reads longer is not waited for with the writer held.
    package func emptyLog() async throws {
        try await translated {
            try await writer.writeWithoutTransaction { connection in
                try connection.execute(sql: "PRAGMA busy_timeout = 500")
                defer { try? connection.execute(sql: "PRAGMA busy_timeout = \(Self.patience * 1000)") }
                _ = try connection.checkpoint(.truncate)
            }
        }
    }

    private func translated<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_FULL: throw StorageFailure.full
            case .SQLITE_READONLY: throw StorageFailure.readOnly
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: throw StorageFailure.notADatabase(path: "the file")
            case .SQLITE_BUSY, .SQLITE_LOCKED: throw StorageFailure.busy
            default: throw StorageFailure.statement(code: String(error.extendedResultCode.rawValue))
            }
        }
    }
}

private struct SQLiteTransaction: Transaction {
    let connection: GRDB.Database

    func rows(_ statement: SQL) throws -> [Row] {
        let (text, bindings) = statement.rendered { "?\($0)" }
        let prepared = try connection.cachedStatement(sql: text)
        let columns = prepared.columnNames
        let cursor = try GRDB.Row.fetchCursor(prepared, arguments: arguments(bindings))
        var rows: [Row] = []
        while let row = try cursor.next() {
            rows.append(Row(columns: columns, values: columns.indices.map { value(row, $0) }))
        }
        return rows
    }

    func run(_ statement: SQL) throws -> Int {
        let (text, bindings) = statement.rendered { "?\($0)" }
        try connection.cachedStatement(sql: text).execute(arguments: arguments(bindings))
        return connection.changesCount
    }

    func run(_ statement: SQL, each rows: [[SQLValue]]) throws -> Int {
        let (text, _) = statement.rendered { "?\($0)" }
        return try connection.cachedStatement(sql: text).run(each: rows, in: connection)
    }

    /// Polling is all there is: no process hears of another's changes.
    func wakeFollowers() {}

    private func arguments(_ bindings: [SQLValue]) throws -> StatementArguments {
        StatementArguments(
            try bindings.map { value -> (any DatabaseValueConvertible)? in
                try value.refuseZero()
                return switch value {
                case .null: nil
                case .integer(let number): number
                case .real(let number): number
                case .text(let text): text
                case .blob(let bytes): Data(bytes)
                }
            })
    }

    private func value(_ row: GRDB.Row, _ index: Int) -> SQLValue {
        let stored: DatabaseValue = row[index]
        return switch stored.storage {
        case .null: .null
        case .int64(let number): .integer(number)
        case .double(let number): .real(number)
        case .string(let text): .text(text)
        case .blob(let data): .blob(Array(data))
        }
    }
}
