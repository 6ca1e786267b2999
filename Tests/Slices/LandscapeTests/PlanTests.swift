import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

@Suite struct PlanTests {
    private static func action(_ id: String = "act-001", weight: Int = 1, progress: Int = 0) -> Action {
        var action = Action(id: id, number: 1, body: "Do it.", focus: "prevention", theme: "Doing", horizon: .short)
        (action.weight, action.progress) = (weight, progress)
        return action
    }

    private static func known(_ needs: [String: [String]] = [:], coordinator: Bool = true) -> TypedAction.Known {
        TypedAction.Known(
            principles: ["pr-01", "wp-1"], states: ["act-001": .proposed, "act-002": .agreed, "act-003": .done],
            findings: ["fnd-t01-01": "fnd-t01-01"], desks: ["desk"], needs: needs, isCoordinator: coordinator)
    }

    private static func typed(_ fields: [(String, String)]) -> TypedAction {
        TypedAction(FormFields([("version", "1")] + fields.map { (name: $0.0, value: $0.1) }))
    }

    @Test(arguments: [
        ("depends", "act-001", "needs-itself", "act-001"),
        ("depends", "act-002", "cycle", "act-001 → act-002 → act-003 → act-001"),
        ("depends", "act-002, act-777", "unknown-action", "act-777"),
        ("check-pr-99", "yes", "unknown-principle", "pr-99"),
        ("cost-low", "a lot", "not-an-amount", ""), ("cost-low", "-5", "not-an-amount", ""),
        ("cost-low", "1e9", "not-an-amount", ""), ("cost-high", "9999999999999", "not-an-amount", ""),
        ("progress", "101", "percent", ""), ("progress", "half", "percent", ""), ("due", "soon", "not-a-day", ""),
        ("due", "2026-02-30", "not-a-day", ""), ("weight", "0", "weight-range", ""),
        ("state", "gone", "choose-state", ""),
        ("state", "dropped", "why-dropped", ""), ("owner", "elsewhere", "no-desk", ""),
        ("finding", "fnd-none", "unknown-link", ""), ("finding", "act-002", "unknown-link", ""),
        ("vote", "none", "unknown-link", ""), ("calls-for-justice", "-9223372036854775808.1", "no-such-call", ""),
        ("calls-for-justice", "232", "no-such-call", ""), ("calls-for-justice", "1.12", "no-such-call", ""),
        ("calls-for-justice", "19.1", "no-such-call", ""), ("calls-for-justice", "0", "no-such-call", ""),
        ("calls-to-action", "95", "no-such-call", ""), ("calls-to-action", "1.1", "no-such-call", ""),
        ("version", "7", "changed-since", ""), ("body", "", "required", ""),
        ("horizon", "soon", "choose-one-of", ""), ("focus", "sleep", "choose-one-of", ""),
        ("theme", "", "required", ""),
        ("theme", String(repeating: "a", count: 201), "too-long", ""),
        ("survivors-role", String(repeating: "a", count: 1001), "too-long", ""),
    ]) func `what is wrong with a change is named, and nothing is changed`(
        _ field: String, _ value: String, _ code: String, _ name: String
    ) {
        let needs = ["act-002": ["act-003"], "act-003": ["act-001"]]
        let typed = Self.typed(field == "version" ? [] : [(field, value)])
        var wrong = typed
        if field == "version" { wrong.version = 7 }
        let faults = #expect(throws: TypedAction.Faults.self) {
            try wrong.applied(to: Self.action(), Self.known(needs))
        }
        #expect(faults?.problems.faults.map(\.code) == [code])
        if !name.isEmpty { #expect(faults?.names == [name]) }
    }

    @Test func `a change takes what was typed, and leaves what was not sent`() throws {
        var before = Self.action(progress: 30)
        before.cost = 100...200
        before.tags = [try #require(Tag(.callsToAction, number: 41))]
        let typed = Self.typed([
            ("state", "under-way"), ("due", "2027-01-31"), ("depends", "ACT-002 act-003,act-002"),
            ("calls-for-justice", "5.6, 231"), ("check-pr-01", "yes"), ("note-pr-01", "seen"), ("weight", "3"),
        ])
        let after = try typed.applied(to: before, Self.known())
        #expect(after.state == .underWay && after.due == Day("2027-01-31") && after.progress == 30)
        #expect(after.dependencies == ["act-002", "act-003"] && after.weight == 3 && after.cost == 100...200)
        #expect(after.tags.map(\.label) == ["5.6", "18.32", "41"])
        #expect(after.checks == ["pr-01": Action.Check(answer: .yes, note: "seen")])
        // What decides for all is not a desk's to say.
        before.state = .agreed
        #expect(try typed.applied(to: before, Self.known(coordinator: false)).weight == 1)
    }

    @Test(arguments: [
        ("", "", nil), ("1 000", "", 1000...1000), ("$1,000", "2,500", 1000...2500), ("0", "0", 0...0),
        ("", "70", 70...70),
    ]) func `a cost is an amount, a range or unknown`(_ low: String, _ high: String, _ cost: ClosedRange<Int>?) throws {
        var action = Self.action()
        action.cost = 1...2
        let changed = try Self.typed([("cost-low", low), ("cost-high", high)]).applied(to: action, Self.known())
        #expect(changed.cost == cost)
    }

    @Test func `calls are numbered as their documents number them`() {
        for document in Tag.Document.allCases {
            let count = document == .callsForJustice ? 231 : 94
            for number in 1...count {
                let tag = Tag(document, number: number)
                #expect(tag != nil && Tag(document, tag?.label ?? "") == tag)
            }
            #expect(Tag(document, number: count + 1) == nil && Tag(document, number: 0) == nil)
        }
        for text in [
            "", ".", "5.", ".6", "5.6.1", "five", "-1", "99999999999999999999", "\(Int.min).1", "\(Int.max).1",
            "1.\(Int.min)",
            "1.\(Int.max)", "\(Int.min)", "\(Int.max)", "0.1", "-1.1", "+5.6", "٥.٦", "0005.6",
        ] {
            #expect(Tag(.callsForJustice, text) == nil, "\(text)")
        }
    }

    @Test func `progress rolls up by weight; the dropped does not count and the done counts in full`() {
        var (done, dropped) = (Self.action(weight: 2, progress: 5), Self.action(weight: 50, progress: 90))
        (done.state, dropped.state) = (.done, .dropped)
        let line = RollUp("all", [done, dropped, Self.action(weight: 1, progress: 50), Self.action(weight: 1)])
        #expect(line.actions == 3 && line.done == 1 && line.progress == (200 + 50) / 4)
        #expect(RollUp("none", []).progress == 0)
    }

    @Test func `the plan of 2024 is there, and loading again changes nothing`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        var plan = try await landscape.plan(.english)
        #expect(plan.actions.count == 66 && plan.principles.count == 15)
        #expect(plan.principles.filter(\.isPractice).count == 5)
        #expect(plan.actions.count { $0.horizon == nil } == 31)
        #expect(plan.actions.allSatisfy { $0.owner == nil && $0.cost == nil && $0.state == .proposed })
        try await landscape.change(
            "act-001", Self.typed([("state", "agreed")]), by: Voters.somebody("w", [.keepLandscape]))
        try await landscape.load(region: Town.root.appending(path: "Data/bc"))
        plan = try await landscape.plan(.english)
        #expect(plan.actions.count == 66 && plan.actions[0].state == .agreed)
    }

    @Test func `every change is in the history with role and desk, and another desk changes nothing`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let coordinator = Voters.somebody("w", [.keepLandscape])
        await #expect(throws: PlanRefusal.notYours) {
            try await landscape.change("act-002", Self.typed([("progress", "5")]), by: Voters.somebody("w"))
        }
        try await landscape.change("act-002", Self.typed([("progress", "5"), ("state", "agreed")]), by: coordinator)
        // Nothing new is no change.
        var same = Self.typed([("progress", "5")])
        same.version = 2
        try await landscape.change("act-002", same, by: coordinator)
        let changes = try await landscape.changes(of: "act-002")
        #expect(changes.map(\.field) == [.progress, .state])
        #expect(changes.map(\.after) == ["5", "agreed"] && changes.allSatisfy { $0.actor == "provider" })
        await #expect(throws: TypedAction.Faults.self) {
            try await landscape.change("act-002", Self.typed([("progress", "9")]), by: coordinator)
        }
        await #expect(throws: PlanRefusal.noAction) {
            try await landscape.change("act-999", Self.typed([]), by: coordinator)
        }
        #expect(try await town.platform.check().filter { $0.contains("audit") } == [])
    }

    @Test func `two changes at once cannot make a ring that neither makes alone`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let coordinator = Voters.somebody("w", [.keepLandscape])
        let pairs = [("act-001", "act-002"), ("act-002", "act-003"), ("act-003", "act-001")]
        let kept = await withTaskGroup(of: Bool.self) { group in
            for (action, needed) in pairs {
                group.addTask {
                    let typed = Self.typed([("depends", needed)])
                    return (try? await landscape.change(action, typed, by: coordinator)) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(kept == 2)
    }

    @Test func `a project is added only after what is like it was shown`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        var proposal = Proposal()
        proposal.body = "Train partners in companies with accessible courses"
        (proposal.focus, proposal.theme) = ("prevention", "Training")
        let found = try await landscape.like(proposal, .english)
        #expect(found.works.contains { $0.id == "act-001" })
        let added = try await landscape.propose(proposal, by: Voters.somebody("w", desk: "a desk"))
        #expect(added.isNew && added.action.id == "pro-067")
        // The same words again are the same project.
        proposal.body = "train partners in companies with ACCESSIBLE courses"
        let again = try await landscape.propose(proposal, by: Voters.somebody("w"))
        #expect(!again.isNew && again.action.id == "pro-067")
        let plan = try await landscape.plan(.english, isWhole: true)
        #expect(plan.actions.count == 67 && plan.actions.last?.owner == "a desk")
        #expect(try await landscape.likeWork(proposal.body).contains { $0.kind == .proposal })
        proposal.body = "Zzz qqq"
        #expect(try await landscape.like(proposal, .english).works.isEmpty)
    }
}
