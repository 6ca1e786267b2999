package import Kernel
import Sealing
import Storage

/// What a person is about to ask for: help of a service, with the parts that it may read.
package struct ReferralWish: Sendable, Equatable {
    package let service: Identifier<AskedService>
    package let parts: Set<Identifier<Part>>
    package let days: Int
    /// The first message; empty for none.
    package let note: String

    package init(
        service: Identifier<AskedService>, parts: Set<Identifier<Part>>, days: Int = Grant.usualDays, note: String = ""
    ) {
        self.service = service
        self.parts = parts
        self.days = days
        self.note = note
    }
}

/// A referral as its person sees it.
package struct ReferralView: Sendable {
    package let sent: SentReferral
    package let messages: [Message]
    package let asks: [Ask]
    /// The last day of what was given with it.
    package let endsOn: Day
}

extension Intake {
    /// Asks a service for help: gives its organization the parts and sends the referral, both or neither. Asked twice, it is the
    /// first one.
    package func refer(_ wish: ReferralWish, by stay: Stay) async throws -> Identifier<Referral> {
        try Message.check(wish.note)
        guard Grant.offeredDays.contains(wish.days), !wish.parts.isEmpty,
            let service = try await services.find(wish.service, .english),
            let found = try await recipients.find(service.recipient, .english)
        else { throw IntakeRefusal.notFound }
        let (today, now, mark) = (today, world.now(), exclusionMark(service.recipient))
        let grant = Grant(
            id: Identifier(world.newUUID()), file: stay.file, recipient: service.recipient, parts: wish.parts,
            purpose: .help, givenOn: today, endsOn: today + wish.days)
        let (id, messageId) = (Identifier<Referral>(world.newUUID()), Identifier<Message>(world.newUUID()))
        return try await database.write { transaction in
            let store = ReferralStore(transaction)
            guard try IntakeStore(transaction).isThere(stay.file) else { throw IntakeRefusal.stayOver }
            guard try !ExclusionStore(transaction).excludes(mark, in: stay.file) else { throw IntakeRefusal.notFound }
            if let known = try store.live(wish.service, of: stay.file) {
                let standing = known.standing(on: today)
                if standing.referral.state.isLive { return known.id }
                try store.write(standing)
            }
            try Self.give(grant, found.sealingKey, by: stay, at: now, transaction)
            let answerDays =
                try FollowUpStore(transaction).answerDays(of: service.recipient) ?? SentReferral.usualAnswerDays
            let draft = Referral(
                draftedAt: today.start, promise: SentReferral.promise(answerDays),
                consentEndsAt: (grant.endsOn + 1).start)
            let sent = SentReferral(
                id: id, file: stay.file, grant: grant.id, service: wish.service, recipient: service.recipient,
                answerDays: answerDays, sentOn: today,
                referral: try draft.moved(to: .requested, by: .person, at: today.start))
            try store.write(sent)
            if !Message.trimmed(wish.note).isEmpty {
                let message = Message(id: messageId, side: .person, text: Message.trimmed(wish.note), sentOn: today)
                try Self.send(message, about: sent, to: (stay.opening.sealing, found.sealingKey), transaction)
            }
            try Self.note("refer", id, by: Self.person, at: now, transaction)
            return id
        }
    }

    static func note(
        _ verb: String, _ referral: Identifier<Referral>, by actor: Actor, field: String = "", at now: Instant,
        _ transaction: any Transaction
    ) throws {
        try AuditChain(transaction).append(
            .init(actor: actor, verb: verb, kind: "referral", record: referral.description, field: field), at: now)
    }

    /// Every referral of a file, newest first, with how many messages of each nobody has read.
    package func referrals(of stay: Stay) async throws -> [(sent: SentReferral, unread: Int, asks: Int)] {
        let today = today
        return try await database.read { transaction in
            let (store, messages) = (ReferralStore(transaction), MessageStore(transaction))
            return try store.referrals(of: stay.file).map { sent in
                let open = try store.asks(about: sent.id).count { $0.answeredOn == nil }
                let standing = sent.standing(on: today)
                return (
                    standing, try messages.unread(from: .recipient, about: sent.id),
                    standing.referral.state.isLive ? open : 0
                )
            }
        }
    }

    /// One referral with what was said, opened for its person, who has read it from now on.
    package func referral(_ id: Identifier<Referral>, by stay: Stay) async throws -> ReferralView {
        let today = today
        return try await database.write { transaction in
            let store = ReferralStore(transaction)
            let sent = try Self.own(id, stay, on: today, transaction)
            let messages = try Self.messages(about: sent, for: .person, stay.opening, transaction)
            try MessageStore(transaction).read(from: .recipient, about: id, on: today)
            guard let grant = try IntakeStore(transaction).grant(sent.grant)?.grant else {
                throw IntakeRefusal.notFound
            }
            return ReferralView(
                sent: sent, messages: messages, asks: try store.asks(about: id), endsOn: grant.endsOn)
        }
    }

    static func own(
        _ id: Identifier<Referral>, _ stay: Stay, on today: Day, _ transaction: any Transaction
    ) throws -> SentReferral {
        guard try IntakeStore(transaction).isThere(stay.file) else { throw IntakeRefusal.stayOver }
        guard let sent = try ReferralStore(transaction).referral(id), sent.file == stay.file else {
            throw IntakeRefusal.notFound
        }
        return sent.standing(on: today)
    }

    /// Takes a referral back, and with it what was given for it.
    package func cancel(_ id: Identifier<Referral>, by stay: Stay) async throws {
        let (today, now) = (today, world.now())
        try await database.write { transaction in
            let sent = try Self.own(id, stay, on: today, transaction)
            try Self.end(try sent.moved(to: .cancelled, by: .person, on: today), on: today, transaction)
            try Self.note("cancel", id, by: Self.person, at: now, transaction)
        }
        await clearTraces()
    }

    /// What the person says to "did you get what you needed?". Only they and the network’s count know.
    package func tell(_ helped: Helped, about id: Identifier<Referral>, by stay: Stay) async throws {
        let today = today
        try await database.write { transaction in
            var sent = try Self.own(id, stay, on: today, transaction)
            sent.helped = helped
            try ReferralStore(transaction).write(sent)
        }
    }

    /// Answers an ask: gives these parts for as long as the rest, or none.
    package func answer(
        _ ask: Identifier<Ask>, about id: Identifier<Referral>, with parts: Set<Identifier<Part>>, by stay: Stay
    ) async throws {
        let (today, now) = (today, world.now())
        let grantId = Identifier<Grant>(world.newUUID())
        try await database.write { transaction in
            let store = ReferralStore(transaction)
            let sent = try Self.own(id, stay, on: today, transaction)
            guard sent.referral.state.isLive else { throw ReferralFault.over }
            guard var asked = try store.asks(about: id).first(where: { $0.id == ask }), asked.answeredOn == nil,
                let known = try IntakeStore(transaction).grant(sent.grant), known.isGiven(by: stay.opening)
            else { throw IntakeRefusal.notFound }
            asked.answeredOn = today
            if !parts.isEmpty {
                let kinds = try IntakeStore(transaction).parts(of: stay.file).filter { parts.contains($0.id) }.map(
                    \.kind)
                guard Set(kinds).isSubset(of: asked.kinds) else { throw IntakeRefusal.notFound }
                let grant = Grant(
                    id: grantId, file: stay.file, recipient: sent.recipient, parts: parts, purpose: .help,
                    givenOn: today, endsOn: known.grant.endsOn)
                try Self.give(grant, known.sealingKey, by: stay, at: now, transaction)
                asked.grant = grantId
            }
            try store.write(asked)
        }
    }

    /// Other services to ask instead, when one did not answer.
    /// - Parameter desks: those that this person can ask.
    package func suggestions(
        instead id: Identifier<AskedService>, in language: Language, among desks: Set<Identifier<Recipient>>
    ) async throws -> [ServiceLookup.Found] {
        try await services.like(id, language).filter { $0.id != id && desks.contains($0.recipient) }
    }

    /// Services by their words, of organizations that read files here and that the person did not exclude.
    package func services(
        named text: String, in language: Language, by stay: Stay
    ) async throws -> [ServiceLookup.Found] {
        let desks = try await askableDesks(by: stay)
        return try await services.named(text, language).filter { desks.contains($0.recipient) }
    }

    package func askableDesks(by stay: Stay) async throws -> Set<Identifier<Recipient>> {
        Set(try await askableRecipients(.english, by: stay).map(\.id))
    }
}
