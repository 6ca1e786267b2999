import Kernel
import Sealing
import Storage
import Support
import Testing

@testable import Intake

@Suite struct FollowUpTests {
    private static let sam = Reader(
        actor: Actor(name: "provider", clearance: .vetted, permissions: [.openFiles]), worker: "sam",
        name: "Sam Rivers")

    private func grant(_ shelf: Shelf, _ desk: Int = 0) async throws -> Identifier<Grant> {
        try #require(try await shelf.intake.followed(at: shelf.at(desk)).first).followUp.grant
    }

    @Test func `somebody is taken on with a next step, a day and a note for who takes over`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay)
        let grant = try await grant(shelf)
        let day = shelf.intake.today + 3
        try await shelf.intake.follow(
            FollowUp(grant: grant, worker: "sam", step: .meet, dueOn: day), note: " Ask for the side door. ",
            at: shelf.at(0))
        let open = try await shelf.intake.followUp(grant, at: shelf.at(0, Self.sam))
        #expect(open.note == "Ask for the side door.")
        #expect(open.followed.followUp == FollowUp(grant: grant, version: 1, worker: "sam", step: .meet, dueOn: day))
        #expect(try await open.followed.code == shelf.asking(0).first?.sent.code)
        try await shelf.move(id, .accepted, 0)
        #expect(try await shelf.intake.followUp(grant, at: shelf.at(0)).note == "Ask for the side door.")
    }

    @Test func `what is due first comes first, and what was only given is followed up on too`() async throws {
        let shelf = try await Shelf()
        let (one, two) = (try await shelf.begin().stay, try await shelf.begin().stay)
        _ = try await shelf.refer(0, by: one)
        let given = try await shelf.intake.grant(shelf.offer(0, [.needs], of: two), by: two)
        let all = try await shelf.intake.followed(at: shelf.at(0))
        #expect(all.count == 2 && all.contains { $0.sent == nil && $0.followUp.grant == given.id })
        try await shelf.intake.follow(
            FollowUp(grant: given.id, worker: "sam", dueOn: shelf.intake.today + -1), note: "", at: shelf.at(0))
        let sorted = try await shelf.intake.followed(at: shelf.at(0))
        #expect(sorted.map(\.followUp.grant).first == given.id)
        var load = Workload()
        for followed in sorted { load.add(followed.followUp, on: shelf.intake.today) }
        #expect(load == Workload(people: 2, dueSoon: 0, overdue: 1))
    }

    @Test func `two who change one follow-up at once lose nothing: the second is told and sees what stands`()
        async throws
    {
        let shelf = try await Shelf()
        _ = try await shelf.refer(0, by: shelf.begin().stay)
        let grant = try await grant(shelf)
        try await shelf.intake.follow(FollowUp(grant: grant, step: .call), note: "first", at: shelf.at(0))
        await #expect(throws: FollowUpChanged.self) {
            try await shelf.intake.follow(
                FollowUp(grant: grant, step: .meet), note: "second", at: shelf.at(0, Self.sam))
        }
        let open = try await shelf.intake.followUp(grant, at: shelf.at(0))
        #expect(open.note == "first" && open.followed.followUp.step == .call)
    }

    @Test func `a follow-up sent twice is set once`() async throws {
        let shelf = try await Shelf()
        _ = try await shelf.refer(0, by: shelf.begin().stay)
        let grant = try await grant(shelf)
        for _ in 1...2 {
            try await shelf.intake.follow(FollowUp(grant: grant, step: .call), note: "once", at: shelf.at(0))
        }
        #expect(try await shelf.intake.followUp(grant, at: shelf.at(0)).followed.followUp.version == 1)
        await #expect(throws: FollowUpChanged.self) {
            try await shelf.intake.follow(FollowUp(grant: grant, step: .call), note: "other", at: shelf.at(0))
        }
    }

    @Test func `another desk, and who was kept out, find nobody there`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        _ = try await shelf.refer(0, by: stay)
        let grant = try await grant(shelf)
        #expect(try await shelf.intake.followed(at: shelf.at(1)).isEmpty)
        await #expect(throws: IntakeRefusal.notFound) {
            try await shelf.intake.follow(FollowUp(grant: grant), note: "x", at: shelf.at(1))
        }
        try await shelf.intake.exclude(shelf.desks[0].id, "Sam", by: stay)
        try await shelf.intake.follow(FollowUp(grant: grant, worker: "sam"), note: "", at: shelf.at(0))
        #expect(try await shelf.intake.followed(at: shelf.at(0, Self.sam)).isEmpty)
        await #expect(throws: IntakeRefusal.notFound) {
            try await shelf.intake.followUp(grant, at: shelf.at(0, Self.sam))
        }
    }

    @Test(arguments: ["revoked", "completed", "rejected", "expired", "deleted"])
    func `a follow-up goes with the consent`(_ end: String) async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        let id = try await shelf.refer(0, by: stay)
        let grant = try await grant(shelf)
        try await shelf.intake.follow(FollowUp(grant: grant, step: .call), note: "a note", at: shelf.at(0))
        #expect(try await shelf.rows("follow_up") == 1)
        switch end {
        case "revoked": try await shelf.intake.revoke(grant, by: stay)
        case "completed":
            for state in [Referral.State.accepted, .inProgress] { try await shelf.move(id, state, 0) }
            try await shelf.move(id, .completed, 0, outcome: .given)
        case "rejected": try await shelf.move(id, .rejected, 0, rejection: .full)
        case "expired":
            shelf.clock.advance(seconds: 92 * 86_400)
            _ = try await shelf.intake.sweep()
        default: try await shelf.intake.delete(by: stay)
        }
        #expect(try await shelf.rows("follow_up") == 0)
        await #expect(throws: IntakeRefusal.notFound) {
            try await shelf.intake.follow(FollowUp(grant: grant), note: "again", at: shelf.at(0))
        }
    }

    @Test func `a desk promises its own time, and a request keeps the promise that it was made under`() async throws {
        let shelf = try await Shelf()
        let stay = try await shelf.begin().stay
        _ = try await shelf.refer(0, by: stay)
        try await shelf.intake.promise(answerWithin: 2, at: shelf.at(1, Shelf.lead))
        let later = try await shelf.refer(1, by: stay)
        #expect(try await shelf.asking(0).first?.sent.answerBy == shelf.intake.today + 7)
        #expect(try await shelf.asking(1).first?.sent.answerBy == shelf.intake.today + 2)
        #expect(try await shelf.intake.answerDays(of: shelf.desks[1].id) == 2)
        shelf.clock.advance(seconds: 3 * 86_400)
        #expect(try await shelf.intake.sweep().unanswered == 1)
        #expect(try await shelf.intake.referral(later, by: stay).sent.referral.reason == .noResponse)
        for days in [0, -1, 31] {
            await #expect(throws: Problems.self) {
                try await shelf.intake.promise(answerWithin: days, at: shelf.at(0, Shelf.lead))
            }
        }
        await #expect(throws: IntakeRefusal.notAllowed) {
            try await shelf.intake.promise(answerWithin: 2, at: shelf.at(0, Self.sam))
        }
    }

    @Test func `a note too long is refused, and a note that another key sealed is said to be shut`() async throws {
        let shelf = try await Shelf()
        _ = try await shelf.refer(0, by: shelf.begin().stay)
        let grant = try await grant(shelf)
        await #expect(throws: Problems.self) {
            try await shelf.intake.follow(
                FollowUp(grant: grant), note: String(repeating: "x", count: FollowUp.longestNote + 1), at: shelf.at(0))
        }
        try await shelf.intake.follow(FollowUp(grant: grant), note: "sealed", at: shelf.at(0))
        #expect(try await shelf.intake.followUp(grant, at: shelf.at(0, holding: 1)).note == nil)
    }
}
