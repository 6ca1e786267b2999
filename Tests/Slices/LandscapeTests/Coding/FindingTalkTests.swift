import Foundation
import Formats
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

@Suite struct FindingTalkTests {
    private static let keeper = CodingDesk.keeper

    /// Two drafts of a scan that was opened here.
    private func drafts(_ desk: CodingDesk) async throws -> [Finding] {
        let landscape = desk.town.platform.landscape
        _ = try await landscape.begin("2030", title: "Fiction", published: "2030", by: Self.keeper.actor)
        let (text, codes) = try await desk.filled()
        let page = "\(desk.path)/texts/\(text)"
        var found: [Finding] = []
        for (unit, words) in [("0-14", "No beds"), ("64-79", "Nowhere to sleep")] {
            _ = try await desk.coordinator.post("\(page)/highlights", [("unit", unit), ("code", codes[0])])
            let own = try await landscape.text(
                #require(Identifier(text)), in: desk.id, for: try await asker(desk))
            let highlight = try #require(own.highlights.last)
            let fields = [
                ("highlight", highlight.id.description), ("scan", "2030"), ("focus", "prevention"), ("kind", "gap"),
                ("theme", "Housing"), ("text", words),
            ]
            var locations: Set<String> = []
            for _ in 1...2 {
                let reply = try await desk.coordinator.post("\(page)/findings", fields)
                #expect(reply.status == 303)
                locations.insert(reply.place ?? "")
            }
            #expect(locations.count == 1, "sent twice it is there once")
            let id = try #require(locations.first?.split(separator: "/").dropLast().last)
            found.append(try await landscape.talk(about: #require(Identifier(String(id))), for: Self.keeper).finding)
        }
        return found
    }

    private func asker(_ desk: CodingDesk) async throws -> StudyActor {
        let signedIn = try #require(try await desk.staff.signedIn(desk.coordinator))
        return StudyActor(actor: signedIn.actor, worker: signedIn.worker)
    }

    @Test func `a draft from highlights is published only when no comment on it is open`() async throws {
        let desk = try await CodingDesk()
        let finding = try await drafts(desk)[0]
        #expect(finding.state == .draft && finding.origin == .coding && finding.theme == "Housing")
        #expect(finding.printed.section == "Table 4")
        let path = "/en/desk/landscape/findings/\(finding.id)/talk"
        _ = try await desk.provider.get(path)
        #expect(try await desk.provider.post("\(path)/comments", [("comment", "Is that all of them?")]).status == 303)
        #expect(try await desk.provider.post("\(path)/comments", [("comment", "")]).status == 422)
        let landscape = desk.town.platform.landscape
        await #expect(throws: ScanRefusal.openRemarks) {
            try await landscape.setState(.published, of: finding.id, by: Self.keeper.actor)
        }
        let remark = try #require(try await desk.coordinator.get(path).hidden("remark"))
        #expect(
            try await desk.coordinator.post("/en/desk/landscape/remarks/resolution", [("remark", remark)]).status == 303
        )
        try await landscape.setState(.published, of: finding.id, by: Self.keeper.actor)
        #expect(try await landscape.publishedFinding(finding.id) != nil)
        #expect(try await desk.town.browser.get("/en/desk/landscape/findings/\(finding.id)/talk").status == 303)
    }

    @Test func `contested means two statements at least, each with author, date and source, side by side`() async throws
    {
        let desk = try await CodingDesk()
        let finding = try await drafts(desk)[0]
        let path = "/en/desk/landscape/findings/\(finding.id)/talk"
        func side(_ number: Int, _ author: String, _ date: String) -> [(String, String)] {
            [
                ("author-\(number)", author), ("date-\(number)", date), ("source-\(number)", "Letter of \(author)"),
                ("text-\(number)", "\(author) holds this"),
            ]
        }
        _ = try await desk.coordinator.get(path)
        let half = try await desk.coordinator.post("\(path)/positions", side(1, "Zeta", "2023") + [("text-2", "")])
        #expect(half.status == 422 && half.body.contains("Zeta holds this"))
        #expect(
            try await desk.coordinator.post("\(path)/positions", side(1, "Zeta", "2023") + side(2, "Alpha", "soon"))
                .status == 422)
        #expect(
            try await desk.town.platform.landscape.talk(about: finding.id, for: Self.keeper).finding.positions.isEmpty)
        #expect(
            try await desk.coordinator.post("\(path)/positions", side(1, "Zeta", "2023") + side(2, "Alpha", "2024-02"))
                .status == 303)
        let page = try await desk.provider.get(path).body
        let (zeta, alpha) = (try #require(page.range(of: "Zeta holds")), try #require(page.range(of: "Alpha holds")))
        #expect(zeta.lowerBound < alpha.lowerBound, "by date")
        let named = try await desk.provider.get("\(path)?order=author").body
        #expect(
            try #require(named.range(of: "Alpha holds")).lowerBound < #require(named.range(of: "Zeta holds")).lowerBound
        )
        #expect(try await desk.coordinator.post("\(path)/positions", side(1, "Mu", "2025")).status == 303)
        #expect(try await desk.provider.get(path).body.contains("Mu holds this"))
        #expect(try await desk.provider.post("\(path)/positions", side(1, "Nu", "2025")).status == 404)
    }

    @Test func `merged findings keep both texts and sources, and the old id leads to the one that stays`() async throws
    {
        let desk = try await CodingDesk()
        let found = try await drafts(desk)
        let (lost, kept) = (found[0], found[1])
        let landscape = desk.town.platform.landscape
        let path = "/en/desk/landscape/findings/\(lost.id)/talk"
        _ = try await desk.coordinator.get(path)
        _ = try await desk.coordinator.post("\(path)/comments", [("comment", "Still open")])
        let wrong = try await desk.coordinator.post("\(path)/merge", [("kept", "no-such")])
        #expect(wrong.status == 422 && wrong.body.contains("no-such"))
        #expect(try await desk.coordinator.post("\(path)/merge", [("kept", lost.code)]).status == 409)
        for _ in 1...2 {
            let reply = try await desk.coordinator.post("\(path)/merge", [("kept", kept.code)])
            #expect(reply.place == "/en/desk/landscape/findings/\(kept.id)/talk")
        }
        let talk = try await landscape.talk(about: kept.id, for: Self.keeper)
        #expect(talk.merged.map(\.text) == [lost.text] && talk.merged[0].printed == lost.printed)
        #expect(talk.remarks.map(\.text) == ["Still open"], "a comment goes along")
        let page = try await desk.provider.get("/en/desk/landscape/findings/\(kept.id)/talk").body
        #expect(page.contains(lost.text) && page.contains(kept.text))
        let ring = try await desk.coordinator.post(
            "/en/desk/landscape/findings/\(kept.id)/talk/merge", [("kept", lost.code)])
        #expect(ring.status == 409)
        try await landscape.resolve(talk.remarks[0].id, by: Self.keeper)
        try await landscape.setState(.published, of: kept.id, by: Self.keeper.actor)
        #expect(try await landscape.publishedFinding(lost.id)?.id == kept.id)
    }

    // MARK: What a merge and a contest may not do

    private func later(_ town: Town, _ rows: [Finding]) async throws {
        let scan = try await town.platform.landscape.begin(
            "2031", title: "Fiction", published: "2031", by: Self.keeper.actor)
        #expect(scan.id == .named("scan/2031"))
        try await town.database.write { try FindingStore($0).insert(rows, on: Day(number: 20000)) }
    }

    private static func finding(
        _ code: String, _ state: Finding.State, _ text: String = "No beds", continues: String? = nil
    ) -> Finding {
        var finding = Finding(
            id: .named(code), scan: .named("scan/2031"), code: code, number: Int(code.utf8.last ?? 0),
            focus: .prevention, theme: "Housing", kind: .gap, text: text,
            printed: Finding.Printed(document: "M"), origin: .entry)
        finding.state = state
        finding.continues = continues.map { .named("scan/2024/\($0)") }
        return finding
    }

    @Test func `what is published goes into what is published alone, and brings nothing unreviewed before everybody`()
        async throws
    {
        let town = try await Town()
        let landscape = town.platform.landscape
        var sided = Self.finding("d", .draft)
        sided.positions = [Finding.Position(author: "A", date: "2030", source: "S", text: "Yes")]
        try await later(
            town,
            [
                Self.finding("a", .published), Self.finding("b", .draft), Self.finding("c", .published), sided,
                Self.finding("e", .draft),
            ])
        func merge(_ lost: String, _ kept: String) async throws {
            try await landscape.merge(.named(lost), into: .named(kept), by: Self.keeper)
        }
        await #expect(throws: CodingRefusal.notMergeable) { try await merge("a", "b") }
        #expect(try await landscape.publishedFinding(.named("a")) != nil)
        await #expect(throws: CodingRefusal.notMergeable) { try await merge("d", "a") }
        try await landscape.comment(
            "Is it so?", on: .named("e"), by: StudyActor(actor: Self.keeper.actor, worker: "w"))
        await #expect(throws: CodingRefusal.openRemarks) { try await merge("e", "a") }
        try await merge("b", "a")
        try await merge("a", "c")
        #expect(try await landscape.publishedFinding(.named("b"))?.code == "c")
        let links = try await town.database.read { try Landscape.findings(linked: ["a", "b"], in: $0) }
        let kept = Identifier<Finding>.named("c").description
        #expect(links.mapValues(\.id) == ["a": kept, "b": kept], "a plan that names either leads to what is left")
    }

    @Test
    func
        `what a merged finding continues, and what continues it, goes along; two that continue different ones stay two`()
        async throws
    {
        let town = try await Town()
        let landscape = town.platform.landscape
        var after = Self.finding("z", .published)
        after.continues = .named("a")
        try await later(
            town,
            [
                Self.finding("a", .published, continues: "fnd-t01-05"), Self.finding("b", .published),
                Self.finding("c", .published, continues: "fnd-t01-10"), after,
            ])
        await #expect(throws: CodingRefusal.notMergeable) {
            try await landscape.merge(.named("a"), into: .named("c"), by: Self.keeper)
        }
        try await landscape.merge(.named("a"), into: .named("b"), by: Self.keeper)
        let (kept, last) = try await town.database.read { transaction in
            let store = FindingStore(transaction)
            return (try store.finding(.named("b")), try store.finding(.named("z")))
        }
        #expect(kept?.continues == .named("scan/2024/fnd-t01-05") && last?.continues == .named("b"))
        #expect(try await landscape.comparison(of: "2031").open.map(\.code).contains("fnd-t01-05"))
    }

    @Test func `a row of the baseline is contested beside its printed words, and never merged or drafted into`()
        async throws
    {
        let desk = try await CodingDesk()
        let landscape = desk.town.platform.landscape
        let (row, other) = (
            Identifier<Finding>.named("scan/2024/fnd-t01-05"), Identifier<Finding>.named("scan/2024/fnd-t01-10")
        )
        func side(_ author: String, _ text: String) -> Finding.Position {
            Finding.Position(author: author, date: "2030", source: "S", text: text)
        }
        await #expect(throws: CodingRefusal.printed) {
            try await landscape.merge(row, into: other, by: Self.keeper)
        }
        await #expect(throws: Problems("text-2", "same-position")) {
            try await landscape.contest(row, with: [side("A", "Yes"), side("B", "yes")], by: Self.keeper)
        }
        try await landscape.contest(row, with: [side("A", "Yes"), side("B", "No")], by: Self.keeper)
        let page = try await desk.town.browser.get("/en/landscape/findings/\(row)").body
        #expect(page.contains("Survivor-led outreach is needed.") && page.contains("<p>No</p>"))
        let talk = try await desk.coordinator.get("/en/desk/landscape/findings/\(row)/talk").body
        #expect(!talk.contains("/talk/merge"))
        let (text, codes) = try await desk.filled()
        _ = try await desk.coordinator.post(
            "\(desk.path)/texts/\(text)/highlights", [("unit", "0-14"), ("code", codes[0])])
        let own = try await landscape.text(#require(Identifier(text)), in: desk.id, for: asker(desk))
        let highlight = try #require(own.highlights.last)
        #expect(
            try await desk.coordinator.post(
                "\(desk.path)/texts/\(text)/findings",
                [
                    ("highlight", highlight.id.description), ("scan", "2024"), ("focus", "prevention"),
                    ("kind", "gap"), ("theme", "Housing"), ("text", "No beds"),
                ]
            ).status == 409)
    }

    @Test func `what could be the same is offered to choose`() async throws {
        let desk = try await CodingDesk()
        try await later(
            desk.town,
            [
                Self.finding("a", .draft, "No beds for women at night in Terrace"),
                Self.finding("b", .draft, "Women find no beds at night"), Self.finding("c", .draft, "Police training"),
            ])
        let path = "/en/desk/landscape/findings/\(Identifier<Finding>.named("a"))/talk"
        let page = try await desk.coordinator.get(path).body
        #expect(page.contains("value=\"b\"") && !page.contains("value=\"c\""))
        #expect(try await desk.provider.get(path).status == 404, "another desk's draft is not there")
        let reply = try await desk.coordinator.post("\(path)/merge", [("kept", "b"), ("other", "")])
        #expect(reply.place?.contains("\(Identifier<Finding>.named("b"))") == true)
    }
}
