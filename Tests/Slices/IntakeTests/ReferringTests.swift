import Foundation
import Kernel
import Sealing
import Storage
import Support
import Testing

@testable import Intake

@Suite struct ReferringTests {
    private static let other = Reader(
        actor: Actor(name: "provider", clearance: .vetted, permissions: [.openFiles]), worker: "another",
        name: "Sam Rivers")

    @Test func `a person asks, the desk answers, and each step is seen on both sides`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay, note: "  Please write at noon. ")
        let waiting = try #require(try await shelf.asking(0).first)
        #expect(waiting.sent.referral.state == .requested && waiting.unread == 1)
        #expect(waiting.sent.answerBy == shelf.intake.today + 7)
        #expect(Set(waiting.parts.map(\.part.kind)) == [.needs, .safeContact])
        let card = try await shelf.card(id, 0)
        #expect(card.card.map(\.answers) == [Shelf.answers[.needs], Shelf.answers[.safeContact]].compactMap(\.self))
        #expect(card.messages.map(\.text) == ["Please write at noon."])
        let seen = try await shelf.intake.referral(id, by: stay)
        #expect(seen.sent.referral.reason == .seen && seen.messages.first?.readOn == shelf.intake.today)
        #expect(try await shelf.intake.read(stay).readings.count == 2)

        try await shelf.move(id, .accepted, 0)
        try await shelf.move(id, .onHold, 0)
        try await shelf.intake.place(id, 3, at: shelf.at(0))
        #expect(try await shelf.intake.referral(id, by: stay).sent.referral.place == 3)
        try await shelf.move(id, .inProgress, 0)
        try await shelf.move(id, .completed, 0, outcome: .given)
        try await shelf.intake.tell(.partly, about: id, by: stay)
        let sent = try await shelf.intake.referral(id, by: stay).sent
        #expect(sent.referral.state == .completed && sent.outcome == .given && sent.helped == .partly)
        #expect(sent.acceptedOn == shelf.intake.today)
    }

    @Test func `asked twice it is one, and nothing is asked of who is not there or excluded`() async throws {
        let shelf = try await Shelf()
        let (stay, stranger) = (try await shelf.begin().stay, try await shelf.begin().stay)
        let (one, two) = (try await shelf.refer(0, by: stay), try await shelf.refer(0, by: stay))
        #expect(one == two)
        #expect(try await shelf.rows("intake_grant") == 1)
        let parts = Set(try await shelf.intake.read(stay).parts.map(\.id))
        for wrong in [
            ReferralWish(service: Identifier(.init()), parts: parts),
            ReferralWish(service: shelf.desks[1].service, parts: []),
            ReferralWish(service: shelf.desks[1].service, parts: parts, days: 9),
        ] {
            await #expect(throws: IntakeRefusal.notFound) { try await shelf.intake.refer(wrong, by: stay) }
        }
        let foreign = ReferralWish(service: shelf.desks[1].service, parts: parts)
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.intake.refer(foreign, by: stranger) }
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.intake.referral(one, by: stranger) }
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.intake.cancel(one, by: stranger) }
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.intake.say("x", about: one, by: stranger) }
        #expect(try await shelf.rows("referral") == 1)
        #expect(try await shelf.rows("intake_grant") == 1)
        let long = ReferralWish(
            service: foreign.service, parts: parts, note: String(repeating: "x", count: Message.longest + 1))
        await #expect(throws: Problems.self) { try await shelf.intake.refer(long, by: stay) }
    }

    @Test func `another desk sees nothing, and nobody without the right`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay)
        #expect(try await shelf.asking(1).isEmpty)
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.card(id, 1) }
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.move(id, .accepted, 1) }
        await #expect(throws: IntakeRefusal.notFound) {
            try await shelf.intake.ask([.story], about: id, at: shelf.at(1))
        }
        await #expect(throws: IntakeRefusal.notFound) {
            try await shelf.intake.say("x", about: id, at: shelf.at(1))
        }
        await #expect(throws: IntakeRefusal.notFound) {
            try await shelf.intake.htcds(of: id, at: shelf.at(1))
        }
        await #expect(throws: SealingFault.broken) {
            try await shelf.intake.htcds(of: id, at: shelf.at(0, holding: 1))
        }
        let coordinator = Reader(actor: Actor(name: "coordinator", clearance: .vetted), worker: "x", name: "")
        await #expect(throws: IntakeRefusal.notAllowed) { try await shelf.asking(0, coordinator) }
        await #expect(throws: IntakeRefusal.notAllowed) { try await shelf.card(id, 0, coordinator) }
        await #expect(throws: IntakeRefusal.notAllowed) { try await shelf.move(id, .accepted, 0, coordinator) }
    }

    @Test func `every move that the table does not allow is refused and changes nothing`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay)
        var refused = 0
        for path in [[], [.accepted], [.accepted, .onHold], [.accepted, .inProgress]] as [[Referral.State]] {
            let current = try #require(try await shelf.asking(0).first).sent.referral.state
            if let next = path.last, next != current {
                if next == .inProgress { try await shelf.move(id, .accepted, 0) }
                try await shelf.move(id, next, 0)
            }
            let sent = try #require(try await shelf.asking(0).first).sent
            let allowed = Referral.moves.filter {
                $0.from == sent.referral.state && $0.by.contains(.recipient) && $0.reason == nil
            }.map(\.to)
            for state in Referral.State.allCases where !allowed.contains(state) {
                await #expect(throws: ReferralFault.self) {
                    try await shelf.move(id, state, 0, rejection: .full, outcome: .given)
                }
                #expect(try await shelf.asking(0).first?.sent == sent)
                refused += 1
            }
        }
        #expect(refused > 20)
        await #expect(throws: Problems.self) { try await shelf.move(id, .completed, 0) }
        try await shelf.move(id, .cancelled, 0)
        for state in Referral.State.allCases {
            await #expect(throws: ReferralFault.over) {
                try await shelf.move(id, state, 0, rejection: .full, outcome: .given)
            }
        }
        await #expect(throws: ReferralFault.over) { try await shelf.intake.cancel(id, by: stay) }
    }

    @Test(arguments: ["revoke", "expire", "cancel", "reject", "no answer", "exclude"])
    func `after it ended nothing of it can be read or said`(_ end: String) async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay, note: "A first sentence.", days: end == "expire" ? 7 : 90)
        _ = try await shelf.card(id, 0)
        if end == "expire" { try await shelf.move(id, .accepted, 0) }
        try await shelf.intake.ask([.story], about: id, at: shelf.at(0))
        let ask = try #require(try await shelf.intake.referral(id, by: stay).asks.first)
        let story = try #require(try await shelf.intake.read(stay)[.story]?.id)
        try await shelf.intake.answer(ask.id, about: id, with: [story], by: stay)
        #expect(try await shelf.asking(0).first?.parts.count == 3)
        let grant = try #require(try await shelf.intake.read(stay).grants.first { $0.parts.count == 2 })
        switch end {
        case "revoke": try await shelf.intake.revoke(grant.id, by: stay)
        case "cancel": try await shelf.intake.cancel(id, by: stay)
        case "reject": try await shelf.move(id, .rejected, 0, rejection: .full)
        case "exclude": try await shelf.intake.exclude(shelf.desks[0].id, "", by: stay)
        default:
            shelf.clock.advance(days: 8)
            if end == "no answer" { #expect(try await shelf.intake.sweep().unanswered == 1) }
        }
        await #expect(throws: (any Error).self) { try await shelf.card(id, 0) }
        #expect(try await shelf.asking(0).allSatisfy { $0.parts.isEmpty && !$0.sent.referral.state.isLive })
        #expect(try await shelf.opened(by: 0).isEmpty)
        await #expect(throws: (any Error).self) {
            try await shelf.intake.say("x", about: id, at: shelf.at(0))
        }
        await #expect(throws: (any Error).self) {
            try await shelf.intake.htcds(of: id, at: shelf.at(0))
        }
        if end == "expire" { #expect(try await shelf.intake.sweep().expired == 2) }
        let holders = try await shelf.database.read {
            try $0.rows("SELECT holder FROM message_key UNION ALL SELECT holder FROM part_key").map {
                try $0.text("holder")
            }
        }
        #expect(Set(holders) == ["person"])
        if end == "exclude" { #expect(try await shelf.asking(0).isEmpty) }
    }

    @Test func `a card that cannot be shown whole is not shown, and the referral waits as it did`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay, note: "A first line.")
        let failing = FailingDatabase(shelf.database)
        let broken = Shelf.intake(failing, shelf.clock, shelf.desks, key: 7)
        var failures = 0
        for count in 0..<40 {
            failing.failAfter(count)
            if (try? await broken.openCard(id, at: shelf.at(0))) != nil { break }
            failures += 1
            let waiting = try #require(try await shelf.asking(0).first)
            #expect(waiting.sent.referral.reason == nil && waiting.unread == 1, "\(count)")
            #expect(try await shelf.intake.read(stay).readings.isEmpty, "\(count)")
        }
        #expect(failures > 10)
        let seen = try #require(try await shelf.asking(0).first)
        #expect(seen.sent.referral.reason == .seen && seen.unread == 0)
        #expect(try await shelf.intake.read(stay).readings.count == 2)
    }

    @Test func `what a desk takes along of one referral is read whole or not at all`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, [.needs, .safeContact, .story], by: stay)
        let failing = FailingDatabase(shelf.database)
        let broken = Shelf.intake(failing, shelf.clock, shelf.desks, key: 7)
        var failures = 0
        for count in 0..<40 {
            failing.failAfter(count)
            if (try? await broken.htcds(of: id, at: shelf.at(0))) != nil { break }
            failures += 1
            #expect(try await shelf.intake.read(stay).readings.isEmpty, "\(count)")
        }
        #expect(failures > 10)
        #expect(Set(try await shelf.intake.read(stay).readings.map(\.kind)) == [.needs, .story])
    }

    @Test func `an answer is late after the promised days, and then another service is suggested`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        try await shelf.intake.promise(answerWithin: 2, at: shelf.at(1, Shelf.lead))
        let id = try await shelf.refer(1, by: stay)
        shelf.clock.advance(days: 2)
        #expect(try await shelf.intake.sweep().unanswered == 0)
        shelf.clock.advance(days: 1)
        #expect(try await shelf.intake.sweep().unanswered == 1)
        #expect(try await shelf.intake.referral(id, by: stay).sent.referral.reason == .noResponse)
        let service = shelf.desks[1].service
        func instead() async throws -> [String] {
            let desks = try await shelf.intake.askableDesks(by: stay)
            return try await shelf.intake.suggestions(instead: service, in: .english, among: desks).map(\.name)
        }
        #expect(try await instead() == ["Service 0", "Service 2"])
        try await shelf.intake.exclude(shelf.desks[0].id, "", by: stay)
        #expect(try await instead() == ["Service 2"])
        _ = try await shelf.refer(1, by: stay)
    }

    @Test func `the coordinator is told a count of five or more, and of nobody`() async throws {
        let shelf = try await Shelf()
        let coordinator = Actor(name: "coordinator", clearance: .vetted, permissions: [.inviteOrganizations])
        try await shelf.intake.promise(answerWithin: 2, at: shelf.at(1, Shelf.lead))
        for number in 1...5 {
            _ = try await shelf.refer(1, by: try await shelf.begin().stay)
            shelf.clock.advance(days: 3)
            #expect(try await shelf.intake.sweep().unanswered == 1)
            #expect(try await shelf.intake.networkCounts(by: coordinator).unanswered == (number < 5 ? nil : 5))
        }
        await #expect(throws: IntakeRefusal.notAllowed) {
            try await shelf.intake.networkCounts(by: Shelf.reader.actor)
        }
        shelf.clock.advance(days: 91)
        #expect(try await shelf.intake.networkCounts(by: coordinator).unanswered == nil)
    }

    @Test func `a worker who is kept out finds nothing, counts included, and their colleagues all of it`() async throws
    {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay)
        _ = try await shelf.intake.grant(shelf.offer(0, [.story], of: stay), by: stay)
        #expect(try await shelf.asking(0, Self.other).count == 1)
        try await shelf.intake.exclude(shelf.desks[0].id, "  sám ", by: stay)
        #expect(try await shelf.asking(0, Self.other).isEmpty)
        #expect(try await shelf.intake.filesSharedWith(shelf.at(0, Self.other)).isEmpty)
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.card(id, 0, Self.other) }
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.move(id, .accepted, 0, Self.other) }
        let part = try #require(try await shelf.asking(0).first?.parts.first)
        await #expect(throws: IntakeRefusal.notFound) {
            try await shelf.intake.openPart(part.part.id, under: part.grant, at: shelf.at(0, Self.other))
        }
        #expect(
            String(
                decoding: try await shelf.intake.fhir(of: shelf.at(0, Self.other), in: .english),
                as: UTF8.self)
                == #"{"resourceType":"Bundle","type":"collection"}"#)
        #expect(try await shelf.asking(0).count == 1)
        #expect(try await shelf.opened(by: 0).count == 3)
        let kept = try #require(try await shelf.intake.exclusions(of: stay).first)
        #expect(kept.recipient == shelf.desks[0].id && kept.name == "sám")
        try await shelf.intake.include(kept.id, by: stay)
        #expect(try await shelf.asking(0, Self.other).count == 1)
    }

    @Test func `an organization that is kept out is nowhere to be asked, and the database does not tell which`()
        async throws
    {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        try await shelf.intake.exclude(shelf.desks[0].id, "", by: stay)
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.refer(0, by: stay) }
        let offer = try await shelf.offer(0, [.needs], of: stay)
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.intake.grant(offer, by: stay) }
        #expect(try await shelf.intake.services(named: "Service", in: .english, by: stay).count == 2)
        #expect(try await shelf.intake.askableRecipients(.english, by: stay).count == 2)
        for desk in shelf.desks {
            await #expect(throws: (any Error).self) {
                try await shelf.intake.exclude(Identifier(.init()), "", by: stay)
            }
            let rows = try await shelf.database.read {
                try $0.rows("SELECT label, mark FROM exclusion JOIN exclusion_mark ON exclusion_id = id").map {
                    (try $0.bytes("label"), try $0.text("mark"))
                }
            }
            #expect(rows.count == 1)
            for (label, mark) in rows {
                #expect(!String(decoding: label, as: UTF8.self).contains(desk.id.description))
                #expect(!mark.contains(desk.id.description))
            }
        }
        try await shelf.intake.delete(by: stay)
        #expect(try await shelf.rows("exclusion") == 0)
        #expect(try await shelf.rows("exclusion_mark") == 0)
    }
}
