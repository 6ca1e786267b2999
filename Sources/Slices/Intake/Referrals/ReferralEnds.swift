package import Kernel
import Storage

extension Intake {
    /// Stores a referral that ended and takes away what was given for it, and the organization's keys to what was said.
    static func end(_ sent: SentReferral, on today: Day, _ transaction: any Transaction) throws {
        let (store, intake) = (ReferralStore(transaction), IntakeStore(transaction))
        try store.write(sent)
        for grant in try store.grants(of: sent) where grant.endedOn == nil {
            try intake.end(grant, on: today)
        }
        try MessageStore(transaction).removeKeys(about: sent.id, of: sent.recipient)
    }

    /// Ends a grant: taken back by its person, or by the clock when its last day is over. What was asked for under it ends with
    /// it, and of one that was over what was said ends too.
    static func endGrant(_ grant: Grant, on today: Day, at now: Instant, _ transaction: any Transaction) throws {
        let isOver = grant.endsOn < today
        try IntakeStore(transaction).end(grant, on: today)
        for sent in try ReferralStore(transaction).referrals(under: grant.id) {
            let ended =
                try sent.referral.state.isLive
                ? sent.moved(
                    to: .cancelled, by: isOver ? .clock : .person,
                    because: isOver ? .consentExpired : .consentWithdrawn, on: today)
                : sent
            try end(ended, on: today, transaction)
        }
        if !isOver {
            try AuditChain(transaction).append(
                .init(actor: person, verb: "revoke", kind: "grant", record: grant.id.description), at: now)
        }
    }

    /// Ends what nobody answered in the promised time.
    static func endUnanswered(on today: Day, _ transaction: any Transaction) throws -> Int {
        var count = 0
        for sent in try ReferralStore(transaction).waiting(sentBefore: today) {
            guard let late = try? sent.moved(to: .cancelled, by: .clock, because: .noResponse, on: today) else {
                continue
            }
            try end(late, on: today, transaction)
            count += 1
        }
        return count
    }

    /// What the coordinator is told of the last ninety days in the whole network: of no place and of nobody.
    package func networkCounts(by actor: Actor) async throws -> NetworkCounts {
        guard actor.may(.inviteOrganizations) else { throw IntakeRefusal.notAllowed }
        let since = today + -90
        return try await database.read { transaction in
            let store = ReferralStore(transaction)
            return NetworkCounts(
                unanswered: try store.unansweredCount(since: since), notHelped: try store.notHelpedCount(since: since))
        }
    }
}

/// Nil for fewer than five, so that no one of them can be recognized.
package struct NetworkCounts: Sendable, Equatable {
    /// Referrals that got no answer in time.
    package let unanswered: Int?
    /// Referrals after which the person says that they did not get what they needed.
    package let notHelped: Int?

    private static let smallest = 5

    init(unanswered: Int, notHelped: Int) {
        self.unanswered = unanswered < Self.smallest ? nil : unanswered
        self.notHelped = notHelped < Self.smallest ? nil : notHelped
    }
}
