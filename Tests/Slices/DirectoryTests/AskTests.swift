import Directory
import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@Suite struct AskTests {
    private let cedar = Fiction.id(.service, "Cedar House")
    private let phone = Record(
        .phone, id: Fiction.id(.phone, "p"),
        ["service_id": .text(Fiction.id(.service, "Cedar House").description), "number": .text("250-555-0101")])

    private func town() async throws -> (Town, String) {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House", opens: "09:00", closes: "17:00") + [phone])
        return (town, "/en/listing/\(try await town.directory.ask(.service, cedar, by: Town.staff))")
    }

    private func seen(_ page: String) throws -> String {
        let start = try #require(page.range(of: "name=\"seen\" value=\"")).upperBound
        return String(page[start...].prefix { $0 != "\"" })
    }

    private func send(_ town: Town, _ path: String, _ fields: [(String, String)]) async throws -> Browser.Reply {
        let page = try await town.browser.get(path).body
        return try await town.browser.post(path, [("seen", try seen(page))] + fields)
    }

    @Test func `a provider says that all is right in one press, once`() async throws {
        let (town, path) = try await town()
        for _ in 0..<3 { #expect(try await town.browser.get(path).body.contains("Monday, Tuesday")) }
        #expect(try await send(town, path, [("answer", "right")]).status == 200)
        let listing = try await town.directory.service(cedar, for: Town.staff).described
        #expect(listing.contains("checked by provider on 2025-05-01"))
        #expect(try await town.browser.get("/en/services/\(cedar)").body.contains("Checked May 1, 2025"))
        let used = try await town.browser.get(path)
        #expect(used.status == 410 && used.body.contains("This link was used before"))
        let again = try await town.browser.post(path, [("answer", "right")])
        #expect(again.status == 410 && again.body.contains("ask the desk for a new link"))
    }

    @Test func `a number is confirmed only when somebody else checks it too`() async throws {
        let (town, path) = try await town()
        func isConfirmed() -> Bool? {
            town.directory.find(Question(text: "cedar")).results.first?.card.phoneIsConfirmed
        }
        _ = try await send(town, path, [("answer", "right")])
        #expect(isConfirmed() == false)
        try await town.directory.check(.phone, phone.id, field: "number", as: "ann", second: true, by: Town.staff)
        #expect(isConfirmed() == true)
        let again = "/en/listing/\(try await town.directory.ask(.service, cedar, by: Town.staff))"
        _ = try await send(town, again, [("answer", "right")])
        #expect(isConfirmed() == true, "a provider that says so again does not undo the two checks")
    }

    @Test func `corrections land in the queue and the listing stays until staff accept`() async throws {
        let (town, path) = try await town()
        let fields = [
            ("answer", "corrections"), ("rest", "1"), ("\(phone.id).number", "250-555-0199"),
            ("\(cedar).hours", "Mondays only"), ("\(cedar).description", ""), ("note", "We are moving."),
        ]
        #expect(try await send(town, path, fields).status == 200)
        let items = try #require(try await town.directory.queue(limit: 10, for: Town.staff)).items.map(\.value)
        #expect(Set(items.map(\.proposal.topic)) == [.value, .hours, .note])
        let number = try #require(items.first { $0.proposal.field == "number" })
        #expect(number.proposal.valueThen == "250-555-0101" && number.proposal.proposed == "250-555-0199")
        #expect(items.contains { $0.proposal.field == "description" && $0.proposal.proposed == nil })
        #expect(try await town.directory.service(cedar, for: .visitor).json.contains("250-555-0101"))
        #expect(try await town.directory.service(cedar, for: Town.staff).described.contains("checked by provider"))
        try await town.directory.accept(number.proposal.id, by: Town.staff)
        let shown = try await town.directory.service(cedar, for: Town.staff).described
        #expect(
            shown.contains("250-555-0199  [reported; source provider, 2025-05-01; checked by provider on 2025-05-01]"))
    }

    @Test func `faults are named at their field and nothing that was typed is lost`() async throws {
        let (town, path) = try await town()
        let reply = try await send(
            town, path,
            [
                ("answer", "corrections"), ("\(cedar).name", ""), ("\(cedar).url", "ftp://x"),
                ("\(cedar).email", "nobody"), ("\(phone.id).number", "call us"), ("\(cedar).wait_time", "two <weeks>"),
            ])
        #expect(reply.status == 422)
        for sentence in [
            "Please fill this in", "A web address starts with", "does not look like a phone number",
            "does not look like an e-mail", "two &lt;weeks&gt;", "call us", "<details open>",
        ] { #expect(reply.body.contains(sentence), "\(sentence)") }
        #expect(try await town.directory.queue(limit: 10, for: Town.staff) == nil)
        #expect(try await town.browser.get(path).status == 200)
    }

    @Test func `an answer about a listing that changed meanwhile is asked again`() async throws {
        let (town, path) = try await town()
        let old = try seen(try await town.browser.get(path).body)
        try await town.directory.edit(.service, cedar, field: "name", to: .text("Heron"), source: "x", by: Town.staff)
        let reply = try await town.browser.post(path, [("seen", old), ("answer", "right")])
        #expect(reply.status == 422 && reply.body.contains("changed after you opened"))
    }

    @Test func `wrong and expired links and those of hidden listings are the same page`() async throws {
        let (town, path) = try await town()
        let wrong = try await town.browser.get("/en/listing/" + String(repeating: "0", count: 64))
        #expect(wrong.status == 404)
        try await town.directory.setAudience(.nobody, .service, cedar, field: "", by: Town.staff)
        #expect(try await town.browser.get(path).body == wrong.body)
        await #expect(throws: DirectoryRefusal.notPublic) {
            _ = try await town.directory.ask(.service, cedar, by: Town.staff)
        }
        try await town.directory.setAudience(.everyone, .service, cedar, field: "", by: Town.staff)
        town.clock.advance(days: 29)
        #expect(try await town.browser.get(path).status == 200)
        town.clock.advance(days: 1)
        #expect(try await town.browser.get(path).body == wrong.body)
        #expect(try await town.browser.post(path, [("answer", "right")]).body == wrong.body)
    }

    @Test func `the secret is neither in the database nor in the log`() async throws {
        let (town, path) = try await town()
        _ = try await town.browser.get(path)
        town.platform.log.flush()
        let secret = String(path.split(separator: "/").last ?? "")
        #expect(secret.count == 64)
        #expect(town.written.text.contains("GET /{language}/listing/{secret} 200"))
        #expect(!town.written.text.contains(secret))
        let kept = try await town.database.read {
            try $0.rows("SELECT digest FROM ask_link").map { try $0.text("digest") }
        }
        #expect(kept.count == 1 && !kept.contains(secret))
    }

    @Test func `of two answers at the same time one wins`() async throws {
        let (town, path) = try await town()
        let fingerprint = try seen(try await town.browser.get(path).body)
        let browser = town.browser
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    (try? await browser.post(path, [("seen", fingerprint), ("answer", "right")]).status) ?? 0
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 410 } == 5)
    }

    @Test func `a link for an organization asks about its services and nothing withheld`() async throws {
        let (town, _) = try await town()
        let organization = Fiction.id(.organization, "Cedar House")
        try await town.directory.edit(
            .service, cedar, field: "email", to: .text("hidden@example.org"), source: "x", by: Town.staff)
        try await town.directory.setAudience(.partner, .service, cedar, field: "email", by: Town.staff)
        let secret = try await town.directory.ask(.organization, organization, by: Town.staff)
        let page = try await town.browser.get("/en/listing/\(secret)").body
        #expect(page.contains("Cedar House Society") && page.contains("250-555-0101"))
        #expect(!page.contains("hidden@"))
        #expect(try await town.browser.get("/fr/listing/\(secret)").body.contains("lundi"))
    }

    @Test func `a fault at any statement of an answer leaves the link open and the listing as it was`() async throws {
        var failing: FailingDatabase?
        let town = try await Town(loadsRegion: false) { real in
            let database = FailingDatabase(real)
            failing = database
            return database
        }
        let database = try #require(failing)
        try await town.store(Fiction.service("Cedar House") + [phone])
        let path = "/en/listing/\(try await town.directory.ask(.service, cedar, by: Town.staff))"
        let fingerprint = try seen(try await town.browser.get(path).body)
        let fields = [
            ("seen", fingerprint), ("answer", "corrections"), ("rest", "1"), ("\(cedar).name", "Heron"),
        ]
        let before = try await town.directory.service(cedar, for: Town.staff).described
        var count = 0
        while true {
            database.failAfter(count)
            let status = try await town.browser.post(path, fields).status
            database.failAfter(nil)
            if status == 200 { break }
            #expect(status == 500)
            #expect(try await town.browser.get(path).status == 200)
            #expect(try await town.directory.queue(limit: 10, for: Town.staff) == nil)
            #expect(try await town.directory.service(cedar, for: Town.staff).described == before)
            count += 1
        }
        #expect(count > 8)
    }

    @Test func `an answer that comes while an import holds the records is asked for again, and the link stays`()
        async throws
    {
        var failing: FailingDatabase?
        let town = try await Town(loadsRegion: false) { real in
            let made = FailingDatabase(real)
            failing = made
            return made
        }
        let database = try #require(failing)
        try await town.store(Fiction.service("Cedar House"))
        let secret = try await town.directory.ask(.service, cedar, by: Town.staff)
        let path = "/en/listing/\(secret)"
        let fingerprint = try seen(try await town.browser.get(path).body)
        for (path, fields, sentence) in [
            (path, [("seen", fingerprint), ("answer", "right")], "New listings are coming in right now"),
            ("/en/services/\(cedar)/report", [("what", "moved")], "New listings are coming in right now"),
            ("/fr/services/\(cedar)/report", [("what", "moved")], "De nouvelles fiches"),
        ] {
            database.failAfter(0, with: StorageFailure.busy)
            let reply = try await town.browser.post(path, fields)
            #expect(reply.status == 503 && reply.body.contains(sentence), "\(path)")
        }
        for change in [
            { try await town.directory.setAudience(.partner, .service, cedar, field: "", by: Town.staff) },
            { try await town.directory.add(Fiction.service("Heron Kettle"), by: Town.staff) },
        ] as [() async throws -> Void] {
            await #expect(throws: DirectoryRefusal.busy) { try await change() }
        }
        database.failAfter(nil)
        #expect(
            try await town.browser.post(path, [("seen", fingerprint), ("answer", "right")]).status == 200)
    }
}
