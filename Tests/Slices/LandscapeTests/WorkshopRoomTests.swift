import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Synchronization
import Testing

@testable import Landscape

/// What goes on between phones, the facilitator and those who watch, when not all goes as it should.
@Suite struct WorkshopRoomTests {
    private func id(_ room: Room) throws -> Identifier<Workshop> {
        try #require(room.page.split(separator: "/").last.flatMap { Identifier(String($0)) })
    }

    @Test func `a phone that comes in while others are read for gets what they had already seen`() async throws {
        let room = try await Room()
        let phone = try await room.phone()
        for number in 1...8 { try await phone.add("note \(number)", form: "\(number)") }
        let (database, id) = (room.town.database, try id(room))
        // Holds the next reading back until somebody else came in.
        let gate = Gate()
        let rooms = Rooms { id, number in
            await gate.pass()
            return try await database.read { try WorkshopStore($0).news(of: id, after: number) }
        }
        let seat = Rooms.Seat(room: room.key, language: .english) { news in
            news.notes.map { ($0.number, Array("[\($0.content?.text ?? "gone")]".utf8)) }
        }
        let early = try await rooms.watch(id, after: 6, from: seat)
        _ = early
        try await phone.add("note 9", form: "9")
        gate.close()
        async let reading: Void = rooms.look(at: id)
        while !gate.hasWaiting { await Task.yield() }
        let late = try await rooms.watch(id, after: 0, from: seat)
        gate.open()
        await reading
        await rooms.end()
        var came = ""
        for try await chunk in late { came += String(decoding: chunk, as: UTF8.self) }
        for number in 1...9 { #expect(came.matches(of: try Regex("\\[note \(number)\\]")).count == 1, "\(number)") }
    }

    @Test func `more than is read at once comes in parts, each note once and in order`() async throws {
        let room = try await Room()
        let (database, id) = (room.town.database, try id(room))
        try await fill(room, 1203)
        let rooms = Rooms { id, number in try await database.read { try WorkshopStore($0).news(of: id, after: number) }
        }
        let seat = Rooms.Seat(room: room.key, language: .english) { news in
            news.notes.map { ($0.number, Array("\($0.content?.text ?? "") ".utf8)) }
        }
        let stream = try await rooms.watch(id, after: 0, from: seat)
        await rooms.end()
        var came = ""
        for try await chunk in stream { came += String(decoding: chunk, as: UTF8.self) }
        let numbers = came.dropFirst("retry: 1000\n\n".count).split(separator: " ").compactMap { Int($0) }
        #expect(numbers == Array(1...1203))
    }

    @Test func `a phone that does not read is let go before it costs more than a megabyte`() async throws {
        let room = try await Room()
        let id = try id(room)
        let workshop = try await room.town.database.read { try #require(try WorkshopStore($0).workshop(id)) }
        let latest = Mutex(0)
        let rooms = Rooms { _, _ in
            let number = latest.withLock {
                $0 += 1; return $0
            }
            return RoomNews(workshop: workshop.with(latest: number), notes: [], upTo: number)
        }
        let seat = Rooms.Seat(room: room.key, language: .english) { news in
            [(news.upTo, [UInt8](repeating: 0x20, count: 300_000))]
        }
        let stream = try await rooms.watch(id, after: 0, from: seat)
        for _ in 1...20 { await rooms.look(at: id) }
        var bytes = 0
        for try await chunk in stream { bytes += chunk.count }
        #expect(bytes > 300_000 && bytes < 2 << 20)
    }

    private func fill(_ room: Room, _ count: Int) async throws {
        let id = try id(room)
        try await room.town.database.write { transaction in
            let store = WorkshopNoteStore(transaction)
            for number in 1...count {
                let content = WorkshopNote.Content(kind: .gap, focus: .prevention, place: nil, text: "\(number)")
                let note = WorkshopNote(
                    id: .named("note \(number)"), number: try WorkshopStore(transaction).nextNumber(id), group: 1,
                    content: content, language: .english, source: .paper, finding: nil)
                try store.insert(note, content, of: id, phone: nil, NoteKey("\(number)", content, "test"))
            }
        }
    }

    @Test func `a page shows the newest two hundred notes, and older ones behind a button`() async throws {
        let room = try await Room()
        try await fill(room, 450)
        let phone = try await room.phone()
        let newest = try await phone.post("room", [])
        #expect(newest.body.matches(of: /<li class="card" id="note-/).count == 200)
        #expect(newest.body.contains(">450<") && !newest.body.contains(">250<"))
        let before = try #require(newest.hidden("before"))
        let older = try await phone.post("room", [("before", before)])
        #expect(older.body.contains(">250<") && !older.body.contains("data-live"))
        for path in ["/en/workshops/wall/\(room.key)", room.page] {
            let page = try await room.staff.get(path).body
            #expect(page.matches(of: /<li class="card" id="note-/).count == 200, "\(path)")
            let link = try #require(page.firstMatch(of: /href="([^"]+before=[0-9]+)"/)?.1)
            #expect(try await room.staff.get(String(link)).body.contains(">250<"), "\(path)")
        }
        #expect(try await room.staff.get(room.page).body.contains("450 notes"))
        try await room.send("closing")
        try await room.send("findings")
        let made = try await room.town.database.read {
            try $0.row("SELECT COUNT(*) AS n, COUNT(DISTINCT number) AS numbers FROM finding WHERE origin = 'workshop'")
        }
        #expect(try made?.integer("n") == 450 && made?.integer("numbers") == 450)
    }

    @Test func `one phone fills no room: its notes have an end, and what is taken back fills nothing`() async throws {
        let room = try await Room()
        let (flood, other) = (try await room.phone(), try await room.phone())
        for number in 1...200 {
            room.town.clock.advance(seconds: 1)
            #expect(try await flood.add("n\(number)", form: "\(number)").status == 200)
        }
        room.town.clock.advance(seconds: 1)
        let enough = try await flood.add("kept as typed", form: "one more")
        #expect(enough.status == 422 && enough.body.contains("kept as typed"))
        #expect(enough.body.contains("sent 200 notes"))
        #expect(try await other.add("No beds.").status == 200)
        // All of it goes at once, and the phone with it.
        try await room.send("phones", [("note", flood.ownNote())])
        #expect(try await room.kept() == ["No beds."])
        #expect(try await flood.add("again", form: "2").status == 403)
        #expect(try await other.post("room", []).status == 200)
        let count = try await room.town.database.read { transaction in
            let id = try transaction.row("SELECT id FROM workshop")?.identifier("id", of: Workshop.self)
            return try WorkshopNoteStore(transaction).countNotes(of: #require(id)).all
        }
        #expect(count == 1)
    }

    @Test func `a new code keeps out who has the old one; phones that wrote stay in`() async throws {
        let room = try await Room()
        let (writer, silent) = (try await room.phone(), try await room.phone())
        try await writer.add("No beds.")
        try await room.send("code")
        #expect(try await room.town.browser.post("/en/workshops", [("code", room.code)]).status == 404)
        #expect(try await room.town.browser.get("/en/workshops/wall/\(room.key)").status == 404)
        #expect(try await writer.add("Buses stop at six.", form: "2").status == 200)
        #expect(try await silent.post("room", []).status == 403)
        let code = try await room.staff.get(room.page).body.firstMatch(of: /class="code">([A-Z0-9 ]{7})</)?.1
        #expect(try await room.town.browser.post("/en/workshops", [("code", String(#require(code)))]).status == 200)
    }

    @Test func `whoever watches by the old code is let go when there is a new one, and hears nothing after it`()
        async throws
    {
        let room = try await Room()
        let phone = try await room.phone()
        try await phone.add("before")
        let (here, french) = (try await room.watch(), try await room.watch("fr"))
        _ = try await here.wait(for: "before")
        let database = room.town.database
        let second = try await Town(loadsRegion: false, wrap: { _ in database })
        let elsewhere = try await second.browser.watch("/en/workshops/live/\(room.key)?after=0")
        _ = try await elsewhere.wait(for: "before")
        try await room.send("code")
        #expect(try await here.wait(for: "event: over").contains("This workshop has a new code."))
        _ = try await french.wait(for: "Cet atelier a un nouveau code.")
        try await here.end()
        try await phone.add("for the others alone", form: "2")
        await second.platform.landscape.turn()
        let came = try await elsewhere.wait(for: "event: over")
        #expect(!came.contains("for the others alone"))
        try await elsewhere.end()
        let body = try await room.staff.get(room.page).body
        let key = try String(#require(body.firstMatch(of: /workshops\/wall\/([0-9a-f]{32})/)?.1))
        let fresh = try await room.town.browser.watch("/en/workshops/live/\(key)?after=0")
        _ = try await fresh.wait(for: "for the others alone")
    }

    @Test func `notes are changed no faster than they are added, and unknown phones take nothing from others`()
        async throws
    {
        let room = try await Room()
        let phone = try await room.phone()
        try await phone.add("words 0")
        let note = try await phone.ownNote()
        var statuses: [Int] = []
        for number in 1...25 {
            let fields = [
                ("note", note), ("kind", "gap"), ("focus", "prevention"), ("text", "words \(number)"),
            ]
            statuses.append(try await phone.post("notes/change", fields).status)
        }
        #expect(statuses.filter { $0 == 200 }.count == 19 && statuses.last == 503)
        let stranger = Phone(browser: phone.browser, language: "en", secret: String(repeating: "a", count: 64))
        for number in 1...30 { #expect(try await stranger.add("n", form: "\(number)").status == 403) }
    }

    @Test func `a phone in the wrong group goes to the other until it wrote something`() async throws {
        let room = try await Room()
        let phone = try await room.phone(group: 1)
        #expect(try await phone.post("room", []).body.contains("This is not your group?"))
        #expect(try await phone.post("entry", [("room", room.key), ("group", "3")]).body.contains("Your group: River"))
        let written = try await phone.add("No beds.")
        #expect(!written.body.contains("This is not your group?"))
        #expect(try await phone.post("entry", [("room", room.key), ("group", "1")]).body.contains("Your group: River"))
    }

    @Test func `what nobody closed is closed after its two days, and no phone is known any more`() async throws {
        let room = try await Room()
        try await room.phone().add("No beds.")
        let landscape = room.town.platform.landscape
        func phones() async throws -> Int {
            try await room.town.database.read { try $0.rows("SELECT digest FROM workshop_phone").count }
        }
        room.town.clock.advance(days: 2)
        for _ in 1...15 { await landscape.turn() }
        #expect(try await phones() == 1)
        room.town.clock.advance(days: 1)
        for _ in 1...15 { await landscape.turn() }
        #expect(try await phones() == 0)
        #expect(try await room.kept() == ["No beds."])
        let id = try id(room)
        await #expect(throws: WorkshopRefusal.past) { try await landscape.reopen(id, by: .commandLine("desk")) }
    }

    @Test func `a plan is changed after opening, and what was started keeps its clock`() async throws {
        let room = try await Room()
        let phone = try await room.phone(group: 3)
        try await phone.add("No beds.")
        try await room.send("activities", [("part", "gaps")])
        let form = try await room.staff.get("\(room.page)/plan")
        #expect(
            form.body.contains("value=\"Spring workshop\"") && form.body.contains("Cedar\nSalmon\nRiver</textarea>"))
        var typed = Room.form
        typed[0].1 = "Summer workshop"
        typed[4].1 = "Cedar\nSalmon\nRiver\nMoss"
        typed[6].1 = "60"
        #expect(try await room.send("plan", typed).status == 303)
        let page = try await room.staff.get(room.page).body
        #expect(page.contains("Summer workshop") && page.contains("Moss") && page.contains("data-left=\"3600\""))
        try await room.send("activities", [("more", "1")])
        #expect(try await room.staff.get(room.page).body.contains("data-left=\"3900\""))
        typed[4].1 = "Salmon\nCedar\nRiver"
        typed[6].1 = "0"
        typed[2].1 = "2055-05-01"
        let refused = try await room.send("plan", typed)
        #expect(refused.status == 422)
        for field in ["groups", "minutes-gaps", "date"] {
            #expect(refused.body.contains("id=\"f-\(field)-error\""), "\(field)")
        }
        #expect(try await room.staff.get(room.page).body.contains("Moss"))
    }

    @Test func `a workshop closed too early is opened again by a new code, and its notes are shown by group`()
        async throws
    {
        let room = try await Room()
        try await room.phone(group: 3).add("No beds.")
        try await room.send("closing")
        try await room.send("reopening")
        let page = try await room.staff.get("\(room.page)?by=group").body
        #expect(page.contains("<h3>River</h3>") && page.contains("Gaps · Intervention · Terrace"))
        let code = try String(#require(page.firstMatch(of: /class="code">([A-Z0-9 ]{7})</)?.1))
        #expect(code != room.code)
        #expect(try await room.town.browser.post("/en/workshops", [("code", code)]).status == 200)
    }

    @Test func `a note that became a finding is emptied for good, and the finding keeps its words and the link`()
        async throws
    {
        let room = try await Room()
        let phone = try await room.phone()
        try await phone.add("Quillfeather has no bed.")
        let note = try await phone.ownNote()
        try await room.send("closing")
        try await room.send("findings")
        let page = try await room.staff.get(room.page).body
        #expect(page.contains("Its words stand in the finding.") && page.contains("/talk\""))
        for _ in 1...2 { #expect(try await room.send("removals", [("note", note)]).status == 303) }
        #expect(try await room.kept() == [])
        #expect(try await !room.staff.get(room.page).body.contains("Quillfeather"))
        // Opened and closed again, and drafted again: the link is there and nothing is made twice.
        for step in ["reopening", "closing", "findings"] { try await room.send(step) }
        let linked = try await room.town.database.read { transaction in
            try transaction.rows(
                """
                SELECT finding.wording, note.place FROM workshop_note AS note JOIN finding ON finding.id = note.finding_id
                WHERE note.id = finding.origin_id
                """
            ).map { (try $0.text("wording"), $0.optionalText("place")) }
        }
        #expect(linked.count == 1 && linked[0] == ("Quillfeather has no bed.", nil))
        let verbs = try await room.town.database.read {
            try $0.rows("SELECT verb FROM audit WHERE kind = 'workshop-note' ORDER BY number").map {
                try $0.text("verb")
            }
        }
        #expect(verbs == ["add", "remove"])
        let (landscape, keeper) = (room.town.platform.landscape, StudyActor(actor: .commandLine("desk"), worker: nil))
        let study = try await landscape.openStudy("Gaps", "", form: "1", by: keeper)
        await #expect(throws: Problems("text", "required")) {
            try await landscape.addText(from: .workshop(id(room)), form: "1", to: study, by: keeper)
        }
    }

    @Test func `what changes nothing leaves no entry`() async throws {
        let room = try await Room()
        func verbs() async throws -> [String] {
            try await room.town.database.read {
                try $0.rows("SELECT verb FROM audit WHERE kind = 'workshop' ORDER BY number").map {
                    try $0.text("verb")
                }
            }
        }
        for _ in 1...2 {
            try await room.send("activities", [("part", "gaps")])
            try await room.send("absent", [("absent", "The Port Authority")])
        }
        for _ in 1...2 { try await room.send("activities", [("end", "1")]) }
        for _ in 1...2 { try await room.send("closing") }
        #expect(try await verbs() == ["open", "start", "set", "end", "close"])
    }
}

extension Workshop {
    fileprivate func with(latest: Int) -> Workshop {
        Workshop(
            id: id, title: title, heldOn: heldOn, venue: venue, startsAt: startsAt, groups: groups, agenda: agenda,
            door: door, latest: latest, changed: changed, absent: absent)
    }
}

/// Lets through while it is open; who comes while it is closed waits.
private final class Gate: Sendable {
    private let state = Mutex((isOpen: true, waiting: [CheckedContinuation<Void, Never>]()))

    var hasWaiting: Bool { state.withLock { !$0.waiting.isEmpty } }

    func close() { state.withLock { $0.isOpen = false } }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }

    func pass() async {
        await withCheckedContinuation { one in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(one) }
                return state.isOpen
            }
            if isOpen { one.resume() }
        }
    }
}
