import Formats
import Kernel

/// Fictional records for tests. Phone numbers are of the 555-01xx range kept for fiction.
enum Fiction {
    static func id(_ kind: RecordKind, _ name: String) -> Identifier<Record> { .named("test/\(kind.rawValue)/\(name)") }

    static func record(_ kind: RecordKind, _ name: String, _ values: [String: FieldValue]) -> Record {
        Record(kind, id: id(kind, name), values)
    }

    /// A service in the middle of Terrace, with hours when given.
    static func service(_ name: String, opens: String? = nil, closes: String? = nil) -> [Record] {
        let service = id(.service, name)
        var records = [
            record(.organization, name, ["name": .text("\(name) Society"), "description": .text("An example.")]),
            record(
                .service, name,
                [
                    "name": .text(name), "status": .text("active"), "description": .text("A fictional place."),
                    "organization_id": .text(id(.organization, name).description),
                ]),
            record(
                .location, name,
                [
                    "location_type": .text("physical"), "name": .text("Terrace"), "latitude": .number(54.516),
                    "longitude": .number(-128.603),
                ]),
            record(
                .serviceAtLocation, name,
                ["service_id": .text(service.description), "location_id": .text(id(.location, name).description)]),
        ]
        if let opens, let closes {
            records.append(
                record(
                    .schedule, name,
                    [
                        "service_id": .text(service.description), "freq": .text("WEEKLY"),
                        "byday": .text("MO,TU,WE,TH,FR"), "opens_at": .text(opens), "closes_at": .text(closes),
                        "zone": .text("America/Vancouver"),
                    ]))
        }
        return records
    }
}
