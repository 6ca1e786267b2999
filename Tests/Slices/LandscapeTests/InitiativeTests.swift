import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

@Suite struct InitiativeTests {
    static let path = "/en/desk/landscape/initiatives"
    static let typed = [
        ("name", "Circle of men"), ("state", "running"), ("sector", "community"), ("small", "no"),
        ("kind", "group"), ("focus", "prevention"), ("province", "bc"), ("place", "Terrace"),
        ("does", "They meet <b>."),
        ("cost-low", "1 000"), ("steps", "Find a room\nAsk an Elder"), ("link", "https://example.org/circle"),
        ("meetings", "2025-12-01 17:00\n2025-06-20 18:30"),
    ]

    static func changed(_ changes: [String: String]) -> [(String, String)] {
        Self.typed.map { ($0.0, changes[$0.0] ?? $0.1) }
            + changes.filter { change in !Self.typed.contains { $0.0 == change.key } }.map { ($0.key, $0.value) }
    }

    static func hidden(_ page: Browser.Reply) -> [(String, String)] {
        ["id", "proposal", "version"].map { ($0, page.hidden($0) ?? "") }
    }

    /// Sends the form of a new one, and again where something like it is known.
    static func send(_ browser: StaffBrowser, _ fields: [(String, String)]) async throws -> Browser.Reply {
        let reply = try await browser.post(path, fields)
        guard reply.status == 200, let seen = reply.hidden("seen") else { return reply }
        return try await browser.post(path, fields + [("seen", seen)])
    }

    /// Proposed by the provider and accepted by the coordinator.
    static func shared(
        _ provider: StaffBrowser, _ coordinator: StaffBrowser, _ changes: [String: String] = [:]
    ) async throws -> String {
        let form = try await provider.get("\(path)/new")
        let reply = try await send(provider, changed(changes) + hidden(form))
        #expect(reply.status == 303, "\(reply.body)")
        try await accept(coordinator)
        return try #require(form.hidden("id"))
    }

    static func accept(_ coordinator: StaffBrowser) async throws {
        let desk = try await coordinator.get(path)
        let link = try #require(desk.body.firstMatch(of: /initiative-proposals\/[0-9a-f-]{36}\/acceptance/)?.0)
        let reply = try await coordinator.post(
            "/en/desk/landscape/\(link)", [("version", desk.hidden("version") ?? "")])
        #expect(reply.status == 303)
    }

    @Test func `nothing is public before the coordinator accepted it, and the map says what the table says`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let visitor = staff.town.browser
        #expect(try await visitor.get("/en/landscape/initiatives").body.contains("Nobody has told of an initiative"))
        let form = try await provider.get("\(Self.path)/new")
        let id = try #require(form.hidden("id"))
        for _ in 1...2 { #expect(try await Self.send(provider, Self.typed + Self.hidden(form)).status == 303) }
        for file in ["/en/landscape/initiatives", "/landscape/initiatives.json", "/landscape/initiatives.csv"] {
            #expect(try await !visitor.get(file).body.contains("Circle of men"), "\(file)")
        }
        #expect(try await visitor.get("/en/landscape/initiatives/\(id)").status == 404)
        let desk = try await coordinator.get(Self.path)
        #expect(desk.body.matches(of: /\/acceptance"/).count == 1 && desk.body.contains("<ins>Terrace</ins>"))
        #expect(desk.body.contains("They meet &lt;b&gt;."))
        try await Self.accept(coordinator)
        let everything = try await visitor.get("/en/landscape/initiatives")
        #expect(everything.body.contains("Circle of men") && everything.body.contains("Initiatives: 1"))
        let region = try #require(everything.body.firstMatch(of: /initiatives\?region=([^"]+)"/)?.1)
        let list = try await visitor.get("/en/landscape/initiatives?region=\(region)&province=bc&focus=prevention")
        #expect(list.status == 200 && list.body.contains("Initiatives: 1") && list.body.contains("Circle of men"))
        #expect(try await visitor.get("/en/landscape/initiatives?region=none").status == 422)
        #expect(try await visitor.get("/en/landscape/initiatives?focus=corporate").body.contains("Initiatives: 0"))
        #expect(try await visitor.get("/en/landscape/initiatives?province=zz").status == 422)
        let page = try await visitor.get("/fr/landscape/initiatives/\(id)").body
        for text in ["Ask an Elder", "They meet &lt;b&gt;.", "Colombie-Britannique", "https://example.org/circle"] {
            #expect(page.contains(text), "\(text)")
        }
        let json = try await visitor.get("/landscape/initiatives.json")
        let item = try #require(
            (try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [[String: Any]])?.first)
        #expect(item["place"] as? String == "terrace")
        #expect(item["cost_low_cad"] as? Int == 1000 && item["cost_high_cad"] as? Int == 1000)
        let calendar = try await visitor.get("/landscape/meetings.ics")
        #expect(calendar.body.contains("BEGIN:VEVENT") && calendar.body.contains("SUMMARY:Circle of men\r\n"))
        #expect(calendar.body.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 75 })
    }

    @Test func `faults are named at their fields and nothing typed is lost`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let form = try await coordinator.get("\(Self.path)/new")
        let wrong = try await coordinator.post(
            Self.path,
            Self.changed([
                "place": "Nowhereville", "cost-low": "a bit", "link": "javascript:alert(1)", "meetings": "soon",
                "sector": "none", "name": "", "cost-high": "9223372036854775808", "principles": "pr-99",
                "organization": "", "small": "yes",
            ]) + Self.hidden(form))
        #expect(wrong.status == 422)
        for field in [
            "name", "place", "cost-low", "cost-high", "link", "meetings", "sector", "principles", "organization",
            "review",
        ] {
            #expect(wrong.body.contains("id=\"f-\(field)-error\""), "\(field)")
        }
        #expect(wrong.body.contains("Ask an Elder") && wrong.body.contains("value=\"a bit\""))
        let named = ["organization": "A company"]
        func typed(_ changes: [String: String]) -> [(String, String)] {
            Self.changed(named.merging(changes) { $1 }) + Self.hidden(form)
        }
        let elsewhere = try await coordinator.post(Self.path, typed(["province": "qc"]))
        #expect(elsewhere.status == 422 && elsewhere.body.contains("not in that province"))
        for field in Initiative.Field.allCases {
            let huge = typed([field.rawValue: String(repeating: "x", count: 1_000_000)])
            #expect(try await coordinator.post(Self.path, huge).status == 413, "\(field)")
        }
        let long = try await coordinator.post(Self.path, typed(["does": String(repeating: "x", count: 4001)]))
        #expect(long.status == 422 && long.body.contains("This is too long."))
        // As long as it may be, in signs that take nine bytes each on the way.
        let full = String(repeating: "\u{1403}", count: 4000)
        let whole = try await Self.send(coordinator, typed(["does": full, "steps": full, "result": full]))
        #expect(whole.status == 303)
        #expect(try await staff.town.platform.landscape.initiatives().isEmpty)
    }

    @Test func `a form that says nothing new is told so, and nothing waits`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let id = try await Self.shared(provider, coordinator)
        let form = try await provider.get("\(Self.path)/\(id)")
        let same = try await provider.post("\(Self.path)/\(id)", Self.typed + Self.hidden(form))
        #expect(same.header("Location") == "\(Self.path)?done=same")
        #expect(try await provider.get("\(Self.path)?done=same").body.contains("Nothing was different"))
        #expect(try await !coordinator.get(Self.path).body.contains("/acceptance"))
    }

    @Test func `two coordinators decide once, a stale form is told so, and a refusal says why`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let id = try await Self.shared(provider, coordinator)
        let stale = try await provider.get("\(Self.path)/\(id)")
        #expect(
            try await provider.post("\(Self.path)/\(id)", Self.changed(["name": "Circle"]) + Self.hidden(stale)).status
                == 303)
        let before = try await coordinator.get(Self.path)
        #expect(before.body.contains("<del>Circle of men</del>") && !before.body.contains("<del>Terrace</del>"))
        let link = try #require(before.body.firstMatch(of: /initiative-proposals\/[0-9a-f-]{36}/)?.0)
        let seen = [("version", before.hidden("version") ?? "")]
        let path = "/en/desk/landscape/\(link)"
        #expect(try await coordinator.post("\(path)/acceptance", [("version", "9")]).status == 409)
        #expect(try await coordinator.post("\(path)/refusal", seen).status == 422)
        #expect(try await coordinator.post("\(path)/acceptance", seen).status == 303)
        let second = try await coordinator.post("\(path)/refusal", seen + [("reason", "Twice")])
        #expect(second.status == 409 && second.body.contains("decided on this already"))
        let late = try await provider.post(
            "\(Self.path)/\(id)",
            Self.changed(["result": "Calm"]) + [("id", id), ("proposal", UUID().uuidString), ("version", "1")])
        #expect(late.status == 422 && late.body.contains("Calm") && late.hidden("version") == "2")
        let again = try await provider.post(
            "\(Self.path)/\(id)", Self.changed(["result": "Calm"]) + Self.hidden(late))
        #expect(again.status == 303)
        let desk = try await coordinator.get(Self.path)
        let next = try #require(desk.body.firstMatch(of: /initiative-proposals\/[0-9a-f-]{36}/)?.0)
        #expect(
            try await coordinator.post("/en/desk/landscape/\(next)/refusal", [("reason", "Too <early>")]).status == 303)
        #expect(try await provider.get(Self.path).body.contains("Too &lt;early&gt;"))
    }

    @Test
    func `what nobody confirms is marked after half a year and off the map after one, until the desk confirms it`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let id = try await Self.shared(provider, coordinator)
        var initiative = try #require(try await staff.town.platform.landscape.initiatives().first)
        let day = try #require(initiative.confirmation?.day)
        #expect(initiative.standing(on: day + 183) == .current && initiative.standing(on: day + 184) == .ageing)
        #expect(initiative.standing(on: day + 365) == .ageing && initiative.standing(on: day + 366) == .old)
        initiative.texts[.state] = "ended"
        #expect(initiative.standing(on: day) == .ended)
        let other = try await staff.lead(coordinator, 2).browser
        _ = try await other.get(Self.path)
        let confirmation = "\(Self.path)/\(id)/confirmations"
        #expect(try await other.post(confirmation, [("version", "1")]).status == 403)
        _ = try await provider.get(Self.path)
        #expect(try await provider.post(confirmation, [("version", "7")]).status == 409)
        for _ in 1...2 { #expect(try await provider.post(confirmation, [("version", "1")]).status == 303) }
        let who = try #require(try await staff.signedIn(provider))
        staff.town.clock.advance(days: 366)
        func shown() async throws -> String {
            try await staff.town.browser.get("/en/landscape/initiatives").body
                + staff.town.browser.get("/landscape/meetings.ics").body
        }
        let old = try await shown()
        #expect(old.contains("Not sure any more") && old.contains("Initiatives: 0") && !old.contains("<circle "))
        #expect(!old.contains("VEVENT"))
        try await staff.town.platform.landscape.confirm(id, version: 1, by: who)
        let again = try await shown()
        #expect(!again.contains("Not sure any more") && again.contains("Initiatives: 1") && again.contains("<circle "))
    }
}
