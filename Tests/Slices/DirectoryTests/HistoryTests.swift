import Directory
import Formats
import Kernel
import Support
import Testing

@Suite struct HistoryTests {
    private let cedar = Fiction.id(.service, "Cedar House")
    private let phone = Record(
        .phone, id: Fiction.id(.phone, "p"),
        ["service_id": .text(Fiction.id(.service, "Cedar House").description), "number": .text("250-555-0101")])
    private let vetted = Actor(name: "vetted", clearance: .vetted)

    private func town() async throws -> Town {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House") + [phone])
        return town
    }

    private func call(_ town: Town, _ number: String) async throws {
        try await town.directory.edit(
            .phone, phone.id, field: "number", to: .text(number), source: "a call", by: Town.staff)
    }

    @Test func `every change keeps both values, the day and the role`() async throws {
        let town = try await town()
        try await call(town, "250-555-0102")
        try await town.directory.edit(
            .service, cedar, field: "wait_time", to: .text("none"), source: "x", by: Town.staff)
        let history = try await town.directory.history(.service, cedar, for: vetted)
        #expect(history.count == 2)
        let change = try #require(history.first { $0.kind == .phone })
        #expect(change.previous == "250-555-0101" && change.replacement == "250-555-0102")
        #expect(change.day == "2025-05-01" && change.by == "desk" && change.field == "number")
        #expect(history.contains { $0.previous == "(none)" && $0.replacement == "none" })
        #expect(try await town.directory.faults() == [])
    }

    @Test func `everybody sees what changed in which month and no value`() async throws {
        let town = try await town()
        try await call(town, "250-555-0102")
        let page = try await town.browser.get("/en/services/\(cedar)").body
        #expect(page.contains("Phone number: changed in May 2025"))
        #expect(!page.contains("250-555-0101"))
        let json = try await town.directory.service(cedar, for: .visitor).json
        #expect(!json.contains("250-555-0101") && !json.contains("metadata"))
        #expect(try await town.directory.history(.service, cedar, for: .visitor).isEmpty)
    }

    @Test func `what is withheld takes its history along, and it does not come back when it is opened`() async throws {
        let town = try await town()
        try await call(town, "250-555-0102")
        #expect(try await town.directory.service(cedar, for: vetted).json.contains("250-555-0101"))
        try await town.directory.setAudience(.nobody, .phone, phone.id, field: "number", by: Town.staff)
        #expect(try await town.directory.history(.service, cedar, for: vetted).isEmpty)
        #expect(try await !town.browser.get("/en/services/\(cedar)").body.contains("changed in"))
        try await call(town, "250-555-0103")
        try await town.directory.setAudience(.everyone, .phone, phone.id, field: "number", by: Town.staff)
        let seen = try await town.directory.service(cedar, for: vetted).json
        #expect(seen.contains("250-555-0103"))
        #expect(!seen.contains("250-555-0101") && !seen.contains("250-555-0102"))
        #expect(try await !town.browser.get("/en/services/\(cedar)").body.contains("changed in"))
        #expect(try await town.directory.history(.service, cedar, for: Town.staff).count == 2)
    }

    @Test(arguments: [Audience.partner, .vetted])
    func `the history of a field is for nobody who may not see the field`(_ audience: Audience) async throws {
        let town = try await town()
        try await town.directory.edit(
            .service, cedar, field: "email", to: .text("a@example.org"), source: "x", by: Town.staff)
        try await town.directory.edit(
            .service, cedar, field: "email", to: .text("b@example.org"), source: "x", by: Town.staff)
        try await town.directory.setAudience(audience, .service, cedar, field: "email", by: Town.staff)
        #expect(try await !town.browser.get("/en/services/\(cedar)").body.contains("changed in"))
        #expect(try await town.directory.history(.service, cedar, for: vetted).count == 2)
        let partner = Actor(name: "partner", clearance: .partner)
        #expect(try await town.directory.history(.service, cedar, for: partner).isEmpty)
    }

    @Test func `a withheld site takes the history of its street along for good`() async throws {
        let town = try await town()
        let location = Fiction.id(.location, "Cedar House")
        let address = Record(
            .address, id: Fiction.id(.address, "a"),
            [
                "location_id": .text(location.description), "address_1": .text("1 Example Street"),
                "city": .text("Terrace"), "state_province": .text("BC"), "postal_code": .text("V0V 0V0"),
                "country": .text("CA"), "address_type": .text("physical"),
            ])
        try await town.store([address])
        func move(_ street: String) async throws {
            try await town.directory.edit(
                .address, address.id, field: "address_1", to: .text(street), source: "x", by: Town.staff)
        }
        try await move("2 Example Street")
        try await town.directory.setAudience(.nobody, .location, location, field: "latitude", by: Town.staff)
        try await move("3 Example Street")
        try await town.directory.setAudience(.everyone, .location, location, field: "latitude", by: Town.staff)
        let seen = try await town.directory.service(cedar, for: vetted).json
        #expect(seen.contains("3 Example Street"))
        #expect(!seen.contains("1 Example Street") && !seen.contains("2 Example Street"))
    }

    @Test func `a history entry by itself is for staff alone`() async throws {
        let town = try await town()
        try await call(town, "250-555-0102")
        #expect(try await town.directory.list(.metadata, after: nil, limit: 10, for: vetted).isEmpty)
        #expect(try await town.directory.list(.metadata, after: nil, limit: 10, for: Town.staff).count == 1)
    }
}
