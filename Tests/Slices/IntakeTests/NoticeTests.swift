import Accounts
import Foundation
import Kernel
import Platform
import Storage
import Support
import Synchronization
import Testing

@testable import Intake

@Suite struct NoticeTests {
    /// Letters that were sent; refuses them while it is told to.
    private final class Box: Sendable {
        private let kept = Mutex<(letters: [Mail.Letter], refuses: Bool)>(([], false))
        struct Refused: Error {}

        var letters: [Mail.Letter] { kept.withLock { $0.letters } }
        func refuse(_ refuses: Bool) { kept.withLock { $0.refuses = refuses } }

        var mail: Mail {
            Mail { letter in
                try self.kept.withLock { kept in
                    if kept.refuses { throw Refused() }
                    kept.letters.append(letter)
                }
            }
        }
    }

    private func scene(_ box: Box, _ language: String = "en") async throws -> Scene {
        let scene = try await Scene(mail: box.mail)
        let account = try await scene.desk.get("/\(language)/desk/account").body
        #expect(account.contains("name=\"address\""))
        let saved = try await scene.desk.post("/\(language)/desk/notices", [("address", "desk@example.org")])
        #expect(saved.status == 303)
        return scene
    }

    @Test(arguments: ["en", "fr"])
    func `who wants it is told that something is new, once an hour at most, and of nothing else`(_ language: String)
        async throws
    {
        let box = Box()
        let scene = try await scene(box, language)
        let platform = scene.staff.town.platform
        try await platform.sendNotices()
        #expect(box.letters.isEmpty)
        try await scene.ask(["What you need"], note: "A first line.")
        try await platform.sendNotices()
        try await platform.sendNotices()
        let letter = try #require(box.letters.first)
        #expect(box.letters.count == 1 && letter.address == "desk@example.org")
        let text = letter.subject + letter.text
        #expect(text.contains(language == "en" ? "something new" : "nouveau"))
        for hidden in ["Waymark", "http", "help", "aide", "First", "bus", scene.name, "referral", "message"] {
            #expect(!text.localizedCaseInsensitiveContains(hidden), "\(hidden)")
        }
        let referral = try await scene.referral()
        try await scene.person.send("referrals/messages", [("referral", referral), ("message", "A second line.")])
        try await platform.sendNotices()
        #expect(box.letters.count == 1)
        scene.staff.town.clock.advance(seconds: 3600)
        try await platform.sendNotices()
        scene.staff.town.clock.advance(seconds: 3600)
        try await platform.sendNotices()
        #expect(box.letters.count == 2)
    }

    @Test func `who was kept out is told nothing, and a mail that could not be sent is tried again`() async throws {
        let box = Box()
        let scene = try await scene(box)
        let platform = scene.staff.town.platform
        try await scene.ask(["What you need"])
        box.refuse(true)
        try await platform.sendNotices()
        box.refuse(false)
        try await platform.sendNotices()
        #expect(box.letters.isEmpty)
        scene.staff.town.clock.advance(seconds: 3600)
        try await platform.sendNotices()
        #expect(box.letters.count == 1)

        try await scene.person.send("exclusions", [("recipient", scene.organization), ("name", "Rivers")])
        let referral = try #require(
            try await scene.staff.town.database.read { try $0.row("SELECT id FROM referral")?.text("id") })
        try await scene.person.send("referrals/messages", [("referral", referral), ("message", "Not for Sam.")])
        scene.staff.town.clock.advance(seconds: 3600)
        try await platform.sendNotices()
        #expect(box.letters.count == 1)
    }

    @Test func `an address is kept sealed, one that could be more than an address is refused, and empty takes it away`()
        async throws
    {
        let box = Box()
        let scene = try await scene(box)
        let database = scene.staff.town.database
        let sealed = try #require(
            try await database.read { try $0.row("SELECT sealed FROM notice_address")?.bytes("sealed") })
        #expect(Data(sealed).range(of: Data("example.org".utf8)) == nil)
        #expect(try await scene.desk.get("/en/desk/account").body.contains("desk@example.org"))
        for wrong in ["-oQ/tmp@example.org", "a@example.org\nBcc: b@example.org", "a b@example.org", "a@b", "x"] {
            let reply = try await scene.desk.post("/en/desk/notices", [("address", wrong)])
            #expect(reply.status == 422, "\(wrong)")
        }
        #expect(try await scene.desk.post("/en/desk/notices", [("address", " ")]).status == 303)
        #expect(try await database.read { try $0.rows("SELECT worker_id FROM notice_address") }.isEmpty)
    }

    @Test func `who may not come in any more is told nothing again, and who opens no files never`() async throws {
        let box = Box()
        let scene = try await scene(box)
        let database = scene.staff.town.database
        _ = try await scene.coordinator.get("/en/desk/account")
        #expect(try await scene.coordinator.post("/en/desk/notices", [("address", "a@example.org")]).status == 403)
        let secret = try await scene.staff.invite(scene.desk, "team", [("role", "provider")])
        let other = try await scene.staff.join(secret, as: "Kim Rivers")
        _ = try await other.browser.get("/en/desk/account")
        #expect(try await other.browser.post("/en/desk/notices", [("address", "kim@example.org")]).status == 303)
        #expect(try await database.read { try $0.rows("SELECT worker_id FROM notice_address") }.count == 2)
        let desk = try #require(Identifier<Desk>(scene.organization))
        let team = try await scene.staff.accounts.team(of: desk).workers
        let worker = try #require(team.first { $0.name == "Kim Rivers" })
        let state = [("worker", worker.id.description), ("state", "suspended")]
        #expect(try await scene.desk.post("/en/desk/team/state", state).status == 303)
        #expect(try await database.read { try $0.rows("SELECT worker_id FROM notice_address") }.count == 1)
    }

    @Test func `without a program for mail no page asks for an address`() async throws {
        let scene = try await Scene()
        #expect(!(try await scene.desk.get("/en/desk/account").body.contains("name=\"address\"")))
        #expect(try await scene.desk.post("/en/desk/notices", [("address", "desk@example.org")]).status == 403)
        try await scene.staff.town.platform.sendNotices()
    }
}
