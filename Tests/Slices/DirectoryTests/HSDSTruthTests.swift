import Formats
import Foundation
import Kernel
import Storage
import Support
import Testing

@testable import Directory

/// The published documents stay true to the records, and valid.
@Suite struct HSDSTruthTests {
    @Test(.enabled(if: HSDSExamples.isThere, "the official schemas lie beside the project"))
    func `every answer about the region is valid`() async throws {
        let town = try await Town()
        let schema = try HSDSSchema()
        for (path, name) in [
            ("services", "service_list"), ("organizations", "organization_list"),
            ("service_at_locations", "service_at_location_list"), ("taxonomies", "taxonomy"),
            ("taxonomy_terms", "taxonomy_term"), ("services?full=true", "service"),
            ("organizations?full=true", "organization"), ("organizations?full_service=true", "organization"),
            ("service_at_locations?full=true", "service_at_location"),
        ] {
            let mark = path.contains("?") ? "&" : "?"
            let page = try await town.hsds("\(path)\(mark)per_page=1000")
            #expect(page.total == page.contents.count && page.total > 0, "\(path)")
            let faults = page.contents.flatMap { schema.faults(of: $0, as: name) }
            #expect(Set(faults) == [], "\(path)")
            let lines = try await town.browser.get("/hsds/\(path)\(mark)format=ndjson").body.split(separator: "\n")
            let streamed = try lines.map { try HSDSExamples.canonical(json: $0.utf8) }
            #expect(try streamed == page.contents.map(HSDSExamples.canonical), "\(path)")
        }
    }

    @Test(.enabled(if: HSDSExamples.isThere, "the official examples lie beside the project"))
    func `the official service comes out of the directory as it went in`() async throws {
        let town = try await Town(loadsRegion: false)
        var tree = try HSDSExamples.tree("service_full", .service)
        let expected = HSDSJSON.full(tree.onTheGlobe())
        try await town.store(HSDSFlattening.records(tree))
        tree = try await town.directory.standardTree(.service, tree.record.id, for: Town.staff)
        #expect(try HSDSExamples.canonical(json: HSDSJSON.full(tree)) == HSDSExamples.canonical(json: expected))
    }

    @Test(.enabled(if: HSDSExamples.isThere, "the official examples lie beside the project"))
    func `the official organization comes out of the directory as it went in`() async throws {
        let town = try await Town(loadsRegion: false)
        var tree = try HSDSExamples.tree("organization_full", .organization)
        tree.members["services"] = nil
        let expected = HSDSJSON.full(tree.onTheGlobe())
        try await town.store(HSDSFlattening.records(tree))
        tree = try await town.directory.standardTree(.organization, tree.record.id, for: Town.staff)
        #expect(try HSDSExamples.canonical(json: HSDSJSON.full(tree)) == HSDSExamples.canonical(json: expected))
    }

    @Test func `what was public leaves a tombstone, what never was leaves none`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Alder House"))
        let alder = Fiction.id(.service, "Alder House")
        #expect(try await town.hsds("tombstones").total == 0)
        try await town.directory.setAudience(.nobody, .service, alder, field: "", by: Town.staff)
        let tombstones = try await town.hsds("tombstones?modified_after=2025-05-01")
        #expect(Set(tombstones.contents.compactMap { $0["kind"] as? String }) == ["service", "service_at_location"])
        #expect(tombstones.ids.contains(alder.description))
        #expect(try await town.hsds("tombstones?modified_after=2030-01-01").total == 0)
        let first = try await town.hsds("tombstones?per_page=1&cursor=")
        let cursor = try #require(first.object["next_cursor"] as? String)
        let second = try await town.hsds("tombstones?per_page=1&cursor=\(cursor)")
        #expect(second.object["next_cursor"] == nil && Set(first.ids + second.ids) == Set(tombstones.ids))
        #expect(second.object["page_number"] as? Int == 2 && second.object["last_page"] as? Bool == true)
        try await town.directory.publications.desk.rebuild()
        #expect(try await town.hsds("tombstones").total == 2)
        try await town.directory.setAudience(.everyone, .service, alder, field: "", by: Town.staff)
        #expect(try await town.hsds("tombstones").total == 0)
        #expect(try await town.hsds("services/\(alder)").status == 200)
    }

    @Test func `a change of anything nested is published, and a rebuild finds nothing new`() async throws {
        let town = try await Town(loadsRegion: false)
        let records = Fiction.service("Alder House", opens: "09:00", closes: "17:00")
        try await town.store(records)
        let path = "services/\(Fiction.id(.service, "Alder House"))"
        for record in records {
            let field = record.kind == .schedule ? "notes" : "description"
            try await town.directory.edit(
                record.kind, record.id, field: field, to: .text("changed \(record.kind.rawValue)"), source: "test",
                by: Town.staff)
            #expect(try await town.browser.get("/hsds/\(path)").body.contains("changed \(record.kind.rawValue)"))
        }
        let before = town.directory.publications.desk.state
        try await town.directory.publications.desk.rebuild()
        #expect(town.directory.publications.desk.state == before)
    }

    @Test func `a parent that is not public is pointed to by nobody`() async throws {
        let town = try await Town(loadsRegion: false)
        let parent = Fiction.record(.organization, "parent", ["name": .text("Parent"), "description": .text("d")])
        let child = Fiction.record(
            .organization, "child",
            ["name": .text("Child"), "description": .text("d"), "parent_organization_id": .text(parent.id.description)])
        try await town.store([parent, child])
        let path = "/hsds/organizations/\(child.id)"
        #expect(try await town.browser.get(path).body.contains(parent.id.description))
        try await town.directory.setAudience(.partner, .organization, parent.id, field: "", by: Town.staff)
        #expect(try await !town.browser.get(path).body.contains(parent.id.description))
    }

    @Test func `a document file that is none is made anew`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "hsds-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "documents.sqlite")
        try Data(repeating: 7, count: 4096).write(to: file)
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Alder House"))
        let desk = DocumentDesk(database: town.database, world: .seeded(at: Town.noon), file: file)
        try await desk.prepare()
        try await desk.fill()
        let publications = Publications(desk: desk, hours: HoursCache())
        #expect(try await publications.page(DocumentQuery(.service), .all, nil).total == 1)
    }
}

extension Directory {
    fileprivate func standardTree(
        _ kind: RecordKind, _ id: Identifier<Record>, for viewer: Actor
    ) async throws -> RecordTree {
        let listing = try await database.read { try ListingLoader($0, nesting: .standard).listings(kind, [id]).first }
        return try #require(listing?.projected(for: viewer)).tree
    }
}

extension RecordTree {
    /// The examples stand at 100 degrees north.
    fileprivate func onTheGlobe() -> RecordTree {
        var tree = self
        if record.values["latitude"] != nil { tree.record.values["latitude"] = .number(10) }
        tree.members = members.mapValues { $0.map { $0.onTheGlobe() } }
        return tree
    }
}

/// A tree as flat records: a record that stands in several places is one record with several references. Ids are told
/// apart by kind, since the examples use one for two kinds.
private struct HSDSFlattening {
    private struct Key: Hashable {
        let kind: RecordKind
        let id: Identifier<Record>
    }

    private var found: [Key: Record] = [:]

    /// In an order that foreign keys accept; what is only pointed to is made up.
    static func records(_ tree: RecordTree) -> [Record] {
        var flat = Self()
        flat.add(tree.onTheGlobe(), under: nil)
        let first: [RecordKind] = [
            .taxonomy, .taxonomyTerm, .organization, .program, .service, .location, .serviceAtLocation, .contact,
            .phone, .unit,
        ]
        var parents: [Record] = []
        for record in flat.found.values {
            for field in ["parent_organization_id", "parent_id"] {
                guard let parent = record.reference(field), flat.found[Key(kind: record.kind, id: parent)] == nil
                else { continue }
                var above = Record(record.kind, id: parent, record.values)
                above.values[field] = nil
                parents.append(above)
            }
        }
        let kinds = first + RecordKind.allCases.filter { !first.contains($0) }
        return kinds.flatMap { kind in
            (parents + flat.found.values).filter { $0.kind == kind }
        }
    }

    private mutating func add(_ tree: RecordTree, under parent: Record?) {
        let key = Key(kind: tree.record.kind, id: tree.record.id)
        var record = tree.record
        record.values.merge(found[key]?.values ?? [:]) { $1 }
        if let parent {
            let field =
                switch record.kind {
                case .attribute: "link_id"
                case .metadata: "resource_id"
                default: "\(parent.kind.rawValue)_id"
                }
            if record.kind.object.field(field) != nil { record[field] = parent.id.description }
        }
        for member in record.kind.object.members where !member.isList {
            if let child = tree.members[member.name]?.first { record[member.reference] = child.record.id.description }
        }
        found[key] = record
        for children in tree.members.values { for child in children { add(child, under: record) } }
    }
}
