import Kernel

/// The inside of one transaction. Never kept beyond the closure that was given it.
package protocol Transaction {
    func rows(_ statement: SQL) throws -> [Row]
    /// The number of rows changed.
    @discardableResult func run(_ statement: SQL) throws -> Int
    /// Runs `statement` once for each of `rows`, whose values take the place of its own. The number of rows changed.
    @discardableResult func run(_ statement: SQL, each rows: [[SQLValue]]) throws -> Int
    /// Wakes whoever follows the change sequence, in every process, once this transaction is kept.
    func wakeFollowers() throws
}

extension Transaction {
    package func row(_ statement: SQL) throws -> Row? { try rows(statement).first }
}

/// The system of record: one writer at a time in all processes, several readers, each closure one transaction that is kept
/// whole or not at all. A write runs its closure at most once; a read may run it again when a connection was lost.
package protocol Database: Sendable {
    func read<Value: Sendable>(_ body: @Sendable @escaping (any Transaction) throws -> Value) async throws -> Value
    func write<Value: Sendable>(_ body: @Sendable @escaping (any Transaction) throws -> Value) async throws -> Value
    /// One element soon after a change was kept by any process; ends at once where the database cannot tell.
    var wakeUps: AsyncStream<Void> { get }
    /// Lets nothing that was deleted remain in the log of past changes beside the records, where the database keeps one of its
    /// own. Throws `busy` while somebody still reads what was there before.
    func emptyLog() async throws
}

extension Database {
    package var wakeUps: AsyncStream<Void> { AsyncStream { $0.finish() } }
    package func emptyLog() async throws {}
}

/// What can go wrong below the rules. Carries no stored value, so it may be logged.
package enum StorageFailure: Outage, Equatable {
    case unexpectedColumn(String)
    case newerThanProgram(migration: String)
    case changedMigration(String)
    case notADatabase(path: String)
    case cannotOpen(path: String, reason: String)
    case full
    case statement(code: String)
    case readOnly
    case busy
    case tooSlow
    case away(reason: String)
    case uncertain
    case unfit(reason: String)
    case zeroCharacter
    case otherRecords
    case copyDiffers(table: String)

    package var code: String? {
        switch self {
        case .away, .tooSlow, .full, .readOnly: "away"
        case .busy: "busy"
        case .uncertain: "uncertain"
        case .unexpectedColumn, .newerThanProgram, .changedMigration, .notADatabase, .cannotOpen, .statement, .unfit,
            .zeroCharacter, .otherRecords, .copyDiffers:
            nil
        }
    }

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
        case .readOnly: "The database cannot be written: it, its file or its folder is read-only."
        case .tooSlow: "The database took too long to answer a statement; nothing of this change was kept."
        case .away(let reason): "The database is away: \(reason); nothing was changed."
        case .uncertain:
            "The database went away while it was keeping the change; look whether it was kept before you repeat it."
        case .unfit(let reason): "The PostgreSQL database cannot be used: \(reason). Nothing was changed."
        case .zeroCharacter: "A text holds the character U+0000, which cannot be kept; take it out."
        case .otherRecords:
            "The target holds other records than the source; name an empty database. Nothing was changed."
        case .copyDiffers(let table): "The table \(table) is not the same in the copy; nothing was kept of it."
        }
    }
}
