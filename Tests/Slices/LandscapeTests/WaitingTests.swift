import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

/// A desk is told what waits for it.
@Suite struct WaitingTests {
    private func lines(_ browser: StaffBrowser) async throws -> [String] {
        let page = try await browser.get("/en/desk/landscape").body
        guard
            let section = page.firstMatch(
                of: /<section class="note"><h2>What waits for you<\/h2>.*?<\/section>/.dotMatchesNewlines())
        else { return [] }
        return section.0.matches(of: /<li><a href="([^"]+)">([^<]+)<\/a>: ([0-9]+)<\/li>/).map {
            "\($0.2): \($0.3) \($0.1)"
        }
    }

    @Test func `each desk reads what it has to do and nothing of another's, and what is done leaves the list`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let other = try await staff.lead(coordinator, 2).browser
        for browser in [provider, coordinator] { #expect(try await lines(browser).isEmpty) }
        let form = try await provider.get("\(InitiativeTests.path)/new")
        #expect(
            try await InitiativeTests.send(provider, InitiativeTests.typed + InitiativeTests.hidden(form)).status == 303
        )
        let id = try #require(form.hidden("id"))
        #expect(
            try await lines(coordinator) == [
                "Initiatives and changes to decide on: 1 /en/desk/landscape/initiatives"
            ])
        try await InitiativeTests.accept(coordinator)
        #expect(try await lines(coordinator).isEmpty)
        let space = "\(InitiativeTests.path)/\(id)/space"
        let page = try await provider.get(space)
        let own = String(try #require(page.body.firstMatch(of: /<option value="([0-9a-f-]{36})"/)?.1))
        let step = [("id", page.hidden("id") ?? ""), ("text", "Book the hall"), ("desk", own)]
        #expect(try await provider.post("\(space)/notes", step).status == 303)
        #expect(try await lines(provider) == ["Steps that your desk agreed to: 1 /en/desk/landscape/initiatives"])
        #expect(try await lines(other).isEmpty)
        let note = try #require(try await provider.get(space).hidden("note"))
        #expect(try await provider.post("\(space)/done", [("note", note)]).status == 303)
        #expect(try await lines(provider).isEmpty)
    }

    @Test func `an action that is late, a proposal and an indicator wait for those who can do something about it`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let landscape = staff.town.platform.landscape
        let signedIn = try #require(try await staff.signedIn(provider))
        let keeper = Voters.somebody("w", [.keepLandscape], desk: "keepers")
        var proposal = Proposal()
        (proposal.body, proposal.focus, proposal.theme) = ("Teach kayakers", "prevention", "Training")
        let action = try await landscape.propose(proposal, by: signedIn).action
        #expect(try await landscape.waiting(for: keeper) == [Waiting(kind: .proposals, count: 1)])
        #expect(try await landscape.waiting(for: signedIn).isEmpty)
        let fields = [("version", "1"), ("state", "agreed"), ("small", "no"), ("due", "2020-01-01")]
        let typed = TypedAction(FormFields(fields.map { (name: $0.0, value: $0.1) }))
        try await landscape.change(action.id, typed, by: keeper)
        #expect(try await landscape.waiting(for: keeper).isEmpty)
        #expect(try await landscape.waiting(for: signedIn) == [Waiting(kind: .overdue, count: 1)])
        _ = try await EvaluationTests.add(coordinator, ["small": "yes", "review": ""])
        #expect(try await landscape.waiting(for: keeper) == [Waiting(kind: .reviews, count: 1)])
    }

    @Test func `a vote waits for its voters while it is open, whether they voted or not`() async throws {
        let voters = try await Voters()
        let vote = try await voters.open([.survivors: 6], opensIn: 60)
        func waiting(_ worker: String) async throws -> [Waiting] {
            try await voters.landscape.waiting(for: Voters.somebody(worker))
        }
        #expect(try await waiting("survivors-0").isEmpty)
        voters.town.clock.advance(seconds: 60)
        #expect(try await waiting("survivors-0") == [Waiting(kind: .votes, count: 1)])
        #expect(try await waiting("somebody else").isEmpty)
        try await voters.cast([1: 1], by: "survivors-0", in: vote)
        #expect(try await waiting("survivors-0") == [Waiting(kind: .votes, count: 1)])
        voters.town.clock.advance(seconds: 3600)
        #expect(try await waiting("survivors-0").isEmpty)
    }
}
