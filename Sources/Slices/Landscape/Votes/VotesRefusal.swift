import Kernel

/// What the rules of votes forbid.
enum VotesRefusal: String, Refusal {
    case notAllowed = "not-allowed"
    case noVote = "not-found"
    case notOpenYet = "vote-not-open"
    case closed = "vote-closed"
    /// Withdrawn before it opened.
    case withdrawn = "vote-withdrawn"
    /// Only what is not open yet is withdrawn.
    case alreadyOpen = "vote-already-open"
    case notEligible = "vote-not-yours"
    /// The ballots of this vote are sealed with another key than this node has.
    case otherKey = "vote-other-key"

    var code: String { rawValue }

    var status: Int {
        switch self {
        case .notAllowed, .notEligible: 403
        case .noVote: 404
        case .notOpenYet, .closed, .withdrawn, .alreadyOpen: 409
        case .otherKey: 503
        }
    }

    var description: String {
        switch self {
        case .notAllowed: "This role may not do that."
        case .noVote: "There is no such vote."
        case .notOpenYet: "This vote is not open yet; nothing was changed."
        case .closed: "This vote is closed; nothing was changed."
        case .withdrawn: "This vote was withdrawn; nothing was changed."
        case .alreadyOpen: "This vote is open already; nothing was changed."
        case .notEligible: "You are not among the voters of this vote; nothing was changed."
        case .otherKey: "This node has another key than the ballots of this vote; nothing was changed."
        }
    }
}
