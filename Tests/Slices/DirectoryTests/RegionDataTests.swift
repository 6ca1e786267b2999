import Directory
import Formats
import Foundation
import Kernel
import Platform
import Support
import Testing

@Suite struct RegionDataTests {
    @Test func `every organization and program of the scan is in the directory`() async throws {
        let town = try await Town()
        #expect(try await town.directory.count(.organization) == 164)
        #expect(try await town.directory.count(.program) == 62)
        #expect(try await town.directory.count(.service) == 95)
    }

    @Test func `loading again changes nothing`() async throws {
        let town = try await Town()
        let change = town.directory.change
        #expect(try await town.directory.load(region: "bc") == 0)
        try await town.directory.followChanges()
        #expect(town.directory.change == change)
    }

    @Test func `no record of the data set breaks a rule of HSDS`() async throws {
        #expect(try await Town().directory.faults() == [])
        #expect(try await Town().platform.check() == [])
    }

    @Test func `the confirmed national line is shown and 211 stands beside it as unchecked`() async throws {
        let page = try await Town().browser.get("/en/")
        #expect(page.body.contains("1-833-900-1010"))
        #expect(page.body.contains("Number checked by two"))
        #expect(page.body.contains("Call 211"))
        #expect(page.body.contains("Number not checked yet"))
    }

    @Test func `the line in conflict is withheld from everybody and its conflict is shown to staff`() async throws {
        let town = try await Town()
        let victimLink = try #require(town.directory.find(Question(text: "VictimLink BC")).results.first?.card)
        #expect(victimLink.phone.isEmpty)
        for path in ["/en/services/\(victimLink.id)", "/fr/services/\(victimLink.id)", "/en/find?q=victimlink"] {
            let reply = try await town.browser.get(path)
            #expect(reply.status == 200)
            #expect(!reply.body.contains("712-7974"))
        }
        let shown = try await town.directory.service(victimLink.id, for: Town.staff).described
        #expect(shown.contains("1-888-712-7974"))
        #expect(shown.contains("conflict"))
        #expect(shown.contains("OCTIP"))
    }

    @Test func `a listing without a confirmed number says so and offers the lines`() async throws {
        let town = try await Town()
        let card = try #require(town.directory.find(Question(text: "Covenant House")).results.first?.card)
        let page = try await town.browser.get("/en/services/\(card.id)").body
        #expect(page.contains("We have no checked phone number"))
        #expect(page.contains("1-833-900-1010"))
        #expect(page.contains("tel:211"))
    }

    @Test func `a safe house has no place on any page or map`() async throws {
        let town = try await Town()
        let card = try #require(town.directory.find(Question(text: "Deborah’s Gate")).results.first?.card)
        #expect(card.places.isEmpty)
        let json = try await town.directory.service(card.id, for: .visitor).json
        #expect(!json.contains("latitude"))
    }
}

extension Question {
    init(text: String, near: String = "") {
        self.init()
        self.text = text
        self.near = near
    }
}
