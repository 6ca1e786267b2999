import Synchronization

/// How often each form was tried on this node. A flood that sends one form again and again is refused before it costs anything;
/// one that takes a new form each time stands behind those who took theirs before.
final class FormUses: Sendable {
    static let most = 5
    /// Twice as many are remembered at most.
    private static let remembered = 100_000

    private let counts = Mutex((young: [String: Int](), old: [String: Int]()))

    /// False when `form` was tried too often.
    func take(_ form: FormToken) -> Bool {
        counts.withLock { counts in
            let count = (counts.young[form.digest] ?? counts.old[form.digest] ?? 0) + 1
            guard count <= Self.most else { return false }
            if counts.young.count >= Self.remembered { counts = ([:], counts.young) }
            counts.young[form.digest] = count
            return true
        }
    }

    /// A try that did not get its turn does not count.
    func giveBack(_ form: FormToken) {
        counts.withLock { $0.young[form.digest]? -= 1 }
    }
}
