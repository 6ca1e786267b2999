import Crypto
import Foundation
import HTTPTypes
import Kernel
import Sealing
import Storage
import Support
import Testing
import Web

@testable import Accounts

@Suite struct SignInTests {
    @Test func `name, passphrase and the code of the moment open a stay; each wrong one gives the same answer`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        staff.wait(60)
        let code = coordinator.code.code(at: staff.town.clock.now)
        let stranger = StaffBrowser(staff.town.browser)
        var bodies: Set<String> = []
        for (name, passphrase, typed) in [
            ("harbour", "seven quiet boats at nine", code), ("harbour", Staff.passphrase, "000000"),
            ("harbour", "", code), ("harbour", Staff.passphrase, ""),
        ] {
            let reply = try await staff.signIn(stranger, name, passphrase, typed)
            #expect(reply.status == 403 && reply.header("Set-Cookie") == nil)
            bodies.insert(reply.body)
        }
        let nobody = try await staff.signIn(stranger, "nobody", Staff.passphrase, code)
        bodies.insert(nobody.body.replacing("nobody", with: "harbour"))
        #expect(bodies.count == 1)
        let right = try await staff.signIn(stranger, "harbour", Staff.passphrase, code)
        #expect(right.status == 303 && right.header("Location") == "/en/desk")
        #expect(try await stranger.get("/en/desk").status == 200)
    }

    @Test func `cookies are for this host alone and closed to scripts and other sites`() async throws {
        let staff = try await Staff()
        let page = try await staff.coordinator().page
        let cookies = page.headers.filter { $0.name == .setCookie }.map(\.value)
        #expect(cookies.count == 2)
        for cookie in cookies {
            #expect(cookie.hasPrefix("__Host-"))
            for word in ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"] { #expect(cookie.contains(word)) }
        }
        #expect(page.header("Cache-Control") == "no-store")
    }

    @Test func `no page for everyone reads or sets a cookie`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        for path in ["/en/", "/en/find?q=food", "/en/about"] {
            let mine = try await coordinator.browser.get(path)
            #expect(try await mine.body == staff.town.browser.get(path).body)
            #expect(mine.header("Set-Cookie") == nil)
        }
    }

    @Test func `a code is good for one sign-in`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        staff.wait(60)
        let code = coordinator.code.code(at: staff.town.clock.now)
        #expect(
            try await staff.signIn(StaffBrowser(staff.town.browser), "harbour", Staff.passphrase, code).status == 303)
        #expect(
            try await staff.signIn(StaffBrowser(staff.town.browser), "harbour", Staff.passphrase, code).status == 403)
    }

    @Test func `a recovery code stands in for the phone once`() async throws {
        let staff = try await Staff()
        let page = try await staff.coordinator().page
        let codes = page.body.matches(of: /<code>(\d{5} \d{5})<\/code>/).map { String($0.1) }
        #expect(Set(codes).count == 10)
        let browser = StaffBrowser(staff.town.browser)
        #expect(try await staff.signIn(browser, "harbour", Staff.passphrase, codes[3]).status == 303)
        #expect(try await browser.get("/en/desk").body.contains("Recovery codes left: 9"))
        #expect(try await staff.signIn(browser, "harbour", Staff.passphrase, codes[3]).status == 403)
    }

    @Test func `tries from outside lock nobody out who signed in from their browser before`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        staff.wait(60)
        let attacker = StaffBrowser(staff.town.browser)
        for _ in 0..<6 { _ = try await staff.signIn(attacker, "harbour", "wrong and long enough", "000000") }
        staff.wait(10)
        let code = { coordinator.code.code(at: staff.town.clock.now) }
        let elsewhere = StaffBrowser(staff.town.browser)
        #expect(try await staff.signIn(elsewhere, "harbour", Staff.passphrase, code()).status == 403)
        #expect(try await staff.signIn(coordinator.browser, "harbour", Staff.passphrase, code()).status == 303)
        staff.wait(900)
        #expect(try await staff.signIn(elsewhere, "harbour", Staff.passphrase, code()).status == 303)
    }

    @Test func `a stay ends after twenty idle minutes, twelve hours, signing out, or from elsewhere`() async throws {
        let staff = try await Staff()
        let (browser, _, code) = try await staff.coordinator()
        staff.wait(19 * 60)
        #expect(try await browser.get("/en/desk").status == 200)
        staff.wait(19 * 60)
        #expect(try await browser.get("/en/desk").status == 200)
        staff.wait(21 * 60)
        #expect(try await browser.get("/en/desk").header("Location") == "/en/sign-in")
        let late = try await browser.post("/en/desk/team/invitations", [("role", "provider")])
        #expect(late.status == 303 && late.header("Location") == "/en/sign-in?over=1")
        let told = try await browser.get("/en/sign-in?over=1").body
        #expect(told.contains("nothing of what you just sent was kept"))
        func again() async throws {
            _ = try await staff.signIn(browser, "harbour", Staff.passphrase, code.code(at: staff.town.clock.now))
        }
        try await again()
        for _ in 0..<48 {
            staff.wait(15 * 60)
            _ = try await browser.get("/en/desk")
        }
        staff.wait(60)
        #expect(try await browser.get("/en/desk").status == 303)
        try await again()
        let old = browser.cookies
        _ = try await browser.get("/en/desk")
        let out = try await browser.post("/en/sign-out", [])
        #expect(out.header("Location") == "/en/sign-in" && out.header("Clear-Site-Data") == "\"cache\"")
        let stolen = ["Cookie": old.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")]
        #expect(try await staff.town.browser.send(.get, "/en/desk", headers: stolen).status == 303)

        staff.wait(60)
        try await again()
        let elsewhere = StaffBrowser(staff.town.browser)
        staff.wait(60)
        _ = try await staff.signIn(elsewhere, "harbour", Staff.passphrase, code.code(at: staff.town.clock.now))
        #expect(try await elsewhere.get("/en/desk").status == 200)
        _ = try await browser.get("/en/desk/account")
        #expect(try await browser.post("/en/desk/sessions/end", []).status == 303)
        #expect(try await elsewhere.get("/en/desk").status == 303)
        #expect(try await browser.get("/en/desk").status == 200)
    }

    @Test func `a form without the session's token changes nothing`() async throws {
        let staff = try await Staff()
        let (browser, _, _) = try await staff.coordinator()
        _ = try await browser.get("/en/desk/team")
        for token in ["", String(repeating: "0", count: 64)] {
            let reply = try await browser.post("/en/desk/team/invitations", [("role", "coordinator")], token: token)
            #expect(reply.status == 409)
        }
        #expect(try await !browser.get("/en/desk/team").body.contains("Open invitations"))
    }

    @Test func `a new passphrase takes the old one's place and ends all other stays`() async throws {
        let staff = try await Staff()
        let (browser, _, code) = try await staff.coordinator()
        staff.wait(60)
        let elsewhere = StaffBrowser(staff.town.browser)
        _ = try await staff.signIn(elsewhere, "harbour", Staff.passphrase, code.code(at: staff.town.clock.now))
        #expect(try await elsewhere.get("/en/desk").status == 200)
        _ = try await browser.get("/en/desk/account")
        let wrong = try await browser.post("/en/desk/passphrase", [("old", "x"), ("passphrase", Staff.other)])
        #expect(wrong.status == 422 && wrong.body.contains("f-old-error"))
        let changed = try await browser.post(
            "/en/desk/passphrase", [("old", Staff.passphrase), ("passphrase", Staff.other)])
        #expect(changed.status == 200 && changed.body.contains("Recovery codes"))
        #expect(try await elsewhere.get("/en/desk").status == 303)
        #expect(try await browser.get("/en/desk").status == 200)
        staff.wait(60)
        let now = code.code(at: staff.town.clock.now)
        #expect(try await staff.signIn(elsewhere, "harbour", Staff.passphrase, now).status == 403)
        #expect(try await staff.signIn(elsewhere, "harbour", Staff.other, now).status == 303)
    }

    @Test func `the key of a desk passes to who joins, is renewed with a passphrase, and comes back from two pieces`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        let lead = try await staff.lead(coordinator.browser)
        let desk = try #require(Identifier<Desk>(try await staff.organization(1)))
        func key() async throws -> [UInt8] {
            try #require(try await staff.town.database.read { try AccountsStore($0).deskKey(desk) })
        }
        let first = try await key()
        let pieces = lead.page.body.matches(of: /<code>(\d [a-z ]+)<\/code>/).map { String($0.1) }
        #expect(pieces.count == 3)
        let provider = try await staff.join(
            staff.invite(lead.browser, "team", [("role", "provider")]), as: "second")
        #expect(provider.page.body.matches(of: /<code>(\d [a-z ]+)<\/code>/).isEmpty)
        for browser in [lead.browser, provider.browser] {
            let secret = try #require(try await staff.signedIn(browser)?.organizationSecret)
            #expect(try SealingKey.Opening(SymmetricKey(data: secret)).sealing.bytes == first)
        }
        let lost = try await staff.invite(
            coordinator.browser, "organizations", [("organization", staff.organization(1)), ("role", "provider")])
        let wrong = try await staff.join(lost, as: "third", pieces: [pieces[0], pieces[0]])
        #expect(wrong.page.status == 422)
        let third = try await staff.join(lost, as: "third", pieces: [pieces[2], pieces[0]])
        #expect(third.page.status == 200)
        #expect(try await key() == first)
    }

    @Test func `nothing that opens anything stands in the database`() async throws {
        let staff = try await Staff()
        let (browser, page, code) = try await staff.coordinator()
        let secret = try #require(try await staff.signedIn(browser)?.organizationSecret)
        var everything: [UInt8] = []
        for table in [
            "desk", "worker", "recovery_code", "invitation", "session", "known_device", "failed_sign_in", "audit",
        ] {
            let rows = try await staff.town.database.read { try $0.rows(SQL(stringLiteral: "SELECT * FROM \(table)")) }
            for row in rows {
                for column in row.columns {
                    switch row[column] {
                    case .blob(let bytes): everything += bytes
                    case .text(let text): everything += Array(text.utf8)
                    default: break
                    }
                }
            }
        }
        let codes = page.body.matches(of: /<code>(\d{5} \d{5})<\/code>/).map { Array($0.1.filter { $0 != " " }.utf8) }
        let markers =
            [secret, code.secret, Array(Staff.passphrase.utf8)] + codes
            + browser.cookies.values.map { Array($0.utf8) }
        #expect(markers.count == 15)
        for marker in markers { #expect(everything.firstRange(of: marker) == nil) }
    }
}
