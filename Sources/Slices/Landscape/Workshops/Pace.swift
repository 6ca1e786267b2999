import Kernel
import Synchronization

/// How much of something may come at once, and how much again each second. Counted on this node by what a person holds (a
/// workshop, a phone's secret), never by an address: thirty people share one.
final class Pace: Sendable {
    struct Allowance: Sendable {
        let atOnce: Int
        let perSecond: Int

        /// A code that no workshop has. Of the 113 million codes a guess each second tries 0.08 % in a day.
        static let wrongCodes = Allowance(atOnce: 60, perSecond: 1)
        static let joins = Allowance(atOnce: 500, perSecond: 5)
        static let notesOfPhone = Allowance(atOnce: 20, perSecond: 1)
        static let notesOfWorkshop = Allowance(atOnce: 1000, perSecond: 50)
    }

    private typealias Counts = [String: (left: Int, at: Instant)]
    /// Twice as many are remembered at most.
    private static let remembered = 20_000

    private let counts = Mutex<(young: Counts, old: Counts)>(([:], [:]))

    /// False when there is nothing left for `key`.
    func take(_ key: String, _ allowance: Allowance, at now: Instant) -> Bool {
        counts.withLock { counts in
            let left = Self.left(key, allowance, now, counts.young[key] ?? counts.old[key])
            Self.keep(max(0, left - 1), key, now, &counts)
            return left > 0
        }
    }

    /// Gives one back that was taken for something that turned out not to count.
    func giveBack(_ key: String, _ allowance: Allowance, at now: Instant) {
        counts.withLock { counts in
            let left = Self.left(key, allowance, now, counts.young[key] ?? counts.old[key])
            Self.keep(min(allowance.atOnce, left + 1), key, now, &counts)
        }
    }

    private static func keep(_ left: Int, _ key: String, _ now: Instant, _ counts: inout (young: Counts, old: Counts)) {
        if counts.young.count >= remembered { counts = ([:], counts.young) }
        counts.young[key] = (left, now)
    }

    private static func left(
        _ key: String, _ allowance: Allowance, _ now: Instant, _ before: (left: Int, at: Instant)?
    ) -> Int {
        guard let before else { return allowance.atOnce }
        let again = max(0, now.seconds - before.at.seconds) * Int64(allowance.perSecond)
        return Int(min(Int64(allowance.atOnce), Int64(before.left) + again))
    }
}
