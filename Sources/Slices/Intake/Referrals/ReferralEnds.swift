package import Kernel
import Storage

extension Intake {
    /// Stores a referral that ended and takes away what was given for it, and the organization's keys to what was said.
    static func end(_ sent: SentReferral, on today: Day, _ transaction: any Transaction) throws {
        let (store, intake) = (ReferralStore(transaction), IntakeStore(transaction))
        try store.write(sent)
        for grant in try store.grants(of: sent) where grant.endedOn == nil {
            try intake.end(grant, on: min(today, grant.endsOn), today: today)
        }
        try MessageStore(transaction).removeKeys(about: sent.id, of: sent.recipient)
    }

    /// A grant ended: what was asked for under it ends with it, and of one that was over what was said ends too.
    static func endReferrals(
        under grant: Identifier<Grant>, by party: Referral.Party, because reason: Referral.Reason, on today: Day,
        _ transaction: any Transaction
    ) throws {
        for sent in try ReferralStore(transaction).referrals(under: grant) {
            let ended =
                sent.referral.state.isLive
                ? try sent.moved(to: .cancelled, by: party, because: reason, on: today) : sent
            try end(ended, on: today, transaction)
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

    /// How many referrals got no answer in the last ninety days, in the whole network; nil for fewer than five, so that no
    /// one of them can be recognized.
    package func unansweredCount(by actor: Actor) async throws -> Int? {
        guard actor.may(.inviteOrganizations) else { throw IntakeRefusal.notAllowed }
        let today = today
        let count = try await database.read { try ReferralStore($0).unansweredCount(since: today + -90) }
        return count < 5 ? nil : count
    }
}
