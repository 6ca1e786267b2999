import Foundation
import Formats
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

/// A study with two fictional coders, through the pages.
struct CodingDesk {
    let staff: Staff
    let coordinator: StaffBrowser
    let provider: StaffBrowser
    let study: String

    static let text = "Beds are full. Buses stop at six.\n\nNobody answers at night 👩‍👧. Where to sleep?"

    var town: Town { staff.town }
    var path: String { "/en/desk/landscape/coding/\(study)" }
    var id: Identifier<Study> { get throws { try #require(Identifier(study)) } }

    init() async throws {
        staff = try await Staff()
        coordinator = try await staff.coordinator().browser
        provider = try await staff.lead(coordinator).browser
        _ = try await coordinator.get("/en/desk/landscape/coding")
        let reply = try await coordinator.post(
            "/en/desk/landscape/coding/studies", [("name", "Gaps <b>2024</b>"), ("description", "Notes of the groups")])
        study = String(try #require(reply.place).split(separator: "/").last ?? "")
    }

    /// A text, two codes, and both as coders.
    func filled() async throws -> (text: String, codes: [String]) {
        _ = try await coordinator.get(path)
        _ = try await coordinator.post("\(path)/texts", [("name", "Table 4"), ("text", Self.text)])
        for name in ["Housing", "Transport"] {
            _ = try await coordinator.post("\(path)/codes", [("name", name), ("definition", "About \(name)")])
        }
        for (browser, name) in [(coordinator, "Coder A"), (provider, "Coder B")] {
            _ = try await browser.get(path)
            #expect(try await browser.post("\(path)/coders", [("coder", name)]).status == 303)
        }
        let open = try await town.platform.landscape.study(id, for: Self.keeper)
        return (open.sources[0].id.description, open.codes.map(\.id.description))
    }

    static let keeper = StudyActor(actor: .commandLine("desk"), worker: nil)

    func count(_ table: String) async throws -> Int {
        try await Self.count(table, in: town.database)
    }

    static func count(_ table: String, in database: any Database) async throws -> Int {
        let name = try #require(SQLName(table))
        return try await database.read { try $0.row("SELECT COUNT(*) AS n FROM \(name: name)")?.integer("n") ?? 0 }
    }
}
