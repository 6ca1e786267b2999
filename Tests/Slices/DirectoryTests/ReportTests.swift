import Directory
import Formats
import Foundation
import Kernel
import Storage
import Support
import Testing

@Suite struct ReportTests {
    private let cedar = Fiction.id(.service, "Cedar House")

    private func town() async throws -> (Town, String) {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House"))
        return (town, "/en/services/\(cedar)/report")
    }

    private func receipt(_ page: String) throws -> String {
        let start = try #require(page.range(of: "receipt\">")).upperBound
        return String(page[start...].prefix { $0 != "<" })
    }

    @Test func `a visitor reports a mistake without saying who they are and reads the answer`() async throws {
        let (town, path) = try await town()
        #expect(try await town.browser.get("/en/services/\(cedar)").body.contains("href=\"\(path)\""))
        #expect(
            try await town.browser.get("/en/organizations/\(Fiction.id(.organization, "Cedar House"))").body.contains(
                "/report\""))
        let form = try await town.browser.get(path).body
        #expect(!form.contains("type=\"email\"") && form.contains("do not ask who you are"))
        let thanks = try await town.browser.post(path, [("what", "moved"), ("note", "The door is <locked>.")])
        let code = try receipt(thanks.body)
        #expect(code.split(separator: " ").count == 10)
        func answer() async throws -> Browser.Reply {
            try await town.browser.post("/en/reports/answer", [("receipt", " " + code.replacing(" ", with: "-"))])
        }
        #expect(try await answer().body.contains("Nobody has decided yet"))
        let item = try #require(try await town.directory.queue(limit: 10, for: Town.staff)?.items.first?.value)
        #expect(item.proposal.topic == .moved && item.proposal.note == "The door is <locked>.")
        try await town.directory.refuse(item.proposal.id, reply: "They are <still> there.", by: Town.staff)
        let decided = try await town.directory.proposal(item.proposal.id, for: Town.staff).value.proposal
        #expect(decided.note == nil, "the visitor's words go when they are no longer needed")
        #expect(try await answer().body.contains("They are &lt;still&gt; there."))
        #expect(try await answer().body.contains("left the listing as it is"))
    }

    @Test func `no time, no address and no readable receipt is kept`() async throws {
        let (town, path) = try await town()
        let before = try await town.database.read { try $0.rows("SELECT number FROM audit").count }
        let code = try receipt(try await town.browser.post(path, [("what", "closed")]).body)
        let row = try await town.database.read { try $0.rows("SELECT * FROM proposal") }.first
        #expect(row?.optionalText("received_on") == "2025-05-01")
        #expect(row?.optionalText("receipt")?.count == 64)
        #expect(row?.optionalText("receipt")?.contains(code.replacing(" ", with: "")) == false)
        #expect(try await town.database.read { try $0.rows("SELECT number FROM audit").count } == before)
    }

    @Test func `what is missing or too long is said, and what was typed stays`() async throws {
        let (town, path) = try await town()
        let none = try await town.browser.post(path, [("note", "kept words")])
        #expect(none.status == 422 && none.body.contains("kept words") && none.body.contains("choose one"))
        let long = try await town.browser.post(
            path, [("what", "other"), ("note", String(repeating: "a", count: 1001))])
        #expect(long.status == 422 && long.body.contains("too long"))
        #expect(try await town.browser.post(path, [("what", "value")]).status == 422)
        #expect(
            try await town.browser.post(path, [("what", "other"), ("note", String(repeating: "é", count: 1000))]).status
                == 200)
        #expect(try await town.browser.post("/en/reports/answer", [("receipt", "12")]).status == 422)
        #expect(
            try await town.browser.post("/en/reports/answer", [("receipt", String(repeating: "1", count: 40))]).status
                == 422)
    }

    @Test func `a program that fills in the hidden field is thanked and nothing is kept`() async throws {
        let (town, path) = try await town()
        let reply = try await town.browser.post(path, [("what", "other"), ("website", "http://spam.example")])
        #expect(reply.status == 200 && reply.body.contains("Thank you"))
        #expect(try await town.directory.queue(limit: 10, for: Town.staff) == nil)
    }

    @Test func `reports are limited in all and by listing, with a sentence, and open again`() async throws {
        let (town, path) = try await town()
        var last = try await town.browser.post(path, [("what", "closed")])
        for _ in 0..<20 { last = try await town.browser.post(path, [("what", "closed"), ("note", "once more")]) }
        #expect(last.status == 429 && last.body.contains("many reports about this") && last.body.contains("once more"))
        let other = "/en/organizations/\(Fiction.id(.organization, "Cedar House"))/report"
        #expect(try await town.browser.post(other, [("what", "closed")]).status == 200)
        for _ in 0..<60 { last = try await town.browser.post(path, [("what", "closed")]) }
        last = try await town.browser.post(other, [("what", "closed")])
        #expect(last.status == 429 && last.body.contains("this hour"))
        town.clock.advance(hours: 1)
        #expect(try await town.browser.post(other, [("what", "closed")]).status == 200)
    }

    @Test func `a hidden listing takes no report`() async throws {
        let (town, path) = try await town()
        try await town.directory.setAudience(.partner, .service, cedar, field: "", by: Town.staff)
        let nowhere = "/en/services/\(Fiction.id(.service, "none"))/report"
        #expect(try await town.browser.get(path).body == town.browser.get(nowhere).body)
        #expect(try await town.browser.post(path, [("what", "closed")]).status == 404)
    }
}
