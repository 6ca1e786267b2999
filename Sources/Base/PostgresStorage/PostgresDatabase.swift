package import Storage

/// The port over PostgreSQL 14 or later.
///
/// A write holds an advisory lock of its schema from beginning to end, so that there is one writer at a time in all
/// processes, as in SQLite: no deadlock, no serialization failure and nothing to repeat, and change numbers rise in the
/// order of commits. Reads wait for nobody.
package final class PostgresDatabase: Database {
    private let address: PostgresAddress
    private let limits: PostgresLimits
    private let readers: PostgresPool
    private let writers: PostgresPool

    /// Connects once, so that a wrong address or an unfit database is known at start.
    package convenience init(_ address: PostgresAddress, limits: PostgresLimits = PostgresLimits()) async throws {
        self.init(unconnected: address, limits: limits)
        _ = try await read { try $0.row("SELECT 1 AS one") }
    }

    /// For a node that starts while the database is away.
    package init(unconnected address: PostgresAddress, limits: PostgresLimits = PostgresLimits()) {
        self.address = address
        self.limits = limits
        let patience = Duration.seconds(limits.connect + limits.lock)
        let taken = StorageFailure.away(reason: "all connections to it are taken and none came free")
        readers = PostgresPool(size: limits.readers, patience: patience, failure: taken) {
            PostgresConnection(address, limits)
        }
        writers = PostgresPool(size: limits.writers, patience: patience, failure: .busy) {
            PostgresConnection(address, limits)
        }
    }

    /// Connections in use now, and how many there may be.
    package var use: (reading: Int, readers: Int, writing: Int, writers: Int) {
        (readers.used, limits.readers, writers.used, limits.writers)
    }

    package func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Transaction) throws -> Value
    ) async throws -> Value {
        try await use(readers) { try await $0.read($1, body) }
    }

    package func write<Value: Sendable>(
        _ body: @Sendable @escaping (any Transaction) throws -> Value
    ) async throws -> Value {
        try await use(writers) { try await $0.write($1, body) }
    }

    /// Tries again on a new connection when an old one turns out to be lost before anything was written.
    private func use<Value: Sendable>(
        _ pool: PostgresPool, _ work: @Sendable (PostgresConnection, Interruption) async throws -> Value
    ) async throws -> Value {
        while true {
            let lent = try await pool.take()
            let interruption = Interruption()
            do {
                let value = try await withTaskCancellationHandler {
                    try await work(lent.connection, interruption)
                } onCancel: {
                    interruption.ask()
                }
                pool.giveBack(lent.connection)
                return value
            } catch {
                guard let failure = Self.loss(error) else {
                    pool.giveBack(lent.connection)
                    throw error
                }
                pool.drop(withIdle: !interruption.isAsked)
                if interruption.isAsked, failure != .uncertain { throw CancellationError() }
                if lent.isNew || !(error is LostConnection) { throw failure }
            }
        }
    }

    /// Why the connection of a piece of work is of no more use; nil when it still is.
    private static func loss(_ error: any Error) -> StorageFailure? {
        switch error {
        case let lost as LostConnection: lost.failure
        case let broken as BrokenWrite: broken.failure
        case let failure as StorageFailure: failure.isOfConnection ? failure : nil
        default: nil
        }
    }

    package var wakeUps: AsyncStream<Void> {
        let (address, limits) = (address, limits)
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let listener = Task {
                while !Task.isCancelled {
                    let connection = PostgresConnection(address, limits)
                    let interruption = Interruption()
                    // However it ends, it begins again; meanwhile the follower asks by itself.
                    try? await withTaskCancellationHandler {
                        try await connection.listen(interruption) { continuation.yield() }
                    } onCancel: {
                        interruption.ask()
                    }
                    try? await Task.sleep(for: .seconds(1))
                }
            }
            continuation.onTermination = { _ in listener.cancel() }
        }
    }
}

extension StorageFailure {
    fileprivate var isOfConnection: Bool {
        switch self {
        case .away, .uncertain, .unfit: true
        default: false
        }
    }
}
