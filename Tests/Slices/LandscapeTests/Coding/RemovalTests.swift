import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing

@testable import Landscape

/// What somebody said can be taken away again: a comment, a position, and an earlier version of one.
@Suite struct RemovalTests {
    private static let keeper = CodingDesk.keeper

    private struct Contested {
        let desk: CodingDesk
        let id = Identifier<Finding>.named("scan/2024/fnd-t01-05")
        var page: String { "/en/desk/landscape/findings/\(id)/talk" }
        var landscape: Landscape { desk.town.platform.landscape }

        init(_ authors: [String] = ["Alpha", "Zeta"]) async throws {
            desk = try await CodingDesk()
            try await landscape.contest(id, with: authors.map(Self.side), by: RemovalTests.keeper)
            for browser in [desk.coordinator, desk.provider] { _ = try await browser.get(page) }
        }

        static func side(_ author: String) -> Finding.Position {
            Finding.Position(author: author, date: "2030", source: "Letter", text: "\(author) holds this")
        }

        func fields(_ author: String, _ text: String, seen: String? = nil) -> [(String, String)] {
            [("author", author), ("date", "2031"), ("source", "Letter"), ("text", text), ("seen", seen ?? "")]
        }

        /// Every word that is kept of positions.
        func kept() async throws -> String {
            try await desk.town.database.read { transaction in
                try ["finding_position", "finding_position_change"].flatMap {
                    try transaction.rows(SQL(stringLiteral: "SELECT * FROM \($0)")).map { "\($0)" }
                }.joined()
            }
        }

        func positions() async throws -> [String] {
            try await landscape.talk(about: id, for: RemovalTests.keeper).finding.positions.map(\.text)
        }
    }

    @Test func `the words of a comment are taken away by who wrote it or who keeps the landscape, and by nobody else`()
        async throws
    {
        let contested = try await Contested()
        let (desk, page) = (contested.desk, contested.page)
        let removal = "/en/desk/landscape/remarks/removal"
        let other = try await desk.staff.lead(desk.coordinator, 2).browser
        for (number, remover) in [desk.provider, desk.coordinator].enumerated() {
            _ = try await desk.provider.post("\(page)/comments", [("comment", "Ask Quillfeather \(number)")])
            let talk = try await contested.landscape.talk(about: contested.id, for: Self.keeper)
            let remark = try #require(talk.remarks.first { $0.text.contains("\(number)") }).id.description
            _ = try await other.get(page)
            #expect(try await other.post(removal, [("remark", remark)]).status == 403)
            let form = [("remark", remark), ("back", String(page.dropFirst("/en/".count)))]
            for _ in 1...2 { #expect(try await remover.post(removal, form).place == page) }
        }
        let body = try await desk.coordinator.get(page).body
        #expect(!body.contains("Quillfeather") && body.matches(of: /The words were taken away\./).count == 2)
        #expect(body.contains("open: 0"), "what has no words keeps nothing from being published")
        let (rows, verbs) = try await desk.town.database.read { transaction in
            (
                try transaction.rows("SELECT * FROM remark").map { "\($0)" }.joined(),
                try transaction.rows("SELECT verb FROM audit WHERE kind = 'remark'").map { try $0.text("verb") }
            )
        }
        #expect(!rows.contains("Quillfeather") && verbs == ["remove", "remove"])
    }

    @Test func `a side that says something new gets a version, and staff see what it said before`() async throws {
        let contested = try await Contested()
        let (desk, path) = (contested.desk, "\(contested.page)/positions/1")
        let seen = try #require(try await desk.coordinator.get(path).hidden("seen"))
        let faulty = try await desk.coordinator.post(path, contested.fields("Alpha", "", seen: seen))
        #expect(faulty.status == 422)
        let fields = contested.fields("Alpha", "Alpha changed its mind", seen: seen)
        for _ in 1...2 { #expect(try await desk.coordinator.post(path, fields).status == 303) }
        #expect(try await contested.positions() == ["Zeta holds this", "Alpha changed its mind"])
        let stale = try await desk.coordinator.post(path, contested.fields("Alpha", "Too late", seen: seen))
        #expect(stale.status == 422 && stale.body.contains("Too late"))
        let page = try await desk.provider.get(path)
        #expect(page.body.contains("Alpha holds this") && page.body.contains("Alpha changed its mind"))
        #expect(!page.body.contains("/erasure") && !page.body.contains("name=\"seen\""))
        #expect(try await desk.provider.post(path, fields).status == 404)
        let open = try await desk.town.browser.get("/en/landscape/findings/\(contested.id)").body
        #expect(open.contains("Alpha changed its mind") && !open.contains("Alpha holds this"))
        #expect(try await contested.landscape.position(1, of: contested.id, for: Self.keeper).earlier.count == 1)
    }

    @Test func `a published contested finding keeps two sides, whatever is changed or erased`() async throws {
        let contested = try await Contested()
        let (desk, path) = (contested.desk, "\(contested.page)/positions/1")
        let seen = try #require(try await desk.coordinator.get(path).hidden("seen"))
        let same = try await desk.coordinator.post(path, contested.fields("Alpha", "zeta holds this", seen: seen))
        #expect(same.status == 409 && same.body.contains("keeps two sides") && same.body.contains("zeta holds this"))
        let erased = try await desk.coordinator.post("\(path)/erasure", [("reason-0", "A name")])
        #expect(erased.status == 409 && erased.body.contains("keeps two sides"))
        #expect(try await contested.positions() == ["Alpha holds this", "Zeta holds this"])
        #expect(try await contested.kept().contains("A name") == false)
    }

    @Test func `a position with a name in it is erased for good with its versions, and why stays`() async throws {
        let contested = try await Contested(["Alpha", "Zeta", "Quillfeather"])
        let (desk, landscape) = (contested.desk, contested.landscape)
        let path = "\(contested.page)/positions/3"
        let seen = try #require(try await desk.coordinator.get(path).hidden("seen"))
        _ = try await desk.coordinator.post(path, contested.fields("Quillfeather", "Says more", seen: seen))
        #expect(try await desk.provider.post("\(path)/erasure", [("reason-0", "x")]).status == 404)
        #expect(try await desk.coordinator.post("\(path)/erasure", [("reason-0", "")]).status == 422)
        let reply = try await desk.coordinator.post("\(path)/erasure", [("reason-0", "It named a person")])
        #expect(reply.place == contested.page)
        #expect(try await contested.kept().contains("Quillfeather") == false)
        #expect(try await desk.provider.get(contested.page).body.contains("Why: It named a person"))
        #expect(try await desk.coordinator.get(path).status == 404)
        // Its number is not given again.
        try await landscape.contest(contested.id, with: [Contested.side("Mu")], by: Self.keeper)
        #expect(
            try await landscape.talk(about: contested.id, for: Self.keeper).positions.map(\.number).sorted() == [
                1, 2, 4,
            ])
        let verbs = try await desk.town.database.read {
            try $0.rows("SELECT verb FROM audit WHERE kind = 'finding-position' ORDER BY number").map {
                try $0.text("verb")
            }
        }
        #expect(verbs == ["change", "erase"])
    }

    @Test func `where only two sides are left the name goes by a new version, and the old one is erased alone`()
        async throws
    {
        let contested = try await Contested(["Alpha", "Quillfeather"])
        let (desk, path) = (contested.desk, "\(contested.page)/positions/2")
        let seen = try #require(try await desk.coordinator.get(path).hidden("seen"))
        _ = try await desk.coordinator.post(path, contested.fields("A resident", "Holds this", seen: seen))
        #expect(try await contested.kept().contains("Quillfeather"))
        let fields = [("version", "1"), ("reason-1", "It named a person")]
        for _ in 1...2 {
            #expect(try await desk.coordinator.post("\(path)/erasure", fields).place == path)
        }
        #expect(try await contested.kept().contains("Quillfeather") == false)
        #expect(try await contested.positions() == ["Alpha holds this", "Holds this"])
        #expect(try await desk.provider.get(path).body.contains("Why: It named a person"))
        let foreign = [("version", "1"), ("reason-1", "x")]
        #expect(
            try await desk.coordinator.post("\(contested.page)/positions/1/erasure", foreign).status == 404)
    }
}
