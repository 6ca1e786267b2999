import Glibc
import Synchronization

/// Lets another thread end the wait for an answer: shuts the connection's socket, which fails the wait. It reaches no
/// further than from `attach` to `detach`, so that a connection that went on to somebody else is left alone.
final class Interruption: Sendable {
    private struct State {
        var socket: Int32?
        var isAsked = false
    }

    private let state = Mutex(State())

    var isAsked: Bool { state.withLock(\.isAsked) }

    func attach(_ socket: Int32) throws {
        let isAsked = state.withLock { state in
            state.socket = socket
            return state.isAsked
        }
        if isAsked { throw CancellationError() }
    }

    func detach() { state.withLock { $0.socket = nil } }

    func ask() {
        state.withLock { state in
            state.isAsked = true
            if let socket = state.socket { _ = shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }
}
