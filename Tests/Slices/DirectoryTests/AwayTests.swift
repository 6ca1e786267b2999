import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Directory

/// The database is away: what a person reads goes on from the node's own files.
@Suite struct AwayTests {
    private let cedar = Fiction.id(.service, "Cedar House")
    private let society = Fiction.id(.organization, "Cedar House")

    private func town(loadsRegion: Bool = false) async throws -> (Town, FailingDatabase) {
        var failing: FailingDatabase?
        let town = try await Town(loadsRegion: loadsRegion) { real in
            let database = FailingDatabase(real)
            failing = database
            return database
        }
        try await town.store(Fiction.service("Cedar House", opens: "09:00", closes: "17:00"))
        return (town, try #require(failing))
    }

    private var reading: [String] {
        [
            "/en/", "/fr/", "/en/find", "/en/find?q=cedar", "/fr/find?q=cedar", "/en/find.json?q=cedar",
            "/en/services/\(cedar)", "/fr/services/\(cedar)", "/en/services/\(cedar)/card",
            "/en/services/\(cedar)/report", "/en/organizations/\(society)", "/en/map", "/en/about", "/en/privacy",
            "/en/saved?service=\(cedar)", "/hsds/services", "/hsds/services/\(cedar)",
            "/hsds/organizations/\(society)?full_service=true", "/hsds/services?format=ndjson", "/healthz", "/readyz",
        ]
    }

    @Test func `every page that people read goes on, as it was`() async throws {
        let (town, database) = try await town()
        var before: [String: [UInt8]] = [:]
        for path in reading { before[path] = try await town.browser.get(path).bytes }
        database.fail(with: FailingDatabase.away)
        await #expect(throws: FailingDatabase.away) { try await town.directory.followChanges() }
        for path in reading {
            let reply = try await town.browser.get(path)
            #expect(reply.status == 200, "\(path)")
            #expect(reply.bytes == before[path], "\(path)")
        }
        let sheet = try await town.browser.post("/en/saved/sheet", [("service", cedar.description)])
        #expect(sheet.status == 200 && sheet.body.contains("Cedar House"))
        let name = try await town.directory.organizationName(society.description, in: .english)
        #expect(name == "Cedar House Society")
    }

    @Test func `pages say how old they are once the database is silent for a while, and stop when it is back`()
        async throws
    {
        let (town, database) = try await town()
        database.fail(with: FailingDatabase.away)
        try? await town.directory.followChanges()
        town.clock.advance(seconds: 15)
        #expect(try await !town.browser.get("/en/services/\(cedar)").body.contains("This is what we knew"))
        #expect(try await town.browser.get("/readyz").body == "ready\n")
        town.clock.advance(seconds: 1)
        for path in ["/en/", "/en/find?q=cedar", "/en/services/\(cedar)", "/en/map"] {
            let page = try await town.browser.get(path).body
            #expect(page.contains("This is what we knew at 12 p.m. on May 1, 2025."), "\(path)")
        }
        #expect(try await town.browser.get("/fr/services/\(cedar)").body.contains("savions le 1 mai 2025 à 12 h"))
        let ready = try await town.browser.get("/readyz")
        #expect(ready.status == 200 && ready.body == "stale since 2025-05-01T19:00:00Z\n")
        database.fail(with: nil)
        try await town.directory.followChanges()
        #expect(try await !town.browser.get("/en/services/\(cedar)").body.contains("This is what we knew"))
        #expect(try await town.browser.get("/readyz").body == "ready\n")
    }

    @Test func `a database that hangs is noticed before it answers`() async throws {
        let (town, _) = try await town()
        _ = town.directory.contact.ask(at: town.clock.now)
        town.clock.advance(seconds: 16)
        #expect(town.directory.staleSince == Town.noon)
        town.directory.contact.hear(town.clock.now)
        #expect(town.directory.staleSince == nil)
    }

    @Test func `what needs the database says so in one sentence and when to ask again`() async throws {
        let (town, database) = try await town()
        database.fail(with: FailingDatabase.away)
        let gone = try await town.browser.get("/en/services/\(Fiction.id(.service, "Nowhere"))")
        #expect(gone.status == 503 && gone.header("Retry-After") == "10")
        #expect(gone.body.contains("We cannot reach our records right now"))
        #expect(try await town.browser.get("/fr/listing/nothing").body.contains("hors d’atteinte"))
        let report = try await town.browser.post(
            "/en/services/\(cedar)/report", [("what", "moved"), ("note", "kept words")])
        #expect(report.status == 503 && report.header("Retry-After") == "10" && report.body.contains("kept words"))
        #expect(report.body.contains("so nothing was kept"))
        let failures = town.written.text
        town.platform.log.flush()
        #expect(
            !failures.contains("host")
                && town.written.text.contains("The database is away: nothing answers at its host"))
    }

    @Test func `a write that is kept is not called lost because showing it failed`() async throws {
        let (town, database) = try await town()
        database.fail(with: FailingDatabase.away, readsOnly: true)
        try await town.directory.edit(
            .service, cedar, field: "name", to: .text("Alder House"), source: "x", by: Town.staff)
        #expect(try await town.directory.page(.service, cedar).record["name"] == "Cedar House")
        database.fail(with: nil)
        try await town.directory.followChanges()
        #expect(try await town.directory.page(.service, cedar).record["name"] == "Alder House")
    }

    /// The one way: what a page shows is what the record's projection says, field by field.
    @Test func `the page of every listing is the projection of its record`() async throws {
        let (town, _) = try await town(loadsRegion: true)
        for kind in [RecordKind.service, .organization] {
            var last: Identifier<Record>?
            while let page = try await town.directory.list(kind, after: last, limit: 50, for: .visitor).nonEmpty {
                for listing in page {
                    let kept = try await town.directory.page(kind, listing.id)
                    #expect(PageForm(kept).json == PageForm(listing).json)
                    #expect(kept.described == listing.ofPage.described)
                }
                last = page.last?.id
            }
        }
        let services = try await town.directory.pages(ofServicesOf: society)
        #expect(services.map(\.id) == [cedar])
    }

    @Test func `a withheld listing has no page, and one that is no HSDS any more has`() async throws {
        let (town, _) = try await town()
        try await town.directory.setAudience(.nobody, .service, cedar, field: "status", by: Town.staff)
        #expect(try await town.browser.get("/en/services/\(cedar)").status == 200)
        #expect(try await town.browser.get("/hsds/services/\(cedar)").status == 404)
        try await town.directory.setAudience(.nobody, .service, cedar, field: "", by: Town.staff)
        #expect(try await town.browser.get("/en/services/\(cedar)").status == 404)
        #expect(try await town.directory.pages(ofServicesOf: society).isEmpty)
        #expect(try await !town.browser.get("/en/saved?service=\(cedar)").body.contains("Cedar House"))
        try await town.directory.setAudience(.everyone, .service, cedar, field: "", by: Town.staff)
        #expect(try await town.browser.get("/en/services/\(cedar)").status == 200)
    }
}

extension Array {
    fileprivate var nonEmpty: [Element]? { isEmpty ? nil : self }
}
