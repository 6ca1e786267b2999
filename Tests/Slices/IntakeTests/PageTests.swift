import Accounts
import Directory
import Foundation
import HTTPTypes
import Kernel
@testable import Platform
@testable import Sealing
import Storage
import Support
import Synchronization
import Testing
import Web

@testable import Intake

@Suite struct PageTests {
    private static let typed = [
        ("needs", "need:housing"), ("needs-more", "a bus pass"), ("ways", "text"), ("must-not-know", "my landlord"),
        ("languages", "Fictional"), ("own-words", "Two lines.\r\nOf fiction."),
    ]

    @Test(arguments: ["en", "fr"])
    func `a person writes, gets a receipt, comes back, changes, and deletes`(_ language: String) async throws {
        let person = try await Person(try await Town(loadsRegion: false), language)
        let digits = try await person.begin(Self.typed)
        #expect(person.page.status == 200)
        let words = person.page.body.matches(of: /<li>([\p{L}]+)<\/li>/).map { String($0.1) }
        #expect(words.count >= 12)
        try await person.send("file")
        for text in ["a bus pass", "my landlord", "Of fiction."] { #expect(person.page.body.contains(text)) }
        #expect(try await person.send("closing").header("Clear-Site-Data")?.contains("cache") == true)
        #expect(try await person.send("file").status == 403)

        person.forget()
        try await person.send("opening", [("receipt", words.prefix(12).joined(separator: " "))])
        #expect(person.page.status == 200 && person.page.body.contains("my landlord"))
        person.forget()
        try await person.send("opening", [("receipt", digits)])
        try await person.send("parts/form", [("kind", "wishes")])
        let version = try #require(person.hidden("version"))
        try await person.send("parts", [("kind", "wishes"), ("version", version), ("next", "to sleep")])
        #expect(person.page.status == 200 && person.page.body.contains("to sleep"))
        try await person.send("parts/removal", [("kind", "story")])
        #expect(!person.page.body.contains("Of fiction."))
        #expect(try await person.send("deletion/form").status == 200)
        let gone = try await person.send("deletion")
        #expect(gone.status == 200 && gone.header("Clear-Site-Data") != nil)
        person.forget()
        #expect(try await person.send("opening", [("receipt", digits)]).status == 403)
    }

    @Test
    func `every page of the person is kept nowhere, sets no cookie, has one title, an exit and no address of its own`()
        async throws
    {
        let town = try await Town(loadsRegion: false)
        let person = try await Person(town)
        var pages = [person.page]
        _ = try await person.begin(Self.typed)
        pages.append(person.page)
        for (path, more) in [
            ("file", []), ("parts/form", [("kind", "needs")]), ("grants/form", []), ("deletion/form", []),
            ("closing", []), ("file", []), ("opening", [("receipt", "1 2 3")]),
        ] { pages.append(try await person.send(path, more)) }
        for page in pages {
            #expect(page.header("Cache-Control") == "no-store")
            #expect(page.header("Set-Cookie") == nil && page.header("Location") == nil)
            #expect(page.header("Referrer-Policy") == "no-referrer")
            #expect(page.header("Content-Security-Policy")?.contains("form-action 'self'") == true)
            #expect(page.body.contains("<title>Notes – Waymark</title>") && page.body.contains("href=\"/exit\""))
            #expect(!page.body.contains("method=\"get\"") && page.body.firstMatch(of: /href="[^"]*[?]/) == nil)
        }
        town.platform.log.flush()
        for (_, value) in Self.typed { #expect(!town.written.text.contains(value)) }
    }

    @Test func `a receipt that is wrong in any way gets one page, and a slip of the pen is named`() async throws {
        let person = try await Person(try await Town(loadsRegion: false))
        let digits = try await person.begin(Self.typed)
        person.forget()
        let receipt = try Receipt(typed: digits, WordList.all)
        let list = try #require(WordList.of(.english))
        let words = receipt.words(list)
        let other = try #require(list.words.first { !words.contains($0) })
        let unknown = Array(repeating: other, count: 12)
        var bodies: Set<String> = []
        for typed in [Array(words.dropLast()) + [other], [other] + Array(words.dropFirst()), unknown] {
            let reply = try await person.send("opening", [("receipt", typed.joined(separator: " "))])
            #expect(reply.status == 403)
            bodies.insert(reply.body.replacing(try #require(person.hidden("form")), with: ""))
        }
        #expect(bodies.count == 1)
        let slip = try await person.send("opening", [("receipt", "\(other) \(other)")])
        #expect(slip.status == 422 && slip.body.contains("You typed 2"))
        let odd = try await person.send("opening", [("receipt", (["qqqq"] + words.dropFirst()).joined(separator: " "))])
        #expect(odd.status == 422 && odd.body.contains("this place: 1"))
        #expect(!odd.body.contains(words[3] + " "))
    }

    @Test func `a double click or a reload of the form makes one file and one receipt`() async throws {
        let town = try await Town(loadsRegion: false)
        let person = try await Person(town)
        try await person.get("new")
        let form = [("form", try #require(person.hidden("form")))] + Self.typed
        async let one = town.browser.post("/en/notes/new", form)
        async let two = town.browser.post("/en/notes/new", form)
        let bodies = try await [one, two].map { reply in
            reply.body.replacing(/name="stay" value="[0-9a-f]+"/, with: "")
        }
        #expect(bodies[0] == bodies[1] && bodies[0].contains("Your twelve words"))
        #expect(try await town.database.read { try $0.rows("SELECT id FROM file").count } == 1)
    }

    @Test func `a form that is too old says so and keeps what was typed`() async throws {
        let town = try await Town(loadsRegion: false)
        let person = try await Person(town)
        try await person.get("new")
        let form = try #require(person.hidden("form"))
        town.clock.advance(hours: 13)
        let stale = try await person.send("new", [("form", form)] + Self.typed)
        #expect(stale.status == 409 && stale.body.contains("Nothing was kept"))
        for text in ["a bus pass", "my landlord", "Of fiction."] { #expect(stale.body.contains(text)) }
        #expect(stale.body.contains("value=\"need:housing\" checked"))
        #expect(person.hidden("form") != form)
        try await person.send("new", [("form", try #require(person.hidden("form")))] + Self.typed)
        #expect(person.page.status == 200)
    }

    @Test func `the address that a form leaves behind leads to the start and tells nothing`() async throws {
        let town = try await Town(loadsRegion: false)
        let posts = town.platform.routes.routes.filter { $0.method == .post && $0.path.hasPrefix("/:language/notes/") }
        #expect(posts.count == 28)
        for route in posts where !route.path.hasSuffix("/new") {
            let reply = try await town.browser.get(route.path.replacing(":language", with: "fr"))
            #expect(reply.status == 303 && reply.header("Location") == "/fr/notes", "\(route.path)")
        }
    }

    @Test func `a form that another site sends begins nothing and opens nothing`() async throws {
        let town = try await Town(loadsRegion: false)
        let person = try await Person(town)
        try await person.get("new")
        let form = try #require(person.hidden("form"))
        for site in ["cross-site", "same-site"] {
            let reply = try await town.browser.send(
                .post, "/en/notes/new", headers: ["Sec-Fetch-Site": site], body: "form=\(form)&own-words=x")
            #expect(reply.status == 409)
        }
        #expect(try await town.database.read { try $0.rows("SELECT id FROM file").count } == 0)
    }

    @Test func `what another site puts into a form comes back on no page, and it wipes nothing`() async throws {
        let town = try await Town(loadsRegion: false)
        let digits = try await Person(town).begin(Self.typed).filter(\.isNumber)
        let body = "kind=wishes&version=0&receipt=\(digits)&wishes-next=x&service=x&message=x"
        for route in town.platform.routes.routes where route.method == .post && route.path.contains("/notes/") {
            let path = route.path.replacing(":language", with: "en")
            let reply = try await town.browser.send(.post, path, headers: ["Sec-Fetch-Site": "cross-site"], body: body)
            #expect(!reply.body.contains(digits) && reply.header("Clear-Site-Data") == nil, "\(path)")
            let own = try await town.browser.send(.post, path, headers: ["Sec-Fetch-Site": "same-origin"], body: body)
            #expect(!own.body.contains(digits), "\(path)")
        }
        let two = try await town.browser.send(.post, "/en/notes/opening", body: "receipt=\(digits)&receipt=\(digits)")
        #expect(two.status == 403)
    }

    @Test func `what was typed when the notes closed comes back when they are opened`() async throws {
        let town = try await Town(loadsRegion: false)
        let person = try await Person(town)
        let digits = try await person.begin(Self.typed)
        try await person.send("parts/form", [("kind", "needs")])
        town.clock.advance(seconds: 21 * 60)
        let over = try await person.send("parts", [("kind", "needs"), ("version", "1"), ("needs-more", "a warm coat")])
        #expect(over.status == 403 && over.body.contains("a warm coat"))
        let carried = [("kind", "needs"), ("version", "1"), ("needs-more", "a warm coat")]
        for (name, value) in carried { #expect(person.hidden(name) == value) }
        person.forget()
        let wrong = try await person.send("opening", carried + [("receipt", "zoo")])
        #expect(wrong.status == 422 && wrong.body.contains("a warm coat"))
        let back = try await person.send("opening", carried + [("receipt", digits)])
        #expect(back.status == 200 && back.body.contains("a warm coat") && back.body.contains("name=\"version\""))
        try await person.send("parts", carried)
        #expect(person.page.body.contains("a warm coat") && !person.page.body.contains("a bus pass"))
    }

    @Test func `while the database is away, what was typed stays on the page and can be sent again`() async throws {
        let failing = Failing()
        let town = try await Town(loadsRegion: false) { failing.wrap($0) }
        let person = try await Person(town)
        try await person.get("new")
        let form = [("form", try #require(person.hidden("form")))] + Self.typed
        failing.fail(with: FailingDatabase.away)
        let away = try await person.send("new", form)
        #expect(away.status == 503 && away.body.contains("my landlord") && person.hidden("form") == form[0].1)
        failing.fail(with: nil)
        try await person.send("new", form)
        #expect(person.page.status == 200)
        let change = [("kind", "needs"), ("version", "1"), ("needs-more", "a warm coat")]
        failing.fail(with: FailingDatabase.away)
        let later = try await person.send("parts", change)
        #expect(later.status == 503 && later.body.contains("a warm coat") && person.hidden("stay") == person.stay)
        failing.fail(with: nil)
        try await person.send("parts", change)
        #expect(person.page.status == 200 && person.page.body.contains("a warm coat"))
    }

    @Test func `when too many come at once, what was typed stays on the page and nobody waits in vain`() async throws {
        let town = try await Town(loadsRegion: false)
        let person = try await Person(town)
        try await person.get("new")
        let form = [("form", try #require(person.hidden("form")))] + Self.typed
        let guardian = town.platform.intake.guardian
        let queues = [try #require(await guardian.turn(0)), try #require(await guardian.turn(0))]
        let waiting = (0..<Platform.longestLine).map { _ in Task { await guardian.turn(0).map(guardian.pass) } }
        while guardian.waiting < Platform.longestLine { await Task.yield() }
        let busy = try await person.send("new", form)
        #expect(busy.status == 503 && busy.header("Retry-After") != nil && busy.body.contains("my landlord"))
        #expect(try await person.send("opening", [("receipt", Self.anyReceipt)]).status == 503)
        #expect(person.hidden("form") != nil)
        queues.forEach(guardian.pass)
        for task in waiting { await task.value }
        #expect(try await person.send("new", form).status == 200)
    }

    private static let anyReceipt = Receipt { [UInt8](repeating: 3, count: $0) }.digits

    @Test func `sending a form again opens nothing that was closed and brings nothing back`() async throws {
        let town = try await Town(loadsRegion: false)
        let person = try await Person(town)
        try await person.get("new")
        let beginning = [("form", try #require(person.hidden("form")))] + Self.typed
        try await person.send("new", beginning)
        let digits = try person.digits()
        try await person.send("closing")
        person.forget()
        let opening = [("form", try await person.formOfOpening()), ("receipt", digits)]
        #expect(try await person.send("opening", opening).body.contains("my landlord"))
        #expect(try await person.send("opening", opening).body.contains("my landlord"), "a double click")
        try await person.send("closing")
        try await person.send("closing", [("stay", try #require(person.stay))])
        person.forget()
        for path in ["opening", "new"] {
            town.clock.advance(seconds: 61)
            let again = try await person.send(path, path == "new" ? beginning : opening)
            #expect(again.status == 409 && !again.body.contains(digits), "\(path)")
            #expect(person.hidden("stay") == nil)
        }
    }

    @Test func `long texts in every question are kept, in any script, and a line end counts once`() async throws {
        let person = try await Person(try await Town(loadsRegion: false))
        let rows = String(repeating: "ਪੰਜਾਬੀ\r\n", count: 285)
        #expect(rows.unicodeScalars.count > 2000 && rows.replacing("\r\n", with: "\n").unicodeScalars.count <= 2000)
        let fields = ["needs-more", "reach", "times", "never", "must-not-know", "next", "access", "companions-more"]
        let digits = try await person.begin(fields.map { ($0, rows) } + [("own-words", rows + rows)])
        person.forget()
        try await person.send("opening", [("receipt", digits)])
        #expect(person.page.body.components(separatedBy: "ਪੰਜਾਬੀ").count == 285 * 10 + 1)
    }

    @Test func `what stands in an address opens and closes nothing`() async throws {
        let town = try await Town(loadsRegion: false)
        let person = try await Person(town)
        let digits = try await person.begin(Self.typed).filter(\.isNumber)
        let form = try await Person(town).formOfOpening()
        let reply = try await town.browser.send(.post, "/en/notes/opening?form=\(form)&receipt=\(digits)", body: "")
        #expect(reply.status == 422 && !reply.body.contains("my landlord"))
        let stay = try #require(person.stay)
        let file = try await town.browser.send(.post, "/en/notes/file?stay=\(stay)", body: "")
        #expect(file.status == 403 && !file.body.contains("my landlord"))
    }

    @Test func `of two people at one part the second sees both texts`() async throws {
        let town = try await Town(loadsRegion: false)
        let one = try await Person(town)
        let digits = try await one.begin(Self.typed)
        let two = try await Person(town)
        try await two.send("opening", [("receipt", digits)])
        try await one.send("parts", [("kind", "needs"), ("version", "1"), ("needs-more", "one coat")])
        let second = try await two.send("parts", [("kind", "needs"), ("version", "1"), ("needs-more", "two coats")])
        #expect(second.status == 409 && second.body.contains("one coat") && second.body.contains("two coats"))
        let version = try #require(two.hidden("version"))
        try await two.send("parts", [("kind", "needs"), ("version", version), ("needs-more", "three coats")])
        #expect(two.page.status == 200 && two.page.body.contains("three coats"))
    }

    @Test func `what a person gives to a desk, the page before says, the desk reads, and the person sees and stops`()
        async throws
    {
        let town = try await Town()
        let desk = try await Provider(town)
        let person = try await Person(town)
        _ = try await person.begin(Self.typed)
        try await person.send("grants/form")
        #expect(person.page.body.contains(desk.name))
        let none = try await person.send("grants/question")
        #expect(none.status == 422 && none.body.contains("f-recipient-error") && none.body.contains("f-part-error"))
        let part = try #require(person.hidden(label: "What you need"))
        let wish = [("recipient", desk.id), ("part", part), ("purpose", "help"), ("days", "30")]
        let asked = try await person.send("grants/question", wish)
        for text in [
            "\(desk.name) will be able to read", "a bus pass", "People there who can read it: 1", "they read before",
        ] {
            #expect(asked.body.contains(text), "\(text)")
        }
        #expect(!asked.body.contains("my landlord") && asked.body.contains("2025-05-31"))
        try await person.send("grants", wish)
        try await person.send("grants", wish)
        #expect(person.page.body.components(separatedBy: "\(desk.name) may read: What you need").count == 2)
        let shared = try await desk.shared()
        #expect(shared.count == 1 && shared[0].parts.map(\.kind) == [.needs])
        let read = try await desk.open(shared[0])
        #expect(read.answers == Answers(["needs": ["need:housing"], "needs-more": ["a bus pass"]]))
        try await person.send("file")
        #expect(person.page.body.contains("\(desk.name) (provider staff) read “What you need”"))
        try await person.send("grants/end", [("grant", shared[0].grant.description)])
        #expect(
            person.page.body.contains("could read: What you need") && person.page.body.contains("read “What you need”"))
        #expect(try await desk.shared().isEmpty)
        await #expect(throws: IntakeRefusal.notFound) { try await desk.open(shared[0]) }
    }

    @Test func `no field lets markup into any page`() async throws {
        let town = try await Town(loadsRegion: false)
        let person = try await Person(town)
        let payload = "\"\u{301}><script>alert(1)</script>'\u{301}&lt;</textarea><img src=x>"
        let every = PartKind.allCases.flatMap(\.questions).map { ($0.name, payload) }
        try await person.get("new")
        let form = try #require(person.hidden("form"))
        var pages = [try await person.send("new", [("form", payload)] + every)]
        pages.append(try await person.send("new", [("form", form)] + every))
        pages.append(try await person.send("file"))
        for kind in PartKind.allCases {
            let fields = [("kind", kind.rawValue), ("version", "1")] + kind.questions.map { ($0.name, payload) }
            pages.append(try await person.send("parts/form", fields))
            pages.append(try await person.send("parts", [("version", "0")] + fields))
        }
        for name in ["kind", "version", "grant", "recipient", "part", "purpose", "days", "receipt"] {
            for path in ["parts/form", "parts", "grants/form", "grants/question", "grants", "grants/end", "opening"] {
                pages.append(try await person.send(path, [(name, payload)]))
            }
        }
        try await person.send("closing")
        for path in ["file", "parts", "opening"] {
            pages.append(
                try await person.send(path, [("kind", "needs"), ("version", "1"), (payload, payload)] + every))
        }
        for page in pages {
            #expect(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "\(page.status)")
        }
        #expect(pages.contains { $0.body.contains("&lt;script&gt;") })
    }

    @Test(arguments: ["en", "fr"]) func `the pages look as they were approved`(_ language: String) async throws {
        let town = try await Town()
        let desk = try await Provider(town)
        let person = try await Person(town, language)
        func golden(_ name: String) throws {
            let tokens = /value="[0-9a-f]{64}"/
            let ids = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}/
            let form = /name="form" value="[^"]+"/
            let body = person.page.body.replacing(tokens, with: "value=\"(token)\"")
                .replacing(form, with: "name=\"form\" value=\"(token)\"").replacing(ids, with: "(id)")
                .replacing(/\d{4}( \d{4}){9}/, with: "(digits)").replacing(
                    /<li>[\p{L}]+<\/li>/, with: "<li>(word)</li>")
            try expectGolden(body, "pages/\(name).\(language).html")
        }
        try golden("notes")
        try await person.get("new")
        try golden("notes-new")
        _ = try await person.begin(Self.typed)
        try golden("notes-receipt")
        let opened = try await person.send("grants/form")
        try golden("notes-give")
        let part = try #require(opened.hidden("part"))
        let wish = [("recipient", desk.id), ("part", part), ("purpose", "help")]
        try await person.send("grants/question", wish)
        try golden("notes-confirm")
        try await person.send("grants", wish)
        _ = try await desk.open(#require(desk.shared().first))
        try await person.send("file")
        try golden("notes-file")
        try await person.send("parts/form", [("kind", "safe-contact")])
        try golden("notes-part")
        try await person.send("deletion/form")
        try golden("notes-deletion")
        try await person.send("closing")
        try golden("notes-closed")
        try await person.send("file")
        try golden("notes-over")
    }
}

extension Person {
    /// The value of the checkbox with this label.
    func hidden(label: String) -> String? {
        guard let end = page.body.range(of: "> \(label)</label>")?.lowerBound,
            let start = page.body[..<end].range(of: "value=\"", options: .backwards)?.upperBound
        else { return nil }
        return String(page.body[start..<end].prefix { $0 != "\"" })
    }
}

/// The database of a town that can be cut off.
final class Failing: Sendable {
    private let database = Mutex<FailingDatabase?>(nil)

    func wrap(_ real: any Database) -> FailingDatabase {
        let failing = FailingDatabase(real)
        database.withLock { $0 = failing }
        return failing
    }

    func fail(with failure: StorageFailure?) { database.withLock { $0?.fail(with: failure) } }
}

/// A desk of a provider in the town, with one worker.
struct Provider {
    let id: String
    let name: String
    private let staff: Staff
    private let browser: StaffBrowser

    init(_ town: Town) async throws {
        staff = Staff(town)
        id = try await staff.organization()
        name = try #require(try await town.directory.organizationName(id, in: .english))
        let secret = try await staff.accounts.inviteDesk(id, .provider, by: .commandLine("operator"))
        let joined = try await staff.join(secret, as: "worker")
        #expect(joined.page.status == 200)
        browser = joined.browser
    }

    private func atDesk() async throws -> AtDesk {
        let worker = try #require(try await staff.signedIn(browser))
        return try staff.town.platform.intake.atDesk(
            #require(Identifier(id)), secret: #require(worker.organizationSecret),
            Reader(actor: worker.actor, worker: worker.worker, name: "worker"))
    }

    func shared() async throws -> [SharedFile] {
        try await staff.town.platform.intake.filesSharedWith(atDesk())
    }

    /// Opens the first part of what is shared.
    func open(_ file: SharedFile) async throws -> Part {
        try await staff.town.platform.intake.openPart(
            #require(file.parts.first).id, under: file.grant, at: atDesk())
    }
}
