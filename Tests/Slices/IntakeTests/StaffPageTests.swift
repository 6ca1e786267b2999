import Foundation
import Support
import Testing

@testable import Intake

@Suite struct StaffPageTests {
    @Test(arguments: ["en", "fr"]) func `pages of staff look as they were approved`(_ language: String) async throws {
        let scene = try await Scene()
        try await scene.ask(["What you need", "How to reach you safely", "In your own words"], note: "A first line.")
        _ = try await scene.desk.post(
            "/en/desk/workload/promise", [("days", "3")])
        func golden(_ name: String, _ reply: Browser.Reply) throws {
            #expect(reply.status == 200, "\(name)")
            try expectGolden(Self.settled(reply.body), "pages/\(name).\(language).html")
        }
        func get(_ browser: StaffBrowser, _ path: String) async throws -> Browser.Reply {
            try await browser.get("/\(language)/\(path)")
        }
        try golden("sign-in", try await scene.staff.town.browser.get("/\(language)/sign-in"))
        for name in [
            "desk", "desk/account", "desk/referrals", "desk/people", "desk/workload", "desk/services", "desk/team",
        ] {
            try golden(name.replacing("/", with: "-"), try await get(scene.desk, name))
        }
        for name in ["desk/organizations", "desk/unanswered"] {
            try golden(name.replacing("/", with: "-"), try await get(scene.coordinator, name))
        }
        let grant = try #require(try await scene.desk.get("/\(language)/desk/people").hidden("grant"))
        try golden("desk-follow-up", try await scene.desk.post("/\(language)/desk/people/form", [("grant", grant)]))
        let referral = [("referral", try await scene.referral())]
        let card = try await scene.desk.post("/\(language)/desk/referrals/card", referral)
        try golden("desk-card", card)
        let part = try #require(card.hidden("part"))
        try golden(
            "desk-part",
            try await scene.desk.post("/\(language)/desk/referrals/part", [("grant", grant), ("part", part)]))
        let asked = [("need", "need:housing"), ("near", "Terrace"), ("within", "50")]
        try golden("desk-services-found", try await scene.desk.post("/\(language)/desk/services", asked))
    }

    /// Ids, codes and tokens are drawn from the system's generator where they are keys.
    private static func settled(_ page: String) -> String {
        page.replacing(/[0-9a-f]{64}/, with: "TOKEN")
            .replacing(/name="(grant|part|referral)" value="[0-9a-f-]{36}"/) { "name=\"\($0.output.1)\" value=\"ID\"" }
            .replacing(/value="[0-9a-f-]{36}"/, with: "value=\"ID\"")
            .replacing(/\b[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}\b/, with: "COD-EEE")
    }
}
