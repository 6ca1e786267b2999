import Foundation
import HTTPTypes
import Kernel
import Platform
import Support
import Testing

@testable import Landscape

@Suite struct WorkshopLiveTests {
    @Test func `a note comes to all who watch, each in their language, and goes when it is taken back`() async throws {
        let room = try await Room()
        let phone = try await room.phone()
        let (english, french) = (try await room.watch(), try await room.watch("fr"))
        #expect(english.headers[.contentType] == "text/event-stream; charset=utf-8")
        #expect(english.headers[.cacheControl] == "no-store")
        try await phone.add("No beds in the north.")
        _ = try await english.wait(for: "No beds in the north.")
        #expect(try await french.wait(for: "No beds in the north.").contains("event: note"))
        try await phone.post("notes/removal", [("note", phone.ownNote())])
        _ = try await english.wait(for: "event: gone\ndata: note-")
    }

    @Test func `the activity that runs and its end come live, and closing ends the stream`() async throws {
        let room = try await Room()
        let live = try await room.watch()
        try await room.send("activities", [("part", "gaps")])
        let came = try await live.wait(for: "Activity two: gaps")
        #expect(came.contains("data-left=\"3000\""))
        room.town.clock.advance(seconds: 1200)
        let wall = try await room.town.browser.get("/en/workshops/wall/\(room.key)").body
        #expect(wall.contains("data-left=\"1800\"") && wall.contains("About 30 minutes left"))
        try await room.send("activities", [("part", "barriers")])
        _ = try await live.wait(for: "Activity three")
        try await room.send("activities", [("end", "1")])
        _ = try await live.wait(for: "No activity is running right now.")
        try await room.send("closing")
        _ = try await live.wait(for: "event: over")
        try await live.end()
    }

    @Test func `who was cut off gets what was missed, once, and nothing seen before`() async throws {
        let room = try await Room()
        let phone = try await room.phone()
        for number in 1...3 { try await phone.add("note \(number)", form: "form \(number)") }
        let first = try await room.watch()
        let came = try await first.wait(for: "note 3")
        let last = try #require(came.matches(of: /id: ([0-9]+)/).last?.1)
        first.close()
        for number in 4...6 { try await phone.add("note \(number)", form: "form \(number)") }
        let again = try await room.town.browser.watch(
            "/en/workshops/live/\(room.key)?after=0", headers: ["Last-Event-ID": String(last)])
        let missed = try await again.wait(for: "note 6")
        for number in 1...6 { #expect(missed.contains("note \(number)") == (number > 3)) }
        #expect(missed.matches(of: /note 4/).count == 1)
    }

    @Test func `another server on the same database shows what was written through the first`() async throws {
        let room = try await Room()
        let phone = try await room.phone()
        try await phone.add("before", form: "1")
        // What a restart and a second node have in common: nothing in memory.
        let database = room.town.database
        let second = try await Town(loadsRegion: false, wrap: { _ in database })
        let browser = second.browser
        let live = try await browser.watch("/en/workshops/live/\(room.key)?after=0")
        _ = try await live.wait(for: "before")
        try await phone.add("after", form: "2")
        await second.platform.landscape.turn()
        _ = try await live.wait(for: "after")
        let old = Phone(browser: browser, language: "en", secret: phone.secret)
        #expect(try await old.add("after", form: "2").status == 200)
        #expect(try await room.kept() == ["before", "after"])
    }

    @Test func `a server that stops lets everybody go and nobody in`() async throws {
        let room = try await Room()
        let live = try await room.watch()
        _ = try await live.wait(for: "retry: 1000")
        await room.town.platform.landscape.endLive()
        try await live.end()
        #expect(try await room.town.browser.get("/en/workshops/live/\(room.key)").status == 503)
    }

    @Test func `two hundred watch while fifty write, and each sees every note once`() async throws {
        let room = try await Room()
        var watchers: [LiveReply] = []
        for _ in 0..<200 { watchers.append(try await room.watch()) }
        var phones: [Phone] = []
        for index in 0..<50 { phones.append(try await room.phone(group: index % 3 + 1)) }
        try await withThrowingTaskGroup { group in
            for (index, phone) in phones.enumerated() {
                group.addTask { _ = try await phone.add("[note \(index)]") }
            }
            try await group.waitForAll()
        }
        for live in watchers {
            var came = ""
            for index in 0..<50 { came = try await live.wait(for: "[note \(index)]") }
            #expect(came.matches(of: /\[note [0-9]+\]/).count == 50)
        }
    }
}
