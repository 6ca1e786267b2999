import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing

@testable import Intake

/// A person and a desk of providers whose organization runs a service.
struct Scene {
    static let typed = [
        ("needs", "need:housing"), ("needs-more", "a bus pass"), ("ways", "text"), ("reach", "250-555-0199"),
        ("must-not-know", "my landlord"), ("own-words", "Two lines of fiction."),
    ]

    let staff: Staff
    let coordinator: StaffBrowser
    let desk: StaffBrowser
    let organization: String
    let service: String
    let name: String
    let person: Person
    let digits: String

    init(
        _ fields: [(String, String)] = typed, _ language: String = "en",
        mail: Mail? = nil, wrap: (any Database) -> any Database = { $0 }
    ) async throws {
        staff = try await Staff(mail: mail, wrap: wrap)
        coordinator = try await staff.coordinator().browser
        let first = try await staff.organization()
        let row = try #require(
            try await staff.town.database.read {
                try $0.row(
                    "SELECT id, name, organization_id FROM service WHERE organization_id <> \(first) ORDER BY id LIMIT 1"
                )
            })
        organization = try row.text("organization_id")
        service = try row.text("id")
        name = try row.text("name")
        let secret = try await staff.invite(
            coordinator, "organizations", [("organization", organization), ("role", "provider")])
        desk = try await staff.join(secret, as: "Sam Rivers").browser
        person = try await Person(staff.town, language)
        digits = try await person.begin(fields)
        try await person.send("file")
    }

    /// Asks the service through the pages, with the parts of these names.
    func ask(_ parts: [String], note: String = "") async throws {
        try await person.send("referrals/form", [("find", name)])
        var ids: [(String, String)] = []
        for part in parts { ids.append(("part", try #require(person.hidden(label: part)))) }
        let wish = [("service", service), ("message", note)] + ids
        try await person.send("referrals/question", wish)
        #expect(person.page.status == 200)
        try await person.send("referrals", wish)
    }

    func list() async throws -> String { try await desk.get("/en/desk/referrals").body }

    func referral() async throws -> String {
        try #require(try await desk.get("/en/desk/referrals").hidden("referral"))
    }

    func post(_ path: String, _ fields: [(String, String)]) async throws -> Browser.Reply {
        try await desk.post("/en/desk/referrals/\(path)", fields)
    }
}
