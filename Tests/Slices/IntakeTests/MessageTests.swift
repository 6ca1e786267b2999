import Foundation
import Kernel
import Sealing
import Storage
import Support
import Testing

@testable import Intake

@Suite struct MessageTests {
    @Test func `messages go both ways, in their order, and each side sees what the other read`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay)
        try await shelf.intake.say("one", about: id, by: stay)
        try await shelf.intake.say("two", about: id, at: shelf.at(0))
        try await shelf.intake.say("three", about: id, by: stay)
        #expect(try await shelf.intake.referrals(of: stay).first?.unread == 1)
        #expect(try await shelf.asking(0).first?.unread == 2)
        let view = try await shelf.intake.referral(id, by: stay)
        #expect(view.messages.map(\.text) == ["one", "two", "three"])
        #expect(view.messages.map(\.side) == [.person, .recipient, .person])
        #expect(try await shelf.intake.referrals(of: stay).first?.unread == 0)
        let card = try await shelf.card(id, 0)
        #expect(card.messages.map(\.text) == ["one", "two", "three"] && card.messages[1].readOn != nil)
        #expect(try await shelf.asking(0).first?.unread == 0)
        for empty in ["", " \n\t"] {
            await #expect(throws: Problems.self) { try await shelf.intake.say(empty, about: id, by: stay) }
        }
    }

    @Test func `what was said is in the database only sealed, and goes with the file`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay, note: "marker-one")
        try await shelf.intake.say("marker-two", about: id, at: shelf.at(0))
        let stored = try await shelf.database.read {
            try $0.rows("SELECT content FROM message").map { try $0.bytes("content") }
        }
        #expect(stored.count == 2 && Set(stored.map(\.count)).count == 1)
        for bytes in stored { #expect(!String(decoding: bytes, as: UTF8.self).contains("marker")) }
        try await shelf.intake.delete(by: stay)
        for table in ["message", "message_key", "referral", "referral_ask", "intake_grant", "part", "file"] {
            #expect(try await shelf.rows(table) == 0, "\(table)")
        }
    }

    @Test func `a message opens only as what it is, and a grant that somebody wrote is never written to`() async throws
    {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay, note: "from the person")
        try await shelf.database.write { _ = try $0.run("UPDATE message SET side = 'recipient'") }
        await #expect(throws: SealingFault.broken) { try await shelf.intake.referral(id, by: stay) }
        try await shelf.database.write { _ = try $0.run("UPDATE message SET side = 'person'") }
        let thief = shelf.desks[1].opening.sealing.bytes
        try await shelf.database.write { _ = try $0.run("UPDATE intake_grant SET sealing_key = \(thief)") }
        await #expect(throws: SealingFault.broken) { try await shelf.intake.say("secret", about: id, by: stay) }
    }

    @Test func `an ask is answered once, with what was asked for, or with a no`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, [.needs], by: stay)
        let desk = try shelf.at(0)
        try await shelf.intake.ask([.story, .needs], about: id, at: desk)
        try await shelf.intake.ask([.story], about: id, at: desk)
        let view = try await shelf.intake.referral(id, by: stay)
        #expect(view.asks.map(\.kinds) == [[.story]])
        let parts = try await shelf.intake.read(stay)
        let (story, contact) = (try #require(parts[.story]?.id), try #require(parts[.safeContact]?.id))
        let ask = try #require(view.asks.first?.id)
        await #expect(throws: IntakeRefusal.notFound) {
            try await shelf.intake.answer(ask, about: id, with: [contact], by: stay)
        }
        try await shelf.intake.answer(ask, about: id, with: [story], by: stay)
        await #expect(throws: IntakeRefusal.notFound) {
            try await shelf.intake.answer(ask, about: id, with: [story], by: stay)
        }
        #expect(Set(try await shelf.opened(by: 0).keys) == [.needs, .story])
        #expect(try await shelf.intake.read(stay).grants.allSatisfy { $0.endsOn == shelf.intake.today + 90 })
        try await shelf.intake.ask([.safeContact], about: id, at: desk)
        let second = try #require(try await shelf.intake.referral(id, by: stay).asks.first { $0.answeredOn == nil })
        try await shelf.intake.answer(second.id, about: id, with: [], by: stay)
        let seen = try #require(try await shelf.asking(0).first)
        #expect(seen.openAsks == 0 && !seen.parts.map(\.part.kind).contains(.safeContact))
    }

    @Test func `what a desk takes along holds codes of all and answers only of what it was given`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay)
        let desk = try shelf.at(0)
        let fhir = try await shelf.intake.fhir(of: desk, in: .english)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(fhir)) as? [String: Any])
        #expect((json["entry"] as? [Any])?.count == 5)
        let text = String(decoding: fhir, as: UTF8.self)
        for hidden in ["250-555-0199", "bus pass", stay.file.description, "fictional"] {
            #expect(!text.contains(hidden))
        }
        let sheet = String(
            decoding: try await shelf.intake.htcds(of: id, at: desk),
            as: UTF8.self)
        #expect(sheet.contains("bus pass") && !sheet.contains("250-555-0199") && !sheet.contains("fictional"))
        #expect(try await shelf.intake.read(stay).readings.map(\.kind) == [.needs])
    }
}
