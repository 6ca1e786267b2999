import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

@Suite struct EvaluationTests {
    static let path = "/en/desk/landscape/indicator-form"
    private static let typed = [
        ("name", "Nights in a safe bed"), ("kind", "number"), ("decides", "A council of survivors"),
        ("source", "Houses"), ("unit", "beds"), ("people", "no"), ("small", "no"), ("state", "open"),
        ("baseline", "12,50"), ("baseline-on", "2024-12-01"), ("target", "1 200"), ("target-on", "2027-12-01"),
        ("actions", "act-003"), ("findings", "fnd-t01-01"),
    ]

    static func fields(_ changes: [String: String]) -> [(String, String)] {
        Self.typed.map { ($0.0, changes[$0.0] ?? $0.1) }
            + changes.filter { change in !Self.typed.contains { $0.0 == change.key } }.map { ($0.key, $0.value) }
    }

    static func add(_ coordinator: StaffBrowser, _ changes: [String: String] = [:]) async throws -> String {
        let form = try await coordinator.get(path)
        let id = try #require(form.hidden("id"))
        let reply = try await coordinator.post(path, fields(changes) + [("id", id), ("version", "0")])
        #expect(reply.status == 303, "\(reply.body)")
        return id
    }

    static func measure(_ browser: StaffBrowser, _ id: String, _ fields: [(String, String)]) async throws
        -> Browser.Reply
    {
        let page = try await browser.get("/en/desk/landscape/indicators/\(id)")
        return try await browser.post(
            "/en/desk/landscape/indicators/\(id)",
            fields + [("id", page.hidden("id") ?? ""), ("on", "2025-01-02"), ("source", "Houses")])
    }

    @Test(arguments: [
        (["baseline": "some"], "baseline", "This is no number"),
        (["target-on": "2024-11-30"], "target-on", "must be after"),
        (["actions": "act-003, act-999"], "actions", "act-999"), (["findings": "fnd-x"], "findings", "fnd-x"),
        (["decides": ""], "decides", "Please fill this in"), (["people": "yes"], "baseline", "whole numbers"),
        (["about": String(repeating: "x", count: 4001)], "about", "too long"), (["unit": ""], "unit", "Please fill"),
        (["kind": "vibe"], "kind", "Choose one"), (["part-of": "nothing"], "part-of", "no such choice"),
        (["baseline": "9223372036854775808"], "baseline", "This is no number"),
        (["people": "yes", "baseline": "-3"], "baseline", "whole numbers from 0"),
        (["target": "1e9"], "target", "This is no number"), (["baseline-on": "soon"], "baseline-on", "day"),
        (["findings": "act-003"], "findings", "act-003"), (["decides": "   "], "decides", "Please fill this in"),
        (["unit": String(repeating: "x", count: 501)], "unit", "too long"),
    ])
    func `a fault of an indicator is named, and nothing is kept or lost`(
        _ changes: [String: String], _ field: String, _ sentence: String
    ) async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let id = try #require(try await coordinator.get(Self.path).hidden("id"))
        let reply = try await coordinator.post(Self.path, Self.fields(changes) + [("id", id), ("version", "0")])
        #expect(reply.status == 422 && reply.body.contains("id=\"f-\(field)-error\""))
        #expect(reply.body.contains(sentence) && reply.body.contains("Nights in a safe bed"))
        #expect(try await staff.town.platform.landscape.indicators().isEmpty)
    }

    @Test func `an indicator is measured by any desk, changed by the coordinator, and keeps its history`() async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let id = try await Self.add(coordinator)
        #expect(try await provider.get(Self.path).status == 404)
        #expect(try await Self.measure(provider, id, [("value", "many")]).status == 422)
        #expect(try await Self.measure(provider, id, [("value", "14,5")]).status == 303)
        let tomorrow = try await Self.measure(provider, id, [("value", "3"), ("on", "2999-01-01")])
        #expect(tomorrow.status == 422 && tomorrow.body.contains("This day has not come yet"))
        let stale = try await coordinator.post(
            Self.path, Self.fields(["name": "Beds"]) + [("id", id), ("version", "7")])
        #expect(stale.status == 422 && stale.body.contains("value=\"Beds\"") && stale.hidden("version") == "1")
        #expect(
            try await coordinator.post(Self.path, Self.fields(["name": "Beds"]) + [("id", id), ("version", "1")]).status
                == 303)
        let kind = try await coordinator.post(
            Self.path, Self.fields(["kind": "story"]) + [("id", id), ("version", "2")])
        #expect(kind.status == 422 && kind.body.contains("written down already"))
        let page = try await staff.town.browser.get("/en/landscape/indicators/\(id)").body
        for text in [
            "14.5", "12.5", "1,200", "A council of survivors", "Nights in a safe bed → Beds",
            "/landscape/actions/act-003", "/landscape/findings/",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(try await staff.town.browser.get("/fr/landscape/indicators/\(id)").body.contains("14,5"))
        #expect(try await staff.town.browser.get("/en/landscape/evaluation").body.contains("Beds"))
    }

    @Test func `fewer than five people are no number anywhere, nor does a total or an all tell it`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let people = ["people": "yes", "unit": "people", "baseline": "", "target": ""]
        let whole = try await Self.add(coordinator, people.merging(["name": "All", "out-of": "who asked"]) { $1 })
        let north = try await Self.add(coordinator, people.merging(["name": "North", "part-of": whole]) { $1 })
        let south = try await Self.add(coordinator, people.merging(["name": "South", "part-of": whole]) { $1 })
        let alone = try await Self.add(coordinator, people.merging(["name": "Alone", "out-of": "who asked"]) { $1 })
        #expect(try await Self.measure(coordinator, whole, [("value", "7341"), ("out-of", "9999")]).status == 303)
        let shown = try await staff.town.browser.get("/en/landscape/indicators/\(whole)").body
        #expect(shown.contains("7,341") && shown.contains("9,999"))
        #expect(try await Self.measure(coordinator, north, [("value", "3")]).status == 303)
        #expect(try await Self.measure(coordinator, south, [("value", "7338")]).status == 303)
        #expect(try await Self.measure(coordinator, alone, [("value", "6262"), ("out-of", "6263")]).status == 303)
        for file in [
            "/en/landscape/evaluation", "/en/landscape/indicators/\(whole)", "/en/landscape/indicators/\(north)",
            "/landscape/evaluation.csv", "/landscape/evaluation.jsonld",
        ] {
            let body = try await staff.town.browser.get(file).body
            for text in ["7341", "7,341", "9,999", "9999", "6263", "6,263"] {
                #expect(!body.contains(text), "\(text) in \(file)")
            }
        }
        let page = try await staff.town.browser.get("/en/landscape/indicators/\(north)").body
        #expect(page.contains("fewer than 5") && !page.contains("· 3 "))
        let south2 = try await staff.town.browser.get("/en/landscape/indicators/\(south)").body
        #expect(south2.contains("7,338"))
    }

    @Test func `a story is there for what its teller gave it for, and gone for good when it is taken back`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let id = try await Self.add(coordinator, ["kind": "story", "name": "Told", "baseline": "", "target": ""])
        let secret = "The kettle was warm."
        let refused = try await Self.measure(provider, id, [("body", secret), ("reach", "one")])
        #expect(refused.status == 422 && refused.body.contains("has to agree") && refused.body.contains(secret))
        #expect(
            try await Self.measure(
                provider, id, [("body", secret), ("reach", "one"), ("use-page", "yes"), ("agreed", "yes")]
            )
            .status == 303)
        let page = try await staff.town.browser.get("/en/landscape/indicators/\(id)").body
        #expect(page.contains(secret) && page.contains("one person"))
        #expect(try await !staff.town.browser.get("/landscape/evaluation.jsonld").body.contains("kettle"))
        #expect(try await !staff.town.browser.get("/landscape/evaluation.csv").body.contains("kettle"))
        let desk = try await provider.get("/en/desk/landscape/indicators/\(id)")
        let link = try #require(desk.body.firstMatch(of: /measurements\/[0-9a-f-]{36}\/withdrawal/)?.0)
        let other = try await staff.lead(coordinator, 2).browser
        _ = try await other.get("/en/desk/landscape/evaluation")
        #expect(try await other.post("/en/desk/landscape/\(link)", [("indicator", id)]).status == 403)
        for _ in 1...2 {
            #expect(try await provider.post("/en/desk/landscape/\(link)", [("indicator", id)]).status == 303)
        }
        #expect(try await !staff.town.browser.get("/en/landscape/indicators/\(id)").body.contains("kettle"))
        let shown = try await staff.town.browser.get("/en/landscape/indicators/\(id)").body
        #expect(!shown.contains("Written down for") && !shown.contains("Taken back"), "not even that it was there")
        let staffs = try await provider.get("/en/desk/landscape/indicators/\(id)").body
        #expect(staffs.contains("Written down for") && staffs.contains("Taken back"))
        for table in ["measurement", "indicator_change", "audit"] {
            let name = try #require(SQLName(table))
            let rows = try await staff.town.database.read { try $0.rows("SELECT * FROM \(name: name)") }
            #expect(!rows.contains { "\($0)".contains("kettle") }, "\(table)")
        }
    }

    @Test func `one person is enough for a change, and a small community is shown nothing before it looked`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let id = try await Self.add(
            coordinator, ["kind": "change", "name": "Trust", "baseline": "None", "target": "", "small": "yes"])
        #expect(try await Self.measure(coordinator, id, [("body", "They asked"), ("reach", "one")]).status == 422)
        #expect(
            try await Self.measure(
                coordinator, id, [("body", "They asked"), ("reach", "one"), ("use-data", "yes"), ("agreed", "yes")]
            ).status == 303)
        #expect(try await staff.town.browser.get("/en/landscape/indicators/\(id)").status == 404)
        #expect(try await !staff.town.browser.get("/landscape/evaluation.jsonld").body.contains("Trust"))
        let kept = try await coordinator.post(
            Self.path,
            Self.fields([
                "kind": "change", "name": "Trust", "baseline": "None", "target": "", "small": "yes",
                "review": "The council, 2025-01-03",
            ]) + [("id", id), ("version", "1")])
        #expect(kept.status == 303)
        let page = try await staff.town.browser.get("/en/landscape/indicators/\(id)")
        #expect(page.status == 200 && !page.body.contains("They asked") && page.body.contains("The council"))
        #expect(try await staff.town.browser.get("/landscape/evaluation.jsonld").body.contains("They asked"))
    }

    @Test func `a story given for data alone leaves no line on the page, neither told nor taken back`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let id = try await Self.add(coordinator, ["kind": "story", "name": "Told", "baseline": "", "target": ""])
        let before = try await staff.town.browser.get("/en/landscape/indicators/\(id)").body
        let fields = [("body", "The kettle was warm."), ("reach", "one"), ("use-data", "yes"), ("agreed", "yes")]
        #expect(try await Self.measure(coordinator, id, fields).status == 303)
        #expect(try await staff.town.browser.get("/en/landscape/indicators/\(id)").body == before)
        let desk = try await coordinator.get("/en/desk/landscape/indicators/\(id)").body
        #expect(desk.contains("Written down for"))
        let link = try #require(desk.firstMatch(of: /measurements\/[0-9a-f-]{36}\/withdrawal/)?.0)
        #expect(try await coordinator.post("/en/desk/landscape/\(link)", [("indicator", id)]).status == 303)
        #expect(try await staff.town.browser.get("/en/landscape/indicators/\(id)").body == before)
    }

    @Test func `numbers are numbers in the table, and the standard has the target and what a count is out of`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let id = try await Self.add(
            coordinator, ["baseline": "-3", "target": "-0,5", "out-of": "who asked", "name": "=Balance"])
        #expect(try await Self.measure(coordinator, id, [("value", "-12,25"), ("out-of", "40")]).status == 303)
        let table = try await staff.town.browser.get("/landscape/evaluation.csv").body
        #expect(table.contains(",-3,2024-12-01,-0.5,2027-12-01,") && table.contains(",2025-01-02,-12.25,40,"))
        #expect(table.contains("\"'=Balance\"") && !table.contains("'-"))
        let bytes = try await staff.town.browser.get("/landscape/evaluation.jsonld").bytes
        let document = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let graph = try #require(document["@graph"] as? [[String: Any]])
        func one(_ type: String) throws -> [String: Any] {
            try #require(graph.first { $0["@type"] as? String == type })
        }
        let target = try one("cids:Target")
        let link = try one("cids:Indicator")["cids:hasTarget"] as? [String: String]
        #expect(link?["@id"] == target["@id"] as? String && target["endedAtTime"] as? String == "2027-12-01T00:00:00Z")
        let value = graph.first { $0["@id"] as? String == target["value"] as? String }
        #expect(value?["hasNumericalValue"] as? String == "-0.5")
        #expect(
            try one("cids:Indicator")["hasDescription"] as? String
                == "Kind: number. Who decides what counts: A council of survivors. Out of: who asked.")
        #expect(try one("cids:IndicatorReport")["hasComment"] as? String == "Out of: 40. Source: Houses")
    }
}
