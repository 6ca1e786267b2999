import Directory
import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing

@Suite struct StaffTests {
    private func cedar() async throws -> (Town, Identifier<Record>) {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House"))
        return (town, Fiction.id(.service, "Cedar House"))
    }

    @Test func `an edit is found at once and starts the checks again`() async throws {
        let (town, id) = try await cedar()
        try await town.directory.check(.service, id, field: "name", as: "ann", second: false, by: Town.staff)
        try await town.directory.edit(
            .service, id, field: "name", to: .text("Heron Kettle"), source: "a call", by: Town.staff)
        #expect(town.directory.find(Question(text: "heron")).results.map(\.card.id) == [id])
        #expect(
            town.directory.find(Question(text: "cedar house")).results.allSatisfy {
                $0.card.name(in: .english) == "Heron Kettle"
            })
        #expect(try await !town.directory.service(id, for: Town.staff).described.contains("checked by ann"))
    }

    @Test func `a number is confirmed only after two different people checked it`() async throws {
        let (town, service) = try await cedar()
        let phone = Record(
            .phone, id: Fiction.id(.phone, "p"),
            ["service_id": .text(service.description), "number": .text("250-555-0101")])
        try await town.store([phone])
        func mark() -> Bool? { town.directory.find(Question(text: "cedar")).results.first?.card.phoneIsConfirmed }
        #expect(mark() == false)
        await #expect(throws: DirectoryRefusal.noFirstCheck) {
            try await town.directory.check(.phone, phone.id, field: "number", as: "ben", second: true, by: Town.staff)
        }
        try await town.directory.check(.phone, phone.id, field: "number", as: "ann", second: false, by: Town.staff)
        #expect(mark() == false)
        await #expect(throws: DirectoryRefusal.sameChecker) {
            try await town.directory.check(.phone, phone.id, field: "number", as: "ann", second: true, by: Town.staff)
        }
        try await town.directory.check(.phone, phone.id, field: "number", as: "ben", second: true, by: Town.staff)
        #expect(mark() == true)
    }

    @Test func `a conflict is not settled by a check`() async throws {
        let town = try await Town()
        let victimLink = try #require(town.directory.find(Question(text: "VictimLink BC")).results.first?.card.id)
        let listing = try await town.directory.service(victimLink, for: Town.staff)
        let phone = try #require(listing.phoneIds.first)
        await #expect(throws: DirectoryRefusal.conflict) {
            try await town.directory.check(.phone, phone, field: "number", as: "ann", second: false, by: Town.staff)
        }
    }

    @Test func `nobody without the right changes a listing`() async throws {
        let (town, id) = try await cedar()
        await #expect(throws: DirectoryRefusal.notAllowed) {
            try await town.directory.edit(.service, id, field: "name", to: .text("x"), source: "x", by: .visitor)
        }
        await #expect(throws: DirectoryRefusal.notAllowed) {
            try await town.directory.setAudience(.everyone, .service, id, field: "", by: .visitor)
        }
    }

    @Test func `a value that HSDS forbids is refused and the old one stays`() async throws {
        let (town, id) = try await cedar()
        await #expect(throws: DirectoryRefusal.self) {
            try await town.directory.edit(.service, id, field: "status", to: .text("open"), source: "x", by: Town.staff)
        }
        await #expect(throws: DirectoryRefusal.unknownField("colour")) {
            try await town.directory.edit(.service, id, field: "colour", to: .text("red"), source: "x", by: Town.staff)
        }
        #expect(try await town.directory.service(id, for: Town.staff).json.contains("\"status\":\"active\""))
    }

    @Test(arguments: [
        "javascript:alert(1)", " JavaScript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "file:///etc",
    ])
    func `an address that is none of the web is refused`(_ address: String) async throws {
        let (town, id) = try await cedar()
        await #expect(throws: DirectoryRefusal.self) {
            try await town.directory.edit(.service, id, field: "url", to: .text(address), source: "x", by: Town.staff)
        }
        for fine in ["https://example.org/", "HTTP://example.org", "www.example.org:8080/a"] {
            try await town.directory.edit(.service, id, field: "url", to: .text(fine), source: "x", by: Town.staff)
        }
    }

    @Test func `a record whose Nation is to be asked is not public`() async throws {
        let (town, id) = try await cedar()
        let steward = Steward(name: "An example Nation", permission: .ask)
        try await town.directory.setSteward(steward, .service, id, by: Town.staff)
        #expect(town.directory.find(Question(text: "cedar")).results.allSatisfy { $0.card.id != id })
        await #expect(throws: DirectoryRefusal.notFound) { try await town.directory.service(id, for: .visitor) }
    }

    @Test func `a fault at any statement leaves the directory as it was`() async throws {
        var failing: FailingDatabase?
        let town = try await Town(loadsRegion: false) { real in
            let database = FailingDatabase(real)
            failing = database
            return database
        }
        let database = try #require(failing)
        try await town.store(Fiction.service("Cedar House"))
        let id = Fiction.id(.service, "Cedar House")
        let before = try await town.directory.service(id, for: Town.staff).described
        let change = town.directory.change
        var count = 0
        while true {
            database.failAfter(count)
            do {
                try await town.directory.edit(
                    .service, id, field: "name", to: .text("Half"), source: "x", by: Town.staff)
                break
            } catch is FailingDatabase.Injected {
                database.failAfter(nil)
                #expect(try await town.directory.service(id, for: Town.staff).described == before)
                #expect(town.directory.change == change)
                count += 1
            }
        }
        #expect(count > 4)
        #expect(try await database.read { try AuditChain($0).walk().breaks } == [])
    }

    @Test(.enabled(if: !TestDatabase.isPostgres))
    func `no question to the database walks through a whole table`() async throws {
        var failing: FailingDatabase?
        let town = try await Town { real in
            let database = FailingDatabase(real)
            failing = database
            return database
        }
        let database = try #require(failing)
        let card = try #require(town.directory.find(Question(text: "food")).results.first?.card)
        _ = try await town.browser.get("/en/services/\(card.id)")
        // A step of the schema is taken once, in a database's life.
        let steps = Set(Platform.migrations.flatMap(\.statements))
        for statement in database.statements where statement.hasPrefix("SELECT") || statement.hasPrefix("UPDATE") {
            if steps.contains(statement) { continue }
            let bound = statement.replacing(/\$\d+/, with: "'x'")
            let plan = try await database.read { try $0.rows(SQL(stringLiteral: "EXPLAIN QUERY PLAN \(bound)")) }
            for step in plan.compactMap({ $0.optionalText("detail") }) where step.hasPrefix("SCAN") {
                let isFirstRowOnly = statement.hasSuffix("LIMIT 1") || statement.contains("COUNT(*)")
                let isOfFew = ["FROM migration", "FROM scan ORDER BY"].contains(where: statement.contains)
                #expect(
                    isFirstRowOnly || step.contains("CONSTANT") || isOfFew,
                    "\(step): \(statement.suffix(120))")
            }
        }
    }

    /// Tests/Browser/test_every_statement_is_postgresql.py reads the file with PostgreSQL's own grammar.
    @Test func `every statement keeps to the common dialect`() async throws {
        var failing: FailingDatabase?
        let town = try await Town { real in
            let database = FailingDatabase(real)
            failing = database
            return database
        }
        let directory = town.directory
        let id = try #require(directory.find(Question(text: "food")).results.first?.card.id)
        try await directory.edit(.service, id, field: "wait_time", to: .text("none"), source: "x", by: Town.staff)
        try await directory.check(.service, id, field: "name", as: "ann", second: false, by: Town.staff)
        try await directory.setAudience(.nobody, .service, id, field: "email", by: Town.staff)
        try await directory.setSteward(
            Steward(name: "An example Nation", permission: .ask), .service, id, by: Town.staff)
        for kind in RecordKind.allCases { _ = try await directory.list(kind, after: nil, limit: 2, for: Town.staff) }
        _ = try await directory.faults()
        _ = try await town.platform.check()
        _ = try await directory.makeDemo(services: 3)
        let organization = Identifier<Record>.named("bc/organization/org-211")
        _ = try await directory.services(of: organization, for: .visitor)
        let statements = try #require(failing).statements.sorted()
        #expect(statements.count > 100)
        // What PostgreSQL can read, but means otherwise or lacks as a function.
        let forbidden = [
            "ROWID", "DATETIME(", "STRFTIME(", "JSON_", "IFNULL(", "LAST_INSERT", "SERIAL", "NOW()", "BOOLEAN", " BLOB",
        ]
        for statement in statements {
            for word in forbidden where statement.uppercased().contains(word) {
                Issue.record("\(word) in: \(statement.prefix(80))")
            }
        }
        let file = Town.root.appending(path: ".build/statements.json")
        try JSONEncoder().encode(statements).write(to: file)
    }
}

extension Projected<Listing> {
    fileprivate var phoneIds: [Identifier<Record>] {
        json.split(separator: "\"phones\":[{\"id\":\"").dropFirst().compactMap {
            Identifier<Record>(String($0.prefix(36)))
        }
    }
}
