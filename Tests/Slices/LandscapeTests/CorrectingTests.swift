import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing

@testable import Landscape

@Suite struct CorrectingTests {
    private static let keeper = Actor.commandLine("keeper")

    private struct Desk {
        let staff: Staff
        let coordinator: StaffBrowser
        let provider: StaffBrowser
        let other: StaffBrowser
        var town: Town { staff.town }
        var landscape: Landscape { staff.town.platform.landscape }

        init() async throws {
            staff = try await Staff()
            coordinator = try await staff.coordinator().browser
            provider = try await staff.lead(coordinator).browser
            other = try await staff.lead(coordinator, 2).browser
            _ = try await staff.town.platform.landscape.begin(
                "2027", title: "Second look", published: "2027-03", by: CorrectingTests.keeper)
        }

        func fields(_ text: String, _ more: [(String, String)] = []) -> [(String, String)] {
            [
                ("scan", "2027"), ("kind", "gap"), ("focus", "prevention"), ("theme", "Outreach"), ("text", text),
                ("places", "Terrace"), ("source", "Town meeting"), ("language", "en"),
            ] + more
        }

        /// A draft of the provider's desk.
        func draft(_ text: String) async throws -> Identifier<Finding> {
            let id = try #require(try await provider.get("/en/desk/landscape/findings/new").hidden("id"))
            #expect(try await provider.post("/en/desk/landscape/findings", fields(text, [("id", id)])).status == 303)
            return try #require(Identifier(id))
        }

        func path(_ id: Identifier<Finding>) -> String { "/en/desk/landscape/findings/\(id)/correction" }

        func finding(_ id: Identifier<Finding>) async throws -> Finding {
            try #require(try await town.database.read { try FindingStore($0).finding(id) })
        }

        func changes(_ id: Identifier<Finding>) async throws -> [FindingChange] {
            try await town.database.read { try FindingStore($0).changes(of: id) }
        }
    }

    @Test func `a draft is seen by its own desk and by coordinators, and by no other`() async throws {
        let desk = try await Desk()
        let id = try await desk.draft("No night bus.")
        for (browser, sees) in [(desk.coordinator, true), (desk.provider, true), (desk.other, false)] {
            #expect(try await browser.get("/en/desk/landscape").body.contains("No night bus.") == sees)
            #expect(try await browser.get(desk.path(id)).status == (sees ? 200 : 404))
            #expect(try await browser.get("/en/desk/landscape/findings/\(id)/talk").status == (sees ? 200 : 404))
        }
        #expect(try await desk.coordinator.get("/en/desk/landscape").body.contains("Investigate and charge police"))
        let held = Identifier<Finding>.named("scan/2024/fnd-t09-12")
        for browser in [desk.provider, desk.other] {
            #expect(try await browser.get("/en/desk/landscape").body.contains("Investigate and charge") == false)
            #expect(try await browser.get("/en/desk/landscape/findings/\(held)/talk").status == 404)
            let listed = try await browser.get("/en/desk/landscape?state=published&scan=2024")
            #expect(!listed.body.contains("drop-in spaces"))
        }
        _ = try await desk.other.get("/en/desk/landscape")
        #expect(try await desk.other.post(desk.path(id), desk.fields("Mine now.")).status == 404)
    }

    @Test func `a draft is corrected as often as it takes, and what was taken out of it is gone`() async throws {
        let desk = try await Desk()
        let id = try await desk.draft("Mrs. Nobody has no bus.")
        let form = try await desk.provider.get(desk.path(id))
        #expect(form.body.contains("Mrs. Nobody has no bus.") && form.body.contains("value=\"Terrace\""))
        let seen = try #require(form.hidden("seen"))
        let wrong = try await desk.provider.post(
            desk.path(id), desk.fields("", [("seen", seen), ("continues", "fnd-none")]))
        #expect(wrong.status == 422 && wrong.body.contains("There is no finding with that code."))
        let right = desk.fields(
            "No night bus.",
            [("seen", seen), ("need", "need:transport"), ("need", "need:housing"), ("continues", "fnd-t01-10")])
        for _ in 1...2 { #expect(try await desk.provider.post(desk.path(id), right).status == 303) }
        let finding = try await desk.finding(id)
        #expect(finding.text == "No night bus." && finding.needs == ["need:housing", "need:transport"])
        #expect(finding.continues == .named("scan/2024/fnd-t01-10") && finding.state == .draft)
        #expect(try await desk.changes(id).isEmpty)
        let stale = try await desk.coordinator.get(desk.path(id)).hidden("seen")
        #expect(stale != seen)
        let late = try await desk.provider.post(desk.path(id), desk.fields("Something else.", [("seen", seen)]))
        #expect(late.status == 422 && late.body.contains("Somebody changed this finding"))
        #expect(late.body.contains("Something else."))
        #expect(try await desk.finding(id).text == "No night bus.")
    }

    @Test func `a published finding is corrected with its history kept, withdrawn, and put back`() async throws {
        let desk = try await Desk()
        let id = try await desk.draft("No night bus.")
        _ = try await desk.coordinator.get("/en/desk/landscape")
        func step(_ name: String) async throws -> Int {
            let fields = [("finding", id.description), ("state", "published"), ("scan", "2027")]
            let reply = try await desk.coordinator.post("/en/desk/landscape/findings/\(name)", fields)
            let back = try #require(reply.header("Location"))
            #expect(back.hasPrefix("/en/desk/landscape?state=published&scan=2027"))
            let done = name == "publications" ? "It is published." : "It is withdrawn."
            #expect(try await desk.coordinator.get(back).body.contains(done))
            return Int(reply.status)
        }
        let page = "/en/landscape/findings/\(id)"
        #expect(try await step("publications") == 303)
        #expect(try await desk.provider.get(desk.path(id)).status == 404, "what everybody sees is the network's")
        let seen = try #require(try await desk.coordinator.get(desk.path(id)).hidden("seen"))
        let fields = desk.fields("No bus after six.", [("seen", seen), ("flag", "heard twice")])
        for _ in 1...2 { #expect(try await desk.coordinator.post(desk.path(id), fields).status == 303) }
        #expect(try await desk.town.browser.get(page).body.contains("No bus after six."))
        let changes = try await desk.changes(id)
        #expect(changes.map(\.field) == [.flag, .text, .state])
        #expect(changes[1].before == "No night bus." && changes[1].actor == "coordinator")
        let history = try await desk.coordinator.get(desk.path(id)).body
        #expect(history.contains("No night bus.") && history.contains("What was changed"))
        #expect(try await desk.town.browser.get(page).body.contains("No night bus.") == false)
        #expect(try await step("withdrawals") == 303)
        #expect(try await desk.town.browser.get(page).status == 404)
        let list = try await desk.coordinator.get("/en/desk/landscape?state=withdrawn&scan=2027").body
        #expect(list.contains("No bus after six.") && list.contains("Put it back") && list.contains("Withdrawn: 1"))
        #expect(try await step("publications") == 303)
        #expect(try await desk.town.browser.get(page).status == 200)
    }

    @Test func `a draft that was merged is seen by its own desk alone until what it leads to is published`()
        async throws
    {
        let desk = try await Desk()
        let (lost, kept) = (try await desk.draft("The lost words."), try await desk.draft("The kept words."))
        let keeper = StudyActor(actor: Self.keeper, worker: nil)
        _ = try await desk.other.get("/en/desk/landscape")
        let id = try #require(try await desk.other.get("/en/desk/landscape/findings/new").hidden("id"))
        _ = try await desk.other.post(
            "/en/desk/landscape/findings", desk.fields("Words of another desk.", [("id", id)]))
        let foreign = try #require(Identifier<Finding>(id))
        try await desk.landscape.merge(foreign, into: lost, by: keeper)
        try await desk.landscape.merge(lost, into: kept, by: keeper)
        func talk(_ browser: StaffBrowser, _ id: Identifier<Finding>) async throws -> Browser.Reply {
            try await browser.get("/en/desk/landscape/findings/\(id)/talk")
        }
        for id in [lost, kept] { #expect(try await talk(desk.other, id).status == 404) }
        let own = try await talk(desk.other, foreign)
        #expect(own.status == 200 && !own.body.contains("\(lost)"), "what it leads to is not theirs to see")
        let page = try await talk(desk.provider, kept).body
        #expect(page.contains("The lost words.") && !page.contains("Words of another desk."))
        for (id, status) in [(lost, 200), (foreign, 404)] {
            #expect(try await talk(desk.provider, id).status == status)
        }
        #expect(try await talk(desk.coordinator, kept).body.contains("Words of another desk."))
        try await desk.landscape.setState(.published, of: kept, by: Self.keeper)
        #expect(try await talk(desk.other, lost).status == 200)
        try await desk.landscape.setState(.withdrawn, of: kept, by: Self.keeper)
        for one in [lost, kept, foreign] {
            for browser in [desk.other, desk.provider] { #expect(try await talk(browser, one).status == 404) }
        }
        #expect(try await talk(desk.coordinator, lost).status == 200)
    }

    @Test func `a name is taken out of a merged finding, for good where it was never published`() async throws {
        let desk = try await Desk()
        let (lost, kept) = (try await desk.draft("Quillfeather has no bus."), try await desk.draft("No night bus."))
        let keeper = StudyActor(actor: Self.keeper, worker: nil)
        try await desk.landscape.merge(lost, into: kept, by: keeper)
        #expect(try await desk.provider.get(desk.path(lost)).status == 404)
        #expect(try await desk.coordinator.get("/en/desk/landscape/findings/\(lost)/talk").body.contains("/correction"))
        func correct(_ id: Identifier<Finding>) async throws {
            let form = try await desk.coordinator.get(desk.path(id))
            let fields = desk.fields("Somebody has no bus.", [("seen", try #require(form.hidden("seen")))])
            let reply = try await desk.coordinator.post(desk.path(id), fields)
            #expect(reply.place == "/en/desk/landscape/findings/\(id)/talk")
            let finding = try await desk.finding(id)
            #expect(finding.text == "Somebody has no bus." && finding.mergedInto == kept && finding.state == .merged)
        }
        try await correct(lost)
        #expect(try await desk.changes(lost).isEmpty)
        let seen = try await desk.draft("Quillfeather waits.")
        for id in [kept, seen] { try await desk.landscape.setState(.published, of: id, by: Self.keeper) }
        try await desk.landscape.merge(seen, into: kept, by: keeper)
        try await correct(seen)
        #expect(try await desk.changes(seen).map(\.field) == [.text, .state])
    }

    @Test func `findings are listed by state, scan and code, fifty on a page`() async throws {
        let desk = try await Desk()
        let first = try await desk.coordinator.get("/en/desk/landscape?state=published").body
        #expect(first.contains("Published: 237") && first.contains("page=2") && !first.contains("/correction"))
        let last = try await desk.coordinator.get("/en/desk/landscape?state=published&page=5").body
        #expect(last.contains("page=4") && !last.contains("page=6"))
        let one = try await desk.coordinator.get("/en/desk/landscape?state=published&scan=2024&code=fnd-t01-05").body
        #expect(one.contains("Published: 1") && one.contains("Survivor-led outreach is needed."))
        for odd in ["state=wish", "page=-1", "page=99999999999999999999", "scan=none", "code=%22%3E"] {
            #expect(try await desk.coordinator.get("/en/desk/landscape?\(odd)").status == 200, "\(odd)")
        }
    }

    @Test func `a note of a workshop gets its theme here`() async throws {
        let desk = try await Desk()
        let id = Identifier<Finding>.named("note")
        try await desk.town.database.write { transaction in
            var finding = Finding(
                id: id, scan: .named("scan/2027"), code: "note-1", number: 1, focus: .prevention, theme: "", kind: .gap,
                text: "Pas d’autobus.", printed: Finding.Printed(document: "Atelier", section: "Groupe 2"),
                origin: .workshop)
            finding.language = Language("clc")
            finding.originId = "n"
            finding.facts = ["Elsewhere"]
            try FindingStore(transaction).insert(finding, on: Day(number: 20000))
        }
        let form = try await desk.coordinator.get(desk.path(id))
        #expect(form.body.contains("<option value=\"clc\" selected>clc</option>"))
        let seen = try #require(form.hidden("seen"))
        let fields = [
            ("seen", seen), ("kind", "gap"), ("focus", "prevention"),
            ("theme", "Transport"), ("text", "Pas d’autobus."), ("source", "Atelier"), ("language", "clc"),
            ("facts", "Elsewhere"),
        ]
        #expect(try await desk.coordinator.post(desk.path(id), fields).status == 303)
        let finding = try await desk.finding(id)
        #expect(finding.theme == "Transport" && finding.printed.section == "Groupe 2" && finding.originId == "n")
        #expect(finding.language == Language("clc") && finding.origin == .workshop && finding.facts == ["Elsewhere"])
    }

    @Test func `a form sent again with other words corrects its draft, and refuses what was published`() async throws {
        let desk = try await Desk()
        let id = try await desk.draft("No night bus.")
        let again = desk.fields("No bus at all.", [("id", id.description)])
        #expect(try await desk.provider.post("/en/desk/landscape/findings", again).status == 303)
        #expect(try await desk.finding(id).text == "No bus at all.")
        _ = try await desk.other.get("/en/desk/landscape")
        let foreign = desk.fields("Theirs.", [("id", id.description)])
        #expect(try await desk.other.post("/en/desk/landscape/findings", foreign).status == 409)
        try await desk.landscape.setState(.published, of: id, by: Self.keeper)
        #expect(try await desk.provider.post("/en/desk/landscape/findings", again).status == 303, "nothing new")
        let late = desk.fields("Too late.", [("id", id.description)])
        let refused = try await desk.provider.post("/en/desk/landscape/findings", late)
        #expect(refused.status == 409 && refused.body.contains("This form was sent before."))
        #expect(refused.body.contains("Too late."))
        #expect(try await desk.finding(id).text == "No bus at all.")
    }
}
