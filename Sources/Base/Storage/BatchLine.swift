import Dispatch
import Synchronization

/// Hands batches from one thread to another, a few at a time. Both wait, so both must be threads of a database.
final class BatchLine: Sendable {
    enum Piece: Sendable {
        case rows([Row])
        case end(TableDigest)
    }

    /// The other side has gone.
    struct Ended: Error {}

    private struct State {
        var pieces: [Piece] = []
        var isClosed = false
    }

    private static let length = 4

    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)

    init() { for _ in 0..<Self.length { room.signal() } }

    func put(_ piece: Piece) throws {
        room.wait()
        let isClosed = state.withLock { state in
            state.pieces.append(piece)
            return state.isClosed
        }
        filled.signal()
        if isClosed { throw Ended() }
    }

    func take() throws -> Piece {
        filled.wait()
        let piece = state.withLock { state in
            state.isClosed || state.pieces.isEmpty ? nil : state.pieces.removeFirst()
        }
        room.signal()
        guard let piece else { throw Ended() }
        return piece
    }

    /// Wakes whoever waits, which then ends.
    func close() {
        state.withLock { $0.isClosed = true }
        room.signal()
        filled.signal()
    }
}
