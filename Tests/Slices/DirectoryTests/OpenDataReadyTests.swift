import Formats
import Foundation
import Kernel
import Support
import Testing

@testable import Directory

/// A large directory answers its pages while its open data is still being made.
@Suite struct OpenDataReadyTests {
    @Test func `pages answer before the open data does, and it says when to come again`() async throws {
        let town = try await Town(fillsDocuments: false)
        for path in ["/en/", "/en/find?q=food", "/fr/map", "/healthz", "/hsds", "/hsds/openapi.json"] {
            #expect(try await town.browser.get(path).status == 200, "\(path)")
        }
        for path in ["/hsds/services", "/hsds/organizations?format=ndjson", "/hsds/tombstones", "/readyz"] {
            let reply = try await town.browser.get(path)
            #expect(reply.status == 503 && reply.header("Retry-After") == "10", "\(path)")
            #expect(reply.body.contains("being made ready"), "\(path)")
        }
        try await town.directory.fillDocuments()
        #expect(try await town.hsds("services").total == 95)
        let ready = try await town.browser.get("/readyz")
        #expect(ready.status == 200 && ready.header("Retry-After") == nil)
    }

    @Test func `a change meanwhile waits for nobody and is in what comes`() async throws {
        let town = try await Town(loadsRegion: false, fillsDocuments: false)
        try await town.store(Fiction.service("Alder House") + Fiction.service("Birch Desk"))
        try await town.directory.setAudience(
            .nobody, .service, Fiction.id(.service, "Birch Desk"), field: "", by: Town.staff)
        #expect(try await town.browser.get("/en/find?q=Alder").body.contains("Alder House"))
        try await town.directory.fillDocuments()
        #expect(try await town.hsds("services").ids == [Fiction.id(.service, "Alder House").description])
    }

    @Test func `what somebody keeps or wants to ask does not wait for the open data`() async throws {
        let town = try await Town(fillsDocuments: false)
        let found = town.directory.find(Question(text: "help")).results.map(\.card).filter { $0.kind == .service }
        try #require(found.count > 1)
        let ids = [found[1].id, Fiction.id(.service, "nowhere"), found[0].id]
        let kept = found.prefix(2).map { ("service", $0.id.description) }
        let page = try await town.browser.post("/en/saved", kept)
        #expect(page.status == 200 && found.prefix(2).allSatisfy { page.body.contains($0.id.description) })
        let (cards, services) = (try await town.directory.cards(ids), try await town.directory.services(ids))
        #expect(cards.map(\.id) == [ids[0], ids[2]] && services.map(\.id) == cards.map(\.id))
        try await town.directory.fillDocuments()
        #expect(try await town.directory.cards(ids) == cards)
        #expect(try await town.directory.services(ids).map(\.id) == services.map(\.id))
        #expect(try await town.browser.post("/en/saved", kept).bytes == page.bytes)
    }

    @Test func `an organization that another program made a moment ago has its name already`() async throws {
        let town = try await Town(loadsRegion: false)
        let folder = FileManager.default.temporaryDirectory.appending(path: "ready-\(UUID().uuidString)")
        let other = try Directory(
            database: town.database, world: .seeded(at: Town.noon), data: town.directory.data,
            searchFile: folder.appending(path: "search.index"),
            documentsFile: folder.appending(path: "documents.sqlite"), downloadsFolder: folder)
        try await other.add(Fiction.service("Alder House"), by: Town.staff)
        let id = Fiction.id(.organization, "Alder House")
        await #expect(throws: DirectoryRefusal.notFound) { try await town.directory.page(.organization, id) }
        #expect(try await town.directory.organizationName(id.description, in: .english) == "Alder House Society")
        try await other.setAudience(.nobody, .organization, id, field: "", by: Town.staff)
        #expect(try await town.directory.organizationName(id.description, in: .english) == nil)
    }

    @Test func `documents from before a stop are shown to nobody until they are true again`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ready-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "documents.sqlite")
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Alder House"))
        func desk() -> DocumentDesk {
            DocumentDesk(database: town.database, world: .seeded(at: Town.noon), file: file)
        }
        let before = desk()
        try await before.prepare()
        try await before.fill()
        try await town.directory.setAudience(
            .nobody, .service, Fiction.id(.service, "Alder House"), field: "", by: Town.staff)
        let after = desk()
        let publications = Publications(desk: after, hours: HoursCache())
        try await after.prepare()
        try await after.follow()
        await #expect(throws: NotServing.self) { try await publications.page(DocumentQuery(.service), .all, nil) }
        try await after.fill()
        #expect(try await publications.page(DocumentQuery(.service), .all, nil).total == 0)
    }
}
