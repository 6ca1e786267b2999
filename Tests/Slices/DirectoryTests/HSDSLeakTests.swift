import Foundation
import Formats
import Kernel
import Storage
import Support
import Synchronization
import Testing

@testable import Directory

/// Whatever is withheld changes nothing of the open data: no value, count, order, distance, moment or tag.
@Suite struct HSDSLeakTests {
    /// Half past three in the night of the marked opening hours. A second passes when a test says so: the moment of a
    /// hidden change would show, and what is open stays open.
    private static let night = Instant(seconds: Town.noon.seconds - 30_600)

    private func marked() async throws -> (Town, MarkedListing) {
        let town = try await Town(loadsRegion: false, now: Self.night)
        let listing = MarkedListing()
        try await town.store(listing.records)
        return (town, listing)
    }

    private static let paths: [String] = {
        let ids = [RecordKind.service, .organization, .serviceAtLocation, .taxonomy, .taxonomyTerm]
        let byId = zip(["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"], ids).map {
            "\($0)/\(Fiction.id($1, "marked"))"
        }
        return byId + lists
    }()

    private static let lists: [String] = [
        "services?format=ndjson", "services?full=true", "services?minimal=true",
        "services?modified_after=2025-05-01T10:31:00Z",
        "services?full=true&format=ndjson", "organizations?full_service=true", "organizations?format=ndjson",
        "service_at_locations?full=true&format=ndjson", "service_at_locations", "taxonomies", "taxonomy_terms",
        "tombstones", "services?near=Terrace", "service_at_locations?near=Terrace&proximity=20000",
        "services?latitude=54.516321&longitude=-128.603217&proximity=100",
        "organizations?near=Terrace&proximity=900000",
        "services?open=now", "services?organization_id=\(Fiction.id(.organization, "marked"))",
        "services?taxonomy_term_id=\(Fiction.id(.taxonomyTerm, "marked"))",
        "services?taxonomy_id=\(Fiction.id(.taxonomy, "marked"))",
    ]

    /// All that can be read.
    private struct Look: Equatable {
        var bodies: [[UInt8]] = []
        /// Statuses and tags; that of what is open now goes with the clock.
        var heads: [String] = []

        func says(_ text: String) -> Bool { bodies.contains { Data($0).range(of: Data(text.utf8)) != nil } }

        func difference(to other: Look) -> String {
            for (left, right) in zip(bodies, other.bodies) where left != right {
                return String(decoding: left.prefix(300), as: UTF8.self) + " ≠ "
                    + String(decoding: right.prefix(300), as: UTF8.self)
            }
            return zip(heads, other.heads).first { $0 != $1 }.map { "\($0) ≠ \($1)" } ?? ""
        }
    }

    private func look(_ town: Town, _ paths: [String]) async throws -> Look {
        var look = Look()
        for path in paths {
            let reply = try await town.browser.get("/hsds/\(path)")
            look.bodies.append(reply.status == 200 ? reply.bytes : [])
            let tag = path.contains("open=now") ? "" : reply.header("ETag") ?? "-"
            look.heads.append("\(path) \(reply.status) \(tag)")
        }
        return look
    }

    @Test func `a public field is in the open data, so that its absence means something`() async throws {
        let (town, listing) = try await marked()
        let text = try await look(town, Self.paths)
        let hidden: [RecordKind] = [.contact, .metadata]
        for record in listing.records where !hidden.contains(record.kind) {
            for field in record.values.keys where !["assurer_email", "last_modified"].contains(field) {
                guard let markers = MarkedListing.marker(record, field) else { continue }
                #expect(markers.contains { text.says($0) }, "\(record.kind.rawValue).\(field)")
            }
        }
        #expect(text.says("\"latitude\":54.516321"))
    }

    @Test func `a withheld field is found nowhere, and changing it changes nothing`() async throws {
        let (town, listing) = try await marked()
        for record in listing.records {
            for field in record.values.keys.sorted() {
                guard let markers = MarkedListing.marker(record, field) else { continue }
                try await town.directory.setAudience(.nobody, record.kind, record.id, field: field, by: Town.staff)
                town.clock.advance(seconds: 1)
                let search = ["services?search=\(markers[0].filter { $0.isLetter || $0.isNumber })"]
                let before = try await look(town, Self.lists + search)
                for marker in markers {
                    #expect(!before.says(marker), "\(record.kind.rawValue).\(field) is published as \(marker)")
                }
                town.clock.advance(seconds: 1)
                try await town.directory.edit(
                    record.kind, record.id, field: field, to: Self.other(record, field), source: "test", by: Town.staff)
                let after = try await look(town, Self.lists + search)
                #expect(
                    (before == after) as Bool, "\(record.kind.rawValue).\(field): \(before.difference(to: after))")
                try await town.directory.edit(
                    record.kind, record.id, field: field, to: record.values[field], source: "test", by: Town.staff)
                try await town.directory.setAudience(.everyone, record.kind, record.id, field: field, by: Town.staff)
            }
        }
    }

    @Test func `a withheld record is found nowhere, and changing it changes nothing`() async throws {
        let (town, listing) = try await marked()
        for record in listing.records {
            try await town.directory.setAudience(.nobody, record.kind, record.id, field: "", by: Town.staff)
            let before = try await look(town, Self.paths)
            for (place, field) in record.values.keys.sorted().enumerated() {
                guard let markers = MarkedListing.marker(record, field) else { continue }
                for marker in markers {
                    #expect(!before.says(marker), "\(record.kind.rawValue).\(field) of a withheld record")
                }
                guard place % 4 == 0 else { continue }
                town.clock.advance(seconds: 1)
                try await town.directory.edit(
                    record.kind, record.id, field: field, to: Self.other(record, field), source: "test", by: Town.staff)
                try await town.directory.edit(
                    record.kind, record.id, field: field, to: record.values[field], source: "test", by: Town.staff)
            }
            let after = try await look(town, Self.paths)
            #expect((before == after) as Bool, "\(record.kind.rawValue): \(before.difference(to: after))")
            try await town.directory.setAudience(.everyone, record.kind, record.id, field: "", by: Town.staff)
        }
    }

    @Test func `a record that never was public leaves no trace`() async throws {
        let town = try await Town(loadsRegion: false, now: Self.night)
        try await town.store(Fiction.service("Alder House"))
        let before = try await look(town, Self.paths)
        let hidden = Fiction.service("Hidden Home")
        let secret = Actor.commandLine("desk")
        let bare = hidden.filter { $0.kind == .organization } + hidden.filter { $0.kind == .location }
        for record in bare {
            try await town.database.write { transaction in
                try DirectoryStore(transaction).write(.nobody, "", of: record.id)
            }
        }
        town.clock.advance(seconds: 1)
        try await town.directory.add(bare, by: secret)
        let after = try await look(town, Self.paths)
        #expect((before == after) as Bool, "\(before.difference(to: after))")
    }

    private static func other(_ record: Record, _ field: String) -> FieldValue? {
        switch record.values[field] {
        case .number(let number): .number(number / 2)
        case .text(let text) where text.contains(":") && text.count == 5: .text("02:22")
        case .text: .text("https://other.example/other@example.org")
        case nil: nil
        }
    }
}
