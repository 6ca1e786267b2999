import Formats
import Kernel
import Storage

/// Clearly fictional services for trying out and measuring: numbers of the 555-01xx range that is kept for fiction, streets
/// that do not exist, real towns. The same number of services always gives the same ones.
struct DemoTown {
    let places: [Gazetteer.Place]
    let needs: [String]
    let populations: [String]

    init(_ data: DataSet) {
        places = data.gazetteer.places.filter { $0.coordinate != nil }
        needs = data.vocabulary.facets(of: "need")
        populations = data.vocabulary.facets(of: "population")
    }

    private static let trees = [
        "Cedar", "Alder", "Maple", "Spruce", "Larch", "Birch", "Willow", "Hemlock", "Juniper", "Arbutus", "Aspen",
        "Fir",
        "Yew", "Dogwood", "Hazel", "Rowan",
    ]
    private static let things = [
        "Harbour", "Lantern", "Bridge", "River", "Meadow", "Garden", "Kettle", "Blanket", "Compass", "Window",
        "Orchard",
        "Paddle", "Doorstep", "Ember", "Robin", "Heron", "Otter", "Raven", "Salmon", "Tide",
    ]
    private static let kinds = [
        "House", "Centre", "Society", "Circle", "Clinic", "Kitchen", "Project", "Desk", "Place", "Collective",
    ]
    private static let sentences = [
        "Fictional example for trying out.", "A warm room with tea and people who listen.",
        "Beds for one night or for longer.", "Help with forms, letters and calls.",
        "Meals twice a day and a food shelf.", "Talks in private with a counsellor.",
        "Free advice about rights at work.", "A ride to a visit or to court.",
        "Groups for healing with elders.", "A nurse and a doctor once a week.",
    ]
    private static let patterns: [(days: String, opens: String, closes: String)] = [
        ("MO,TU,WE,TH,FR", "09:00", "17:00"), ("MO,TU,WE,TH,FR,SA", "10:00", "18:00"),
        ("MO,TU,WE,TH,FR,SA,SU", "00:00", "24:00"), ("FR,SA,SU", "20:00", "04:00"), ("TU,TH", "12:00", "20:00"),
    ]

    /// The records of the services numbered `range`; every fifth service starts a new organization.
    func records(_ range: Range<Int>) -> [Record] { range.flatMap(service) }

    private func service(_ number: Int) -> [Record] {
        var dice = Dice(seed: UInt64(number))
        let owner = id(.organization, number / 5)
        let place = places[dice.roll(places.count)]
        let name = "\(pick(Self.trees, &dice)) \(pick(Self.things, &dice)) \(pick(Self.kinds, &dice))"
        let service = id(.service, number)
        var records: [Record] = []
        if number % 5 == 0 {
            let texts = ["name": "\(name) (example)", "description": "Fictional organization.", "kind": "nonprofit"]
            records.append(record(.organization, owner, texts))
        }
        let description = (0..<3).map { _ in pick(Self.sentences, &dice) }.joined(separator: " ")
        records.append(
            record(
                .service, service,
                [
                    "organization_id": owner.description, "name": "\(name) \(place.name)", "status": "active",
                    "description": description,
                ]))
        records += self.place(place, service, number, &dice)
        let phone = "250-555-01\(padded(dice.roll(100)))"
        records.append(
            record(.phone, id(.phone, number), ["service_id": service.description, "number": phone, "type": "voice"]))
        if dice.roll(10) < 7 { records.append(schedule(service, number, place, &dice)) }
        let terms = Set([pick(needs, &dice), pick(needs, &dice), pick(populations, &dice)])
        let extra = [dice.roll(10) == 0 ? "feature:peer-led" : nil, dice.roll(6) == 0 ? "access:online" : nil]
        for (index, term) in (terms.sorted() + extra.compactMap(\.self)).enumerated() {
            let texts = ["link_id": service.description, "link_entity": "service", "value": term]
            records.append(record(.attribute, id(.attribute, number * 8 + index), texts))
        }
        return records
    }

    private func place(
        _ place: Gazetteer.Place, _ service: Identifier<Record>, _ number: Int, _ dice: inout Dice
    ) -> [Record] {
        let location = id(.location, number)
        var spot = record(
            .location, location,
            [
                "location_type": "physical", "name": place.name, "external_identifier": place.id,
                "external_identifier_type": "waymark-place",
            ])
        if let coordinate = place.coordinate {
            spot.values["latitude"] = .number(coordinate.latitude + Double(dice.roll(1000)) / 20_000)
            spot.values["longitude"] = .number(coordinate.longitude + Double(dice.roll(1000)) / 20_000)
        }
        return [
            spot,
            record(
                .serviceAtLocation, id(.serviceAtLocation, number),
                ["service_id": service.description, "location_id": location.description]),
        ]
    }

    private func schedule(
        _ service: Identifier<Record>, _ number: Int, _ place: Gazetteer.Place, _ dice: inout Dice
    ) -> Record {
        let pattern = Self.patterns[dice.roll(Self.patterns.count)]
        return record(
            .schedule, id(.schedule, number),
            [
                "service_id": service.description, "freq": "WEEKLY", "byday": pattern.days, "opens_at": pattern.opens,
                "closes_at": pattern.closes, "zone": place.timeZone ?? "America/Vancouver",
            ])
    }

    private func record(_ kind: RecordKind, _ id: Identifier<Record>, _ texts: [String: String]) -> Record {
        Record(kind, id: id, texts.mapValues(FieldValue.text))
    }

    private func id(_ kind: RecordKind, _ number: Int) -> Identifier<Record> {
        .named("demo/\(kind.rawValue)/\(number)")
    }
    private func pick(_ choices: [String], _ dice: inout Dice) -> String { choices[dice.roll(choices.count)] }
    private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// The same throws for the same seed (SplitMix64).
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 0x2545_f491_4f6c_dd1d }

    mutating func roll(_ sides: Int) -> Int {
        state = state &+ 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, sides)))
    }
}

extension Directory {
    /// Adds the fictional services numbered from 0; those that are there already stay. The number of services added.
    package func makeDemo(services: Int) async throws -> Int {
        let town = DemoTown(data)
        var added = 0
        for start in stride(from: 0, to: services, by: 2000) {
            let range = start..<min(start + 2000, services)
            let now = world.now()
            added += try await kept { transaction in
                let store = DirectoryStore(transaction)
                let changes = ChangeSequence(transaction)
                var added = 0
                for record in town.records(range) {
                    guard try store.insert(record) else { continue }
                    if record.kind == .service {
                        added += 1
                        try changes.append(record.kind.rawValue, record.id.description, at: now)
                    }
                }
                return added
            }
        }
        try await rebuildSearch()
        return added
    }
}
