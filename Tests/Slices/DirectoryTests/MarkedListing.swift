import Formats
import Kernel

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
