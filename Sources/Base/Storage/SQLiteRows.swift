import Foundation
import GRDB
import GRDBSQLite

extension Statement {
    /// Runs the statement once for each of `rows`, bound straight to it: an import spends its time here. The number of
    /// rows changed.
    func run(each rows: [[SQLValue]], in connection: GRDB.Database) throws -> Int {
        defer {
            sqlite3_reset(sqliteStatement)
            sqlite3_clear_bindings(sqliteStatement)
        }
        var changed = 0
        for row in rows {
            sqlite3_reset(sqliteStatement)
            for (index, value) in row.enumerated() { try bind(value, at: Int32(index + 1)) }
            var code = sqlite3_step(sqliteStatement)
            while code == SQLITE_ROW { code = sqlite3_step(sqliteStatement) }
            guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
            changed += Int(sqlite3_changes(connection.sqliteConnection))
        }
        return changed
    }

    private func bind(_ value: SQLValue, at place: Int32) throws {
        // SQLITE_TRANSIENT: SQLite keeps a copy of its own.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let code: Int32 =
            switch value {
            case .null: sqlite3_bind_null(sqliteStatement, place)
            case .integer(let number): sqlite3_bind_int64(sqliteStatement, place, number)
            case .real(let number): sqlite3_bind_double(sqliteStatement, place, number)
            case .text(""): sqlite3_bind_text(sqliteStatement, place, "", 0, copied)
            case .text(var text):
                try text.withUTF8 { bytes in
                    if let start = bytes.baseAddress, memchr(start, 0, bytes.count) != nil {
                        throw StorageFailure.zeroCharacter
                    }
                    return bytes.withMemoryRebound(to: CChar.self) {
                        sqlite3_bind_text(sqliteStatement, place, $0.baseAddress, Int32($0.count), copied)
                    }
                }
            case .blob([]): sqlite3_bind_zeroblob(sqliteStatement, place, 0)
            case .blob(let bytes):
                bytes.withUnsafeBytes {
                    sqlite3_bind_blob(sqliteStatement, place, $0.baseAddress, Int32($0.count), copied)
                }
            }
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
}
