import Directory
import Formats
import Foundation
import Kernel
import Support
import Testing

/// A reference is shown only to those who see what it points to: the id of a hidden record tells that it is there.
@Suite struct ReferenceLeakTests {
    private let partner = Actor(name: "partner", clearance: .partner)

    /// Each reference that can point out of the marked listing, and the record it points to.
    private static let outward: [(kind: RecordKind, field: String, target: RecordKind)] = [
        (.organization, "parent_organization_id", .organization), (.program, "organization_id", .organization),
        (.location, "organization_id", .organization), (.phone, "organization_id", .organization),
        (.contact, "organization_id", .organization), (.funding, "organization_id", .organization),
        (.url, "organization_id", .organization),
        (.schedule, "service_id", .service), (.language, "service_id", .service),
        (.taxonomyTerm, "parent_id", .taxonomyTerm),
    ]
    /// What each of those hangs under besides, so that it stays in the listing.
    private static let inward: [RecordKind: (field: String, target: RecordKind)] = [
        .phone: ("service_id", .service), .contact: ("service_id", .service), .funding: ("service_id", .service),
        .url: ("service_id", .service), .schedule: ("location_id", .location), .language: ("location_id", .location),
    ]

    private static func elsewhere(_ kind: RecordKind, _ field: String) -> Identifier<Record> {
        Fiction.id(kind, "elsewhere \(kind.rawValue) \(field)")
    }

    private struct Pointing {
        let town: Town
        let targets: [(name: String, kind: RecordKind, id: Identifier<Record>)]
    }

    /// The marked listing, whose references point to records outside it, each to one of its own.
    private func pointing() async throws -> Pointing {
        var records = MarkedListing().records
        var others: [Record] = []
        var targets: [(name: String, kind: RecordKind, id: Identifier<Record>)] = []
        for (kind, field, target) in Self.outward {
            let id = Self.elsewhere(kind, field)
            let name: [String: FieldValue] = ["name": .text("Elsewhere"), "description": .text("An example.")]
            var other = Record(target, id: id, name)
            if target == .service { other.values["status"] = .text("active") }
            others.append(other)
            targets.append(("\(kind.rawValue).\(field)", target, id))
            for index in records.indices where records[index].kind == kind {
                records[index].values[field] = .text(id.description)
                guard let inward = Self.inward[kind] else { continue }
                records[index].values[inward.field] = .text(Fiction.id(inward.target, "marked").description)
            }
        }
        let town = try await Town(loadsRegion: false)
        try await town.store(others + records)
        for record in records where record.kind == .contact {
            try await town.directory.setAudience(.everyone, .contact, record.id, field: "", by: Town.staff)
            for field in record.values.keys {
                try await town.directory.setAudience(.everyone, .contact, record.id, field: field, by: Town.staff)
            }
        }
        return Pointing(town: town, targets: targets)
    }

    private func openData(_ town: Town) async throws -> String {
        var text = ""
        for path in ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"] {
            let full = path.hasPrefix("taxonom") ? "" : "&full=true"
            text += try await town.browser.get("/hsds/\(path)?format=ndjson\(full)").body
        }
        let id = Fiction.id(.service, "marked")
        text += try await town.browser.get("/hsds/services/\(id)").body
        return text + (try await town.browser.get("/en/find.json?q=zqservicenamezz").body)
    }

    /// What goes out to `audience`, and what a viewer of that circle reads at a terminal.
    private func handed(_ town: Town, to audience: Audience) async throws -> String {
        var text = ""
        for format in ExportFormat.allCases where format.writer != nil {
            var bytes: [UInt8] = []
            _ = try await town.directory.export(ListingExport(format, for: audience)) { bytes += $0 }
            text += String(decoding: bytes, as: UTF8.self)
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-pointing-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try await town.directory.export(ListingExport(.hsds, for: audience), to: folder)
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            text += try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        }
        let viewer = Actor(name: "viewer", clearance: audience)
        for kind in RecordKind.allCases {
            for listing in try await town.directory.list(kind, after: nil, limit: 500, for: viewer) {
                text += listing.json + listing.described
            }
        }
        return text
    }

    @Test func `a reference to a withheld record is found nowhere in the open data`() async throws {
        let pointing = try await pointing()
        let before = try await openData(pointing.town)
        for (name, _, id) in pointing.targets {
            #expect(before.contains("\"\(id)\"") as Bool, "\(name) is not there to begin with")
        }
        for (name, kind, id) in pointing.targets {
            try await pointing.town.directory.setAudience(.partner, kind, id, field: "", by: Town.staff)
            #expect(try await !openData(pointing.town).contains(id.description) as Bool, "\(name) at once")
        }
        let after = try await openData(pointing.town)
        #expect(after.contains("zqservicenamezz"))
        for (name, _, id) in pointing.targets { #expect(!after.contains(id.description) as Bool, "\(name)") }
        for (_, kind, id) in pointing.targets {
            try await pointing.town.directory.setAudience(.everyone, kind, id, field: "", by: Town.staff)
        }
        let again = try await openData(pointing.town)
        for (name, _, id) in pointing.targets { #expect(again.contains(id.description) as Bool, "\(name)") }
    }

    @Test(arguments: [Audience.partner, .vetted, .nobody])
    func `a reference to a withheld record is in no export and on no screen of those below`(
        _ audience: Audience
    ) async throws {
        let pointing = try await pointing()
        let below: [Audience: Audience] = [.partner: .everyone, .vetted: .partner, .nobody: .vetted]
        let reader = try #require(below[audience])
        let before = try await handed(pointing.town, to: reader)
        for (name, _, id) in pointing.targets { #expect(before.contains(id.description) as Bool, "\(name)") }
        for (_, kind, id) in pointing.targets {
            try await pointing.town.directory.setAudience(audience, kind, id, field: "", by: Town.staff)
        }
        let after = try await handed(pointing.town, to: reader)
        #expect(after.contains("zqservicenamezz"))
        for (name, _, id) in pointing.targets { #expect(!after.contains(id.description) as Bool, "\(name)") }
    }

    @Test func `a partner keeps references to what partners see, and staff keeps all`() async throws {
        let pointing = try await pointing()
        let parent = Self.elsewhere(.organization, "parent_organization_id")
        let organization = Fiction.id(.organization, "marked")
        let directory = pointing.town.directory
        try await directory.setAudience(.partner, .organization, parent, field: "", by: Town.staff)
        #expect(try await directory.organization(organization, for: partner).json.contains(parent.description))
        try await directory.setAudience(.nobody, .organization, parent, field: "", by: Town.staff)
        #expect(try await !directory.organization(organization, for: partner).json.contains(parent.description))
        #expect(try await directory.organization(organization, for: Town.staff).json.contains(parent.description))
    }

    @Test func `what a reference was is told to nobody who does not see that record`() async throws {
        let pointing = try await pointing()
        let (old, new) = (
            Self.elsewhere(.location, "organization_id"), Self.elsewhere(.phone, "organization_id")
        )
        let vetted = Actor(name: "vetted", clearance: .vetted)
        let directory = pointing.town.directory
        let location = Fiction.id(.location, "marked")
        try await directory.edit(
            .location, location, field: "organization_id", to: .text(new.description), source: "x", by: Town.staff)
        let service = Fiction.id(.service, "marked")
        #expect(try await directory.service(service, for: vetted).json.contains(old.description))
        try await directory.setAudience(.nobody, .organization, old, field: "", by: Town.staff)
        #expect(try await !directory.service(service, for: vetted).json.contains(old.description))
    }
}
