package import Storage
import Synchronization

/// The n-th statement fails, as a full disk would, or every one, as of a database that is away; everything else goes to the
/// real database.
package final class FailingDatabase: Database {
    package struct Injected: Error {}

    private let real: any Database
    private let left = Mutex<(count: Int, error: any Error & Sendable)?>(nil)
    private let outage = Mutex<(failure: StorageFailure, readsOnly: Bool)?>(nil)
    private let seen = Mutex<Set<String>>([])

    package init(_ real: any Database) { self.real = real }

    /// Lets `count` more statements of writes pass; nil lets all pass.
    package func failAfter(_ count: Int?, with error: any Error & Sendable = Injected()) {
        left.withLock { $0 = count.map { ($0, error) } }
    }

    /// Every transaction ends with `failure` before it begins; nil lets all pass.
    package func fail(with failure: StorageFailure?, readsOnly: Bool = false) {
        outage.withLock { $0 = failure.map { ($0, readsOnly) } }
    }

    package static let away = StorageFailure.away(reason: "nothing answers at its host and port")

    private func begin(isRead: Bool) throws {
        if let outage = outage.withLock(\.self), isRead || !outage.readsOnly { throw outage.failure }
    }

    /// The text of every statement that ran, for the test of the dialect.
    package var statements: Set<String> { seen.withLock { $0 } }

    package func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Transaction) throws -> Value
    ) async throws -> Value {
        try begin(isRead: true)
        return try await real.read { [self] in try body(Watched(real: $0, owner: self, fails: false)) }
    }

    package func write<Value: Sendable>(
        _ body: @Sendable @escaping (any Transaction) throws -> Value
    ) async throws -> Value {
        try begin(isRead: false)
        return try await real.write { [self] in try body(Watched(real: $0, owner: self, fails: true)) }
    }

    package var wakeUps: AsyncStream<Void> { real.wakeUps }
    package func emptyLog() async throws { try await real.emptyLog() }

    fileprivate func note(_ statement: SQL, fails: Bool) throws {
        seen.withLock { _ = $0.insert(statement.rendered { "$\($0)" }.text) }
        guard fails else { return }
        let failure = left.withLock { left -> (any Error & Sendable)? in
            guard let (count, error) = left else { return nil }
            left = (count - 1, error)
            return count <= 0 ? error : nil
        }
        if let failure { throw failure }
    }
}

private struct Watched: Transaction {
    let real: any Transaction
    let owner: FailingDatabase
    let fails: Bool

    func rows(_ statement: SQL) throws -> [Row] {
        try owner.note(statement, fails: fails)
        return try real.rows(statement)
    }

    func run(_ statement: SQL) throws -> Int {
        try owner.note(statement, fails: fails)
        return try real.run(statement)
    }

    func run(_ statement: SQL, each rows: [[SQLValue]]) throws -> Int {
        try owner.note(statement, fails: fails)
        return try real.run(statement, each: rows)
    }

    func wakeFollowers() throws { try real.wakeFollowers() }
}
