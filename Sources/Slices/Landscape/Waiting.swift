import Kernel
import Storage
import Web

/// Something of the landscape that waits for a desk, or for the person at it.
struct Waiting: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        case votes, steps, overdue, confirmations
        case initiatives, proposals, reviews

        /// After the language.
        var path: String {
            switch self {
            case .votes: "desk/landscape/votes"
            case .overdue, .proposals: "desk/landscape/plan"
            case .steps, .confirmations, .initiatives: "desk/landscape/initiatives"
            case .reviews: "desk/landscape/evaluation"
            }
        }
    }

    let kind: Kind
    let count: Int
}

extension Landscape {
    /// What there is of each kind, in their order; what the coordinator decides for the coordinator alone. Of a vote it is no
    /// matter whether one voted.
    func waiting(for signedIn: SignedIn) async throws -> [Waiting] {
        let (now, today, desk) = (world.now(), world.today, signedIn.organization)
        return try await database.read { transaction in
            func count(_ statement: SQL) throws -> Int { try transaction.row(statement)?.integer("count") ?? 0 }
            let actions = try PlanStore(transaction).actions()
            let initiatives = InitiativeStore(transaction)
            var counts: [Waiting.Kind: Int] = [
                .votes: try count(
                    """
                    SELECT COUNT(*) AS count FROM vote JOIN vote_voter ON vote_voter.vote_id = vote.id
                    WHERE vote_voter.worker = \(signedIn.worker) AND vote.opens_at <= \(now) AND vote.closes_at > \(now)
                    AND vote.withdrawn IS NULL AND vote.outcome IS NULL
                    """),
                .steps: try count(
                    """
                    SELECT COUNT(*) AS count FROM initiative_note
                    JOIN initiative ON initiative.id = initiative_note.initiative_id
                    WHERE initiative_note.owner = \(desk) AND initiative_note.done_on IS NULL
                    AND initiative.withdrawn_on IS NULL
                    """),
                .overdue: actions.count { $0.isInPlan && $0.owner == desk && $0.isOverdue(on: today) },
                .confirmations: try initiatives.accepted(keptBy: desk).count {
                    $0.withdrawal == nil && [.ageing, .old, .unconfirmed].contains($0.standing(on: today))
                },
            ]
            if signedIn.actor.may(.keepLandscape) {
                counts[.initiatives] = try initiatives.open().count
                counts[.proposals] = actions.count { !$0.isInPlan && $0.state == .proposed }
                counts[.reviews] = try EvaluationStore(transaction).indicators().count(where: \.awaitsReview)
            }
            return Waiting.Kind.allCases.compactMap { kind in
                counts[kind].flatMap { $0 > 0 ? Waiting(kind: kind, count: $0) : nil }
            }
        }
    }
}
