import Foundation
import Support
import Testing

@testable import Intake

@Suite struct FollowUpPageTests {
    private static let payload = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\"\u{301}<b>"

    @Test(arguments: ["en", "fr"])
    func `a navigator takes somebody on by code, plans the next step and leaves a note, through pages alone`(
        _ language: String
    ) async throws {
        let scene = try await Scene()
        try await scene.ask(["What you need"])
        func people() async throws -> Browser.Reply { try await scene.desk.get("/\(language)/desk/people") }
        func post(_ path: String, _ fields: [(String, String)]) async throws -> Browser.Reply {
            try await scene.desk.post("/\(language)/desk/\(path)", fields)
        }
        let page = try await people()
        let grant = try #require(page.hidden("grant"))
        #expect(page.body.firstMatch(of: /<h3>[2-9A-Z]{3}-[2-9A-Z]{3}<\/h3>/) != nil)
        #expect(!page.body.contains("bus pass"))
        let form = try await post("people/form", [("grant", grant)])
        let worker = try #require(form.body.firstMatch(of: /<option value="([0-9a-f-]{36})">Sam Rivers/)?.1)
        let fields = [
            ("grant", grant), ("version", "0"), ("worker", String(worker)), ("step", "call"), ("due", "2025-04-30"),
        ]
        #expect(try await post("people", fields + [("note", Self.payload)]).status == 303)
        let mine = try await people().body
        let first = try #require(mine.split(separator: "<section>").dropFirst().first)
        #expect(first.contains("2025-04-30") && first.contains("class=\"alert\""))
        #expect(!mine.contains("alert(1)"))
        let again = try await post("people/form", [("grant", grant)]).body
        #expect(again.contains("&lt;script&gt;") && !again.contains("<script>alert") && again.contains("value=\"1\""))

        let late = try await post("people", fields + [("note", "typed meanwhile")])
        #expect(late.status == 409 && late.body.contains("typed meanwhile") && late.body.contains("role=\"alert\""))
        let wrong = try await post(
            "people", [("grant", grant), ("version", "1"), ("due", "tomorrow"), ("note", "kept")])
        #expect(wrong.status == 422 && wrong.body.contains(">\nkept</textarea>") && wrong.body.contains("tomorrow"))
        let gone = try await post("people", [("grant", grant), ("version", "1"), ("worker", "x"), ("step", "fly")])
        #expect(gone.status == 422 && gone.body.contains("id=\"f-worker-error\"") && gone.body.contains("f-step-error"))
        for fields in [[], [("grant", "x")], [("grant", UUID().uuidString.lowercased())]] {
            #expect(try await post("people/form", fields).status == 404)
        }
        #expect(try await scene.coordinator.get("/\(language)/desk/people").status == 404)
    }

    @Test func `the workload of a team shows who carries how much, and who leads promises an answer`() async throws {
        let scene = try await Scene()
        try await scene.ask(["What you need"])
        let grant = try #require(try await scene.desk.get("/en/desk/people").hidden("grant"))
        let before = try await scene.desk.get("/en/desk/workload").body
        #expect(before.contains("<th scope=\"row\">Sam Rivers</th><td>0</td><td>0</td><td>0</td>"))
        #expect(before.contains("<th scope=\"row\">Nobody yet</th><td>1</td>"))
        let form = try await scene.desk.post("/en/desk/people/form", [("grant", grant)]).body
        let worker = try #require(form.firstMatch(of: /<option value="([0-9a-f-]{36})">Sam Rivers/)?.1)
        _ = try await scene.desk.post(
            "/en/desk/people",
            [("grant", grant), ("version", "0"), ("worker", String(worker)), ("due", "2025-05-03")])
        let after = try await scene.desk.get("/en/desk/workload").body
        #expect(after.contains("<th scope=\"row\">Sam Rivers</th><td>1</td><td>1</td><td>0</td>"))

        let none = try await scene.desk.post("/en/desk/workload/promise", [("days", "three")])
        #expect(none.status == 422 && none.body.contains("value=\"three\""))
        #expect(try await scene.desk.post("/en/desk/workload/promise", [("days", " 3 ")]).status == 303)
        #expect(try await scene.desk.get("/en/desk/workload").body.contains("answers a request: 3."))
    }
}
