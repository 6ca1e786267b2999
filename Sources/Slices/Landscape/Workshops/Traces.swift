import Storage
import Synchronization

/// What was deleted can still stand in the database's log of past changes. It goes every quarter minute, so that in a full
/// room those who write do not wait for each note that is taken back.
final class Traces: Sendable {
    private static let turnsBetween = 15

    private let state = Mutex((turns: 0, areThere: false))

    func leave() { state.withLock { $0.areThere = true } }

    /// Asked once a second.
    func isDue() -> Bool {
        state.withLock { state in
            state.turns += 1
            return state.areThere && state.turns % Self.turnsBetween == 0
        }
    }

    /// When somebody still reads, it is tried again.
    func remove(from database: any Database) async {
        state.withLock { $0.areThere = false }
        do { try await database.emptyLog() } catch { leave() }
    }
}
