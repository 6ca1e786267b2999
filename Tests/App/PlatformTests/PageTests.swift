import Directory
import Formats
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Landscape
@testable import Platform
import Support
import Testing
import Web

@Suite struct PageTests {
    static let paths = [
        "", "find", "find?q=nowhere+to+sleep+tonight+terrace", "map", "saved", "about", "worried", "privacy",
        "accessibility",
        "services/7ff5e1a5-2d25-5a55-9df8-000000000000",
    ]

    @Test(arguments: ["en", "fr"]) func `pages look as they were approved`(_ language: String) async throws {
        let town = try await Town()
        let hotline = Identifier<Record>.named("bc/service/svc-canadian-human-trafficking-hotline")
        let pages = [
            "home": "", "find": "find", "results": "find?q=nowhere+to+sleep+tonight+terrace",
            "service": "services/\(hotline)",
            "card": "services/\(hotline)/card", "map": "map", "saved": "saved", "about": "about", "worried": "worried",
            "privacy": "privacy",
            "accessibility": "accessibility", "data": "data", "lists": "lists", "list": "lists/cariboo",
            "stick": "stick/index.html", "forget": "forget", "not-found": "nothing-here", "landscape": "landscape",
            "landscape-matrix": "landscape/matrix?place=vancouver", "landscape-gaps": "landscape/gaps?need=need%3Afood",
            "landscape-systems": "landscape/systems", "landscape-printed": "landscape/printed/2024-9",
            "landscape-findings": "landscape/findings?theme=Laws+and+regulation",
            "landscape-finding": "landscape/findings/\(Identifier<Finding>.named("scan/2024/fnd-s-09"))",
            "landscape-figures": "landscape/figures", "landscape-messages": "landscape/messages",
            "landscape-refused": "landscape/matrix?theme=nothing",
            "plan": "landscape/plan", "action": "landscape/actions/act-001", "board": "landscape/board",
            "votes": "landscape/votes", "priorities": "landscape/priorities",
        ]
        for (name, path) in pages {
            try expectGolden(try await town.browser.get("/\(language)/\(path)").body, "pages/\(name).\(language).html")
        }
    }

    @Test(arguments: ["en", "fr"]) func `pages that keep listings true look as they were approved`(
        _ language: String
    ) async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Example.records)
        func golden(_ name: String, _ reply: Browser.Reply) throws {
            try expectGolden(reply.body, "pages/\(name).\(language).html")
        }
        let report = "/\(language)/services/\(Example.service)/report"
        try golden("report", try await town.browser.get(report))
        try golden("report-again", try await town.browser.post(report, [("note", "A <sentence>.")]))
        try golden("report-thanks", try await town.browser.post(report, [("what", "moved")]))
        try golden("answer", try await town.browser.get("/\(language)/reports/answer"))
        let page = try await town.browser.post(report, [("what", "closed")]).body
        let receipt = page.split(separator: "receipt\">").dropFirst().first?.prefix { $0 != "<" } ?? ""
        let shown = try await town.browser.post("/\(language)/reports/answer", [("receipt", String(receipt))])
        try golden("answer-shown", shown)
        let ask =
            "/\(language)/listing/\(try await town.directory.ask(.organization, Example.organization, by: Town.staff))"
        let asked = try await town.browser.get(ask)
        try golden("ask", asked)
        let seen = asked.body.split(separator: "name=\"seen\" value=\"").dropFirst().first?.prefix { $0 != "\"" } ?? ""
        let wrong = [("seen", String(seen)), ("answer", "corrections"), ("\(Example.phone).number", "call us")]
        try golden("ask-again", try await town.browser.post(ask, wrong))
        try golden("ask-thanks", try await town.browser.post(ask, [("seen", String(seen)), ("answer", "right")]))
        try await town.directory.edit(
            .phone, Example.phone, field: "number", to: .text("250-555-0102"), source: "a call", by: Town.staff)
        try golden("service-changed", try await town.browser.get("/\(language)/services/\(Example.service)"))
    }

    @Test func `the route table is as it was approved and is what the router has`() async throws {
        let platform = try await Town(loadsRegion: false).platform
        try expectGolden(platform.routes.printed, "routes.txt")
        let mounted = Set(platform.router.routes.map { "\($0.method.rawValue) \(Self.colons("\($0.path)"))" })
        let declared = Set(platform.routes.routes.map { "\($0.method.rawValue) \($0.path)" })
        #expect(mounted.filter { !$0.hasPrefix("HEAD") } == declared)
        // What is left out of the metrics is there.
        #expect(Metrics.untold.isSubset(of: Set(platform.routes.routes.map(\.path))))
    }

    /// Hummingbird writes `{name}` for what was declared as `:name`.
    private static func colons(_ path: String) -> String { path.replacing("{", with: ":").replacing("}", with: "") }

    @Test(arguments: [
        "/en/", "/en/find?q=x", "/nothing", "/en/nothing", "/en/find?page=-1", "/exit", "/assets/none.css", "/healthz",
    ])
    func `every answer carries the safe headers and no cookie`(_ path: String) async throws {
        let reply = try await Town(loadsRegion: false).browser.get(path)
        #expect(reply.header("Content-Security-Policy")?.hasPrefix("default-src 'none'") == true)
        #expect(reply.header("Referrer-Policy") == "no-referrer")
        #expect(reply.header("X-Content-Type-Options") == "nosniff")
        #expect(reply.header("Cache-Control") == "no-store")
        #expect(reply.header("Set-Cookie") == nil)
    }

    @Test func `the exit goes to a weather page and asks the browser to forget`() async throws {
        let reply = try await Town(loadsRegion: false).browser.get("/exit")
        #expect(reply.status == 303)
        #expect(reply.header("Location") == "https://weather.gc.ca/")
        #expect(reply.header("Clear-Site-Data")?.contains("storage") == true)
    }

    @Test(arguments: [
        ("/en/find?page=-1", 400), ("/en/find?page=0", 400), ("/en/find?page=x", 400),
        ("/en/find?page=99999999999999999999", 400),
        ("/en/find?q=%ff", 400), ("/en/find?q=%00", 400), ("/en/find?need=nothing", 400), ("/en/find?within=-5", 400),
        ("/en/find?open=maybe", 400), ("/xx/find", 404), ("/en/services/1", 404), ("/en/services/..%2f", 404),
        ("/en/services/00000000-0000-4000-8000-000000000000", 404), ("/assets/..%2f..%2fPackage.swift", 404),
        ("/en/find?q=" + String(repeating: "a", count: 70_000), 413), ("/en/find?near=Nowhereville", 200),
        ("/en/find?page=1000", 200), ("/en/find?q=" + String(repeating: "word+", count: 2000), 200),
    ]) func `bad input gets the right status and one sentence`(_ path: String, _ status: Int) async throws {
        let reply = try await Town().browser.get(path)
        #expect(reply.status == status)
        #expect(reply.body.contains("<h1>"))
    }

    @Test func `ten thousand parameters are refused`() async throws {
        let path = "/en/find?" + (0..<10_000).map { "a\($0)=" }.joined(separator: "&")
        let status = try await Town(loadsRegion: false).browser.get(path).status
        #expect(status == 400 || status == 413)
    }

    @Test func `a program is told in a problem document, without a stack or a path`() async throws {
        let reply = try await Town(loadsRegion: false).browser.get("/en/find.json?page=-1")
        #expect(reply.status == 400)
        #expect(reply.header("Content-Type") == "application/problem+json")
        let problem = try JSONSerialization.jsonObject(with: Data(reply.bytes)) as? [String: Any]
        #expect(problem?["detail"] as? String == "The value of page cannot be used.")
    }

    @Test func `the log has method, pattern, status and duration class, and nothing that was asked`() async throws {
        let town = try await Town()
        _ = try await town.browser.get("/en/find?q=verysecretword&near=Terrace")
        _ = try await town.browser.post("/en/find", [("q", "othersecretword")])
        _ = try await town.browser.get("/en/secretpath?x=secretquery")
        town.platform.log.flush()
        let lines = town.written.text
        #expect(lines.contains("GET /{language}/find 200"))
        #expect(lines.contains("POST /{language}/find 200"))
        #expect(!lines.lowercased().contains("secret"))
        #expect(!lines.contains("Terrace"))
    }

    @Test func `a list travels from page to page without an account`() async throws {
        let town = try await Town()
        let cards = town.directory.find(Question.words("housing")).results.prefix(2).map(\.card)
        let fields = cards.map { ("service", $0.id.description) }
        let list = try await town.browser.post("/en/saved", fields)
        for card in cards {
            #expect(list.body.contains("<input type=\"hidden\" name=\"service\" value=\"\(card.id)\">"))
        }
        let less = try await town.browser.post("/en/saved", fields + [("remove", cards[0].id.description)])
        #expect(!less.body.contains(cards[0].id.description))
        #expect(less.body.contains(cards[1].id.description))
        #expect(try await town.browser.post("/en/saved/sheet", fields).status == 200)
        #expect(try await town.browser.post("/en/saved/cards", fields).body.contains("<path d=\"M"))
    }

    @Test func `the injection payload stays text in every field of every page`() async throws {
        let payload = "\"\u{301}><script>alert(1)</script>'\u{301}"
        let town = try await Town(loadsRegion: false)
        try await town.store(Poisoned.records(payload))
        let id = Poisoned.service
        var pages: [String] = []
        for language in ["en", "fr", "ar-xb"] {
            for path in [
                "find?q=\(encodedForQuery(payload))&near=\(encodedForQuery(payload))", "find?q=poison",
                "lists/metro-vancouver",
                "services/\(id)",
                "services/\(id)/card", "organizations/\(Poisoned.organization)", "map", "services/\(id)/report",
                "organizations/\(Poisoned.organization)/report",
                "listing/\(try await town.directory.ask(.organization, Poisoned.organization, by: Town.staff))",
            ] { pages.append(try await town.browser.get("/\(language)/\(path)").body) }
            for path in ["saved", "saved/sheet", "saved/cards"] {
                pages.append(try await town.browser.post("/\(language)/\(path)", [("service", id.description)]).body)
            }
            let ask = "/\(language)/listing/\(try await town.directory.ask(.service, id, by: Town.staff))"
            let typed = [("\(id).name", payload), ("\(id).wait_time", payload), ("note", payload), ("seen", payload)]
            pages.append(try await town.browser.post(ask, typed).body)
            pages.append(
                try await town.browser.post(
                    "/\(language)/services/\(id)/report", [("what", payload), ("note", payload)]
                )
                .body)
            pages.append(try await town.browser.post("/\(language)/reports/answer", [("receipt", payload)]).body)
        }
        for page in pages {
            #expect(!page.contains("<script>alert"))
            #expect(!page.utf8Contains("=\"\"\u{301}"))
        }
        #expect(pages.contains { $0.contains("&lt;script&gt;") })
    }
}

extension String {
    fileprivate func utf8Contains(_ needle: String) -> Bool {
        Data(utf8).range(of: Data(needle.utf8)) != nil
    }
}

extension Question {
    static func words(_ text: String) -> Question {
        var question = Question()
        question.text = text
        return question
    }
}

/// A listing with the payload in every text field a page can show.
enum Poisoned {
    static let service = Identifier<Record>.named("poison/service")
    static let organization = Identifier<Record>.named("poison/organization")

    static func records(_ payload: String) -> [Record] {
        let kinds: [(RecordKind, String)] = [
            (.organization, ""), (.service, ""), (.phone, "service_id"), (.url, "service_id"), (.contact, "service_id"),
            (.language, "service_id"), (.costOption, "service_id"), (.requiredDocument, "service_id"),
            (.serviceArea, "service_id"), (.program, "organization_id"), (.organizationIdentifier, "organization_id"),
        ]
        return kinds.map { kind, parent in
            var values: [String: FieldValue] = [:]
            for field in kind.object.fields where field.values.isEmpty && !field.name.hasSuffix("_id") {
                switch field.form {
                case .number: values[field.name] = .number(1)
                case .text, .email: values[field.name] = .text("poison \(payload)")
                case .uri: values[field.name] = .text("http://example.org/\(payload)")
                }
            }
            if kind == .service {
                values["status"] = .text("active")
                values["organization_id"] = .text(organization.description)
            }
            if !parent.isEmpty { values[parent] = .text((parent == "service_id" ? service : organization).description) }
            return Record(kind, id: .named("poison/\(kind.rawValue)"), values)
        }
    }
}

/// One fictional organization with one service, for the pages that keep listings true.
enum Example {
    static let organization = Identifier<Record>.named("example/organization")
    static let service = Identifier<Record>.named("example/service")
    static let phone = Identifier<Record>.named("example/phone")

    static let records = [
        Record(
            .organization, id: organization,
            ["name": .text("Cedar Society"), "description": .text("A fictional society.")]),
        Record(
            .service, id: service,
            [
                "organization_id": .text(organization.description), "name": .text("Cedar House"),
                "description": .text("A warm room with tea."), "status": .text("active"),
            ]),
        Record(.phone, id: phone, ["service_id": .text(service.description), "number": .text("250-555-0101")]),
        Record(
            .schedule, id: .named("example/schedule"),
            [
                "service_id": .text(service.description), "freq": .text("WEEKLY"), "byday": .text("MO,FR"),
                "opens_at": .text("09:00"), "closes_at": .text("17:00"), "zone": .text("America/Vancouver"),
            ]),
    ]
}
