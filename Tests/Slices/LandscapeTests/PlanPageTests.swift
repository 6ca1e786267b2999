import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

@Suite struct PlanPageTests {
    @Test func `a desk keeps its own actions, the coordinator all, and everybody sees who answers`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let desk = try await staff.lead(coordinator).browser
        let organization = try await staff.organization(1)
        let path = "/en/desk/landscape/actions/act-003"
        #expect(try await desk.get(path).status == 403)
        #expect(try await desk.get("/en/desk/landscape/actions/act-999").status == 404)
        var form = try await coordinator.get(path)
        #expect(form.status == 200 && form.body.contains("Who answers for it"))
        let given = try await coordinator.post(
            path,
            [
                ("version", form.hidden("version") ?? ""), ("owner", organization), ("weight", "5"),
                ("due", "2025-01-31"), ("state", "agreed"),
            ])
        #expect(given.status == 303)
        form = try await desk.get(path)
        #expect(form.status == 200 && !form.body.contains("name=\"owner\""))
        let wrong = try await desk.post(
            path,
            [("version", "2"), ("cost-low", "a bit"), ("depends", "act-003"), ("survivors-role", "They lead <it>")])
        #expect(wrong.status == 422 && wrong.body.contains("An action cannot wait for itself."))
        #expect(wrong.body.contains("value=\"a bit\"") && wrong.body.contains("They lead &lt;it&gt;"))
        let right = try await desk.post(
            path,
            [
                ("version", "2"), ("state", "under-way"), ("progress", "40"), ("cost-low", "1000"),
                ("cost-high", "2500"),
                ("survivors-role", "They lead <it>"), ("survivors-paid", "yes"), ("depends", "act-004"),
                ("calls-for-justice", "5.6"), ("check-pr-03", "yes"), ("note-pr-03", "\"><script>"),
                ("finding", "fnd-t01-05"),
            ])
        #expect(right.status == 303)
        let page = try await staff.town.browser.get("/en/landscape/actions/act-003").body
        for text in ["$1,000 to $2,500", "5.6", "They lead &lt;it&gt;", "40 %", "overdue", "under way"] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(!page.contains("\"><script>"))
        #expect(try await staff.town.browser.get("/en/landscape/actions/act-004").body.contains("What waits for this"))
        let finding = Identifier<Finding>.named("scan/2024/fnd-t01-05")
        let linked = try await staff.town.browser.get("/en/landscape/findings/\(finding)").body
        #expect(linked.contains("/en/landscape/actions/act-003") && linked.contains("<dd>fnd-t01-05</dd>"))
        let board = try await staff.town.browser.get("/en/landscape/board").body
        #expect(board.contains("Overdue (1)") && board.contains("Nobody answers for these yet (65)"))
        let plan = try await staff.town.browser.get("/en/landscape/plan").body
        #expect(plan.contains("Short term") && plan.contains("No time stated"))
    }

    @Test func `a desk that rests says until when, and its load is there for all desks`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let desk = try await staff.lead(coordinator).browser
        _ = try await desk.get("/en/desk/landscape/plan")
        #expect(try await desk.post("/en/desk/landscape/respite", [("until", "next week")]).status == 422)
        #expect(try await desk.post("/en/desk/landscape/respite", [("until", "2025-06-30")]).status == 303)
        let other = try await staff.organization(0)
        #expect(
            try await desk.post("/en/desk/landscape/respite", [("until", "2025-06-30"), ("desk", other)]).status == 403)
        #expect(try await coordinator.get("/en/desk/landscape/plan").body.contains("2025-06-30"))
        staff.town.clock.advance(days: 70)
        #expect(try await staff.town.platform.landscape.plan(.english).respites.isEmpty)
    }

    @Test func `a proposed project is shown what is like it before it is added`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let desk = try await staff.lead(coordinator).browser
        let path = "/en/desk/landscape/proposals"
        _ = try await desk.get(path)
        #expect(try await desk.post(path, [("body", "")]).status == 422)
        let fields = [
            ("body", "Bystander programmes for shelter staff"), ("focus", "prevention"), ("theme", "Training"),
        ]
        let shown = try await desk.post(path, fields)
        #expect(
            shown.status == 200 && shown.body.contains("This may be the same work") && shown.body.contains("act-002"))
        #expect(shown.body.contains("/en/services/"))
        #expect(try await staff.town.platform.landscape.plan(.english).actions.count == 66)
        let mark = try #require(shown.hidden("seen"))
        // Other words are looked at again.
        let other = try await desk.post(path, [("body", "Something else")] + fields.dropFirst() + [("seen", mark)])
        #expect(other.status == 200)
        let added = try await desk.post(path, fields + [("seen", mark)])
        let place = "/en/desk/landscape/actions/pro-067"
        #expect(added.place == place)
        #expect(try await desk.post(path, fields + [("seen", mark)]).place == place)
        #expect(try await staff.town.platform.landscape.plan(.english, isWhole: true).actions.count == 67)
    }

    @Test func `the plan and its votes go out as data`() async throws {
        let town = try await Town()
        let json = try await town.browser.get("/landscape/plan.json")
        #expect(json.header("Content-Type") == "application/json")
        let list = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [[String: Any]])
        #expect(list.count == 66 && list[0]["id"] as? String == "act-001" && list[0]["cost_low_cad"] == nil)
        let csv = try await town.browser.get("/landscape/plan.csv").body
        #expect(csv.components(separatedBy: "\r\n").count == 68)
        #expect(try await town.browser.get("/landscape/votes.json").body == "[]")
        #expect(try await town.browser.get("/landscape/votes.csv").body.hasPrefix("vote,question"))
    }

    @Test func `without data the pages say so`() async throws {
        let town = try await Town(loadsRegion: false)
        for path in ["plan", "board", "votes", "priorities"] {
            for language in ["en", "fr"] {
                #expect(try await town.browser.get("/\(language)/landscape/\(path)").status == 200)
            }
        }
        for path in ["votes/none", "votes/00000000-0000-4000-8000-000000000000", "actions/act-001", "actions/%27"] {
            #expect(try await town.browser.get("/en/landscape/\(path)").status == 404, "\(path)")
        }
    }
}
