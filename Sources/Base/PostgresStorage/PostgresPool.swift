import Storage
import Synchronization

/// At most so many connections. Whoever finds none free waits in line, for a while.
final class PostgresPool: Sendable {
    /// A connection, and whether it was ever used: an old one may have been lost while nobody looked.
    struct Lent: Sendable {
        let connection: PostgresConnection
        let isNew: Bool
    }

    private struct State {
        var idle: [PostgresConnection] = []
        var made = 0
        var waiting: [(number: Int, continuation: CheckedContinuation<Lent, any Error>)] = []
        var lastNumber = 0
        var givenUp: Set<Int> = []
    }

    private let state = Mutex(State())
    private let size: Int
    private let patience: Duration
    private let failure: StorageFailure
    private let make: @Sendable () -> PostgresConnection

    /// - Parameters:
    ///   - patience: how long somebody waits for a free connection.
    ///   - failure: what they are told then.
    init(
        size: Int, patience: Duration, failure: StorageFailure, make: @escaping @Sendable () -> PostgresConnection
    ) {
        self.size = size
        self.patience = patience
        self.failure = failure
        self.make = make
    }

    /// Connections that somebody uses now.
    var used: Int { state.withLock { $0.made - $0.idle.count } }

    func take() async throws -> Lent {
        if let lent = state.withLock({ free(&$0) }) { return lent }
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        let clock = Task {
            try await Task.sleep(for: patience)
            leave(number, failure)
        }
        defer {
            clock.cancel()
            state.withLock { _ = $0.givenUp.remove(number) }
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(number, $0) }
        } onCancel: {
            leave(number, CancellationError())
        }
    }

    private func free(_ state: inout State) -> Lent? {
        if let connection = state.idle.popLast() { return Lent(connection: connection, isNew: false) }
        guard state.made < size else { return nil }
        state.made += 1
        return Lent(connection: make(), isNew: true)
    }

    private func wait(_ number: Int, _ continuation: CheckedContinuation<Lent, any Error>) {
        let outcome = state.withLock { state -> Result<Lent, any Error>? in
            if state.givenUp.remove(number) != nil { return .failure(CancellationError()) }
            if let lent = free(&state) { return .success(lent) }
            state.waiting.append((number, continuation))
            return nil
        }
        if let outcome { continuation.resume(with: outcome) }
    }

    private func leave(_ number: Int, _ error: any Error) {
        let continuation = state.withLock { state -> CheckedContinuation<Lent, any Error>? in
            if let place = state.waiting.firstIndex(where: { $0.number == number }) {
                return state.waiting.remove(at: place).continuation
            }
            // Cancelled before it stood in line; a number that was served is not asked for again.
            if error is CancellationError { state.givenUp.insert(number) }
            return nil
        }
        continuation?.resume(throwing: error)
    }

    func giveBack(_ connection: PostgresConnection) {
        let next = state.withLock { state -> CheckedContinuation<Lent, any Error>? in
            if state.waiting.isEmpty {
                state.idle.append(connection)
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: Lent(connection: connection, isNew: false))
    }

    /// A connection that is not given back.
    /// - Parameter withIdle: the database went away, so those that nobody uses are lost as well.
    func drop(withIdle: Bool) {
        let served = state.withLock { state in
            state.made -= 1
            if withIdle {
                state.made -= state.idle.count
                state.idle = []
            }
            var served: [(CheckedContinuation<Lent, any Error>, Lent)] = []
            while !state.waiting.isEmpty, let lent = free(&state) {
                served.append((state.waiting.removeFirst().continuation, lent))
            }
            return served
        }
        for (continuation, lent) in served { continuation.resume(returning: lent) }
    }
}
