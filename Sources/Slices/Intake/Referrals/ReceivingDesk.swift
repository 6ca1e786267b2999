package import Kernel
import Storage

/// A referral as the desk that was asked sees it in its list: no name, and nothing of what the person wrote.
package struct DeskReferral: Sendable {
    package let sent: SentReferral
    package let unread: Int
    package let openAsks: Int
    /// What it may open now, and under which grant.
    package let parts: [(part: SharedFile.SharedPart, grant: Identifier<Grant>)]
    package let asks: [Ask]
}

/// A referral with its card open.
package struct DeskCard: Sendable {
    package let referral: DeskReferral
    /// The needs and the safe ways to be reached, as far as they were given.
    package let card: [Part]
    package let messages: [Message]
}

/// What a desk says of a referral.
package struct DeskMove: Sendable {
    let state: Referral.State
    var rejection: Rejection?
    var outcome: Outcome?

    package init(_ state: Referral.State, rejection: Rejection? = nil, outcome: Outcome? = nil) {
        self.state = state
        self.rejection = rejection
        self.outcome = outcome
    }
}

extension Intake {
    /// Days for which a desk is shown what ended.
    static let endedDays = 30
    /// What is opened first, and all together.
    static let cardKinds: [PartKind] = [.needs, .safeContact]

    /// What a desk was asked for, longest waiting first.
    package func referrals(to desk: AtDesk) async throws -> [DeskReferral] {
        let today = today
        return try await database.read { transaction in
            let exclusions = ExclusionStore(transaction)
            return try ReferralStore(transaction).referrals(to: desk.id, since: today + -Self.endedDays)
                .filter { try !exclusions.excludes(desk.marks, in: $0.file) }
                .map { try Self.seen($0.standing(on: today), on: today, transaction) }
        }
    }

    /// Digests of all that somebody of a desk could find new there: what was given, for a request or besides, and messages.
    /// Nothing of who kept them or the desk out.
    package func news(at desk: Identifier<Recipient>, called name: String) async throws -> Set<String> {
        let (today, marks) = (today, exclusionMarks(desk, called: name))
        let items = try await database.read { transaction in
            let (store, messages) = (ReferralStore(transaction), MessageStore(transaction))
            let exclusions = ExclusionStore(transaction)
            var items = try IntakeStore(transaction).liveGrants(to: desk, on: today).map(\.grant).filter {
                try !exclusions.excludes(marks, in: $0.file)
            }.map { "grant \($0.id)" }
            for sent in try store.referrals(to: desk, since: today)
            where try sent.referral.state.isLive && !exclusions.excludes(marks, in: sent.file) {
                items += try messages.messages(about: sent.id).filter { $0.side == .person }.map { "message \($0.id)" }
            }
            return items
        }
        return Set(items.map { String(secret.code(Array($0.utf8), for: "news").prefix(12)) })
    }

    static func seen(
        _ sent: SentReferral, on today: Day, _ transaction: any Transaction
    ) throws -> DeskReferral {
        let store = ReferralStore(transaction)
        var parts: [(part: SharedFile.SharedPart, grant: Identifier<Grant>)] = []
        let there = try IntakeStore(transaction).listedParts(of: sent.file)
        for grant in try store.grants(of: sent) where grant.isLive(on: today) {
            for part in there where grant.parts.contains(part.id) && !parts.contains(where: { $0.part.id == part.id }) {
                parts.append((part, grant.id))
            }
        }
        let asks = try store.asks(about: sent.id)
        let isLive = sent.referral.state.isLive
        return DeskReferral(
            sent: sent, unread: parts.isEmpty ? 0 : try MessageStore(transaction).unread(from: .person, about: sent.id),
            openAsks: isLive ? asks.count { $0.answeredOn == nil } : 0, parts: parts, asks: asks)
    }

    /// The referral of this desk, for a worker whom the person did not keep out; for all others it is not there.
    static func held(
        _ id: Identifier<Referral>, _ desk: AtDesk, on today: Day, _ transaction: any Transaction
    ) throws -> SentReferral {
        guard let sent = try ReferralStore(transaction).referral(id), sent.recipient == desk.id,
            try IntakeStore(transaction).isThere(sent.file),
            try !ExclusionStore(transaction).excludes(desk.marks, in: sent.file)
        else { throw IntakeRefusal.notFound }
        return sent.standing(on: today)
    }

    /// True while the grant that the referral stands on is live.
    static func isGranted(_ sent: SentReferral, on today: Day, _ transaction: any Transaction) throws -> Bool {
        try IntakeStore(transaction).grant(sent.grant)?.grant.isLive(on: today) ?? false
    }

    /// Opens the card and what was said, all of it or nothing. Each opened part is a reading that the person sees; a waiting
    /// referral counts as seen.
    package func openCard(_ id: Identifier<Referral>, at desk: AtDesk) async throws -> DeskCard {
        let (today, now) = (today, world.now())
        return try await database.write { [world] transaction in
            var sent = try Self.held(id, desk, on: today, transaction)
            guard try Self.isGranted(sent, on: today, transaction) else { throw ReferralFault.over }
            if sent.referral.state == .requested, sent.referral.reason == nil {
                sent = try sent.moved(to: .requested, by: .recipient, because: .seen, on: today)
                try ReferralStore(transaction).write(sent)
            }
            let messages = try Self.messages(about: sent, for: .recipient(desk.id), desk.opening, transaction)
            try MessageStore(transaction).read(from: .person, about: id, on: today)
            try Self.note("open", id, by: desk.reader.actor, at: now, transaction)
            let referral = try Self.seen(sent, on: today, transaction)
            let card = try Self.cardKinds.compactMap { kind in
                try referral.parts.first { $0.part.kind == kind }.map {
                    try Self.openPart($0.part.id, under: $0.grant, at: desk, world, now, transaction)
                }
            }
            return DeskCard(referral: referral, card: card, messages: messages)
        }
    }

    /// Moves a referral on. One that ends without help takes what was given for it along.
    package func move(_ id: Identifier<Referral>, _ move: DeskMove, at desk: AtDesk) async throws {
        let (today, now) = (today, world.now())
        var problems = Problems()
        if move.state == .rejected, move.rejection == nil { problems.add("rejection", "choose-one") }
        if move.state == .completed, move.outcome == nil { problems.add("outcome", "choose-one") }
        try problems.check()
        let isOver = !move.state.isLive
        try await database.write { transaction in
            var sent = try Self.held(id, desk, on: today, transaction)
            sent = try sent.moved(to: move.state, by: .recipient, on: today)
            sent.rejection = move.state == .rejected ? move.rejection : nil
            sent.outcome = isOver && move.state != .rejected ? move.outcome : nil
            if isOver, move.state != .completed {
                try Self.end(sent, on: today, transaction)
            } else {
                try ReferralStore(transaction).write(sent)
                if isOver { try FollowUpStore(transaction).remove(sent.grant) }
            }
            try Self.note("move", id, by: desk.reader.actor, field: move.state.rawValue, at: now, transaction)
        }
        if isOver { await clearTraces() }
    }

    /// Tells a place on the wait list.
    package func place(_ id: Identifier<Referral>, _ place: Int, at desk: AtDesk) async throws {
        let (today, now) = (today, world.now())
        try await database.write { transaction in
            var sent = try Self.held(id, desk, on: today, transaction)
            sent.referral = try sent.referral.placed(place, by: .recipient, at: today.start)
            try ReferralStore(transaction).write(sent)
            try Self.note("place", id, by: desk.reader.actor, at: now, transaction)
        }
    }

    /// Asks the person for more parts. Kinds that were given or asked for already are left out.
    package func ask(_ kinds: Set<PartKind>, about id: Identifier<Referral>, at desk: AtDesk) async throws {
        let (today, now) = (today, world.now())
        let askId = Identifier<Ask>(world.newUUID())
        try await database.write { transaction in
            let sent = try Self.held(id, desk, on: today, transaction)
            guard sent.referral.state.isLive else { throw ReferralFault.over }
            let seen = try Self.seen(sent, on: today, transaction)
            let known = Set(seen.parts.map(\.part.kind) + seen.asks.filter { $0.answeredOn == nil }.flatMap(\.kinds))
            let new = PartKind.asked.filter { kinds.contains($0) && !known.contains($0) }
            guard !new.isEmpty else { return }
            try ReferralStore(transaction).write(Ask(id: askId, referral: id, kinds: new, askedOn: today))
            try Self.note("ask", id, by: desk.reader.actor, at: now, transaction)
        }
    }
}
