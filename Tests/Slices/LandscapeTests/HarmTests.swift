import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

/// Nothing about a small community goes out before somebody of it looked whether it could harm.
@Suite struct HarmTests {
    private static let keeper = Actor.commandLine("keeper")
    private static let asker = StudyActor(actor: keeper, worker: "w", desk: nil)
    private static let coordinator = Voters.somebody("w", [.keepLandscape])

    private struct Desk {
        let staff: Staff
        let coordinator: StaffBrowser
        var landscape: Landscape { staff.town.platform.landscape }

        init() async throws {
            staff = try await Staff()
            coordinator = try await staff.coordinator().browser
            _ = try await landscape.begin("2027", title: "Second look", published: "2027-03", by: HarmTests.keeper)
        }

        /// A draft of a few words about these places.
        func draft(
            _ text: String, _ places: [String], _ change: (inout FindingDraft) -> Void = { _ in }
        ) async throws -> Identifier<Finding> {
            let id = Identifier<Finding>.named(text)
            try await landscape.enter(
                HarmTests.draft(text, places, change), id: id, in: landscape.scan("2027"), by: HarmTests.keeper)
            return id
        }

        func correct(
            _ id: Identifier<Finding>, _ text: String, _ places: [String],
            _ change: (inout FindingDraft) -> Void = { _ in }
        ) async throws {
            let open = try await landscape.opened(id, by: HarmTests.keeper, of: nil)
            try await landscape.correct(
                id, to: HarmTests.draft(text, places, change), seen: open.finding.mark, by: HarmTests.keeper)
        }
    }

    private static func draft(
        _ text: String, _ places: [String], _ change: (inout FindingDraft) -> Void
    ) -> FindingDraft {
        var draft = FindingDraft()
        (draft.focus, draft.kind, draft.theme, draft.source) = ("prevention", "gap", "Outreach", "Town meeting")
        (draft.text, draft.places) = (text, places)
        change(&draft)
        return draft
    }

    @Test(arguments: [
        (["terrace"], false), (["squamish-nation"], true), (["terrace", "quadra-island"], true),
        (["metro-vancouver"], false), (["ca-bc"], false), ([], false),
    ])
    func `a Nation and a place of few or nobody knows how many people wait, a town and a region do not`(
        _ places: [String], _ waits: Bool
    ) async throws {
        let desk = try await Desk()
        let id = try await desk.draft("No night bus.", places)
        let list = try await desk.coordinator.get("/en/desk/landscape")
        #expect(list.body.contains("waits until the community has looked at it") == waits)
        let step = [("finding", id.description)]
        let reply = try await desk.coordinator.post("/en/desk/landscape/findings/publications", step)
        #expect(reply.status == (waits ? 409 : 303))
        #expect(reply.body.contains("This is about a small community.") == waits)
        #expect(try await desk.staff.town.browser.get("/en/landscape/findings/\(id)").status == (waits ? 404 : 200))
    }

    @Test func `once somebody of the community looked it goes out, and everybody reads who looked`() async throws {
        let desk = try await Desk()
        let id = try await desk.draft("Few speak of it.", ["squamish-nation"])
        let path = "/en/desk/landscape/findings/\(id)/correction"
        let form = try await desk.coordinator.get(path)
        let fields = [
            ("seen", form.hidden("seen") ?? ""), ("kind", "gap"), ("focus", "prevention"), ("theme", "Outreach"),
            ("text", "Few speak of it."), ("places", "Squamish Nation"), ("source", "Town meeting"),
            ("language", "en"), ("review", "A council <b>, 2027-01"),
        ]
        #expect(try await desk.coordinator.post(path, fields).status == 303)
        let step = [("finding", id.description)]
        #expect(try await desk.coordinator.post("/en/desk/landscape/findings/publications", step).status == 303)
        let page = try await desk.staff.town.browser.get("/en/landscape/findings/\(id)").body
        #expect(page.contains("Who of the community looked") && page.contains("A council &lt;b&gt;, 2027-01"))
        // What is out stays so only with somebody who looked.
        let open = try await desk.coordinator.get(path)
        let without = fields.dropFirst().dropLast() + [("seen", open.hidden("seen") ?? "")]
        let refused = try await desk.coordinator.post(path, Array(without))
        #expect(refused.status == 422 && refused.body.contains("id=\"f-review-error\""))
    }

    @Test func `what its places do not tell, its words tell, or who writes it ticks`() async throws {
        let desk = try await Desk()
        let named = try await desk.draft("Women of the SQUAMISH nation say so.", [])
        let listed = try await desk.draft("Names below.", []) { $0.facts = ["Quadra Island"] }
        for id in [named, listed] {
            await #expect(throws: ScanRefusal.unreviewed) {
                try await desk.landscape.setState(.published, of: id, by: Self.keeper)
            }
        }
        let id = try await desk.draft("About one valley.", []) { $0.small = "yes" }
        await #expect(throws: ScanRefusal.unreviewed) {
            try await desk.landscape.setState(.published, of: id, by: Self.keeper)
        }
        let form = try await desk.coordinator.get("/en/desk/landscape/findings/\(id)/correction")
        #expect(form.body.contains("name=\"small\" value=\"yes\" checked"))
        try await desk.correct(id, "About one valley.", []) { $0.review = "Its association, 2027-02" }
        try await desk.landscape.setState(.published, of: id, by: Self.keeper)
    }

    @Test func `a published finding takes in no community that did not look, by correction or by merging`() async throws
    {
        let desk = try await Desk()
        let (out, draft) = (try await desk.draft("Out.", ["terrace"]), try await desk.draft("In.", ["squamish-nation"]))
        try await desk.landscape.setState(.published, of: out, by: Self.keeper)
        let faults = await #expect(throws: Problems.self) {
            try await desk.correct(out, "Out.", ["terrace", "squamish-nation"])
        }
        #expect(faults?.faults.map(\.code) == ["small-community"])
        await #expect(throws: CodingRefusal.unreviewed) {
            try await desk.landscape.merge(draft, into: out, by: Self.asker)
        }
        try await desk.correct(draft, "In.", ["squamish-nation"]) { $0.review = "Its council, 2027-02" }
        try await desk.landscape.merge(draft, into: out, by: Self.asker)
        let whole = try #require(try await desk.landscape.publishedFinding(draft))
        #expect(whole.id == out && whole.places == ["squamish-nation", "terrace"])
        #expect(whole.review == "Its council, 2027-02")
        // What was added by merging stands in the history of what is out.
        let changes = try await desk.landscape.opened(out, by: Self.keeper, of: nil).changes
        #expect(Set(changes.map(\.field)).isSuperset(of: [.places, .review]))
    }

    @Test func `of two that become one, that one community looked is not that the other did`() async throws {
        let desk = try await Desk()
        let one = try await desk.draft("One.", ["squamish-nation"]) { $0.review = "Its council, 2027-01" }
        let other = try await desk.draft("Other.", ["quadra-island"])
        try await desk.landscape.merge(other, into: one, by: Self.asker)
        await #expect(throws: ScanRefusal.unreviewed) {
            try await desk.landscape.setState(.published, of: one, by: Self.keeper)
        }
    }

    @Test
    func `a whole scan that is loaded holds back what nobody looked at, and the baseline stays as it was printed`()
        async throws
    {
        let town = try await Town()
        let landscape = town.platform.landscape
        let printed = try await town.browser.get("/en/landscape/findings?place=squamish-nation").body
        #expect(printed.contains("Findings: 1"))
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-harm-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func row(_ id: String, _ more: String = "") -> String {
            """
            {"id": "\(id)", "focus": "prevention", "kind": "gap", "text": "\(id)", "source": {"document": "B"}\(more)}
            """
        }
        let files = [
            "findings.json":
                "[\(row("out")), \(row("held")), \(row("ticked", #", "small": true"#)), \(row("looked", #", "review": "A council""#))]",
            "scan_meta.json": #"{"title": "Second look", "published": "2027-03", "limitations": []}"#,
            "finding_places.json": #"{"out": ["terrace"], "held": ["squamish-nation"], "looked": ["squamish-nation"]}"#,
        ]
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        #expect(try await landscape.load(ScanFolder(folder, isBaseline: false), by: Self.keeper) == 4)
        let list = try await town.browser.get("/en/landscape/findings?scan=2027").body
        #expect(list.contains("Findings: 2") && list.contains(">out<") && list.contains(">looked<"))
    }

    @Test func `an action about a small community comes into the plan once somebody of it looked`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        var proposal = Proposal()
        (proposal.body, proposal.focus, proposal.theme) = ("Meet in the hall", "prevention", "Outreach")
        let id = try await landscape.propose(proposal, by: Voters.somebody("w", desk: "a desk")).action.id
        func change(_ version: Int, _ fields: [(String, String)]) async throws {
            let typed = TypedAction(
                FormFields([("version", "\(version)")] + fields.map { (name: $0.0, value: $0.1) }))
            try await landscape.change(id, typed, by: Self.coordinator)
        }
        let unasked = await #expect(throws: TypedAction.Faults.self) { try await change(1, [("state", "agreed")]) }
        #expect(unasked?.problems.faults.map { "\($0.field) \($0.code)" } == ["small required"])
        try await change(1, [("small", "yes")])
        var vote = TypedVote()
        vote.options = "\(id)\nSomething else"
        let held = await #expect(throws: Problems.self) { try await landscape.draft(vote, VoterList()) }
        #expect(held?.faults.filter { $0.field == "options" }.map(\.code) == ["small-community"])
        let faults = await #expect(throws: TypedAction.Faults.self) { try await change(2, [("state", "agreed")]) }
        #expect(faults?.problems.faults.map { "\($0.field) \($0.code)" } == ["review small-community"])
        #expect(try await town.browser.get("/en/landscape/actions/\(id)").status == 404)
        try await change(2, [("state", "agreed"), ("review", "A council, 2027-01")])
        #expect(try await town.browser.get("/fr/landscape/actions/\(id)").body.contains("A council, 2027-01"))
        #expect(try await town.browser.get("/landscape/plan.json").body.contains("\"review\":\"A council, 2027-01\""))
        for fields in [[("small", "no")], [("review", "")]] {
            let typed = TypedAction(FormFields([("version", "3")] + fields.map { (name: $0.0, value: $0.1) }))
            let faults = await #expect(throws: TypedAction.Faults.self) {
                try await landscape.change(id, typed, by: Voters.somebody("w", desk: "a desk"))
            }
            #expect(faults?.problems.faults.map(\.code).contains("coordinator-agrees") == true)
        }
        let emptied = await #expect(throws: TypedAction.Faults.self) { try await change(3, [("review", "")]) }
        #expect(emptied?.problems.faults.map(\.code) == ["small-community"])
    }

    @Test func `an initiative in a small community is told once somebody of it looked, whatever the answer was`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let form = try await coordinator.get("\(InitiativeTests.path)/new")
        let typed = InitiativeTests.changed(["place": "Squamish Nation", "small": "no", "organization": "A company"])
        let wrong = try await coordinator.post(InitiativeTests.path, typed + InitiativeTests.hidden(form))
        #expect(wrong.status == 422 && wrong.body.contains("id=\"f-review-error\""))
        let looked = typed + [("review", "A council, 2027-01")] + InitiativeTests.hidden(form)
        #expect(try await InitiativeTests.send(coordinator, looked).status == 303)
    }
}
