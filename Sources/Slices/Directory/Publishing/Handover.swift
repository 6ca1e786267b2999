import Dispatch
import Synchronization

/// Hands pieces from a task to the thread of a transaction, which must not await: the thread blocks, the task never does.
/// Two pieces lie between them at most.
final class Handover<Piece: Sendable>: Sendable {
    /// The task gave up; what the transaction did is to be undone.
    struct GivenUp: Error {}

    private enum End { case complete, givenUp }

    private struct State {
        var pieces: [Piece] = []
        var end: End?
        var isTaken = true
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let filled = DispatchSemaphore(value: 0)

    /// False when nobody takes any more.
    func put(_ piece: Piece) async -> Bool {
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                state.pieces.append(piece)
                if state.pieces.count < 2 || !state.isTaken { return true }
                state.waiting = continuation
                return false
            }
            filled.signal()
            if goesOn { continuation.resume() }
        }
        return state.withLock { $0.isTaken }
    }

    func finish() { end(.complete) }
    func giveUp() { end(.givenUp) }

    private func end(_ end: End) {
        state.withLock { if $0.end == nil { $0.end = end } }
        filled.signal()
    }

    /// Nil after the last piece.
    func take() throws -> Piece? {
        filled.wait()
        let (piece, end, waiting) = state.withLock { state in
            defer { state.waiting = nil }
            return (state.pieces.isEmpty ? nil : state.pieces.removeFirst(), state.end, state.waiting)
        }
        waiting?.resume()
        if piece == nil, end == .givenUp { throw GivenUp() }
        return piece
    }

    /// Whoever took is gone, as after a full disk: the task is not to wait for it.
    func leave() {
        let waiting = state.withLock { state in
            state.isTaken = false
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }
}
