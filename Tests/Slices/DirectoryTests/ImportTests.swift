import Directory
import Formats
import Foundation
import Kernel
import Storage
import Support
import Synchronization
import Testing

@Suite struct ImportTests {
    /// A fictional file: an organization with a service at a place, and a phone.
    private static func file(name: String = "Cedar House", number: String = "250-555-0101") -> [Reading] {
        [
            draft(.organization, "o1", ["name": "Cedar Society", "description": "An example."], line: 1),
            draft(
                .service, "s1", ["name": name, "status": "active", "organization_id": "o1", "description": "Beds."],
                line: 2),
            draft(.location, "l1", ["location_type": "physical", "name": "Terrace", "organization_id": "o1"], line: 3),
            draft(.serviceAtLocation, "a1", ["service_id": "s1", "location_id": "l1"], line: 4),
            draft(.phone, "p1", ["service_id": "s1", "number": number], line: 5),
        ]
    }

    private static func draft(_ kind: RecordKind, _ id: String, _ texts: [String: String], line: Int) -> Reading {
        .draft(
            Draft(
                kind, externalId: id, texts.mapValues(FieldValue.text), origin: Origin(file: "example.csv", line: line))
        )
    }

    private static func id(_ kind: RecordKind, _ external: String) -> Identifier<Record> {
        .named("example/\(kind.rawValue)/\(external)")
    }

    private final class Told: Sendable {
        private let entries = Mutex<[ImportEntry]>([])
        var all: [ImportEntry] { entries.withLock { $0 } }
        func hear(_ entry: ImportEntry) { entries.withLock { $0.append(entry) } }
        func reasons(_ outcome: ImportEntry.Outcome) -> [String] {
            all.filter { $0.outcome == outcome }.map { "\($0.origin.map(\.description) ?? "-"): \($0.reason)" }
        }
    }

    @discardableResult
    private func take(
        _ readings: [Reading], into town: Town, told: Told = Told(), source: String = "example",
        _ adjust: (inout ImportOrder) -> Void = { _ in }
    ) async throws -> ImportReport {
        var order = ImportOrder(source: source, format: "test")
        adjust(&order)
        return try await town.directory.take(order, by: Town.staff, tell: told.hear) { body in
            for reading in readings { try body(reading) }
        }
    }

    private func results(_ text: String, _ town: Town) -> [Identifier<Record>] {
        town.directory.find(Question(text: text)).results.map(\.card.id)
    }

    @Test func `what a file brings is found at once, and the same file twice changes nothing`() async throws {
        let town = try await Town(loadsRegion: false)
        let first = try await take(Self.file(), into: town)
        #expect(first[.added] == 5)
        #expect(results("cedar house", town) == [Self.id(.service, "s1")])
        let change = try await town.database.read { try ChangeSequence($0).latest() }
        let second = try await take(Self.file(), into: town)
        #expect(second.counts.isEmpty && second.unchanged == 5)
        #expect(try await town.database.read { try ChangeSequence($0).latest() } == change)
    }

    @Test func `children may come before their parents`() async throws {
        let town = try await Town(loadsRegion: false)
        let report = try await take(Self.file().reversed(), into: town)
        #expect(report[.added] == 5 && report[.rejected] == 0)
        #expect(try await town.directory.service(Self.id(.service, "s1"), for: .visitor).json.contains("250-555-0101"))
        #expect(try await take(Self.file().reversed(), into: town).unchanged == 5)
    }

    @Test func `a changed number replaces the old one and is told with its line`() async throws {
        let town = try await Town(loadsRegion: false)
        try await take(Self.file(), into: town)
        let told = Told()
        let report = try await take(Self.file(number: "250-555-0199"), into: town, told: told)
        #expect(report.counts == [.changed: 1])
        #expect(told.reasons(.changed) == ["example.csv:5: number"])
        let json = try await town.directory.service(Self.id(.service, "s1"), for: .visitor).json
        #expect(json.contains("250-555-0199") && !json.contains("250-555-0101"))
    }

    @Test func `what the file no longer has is removed and leaves a tombstone`() async throws {
        let town = try await Town(loadsRegion: false)
        try await take(Self.file(), into: town)
        let told = Told()
        let report = try await take(Self.file().filter { !Self.isAbout("s1", $0) }, into: town, told: told)
        #expect(report[.removed] == 3, "the service, its place and its phone: \(told.all)")
        #expect(results("cedar house", town) != [Self.id(.service, "s1")])
        await #expect(throws: DirectoryRefusal.notFound) {
            try await town.directory.service(Self.id(.service, "s1"), for: Town.staff)
        }
        #expect(try await take(Self.file(), into: town)[.added] == 3)
    }

    @Test func `a file that drops a record and brings it back does not open what was withheld`() async throws {
        let town = try await Town(loadsRegion: false)
        try await take(Self.file(), into: town)
        let (service, phone) = (Self.id(.service, "s1"), Self.id(.phone, "p1"))
        try await town.directory.setAudience(.partner, .phone, phone, field: "number", by: Town.staff)
        try await take(Self.file().filter { !Self.isAbout("s1", $0) }, into: town)
        try await take(Self.file(), into: town)
        #expect(try await !town.directory.service(service, for: .visitor).json.contains("250-555-0101"))
        try await town.directory.setAudience(.nobody, .service, service, field: "", by: Town.staff)
        try await take(Self.file().filter { !Self.isAbout("s1", $0) }, into: town)
        try await take(Self.file(), into: town)
        await #expect(throws: DirectoryRefusal.notFound) { try await town.directory.service(service, for: .visitor) }
        #expect(!results("cedar house", town).contains(service))
    }

    @Test func `a file for partners does not open to partners what is withheld from them`() async throws {
        let town = try await Town(loadsRegion: false)
        try await take(Self.file(), into: town)
        let service = Self.id(.service, "s1")
        try await town.directory.setAudience(.nobody, .service, service, field: "", by: Town.staff)
        try await take(Self.file(name: "Cedar Home"), into: town) { $0.audience = .partner }
        await #expect(throws: DirectoryRefusal.notFound) {
            try await town.directory.service(service, for: Actor(name: "partner", clearance: .partner))
        }
    }

    @Test func `an empty file does not remove the little that its source brought`() async throws {
        let town = try await Town(loadsRegion: false)
        try await take(Self.file(), into: town)
        await #expect(throws: ImportRefusal.tooManyRemoved(missing: 5, all: 5)) { try await take([], into: town) }
        #expect(results("cedar house", town) == [Self.id(.service, "s1")])
        #expect(try await take([], into: town) { $0.allowsRemovals = true }[.removed] == 5)
    }

    private static func isAbout(_ external: String, _ reading: Reading) -> Bool {
        guard case .draft(let draft) = reading else { return false }
        return draft.externalId == external || draft["service_id"] == external
    }

    @Test func `a service that was merged here is not made anew by its file`() async throws {
        let town = try await Town(loadsRegion: false)
        try await take(Self.file(), into: town)
        try await town.store(Fiction.service("Alder"))
        let (kept, lost) = (Fiction.id(.service, "Alder"), Self.id(.service, "s1"))
        try await town.directory.merge(.service, keeping: kept, losing: lost, by: Town.staff)
        for name in ["Cedar House", "Heron Kettle", "Otter Kettle"] {
            let report = try await take(Self.file(name: name), into: town)
            #expect(report[.added] == 0 && report[.removed] == 0, "\(name): \(report.counts)")
        }
        #expect(try await town.directory.count(.service) == 1)
        #expect(try await town.directory.successor(.service, lost, for: .visitor) == kept)
    }

    @Test func `a delta removes only what it names`() async throws {
        let town = try await Town(loadsRegion: false)
        try await take(Self.file(), into: town)
        let origin = Origin(file: "delta.ndjson", line: 1)
        let report = try await take([.removal(.phone, externalId: "p1", origin)], into: town) { $0.isDelta = true }
        #expect(report.counts == [.removed: 1])
        let json = try await town.directory.service(Self.id(.service, "s1"), for: .visitor).json
        #expect(!json.contains("250-555-0101") && json.contains("Cedar House"))
        let stranger = try await take([.removal(.phone, externalId: "p9", origin)], into: town) { $0.isDelta = true }
        #expect(stranger.counts == [.rejected: 1])
    }

    @Test func `a file that was cut off does not empty the directory`() async throws {
        let town = try await Town(loadsRegion: false)
        let many = (0..<60).map { number in
            Self.draft(
                .organization, "o\(number)", ["name": "Society \(number)", "description": "An example."],
                line: number + 1)
        }
        try await take(many, into: town)
        await #expect(throws: ImportRefusal.tooManyRemoved(missing: 30, all: 60)) {
            try await take(Array(many.prefix(30)), into: town)
        }
        #expect(try await town.directory.count(.organization) == 60)
        let report = try await take(Array(many.prefix(30)), into: town) { $0.allowsRemovals = true }
        #expect(report[.removed] == 30)
    }

    @Test func `a dry run tells the same and keeps nothing`() async throws {
        let town = try await Town(loadsRegion: false)
        let told = Told()
        let report = try await take(Self.file(), into: town, told: told) { $0.isDryRun = true }
        #expect(report[.added] == 5 && report.isDryRun && told.all.count == 5)
        #expect(try await town.directory.count(.service) == 0)
    }

    @Test func `a bad row is named and the rest comes in`() async throws {
        let town = try await Town(loadsRegion: false)
        let told = Told()
        let bad = [
            Self.draft(.service, "s2", ["status": "active"], line: 6),
            Self.draft(.service, "s3", ["name": "Heron", "status": "active", "colour": "red"], line: 7),
            Self.draft(.phone, "p2", ["number": "250-555-0102", "service_id": "s9"], line: 8),
            .fault(ReadingFault("not-utf-8", "Read as Windows-1252.", at: Origin(file: "example.csv", line: 9))),
            .fault(ReadingFault("ragged", "The row has 3 columns of 5.", at: Origin(file: "example.csv", line: 9))),
        ]
        let report = try await take(Self.file() + bad, into: town, told: told)
        #expect(report[.added] == 6)
        #expect(
            told.reasons(.rejected).sorted() == [
                "example.csv:6: name is required", "example.csv:8: service_id points to a service that is not there",
                "example.csv:9: The row has 3 columns of 5.",
            ])
        #expect(
            told.reasons(.noticed).sorted() == [
                "example.csv:7: colour is unknown-field and was left out; more of the same are only counted",
                "example.csv:9: Read as Windows-1252.",
            ])
        #expect(try await town.directory.count(.phone) == 1)
    }

    @Test func `an address that is none of the web is left out of an import and named`() async throws {
        let town = try await Town(loadsRegion: false)
        let told = Told()
        let draft = Self.draft(
            .organization, "a", ["name": "a", "description": "An example.", "website": "javascript:alert(1)"], line: 2)
        #expect(try await take([draft], into: town, told: told)[.added] == 1)
        #expect(
            told.reasons(.noticed) == [
                "example.csv:2: website is not-an-address and was left out; more of the same are only counted"
            ])
    }

    @Test func `an organization that is its own grandparent keeps its place at the top`() async throws {
        let town = try await Town(loadsRegion: false)
        let told = Told()
        let circle = [("a", "b"), ("b", "c"), ("c", "a")].enumerated().map { line, pair in
            Self.draft(
                .organization, pair.0,
                ["name": pair.0, "description": "An example.", "parent_organization_id": pair.1], line: line + 1)
        }
        let report = try await take(circle, into: town, told: told)
        #expect(report[.added] == 3)
        #expect(
            told.reasons(.noticed) == [
                "example.csv:3: parent_organization_id leads back to the record itself and was left out"
            ])
    }

    @Test func `an id used for two records, or that of somebody else, is refused`() async throws {
        let town = try await Town(loadsRegion: false)
        let told = Told()
        let again = Self.draft(.service, "s1", ["name": "Another place", "status": "active"], line: 6)
        try await take(Self.file() + [again], into: town, told: told)
        #expect(told.reasons(.rejected) == ["example.csv:6: the file uses this id for another record too"])
        let uuid = Self.id(.service, "s1").description
        let stolen = Self.draft(.service, uuid, ["name": "Stolen", "status": "active"], line: 1)
        let other = Told()
        try await take([stolen], into: town, told: other, source: "other")
        #expect(other.reasons(.rejected) == ["example.csv:1: its id belongs to a record of another source"])
        try await town.store(Fiction.service("Own House"))
        let own = Self.draft(
            .service, Fiction.id(.service, "Own House").description, ["name": "Stolen", "status": "active"], line: 1)
        let third = Told()
        try await take([own], into: town, told: third, source: "other")
        #expect(third.reasons(.proposed) == ["example.csv:1: name of a record kept here; for the review queue"])
        #expect(results("stolen", town) == [])
    }

    @Test func `the organization inside each service does not shorten the whole one`() async throws {
        let town = try await Town(loadsRegion: false)
        var copy = Draft(
            .organization, externalId: "o1", ["name": .text("Cedar Society"), "description": .text("Short.")],
            origin: Origin(file: "example.csv", line: 1))
        copy.isWhole = false
        for readings in [[.draft(copy)] + Self.file(), Self.file() + [.draft(copy)]] {
            try await take(readings, into: town)
            #expect(try await take(readings, into: town).counts.isEmpty)
            let seen = try await town.directory.organization(Self.id(.organization, "o1"), for: .visitor).json
            #expect(seen.contains("An example."))
        }
    }

    @Test func `a correction made here stays when the file changes`() async throws {
        let town = try await Town(loadsRegion: false)
        try await take(Self.file(), into: town)
        let phone = Self.id(.phone, "p1")
        try await town.directory.edit(
            .phone, phone, field: "number", to: .text("250-555-0150"), source: "a call", by: Town.staff)
        #expect(try await take(Self.file(), into: town).counts.isEmpty)
        let told = Told()
        try await take(Self.file(number: "250-555-0199"), into: town, told: told)
        #expect(
            told.reasons(.noticed) == [
                "example.csv:5: number was corrected here and differs in the file; the correction stays"
            ])
        let json = try await town.directory.service(Self.id(.service, "s1"), for: .visitor).json
        #expect(json.contains("250-555-0150") && !json.contains("250-555-0199"))
    }

    @Test func `a confidential site loses street, position and distance`() async throws {
        let town = try await Town(loadsRegion: false)
        let origin = Origin(file: "example.xml", line: 1)
        let place = Draft(
            .location, externalId: "l1",
            [
                "location_type": .text("physical"), "name": .text("Hidden"), "organization_id": .text("o1"),
                "latitude": .number(54.5), "longitude": .number(-128.6),
            ], audiences: ["latitude": .vetted, "longitude": .vetted], origin: origin)
        let address = Draft(
            .address, externalId: "d1",
            [
                "location_id": .text("l1"), "address_1": .text("9 Fictional Lane"), "city": .text("Terrace"),
                "state_province": .text("BC"), "postal_code": .text("V0V 0V0"), "country": .text("CA"),
                "address_type": .text("physical"),
            ], audiences: ["address_1": .vetted, "postal_code": .vetted], origin: origin)
        let others = Self.file().filter { if case .draft(let draft) = $0 { draft.kind != .location } else { true } }
        try await take(others + [.draft(place), .draft(address)], into: town)
        let id = Self.id(.service, "s1")
        let json = try await town.directory.service(id, for: .visitor).json
        for hidden in ["Fictional Lane", "V0V", "54.5", "-128.6"] { #expect(!json.contains(hidden)) }
        #expect(try await town.directory.service(id, for: Town.staff).json.contains("Fictional Lane"))
        #expect(town.directory.find(Question(text: "cedar house", near: "Terrace")).results.first?.kilometres == nil)
    }

    @Test func `a statement that fails in the middle leaves the records as they were`() async throws {
        var failing: FailingDatabase?
        let town = try await Town(loadsRegion: false) { real in
            let made = FailingDatabase(real)
            failing = made
            return made
        }
        let database = try #require(failing)
        try await take(Self.file(), into: town)
        let before = try await town.directory.service(Self.id(.service, "s1"), for: Town.staff).json
        var count = 0
        while true {
            database.failAfter(count)
            do {
                try await take(Self.file(name: "Heron House", number: "250-555-0199"), into: town)
                break
            } catch is FailingDatabase.Injected {
                database.failAfter(nil)
                #expect(try await town.directory.service(Self.id(.service, "s1"), for: Town.staff).json == before)
            }
            count += 1
        }
        database.failAfter(nil)
        #expect(count > 5)
        #expect(results("heron house", town) == [Self.id(.service, "s1")])
    }

    @Test func `a term of another taxonomy is kept and found under our own word`() async throws {
        let town = try await Town(loadsRegion: false)
        let terms = [
            Self.draft(.taxonomyTerm, "1125", ["name": "Safe Housing", "description": "", "taxonomy": "OE"], line: 6),
            Self.draft(
                .attribute, "t1", ["link_id": "s1", "link_entity": "service", "taxonomy_term_id": "1125"], line: 7),
        ]
        try await take(Self.file() + terms, into: town)
        var question = Question(text: "")
        question.need = "housing"
        #expect(town.directory.find(question).results.map(\.card.id) == [Self.id(.service, "s1")])
        let json = try await town.directory.service(Self.id(.service, "s1"), for: .visitor).json
        #expect(json.contains("Safe Housing"))
    }

    @Test func `every term of the crosswalk is one of the vocabulary`() throws {
        let data = try DataSet(folder: Town.root.appending(path: "Data/bc"))
        #expect(data.unknownCrosswalkFacets.isEmpty)
    }

    @Test func `a listing from a file says where it comes from and when it was checked there`() async throws {
        let town = try await Town(loadsRegion: false)
        var service = Draft(
            .service, externalId: "s1", ["name": .text("Cedar House"), "status": .text("active")],
            origin: Origin(file: "example.csv", line: 1))
        service.checkedOn = ["": try #require(Day("2025-03-02"))]
        try await take([.draft(service)], into: town)
        let page = try await town.browser.get("/en/services/\(Self.id(.service, "s1"))")
        #expect(page.body.contains("example") && page.body.contains("March 2, 2025"))
    }

    @Test func `what a file says about a record in several places adds up, and twice changes nothing`() async throws {
        let town = try await Town(loadsRegion: false)
        let more = Self.draft(.service, "s1", ["name": "Cedar House", "wait_time": "One week"], line: 6)
        let many = (0..<1200).map { number in
            Self.draft(.phone, "x\(number)", ["service_id": "s1", "number": "250-555-0101"], line: number + 7)
        }
        for readings in [Self.file() + [more], Self.file() + many + [more]] {
            try await take(readings, into: town) { $0.isDelta = true }
            #expect(try await take(readings, into: town) { $0.isDelta = true }.counts.isEmpty)
            let json = try await town.directory.service(Self.id(.service, "s1"), for: .visitor).json
            #expect(json.contains("One week") && json.contains("Beds."))
        }
    }

    @Test func `what another file hung under a record comes again after that record was away`() async throws {
        let town = try await Town(loadsRegion: false)
        let service = Self.id(.service, "s1")
        let other = [
            Self.draft(.phone, "p7", ["service_id": service.description, "number": "250-555-0177"], line: 1)
        ]
        try await take(Self.file(), into: town)
        try await take(other, into: town, source: "other")
        try await take(Self.file().filter { !Self.isAbout("s1", $0) }, into: town)
        try await take(Self.file(), into: town)
        #expect(try await take(other, into: town, source: "other")[.added] == 1)
        #expect(try await town.directory.service(service, for: .visitor).json.contains("250-555-0177"))
    }
}
