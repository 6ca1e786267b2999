package import Kernel
import Synchronization

/// Finished answers kept for a short time. An entry is good for one day (ages and the week's hours change with it) and for
/// one number of the change sequence.
package final class ReplyCache: Sendable {
    private struct State {
        var change = -1
        var day = Day(number: -1)
        var replies: [String: Reply] = [:]
    }

    private let state = Mutex(State())
    private let capacity: Int

    package init(capacity: Int = 2000) { self.capacity = capacity }

    /// The kept answer for `key`, or the one that `make` gives now.
    package func reply(
        _ key: String, change: Int, now: Instant, make: () async throws -> Reply
    ) async throws -> Reply {
        let day = now.day
        let kept = state.withLock { state -> Reply? in
            if state.change != change || state.day != day {
                state = State(change: change, day: day)
            }
            return state.replies[key]
        }
        if let kept { return kept }
        let made = try await make().prepared()
        state.withLock { state in
            guard state.change == change, state.day == day, state.replies.count < capacity else { return }
            state.replies[key] = made
        }
        return made
    }
}
