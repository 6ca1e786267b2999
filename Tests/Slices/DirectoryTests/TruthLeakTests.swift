import Directory
import Formats
import Foundation
import Kernel
import Storage
import Support
import Testing

/// The leak test of the Directory, extended to what keeps listings true: history, proposals, reports, links, merges.
@Suite struct TruthLeakTests {
    private let vetted = Actor(name: "vetted", clearance: .vetted)
    private let service = Fiction.id(.service, "marked")
    private let organization = Fiction.id(.organization, "marked")

    private func marked() async throws -> (Town, MarkedListing) {
        let town = try await Town(loadsRegion: false)
        let listing = MarkedListing()
        try await town.store(listing.records)
        return (town, listing)
    }

    /// The same records without a search that is made anew after every change.
    private func withoutSearch(_ town: Town) throws -> Directory {
        let nowhere = FileManager.default.temporaryDirectory.appending(path: "waymark-no-search")
        return try Directory(
            database: town.database, world: .seeded(at: town.clock.now), data: town.directory.data, searchFile: nowhere,
            documentsFile: nowhere.appendingPathExtension("sqlite"),
            downloadsFolder: nowhere.appendingPathExtension("downloads"))
    }

    /// Everything that a vetted partner can read, and all pages.
    private func readable(_ town: Town) async throws -> String {
        try await town.directory.followChanges()
        var text = ""
        for kind in [RecordKind.organization, .service] {
            text += try await town.directory.exportPage(kind, after: nil, limit: 500, for: vetted)?.lines.joined() ?? ""
        }
        for path in [
            "services/\(service)", "organizations/\(organization)", "services/\(service)/report", "map",
        ] { text += try await town.browser.get("/en/\(path)").body }
        for (kind, id) in [(RecordKind.service, service), (.organization, organization)] {
            let entries = (try? await town.directory.history(kind, id, for: vetted)) ?? []
            text += entries.map { "\($0.previous) \($0.replacement)" }.joined()
            if let secret = try? await town.directory.ask(kind, id, by: Town.staff) {
                text += try await town.browser.get("/en/listing/\(secret)").body
            }
        }
        return text
    }

    /// Fields whose text can be replaced by any other.
    private func replaceable(_ listing: MarkedListing) -> [(Record, String, String)] {
        listing.records.filter { $0.kind != .metadata }.flatMap { record in
            record.values.keys.sorted().compactMap { field in
                guard let text = record[field], text.contains("zq") || text == "250-555-0177" else { return nil }
                return (record, field, text)
            }
        }
    }

    @Test func `a value that was replaced while it was withheld never comes back`() async throws {
        let (town, listing) = try await marked()
        let quiet = try withoutSearch(town)
        let fields = replaceable(listing)
        #expect(fields.count > 80)
        for (record, field, old) in fields {
            let new = old.replacing("zq", with: "yy").replacing("0177", with: "0178")
            try await quiet.setAudience(.nobody, record.kind, record.id, field: field, by: Town.staff)
            try await quiet.edit(
                record.kind, record.id, field: field, to: .text(new), source: "x", by: Town.staff)
            try await quiet.setAudience(.everyone, record.kind, record.id, field: field, by: Town.staff)
        }
        let text = try await readable(town)
        #expect(text.contains("yyservicename"))
        for (record, field, old) in fields {
            #expect(!text.contains(old) as Bool, "\(record.kind.rawValue).\(field)")
        }
        #expect(!text.contains("changed in"))
        let staff = try await town.directory.history(.service, service, for: Town.staff)
        #expect(staff.contains { $0.previous == "250-555-0177" })
    }

    @Test func `a value that was replaced and withheld afterwards never comes back`() async throws {
        let (town, listing) = try await marked()
        let quiet = try withoutSearch(town)
        let fields = replaceable(listing)
        for (record, field, old) in fields {
            let new = old.replacing("zq", with: "yy").replacing("0177", with: "0178")
            try await quiet.edit(
                record.kind, record.id, field: field, to: .text(new), source: "x", by: Town.staff)
            try await quiet.setAudience(.nobody, record.kind, record.id, field: field, by: Town.staff)
        }
        let hidden = try await readable(town)
        for (record, field, old) in fields {
            let new = old.replacing("zq", with: "yy").replacing("0177", with: "0178")
            #expect(!hidden.contains(old) as Bool && !hidden.contains(new) as Bool, "\(record.kind.rawValue).\(field)")
        }
        for (record, field, _) in fields {
            try await quiet.setAudience(.everyone, record.kind, record.id, field: field, by: Town.staff)
        }
        let open = try await readable(town)
        for (record, field, old) in fields {
            #expect(!open.contains(old) as Bool, "\(record.kind.rawValue).\(field)")
        }
    }

    @Test(arguments: [Audience.partner, .vetted, .nobody])
    func `proposals about withheld fields of any kind of record are seen by nobody below`(
        _ audience: Audience
    ) async throws {
        let (town, listing) = try await marked()
        let quiet = try withoutSearch(town)
        let below: [Audience: Audience] = [.partner: .everyone, .vetted: .partner, .nobody: .vetted]
        let viewer = Actor(name: "below", clearance: try #require(below[audience]), permissions: [.editListings])
        let fields = replaceable(listing).filter { $0.0.kind != .contact && $0.1 != "assurer_email" }
        for (record, field, _) in fields {
            try await quiet.propose(
                [ProposalDraft(record.kind, record.id, field: field, to: "zqproposedzz", from: .feed)], by: Town.staff)
        }
        func seen() async throws -> Int {
            try await town.directory.queue(limit: 500, for: viewer)?.items.count ?? 0
        }
        #expect(try await seen() > 50)
        for (record, field, _) in fields {
            try await quiet.setAudience(audience, record.kind, record.id, field: field, by: Town.staff)
        }
        #expect(try await seen() == 0)
        #expect(try await !readable(town).contains("zqproposedzz"))
    }

    @Test func `a hidden record, its tombstone and its history leave no trace on any page`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House"))
        func look() async throws -> String {
            var text = ""
            for path in ["/en/find?q=cedar", "/en/map", "/en/about", "/en/find.json?q=huose"] {
                text += try await town.browser.get(path).body
            }
            return text
        }
        let before = try await look()
        let (kept, lost) = (Fiction.id(.service, "Hidden"), Fiction.id(.service, "Cedar Huose"))
        let hidden = Fiction.service("Hidden") + Fiction.service("Cedar Huose")
        try await town.store(hidden)
        for record in hidden where [.service, .organization].contains(record.kind) {
            try await town.directory.setAudience(.vetted, record.kind, record.id, field: "", by: Town.staff)
        }
        try await town.directory.edit(.service, lost, field: "name", to: .text("Cedar"), source: "x", by: Town.staff)
        try await town.directory.merge(.service, keeping: kept, losing: lost, by: Town.staff)
        let after = try await look()
        for (old, new) in zip(before.split(separator: "\n"), after.split(separator: "\n")) { #expect(old == new) }
        let nowhere = try await town.browser.get("/en/services/\(Fiction.id(.service, "none"))")
        for id in [kept, lost] {
            for page in ["", "/report", "/card"] {
                let reply = try await town.browser.get("/en/services/\(id)\(page)")
                #expect(reply.status == 404 && reply.body == nowhere.body && reply.header("Location") == nil)
            }
        }
        #expect(try await town.directory.successor(.service, lost, for: vetted) == kept)
        #expect(try await town.directory.successor(.service, lost, for: .visitor) == nil)
    }

    @Test(.enabled(if: !TestDatabase.isPostgres))
    func `statements that keep listings true stay in the common dialect and walk through no table of listings`()
        async throws
    {
        var failing: FailingDatabase?
        let town = try await Town { real in
            let database = FailingDatabase(real)
            failing = database
            return database
        }
        let database = try #require(failing)
        let already = database.statements
        let card = try #require(town.directory.find(Question(text: "food")).results.first?.card)
        try await town.directory.edit(
            .service, card.id, field: "email", to: .text("a@b.example"), source: "x", by: Town.staff)
        let report = "/en/services/\(card.id)/report"
        #expect(try await town.browser.post(report, [("what", "closed")]).status == 200)
        let secret = try await town.directory.ask(.service, card.id, by: Town.staff)
        #expect(try await town.browser.get("/en/listing/\(secret)").status == 200)
        #expect(try await town.browser.post("/en/listing/\(secret)", [("answer", "right")]).status == 422)
        _ = try await town.browser.get("/en/services/\(Fiction.id(.service, "none"))")
        _ = try await town.browser.post("/en/reports/answer", [("receipt", String(repeating: "1", count: 40))])
        let draft = ProposalDraft(.service, card.id, field: "wait_time", to: "none", from: .feed)
        let proposal = try #require(try await town.directory.propose([draft], by: Town.staff).first)
        try await town.directory.accept(proposal, by: Town.staff)
        let forVisitors = database.statements.subtracting(already)
        let other = try #require(
            try await town.directory.list(.service, after: nil, limit: 2, for: .visitor).map(\.value.record.id)
                .first { $0 != card.id })
        try await town.directory.merge(.service, keeping: card.id, losing: other, by: Town.staff)
        _ = try await town.directory.staleBoard(for: Town.staff)
        _ = try await town.directory.proposeDuplicates(by: Town.staff)
        let file = Town.root.appending(path: ".build/statements-truth.json")
        try JSONEncoder().encode(database.statements.subtracting(already).sorted()).write(to: file)
        let forbidden = [
            "AUTOINCREMENT", "INSERT OR", "REPLACE INTO", "PRAGMA", "ROWID", "DATETIME(", "STRFTIME(", "JSON_", "GLOB",
            "IFNULL(", "LAST_INSERT", "WITHOUT ROWID", "COLLATE NOCASE", "SERIAL", "ILIKE", "::", "JSONB", "NOW()",
        ]
        for statement in database.statements.subtracting(already) {
            for word in forbidden {
                #expect(!statement.uppercased().contains(word), "\(word) in \(statement.prefix(80))")
            }
        }
        for statement in forVisitors where statement.hasPrefix("SELECT") || statement.hasPrefix("UPDATE") {
            let bound = statement.replacing(/\$\d+/, with: "'x'")
            let plan = try await database.read { try $0.rows(SQL(stringLiteral: "EXPLAIN QUERY PLAN \(bound)")) }
            for step in plan.compactMap({ $0.optionalText("detail") }) where step.hasPrefix("SCAN") {
                #expect(
                    statement.hasSuffix("LIMIT 1") || step.contains("CONSTANT"), "\(step): \(statement.prefix(120))")
            }
        }
    }
}
