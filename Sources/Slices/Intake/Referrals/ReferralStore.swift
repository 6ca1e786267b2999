import Kernel
import Storage

/// Rows of referrals and asks, inside one transaction. SQL only.
struct ReferralStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    // MARK: Referrals

    func referral(_ id: Identifier<Referral>) throws -> SentReferral? {
        try referrals("referral.id = \(id)").first
    }

    func referrals(of file: Identifier<PersonFile>) throws -> [SentReferral] {
        try referrals("referral.file_id = \(file) ORDER BY referral.sent_on DESC, referral.id")
    }

    /// The one for `service` that has not ended.
    func live(_ service: Identifier<AskedService>, of file: Identifier<PersonFile>) throws -> SentReferral? {
        try referrals(of: file).first { $0.service == service && $0.referral.state.isLive }
    }

    func referrals(under grant: Identifier<Grant>) throws -> [SentReferral] {
        try referrals("referral.grant_id = \(grant)")
    }

    /// What a desk was asked for and that changed since `day`, or is not over; of files that are still there.
    func referrals(to recipient: Identifier<Recipient>, since day: Day) throws -> [SentReferral] {
        try referrals(
            """
            referral.recipient_id = \(recipient) AND file.emptied_on IS NULL AND (referral.changed_on >= \(day)
                OR referral.state IN ('requested', 'accepted', 'in-progress', 'on-hold'))
            ORDER BY referral.sent_on, referral.id
            """)
    }

    /// Sent before `day` and not answered.
    func waiting(sentBefore day: Day) throws -> [SentReferral] {
        try referrals(
            "referral.state = 'requested' AND referral.sent_on < \(day) ORDER BY referral.sent_on LIMIT 500")
    }

    func servicesThatAccepted(since day: Day) throws -> Set<Identifier<AskedService>> {
        Set(
            try transaction.rows("SELECT DISTINCT service_id FROM referral WHERE accepted_on >= \(day)")
                .map { try $0.identifier("service_id") })
    }

    func unansweredCount(since day: Day) throws -> Int {
        try transaction.row(
            "SELECT COUNT(*) AS number FROM referral WHERE reason = 'no-response' AND changed_on >= \(day)")?
            .integer("number") ?? 0
    }

    func notHelpedCount(since day: Day) throws -> Int {
        try transaction.row(
            "SELECT COUNT(*) AS number FROM referral WHERE helped = 'no' AND changed_on >= \(day)")?
            .integer("number") ?? 0
    }

    private func referrals(_ condition: SQL) throws -> [SentReferral] {
        try transaction.rows(
            """
            SELECT referral.*, intake_grant.ends_on FROM referral
            JOIN intake_grant ON intake_grant.id = referral.grant_id JOIN file ON file.id = referral.file_id
            WHERE \(condition)
            """
        ).map(Self.referral)
    }

    private static func referral(_ row: Row) throws -> SentReferral {
        guard let state = Referral.State(rawValue: try row.text("state")), let sentOn = row.day("sent_on"),
            let changedOn = row.day("changed_on"), let endsOn = row.day("ends_on")
        else { throw StorageFailure.unexpectedColumn("referral") }
        let answerDays = try row.integer("answer_days")
        return SentReferral(
            id: try row.identifier("id"), file: try row.identifier("file_id"), grant: try row.identifier("grant_id"),
            service: try row.identifier("service_id"), recipient: try row.identifier("recipient_id"),
            answerDays: answerDays, sentOn: sentOn,
            referral: Referral(
                state: state, reason: row.optionalText("reason").flatMap(Referral.Reason.init),
                changedAt: changedOn.start, requestedAt: sentOn.start,
                place: try? row.integer("place"), promise: SentReferral.promise(answerDays),
                consentEndsAt: (endsOn + 1).start),
            acceptedOn: row.day("accepted_on"), rejection: row.optionalText("refusal").flatMap(Rejection.init),
            outcome: row.optionalText("outcome").flatMap(Outcome.init),
            helped: row.optionalText("helped").flatMap(Helped.init))
    }

    func write(_ sent: SentReferral) throws {
        let referral = sent.referral
        try transaction.run(
            """
            INSERT INTO referral (id, file_id, grant_id, service_id, recipient_id, state, reason, place, answer_days, sent_on,
                changed_on, accepted_on, refusal, outcome, helped)
            VALUES (\(sent.id), \(sent.file), \(sent.grant), \(sent.service), \(sent.recipient), \(referral.state.rawValue),
                \(referral.reason?.rawValue), \(referral.place), \(sent.answerDays), \(sent.sentOn), \(sent.changedOn),
                \(sent.acceptedOn), \(sent.rejection?.rawValue), \(sent.outcome?.rawValue), \(sent.helped?.rawValue))
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason, place = excluded.place,
                changed_on = excluded.changed_on, accepted_on = excluded.accepted_on, refusal = excluded.refusal,
                outcome = excluded.outcome, helped = excluded.helped
            """)
    }

    // MARK: Asks

    func asks(about referral: Identifier<Referral>) throws -> [Ask] {
        try transaction.rows("SELECT * FROM referral_ask WHERE referral_id = \(referral) ORDER BY asked_on, id").map {
            row in
            guard let askedOn = row.day("asked_on") else { throw StorageFailure.unexpectedColumn("referral_ask") }
            return Ask(
                id: try row.identifier("id"), referral: try row.identifier("referral_id"),
                kinds: try row.text("kinds").split(separator: " ").compactMap { PartKind(rawValue: String($0)) },
                askedOn: askedOn, answeredOn: row.day("answered_on"),
                grant: row.optionalText("grant_id").flatMap(Identifier.init))
        }
    }

    func write(_ ask: Ask) throws {
        try transaction.run(
            """
            INSERT INTO referral_ask (id, referral_id, kinds, asked_on, answered_on, grant_id)
            VALUES (\(ask.id), \(ask.referral), \(ask.kinds.map(\.rawValue).joined(separator: " ")), \(ask.askedOn),
                \(ask.answeredOn), \(ask.grant))
            ON CONFLICT (id) DO UPDATE SET answered_on = excluded.answered_on, grant_id = excluded.grant_id
            """)
    }

    /// The grants that a referral stands on: its own, and those that answered an ask.
    func grants(of sent: SentReferral) throws -> [Grant] {
        let ids = [sent.grant] + (try asks(about: sent.id).compactMap(\.grant))
        return try ids.compactMap { try IntakeStore(transaction).grant($0)?.grant }
    }

    // MARK: The end of a file

    func removeRows(of file: Identifier<PersonFile>) throws {
        let ours: SQL = "(SELECT id FROM referral WHERE file_id = \(file))"
        try transaction.run(
            "DELETE FROM message_key WHERE message_id IN (SELECT id FROM message WHERE referral_id IN \(ours))")
        try transaction.run("DELETE FROM message WHERE referral_id IN \(ours)")
        try transaction.run("DELETE FROM referral_ask WHERE referral_id IN \(ours)")
        try transaction.run("DELETE FROM referral WHERE file_id = \(file)")
        try transaction.run(
            "DELETE FROM exclusion_mark WHERE exclusion_id IN (SELECT id FROM exclusion WHERE file_id = \(file))")
        try transaction.run("DELETE FROM exclusion WHERE file_id = \(file)")
    }
}
