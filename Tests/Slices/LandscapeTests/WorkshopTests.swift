import Foundation
import HTTPTypes
import Kernel
import Platform
import Support
import Testing

@testable import Landscape

@Suite struct WorkshopTests {
    @Test func `a phone joins by a spoken code and a group, and all others see its note`() async throws {
        let room = try await Room()
        let (one, other) = (try await room.phone(group: 1), try await room.phone(group: 3, "fr"))
        let added = try await one.add("No beds for youth after nine.")
        #expect(added.body.contains("The note is on the wall."))
        #expect(added.header("Set-Cookie") == nil)
        let seen = try await other.post("room", []).body
        #expect(seen.contains("No beds for youth after nine."))
        #expect(seen.contains("Cedar · Intervention · Terrace"))
        #expect(!seen.contains("notes/removal"))
        #expect(try await one.post("room", []).body.contains("notes/removal"))
        #expect(try await room.town.browser.get("/en/workshops/wall/\(room.key)").body.contains("after nine"))
    }

    @Test func `the code is taken in small letters, with or without a space`() async throws {
        let room = try await Room()
        for typed in [room.code.lowercased(), room.code.replacing(" ", with: ""), room.code.replacing(" ", with: "-")] {
            #expect(try await room.town.browser.post("/en/workshops", [("code", typed)]).body.contains("Salmon"))
        }
        let picture = try await room.town.browser.get("/fr/workshops/join/\(room.key)")
        #expect(picture.body.contains("Choisissez votre groupe"))
    }

    @Test func `a wrong code, a closed one and one long past its day are the same`() async throws {
        let room = try await Room()
        let phone = try await room.phone()
        let never = room.code.first == "A" ? "C" + room.code.dropFirst() : "A" + room.code.dropFirst()
        func answer(_ code: String) async throws -> String {
            let reply = try await room.town.browser.post("/en/workshops", [("code", code)])
            #expect(reply.status == 404)
            return reply.body.replacing(code, with: "")
        }
        let wrong = try await answer(never)
        room.town.clock.advance(days: 3)
        #expect(try await answer(room.code) == wrong)
        room.town.clock.advance(days: -3)
        try await room.send("closing")
        #expect(try await answer(room.code) == wrong)
        for path in ["join", "wall", "live"] {
            #expect(try await room.town.browser.get("/en/workshops/\(path)/\(room.key)").status == 404)
        }
        let late = try await phone.add("Written too late.")
        #expect(late.status == 403)
        #expect(late.body.contains("<blockquote>Written too late.</blockquote>"))
        #expect(late.hidden("text") == "Written too late.")
        #expect(try await room.kept() == [])
    }

    @Test func `a code works from the day before on the clock of the region, and before that it is unknown`()
        async throws
    {
        let fiction = try await Staff()
        let (town, staff) = (fiction.town, try await fiction.coordinator().browser)
        _ = try await staff.get(Room.path + "/new")
        var fields = Room.form
        fields[2].1 = "2025-05-11"
        let page = try #require(try await staff.post(Room.path, fields + [("form", "ahead")]).place)
        let body = try await staff.get(page).body
        let code = try String(#require(body.firstMatch(of: /class="code">([A-Z0-9 ]{7})</)?.1))
        let key = try String(#require(body.firstMatch(of: /workshops\/wall\/([0-9a-f]{32})/)?.1))
        #expect(body.contains("The code and the wall work from 2025-05-10 on."))
        let never = code.first == "A" ? "C" + code.dropFirst() : "A" + code.dropFirst()
        func answers(_ status: Int) async throws {
            let reply = try await town.browser.post("/en/workshops", [("code", code)])
            #expect(reply.status == status)
            for path in ["join", "wall"] {
                #expect(try await town.browser.get("/en/workshops/\(path)/\(key)").status == status)
            }
            guard status == 404 else { return }
            let wrong = try await town.browser.post("/en/workshops", [("code", never)])
            #expect(reply.body.replacing(code, with: "") == wrong.body.replacing(never, with: ""))
            #expect(try await town.browser.get("/en/workshops/live/\(key)").status == 404)
        }
        try await answers(404)
        // One in the morning of the tenth in Greenwich is still the ninth here.
        town.clock.advance(days: 8)
        town.clock.advance(seconds: 6 * 3600)
        try await answers(404)
        town.clock.advance(seconds: 7 * 3600)
        try await answers(200)
    }

    @Test func `wrong codes are limited for all together, and who scans the wall still comes in`() async throws {
        let room = try await Room()
        var statuses: [Int] = []
        for _ in 0..<70 {
            statuses.append(try await room.town.browser.post("/en/workshops", [("code", "AAAAAA")]).status)
        }
        #expect(statuses.filter { $0 == 404 }.count == 60)
        let typed = try await room.town.browser.post("/en/workshops", [("code", room.code)])
        #expect(typed.status == 503)
        #expect(typed.body.contains(room.code))
        #expect(try await room.town.browser.get("/en/workshops/join/\(room.key)").status == 200)
        room.town.clock.advance(seconds: 2)
        #expect(try await room.town.browser.post("/en/workshops", [("code", room.code)]).status == 200)
    }

    @Test func `a note sent twice counts once, sent with other words it is another`() async throws {
        let room = try await Room()
        let phone = try await room.phone()
        async let one = phone.add("Nobody answers at night.")
        async let two = phone.add("Nobody answers at night.")
        #expect(try await [one.status, two.status] == [200, 200])
        #expect(try await room.kept() == ["Nobody answers at night."])
        try await phone.add("Nobody answers on Sundays.")
        #expect(try await room.kept().count == 2)
        try await phone.post("notes/removal", [("note", phone.ownNote())])
        try await phone.add("Nobody answers on Sundays.")
        #expect(try await room.kept() == ["Nobody answers at night."])
        let twice = try await room.staff.post(Room.path, Room.form + [("form", "the first")])
        #expect(twice.place == room.page)
    }

    @Test func `a note of a megabyte is refused with a sentence and given back whole`() async throws {
        let room = try await Room()
        let phone = try await room.phone()
        let long = String(repeating: "é", count: 500_000)
        let reply = try await phone.add(long)
        #expect(reply.status == 422)
        #expect(reply.body.contains("This is too long for one note."))
        #expect(reply.body.contains(long))
        #expect(try await room.kept() == [])
        #expect(try await phone.add(String(repeating: "é", count: 600)).status == 200)
        #expect(try await phone.add(String(repeating: "é", count: 601)).status == 422)
        #expect(try await phone.post("room", [("text", "half a sen")]).body.contains("half a sen</textarea>"))
        let empty = try await phone.post("notes", [("place", "Hope")])
        #expect(empty.status == 422)
        #expect(empty.body.contains("value=\"Hope\""))
    }

    @Test func `own notes are changed and taken back from the same phone alone`() async throws {
        let room = try await Room()
        let (one, other) = (try await room.phone(), try await room.phone())
        try await one.add("Buses stop at six.")
        let note = try await one.ownNote()
        #expect(try await one.post("notes/form", [("note", note)]).body.contains("Buses stop at six."))
        let change = [("note", note), ("kind", "barrier"), ("focus", "prevention"), ("text", "Buses stop at five.")]
        #expect(try await other.post("notes/form", [("note", note)]).status == 404)
        #expect(try await other.post("notes/change", change).status == 404)
        try await other.post("notes/removal", [("note", note)])
        #expect(try await room.kept() == ["Buses stop at six."])
        #expect(try await one.post("notes/change", change + [("text", "")]).status == 200)
        #expect(try await room.kept() == ["Buses stop at five."])
        try await one.post("notes/removal", [("note", note)])
        #expect(try await room.kept() == [])
        #expect(try await one.post("notes/removal", [("note", note)]).status == 200)
    }

    @Test func `what another site puts into a form changes nothing`() async throws {
        let room = try await Room()
        let phone = try await room.phone()
        let body = "phone=\(phone.secret)&form=x&kind=gap&focus=prevention&text=planted"
        let reply = try await room.town.browser.send(
            .post, "/en/workshops/notes", headers: ["Sec-Fetch-Site": "cross-site"], body: body)
        #expect(reply.status == 403)
        #expect(try await room.kept() == [])
    }

    @Test func `markup and lines of a note stay text`() async throws {
        let room = try await Room()
        let phone = try await room.phone()
        let live = try await room.watch()
        try await phone.add("<b>one</b>\r\n\rtwo\n\nevent: over")
        let came = try await live.wait(for: "two")
        #expect(came.contains("&lt;b&gt;one&lt;/b&gt;"))
        #expect(!came.contains("\nevent: over") && !came.contains("\r"))
    }
}
