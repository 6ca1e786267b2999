import Foundation
import Kernel
import Platform
import Support
import Testing
import Web

@testable import Landscape

@Suite struct ShownPageTests {
    /// Ids and tokens are drawn anew each time.
    private static func settled(_ page: String) -> String {
        page.replacing(/[0-9a-f]{64}/, with: "TOKEN")
            .replacing(/(initiatives|indicators|initiative-proposals|measurements)\/[0-9a-f-]{36}/) {
                "\($0.output.1)/ID"
            }
            .replacing(/(name="(id|proposal|indicator|note)" value="|f-)[0-9a-f-]{36}/) { "\($0.output.1)ID" }
            .replacing(/indicator=[0-9a-f-]{36}/, with: "indicator=ID")
            .replacing(/<option value="[0-9a-f]{8}-[0-9a-f-]{27}"/, with: "<option value=\"ID\"")
    }

    private func golden(_ name: String, _ language: String, _ reply: Browser.Reply, status: Int = 200) throws {
        #expect(reply.status == status, "\(name)")
        try expectGolden(Self.settled(reply.body), "pages/\(name).\(language).html")
    }

    @Test(arguments: ["en", "fr"]) func `pages of initiatives look as they were approved`(
        _ language: String
    ) async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let (visitor, desk) = (staff.town.browser, "/\(language)/desk/landscape/initiatives")
        let circle = try await InitiativeTests.shared(
            provider, coordinator,
            ["principles": "pr-03", "contact": "The front desk", "result": "Calm", "languages": "English"])
        _ = try await InitiativeTests.shared(
            coordinator, coordinator, ["name": "Rooms", "organization": "A company", "place": "", "state": "ended"])
        let form = try await provider.get("\(desk)/\(circle)")
        let change = InitiativeTests.changed(["name": "Circle", "place": "Kitimat"]) + InitiativeTests.hidden(form)
        #expect(try await provider.post("\(desk)/\(circle)", change).status == 303)
        try golden("initiatives", language, try await visitor.get("/\(language)/landscape/initiatives"))
        try golden("initiative", language, try await visitor.get("/\(language)/landscape/initiatives/\(circle)"))
        try golden("meetings", language, try await visitor.get("/\(language)/landscape/meetings"))
        try golden("desk-initiatives", language, try await coordinator.get(desk))
        try golden("desk-initiatives-own", language, try await provider.get(desk))
        let space = "\(desk)/\(circle)/space"
        let own = try await provider.get(space).body.firstMatch(of: /<option value="([0-9a-f-]{36})"/)?.1 ?? ""
        let note = [("id", "00000000-0000-4000-8000-000000000001"), ("text", "Book the hall."), ("desk", String(own))]
        #expect(try await provider.post("\(space)/notes", note).status == 303)
        try golden("desk-space", language, try await provider.get(space))
        try golden("desk-space-closed", language, try await coordinator.get(space))
        try golden("desk-initiative-form", language, try await coordinator.get("\(desk)/new"))
        try golden("desk-initiative-change", language, form)
        let blank = try await provider.get("\(desk)/new")
        let wrong = [("link", "javascript:alert(1)"), ("small", "yes")] + InitiativeTests.hidden(blank)
        try golden("desk-initiative-wrong", language, try await provider.post(desk, wrong), status: 422)
        let like = InitiativeTests.changed(["name": "Circle of men again"]) + InitiativeTests.hidden(blank)
        try golden("desk-initiative-like", language, try await provider.post(desk, like))
    }

    @Test(arguments: ["en", "fr"]) func `pages of evaluation look as they were approved`(
        _ language: String
    ) async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let visitor = staff.town.browser
        let people = ["people": "yes", "unit": "people", "baseline": "", "target": ""]
        let counted = ["people": "yes", "baseline": "12", "out-of": "who asked"]
        let whole = try await EvaluationTests.add(coordinator, counted)
        let north = people.merging(["name": "North", "part-of": whole]) { $1 }
        let part = try await EvaluationTests.add(coordinator, north)
        let told = try await EvaluationTests.add(coordinator, ["kind": "story", "name": "Told", "baseline": ""])
        for (id, fields) in [
            (whole, [("value", "17"), ("out-of", "40")]), (part, [("value", "3")]),
            (told, [("body", "The kettle was warm."), ("reach", "one"), ("use-page", "yes"), ("agreed", "yes")]),
        ] { #expect(try await EvaluationTests.measure(coordinator, id, fields).status == 303) }
        try golden("evaluation", language, try await visitor.get("/\(language)/landscape/evaluation"))
        for (name, id) in [("indicator", whole), ("indicator-part", part), ("indicator-story", told)] {
            let path = "landscape/indicators/\(id)"
            try golden(name, language, try await visitor.get("/\(language)/\(path)"))
            try golden("desk-\(name)", language, try await coordinator.get("/\(language)/desk/\(path)"))
        }
        let form = "/\(language)/desk/landscape/indicator-form"
        try golden("desk-evaluation", language, try await coordinator.get("/\(language)/desk/landscape/evaluation"))
        try golden("desk-indicator-form", language, try await coordinator.get("\(form)?indicator=\(part)"))
        let blank = try await coordinator.get(form)
        let id = ("id", blank.hidden("id") ?? "")
        let wrong = [id, ("kind", "number"), ("actions", "act-999"), ("baseline", "some")]
        try golden("desk-indicator-wrong", language, try await coordinator.post(form, wrong), status: 422)
    }
}
