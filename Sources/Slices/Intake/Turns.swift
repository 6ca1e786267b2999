import Synchronization

/// How many wait for their receipt to be stretched, whoever they are: above that, the next is told to come back, so that a
/// flood costs others seconds and not the server its memory.
final class Turns: Sendable {
    static let most = 200

    private let waiting = Mutex(0)

    /// False when too many wait already.
    func enter() -> Bool {
        waiting.withLock { waiting in
            guard waiting < Self.most else { return false }
            waiting += 1
            return true
        }
    }

    func leave() { waiting.withLock { $0 -= 1 } }
}

/// Whether something was taken away whose traces may still stand in the database's log.
final class Leftovers: Sendable {
    private let areThere = Mutex(false)

    func add() { areThere.withLock { $0 = true } }

    /// True when there are some; they count as cleared from now on.
    func take() -> Bool {
        areThere.withLock { areThere in
            defer { areThere = false }
            return areThere
        }
    }
}
