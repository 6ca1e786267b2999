/// The inside of one transaction. Never kept beyond the closure that was given it.
package protocol Transaction {
    func rows(_ statement: SQL) throws -> [Row]
    /// The number of rows changed.
    @discardableResult func run(_ statement: SQL) throws -> Int
    /// Runs `statement` once for each of `rows`, whose values take the place of its own. The number of rows changed.
    @discardableResult func run(_ statement: SQL, each rows: [[SQLValue]]) throws -> Int
}

extension Transaction {
    package func row(_ statement: SQL) throws -> Row? { try rows(statement).first }
}

/// The system of record: one writer at a time, several readers, each closure one transaction that is kept whole or not at all.
package protocol Database: Sendable {
    func read<Value: Sendable>(_ body: @Sendable @escaping (any Transaction) throws -> Value) async throws -> Value
    func write<Value: Sendable>(_ body: @Sendable @escaping (any Transaction) throws -> Value) async throws -> Value
}

/// What can go wrong below the rules. Carries no stored value, so it may be logged.
package enum StorageFailure: Error, Equatable, CustomStringConvertible {
    case unexpectedColumn(String)
    case newerThanProgram(migration: String)
    case changedMigration(String)
    case notADatabase(path: String)
    case cannotOpen(path: String, reason: String)
    case full
    case busy
    case statement(code: Int)
    case readOnly

    package var description: String {
        switch self {
        case .unexpectedColumn(let column): "The column \(column) does not hold what the program expects."
        case .newerThanProgram(let migration):
            "The database was written by a newer Waymark (it has the step \(migration)); start that version instead. Nothing was changed."
        case .changedMigration(let migration):
            "The database step \(migration) is not the one this program knows; the file or the program was altered. Nothing was changed."
        case .notADatabase(let path): "\(path) is not a Waymark database; move it away or restore a backup."
        case .cannotOpen(let path, let reason): "The database \(path) cannot be opened: \(reason)."
        case .busy: "Another program is writing, such as an import; nothing was changed. Try again when it has ended."
        case .full: "The disk is full; nothing of this change was kept."
        case .statement(let code): "The database refused a statement (code \(code)); nothing of this change was kept."
        case .readOnly: "The database cannot be written: the file or its folder is read-only."
        }
    }
}
