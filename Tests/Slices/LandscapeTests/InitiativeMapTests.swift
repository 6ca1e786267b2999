import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

@Suite struct InitiativeMapTests {
    private static let path = InitiativeTests.path

    @Test func `every row with a place has its mark and every mark its row, by region and by province`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        for (name, place, province) in [
            ("One", "Terrace", "bc"), ("Two", "Kitimat", "bc"), ("Three", "Vancouver", "bc"), ("Four", "", "bc"),
            ("Five", "", "qc"),
        ] {
            _ = try await InitiativeTests.shared(
                provider, coordinator, ["name": name, "place": place, "province": province])
        }
        for language in ["en", "fr"] {
            let page = try await staff.town.browser.get("/\(language)/landscape/initiatives").body
            let marks = page.matches(of: /<circle [^>]*><title>(.+?): ([0-9]+)<\/title>/).map { "\($0.1) \($0.2)" }
            let drawn = page.matches(of: /font-weight="700" fill="#fff">([0-9]+)</).map { String($0.1) }
            let rows = page.matches(of: /<tr><th scope="row">([^<]+)<\/th><td><a href="([^"]+)">([0-9]+)<\/a>/)
            let regions = rows.filter { $0.2.contains("region=") }.map { "\($0.1) \($0.3)" }
            let provinces = rows.filter { $0.2.contains("province=") }.map { "\($0.3)" }
            #expect(marks == regions && marks.count >= 2 && drawn.count == marks.count, "\(marks) \(regions)")
            let ways = page.matches(of: /<a href="([^"]+)" aria-label="([^"]+): ([0-9]+)"><circle/)
            let linked = rows.filter { $0.2.contains("region=") }.map { "\($0.2) \($0.1) \($0.3)" }
            #expect(ways.map { "\($0.1) \($0.2) \($0.3)" } == linked, "each mark leads where its row does")
            #expect(!page.contains("role=\"img\""), "what is in a picture is no link")
            #expect(drawn.compactMap(Int.init).reduce(0, +) == 3 && provinces == ["4", "1"])
            for row in rows {
                let narrowed = try await staff.town.browser.get(String(row.2).replacing("&amp;", with: "&"))
                #expect(narrowed.body.contains("Initiatives\(language == "fr" ? "\u{a0}" : ""): \(row.3)<"), "\(row.2)")
            }
        }
    }

    @Test func `the list comes in pages, and a page that cannot be is refused`() async throws {
        let town = try await Town()
        try await town.database.write { transaction in
            let store = InitiativeStore(transaction)
            for number in 1...120 {
                let id = Identifier<Initiative>.named("many/\(number)")
                try store.add(id, desk: "desk")
                var initiative = Initiative(id: id, desk: "desk", version: 0)
                initiative.confirmation = .init(day: town.clock.now.day, desk: "desk")
                initiative.texts = [.name: "Many \(1000 + number)", .province: "bc", .state: "running"]
                try store.update(initiative)
            }
        }
        func names(_ page: String) async throws -> [String] {
            let body = try await town.browser.get("/en/landscape/initiatives\(page)").body
            #expect(body.contains("Initiatives: 120"))
            return body.matches(of: />(Many [0-9]+)</).map { String($0.1) }
        }
        let pages = [try await names(""), try await names("?page=2"), try await names("?page=3")]
        #expect(pages.map(\.count) == [50, 50, 20] && Set(pages.joined()).count == 120)
        #expect(try await names("?page=4").isEmpty)
        for page in ["0", "-1", "x", "9223372036854775808"] {
            #expect(try await town.browser.get("/en/landscape/initiatives?page=\(page)").status == 422, "\(page)")
        }
        let list = try await town.browser.get("/landscape/initiatives.json")
        #expect((try JSONSerialization.jsonObject(with: Data(list.bytes)) as? [Any])?.count == 120)
    }

    @Test func `a desk writes for its own organization, and the coordinator for others, with a desk or without`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let (other, first) = (try await staff.organization(1), try await staff.organization(0))
        let visitor = staff.town.browser
        let forged = try await InitiativeTests.shared(
            provider, coordinator, ["member": first, "organization": "Somebody else"])
        let page = try await visitor.get("/en/landscape/initiatives/\(forged)").body
        #expect(page.contains("/en/organizations/\(other)\"") && !page.contains("Somebody else"))
        let form = try await provider.get("\(Self.path)/new").body
        #expect(!form.contains("name=\"organization\"") && !form.contains("name=\"member\""))

        let company = try await InitiativeTests.shared(
            coordinator, coordinator, ["organization": "A company", "name": "Rooms"])
        let theirs = try await visitor.get("/en/landscape/initiatives/\(company)").body
        #expect(theirs.contains("<dd>A company</dd>") && !theirs.contains("/en/organizations/"))
        let given = try await InitiativeTests.shared(coordinator, coordinator, ["member": other, "name": "Given"])
        let named = try await visitor.get("/en/landscape/initiatives/\(given)").body
        #expect(named.contains("/en/organizations/\(other)\""))
        #expect(try await provider.get(Self.path).body.contains("initiatives/\(given)/confirmations"))
        #expect(try await provider.post("\(Self.path)/\(given)/confirmations", [("version", "1")]).status == 303)
        #expect(try await provider.post("\(Self.path)/\(company)/confirmations", [("version", "1")]).status == 403)
        let unknown = try await coordinator.get("\(Self.path)/new")
        let wrong = try await coordinator.post(
            Self.path, InitiativeTests.changed(["member": "nobody"]) + InitiativeTests.hidden(unknown))
        #expect(wrong.status == 422 && wrong.body.contains("id=\"f-member-error\""))
    }

    @Test func `who tells of an initiative is first shown what is like it, and may go on`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let known = try await InitiativeTests.shared(
            provider, coordinator, ["name": "Quiet kettle mornings", "does": "Tea for drivers"])
        let form = try await coordinator.get("\(Self.path)/new")
        let fields = InitiativeTests.changed([
            "name": "Kettle mornings", "does": "Tea for drivers, quiet", "organization": "A company",
            "principles": "pr-03",
        ])
        let shown = try await coordinator.post(Self.path, fields + InitiativeTests.hidden(form))
        #expect(shown.status == 200 && shown.body.contains("landscape/initiatives/\(known)\""))
        #expect(shown.body.contains("value=\"Kettle mornings\"") && shown.body.contains("value=\"pr-03\" checked"))
        #expect(try await staff.town.database.read { try InitiativeStore($0).open() }.isEmpty)
        let seen = [("seen", try #require(shown.hidden("seen")))]
        let other = fields.map { $0.0 == "name" ? ("name", "Kettle mornings, again") : $0 }
        let again = try await coordinator.post(Self.path, other + InitiativeTests.hidden(shown) + seen)
        #expect(again.status == 200, "other words are looked at anew")
        #expect(try await coordinator.post(Self.path, fields + InitiativeTests.hidden(shown) + seen).status == 303)
        try await InitiativeTests.accept(coordinator)
        let id = try #require(shown.hidden("id"))
        let title = try #require(try await staff.town.platform.landscape.principles().first { $0.id == "pr-03" }?.title)
        #expect(try await staff.town.browser.get("/en/landscape/initiatives/\(id)").body.contains(title))
    }
}
