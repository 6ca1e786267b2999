import Directory
import Formats
import Kernel
import Platform
import Support
import Testing

/// One listing with every kind of record and a marker in every field.
struct MarkedListing {
    let records: [Record]

    /// Kinds that hang under the service, in an order that foreign keys accept.
    private static let kinds: [RecordKind] = [
        .taxonomy, .taxonomyTerm, .organization, .program, .service, .location, .serviceAtLocation, .contact, .phone,
        .address, .schedule, .language, .accessibility, .serviceArea, .requiredDocument, .costOption, .funding, .unit,
        .serviceCapacity, .url, .organizationIdentifier, .attribute, .metadata,
    ]

    /// Values with a meaning of their own, which a marker would break.
    private static let meant: [String: FieldValue] = [
        "service.status": .text("active"), "location.location_type": .text("physical"),
        "address.address_type": .text("physical"), "location.latitude": .number(54.516321),
        "location.longitude": .number(-128.603217), "schedule.freq": .text("WEEKLY"), "schedule.wkst": .text("MO"),
        "schedule.byday": .text("MO,TU,WE,TH,FR"), "schedule.opens_at": .text("03:17"),
        "schedule.closes_at": .text("04:29"), "schedule.zone": .text("America/Vancouver"),
        "attribute.link_entity": .text("service"), "metadata.resource_type": .text("service"),
    ]
    private static let left: Set<String> = [
        "schedule.valid_from", "schedule.valid_to", "schedule.dtstart", "schedule.until", "schedule.count",
        "schedule.interval", "schedule.bymonthday", "schedule.byweekno", "schedule.byyearday", "schedule.exception",
        "service_area.extent_type", "location.external_identifier_type", "organization.parent_organization_id",
        "taxonomy_term.parent_id",
    ]
    /// What a record hangs under; every other reference stays empty.
    private static let parents: [RecordKind: [String: RecordKind]] = [
        .program: ["organization_id": .organization], .taxonomyTerm: ["taxonomy_id": .taxonomy],
        .service: ["organization_id": .organization, "program_id": .program],
        .serviceAtLocation: ["service_id": .service, "location_id": .location],
        .contact: ["service_id": .service], .phone: ["service_id": .service], .address: ["location_id": .location],
        .schedule: ["service_id": .service], .language: ["service_id": .service],
        .accessibility: ["location_id": .location], .serviceArea: ["service_id": .service],
        .requiredDocument: ["service_id": .service], .costOption: ["service_id": .service],
        .funding: ["service_id": .service], .serviceCapacity: ["service_id": .service, "unit_id": .unit],
        .url: ["service_id": .service], .organizationIdentifier: ["organization_id": .organization],
        .attribute: ["link_id": .service, "taxonomy_term_id": .taxonomyTerm], .metadata: ["resource_id": .service],
    ]

    init() {
        records = Self.kinds.enumerated().map { index, kind in
            Record(kind, id: Fiction.id(kind, "marked"), Self.values(kind, index))
        }
    }

    private static func values(_ kind: RecordKind, _ index: Int) -> [String: FieldValue] {
        var values: [String: FieldValue] = [:]
        for (place, field) in kind.object.fields.enumerated() {
            let name = "\(kind.rawValue).\(field.name)"
            if let parent = parents[kind]?[field.name] {
                values[field.name] = .text(Fiction.id(parent, "marked").description)
            } else if let value = meant[name] {
                values[field.name] = value
            } else if !left.contains(name), !field.name.hasSuffix("_id") {
                let number = 7_000_000 + index * 1000 + place
                let word = "zq" + name.replacing("_", with: "").replacing(".", with: "") + "zz"
                values[field.name] =
                    switch field.form {
                    case .number: .number(Double(number))
                    case .uri: .text("https://\(word).example/")
                    case .email: .text("\(word)@example.org")
                    case .text: .text(kind == .phone && field.name == "number" ? "250-555-0177" : word)
                    }
            }
        }
        return values
    }

    /// What must not be found when `field` of `record` is withheld; nil for fields that carry no marker.
    static func marker(_ record: Record, _ field: String) -> [String]? {
        switch record.values[field] {
        case .text("03:17"): ["03:17", "3:17"]
        case .text("04:29"): ["04:29", "4:29"]
        case .text(let text) where text.contains("zq") || text.contains("555"): [text]
        case .number(let number): number == number.rounded() ? ["\(Int(number))"] : ["\(number)"]
        default: nil
        }
    }
}

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
        return text + town.written.text
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
