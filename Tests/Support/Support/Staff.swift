package import Accounts
import Foundation
import Kernel
package import Platform
package import Sealing
package import Storage
import Testing
package import Web

/// Fictional staff: each name is what they sign in with.
package struct Staff: Sendable {
    package let town: Town
    package var accounts: Accounts { town.platform.accounts }

    package static let passphrase = "seven quiet boats at noon"
    package static let other = "another calm road by the lake"

    /// - Parameter fillsDocuments: true where open data is read too; to fill it takes a fifth of the time of a town.
    package init(
        fillsDocuments: Bool = false, mail: Mail? = nil, wrap: (any Database) -> any Database = { $0 }
    ) async throws {
        self.init(try await Town(fillsDocuments: fillsDocuments, mail: mail, wrap: wrap))
    }

    package init(_ town: Town) { self.town = town }

    /// The id of the n-th organization of the region's data.
    package func organization(_ number: Int = 0) async throws -> String {
        let rows = try await town.database.read { try $0.rows("SELECT id FROM organization ORDER BY id") }
        return try rows[number].text("id")
    }

    package func join(
        _ secret: String, as name: String, passphrase: String = passphrase, pieces: [String] = []
    ) async throws -> (browser: StaffBrowser, page: Browser.Reply, code: OneTimeCode) {
        let browser = StaffBrowser(town.browser)
        let form = try await browser.get("/en/invitations/\(secret)")
        let letters = try #require(form.hidden("secret"))
        let code = try #require(OneTimeCode(base32: letters))
        let page = try await browser.post(
            "/en/invitations/\(secret)",
            [
                ("name", name), ("passphrase", passphrase), ("secret", code.base32),
                ("code", code.code(at: town.clock.now)),
            ] + pieces.map { ("piece", $0) })
        return (browser, page, code)
    }

    /// The coordinator of the network at the first organization's desk.
    package func coordinator() async throws -> (browser: StaffBrowser, page: Browser.Reply, code: OneTimeCode) {
        try await join(
            accounts.inviteDesk(organization(), .coordinator, by: .commandLine("operator")), as: "harbour")
    }

    /// Somebody who leads a desk of providers, invited by the coordinator through the page.
    package func lead(_ coordinator: StaffBrowser, _ number: Int = 1) async throws -> (
        browser: StaffBrowser, page: Browser.Reply, code: OneTimeCode
    ) {
        let page = try await invite(
            coordinator, "organizations", [("organization", organization(number)), ("role", "provider")])
        return try await join(page, as: "lead \(number)")
    }

    /// Sends the form of an invitation and gives the secret of the link that the page shows.
    package func invite(_ browser: StaffBrowser, _ page: String, _ fields: [(String, String)]) async throws -> String {
        _ = try await browser.get("/en/desk/\(page)")
        let path = page == "team" ? "team/invitations" : page
        let reply = try await browser.post("/en/desk/\(path)", fields)
        return try String(#require(reply.body.firstMatch(of: /invitations\/([0-9a-f]{64})/)?.1))
    }

    package func signIn(_ browser: StaffBrowser, _ name: String, _ passphrase: String, _ code: String) async throws
        -> Browser.Reply
    {
        try await browser.post("/en/sign-in", [("name", name), ("passphrase", passphrase), ("code", code)])
    }

    /// Who is signed in with the cookies of `browser`.
    package func signedIn(_ browser: StaffBrowser) async throws -> SignedIn? {
        var cookies: [String: String] = [:]
        for (name, value) in browser.cookies { cookies[String(name.dropFirst(7))] = value }
        let visit = Visit(
            words: town.platform.strings.words(.english), form: FormFields(), path: "", parameters: [:],
            now: town.clock.now, cookies: cookies)
        return try await accounts.signedIn(visit)
    }

    package func wait(_ seconds: Int) { town.clock.advance(seconds: seconds) }
}
