import Foundation
import Kernel

/// Whose view a ballot stands for; results are shown by these, apart (`inventory.md`, section 11, rule 7).
enum VoterGroup: String, Sendable, CaseIterable, Comparable {
    case companies, funders, government, nonprofits, survivors

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A question to people of the network, with options that each may give points to.
struct Vote: Sendable {
    enum State: String, Sendable { case announced, open, closed, withdrawn }

    struct Option: Sendable, Hashable {
        let number: Int
        let body: String
        /// The id of an action or a priority of 2024, or the name of a finding (`FindingLink.name`), that it stands for.
        let linked: String?
    }

    let id: Identifier<Vote>
    let question: String
    /// What one voter may give away in all.
    let points: Int
    let opens: Instant
    let closes: Instant
    let options: [Option]
    let outcome: Outcome?
    /// Why it was withdrawn before it opened; nil when it was not.
    var withdrawn: String?
    /// How many voters had to be of the survivors' group at least.
    var survivorSeats = 0

    /// Known from the count on.
    enum Outcome: Sendable, Equatable {
        case counted(ballots: Int)
        /// Fewer ballots than `Tally.fewest`: what they said is told to nobody.
        case tooFew

        init?(_ word: String?, ballots: Int) {
            switch word {
            case "counted": self = .counted(ballots: ballots)
            case "too-few": self = .tooFew
            default: return nil
            }
        }
    }

    static let mostPoints = 10_000
    static let mostOptions = 100
    /// The longest text of a question or an option, in characters.
    static let longestText = 500

    func state(at now: Instant) -> State {
        if withdrawn != nil { return .withdrawn }
        if outcome != nil || now >= closes { return .closed }
        return now < opens ? .announced : .open
    }

    /// By the alphabet, so that no option is put before another.
    var shownOptions: [Option] {
        options.sorted { (Self.folded($0.body), $0.number) < (Self.folded($1.body), $1.number) }
    }

    static func folded(_ text: String) -> String {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    }
}

/// Somebody who may vote. What they chose stands nowhere beside them.
struct Voter: Sendable, Hashable {
    let worker: String
    let desk: String
    /// Told to the voter and to keepers alone; nil once the vote was counted or withdrawn.
    let group: VoterGroup?
}
