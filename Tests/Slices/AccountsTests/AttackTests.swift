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

/// What somebody with a link, a stay, or a place at another desk may try.
@Suite struct AttackTests {
    private func pieces(_ page: Browser.Reply) -> [String] {
        page.body.matches(of: /<code>(\d [a-z ]+)<\/code>/).map { String($0.1) }
    }

    private func key(_ staff: Staff, _ number: Int = 1) async throws -> [UInt8]? {
        let desk = try #require(Identifier<Desk>(try await staff.organization(number)))
        return try await staff.town.database.read { try AccountsStore($0).deskKey(desk) }
    }

    private func worker(_ name: String, _ staff: Staff, _ number: Int = 1) async throws -> Worker {
        let desk = try #require(Identifier<Desk>(try await staff.organization(number)))
        return try #require(try await staff.accounts.team(of: desk).workers.first { $0.name == name })
    }

    private func suspend(_ name: String, by browser: StaffBrowser, _ staff: Staff) async throws -> Int {
        _ = try await browser.get("/en/desk/team")
        let id = try await worker(name, staff).id.description
        return try await browser.post("/en/desk/team/state", [("worker", id), ("state", "suspended")]).status
    }

    @Test func `whoever joins, the key of a desk stays, and its pieces are shown to nobody else`() async throws {
        let staff = try await Staff()
        let lead = try await staff.lead(try await staff.coordinator().browser)
        let first = try #require(try await key(staff))
        for (role, name) in [("survivor-advisor", "advisor"), ("navigator", "navigator"), ("provider", "provider")] {
            let joined = try await staff.join(staff.invite(lead.browser, "team", [("role", role)]), as: name)
            #expect(joined.page.status == 200 && pieces(joined.page).isEmpty)
            #expect(try await key(staff) == first)
            let secret = try await staff.signedIn(joined.browser)?.organizationSecret
            #expect((secret == nil) == (role == "survivor-advisor"))
        }
    }

    @Test func `no link of the network opens a desk that has a key, without two of its pieces`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        let own = pieces(coordinator.page)
        let lead = try await staff.lead(coordinator.browser)
        let (first, mine) = (try await key(staff), pieces(lead.page))
        let link = try await staff.invite(
            coordinator.browser, "organizations", [("organization", staff.organization(1)), ("role", "provider")])
        let swapped = [mine[0].replacing(/^1/, with: "2"), mine[1].replacing(/^2/, with: "1")]
        for typed in [[], [mine[0]], [mine[0], mine[0]], swapped, [mine[0], own[1]], own, ["1 no", "2 words"]] {
            #expect(try await staff.join(link, as: "intruder", pieces: typed).page.status == 422, "\(typed.count)")
        }
        #expect(try await key(staff) == first)
        #expect(try await staff.join(link, as: "found again", pieces: [mine[1], mine[2]]).page.status == 200)
        #expect(try await key(staff) == first)
    }

    @Test func `of two links to a new desk the second asks for the pieces of the first`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        let fields = [("organization", try await staff.organization(1)), ("role", "provider")]
        let one = try await staff.invite(coordinator.browser, "organizations", fields)
        let two = try await staff.invite(coordinator.browser, "organizations", fields)
        #expect(try await staff.join(one, as: "first").page.status == 200)
        let first = try await key(staff)
        #expect(try await staff.join(two, as: "second").page.status == 422)
        #expect(try await key(staff) == first)
    }

    @Test func `a desk gets another key only when nobody holds its own`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        let lead = try await staff.lead(coordinator.browser)
        let first = try await key(staff)
        let anew = try await staff.accounts.inviteDesk(
            staff.organization(1), .provider, beginsAnew: true, by: .commandLine("operator"))
        #expect(try await staff.join(anew, as: "too early").page.status == 409)
        #expect(try await key(staff) == first)
        let holder = try await worker("lead 1", staff).id
        try await staff.town.database.write { try AccountsStore($0).suspend(holder) }
        let joined = try await staff.join(anew, as: "new lead")
        #expect(joined.page.status == 200 && pieces(joined.page).count == 3)
        #expect(try await key(staff) != first)
        #expect(try await lead.browser.get("/en/desk").status == 303)
    }

    @Test func `who leads the coordinator's desk in a smaller role touches nobody of a larger one`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        let link = try await staff.invite(coordinator.browser, "team", [("role", "navigator"), ("leads", "1")])
        let navigator = try await staff.join(link, as: "climber")
        _ = try await navigator.browser.get("/en/desk/team")
        let id = try await worker("harbour", staff, 0).id.description
        for (path, more) in [("renewals", []), ("state", [("state", "suspended")])] {
            #expect(try await navigator.browser.post("/en/desk/team/\(path)", [("worker", id)] + more).status == 403)
        }
        let own = try await worker("climber", staff, 0).id.description
        #expect(try await navigator.browser.post("/en/desk/team/renewals", [("worker", own)]).status == 403)
    }

    @Test func `somebody suspended comes back by no link made before, neither for them nor by them`() async throws {
        let staff = try await Staff()
        let lead = try await staff.lead(try await staff.coordinator().browser)
        let bad = try await staff.join(
            staff.invite(lead.browser, "team", [("role", "provider"), ("leads", "1")]), as: "bad")
        _ = try await lead.browser.get("/en/desk/team")
        let renewal = try await lead.browser.post(
            "/en/desk/team/renewals", [("worker", worker("bad", staff).id.description)])
        let forThem = try String(#require(renewal.body.firstMatch(of: /invitations\/([0-9a-f]{64})/)?.1))
        let byThem = try await staff.invite(bad.browser, "team", [("role", "provider"), ("leads", "1")])
        #expect(try await suspend("bad", by: lead.browser, staff) == 303)
        for link in [forThem, byThem] {
            #expect(try await staff.town.browser.get("/en/invitations/\(link)").status == 404)
        }
        let woken = try await lead.browser.post(
            "/en/desk/team/state", [("worker", worker("bad", staff).id.description), ("state", "active")])
        #expect(woken.status == 403)
        let desk = try #require(Identifier<Desk>(try await staff.organization(1)))
        let kept = try await staff.town.database.read { try AccountsStore($0).isHeld(desk) }
        #expect(kept, "the lead still holds the key")
        let stored = try await staff.accounts.team(of: desk).workers.first { $0.name == "bad" }
        #expect(stored?.state == .suspended)
    }

    @Test func `a change of passphrase that was on its way does not undo a suspension or a renewal`() async throws {
        let staff = try await Staff()
        let lead = try await staff.lead(try await staff.coordinator().browser)
        _ = try await staff.join(staff.invite(lead.browser, "team", [("role", "provider")]), as: "bad")
        let bad = try await worker("bad", staff)
        let before = try #require(
            try await staff.town.database.read { try AccountsStore($0).credentials(of: bad.id) })
        #expect(try await suspend("bad", by: lead.browser, staff) == 303)
        let late = try await staff.town.database.write { transaction in
            try AccountsStore(transaction).replace(before.0, by: before.0, of: bad.id)
        }
        #expect(!late)
        await #expect(throws: AccountsRefusal.notAllowed) {
            _ = try await staff.accounts.changePassphrase(
                of: bad, from: Staff.passphrase, to: Staff.other, kept: nil, device: nil)
        }
        #expect(try await worker("bad", staff).state == .suspended)
    }

    @Test(arguments: [0, 31, 256, 300])
    func `a proof of another length lets nobody in and stops nothing`(_ length: Int) async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        staff.wait(60)
        let long = [UInt8](repeating: 1, count: length)
        try await staff.town.database.write { _ = try $0.run("UPDATE worker SET proof = \(long)") }
        let now = coordinator.code.code(at: staff.town.clock.now)
        #expect(
            try await staff.signIn(coordinator.browser, "harbour", Staff.passphrase, now).status == 403)
    }

    @Test func `what a used link opened is not in the database any more`() async throws {
        let staff = try await Staff()
        let lead = try await staff.lead(try await staff.coordinator().browser)
        let link = try await staff.invite(lead.browser, "team", [("role", "provider")])
        _ = try await staff.join(link, as: "second")
        let left = try await staff.town.database.read { try $0.rows("SELECT desk_key FROM invitation") }
        #expect(left.isEmpty)
    }

    @Test func `two who share a browser are both known in it`() async throws {
        let staff = try await Staff()
        let lead = try await staff.lead(try await staff.coordinator().browser)
        let second = try await staff.join(staff.invite(lead.browser, "team", [("role", "provider")]), as: "second")
        staff.wait(60)
        let shared = lead.browser
        _ = try await staff.signIn(shared, "second", Staff.passphrase, second.code.code(at: staff.town.clock.now))
        let stranger = StaffBrowser(staff.town.browser)
        for name in ["lead 1", "second"] {
            for _ in 0..<6 { _ = try await staff.signIn(stranger, name, "wrong and long enough", "000000") }
        }
        for (name, code) in [("lead 1", lead.code), ("second", second.code)] {
            staff.wait(31)
            let now = code.code(at: staff.town.clock.now)
            #expect(try await staff.signIn(shared, name, Staff.passphrase, now).status == 303, "\(name)")
        }
        let stays = try await staff.town.database.read { try $0.rows("SELECT digest FROM session") }
        #expect(stays.count == 3, "the coordinator's, the second's own, and one of the shared browser")
    }

    @Test func `a form of another site signs nobody in and changes nothing`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        staff.wait(60)
        let form =
            "name=harbour&passphrase=\(Staff.passphrase.replacing(" ", with: "+"))"
            + "&code=\(coordinator.code.code(at: staff.town.clock.now))"
        func send(_ site: String) async throws -> Browser.Reply {
            try await staff.town.browser.send(
                .post, "/en/sign-in", headers: ["Sec-Fetch-Site": site], body: form)
        }
        for site in ["cross-site", "same-site"] {
            let reply = try await send(site)
            #expect(reply.status == 409 && reply.header("Set-Cookie") == nil)
        }
        #expect(try await send("same-origin").status == 303)
        for path in ["/exit", "/en/forget"] {
            let leaving = try await staff.town.browser.send(.get, path, headers: ["Sec-Fetch-Site": "cross-site"])
            #expect(leaving.header("Clear-Site-Data") == nil)
            #expect(try await staff.town.browser.get(path).header("Clear-Site-Data")?.contains("cookies") == true)
        }
    }

    @Test func `one name is one name however it is typed, and none that cannot be seen is taken`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        let first = try await staff.join(
            staff.invite(coordinator.browser, "team", [("role", "coordinator")]), as: "Café du nord")
        #expect(first.page.status == 200)
        let link = try await staff.invite(coordinator.browser, "team", [("role", "coordinator")])
        for name in ["cafe\u{301} DU  nord", "CAFÉ DU NORD"] {
            let page = try await staff.join(link, as: name).page
            #expect(page.status == 422 && page.body.contains("has this name already"), "\(name)")
        }
        let combining = "a" + String(repeating: "\u{301}", count: 100)
        for name in ["harb\u{200b}our", "\u{202e}ruobrah", "a\nb", "\u{200b}", " ", combining] {
            #expect(try await staff.join(link, as: name).page.status == 422)
        }
        staff.wait(60)
        let now = first.code.code(at: staff.town.clock.now)
        #expect(try await staff.signIn(first.browser, "CAFE\u{301} du Nord", Staff.passphrase, now).status == 303)
    }

    @Test(arguments: [
        "password12345678", "1234567890123456", "aaaaaaaabcdeaaaa", "qwertyuiop123456", "Motdepasse Waymark 1",
        "abcdefghijklmnopq",
    ]) func `a passphrase that is guessed first is not taken`(_ passphrase: String) {
        #expect(Passphrase.isEasy(passphrase))
    }

    @Test(arguments: [(15, false), (16, true), (64, true), (200, true), (201, false)])
    func `a passphrase has sixteen to two hundred characters`(_ length: Int, _ isTaken: Bool) async throws {
        let staff = try await Staff()
        let words =
            String(repeating: "seven quiet boats at noon by another calm lake ", count: 5).prefix(length - 1) + "z"
        let secret = try await staff.accounts.inviteDesk(
            staff.organization(), .coordinator, by: .commandLine("operator"))
        let page = try await staff.join(secret, as: "river", passphrase: String(words)).page
        #expect(page.status == (isTaken ? 200 : 422))
        #expect(page.body.contains("f-passphrase-error") == !isTaken)
    }

    @Test func `nobody has an account before somebody was invited`() async throws {
        let town = try await Town()
        for table in ["worker", "desk", "invitation"] {
            let rows = try await town.database.read { try $0.rows(SQL(stringLiteral: "SELECT * FROM \(table)")) }
            #expect(rows.isEmpty, "\(table)")
        }
    }

    @Test func `passphrases are typed unseen, and password managers are told what each is for`() async throws {
        let staff = try await Staff()
        let secret = try await staff.accounts.inviteDesk(
            staff.organization(), .coordinator, by: .commandLine("operator"))
        let door = try await staff.town.browser.get("/en/sign-in").body
        let joining = try await staff.town.browser.get("/en/invitations/\(secret)").body
        let account = try await staff.join(secret, as: "river").browser.get("/en/desk/account").body
        for (page, name, use) in [
            (door, "passphrase", "current-password"), (joining, "passphrase", "new-password"),
            (account, "old", "current-password"), (account, "passphrase", "new-password"),
        ] {
            let fields = page.matches(of: /<input[^>]*>/).map { String($0.0) }
            let field = try #require(fields.first { $0.contains("name=\"\(name)\"") })
            #expect(field.contains("type=\"password\"") && field.contains("autocomplete=\"\(use)\""), "\(field)")
        }
    }

    @Test func `passphrases of a few words are taken, and every suggestion`() async throws {
        let staff = try await Staff()
        for language in [Language.english, .french] {
            for _ in 0..<50 { #expect(!Passphrase.isEasy(staff.accounts.suggestion(in: language))) }
        }
        for passphrase in [Staff.passphrase, Staff.other, "vingt-deux canots rouges"] {
            #expect(!Passphrase.isEasy(passphrase))
        }
    }

    @Test func `a clock that ran ahead and came back keeps nobody out`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        let year = 400 * 86_400
        staff.wait(year)
        let ahead = coordinator.code.code(at: staff.town.clock.now)
        #expect(try await staff.signIn(coordinator.browser, "harbour", Staff.passphrase, ahead).status == 303)
        let stranger = StaffBrowser(staff.town.browser)
        for _ in 0..<6 { _ = try await staff.signIn(stranger, "harbour", "wrong and long enough", "000000") }
        staff.wait(-year)
        let now = coordinator.code.code(at: staff.town.clock.now)
        #expect(try await staff.signIn(stranger, "harbour", Staff.passphrase, now).status == 303)
        let stays = try await staff.town.database.read { try $0.rows("SELECT digest FROM session") }
        #expect(stays.count == 1, "a stay of a day that has not come is not left lying")
    }

    @Test func `a wrong old passphrase counts as a try`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        _ = try await coordinator.browser.get("/en/desk/account")
        for _ in 0..<6 {
            _ = try await coordinator.browser.post("/en/desk/passphrase", [("old", "x"), ("passphrase", Staff.other)])
        }
        let right = try await coordinator.browser.post(
            "/en/desk/passphrase", [("old", Staff.passphrase), ("passphrase", Staff.other)])
        #expect(right.status == 422)
    }

    @Test func `who leads a desk prints its pieces again, and they open it`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator()
        let lead = try await staff.lead(coordinator.browser)
        _ = try await lead.browser.get("/en/desk/team")
        let again = pieces(try await lead.browser.post("/en/desk/team/pieces", []))
        #expect(again.count == 3 && Set(again).isDisjoint(with: pieces(lead.page)))
        let link = try await staff.invite(
            coordinator.browser, "organizations", [("organization", staff.organization(1)), ("role", "provider")])
        let mixed = [again[0], pieces(lead.page)[1]]
        #expect(try await staff.join(link, as: "third", pieces: mixed).page.status == 422)
        #expect(try await staff.join(link, as: "third", pieces: [again[0], again[2]]).page.status == 200)
    }

    @Test func `fifty who sign in at once do not keep a page waiting, and are told when the line is too long`()
        async throws
    {
        let staff = try await Staff()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try await staff.signIn(StaffBrowser(staff.town.browser), "nobody \(number)", "x", "").status
                }
            }
            // Answered while all of them stand in line.
            let page = try await staff.town.browser.get("/healthz").status
            var statuses = [page]
            for try await status in group { statuses.append(status) }
            return statuses
        }
        #expect(statuses[0] == 200)
        #expect(Set(statuses.dropFirst()).isSubset(of: [403, 503]))
    }
}
