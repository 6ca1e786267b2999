import Foundation
import Kernel
import Platform
import Sealing
import Storage
import Support
import Testing
import Web

@testable import Accounts

@Suite struct AccountsTests {
    @Test func `an organization joins by the coordinator's invitation and invites its staff`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        #expect(coordinator.page.status == 200)
        #expect(try await coordinator.browser.get("/en/desk/organizations").status == 200)
        let lead = try await staff.lead(coordinator.browser)
        #expect(lead.page.status == 200)
        #expect(try await lead.browser.get("/en/desk/organizations").status == 404)
        let secret = try await staff.invite(lead.browser, "team", [("role", "navigator")])
        let navigator = try await staff.join(secret, as: "north wind")
        let desk = try await navigator.browser.get("/en/desk")
        #expect(desk.status == 200 && desk.body.contains("north wind") && desk.body.contains("navigator"))
        #expect(try await navigator.browser.get("/en/desk/team").status == 404)
        #expect(try await lead.browser.get("/en/desk/team").body.contains("north wind"))
        #expect(try await coordinator.browser.get("/en/desk/team").body.contains("north wind") == false)
    }

    @Test func `an organization that is not in the Directory gets no desk`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        _ = try await coordinator.browser.get("/en/desk/organizations")
        let none = try await coordinator.browser.post(
            "/en/desk/organizations", [("organization", UUID().uuidString), ("role", "provider")])
        #expect(none.status == 422 && none.body.contains("no such organization"))
    }

    @Test func `whoever leads a desk makes nobody more than the desk is`() async throws {
        let staff = try await Staff()
        let lead = try await staff.lead(try await staff.coordinator().browser)
        _ = try await lead.browser.get("/en/desk/team")
        for role in ["coordinator", "funder", "queen"] {
            #expect(try await lead.browser.post("/en/desk/team/invitations", [("role", role)]).status == 403)
        }
    }

    @Test func `an invitation works once and for a week`() async throws {
        let staff = try await Staff()
        let id = try await staff.organization()
        let used = try await staff.accounts.inviteDesk(id, .coordinator, by: .commandLine("operator"))
        _ = try await staff.join(used, as: "first")
        let old = try await staff.accounts.inviteDesk(id, .coordinator, by: .commandLine("operator"))
        staff.wait(8 * 86_400)
        let wrong = String(repeating: "0", count: 64)
        let pages = try await [used, old, wrong, "x"].asyncMap {
            try await staff.town.browser.get("/en/invitations/\($0)")
        }
        for page in pages { #expect(page.status == 404 && page.body == pages[0].body) }
        await #expect(throws: AccountsRefusal.noInvitation) {
            let joining = Joining(name: "x", passphrase: Staff.passphrase, codeSecret: "", code: "", pieces: [])
            _ = try await staff.accounts.join(used, joining, in: .english)
        }
    }

    @Test func `everything wrong with a form of joining is said at once and the invitation stays open`() async throws {
        let staff = try await Staff()
        let secret = try await staff.accounts.inviteDesk(
            staff.organization(), .coordinator, by: .commandLine("operator"))
        let browser = StaffBrowser(staff.town.browser)
        let empty = try await browser.post("/en/invitations/\(secret)", [("secret", "")])
        for field in ["name", "passphrase", "code"] { #expect(empty.body.contains("f-\(field)-error")) }
        let weak = try await browser.post(
            "/en/invitations/\(secret)",
            [("name", "river"), ("passphrase", "the river runs by the mill"), ("code", "000000")])
        #expect(weak.status == 422 && weak.body.contains("must not hold your sign-in name"))
        #expect(!weak.body.contains("by the mill"))
        #expect(try await staff.join(secret, as: "river").page.status == 200)
    }

    @Test func `two cannot have one name`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        let secret = try await staff.invite(coordinator.browser, "team", [("role", "coordinator")])
        let page = try await staff.join(secret, as: "harbour").page
        #expect(page.status == 422 && page.body.contains("has this name already"))
    }

    @Test func `somebody who left may not come in, and a desk keeps one who leads it`() async throws {
        let staff = try await Staff()
        let lead = try await staff.lead(try await staff.coordinator().browser)
        let secret = try await staff.invite(lead.browser, "team", [("role", "provider"), ("leads", "1")])
        let second = try await staff.join(secret, as: "second")
        let desk = try #require(Identifier<Desk>(try await staff.organization(1)))
        let team = try await staff.accounts.team(of: desk).workers
        let (first, other) = (
            try #require(team.first { $0.name == "lead 1" }), try #require(team.first { $0.name == "second" })
        )
        _ = try await lead.browser.get("/en/desk/team")
        let suspended = try await lead.browser.post(
            "/en/desk/team/state", [("worker", other.id.description), ("state", "suspended")])
        #expect(suspended.status == 303)
        // Every form of staff that did something says so where it leads.
        #expect(suspended.header("location") == "/en/desk/team?done=kept")
        #expect(
            try await lead.browser.get("/fr/desk/team?done=kept").body.contains(
                "<p class=\"note\" role=\"status\">C’est fait.</p>"))
        for path in ["sign-in?done=kept", "desk/team", "desk/team?done=%3Cb%3E", "desk/team?done=nothing"] {
            #expect(try await !lead.browser.get("/en/\(path)").body.contains("role=\"status\""), "\(path)")
        }
        #expect(try await second.browser.get("/en/desk").status == 303)
        staff.wait(60)
        let refused = try await staff.signIn(
            StaffBrowser(staff.town.browser), "second", Staff.passphrase, second.code.code(at: staff.town.clock.now))
        #expect(refused.status == 403)
        let alone = try await lead.browser.post(
            "/en/desk/team/state", [("worker", first.id.description), ("state", "suspended")])
        #expect(alone.status == 409 && alone.body.contains("nobody left who leads it"))
    }

    @Test func `staff of one desk cannot touch those of another`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        let (one, two) = (try await staff.lead(coordinator.browser, 1), try await staff.lead(coordinator.browser, 2))
        let desk = try #require(Identifier<Desk>(try await staff.organization(1)))
        let victim = try #require(try await staff.accounts.team(of: desk).workers.first)
        _ = try await two.browser.get("/en/desk/team")
        for (path, more) in [("state", [("state", "suspended")]), ("renewals", [])] {
            let reply = try await two.browser.post(
                "/en/desk/team/\(path)", [("worker", victim.id.description)] + more)
            #expect(reply.status == 404)
        }
        #expect(try await one.browser.get("/en/desk").status == 200)
    }

    @Test func `an account that nobody used for ninety days rests until the desk wakes it, but one who leads it stays`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        let lead = try await staff.lead(coordinator.browser)
        let second = try await staff.join(
            staff.invite(lead.browser, "team", [("role", "provider"), ("leads", "1")]), as: "second")
        staff.wait(91 * 86_400)
        #expect(try await staff.accounts.sweep() == 1)
        func signIn(_ somebody: (browser: StaffBrowser, page: Browser.Reply, code: OneTimeCode), _ name: String)
            async throws -> Int
        {
            let code = somebody.code.code(at: staff.town.clock.now)
            return try await staff.signIn(somebody.browser, name, Staff.passphrase, code).status
        }
        #expect(try await signIn(coordinator, "harbour") == 303)
        let came = try await [signIn(lead, "lead 1"), signIn(second, "second")]
        #expect(came.sorted() == [303, 403])
        let (awake, resting) = came[0] == 303 ? (lead, "second") : (second, "lead 1")
        let desk = try #require(Identifier<Desk>(try await staff.organization(1)))
        let worker = try #require(try await staff.accounts.team(of: desk).workers.first { $0.name == resting })
        #expect(worker.state == .dormant)
        _ = try await awake.browser.get("/en/desk/team")
        let woken = try await awake.browser.post(
            "/en/desk/team/state", [("worker", worker.id.description), ("state", "active")])
        #expect(woken.status == 303)
        staff.wait(60)
        #expect(try await signIn(came[0] == 303 ? second : lead, resting) == 303)
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
