import Formats
import Kernel
import Support
import Testing

@testable import Directory

/// Hours are told whole or not at all: half of them would send somebody to a locked door.
@Suite struct WithheldHoursTests {
    private static let open = "9 a.m. – 5 p.m."

    private static func row(
        _ name: String, under owner: String = "service_id", _ id: Identifier<Record> = Fiction.id(.service, "Alder"),
        _ more: [String: FieldValue] = [:]
    ) -> Record {
        let usual: [String: FieldValue] = [
            owner: .text(id.description), "freq": .text("WEEKLY"), "byday": .text("MO,TU,WE,TH,FR"),
            "opens_at": .text("09:00"), "closes_at": .text("17:00"), "zone": .text("America/Vancouver"),
        ]
        return Fiction.record(.schedule, name, usual.merging(more) { $1 })
    }

    /// Alder in Terrace with these rows, on a Thursday at noon.
    private func town(_ rows: [Record]) async throws -> Town {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Alder") + rows)
        return town
    }

    /// What the page says of the hours, and whether the two filters find the service open.
    private func told(_ town: Town) async throws -> (page: String, isFoundOpen: Bool, isOpenInData: Bool) {
        let page = try await town.browser.get("/en/services/\(Fiction.id(.service, "Alder"))").body
        let found = try await town.browser.get("/en/find?q=Alder&open=now").body
        let data = try await town.hsds("services?open=now")
        return (page, found.contains(">Alder<"), data.total > 0)
    }

    private func expectUnknown(_ town: Town, _ comment: Comment) async throws {
        let told = try await told(town)
        #expect(told.page.contains("Hours not known") && !told.page.contains("The seven days"), comment)
        #expect(!told.isFoundOpen && !told.isOpenInData, comment)
    }

    @Test func `hours that nothing is withheld of are told`() async throws {
        let told = try await told(town([Self.row("usual")]))
        #expect(told.page.contains(Self.open) && told.isFoundOpen && told.isOpenInData)
    }

    @Test(arguments: ["valid_to", "valid_from", "until", "byday", "opens_at", "closes_at", "zone", "freq"])
    func `a row with a withheld field makes all hours unknown`(field: String) async throws {
        let more: [String: [String: FieldValue]] = [
            "valid_to": ["valid_to": .text("2025-04-30")], "valid_from": ["valid_from": .text("2025-06-01")],
            "until": ["until": .text("2025-04-30")],
        ]
        let rows = [Self.row("evening", more[field] ?? [:]), Self.row("usual")]
        let town = try await town(rows)
        try await town.directory.setAudience(.vetted, .schedule, rows[0].id, field: field, by: Town.staff)
        try await expectUnknown(town, "\(field)")
        let body = try await town.browser.get("/hsds/services/\(Fiction.id(.service, "Alder"))").body
        #expect(!body.contains("17:00") && !body.contains("2025-04-30"))
        let staff = try await town.directory.service(Fiction.id(.service, "Alder"), for: Town.staff)
        #expect(staff.schedules.count == 2)
    }

    @Test func `a withheld remark leaves the hours as they are`() async throws {
        let row = Self.row("usual", ["description": .text("Ring twice.")])
        let town = try await town([row])
        try await town.directory.setAudience(.vetted, .schedule, row.id, field: "description", by: Town.staff)
        let told = try await told(town)
        #expect(told.page.contains(Self.open) && told.isFoundOpen && told.isOpenInData)
    }

    @Test func `a withheld closure makes the usual hours unknown`() async throws {
        let closure = Self.row(
            "away",
            ["exception": .text("closed"), "valid_from": .text("2025-05-01"), "valid_to": .text("2025-05-02")])
        let town = try await town([Self.row("usual"), closure])
        let closed = try await told(town)
        #expect(closed.page.matches(of: #/>Closed</#).count == 4, "two days away, Saturday, Sunday")
        #expect(!closed.isFoundOpen && !closed.isOpenInData)
        try await town.directory.setAudience(.nobody, .schedule, closure.id, field: "", by: Town.staff)
        try await expectUnknown(town, "the day it is shut")
    }

    @Test func `hours for some leave the hours for all as they are`() async throws {
        let late = Self.row("late", ["opens_at": .text("19:00"), "closes_at": .text("23:00")])
        let town = try await town([Self.row("usual"), late])
        try await town.directory.setAudience(.vetted, .schedule, late.id, field: "", by: Town.staff)
        let told = try await told(town)
        #expect(told.page.contains(Self.open) && !told.page.contains("11 p.m.") && told.isFoundOpen)
    }

    @Test(arguments: ["", "valid_to"])
    func `the hours of the building do not stand in for withheld ones`(field: String) async throws {
        let own = Self.row("usual", ["valid_to": .text("2025-04-30")])
        let place = Fiction.id(.location, "Alder")
        let town = try await town([own, Self.row("building", under: "location_id", place)])
        try await town.directory.setAudience(.nobody, .schedule, own.id, field: field, by: Town.staff)
        let page = try await town.browser.get("/en/services/\(Fiction.id(.service, "Alder"))").body
        #expect(page.contains("Hours not known") && !page.contains("The seven days"))
        #expect(try await town.hsds("services?open=now").total == 0)
    }

    private static func row(_ name: String, _ more: [String: FieldValue]) -> Record {
        row(name, under: "service_id", Fiction.id(.service, "Alder"), more)
    }
}
