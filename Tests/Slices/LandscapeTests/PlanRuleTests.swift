import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

/// What a desk may say of its actions, what becomes public of it, and what is kept when two say something at once.
@Suite struct PlanRuleTests {
    private static let coordinator = Voters.somebody("w", [.keepLandscape])

    private static func typed(_ version: Int, _ fields: [(String, String)]) -> TypedAction {
        TypedAction(FormFields([("version", "\(version)")] + fields.map { (name: $0.0, value: $0.1) }))
    }

    private static func proposal(_ body: String) -> Proposal {
        var proposal = Proposal()
        (proposal.body, proposal.focus, proposal.theme) = (body, "prevention", "Training")
        return proposal
    }

    @Test func `a proposal is public and counts only after the coordinator agreed, whatever its desk says`()
        async throws
    {
        let town = try await Town()
        let landscape = town.platform.landscape
        let desk = Voters.somebody("w", desk: "a desk")
        let id = try await landscape.propose(Self.proposal("Teach <b>kayakers</b>"), by: desk).action.id
        func expect(isPublic: Bool) async throws {
            #expect(try await town.browser.get("/en/landscape/actions/\(id)").status == (isPublic ? 200 : 404))
            for path in ["/en/landscape/plan", "/en/landscape/board", "/landscape/plan.json", "/landscape/plan.csv"] {
                #expect(try await town.browser.get(path).body.contains("kayakers") == isPublic, "\(path)")
            }
        }
        try await expect(isPublic: false)
        for state in ["agreed", "under-way", "done"] {
            let faults = await #expect(throws: TypedAction.Faults.self) {
                try await landscape.change(id, Self.typed(1, [("state", state)]), by: desk)
            }
            #expect(faults?.problems.faults.map(\.code) == ["coordinator-agrees"])
        }
        try await landscape.change(id, Self.typed(1, [("state", "dropped"), ("reason", "Not now")]), by: desk)
        await #expect(throws: TypedAction.Faults.self) {
            try await landscape.change(id, Self.typed(2, [("state", "agreed")]), by: desk)
        }
        try await expect(isPublic: false)
        try await landscape.change(id, Self.typed(2, [("state", "agreed"), ("small", "no")]), by: Self.coordinator)
        try await expect(isPublic: true)
        try await landscape.change(id, Self.typed(3, [("state", "under-way")]), by: desk)
        // Why it was dropped is not said of what goes on.
        #expect(try await landscape.plan(.english).actions.last?.reason == nil)
    }

    @Test func `an action is not done while what it waits for is open`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        try await landscape.change("act-001", Self.typed(1, [("depends", "act-002")]), by: Self.coordinator)
        let faults = await #expect(throws: TypedAction.Faults.self) {
            try await landscape.change("act-001", Self.typed(2, [("state", "done")]), by: Self.coordinator)
        }
        #expect(faults?.problems.faults.map(\.code) == ["needs-open"] && faults?.names == ["act-002"])
        try await landscape.change("act-002", Self.typed(1, [("state", "done")]), by: Self.coordinator)
        try await landscape.change("act-001", Self.typed(2, [("state", "done")]), by: Self.coordinator)
    }

    @Test func `a stale form keeps what others changed meanwhile, and says it`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let path = "/en/desk/landscape/actions/act-003"
        let first: [(String, String)] = [
            ("version", "1"), ("state", "agreed"), ("progress", "20"), ("survivors-role", "They advise"),
            ("check-pr-01", "yes"), ("note-pr-01", "seen; twice"), ("check-pr-02", "no"),
        ]
        _ = try await coordinator.get(path)
        #expect(try await coordinator.post(path, first).status == 303)
        // Made when nothing was said yet: progress is the sender's, all else the others'.
        let stale = [
            ("version", "1"), ("state", "proposed"), ("progress", "70"), ("survivors-role", ""), ("due", ""),
            ("check-pr-01", "unknown"), ("note-pr-01", ""), ("check-pr-02", "unknown"), ("check-pr-03", "yes"),
        ]
        let shown = try await coordinator.post(path, stale)
        #expect(shown.status == 422 && shown.hidden("version") == "2")
        for text in [
            "What others changed meanwhile", "Progress in %: 0 → 20", "value=\"70\"", "value=\"They advise\"",
            "<option value=\"agreed\" selected>", "value=\"seen; twice\"",
        ] {
            #expect(shown.body.contains(text), "\(text)")
        }
        let landscape = staff.town.platform.landscape
        let action = try #require(try await landscape.plan(.english).actions.first { $0.id == "act-003" })
        #expect(action.progress == 20 && action.version == 2)
        let page = try await coordinator.get("/fr/desk/landscape/actions/act-003").body
        #expect(!page.contains("pr-01 yes") && page.contains(": oui (seen; twice)"))
    }

    // MARK: What history tells

    @Test func `everybody sees which words changed, who may edit reads them, and the coordinator erases them for good`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let desk = try await staff.lead(coordinator).browser
        let landscape = staff.town.platform.landscape
        let (path, form) = ("/en/landscape/actions/act-003", "/en/desk/landscape/actions/act-003")
        let owner = ("owner", try await staff.organization(1))
        for (version, fields) in [
            [owner, ("survivors-role", "Jane Roe leads"), ("note-pr-01", "says Jane Roe"), ("check-pr-01", "yes")],
            [("survivors-role", ""), ("note-pr-01", ""), ("due", "2027-01-31"), ("horizon", "long"), ("theme", "Roe")],
            [("theme", "Rest")],
        ].enumerated() {
            try await landscape.change("act-003", Self.typed(version + 1, fields), by: Self.coordinator)
        }
        func expect(names: Bool) async throws {
            for language in ["en", "fr"] {
                let page = try await staff.town.browser.get("/\(language)/landscape/actions/act-003").body
                #expect(!page.contains("Roe"))
            }
            for browser in [desk, coordinator] { #expect(try await browser.get(form).body.contains("Roe") == names) }
        }
        try await expect(names: true)
        let page = try await staff.town.browser.get(path).body
        for text in [
            "Other words: Theme<", "2027-01-31</p>", "→ Long term<", "Other words: Held against the principles<",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        let changes = try await landscape.changes(of: "act-003")
        let due = try #require(changes.first { $0.field == .due })
        let words = changes.filter(\.field.isFreeText)
        #expect(words.count == 6)
        #expect(try await !desk.get(form).body.contains("/erasure"))
        #expect(try await desk.post(form + "/erasure", [("change", "\(words[0].number)")]).status == 404)
        #expect(try await coordinator.post(form + "/erasure", [("change", "\(due.number)")]).status == 404)
        #expect(try await coordinator.post(form + "/erasure", [("change", "all")]).status == 404)
        for change in words + words {
            #expect(try await coordinator.post(form + "/erasure", [("change", "\(change.number)")]).status == 303)
        }
        try await expect(names: false)
        #expect(try await coordinator.get(form).body.contains("Erased for good: Theme<"))
        #expect(try await landscape.changes(of: "act-003").map(\.field) == changes.map(\.field))
        let deeds = try await staff.town.database.read {
            try $0.rows("SELECT * FROM audit WHERE verb = 'erase' ORDER BY number")
        }
        #expect(deeds.count == 6 && !"\(deeds)".contains("Roe"))
        #expect(try await staff.town.platform.check().filter { $0.contains("audit") } == [])
        // A form from before brings nothing back by itself.
        let old = Self.typed(
            2, [("survivors-role", "Jane Roe leads"), ("note-pr-01", "says Jane Roe"), ("progress", "5")])
        let faults = await #expect(throws: TypedAction.Faults.self) {
            try await landscape.change("act-003", old, by: Self.coordinator)
        }
        let rebased = try #require(faults?.rebased)
        #expect(rebased.texts[.survivorsRole] == "" && rebased.checks["pr-01"]?.note == "")
        #expect(rebased.texts[.progress] == "5")
    }

    @Test func `what was said of a proposal before it was agreed to stays among staff`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let desk = Voters.somebody("w", desk: "a desk")
        let id = try await landscape.propose(Self.proposal("Teach kayakers"), by: desk).action.id
        try await landscape.change(id, Self.typed(1, [("due", "2026-02-02"), ("progress", "11")]), by: desk)
        try await landscape.change(id, Self.typed(2, [("state", "dropped"), ("reason", "No")]), by: desk)
        let agreed = Self.typed(3, [("state", "agreed"), ("small", "no"), ("progress", "22")])
        try await landscape.change(id, agreed, by: Self.coordinator)
        try await landscape.change(id, Self.typed(4, [("progress", "33")]), by: desk)
        let all = try await landscape.changes(of: id)
        #expect(all.count == 10)
        let told = ActionChange.published(all)
        #expect(told.map(\.field) == [.progress, .state])
        #expect(told.map(\.before) == ["22", ""] && told.map(\.after) == ["33", "agreed"])
        #expect(ActionChange.published(all.filter { $0.number < 5 }).isEmpty)
        let page = try await town.browser.get("/en/landscape/actions/\(id)").body
        #expect(!page.contains("dropped") && !page.contains("2026-02-02 →") && page.contains("– → agreed"))
    }

    @Test func `the coordinator gives an action its time, part and theme, and the numbers of the plan follow`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let desk = try await staff.lead(coordinator).browser
        let landscape = staff.town.platform.landscape
        let open = try await landscape.plan(.english).actions.filter { $0.horizon == nil }
        let id = try #require(open.first).id
        let path = "/en/desk/landscape/actions/\(id)"
        let form = try await coordinator.get(path).body
        #expect(form.contains("No time stated</option>") && form.contains("name=\"theme\""))
        let wrong = try await coordinator.post(
            path, [("version", "1"), ("horizon", "soon"), ("focus", "sleep"), ("theme", "")])
        #expect(wrong.status == 422)
        for field in ["horizon", "focus", "theme"] { #expect(wrong.body.contains("href=\"#f-\(field)\""), "\(field)") }
        let right = [
            ("version", "1"), ("horizon", "short"), ("focus", "corporate"), ("theme", "Sleep"),
            ("owner", try await staff.organization(1)),
        ]
        #expect(try await coordinator.post(path, right).status == 303)
        // Not a desk's to say.
        #expect(try await desk.get(path).body.contains("name=\"horizon\"") == false)
        #expect(try await desk.post(path, [("version", "2"), ("horizon", "long"), ("progress", "7")]).status == 303)
        let plan = try await landscape.plan(.english)
        let action = try #require(plan.actions.first { $0.id == id })
        #expect(action.horizon == .short && action.focus == "corporate" && action.theme == "Sleep")
        let lines = RollUp.lines(plan.actions) { $0.horizon?.rawValue ?? "" }
        #expect(lines.first { $0.name == "" }?.actions == open.count - 1)
        #expect(lines.first { $0.name == "short" }?.actions == 15)
        #expect(RollUp.lines(plan.actions, by: \.theme).contains { $0.name == "Sleep" && $0.progress == 7 })
        let page = try await staff.town.browser.get("/en/landscape/actions/\(id)").body
        #expect(page.contains("No time stated → Short term<"))
        #expect(try await staff.town.browser.get("/landscape/plan.csv").body.contains(",corporate,Sleep,short,"))
        // Back to none.
        #expect(try await coordinator.post(path, [("version", "3"), ("horizon", "")]).status == 303)
        #expect(try await landscape.plan(.english).actions.first { $0.id == id }?.horizon == nil)
    }

    @Test func `words that were dropped are not added again, and the page says why`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let landscape = staff.town.platform.landscape
        let body = try #require(try await landscape.plan(.english).actions.first?.body)
        try await landscape.change(
            "act-001", Self.typed(1, [("state", "dropped"), ("reason", "Another network does it")]),
            by: Self.coordinator)
        let path = "/en/desk/landscape/proposals"
        _ = try await coordinator.get(path)
        let fields = [("body", body), ("focus", "prevention"), ("theme", "Training")]
        let mark = try #require(try await coordinator.post(path, fields).hidden("seen"))
        let said = try await coordinator.post(path, fields + [("seen", mark)])
        #expect(said.status == 200 && said.body.contains("dropped it. Nothing was added."))
        #expect(said.body.contains("Another network does it"))
        #expect(try await landscape.plan(.english, isWhole: true).actions.count == 66)
    }

    @Test func `an older proposal that has an id of the region's plan makes room for it, with its history`()
        async throws
    {
        let town = try await Town(loadsRegion: false)
        let landscape = town.platform.landscape
        let id = try await landscape.propose(Self.proposal("Ours"), by: Voters.somebody("w")).action.id
        try await town.database.write { transaction in
            let store = PlanStore(transaction)
            try store.move(id, to: "act-005")
            let other = Action(
                id: "act-900", number: 2, body: "Waits", focus: "prevention", theme: "t", horizon: nil)
            _ = try store.add(other)
            try transaction.run("INSERT INTO plan_dependency (action_id, needs_id) VALUES ('act-900', 'act-005')")
        }
        try await landscape.load(region: Town.root.appending(path: "Data/bc"))
        let plan = try await landscape.plan(.english, isWhole: true)
        #expect(plan.actions.count == 68)
        #expect(plan.actions.first { $0.id == "act-005" }?.document != nil)
        #expect(plan.actions.first { $0.id == "pro-005" }?.body == "Ours")
        #expect(plan.actions.first { $0.id == "act-900" }?.dependencies == ["pro-005"])
        #expect(try await landscape.changes(of: "pro-005").map(\.after) == ["proposed"])
        try await landscape.load(region: Town.root.appending(path: "Data/bc"))
        #expect(try await landscape.plan(.english, isWhole: true).actions.count == 68)
    }

    @Test func `the board tells how the plan stood at the end of each month`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let start = town.clock.now.day
        try await landscape.change(
            "act-001", Self.typed(1, [("progress", "66"), ("state", "agreed")]), by: Self.coordinator)
        town.clock.advance(days: 40)
        try await landscape.change("act-001", Self.typed(2, [("state", "done")]), by: Self.coordinator)
        let id = try await landscape.propose(Self.proposal("Later"), by: Voters.somebody("w")).action.id
        town.clock.advance(days: 31)
        try await landscape.change(id, Self.typed(1, [("state", "agreed"), ("small", "no")]), by: Self.coordinator)
        let months = try await landscape.months(of: landscape.plan(.english))
        #expect(months.last?.name == String(start.description.prefix(7)) && months.count >= 3)
        #expect(months.first == RollUp(months[0].name, try await landscape.plan(.english).actions))
        #expect(months.first?.actions == 67 && months.first?.done == 1)
        #expect(months.last?.actions == 66 && months.last?.done == 0 && months.last?.progress == 1)
        #expect(try await town.browser.get("/fr/landscape/board").body.contains("Où en était le plan"))
    }

    @Test func `a desk says for itself which calls it works on, and everybody sees it`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let desk = try await staff.lead(coordinator).browser
        let path = "/en/desk/landscape/calls"
        _ = try await desk.get("/en/desk/landscape/plan")
        let wrong = try await desk.post(path, [("calls-for-justice", "19.1, 5.6"), ("calls-to-action", "41")])
        #expect(wrong.status == 422 && wrong.body.contains("value=\"19.1, 5.6\""))
        #expect(!(try await staff.town.browser.get("/en/landscape/board").body.contains(">5.6<")))
        #expect(try await desk.post(path, [("calls-for-justice", "5.6"), ("calls-to-action", "41")]).status == 303)
        let board = try await staff.town.browser.get("/en/landscape/board").body
        #expect(board.contains(">5.6<") && board.contains(">41<"))
        #expect(try await desk.get("/en/desk/landscape/plan").body.contains("value=\"5.6\""))
        #expect(!(try await coordinator.get("/en/desk/landscape/plan").body.contains("value=\"5.6\"")))
    }

    @Test func `how many actions survivors lead is told, a few of them only as few`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        for number in 1...6 {
            let fields = [("survivors-lead", "yes"), ("survivors-paid", number < 4 ? "yes" : "no")]
            try await landscape.change("act-00\(number)", Self.typed(1, fields), by: Self.coordinator)
        }
        let board = try await town.browser.get("/en/landscape/board").body
        #expect(board.contains("Led by survivors: 6. Of these, survivors are paid in: fewer than 5."))
        let evaluation = try await town.browser.get("/en/landscape/evaluation").body
        #expect(evaluation.contains("told for 0 of 66 actions"))
        #expect(evaluation.contains("They are paid in fewer than 5 and not paid in fewer than 5."))
    }
}
