import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

@Suite struct InitiativeAttackTests {
    private static let path = InitiativeTests.path
    private static let mark = "\"'><script>alert(1)</script>\u{0301}"

    @Test func `no text becomes markup, a formula or a line of a calendar`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let fields = [
            "name": "=1+1\rATTENDEE:mailto:x@example.org\r\nEND:VEVENT" + Self.mark, "organization": "+2" + Self.mark,
            "theme": Self.mark, "does": "Say\r\nATTENDEE:x;y,z\\" + Self.mark, "steps": Self.mark,
            "contact": Self.mark, "languages": Self.mark, "result": Self.mark, "review": Self.mark, "small": "yes",
            "link": "https://example.org/\"'><script>",
        ]
        let form = try await coordinator.get("\(Self.path)/new")
        let sent = try await InitiativeTests.send(
            coordinator, InitiativeTests.changed(fields) + InitiativeTests.hidden(form))
        #expect(sent.status == 303)
        let id = try #require(form.hidden("id"))
        var pages = [try await coordinator.get(Self.path), try await coordinator.get("\(Self.path)/\(id)")]
        try await InitiativeTests.accept(coordinator)
        for path in ["initiatives", "initiatives/\(id)", "meetings"] {
            pages.append(try await staff.town.browser.get("/en/landscape/\(path)"))
        }
        pages.append(try await coordinator.get(Self.path))
        for page in pages {
            #expect(page.status == 200 && !page.body.contains("<script>alert") && !page.body.contains("\"'>"))
        }
        let table = try await staff.town.browser.get("/landscape/initiatives.csv").body
        for start in [",=1", ",\"=1", ",+2", ",\"+2"] { #expect(!table.contains(start), "\(start)") }
        let calendar = try await staff.town.browser.get("/landscape/meetings.ics").body
        let lines = calendar.components(separatedBy: "\r\n")
        #expect(!lines.joined().unicodeScalars.contains { $0.value < 0x20 })
        #expect(!lines.contains { $0.hasPrefix("ATTENDEE") })
        #expect(lines.count { $0 == "END:VEVENT" } == 2)
    }

    private static let noAddresses = [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "https:javascript:alert(1)", "data:text/html,x", "//example.org",
        "http://example.org", "https://example.org/ x", "https://", "https://localhost", "ftp://example.org",
    ]

    @Test func `an address that is none is refused`() async throws {
        let landscape = try await Town().platform.landscape
        for link in Self.noAddresses {
            let fields = InitiativeTests.changed(["link": link, "organization": "A company"])
            let texts = fields.compactMap { pair in Initiative.Field(rawValue: pair.0).map { ($0, pair.1) } }
            let draft = InitiativeDraft(Dictionary(texts) { $1 })
            #expect(throws: Problems("link", "not-an-address"), "\(link)") {
                try draft.checked(landscape.region, landscape.clock, principles: [])
            }
        }
    }

    @Test func `sent twice at once it is one, and of two decisions at once one stands`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let form = try await provider.get("\(Self.path)/new")
        let fields = InitiativeTests.typed + InitiativeTests.hidden(form)
        let seen = [("seen", try await provider.post(Self.path, fields).hidden("seen") ?? "")]
        async let one = provider.post(Self.path, fields + seen)
        async let two = provider.post(Self.path, fields + seen)
        #expect(try await [one.status, two.status] == [303, 303])
        let desk = try await coordinator.get(Self.path)
        #expect(desk.body.matches(of: /\/acceptance"/).count == 1)
        let link = try #require(desk.body.firstMatch(of: /initiative-proposals\/[0-9a-f-]{36}/)?.0)
        let path = "/en/desk/landscape/\(link)"
        async let yes = coordinator.post("\(path)/acceptance", [("version", "0")])
        async let no = coordinator.post("\(path)/refusal", [("version", "0"), ("reason", "No")])
        #expect(try await [yes.status, no.status].sorted() == [303, 409])
    }

    @Test func `what was refused stands in the form again, to be put right and sent anew`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let form = try await provider.get("\(Self.path)/new")
        let typed = InitiativeTests.typed + InitiativeTests.hidden(form)
        #expect(try await InitiativeTests.send(provider, typed).status == 303)
        let desk = try await coordinator.get(Self.path)
        let link = try #require(desk.body.firstMatch(of: /initiative-proposals\/[0-9a-f-]{36}/)?.0)
        let reason = [("version", "0"), ("reason", "Where is it?")]
        #expect(try await coordinator.post("/en/desk/landscape/\(link)/refusal", reason).status == 303)
        let page = "\(Self.path)/\(form.hidden("id") ?? "")"
        let again = try await provider.get(page)
        #expect(again.status == 200 && again.body.contains("value=\"Circle of men\""))
        let other = try await staff.lead(coordinator, 2).browser
        #expect(try await other.get(page).status == 404)
        #expect(
            try await InitiativeTests.send(provider, InitiativeTests.typed + InitiativeTests.hidden(again)).status
                == 303)
        try await InitiativeTests.accept(coordinator)
        #expect(try await staff.town.browser.get("/en/landscape/initiatives").body.contains("Circle of men"))
    }

    @Test func `what another desk has not published is not there, and a number too large is none`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let other = try await staff.lead(coordinator, 2).browser
        let form = try await provider.get("\(Self.path)/new")
        let sent = try await InitiativeTests.send(provider, InitiativeTests.typed + InitiativeTests.hidden(form))
        #expect(sent.status == 303)
        let id = try #require(form.hidden("id"))
        let mine = try await other.get("\(Self.path)/new")
        #expect(try await other.get("\(Self.path)/\(id)").status == 404)
        let own = [("id", id), ("proposal", mine.hidden("proposal") ?? ""), ("version", "0")]
        let forged = InitiativeTests.typed + own
        #expect(try await other.post("\(Self.path)/\(id)", forged).status == 404)
        #expect(try await InitiativeTests.send(other, forged).status == 404)
        #expect(try await other.post("\(Self.path)/\(id)/confirmations", [("version", "0")]).status == 404)
        let desk = try await coordinator.get(Self.path)
        let link = try #require(desk.body.firstMatch(of: /initiative-proposals\/[0-9a-f-]{36}/)?.0)
        #expect(try await other.post("/en/desk/landscape/\(link)/acceptance", [("version", "0")]).status == 404)
        for version in ["9223372036854775808", "-1", "", "x"] {
            let reply = try await coordinator.post("/en/desk/landscape/\(link)/acceptance", [("version", version)])
            #expect(reply.status == 409, "\(version)")
        }
        try await InitiativeTests.accept(coordinator)
        let numbers = [("proposal", UUID().uuidString), ("version", "9223372036854775808")]
        let huge = try await provider.post(
            "\(Self.path)/\(id)", InitiativeTests.changed(["result": "Calm"]) + numbers)
        #expect(huge.status == 422 && huge.hidden("version") == "1")
    }

    @Test func `one desk has so many waiting and no more, is told what to do, and can still change what waits`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let who = try #require(try await staff.signedIn(provider))
        for number in 1...InitiativeStore.mostWaiting {
            try await staff.town.platform.landscape.propose(
                [.name: "Many \(number)"], to: .named("many/\(number)"), as: .named("proposal/\(number)"), version: 0,
                by: who)
        }
        let form = try await provider.get("\(Self.path)/new")
        let fields = InitiativeTests.typed + InitiativeTests.hidden(form)
        let refused = try await InitiativeTests.send(provider, fields)
        #expect(refused.status == 422 && refused.body.contains("20 of your initiatives and changes wait"))
        #expect(refused.body.contains("value=\"Circle of men\""))
        try await staff.town.platform.landscape.propose(
            [.name: "Many, again"], to: .named("many/1"), as: .named("proposal/again"), version: 0, by: who)
        let other = try await staff.lead(coordinator, 2).browser
        let theirs = try await other.get("\(Self.path)/new")
        let sent = try await InitiativeTests.send(other, InitiativeTests.typed + InitiativeTests.hidden(theirs))
        #expect(sent.status == 303)
        let page = try await coordinator.get(Self.path).body
        #expect(page.matches(of: /\/refusal"/).count == InitiativeStore.mostWaiting + 1)
        let link = "initiative-proposals/\(Identifier<InitiativeProposal>.named("proposal/2"))"
        let reason = [("version", "0"), ("reason", "Twice")]
        #expect(try await coordinator.post("/en/desk/landscape/\(link)/refusal", reason).status == 303)
        #expect(try await InitiativeTests.send(provider, fields).status == 303)
    }
}
