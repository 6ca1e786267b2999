import Directory
import Formats
import Foundation
import Kernel
import Platform
import Support
import Testing

@Suite struct LeakTests {
    /// Everything that somebody outside can read about the marked listing.
    private func published(_ town: Town) async throws -> String {
        let service = Fiction.id(.service, "marked")
        let organization = Fiction.id(.organization, "marked")
        var text = ""
        for path in [
            "/en/services/\(service)", "/fr/services/\(service)", "/en/services/\(service)/card",
            "/en/organizations/\(organization)", "/en/find.json?q=zqservicenamezz", "/en/find.json?near=Terrace",
            "/en/find?near=Terrace", "/en/map", "/en/find.json?q=zqorganizationnamezz", "/en/",
            "/en/services/\(service)/report", "/fr/organizations/\(organization)/report",
        ] { text += try await town.browser.get(path).body }
        for path in ["/en/saved", "/en/saved/sheet", "/en/saved/cards"] {
            text += try await town.browser.post(path, [("service", service.description)]).body
        }
        for (kind, id) in [(RecordKind.organization, organization), (.service, service)] {
            if let secret = try? await town.directory.ask(kind, id, by: Town.staff) {
                text += try await town.browser.get("/en/listing/\(secret)").body
            }
            let page = try await town.directory.exportPage(kind, after: nil, limit: 500, for: .visitor)
            text += page?.lines.joined() ?? ""
        }
        for format in ExportFormat.allCases where format.writer != nil {
            var bytes: [UInt8] = []
            _ = try await town.directory.export(ListingExport(format, for: .everyone)) { bytes += $0 }
            text += String(decoding: bytes, as: UTF8.self)
        }
        return text + town.written.text
    }

    @Test func `a data package has nothing of what is withheld, of any kind of record`() async throws {
        let (town, listing) = try await marked()
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-leak-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func packaged() async throws -> String {
            _ = try await town.directory.export(ListingExport(.hsds, for: .everyone), to: folder)
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).map {
                try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
            }.joined()
        }
        let identity = ["service.name", "organization.name", "service.status", "organization.description"]
        let before = try await packaged()
        var withheld: [String] = []
        for record in listing.records where ![.taxonomy, .taxonomyTerm, .unit].contains(record.kind) {
            for field in record.values.keys where !identity.contains("\(record.kind.rawValue).\(field)") {
                withheld += MarkedListing.marker(record, field) ?? []
                try await town.directory.setAudience(.partner, record.kind, record.id, field: field, by: Town.staff)
            }
        }
        #expect(withheld.count > 60 && withheld.count { before.contains($0) } > 50)
        let after = try await packaged()
        #expect(after.contains("zqservicenamezz"))
        for marker in withheld { #expect(!after.contains(marker), "\(marker)") }
    }

    private func marked() async throws -> (Town, MarkedListing) {
        let town = try await Town(loadsRegion: false)
        let listing = MarkedListing()
        try await town.store(listing.records)
        return (town, listing)
    }

    @Test func `a public field is published, so that its absence means something`() async throws {
        let (town, listing) = try await marked()
        let text = try await published(town)
        let hidden = ["contact", "metadata", "unit", "taxonomy", "taxonomy_term"]
        for record in listing.records where !hidden.contains(record.kind.rawValue) {
            for field in record.values.keys where field != "assurer_email" {
                guard let markers = MarkedListing.marker(record, field) else { continue }
                #expect(markers.contains { text.contains($0) }, "\(record.kind.rawValue).\(field)")
            }
        }
    }

    @Test(arguments: [Audience.partner, .nobody])
    func `a withheld field of any kind of record is found nowhere`(_ audience: Audience) async throws {
        let (town, listing) = try await marked()
        for record in listing.records {
            for field in record.values.keys.sorted() {
                guard let markers = MarkedListing.marker(record, field) else { continue }
                try await town.directory.setAudience(audience, record.kind, record.id, field: field, by: Town.staff)
                let text = try await published(town)
                for marker in markers {
                    #expect(
                        !text.contains(marker) as Bool, "\(record.kind.rawValue).\(field) is published as \(marker)")
                    #expect(town.directory.find(Question(text: marker)).results.allSatisfy { $0.matched.isEmpty })
                }
                try await town.directory.setAudience(.everyone, record.kind, record.id, field: field, by: Town.staff)
            }
        }
    }

    @Test func `a withheld record takes all its fields and all under it along`() async throws {
        let (town, listing) = try await marked()
        for record in listing.records {
            try await town.directory.setAudience(.nobody, record.kind, record.id, field: "", by: Town.staff)
            let text = try await published(town)
            for field in record.values.keys {
                for marker in MarkedListing.marker(record, field) ?? [] {
                    #expect(!text.contains(marker) as Bool, "\(record.kind.rawValue).\(field) of a withheld record")
                }
            }
            try await town.directory.setAudience(.everyone, record.kind, record.id, field: "", by: Town.staff)
        }
    }

    @Test(arguments: ["latitude", "longitude"])
    func `a site with a withheld position has no distance, no street and no order by nearness`(
        _ field: String
    ) async throws {
        let (town, listing) = try await marked()
        let location = try #require(listing.records.first { $0.kind == .location })
        #expect(town.directory.find(Question(text: "", near: "Terrace")).results.first?.kilometres != nil)
        try await town.directory.setAudience(.vetted, .location, location.id, field: field, by: Town.staff)
        #expect(town.directory.find(Question(text: "", near: "Terrace")).results.first?.kilometres == nil)
        let text = try await published(town)
        for hidden in [
            "54.516321", "128.603217", "zqaddressaddress1zz", "zqaddresspostalcodezz", "zqlocationtransportationzz",
        ] {
            #expect(!text.contains(hidden))
        }
    }

    @Test func `a withheld street hides the position too`() async throws {
        let (town, listing) = try await marked()
        let address = try #require(listing.records.first { $0.kind == .address })
        try await town.directory.setAudience(.partner, .address, address.id, field: "address_1", by: Town.staff)
        #expect(town.directory.find(Question(text: "", near: "Terrace")).results.first?.kilometres == nil)
        #expect(try await !published(town).contains("54.516321"))
    }

    @Test func `a hidden service changes no count, order, suggestion or page of others`() async throws {
        let town = try await Town()
        func look() async throws -> String {
            var text = ""
            for path in [
                "/en/find?q=zqservicenamezz", "/en/find.json?q=housing", "/en/map", "/en/about",
                "/en/find?near=Terrace",
            ] {
                text += try await town.browser.get(path).body
            }
            return text
        }
        let before = try await look()
        let listing = MarkedListing()
        try await town.store(listing.records)
        #expect(try await look() != before)
        for record in listing.records where [.service, .organization].contains(record.kind) {
            try await town.directory.setAudience(.nobody, record.kind, record.id, field: "", by: Town.staff)
        }
        #expect(try await look() == before)
        let there = try await town.browser.get("/en/services/\(Fiction.id(.service, "marked"))")
        let nowhere = try await town.browser.get("/en/services/\(Fiction.id(.service, "nobody"))")
        #expect(there.status == 404 && there.body == nowhere.body)
    }

    @Test func `partners see what is for partners and no more`() async throws {
        let (town, listing) = try await marked()
        let phone = try #require(listing.records.first { $0.kind == .phone })
        let partner = Actor(name: "partner", clearance: .partner)
        let service = Fiction.id(.service, "marked")
        try await town.directory.setAudience(.partner, .phone, phone.id, field: "number", by: Town.staff)
        #expect(try await town.directory.service(service, for: partner).json.contains("250-555-0177"))
        try await town.directory.setAudience(.vetted, .phone, phone.id, field: "number", by: Town.staff)
        #expect(try await !town.directory.service(service, for: partner).json.contains("250-555-0177"))
    }
}
