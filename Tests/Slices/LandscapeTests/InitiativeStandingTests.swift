import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

@Suite struct InitiativeStandingTests {
    private static let path = InitiativeTests.path
    private static let files = [
        "/en/landscape/initiatives", "/en/landscape/meetings", "/landscape/meetings.ics", "/landscape/initiatives.json",
        "/landscape/initiatives.csv",
    ]

    private func standing(_ staff: Staff) async throws -> [String] {
        let reply = try await staff.town.browser.get("/landscape/initiatives.json")
        let items = try JSONSerialization.jsonObject(with: Data(reply.bytes)) as? [[String: Any]] ?? []
        return items.flatMap { ["standing", "confirmed_by", "confirmed_on"].compactMap(keys($0)) }
    }

    private func keys(_ item: [String: Any]) -> (String) -> String? { { item[$0] as? String } }

    @Test func `what the coordinator wrote for another desk is doubtful until that desk confirms it`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let (visitor, member) = (staff.town.browser, try await staff.organization(1))
        let id = try await InitiativeTests.shared(coordinator, coordinator, ["member": member])
        let page = try await visitor.get("/en/landscape/initiatives/\(id)").body
        #expect(page.contains("did not confirm this yet") && !page.contains("Confirmed"))
        #expect(try await visitor.get("/fr/landscape/initiatives/\(id)").body.contains("pas encore confirmée"))
        #expect(try await standing(staff) == ["unconfirmed"])
        #expect(try await visitor.get("/landscape/initiatives.csv").body.contains(",,,unconfirmed\r\n"))
        func list() async throws -> String { try await visitor.get("/en/landscape/initiatives").body }
        let doubtful = try await list()
        #expect(doubtful.contains("not confirmed yet by its organization") && doubtful.contains("Initiatives: 0"))
        #expect(!doubtful.contains("<circle "))
        #expect(try await !visitor.get("/landscape/meetings.ics").body.contains("VEVENT"))
        #expect(try await !visitor.get("/en/landscape/meetings").body.contains("Circle of men"))
        let confirmation = "\(Self.path)/\(id)/confirmations"
        _ = try await coordinator.get(Self.path)
        #expect(try await coordinator.post(confirmation, [("version", "1")]).status == 403)
        #expect(try await provider.get(Self.path).body.contains("to be confirmed"))
        #expect(try await provider.post(confirmation, [("version", "1")]).status == 303)
        let day = staff.town.clock.now.day.description
        #expect(try await standing(staff) == ["current", member, day])
        let name = try #require(
            try await staff.town.platform.landscape.colleagues.desks(.english).first { $0.id == member }?.name)
        let confirmed = try await visitor.get("/en/landscape/initiatives/\(id)").body
        #expect(confirmed.contains("\(name), \(day)") && confirmed.contains("Confirmed by"))
        #expect(try await list().contains("Initiatives: 1"))
    }

    @Test func `what is given to another desk later is confirmed by that one anew`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        _ = try await staff.lead(coordinator)
        let own = ["organization": "A company"]
        let id = try await InitiativeTests.shared(coordinator, coordinator, own)
        #expect(try await standing(staff).first == "current")
        let form = try await coordinator.get("\(Self.path)/\(id)")
        let given = InitiativeTests.changed(["member": try await staff.organization(1)]) + InitiativeTests.hidden(form)
        #expect(try await coordinator.post("\(Self.path)/\(id)", given).status == 303)
        try await InitiativeTests.accept(coordinator)
        #expect(try await standing(staff) == ["unconfirmed"])
    }

    @Test func `an initiative leaves every public page with a reason, which staff keep, and comes back as it was`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let other = try await staff.lead(coordinator, 2).browser
        let id = try await InitiativeTests.shared(provider, coordinator)
        let path = "\(Self.path)/\(id)"
        func seen() async throws -> [Bool] {
            var found = try await [staff.town.browser.get("/en/landscape/initiatives/\(id)").status == 200]
            for file in Self.files {
                found.append(try await staff.town.browser.get(file).body.contains("Circle of men"))
            }
            return found
        }
        let (everywhere, nowhere) = (Array(repeating: true, count: 6), Array(repeating: false, count: 6))
        #expect(try await seen() == everywhere)
        let form = try await provider.get(path).body
        #expect(form.contains("initiatives/\(id)/withdrawal"))
        let silent = try await provider.post("\(path)/withdrawal", [("reason", "")])
        #expect(silent.status == 422 && silent.body.contains("id=\"f-reason-error\""))
        #expect(try await !other.get(path).body.contains("/withdrawal"))
        #expect(try await other.post("\(path)/withdrawal", [("reason", "Mine")]).status == 403)
        #expect(try await seen() == everywhere)
        for _ in 1...2 {
            #expect(try await provider.post("\(path)/withdrawal", [("reason", "A <name> is in it")]).status == 303)
        }
        #expect(try await seen() == nowhere)
        #expect(try await other.get(path).status == 404)
        let forged = InitiativeTests.typed + InitiativeTests.hidden(try await other.get("\(Self.path)/new"))
        let known = forged.map { ["id": ("id", id), "version": ("version", "1")][$0.0] ?? $0 }
        #expect(try await InitiativeTests.send(other, known).status == 404)
        #expect(try await provider.post("\(path)/confirmations", [("version", "1")]).status == 404)
        for browser in [provider, coordinator] {
            #expect(try await browser.get(Self.path).body.contains("off the public pages"))
            #expect(try await browser.get(path).body.contains("A &lt;name&gt; is in it"))
        }
        #expect(try await coordinator.post("\(path)/restoration", []).status == 409, "its own desk wanted it off")
        for _ in 1...2 { #expect(try await provider.post("\(path)/restoration", []).status == 303) }
        #expect(try await seen() == everywhere)
        #expect(try await coordinator.post("\(path)/withdrawal", [("reason", "It is over")]).status == 303)
        #expect(try await seen() == nowhere)
        let refused = try await provider.post("\(path)/restoration", [])
        #expect(refused.status == 409 && refused.body.contains("Only who took it off"))
        #expect(try await provider.get(path).body.contains("It is over"))
        #expect(try await coordinator.post("\(path)/restoration", []).status == 303)
        #expect(try await seen() == everywhere)
        let verbs = try await staff.town.database.read {
            try $0.rows("SELECT verb FROM audit WHERE kind = 'initiative'")
        }
        .map { try $0.text("verb") }
        #expect(verbs.suffix(4) == ["withdraw", "restore", "withdraw", "restore"])
    }
}
