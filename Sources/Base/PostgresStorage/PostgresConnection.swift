import Dispatch
import Storage

/// Runs a connection's work on a thread of its own, because libpq waits, and Swift's few threads must not.
private final class ConnectionThread: SerialExecutor {
    private let queue = DispatchQueue(label: "waymark.postgres")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// One connection and the transactions on it.
actor PostgresConnection {
    /// One in every process that shares the schema may hold it: the writer.
    private static let writing =
        "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(1463898450, hashtext(current_schema()))"
    private static let reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    /// A time-out while a standby is waited for would end the wait and not the change: PostgreSQL says COMMIT then, although
    /// the change is on one machine alone.
    private static let keeping = "SET LOCAL statement_timeout = 0; COMMIT"
    private static let waking = "SELECT pg_notify('waymark', current_schema())"

    private let thread = ConnectionThread()
    private let address: PostgresAddress
    private let limits: PostgresLimits
    private var link: PostgresLink?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(_ address: PostgresAddress, _ limits: PostgresLimits) {
        self.address = address
        self.limits = limits
    }

    /// - Throws: `LostConnection` before `body` began or in a read; a lost one after that is a `StorageFailure`.
    func read<Value: Sendable>(
        _ interruption: Interruption, _ body: @Sendable (any Transaction) throws -> Value
    ) throws -> Value {
        let link = try opened(interruption)
        defer { interruption.detach() }
        try link.execute(Self.reading)
        let value = try undone(link) { try body(PostgresTransaction(link)) }
        try link.execute("COMMIT")
        return value
    }

    func write<Value: Sendable>(
        _ interruption: Interruption, _ body: @Sendable (any Transaction) throws -> Value
    ) throws -> Value {
        let link = try opened(interruption)
        defer { interruption.detach() }
        try undone(link) { _ = try link.execute(Self.writing) }
        let transaction = PostgresTransaction(link)
        do {
            let value = try undone(link) { try body(transaction) }
            // From here the change may be kept, so nobody interrupts any more.
            interruption.detach()
            if interruption.isAsked { throw LostConnection() }
            try keep(link, wakes: transaction.wakes)
            return value
        } catch let lost as LostConnection {
            throw BrokenWrite(failure: lost.failure)
        }
    }

    private func keep(_ link: PostgresLink, wakes: Bool) throws {
        do {
            // A transaction in which a statement failed ends with ROLLBACK and no error.
            guard try link.execute((wakes ? "\(Self.waking); " : "") + Self.keeping) == "COMMIT" else {
                throw StorageFailure.statement(code: "25P02")
            }
        } catch let lost as LostConnection {
            if case .away = lost.failure { throw StorageFailure.uncertain }
            throw lost
        }
    }

    /// Goes back to before the transaction when `work` throws.
    private func undone<Value>(_ link: PostgresLink, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let lost as LostConnection {
            throw lost
        } catch {
            _ = try? link.execute("ROLLBACK")
            throw error
        }
    }

    private func opened(_ interruption: Interruption) throws -> PostgresLink {
        let link = try self.link ?? PostgresLink(address, limits)
        self.link = link
        try interruption.attach(link.socket)
        return link
    }

    /// Calls `wake` once it listens and at every change of a process that shares the schema, until it is interrupted.
    func listen(_ interruption: Interruption, _ wake: @Sendable () -> Void) throws {
        let link = try opened(interruption)
        defer { interruption.detach() }
        try link.execute("LISTEN waymark")
        let schema = try link.rows("SELECT current_schema() AS name").first?.text("name") ?? ""
        wake()
        while true {
            if try link.waitForNotice().contains(schema) { wake() }
        }
    }
}

/// The connection broke inside a write, whose closure is not run again.
struct BrokenWrite: Error {
    let failure: StorageFailure
}

private final class PostgresTransaction: Transaction {
    private let link: PostgresLink
    private(set) var wakes = false

    init(_ link: PostgresLink) { self.link = link }

    func rows(_ statement: SQL) throws -> [Row] { try link.rows(statement) }
    func run(_ statement: SQL) throws -> Int { try link.run(statement) }
    func run(_ statement: SQL, each rows: [[SQLValue]]) throws -> Int { try link.run(statement, each: rows) }
    func wakeFollowers() { wakes = true }
}
