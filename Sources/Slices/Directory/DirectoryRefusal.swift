package import Kernel
import Storage

/// What the rules of the Directory forbid.
package enum DirectoryRefusal: Refusal, Equatable {
    case notFound
    case unknownField(String)
    case notAllowed
    case conflict
    /// Another program holds the records, such as an import.
    case busy
    /// The database is away: what was typed is shown again.
    case away
    case noFirstCheck
    case sameChecker
    case invalid(Problems)
    case noProposal
    case alreadyDecided
    case changedSince
    case noReply
    case notPublic
    case linkUsed
    case reportsPaused
    case reportsEnough
    case sameRecord
    case differentAudience
    case twoStewards
    case wouldCircle

    package var code: String {
        switch self {
        case .notFound: "not-found"
        case .unknownField: "unknown-field"
        case .notAllowed: "not-allowed"
        case .conflict: "conflict"
        case .busy: "busy"
        case .away: "away"
        case .noFirstCheck: "no-first-check"
        case .sameChecker: "same-checker"
        case .invalid: "invalid"
        case .noProposal: "no-proposal"
        case .alreadyDecided: "already-decided"
        case .changedSince: "changed-since"
        case .noReply: "no-reply"
        case .notPublic: "not-public"
        case .linkUsed: "link-used"
        case .reportsPaused: "reports-paused"
        case .reportsEnough: "reports-enough"
        case .sameRecord: "same-record"
        case .differentAudience: "different-audience"
        case .twoStewards: "two-stewards"
        case .wouldCircle: "would-circle"
        }
    }

    package var status: Int {
        switch self {
        case .notFound, .noProposal: 404
        case .notAllowed: 403
        case .linkUsed: 410
        case .busy, .away: 503
        case .unknownField, .invalid, .noReply, .sameRecord: 422
        case .reportsPaused, .reportsEnough: 429
        case .conflict, .noFirstCheck, .sameChecker, .alreadyDecided, .changedSince, .notPublic, .differentAudience,
            .twoStewards, .wouldCircle:
            409
        }
    }

    package var description: String {
        switch self {
        case .notFound: "There is no such record."
        case .unknownField(let field): "There is no field \(field) in this kind of record."
        case .busy: StorageFailure.busy.description
        case .away: "The records cannot be reached now; nothing was changed."
        case .notAllowed: "This role may not change listings."
        case .conflict:
            "Sources disagree about this fact; give it a new value with its source before anybody checks it."
        case .noFirstCheck: "Nobody has checked this fact yet; `confirm` comes before `second-check`."
        case .sameChecker: "The second check must be made by somebody else than the first."
        case .noProposal: "There is no such proposal."
        case .alreadyDecided: "This proposal was decided before."
        case .changedSince:
            "The record changed after this was proposed. Look at all three values with `review show`, then accept with --anyway."
        case .noReply: "Say in a sentence why it is refused; whoever proposed it can read that."
        case .notPublic:
            "This listing is not for everybody, so it cannot be shown by a link; call the provider instead."
        case .linkUsed: "This link was answered before; ask for a new one if something changed since."
        case .reportsPaused: "More reports came in within this hour than we take; try again later."
        case .reportsEnough: "There are many open reports about this listing already; staff are looking at them."
        case .sameRecord: "These are one and the same record."
        case .differentAudience:
            "One of the two may be seen by people who may not see the other; set the same audience for both first."
        case .twoStewards: "The two records have different stewards; ask them before they become one."
        case .wouldCircle: "The one to keep lies under the other; merge them the other way round."
        case .invalid(let problems):
            "Not kept: " + problems.faults.map { "\($0.field) is \($0.code)" }.joined(separator: ", ") + "."
        }
    }
}
