import Kernel
import Synchronization

/// When this node last heard from its database. Pages go on without it, and say how old what they show is.
final class Contact: Sendable {
    private struct State {
        var heard: Instant?
        /// True from a question to its answer: a database that hangs does not say that it is away.
        var isWaiting = false
    }

    /// Seconds without an answer after which pages say so: a change is seen within one, a failover takes some more.
    private static let patience: Int64 = 15
    private let state = Mutex(State())

    /// The moment of a question, to be given back with its answer.
    func ask(at now: Instant) -> Instant {
        state.withLock { state in
            state.isWaiting = true
            state.heard = state.heard ?? now
        }
        return now
    }

    /// The database answered what was asked at `moment`.
    func hear(_ moment: Instant) {
        state.withLock { state in
            state.isWaiting = false
            state.heard = max(state.heard ?? moment, moment)
        }
    }

    var heard: Instant? { state.withLock(\.heard) }

    /// What the node shows is as old as that, whoever it asks now.
    func begin(staleSince moment: Instant) { state.withLock { $0 = State(heard: moment, isWaiting: true) } }

    func staleSince(now: Instant) -> Instant? {
        state.withLock { state in
            guard state.isWaiting, let heard = state.heard, now.seconds - heard.seconds > Self.patience else {
                return nil
            }
            return heard
        }
    }
}
