import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing

@testable import Landscape

@Suite struct WorkshopAfterTests {
    private let paper = [
        ("kind", "existing"), ("focus", "prevention"), ("text", "A drop-in opens on Fridays."), ("form", "paper 1"),
        ("group", "2"),
    ]

    @Test func `notes from paper are marked, also after closing, and counted once`() async throws {
        let room = try await Room()
        try await room.phone().add("No beds.")
        try await room.send("closing")
        #expect(try await room.send("notes", paper).body.contains("from paper"))
        try await room.send("notes", paper)
        #expect(try await room.kept().count == 2)
        let wrong = try await room.send("notes", [("text", "kept as typed"), ("group", "9")])
        #expect(wrong.status == 422)
        #expect(wrong.body.contains("kept as typed"))
    }

    @Test func `what a facilitator takes away is nowhere in the database`() async throws {
        let room = try await Room()
        let phone = try await room.phone()
        let live = try await room.watch()
        try await phone.add("Somebody called Quillfeather did it.", form: "1")
        try await room.send("removals", [("note", phone.ownNote())])
        _ = try await live.wait(for: "event: gone")
        try await phone.add("Also Quillfeather.", form: "2")
        let note = try await phone.ownNote()
        try await room.send("closing")
        try await room.send("removals", [("note", note)])
        let rows = try await room.town.database.read { try $0.rows("SELECT * FROM workshop_note") }
        #expect(rows.isEmpty)
        let audit = try await room.town.database.read {
            try $0.rows("SELECT verb FROM audit WHERE kind = 'workshop-note'")
        }
        #expect(try audit.map { try $0.text("verb") } == ["add", "remove", "add", "remove"])
    }

    @Test func `closing takes away what tells which notes came from one phone`() async throws {
        let room = try await Room()
        try await room.phone().add("No beds.")
        try await room.send("closing")
        let left = try await room.town.database.read { transaction in
            (
                try transaction.rows("SELECT * FROM workshop_phone").count,
                try transaction.rows("SELECT id FROM workshop_note WHERE phone IS NOT NULL OR form_key IS NOT NULL")
                    .count
            )
        }
        #expect(left == (0, 0))
    }

    @Test func `drafts go into the scan that is chosen, the open one first, and never into the baseline`() async throws
    {
        let room = try await Room()
        try await room.phone().add("No beds.")
        try await room.send("closing")
        let landscape = room.town.platform.landscape
        _ = try await landscape.begin("2027", title: "Next", published: "2027", by: .commandLine("desk"))
        _ = try await landscape.begin("2026", title: "Other", published: "2026", by: .commandLine("desk"))
        let page = try await room.staff.get(room.page).body
        #expect(page.contains("<option selected>2027</option>") && page.contains("<option>2026</option>"))
        #expect(try await room.send("findings", [("scan", "2024")]).status == 409)
        #expect(try await room.send("findings", [("scan", "1999")]).status == 404)
        #expect(try await !landscape.drafts().contains { $0.origin == .workshop })
        let made = try await room.send("findings", [("scan", "2026")])
        #expect(made.body.contains("The drafts stand in the scan 2026 now."))
        #expect(try await landscape.drafts().filter { $0.origin == .workshop }.map(\.scan) == [.named("scan/2026")])
        #expect(try await landscape.scans().map(\.code).sorted() == ["2024", "2026", "2027"])
    }

    @Test func `notes become draft findings once, with kind by activity, focus, group and day`() async throws {
        let room = try await Room()
        let phone = try await room.phone(group: 3, "fr")
        try await phone.add("Pas de lits.", form: "1")
        try await phone.add("Une subvention.", form: "2", kind: "opportunity")
        #expect(try await room.send("findings").status == 409)
        try await room.send("closing")
        try await room.send("findings")
        try await room.send("notes", paper)
        try await room.send("findings")
        try await room.send("findings")
        let findings = try await room.town.database.read { transaction in
            let rows = try transaction.rows("SELECT id FROM finding WHERE origin = 'workshop' ORDER BY number")
            return try FindingStore(transaction).findings(rows.map { try $0.identifier("id") })
        }
        #expect(findings.map(\.text) == ["Pas de lits.", "Une subvention.", "A drop-in opens on Fridays."])
        #expect(findings.map(\.kind) == [.gap, .opportunity, .existing])
        #expect(findings.allSatisfy { $0.state == .draft && $0.theme.isEmpty })
        #expect(findings[0].language == .french)
        #expect(findings[0].places == ["terrace"] && findings[0].facts == [])
        #expect(findings[0].printed.document == "Spring workshop, 2025-05-01")
        #expect(findings[0].printed.section == "River")
        #expect(try await room.staff.get(room.page).body.contains("Draft finding made"))
    }

    @Test func `who was not in the room is kept, and too much of it given back`() async throws {
        let room = try await Room()
        try await room.send("absent", [("absent", "The Port Authority")])
        #expect(try await room.staff.get(room.page).body.contains("The Port Authority"))
        #expect(try await !room.town.browser.get("/en/landscape").body.contains("The Port Authority"))
        try await room.send("closing")
        #expect(try await room.town.browser.get("/en/landscape").body.contains("The Port Authority"))
        let long = try await room.send("absent", [("absent", String(repeating: "x", count: 2001))])
        #expect(long.status == 422)
        #expect(long.body.contains(String(repeating: "x", count: 2001)))
    }

    @Test func `the sheet has the agenda with times and time checks, and a code to scan`() async throws {
        let room = try await Room()
        let sheet = try await room.staff.get("\(room.page)/sheet").body
        #expect(sheet.contains("12:00 – 13:10"))
        #expect(sheet.contains("12:35: 35 minutes left"))
        #expect(sheet.contains("13:00: 10 minutes left"))
        #expect(sheet.contains("13:10 – 14:00"))
        #expect(sheet.contains("<svg class=\"picture\"") && sheet.contains(room.code))
    }

    @Test func `a form with faults names each of them and loses nothing`() async throws {
        let room = try await Room()
        _ = try await room.staff.get(Room.path + "/new")
        let reply = try await room.staff.post(
            Room.path,
            [
                ("title", "Autumn"), ("date", "2025-02-30"), ("starts", "25:00"), ("groups", "Cedar\nCedar"),
                ("minutes-gaps", "9999"), ("minutes-who-what-where", "0"),
            ])
        #expect(reply.status == 422)
        for field in [
            "venue", "date", "starts", "groups", "minutes-gaps", "minutes-who-what-where", "minutes-barriers",
        ] {
            #expect(reply.body.contains("id=\"f-\(field)-error\""), "\(field)")
        }
        for typed in ["Autumn", "2025-02-30", "25:00", "9999"] { #expect(reply.body.contains("value=\"\(typed)\"")) }
    }

    @Test func `a write that fails at any statement leaves everything as it was`() async throws {
        let failing = FailingDatabase(try await TestDatabase.make())
        let room = try await Room(Staff(wrap: { _ in failing }))
        let phone = try await room.phone()
        let landscape = room.town.platform.landscape
        let id = try #require(room.page.split(separator: "/").last.flatMap { Identifier<Workshop>(String($0)) })
        let keeper = Actor.commandLine("desk")
        let note = NoteForm(kind: "gap", focus: "prevention", text: "No beds.")
        let verbs: [@Sendable () async throws -> Void] = [
            { try await landscape.add(note, form: "1", in: .english, from: PhoneSecret(phone.secret)) },
            { try await landscape.start(.gaps, of: id, by: keeper) },
            { try await landscape.close(id, by: keeper) },
            { try await landscape.makeFindings(of: id, by: keeper) },
        ]
        for verb in verbs {
            var count = 0
            while true {
                let before = try await contents(room)
                failing.failAfter(count)
                do {
                    try await verb()
                    break
                } catch is FailingDatabase.Injected {
                    failing.failAfter(nil)
                    #expect(try await contents(room) == before)
                    count += 1
                }
            }
            failing.failAfter(nil)
            #expect(count > 3)
        }
    }

    @Test func `while the database is away a note stays on the page, to be sent again`() async throws {
        let failing = FailingDatabase(try await TestDatabase.make())
        let room = try await Room(Staff(wrap: { _ in failing }))
        let phone = try await room.phone()
        failing.fail(with: FailingDatabase.away)
        let reply = try await phone.add("No beds.", form: "the same")
        #expect(reply.status == 503)
        #expect(reply.body.contains("No beds.</textarea>"))
        #expect(reply.hidden("form") == "the same" && reply.hidden("phone") == phone.secret)
        failing.fail(with: nil)
        #expect(try await phone.add("No beds.", form: "the same").status == 200)
        #expect(try await room.kept() == ["No beds."])
    }

    private func contents(_ room: Room) async throws -> [String] {
        try await room.town.database.read { transaction in
            try ["workshop", "workshop_item", "workshop_phone", "workshop_note", "finding", "scan", "audit"].flatMap {
                try transaction.rows(SQL(stringLiteral: "SELECT * FROM \($0)")).map { "\($0)" }.sorted()
            }
        }
    }
}
