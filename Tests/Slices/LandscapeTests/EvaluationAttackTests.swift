import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

@Suite struct EvaluationAttackTests {
    private static let people = ["people": "yes", "unit": "people", "baseline": "", "target": ""]

    private func add(_ coordinator: StaffBrowser, _ changes: [String: String]) async throws -> String {
        try await EvaluationTests.add(coordinator, changes)
    }

    @Test(arguments: [
        ([("value", "9223372036854775808")], "value", "This is no number"),
        ([("value", "-3")], "value", "whole numbers"),
        ([("value", "2.5")], "value", "whole numbers"), ([("value", "")], "value", "Please fill this in"),
        ([("value", "7"), ("on", "2024-11-30")], "on", "before the day of the beginning"),
        ([("value", "7"), ("on", "2025-02-30")], "on", "day"),
        ([("value", "7"), ("out-of", "6")], "out-of", "must not be less"),
        ([("value", "7"), ("source", "")], "source", "Please fill this in"),
        ([("value", "7"), ("body", String(repeating: "x", count: 4001))], "body", "too long"),
    ])
    func `a fault of what was seen is named, and nothing is kept or lost`(
        _ fields: [(String, String)], _ field: String, _ sentence: String
    ) async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let id = try await add(coordinator, Self.people.merging(["out-of": "who asked"]) { $1 })
        let reply = try await EvaluationTests.measure(coordinator, id, fields)
        #expect(reply.status == 422 && reply.body.contains(sentence))
        #expect(reply.body.contains("id=\"f-\(field)-error\""))
        #expect(fields.allSatisfy { $0.1.isEmpty || reply.body.contains($0.1) })
        #expect(try await staff.town.platform.landscape.indicator(id).measurements.isEmpty)
    }

    @Test func `a text of a million signs is refused whole, wherever it stands`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let id = try await add(coordinator, [:])
        let huge = String(repeating: "x", count: 1_000_000)
        for field in Indicator.Field.allCases {
            let fields = EvaluationTests.fields([field.rawValue: huge]) + [("id", id), ("version", "1")]
            #expect(try await coordinator.post(EvaluationTests.path, fields).status == 413, "\(field)")
        }
        for field in MeasurementDraft.fields {
            #expect(try await EvaluationTests.measure(coordinator, id, [(field, huge)]).status == 413, "\(field)")
        }
        #expect(try await staff.town.platform.landscape.indicator(id).indicator.version == 1)
    }

    @Test func `where it began is never after what was seen, unless that was taken back`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let id = try await add(coordinator, [:])
        #expect(try await EvaluationTests.measure(coordinator, id, [("value", "3")]).status == 303)
        let later = EvaluationTests.fields(["baseline-on": "2025-01-03"]) + [("id", id), ("version", "1")]
        let refused = try await coordinator.post(EvaluationTests.path, later)
        #expect(refused.status == 422 && refused.body.contains("written down for an earlier day"))
        let page = try await coordinator.get("/en/desk/landscape/indicators/\(id)")
        let link = try #require(page.body.firstMatch(of: /measurements\/[0-9a-f-]{36}\/withdrawal/)?.0)
        let fields = [("indicator", id), ("reason", "Another house")]
        #expect(try await coordinator.post("/en/desk/landscape/\(link)", fields).status == 303)
        #expect(try await coordinator.post(EvaluationTests.path, later).status == 303)
    }

    @Test func `a whole is no number while it less its parts leaves a few people`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let whole = try await add(coordinator, Self.people.merging(["name": "All"]) { $1 })
        let north = try await add(coordinator, Self.people.merging(["name": "North", "part-of": whole]) { $1 })
        let south = try await add(coordinator, Self.people.merging(["name": "South", "part-of": whole]) { $1 })
        func measure(_ id: String, _ value: String, on day: String) async throws {
            let reply = try await EvaluationTests.measure(coordinator, id, [("value", value), ("on", day)])
            #expect(reply.status == 303)
        }
        func bodies() async throws -> [String] {
            var bodies: [String] = []
            for path in [
                "/en/landscape/evaluation", "/fr/landscape/evaluation", "/en/landscape/indicators/\(whole)",
                "/en/landscape/indicators/\(north)", "/landscape/evaluation.csv", "/landscape/evaluation.jsonld",
            ] { bodies.append(try await staff.town.browser.get(path).body) }
            return bodies
        }
        try await measure(whole, "8765", on: "2025-01-02")
        try await measure(north, "4000", on: "2024-12-20")
        #expect(try await bodies().joined().contains("8765"))
        try await measure(south, "4762", on: "2025-01-01")
        for body in try await bodies() { #expect(!body.contains("8765") && !body.contains("8,765")) }
        try await measure(south, "4765", on: "2025-01-02")
        #expect(try await bodies().joined().contains("8765"), "nobody is left over")
    }

    @Test(arguments: [
        // A part on a day after its whole, or before it; a part nearer before and one nearer after.
        ([("value", "8765", "2024-12-20")], [("value", "8763", "2025-01-02")]),
        ([("value", "8765", "2025-01-02")], [("value", "8763", "2024-12-20")]),
        ([("value", "8765", "2024-12-25")], [("value", "4000", "2024-12-20"), ("value", "8761", "2024-12-26")]),
        // Where a whole or a part began without a day, any count may be of its day.
        ([("baseline", "8765", "")], [("value", "8763", "2025-01-02")]),
        ([("baseline", "8765", "")], [("value", "8761", "2024-12-20"), ("value", "4000", "2025-01-02")]),
        ([("value", "8765", "2024-12-20")], [("baseline", "8764", "")]),
        ([("baseline", "8765", "2024-12-01")], [("value", "8763", "2024-12-24")]),
    ]) func `a whole and a part of other days tell no few people by subtraction`(
        _ whole: [(String, String, String)], _ part: [(String, String, String)]
    ) async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        func add(_ name: String, _ counts: [(String, String, String)], _ more: [String: String]) async throws -> String
        {
            var fields = Self.people.merging(["name": name, "baseline-on": ""]) { $1 }.merging(more) { $1 }
            for count in counts where count.0 == "baseline" {
                (fields["baseline"], fields["baseline-on"]) = (count.1, count.2)
            }
            let id = try await self.add(coordinator, fields)
            for count in counts where count.0 == "value" {
                let seen = [("value", count.1), ("on", count.2)]
                #expect(try await EvaluationTests.measure(coordinator, id, seen).status == 303)
            }
            return id
        }
        let all = try await add("All", whole, [:])
        for path in ["/en/landscape/indicators/\(all)", "/landscape/evaluation.csv", "/landscape/evaluation.jsonld"] {
            let body = try await staff.town.browser.get(path).body
            #expect(body.contains("8765") || body.contains("8,765"), "without a part it is there: \(path)")
        }
        let north = try await add("North", part, ["part-of": all])
        for path in [
            "/en/landscape/evaluation", "/en/landscape/indicators/\(all)", "/fr/landscape/indicators/\(all)",
            "/en/landscape/indicators/\(north)", "/landscape/evaluation.csv", "/landscape/evaluation.jsonld",
        ] {
            let body = try await staff.town.browser.get(path).body
            #expect(body.firstMatch(of: /8[,\u{a0}\u{202f}]?765/) == nil, "\(path)")
        }
    }

    @Test func `what a later scan says of each finding stands on the page of its indicator`() async throws {
        let staff = try await Staff()
        let landscape = staff.town.platform.landscape
        let keeper = Actor.commandLine("keeper")
        let coordinator = try await staff.coordinator().browser
        _ = try await landscape.begin("2027", title: "Second look", published: "2027-03", by: keeper)
        let rows = """
            code,focus,kind,theme,text,source,continues
            a,prevention,existing,Outreach,A bus runs now.,Meeting 2027,fnd-t01-10
            b,prevention,gap,Outreach,Still no outreach by survivors.,Meeting 2027,fnd-t01-05
            c-new,prevention,barrier,Phones,No signal.,Meeting 2027,
            fnd-t01-06,prevention,gap,Phones,Another of the same name.,Meeting 2027,
            """
        let url = FileManager.default.temporaryDirectory.appending(path: "waymark-later-\(UUID().uuidString)")
        try Data(rows.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        #expect(try await landscape.take(FindingFile(url), into: "2027", isDryRun: false, by: keeper).added == 4)
        for draft in try await landscape.drafts() where draft.scan != .named("scan/2024") {
            try await landscape.setState(.published, of: draft.id, by: keeper)
        }
        let codes = ["fnd-t01-10", "fnd-t01-05", "c-new", "fnd-t01-07"]
        let id = try await add(coordinator, ["findings": codes.joined(separator: ", ")])
        let page = try await staff.town.browser.get("/en/landscape/indicators/\(id)").body
        let said = page.matches(of: /comparison\/2027">2027<\/a>: ([a-z ]+) \((.+?)\)/).map { "\($0.2) \($0.1)" }
        let expected = ["c-new new", "fnd-t01-05 still open", "fnd-t01-07 nobody looked again", "fnd-t01-10 closed"]
        #expect(said.sorted() == expected)
        let french = try await staff.town.browser.get("/fr/landscape/indicators/\(id)").body
        for text in [
            "lacune comblée (fnd-t01-10)", "lacune toujours présente (fnd-t01-05)", "nouvelle lacune (c-new)",
        ] {
            #expect(french.contains(text), "\(text)")
        }
    }

    @Test func `no text becomes markup or a formula, and sent twice at once it is one`() async throws {
        let mark = "\"'><script>alert(1)</script>\u{0301}"
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let form = try await coordinator.get(EvaluationTests.path)
        let id = try #require(form.hidden("id"))
        let fields =
            EvaluationTests.fields([
                "name": "=1+1" + mark, "about": mark, "decides": "@x" + mark, "source": mark, "unit": mark,
                "out-of": mark, "review": mark, "small": "yes",
            ]) + [("id", id), ("version", "0")]
        async let one = coordinator.post(EvaluationTests.path, fields)
        async let two = coordinator.post(EvaluationTests.path, fields)
        #expect(try await [one.status, two.status] == [303, 303])
        #expect(try await staff.town.platform.landscape.indicators().count == 1)
        let page = try await coordinator.get("/en/desk/landscape/indicators/\(id)")
        let seen = [
            ("id", page.hidden("id") ?? ""), ("on", "2025-01-02"), ("value", "7"), ("out-of", "9"),
            ("source", "-1" + mark), ("body", mark),
        ]
        async let first = coordinator.post("/en/desk/landscape/indicators/\(id)", seen)
        async let second = coordinator.post("/en/desk/landscape/indicators/\(id)", seen)
        #expect(try await [first.status, second.status] == [303, 303])
        #expect(try await staff.town.platform.landscape.indicator(id).measurements.count == 1)
        var pages = [try await coordinator.get("/en/desk/landscape/evaluation")]
        pages.append(try await coordinator.get("/en/desk/landscape/indicators/\(id)"))
        pages.append(try await coordinator.get("\(EvaluationTests.path)?indicator=\(id)"))
        for path in ["evaluation", "indicators/\(id)"] {
            pages.append(try await staff.town.browser.get("/en/landscape/\(path)"))
        }
        for page in pages {
            #expect(page.status == 200 && !page.body.contains("<script>alert") && !page.body.contains("\"'>"))
        }
        let table = try await staff.town.browser.get("/landscape/evaluation.csv").body
        for start in ["=1", "@x", "-1"] {
            #expect(!table.contains(",\(start)"), "\(start)")
            #expect(!table.contains(",\"\(start)"), "\(start)")
        }
    }

    @Test func `a change says how many it mattered to, so that nobody's own text goes out without consent`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let id = try await add(coordinator, ["kind": "change", "baseline": "None", "target": ""])
        let reply = try await EvaluationTests.measure(coordinator, id, [("body", "They asked")])
        #expect(reply.status == 422 && reply.body.contains("id=\"f-reach-error\""))
        #expect(try await EvaluationTests.measure(coordinator, id, [("body", "All"), ("reach", "many")]).status == 303)
    }
}
