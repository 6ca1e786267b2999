import Crypto
import Foundation
import Kernel
import Sealing
import Storage
import Support
import Testing

@testable import Intake

@Suite struct GrantTests {
    @Test func `a grant opens exactly these parts for exactly that desk`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let grant = try await shelf.intake.grant(shelf.offer(0, [.needs, .safeContact], of: stay), by: stay)
        #expect(
            try await shelf.opened(by: 0) == Shelf.answers.filter { [.needs, .safeContact].contains($0.key) })
        #expect(try await shelf.opened(by: 1).isEmpty)
        let view = try await shelf.intake.read(stay)
        let (needs, story) = (try #require(view[.needs]?.id), try #require(view[.story]?.id))
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.open(story, grant.id, 0) }
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.open(needs, grant.id, 1) }
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.open(needs, Identifier(.init()), 0) }
        await #expect(throws: SealingFault.broken) {
            try await shelf.intake.openPart(needs, under: grant.id, at: shelf.at(0, holding: 1))
        }
        let stranger = Reader(actor: Actor(name: "coordinator", clearance: .vetted), worker: "x", name: "")
        await #expect(throws: IntakeRefusal.notAllowed) {
            try await shelf.intake.filesSharedWith(shelf.at(0, stranger))
        }
    }

    @Test func `what is written later is sealed to who may read it, and to nobody who may no longer`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let first = try await shelf.intake.grant(shelf.offer(0, [.needs], of: stay), by: stay)
        _ = try await shelf.intake.grant(shelf.offer(1, [.needs], of: stay), by: stay)
        let second = Answers(["needs-more": ["second"]])
        _ = try await shelf.intake.write(second, .needs, over: 1, by: stay)
        #expect(try await shelf.opened(by: 0) == [.needs: second])
        let oldKey = try await key(shelf, 0)
        try await shelf.intake.revoke(first.id, by: stay)
        #expect(try await shelf.opened(by: 0).isEmpty)
        #expect(try await shelf.opened(by: 1) == [.needs: second])
        _ = try await shelf.intake.write(Answers(["needs-more": ["third"]]), .needs, over: 2, by: stay)
        #expect(try await shelf.opened(by: 0).isEmpty)
        let sealed = try #require(
            try await shelf.database.read { try IntakeStore($0).part(.needs, of: stay.file) })
        #expect(throws: SealingFault.broken) { try sealed.open(oldKey) }
    }

    /// The key of the needs as desk `desk` can hold on to it.
    private func key(_ shelf: Shelf, _ desk: Int) async throws -> SymmetricKey {
        let holder = KeyHolder.recipient(shelf.desks[desk].id)
        let (sealed, key) = try await shelf.database.read { transaction -> (SealedPart, [UInt8]) in
            let store = IntakeStore(transaction)
            let row = try #require(try transaction.row("SELECT id, file_id FROM part WHERE kind = 'needs'"))
            let part = try #require(try store.part(row.identifier("id"), of: row.identifier("file_id")))
            return (part, try #require(try store.key(of: part.id, for: holder)))
        }
        return try shelf.desks[desk].opening.open(key, for: sealed.keyBinding(holder))
    }

    @Test func `a grant ends by itself after its last day, also before anything was swept`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let grant = try await shelf.intake.grant(shelf.offer(0, [.needs], of: stay), by: stay)
        #expect(grant.endsOn == shelf.intake.today + 90)
        shelf.clock.advance(days: 90)
        #expect(try await shelf.opened(by: 0).count == 1)
        shelf.clock.advance(days: 1)
        #expect(try await shelf.opened(by: 0).isEmpty)
        let part = try #require(grant.parts.first)
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.open(part, grant.id, 0) }
        #expect(try await shelf.intake.sweep().expired == 1)
        #expect(try await shelf.rows("part_key") == 3)
    }

    @Test func `what is taken back after its last day ended on that day`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let grant = try await shelf.intake.grant(shelf.offer(0, [.needs], of: stay, days: 7), by: stay)
        shelf.clock.advance(days: 9)
        try await shelf.intake.revoke(grant.id, by: stay)
        #expect(try await shelf.intake.read(stay).grants.map(\.endedOn) == [grant.endsOn])
        #expect(try await shelf.intake.sweep().expired == 0)
    }

    @Test func `one of two grants of a part can go without the other`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let both = try await shelf.intake.grant(shelf.offer(0, [.needs, .story], of: stay), by: stay)
        _ = try await shelf.intake.grant(shelf.offer(0, [.needs], of: stay, days: 30), by: stay)
        try await shelf.intake.revoke(both.id, by: stay)
        #expect(try await shelf.opened(by: 0).keys.sorted { $0.rawValue < $1.rawValue } == [.needs])
        shelf.clock.advance(days: 31)
        #expect(try await shelf.opened(by: 0).isEmpty)
    }

    @Test func `the same consent twice is one, and an offer of what is not there is refused`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let other = try await shelf.begin().stay
        let offer = try await shelf.offer(0, [.needs], of: stay)
        let (one, two) = (
            try await shelf.intake.grant(offer, by: stay), try await shelf.intake.grant(offer, by: stay)
        )
        #expect(one.id == two.id)
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.intake.grant(offer, by: other) }
        await #expect(throws: IntakeRefusal.notFound) { try await shelf.intake.revoke(one.id, by: other) }
        for wrong in [
            Offer(recipient: Identifier(.init()), parts: offer.parts, purpose: .help),
            Offer(recipient: offer.recipient, parts: [], purpose: .help),
            Offer(recipient: offer.recipient, parts: offer.parts, purpose: .help, days: 100_000),
        ] {
            await #expect(throws: IntakeRefusal.notFound) { try await shelf.intake.grant(wrong, by: stay) }
        }
        #expect(try await shelf.opened(by: 0).count == 1)
    }

    @Test func `the person sees each reading, and no reading is without its trace`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let grant = try await shelf.intake.grant(shelf.offer(2, [.needs, .story], of: stay), by: stay)
        for part in grant.parts {
            shelf.clock.advance(seconds: 61)
            _ = try await shelf.open(part, grant.id, 2)
        }
        let readings = try await shelf.intake.read(stay).readings
        #expect(Set(readings.map(\.part)) == grant.parts && readings.allSatisfy { $0.recipient == shelf.desks[2].id })
        #expect(readings.first?.at == shelf.clock.now && readings.first?.role == "navigator")
        try await shelf.intake.revoke(grant.id, by: stay)
        #expect(try await shelf.intake.read(stay).readings.count == 2)
        let failing = FailingDatabase(shelf.database)
        let broken = Shelf.intake(failing, shelf.clock, shelf.desks, key: 7)
        let again = try await shelf.intake.grant(shelf.offer(2, [.needs], of: stay), by: stay)
        let part = try #require(again.parts.first)
        var failures = 0
        for count in 0..<20 {
            failing.failAfter(count)
            let read = try? await broken.openPart(part, under: again.id, at: shelf.at(2))
            if read != nil { break }
            failures += 1
            #expect(try await shelf.intake.read(stay).readings.count == 2)
        }
        #expect(failures > 2)
        #expect(try await shelf.intake.read(stay).readings.count == 3)
    }

    @Test func `a grant that somebody wrote into the database is never sealed to`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let real = try await shelf.intake.grant(shelf.offer(0, [.needs], of: stay), by: stay)
        let thief = shelf.desks[1]
        let story = try #require(try await shelf.intake.read(stay)[.story])
        try await shelf.database.write { transaction in
            let store = IntakeStore(transaction)
            let known = try #require(try store.grant(real.id))
            let forged = Grant(
                id: Identifier(.init()), file: stay.file, recipient: thief.id, parts: [story.id], purpose: .help,
                givenOn: real.givenOn, endsOn: real.endsOn)
            try store.write(StoredGrant(forged, thief.opening.sealing, mark: known.mark))
            // The real one is made wider besides.
            try transaction.run("INSERT INTO grant_part (grant_id, part_id) VALUES (\(real.id), \(story.id))")
        }
        _ = try await shelf.intake.write(Answers(["own-words": ["new"]]), .story, over: 1, by: stay)
        let holders = try await shelf.database.read {
            try $0.rows("SELECT holder FROM part_key WHERE part_id = \(story.id)").map { try $0.text("holder") }
        }
        #expect(holders == ["person"])
    }

    @Test(arguments: [0, 31, 256, 300, 70_000])
    func `a mark of another length is nobody's consent and stops nothing`(_ length: Int) async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        _ = try await shelf.intake.grant(shelf.offer(0, [.needs], of: stay), by: stay)
        let long = [UInt8](repeating: 1, count: length)
        try await shelf.database.write { _ = try $0.run("UPDATE intake_grant SET mark = \(long)") }
        #expect(
            try await shelf.intake.write(Answers(["needs-more": ["new"]]), .needs, over: 1, by: stay) == .kept)
        let holders = try await shelf.database.read {
            try $0.rows(
                "SELECT holder FROM part_key JOIN part ON part.id = part_key.part_id WHERE part.kind = 'needs'"
            ).map { try $0.text("holder") }
        }
        #expect(holders == ["person"])
    }

    @Test func `a grant that somebody wrote into the database keeps no key that was taken back`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let real = try await shelf.intake.grant(shelf.offer(0, [.needs], of: stay), by: stay)
        try await shelf.database.write { transaction in
            let forged = Grant(
                id: Identifier(.init()), file: stay.file, recipient: real.recipient, parts: real.parts, purpose: .help,
                givenOn: real.givenOn, endsOn: real.endsOn)
            try IntakeStore(transaction).write(
                StoredGrant(forged, shelf.desks[0].opening.sealing, mark: [UInt8](repeating: 1, count: 32)))
        }
        try await shelf.intake.revoke(real.id, by: stay)
        let holders = try await shelf.database.read {
            try $0.rows("SELECT DISTINCT holder FROM part_key").map { try $0.text("holder") }
        }
        #expect(holders == ["person"])
    }

    @Test func `consent, its end, reading and deleting stand in the audit chain and tell no file`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let grant = try await shelf.intake.grant(shelf.offer(0, [.needs], of: stay), by: stay)
        _ = try await shelf.opened(by: 0)
        try await shelf.intake.revoke(grant.id, by: stay)
        let rows = try await shelf.database.read { try $0.rows("SELECT * FROM audit ORDER BY number") }
        #expect(try rows.map { try $0.text("verb") } == ["grant", "open", "revoke"])
        #expect(try rows.allSatisfy { try $0.text("record") == grant.id.description })
        try await shelf.intake.delete(by: stay)
        #expect(try await shelf.database.read { try AuditChain($0).walk().breaks } == [])
        #expect(try await shelf.rows("audit") == 4)
    }
}
