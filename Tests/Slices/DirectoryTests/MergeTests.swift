import Directory
import Formats
import Kernel
import Platform
import Storage
import Support
import Testing

@Suite struct MergeTests {
    private let kept = Fiction.id(.service, "Cedar House")
    private let lost = Fiction.id(.service, "Cedar Huose")

    private func phone(_ name: String, _ service: Identifier<Record>, _ number: String) -> Record {
        Record(
            .phone, id: Fiction.id(.phone, name),
            ["service_id": .text(service.description), "number": .text(number)])
    }

    private func town(_ wrap: (any Database) -> any Database = { $0 }) async throws -> Town {
        let town = try await Town(loadsRegion: false, wrap: wrap)
        try await town.store(Fiction.service("Cedar House") + Fiction.service("Cedar Huose"))
        try await town.store([
            phone("a", kept, "250-555-0101"), phone("b", lost, "(250) 555-0101"), phone("c", lost, "250-555-0102"),
        ])
        return town
    }

    private func merge(_ town: Town) async throws {
        try await town.directory.merge(.service, keeping: kept, losing: lost, by: Town.staff)
    }

    @Test func `two records become one with all that hung under both, each number once`() async throws {
        let town = try await town()
        try await town.directory.edit(
            .service, lost, field: "wait_time", to: .text("a week"), source: "their site", by: Town.staff)
        try await merge(town)
        let listing = try await town.directory.service(kept, for: Town.staff)
        let open = try await town.directory.service(kept, for: .visitor).json
        #expect(open.contains("250-555-0102") && open.contains("250-555-0101"))
        #expect(!open.contains("(250) 555-0101"))
        #expect(listing.described.contains("wait_time: a week  [reported; source their site]"))
        #expect(listing.history.contains { $0.action == "merge" && $0.field == "name" && $0.previous == "Cedar Huose" })
        #expect(try await town.directory.count(.service) == 1)
        let found = town.directory.find(Question(text: "cedar")).results.map(\.card.id)
        #expect(found.contains(kept) && !found.contains(lost))
        #expect(found.contains(Fiction.id(.organization, "Cedar Huose")), "it has no service now and stands for itself")
        #expect(try await town.platform.check() == [])
    }

    @Test func `the old address leads to the new one only while both may be seen`() async throws {
        let town = try await town()
        try await merge(town)
        let moved = try await town.browser.get("/fr/services/\(lost)")
        #expect(moved.status == 301 && moved.header("Location") == "/fr/services/\(kept)")
        #expect(try await town.browser.get("/fr/organizations/\(lost)").status == 404)
        try await town.directory.setAudience(.partner, .service, kept, field: "", by: Town.staff)
        let hidden = try await town.browser.get("/en/services/\(lost)")
        let nowhere = try await town.browser.get("/en/services/\(Fiction.id(.service, "none"))")
        #expect(hidden.status == 404 && hidden.body == nowhere.body && hidden.header("Location") == nil)
    }

    @Test func `addresses of records merged one after the other lead to the last one`() async throws {
        let town = try await town()
        try await town.store(Fiction.service("Alder"))
        try await merge(town)
        let alder = Fiction.id(.service, "Alder")
        try await town.directory.merge(.service, keeping: alder, losing: kept, by: Town.staff)
        #expect(try await town.directory.successor(.service, lost, for: .visitor) == alder)
    }

    @Test func `records for different circles, or hidden ones brought back later, tell nobody of each other`()
        async throws
    {
        let town = try await town()
        try await town.directory.setAudience(.nobody, .service, lost, field: "", by: Town.staff)
        await #expect(throws: DirectoryRefusal.differentAudience) { try await merge(town) }
        try await town.directory.setAudience(.nobody, .service, kept, field: "", by: Town.staff)
        try await merge(town)
        try await town.directory.setAudience(.everyone, .service, kept, field: "", by: Town.staff)
        #expect(try await town.browser.get("/en/services/\(kept)").status == 200)
        #expect(try await town.browser.get("/en/services/\(lost)").status == 404)
    }

    @Test func `what was withheld of the lost record stays withheld in the kept one`() async throws {
        let town = try await town()
        let vetted = Actor(name: "vetted", clearance: .vetted)
        for (id, value) in [(lost, "hidden@example.org")] {
            try await town.directory.edit(.service, id, field: "email", to: .text(value), source: "x", by: Town.staff)
            try await town.directory.setAudience(.nobody, .service, id, field: "email", by: Town.staff)
        }
        try await town.directory.setAudience(.partner, .service, lost, field: "name", by: Town.staff)
        try await town.directory.setAudience(.everyone, .service, lost, field: "name", by: Town.staff)
        try await town.directory.setAudience(.partner, .phone, Fiction.id(.phone, "c"), field: "", by: Town.staff)
        try await merge(town)
        #expect(try await !town.directory.service(kept, for: vetted).json.contains("hidden@"))
        #expect(try await town.directory.service(kept, for: Town.staff).json.contains("hidden@"))
        let open = try await town.directory.service(kept, for: .visitor).json
        #expect(!open.contains("250-555-0102"))
    }

    @Test func `an organization brings its services and its open links and proposals`() async throws {
        let town = try await town()
        let keptOwner = Fiction.id(.organization, "Cedar House")
        let lostOwner = Fiction.id(.organization, "Cedar Huose")
        let draft = ProposalDraft(.organization, lostOwner, field: "email", to: "a@example.org", from: .feed)
        try await town.directory.propose([draft], by: Town.staff)
        let secret = try await town.directory.ask(.organization, lostOwner, by: Town.staff)
        try await town.directory.merge(.organization, keeping: keptOwner, losing: lostOwner, by: Town.staff)
        #expect(try await town.directory.services(of: keptOwner, for: .visitor).count == 2)
        #expect(try await town.browser.get("/en/listing/\(secret)").body.contains("Cedar House Society"))
        let item = try #require(try await town.directory.queue(limit: 10, for: Town.staff)?.items.first?.value)
        #expect(item.proposal.record == keptOwner && item.listing == "Cedar House Society")
    }

    @Test func `a merge into itself, into what is not there or round a circle is refused`() async throws {
        let town = try await town()
        let (parent, child) = (Fiction.id(.organization, "Cedar House"), Fiction.id(.organization, "Cedar Huose"))
        await #expect(throws: DirectoryRefusal.sameRecord) {
            try await town.directory.merge(.service, keeping: kept, losing: kept, by: Town.staff)
        }
        await #expect(throws: DirectoryRefusal.notFound) {
            try await town.directory.merge(.service, keeping: kept, losing: parent, by: Town.staff)
        }
        await #expect(throws: DirectoryRefusal.notAllowed) {
            try await town.directory.merge(.service, keeping: kept, losing: lost, by: .visitor)
        }
        try await town.directory.edit(
            .organization, child, field: "parent_organization_id", to: .text(parent.description), source: "x",
            by: Town.staff)
        await #expect(throws: DirectoryRefusal.wouldCircle) {
            try await town.directory.merge(.organization, keeping: child, losing: parent, by: Town.staff)
        }
        try await town.directory.merge(.organization, keeping: parent, losing: child, by: Town.staff)
    }

    @Test func `a fault at any statement of a merge leaves both records as they were`() async throws {
        var failing: FailingDatabase?
        let town = try await town { real in
            let database = FailingDatabase(real)
            failing = database
            return database
        }
        let database = try #require(failing)
        func look() async throws -> String {
            try await town.directory.service(kept, for: Town.staff).described
                + town.directory.service(lost, for: Town.staff).described
        }
        let before = try await look()
        var count = 0
        while true {
            database.failAfter(count)
            do {
                try await merge(town)
                break
            } catch is FailingDatabase.Injected {
                database.failAfter(nil)
                #expect(try await look() == before)
                count += 37
            }
        }
        #expect(count > 200)
    }

    // MARK: Finding them

    @Test func `duplicates are found by number, by name and place, by website and name`() async throws {
        let town = try await town()
        let pairs = try await town.directory.duplicates(for: Town.staff)
        let services = try #require(pairs.first { $0.kind == .service })
        #expect(Set([services.keep, services.lose]) == [kept, lost])
        #expect(services.reasons.contains(.samePhone))
        for (name, words) in [("Cedar House", "North Lantern Circle"), ("Cedar Huose", "The Lantern Circle North")] {
            let id = Fiction.id(.organization, name)
            try await town.directory.edit(
                .organization, id, field: "name", to: .text(words), source: "x", by: Town.staff)
        }
        let owners = try await town.directory.duplicates(for: Town.staff).first { $0.kind == .organization }
        #expect(owners?.reasons == [.sameNameAndPlace])
    }

    @Test func `no pair of the region's own data is found by accident twice`() async throws {
        let pairs = try await Town().directory.duplicates(for: Town.staff)
        #expect(Set(pairs.map { Set([$0.keep, $0.lose]) }).count == pairs.count)
        #expect(pairs.allSatisfy { $0.score >= 60 })
    }

    @Test func `a pair in the queue is merged when accepted and not found again when refused`() async throws {
        let town = try await town()
        #expect(try await town.directory.proposeDuplicates(by: Town.staff) == 1)
        let item = try #require(try await town.directory.queue(limit: 10, for: Town.staff)?.items.first?.value)
        try await town.directory.refuse(item.proposal.id, reply: "Two houses.", by: Town.staff)
        #expect(try await town.directory.duplicates(for: Town.staff).isEmpty)

        let second = try await self.town()
        _ = try await second.directory.proposeDuplicates(by: Town.staff)
        let pair = try #require(try await second.directory.queue(limit: 10, for: Town.staff)?.items.first?.value)
        try await second.directory.accept(pair.proposal.id, by: Town.staff)
        #expect(try await second.directory.count(.service) == 1)
    }
}
