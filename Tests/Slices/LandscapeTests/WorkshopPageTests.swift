import Foundation
import Kernel
import Platform
import Support
import Testing

@Suite struct WorkshopPageTests {
    @Test(arguments: ["en", "fr"]) func `pages of a workshop look as they were approved`(_ language: String)
        async throws
    {
        let room = try await Room()
        let browser = room.town.browser
        let phone = try await room.phone(group: 2, language)
        try await room.send("activities", [("part", "gaps")])
        try await phone.add("No beds after nine.\nNot on Sundays.")
        let pages = [
            "workshops": try await browser.get("/\(language)/workshops"),
            "workshops-unknown": try await browser.post("/\(language)/workshops", [("code", "K7M"), ("text", "kept")]),
            "workshops-groups": try await browser.post("/\(language)/workshops", [("code", room.code)]),
            "workshops-room": try await phone.post("room", []),
            "workshops-problems": try await phone.post("notes", [("form", "x"), ("place", "Hope")]),
            "workshops-change": try await phone.post("notes/form", [("note", phone.ownNote())]),
            "workshops-wall": try await browser.get("/\(language)/workshops/wall/\(room.key)"),
        ]
        for (name, page) in pages { try expectGolden(page.body, "pages/\(name).\(language).html") }
    }

    @Test func `no text of a workshop becomes markup on any page`() async throws {
        let mark = "\"'><script>alert(1)</script>\u{0301}"
        let fiction = try await Staff()
        let staff = try await fiction.coordinator().browser
        _ = try await staff.get(Room.path + "/new")
        let fields = Room.form.map { field in
            ["title", "venue", "groups"].contains(field.0) ? (field.0, mark + field.1) : field
        }
        let opened = try await staff.post(Room.path, fields + [("form", mark)])
        let page = try #require(opened.place)
        let body = try await staff.get(page).body
        let key = try String(#require(body.firstMatch(of: /workshops\/wall\/([0-9a-f]{32})/)?.1))
        let browser = fiction.town.browser
        let groups = try await browser.get("/en/workshops/join/\(key)")
        let phone = Phone(browser: browser, language: "en", secret: try #require(groups.hidden("phone")))
        try await phone.post("entry", [("room", key), ("group", "1")])
        try await phone.post(
            "notes", [("form", mark), ("kind", "gap"), ("focus", "prevention"), ("text", mark), ("place", mark)])
        _ = try await staff.get(page)
        _ = try await staff.post("\(page)/absent", [("absent", mark)])
        let replies = [
            groups, try await phone.post("room", []), try await phone.post("notes", [("form", mark), ("text", mark)]),
            try await phone.post("notes/form", [("note", phone.ownNote())]),
            try await browser.get("/en/workshops/wall/\(key)"),
            try await browser.post("/en/workshops", [("code", mark)]),
            try await staff.get(page), try await staff.get("\(page)/sheet"), try await staff.get(Room.path),
        ]
        for reply in replies { #expect(!reply.body.contains("<script>alert") && !reply.body.contains("\"'>")) }
    }
}
