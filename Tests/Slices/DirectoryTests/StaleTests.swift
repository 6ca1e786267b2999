import Directory
import Formats
import Foundation
import Kernel
import Search
import Support
import Testing

@Suite struct StaleTests {
    private let cedar = Fiction.id(.service, "Cedar House")
    private let owner = Fiction.id(.organization, "Cedar House")

    private func town() async throws -> Town {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House"))
        return town
    }

    @Test func `a listing says when it was checked, is marked after six months and again after twelve`() async throws {
        let town = try await town()
        func page() async throws -> String {
            try await town.browser.get("/en/services/\(cedar)").body + town.browser.get("/en/find?q=cedar").body
        }
        #expect(try await page().contains("Not checked yet"))
        try await town.directory.check(.service, cedar, field: "", as: "ann", second: false, by: Town.staff)
        #expect(try await page().contains("Checked May 1, 2025<"))
        town.clock.advance(days: 184)
        let later = try await page()
        #expect(later.components(separatedBy: "more than 6 months ago").count == 3)
        town.clock.advance(days: 182)
        #expect(try await page().components(separatedBy: "more than a year ago").count == 3)
    }

    @Test func `a listing that nobody checked for a year sinks below a fresh one`() async throws {
        let town = try await town()
        try await town.store(Fiction.service("Cedar Hall"))
        let hall = Fiction.id(.service, "Cedar Hall")
        func first() -> Identifier<Record>? { town.directory.find(Question(text: "cedar")).results.first?.card.id }
        try await town.directory.check(.service, cedar, field: "", as: "ann", second: false, by: Town.staff)
        town.clock.advance(days: 366)
        try await town.directory.check(.service, hall, field: "", as: "ann", second: false, by: Town.staff)
        #expect(first() == hall)
        try await town.directory.check(.service, cedar, field: "", as: "ann", second: false, by: Town.staff)
        town.clock.advance(days: 366)
        try await town.directory.check(.service, cedar, field: "", as: "ann", second: false, by: Town.staff)
        #expect(first() == cedar)
    }

    @Test(arguments: [(0, Freshness.fresh), (183, .fresh), (184, .ageing), (365, .ageing), (366, .old)])
    func `the bands of freshness`(_ days: Int, _ band: Freshness) {
        let today = Day(year: 2025, month: 5, day: 1)
        #expect(Freshness(checkedOn: today + -days, today: today) == band)
        #expect(Freshness(checkedOn: nil, today: today) == .never)
    }

    @Test func `the board says who owes what`() async throws {
        let town = try await town()
        let phone = Record(
            .phone, id: Fiction.id(.phone, "p"),
            ["service_id": .text(cedar.description), "number": .text("250-555-0101")])
        try await town.store([phone])
        func row() async throws -> StaleRow {
            try #require(try await town.directory.staleBoard(for: Town.staff).first { $0.organization == owner })
        }
        #expect(try await row().listings == 2)
        #expect(try await row().neverChecked == 2)
        try await town.directory.check(.service, cedar, field: "", as: "ann", second: false, by: Town.staff)
        try await town.directory.check(.phone, phone.id, field: "number", as: "ann", second: false, by: Town.staff)
        let draft = ProposalDraft(.phone, phone.id, field: "number", to: "250-555-0102", from: .feed)
        try await town.directory.propose([draft], by: Town.staff)
        _ = try await town.directory.ask(.service, cedar, by: Town.staff)
        town.clock.advance(days: 200)
        let later = try await row()
        #expect(later.neverChecked == 1 && later.overSixMonths == 1 && later.overTwelveMonths == 0)
        #expect(later.openProposals == 1 && later.oldestProposal == Day(year: 2025, month: 5, day: 1))
        #expect(later.unansweredLinks == 1 && later.oldestUnanswered == Day(year: 2025, month: 5, day: 1))
        #expect(later.waitingForSecondCheck == 1 && later.conflicts == 0)
        await #expect(throws: DirectoryRefusal.notAllowed) {
            _ = try await town.directory.staleBoard(for: .visitor)
        }
    }

    @Test func `the line in conflict stands on the board`() async throws {
        let rows = try await Town().directory.staleBoard(for: Town.staff)
        #expect(rows.first?.conflicts == 1)
        #expect(rows.count == 164)
    }
}
