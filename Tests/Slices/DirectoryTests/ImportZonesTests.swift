import Directory
import Formats
import Kernel
import Storage
import Support
import Testing

/// Files of one region that do not say by which clock their hours are.
@Suite struct ImportZonesTests {
    private static func id(_ kind: RecordKind) -> Identifier<Record> { .named("example/\(kind.rawValue)/x") }

    private static func draft(_ kind: RecordKind, _ values: [String: FieldValue], as id: String = "x") -> Draft {
        Draft(kind, externalId: id, values, origin: Origin(file: "example.csv", line: 1))
    }

    /// A service with hours at one place.
    private static func file(opens: String = "09:00", place: [String: FieldValue], city: String? = nil) -> [Draft] {
        var file = [
            draft(.service, ["name": .text("Cedar House"), "status": .text("active")]),
            draft(.location, place.merging(["location_type": .text("physical")]) { $1 }),
            draft(.serviceAtLocation, ["service_id": .text("x"), "location_id": .text("x")]),
            draft(
                .schedule,
                [
                    "service_id": .text("x"), "freq": .text("WEEKLY"), "byday": .text("MO,TU,WE,TH,FR"),
                    "opens_at": .text(opens), "closes_at": .text("17:00"),
                ]),
        ]
        if let city {
            file.append(
                draft(
                    .address,
                    [
                        "location_id": .text("x"), "address_1": .text(""), "city": .text(city),
                        "state_province": .text("BC"), "postal_code": .text(""), "country": .text("CA"),
                        "address_type": .text("physical"),
                    ]))
        }
        return file
    }

    @discardableResult
    private func take(_ drafts: [Draft], into town: Town) async throws -> ImportReport {
        try await town.directory.take(
            ImportOrder(source: "example", format: "test"), by: Town.staff, tell: { _ in }
        ) { body in
            for draft in drafts { try body(.draft(draft)) }
        }
    }

    private func page(_ town: Town) async throws -> String {
        try await town.browser.get("/en/services/\(Self.id(.service))").body
    }

    @Test func `hours at a place of the region take its clock, and say that it is assumed`() async throws {
        for (place, city, zone) in [
            (["latitude": FieldValue.number(54.516), "longitude": .number(-128.603)], nil, "America/Vancouver"),
            ([:], "Dawson Creek", "America/Dawson_Creek"),
        ] as [([String: FieldValue], String?, String)] {
            let town = try await Town(loadsRegion: false)
            let file = Self.file(place: place, city: city)
            #expect(try await take(file, into: town)[.noticed] == 1)
            let listing = try await town.directory.service(Self.id(.service), for: Town.staff).described
            #expect(listing.contains(zone))
            #expect(listing.contains("assumed from the place"))
            #expect(try await !page(town).contains("do not know when it is open"))
            let again = try await take(file, into: town)
            #expect(again[.changed] == 0 && again[.noticed] == 0)
            let later = try await take(Self.file(opens: "10:00", place: place, city: city), into: town)
            #expect(later[.changed] == 1 && later[.rejected] == 0)
            #expect(try await town.directory.service(Self.id(.service), for: Town.staff).described.contains(zone))
        }
    }

    @Test func `hours elsewhere, without a place or at a hidden one stay unknown`() async throws {
        for (place, city, hides) in [
            (["latitude": FieldValue.number(43.65), "longitude": .number(-79.38)], nil, false),
            ([:], nil, false), ([:], "Nowhere At All", false), ([:], "Dawson Creek", true),
        ] as [([String: FieldValue], String?, Bool)] {
            let town = try await Town(loadsRegion: false)
            var file = Self.file(place: place, city: city)
            if hides { file[1].audiences[""] = .partner }
            try await take(file, into: town)
            #expect(
                try await !town.directory.service(Self.id(.service), for: Town.staff).described.contains("America/"))
        }
    }

    /// More hours than are looked at together.
    private static func manyHours() -> [Draft] {
        file(place: ["latitude": .number(54.516), "longitude": .number(-128.603)])
            + (1...600).map { day in
                draft(
                    .schedule,
                    [
                        "service_id": .text("x"), "opens_at": .text("09:00"), "closes_at": .text("17:00"),
                        "valid_from": .text((Day(number: 20_000) + day).description),
                    ], as: "hours-\(day)")
            }
    }

    @Test func `a service of many hours is said to have changed once for all their zones`() async throws {
        let town = try await Town(loadsRegion: false)
        #expect(try await take(Self.manyHours(), into: town)[.noticed] == 1)
        let zones = try await town.database.read {
            try $0.rows("SELECT id FROM schedule WHERE zone = 'America/Vancouver'").count
        }
        #expect(zones == 601)
        // One change when it came, and one when its zones were assumed.
        let changes = try await town.database.read { try ChangeSequence($0).after(0, limit: 10) }
        #expect(changes.map(\.record) == Array(repeating: Self.id(.service).description, count: 2))
    }

    @Test(.enabled(if: !TestDatabase.isPostgres))
    func `hours without a zone are found without a walk through what files brought`() async throws {
        var failing: FailingDatabase?
        let town = try await Town(loadsRegion: false) { real in
            let database = FailingDatabase(real)
            failing = database
            return database
        }
        try await take(Self.manyHours(), into: town)
        let statements = try #require(failing).statements.filter { $0.contains("FROM schedule WHERE zone IS NULL") }
        let bound = try #require(statements.first).replacing(/\$\d+/, with: "'x'")
        let plan = try await town.database.read {
            try $0.rows(SQL(stringLiteral: "EXPLAIN QUERY PLAN \(bound)")).map { try $0.text("detail") }
        }
        #expect(statements.count == 1 && plan.contains { $0.contains("imported") })
        #expect(plan.allSatisfy { !$0.hasPrefix("SCAN") }, "\(plan)")
    }
}
