import Accounts
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

/// Every page, answer, download, message and count, as every role: nothing tells how a vote stands before it is closed.
@Suite struct HiddenVoteTests {
    private typealias Somebody = (name: String, browser: StaffBrowser)

    /// Numbers that stand nowhere else; sums of them stand for themselves.
    private static let marker = 7919
    private static let marks = ["7919", "7,919", "7\u{202f}919"]

    @Test func `before the close no page, answer, download or message tells how a vote stands`() async throws {
        let staff = try await Staff(fillsDocuments: true)
        let coordinator = try await staff.coordinator().browser
        let (voters, others) = try await everybody(staff, coordinator)
        let vote = try await open(staff, coordinator, voters)
        let empty = try await seen(staff, coordinator, voters, others, vote)
        for (name, browser) in voters {
            let reply = try await browser.post(
                "/en/desk/landscape/votes/\(vote)/ballot", [("points-1", "\(Self.marker)"), ("points-2", "1")])
            #expect(reply.status == 303, "\(name)")
        }
        let after = try await seen(staff, coordinator, voters, others, vote)
        #expect(empty.keys == after.keys && empty.count > 300)
        for (what, body) in after {
            let isOwn = what.hasPrefix("voter ") && what.hasSuffix("/desk/landscape/votes/\(vote)")
            for mark in Self.marks where !isOwn { #expect(!body.contains(mark), "\(what)") }
            // Nor does a page change because somebody voted.
            if what.contains("landscape"), !isOwn { #expect(body == empty[what], "\(what)") }
        }
        try await expectNothingStored(staff)
        staff.town.clock.advance(seconds: 600)
        let page = try await staff.town.browser.get("/en/landscape/votes/\(vote)").body
        #expect(page.contains("63,352") && !page.contains("&lt;p"))
        #expect(try await staff.town.browser.get("/landscape/votes.json").body.contains("63352"))
    }

    /// Of each role one who votes and one who does not.
    private func everybody(
        _ staff: Staff, _ coordinator: StaffBrowser
    ) async throws -> (voters: [Somebody], others: [Somebody]) {
        var (voters, others): ([Somebody], [Somebody]) = ([], [("nobody", StaffBrowser(staff.town.browser))])
        for role in Role.allCases {
            for votes in [true, false] {
                let secret = try await staff.invite(coordinator, "team", [("role", role.rawValue)])
                let name = "\(votes ? "voter" : "other") \(role.rawValue)"
                let browser = try await staff.join(secret, as: name).browser
                if votes { voters.append((name, browser)) } else { others.append((name, browser)) }
            }
        }
        return (voters, others)
    }

    /// Through the page, as the coordinator does it.
    private func open(_ staff: Staff, _ coordinator: StaffBrowser, _ voters: [Somebody]) async throws -> String {
        let form = try await coordinator.get("/en/desk/landscape/vote-opening")
        var fields = [
            ("form", try #require(form.hidden("form"))), ("question", "What first?"),
            ("options", "Sleep\nact-005\npri-012: Bread"), ("points", "9000"), ("closes", "2025-05-01T12:10"),
        ]
        for (number, group) in VoterGroup.allCases.prefix(3).enumerated() {
            let names = voters.enumerated().filter { $0.offset % 3 == number }.map(\.element.name)
            fields.append((TypedVote.field(group), names.joined(separator: "\n")))
        }
        let reply = try await coordinator.post("/en/desk/landscape/vote-opening", fields)
        #expect(reply.status == 303)
        return try #require(reply.place?.split(separator: "/").last.map(String.init))
    }

    /// What each of them gets for each GET route of the table, without what is new in every answer.
    private func seen(
        _ staff: Staff, _ coordinator: StaffBrowser, _ voters: [Somebody], _ others: [Somebody], _ vote: String
    ) async throws -> [String: String] {
        var seen: [String: String] = [:]
        let everybody = voters + others + [("coordinator", coordinator)]
        for route in staff.town.platform.routes.routes where route.method == .get && route.path != "/exit" {
            let languages = route.path.contains("landscape") ? ["en", "fr"] : ["en"]
            for start in Set(languages.map { route.path.replacing(":language", with: $0) }) {
                let path = start.replacing(":vote", with: vote).replacing(":action", with: "act-005")
                    .replacing(":secret", with: "none")
                for (name, browser) in route.circle == .everyone ? [others[0]] : everybody {
                    seen["\(name) \(path)"] = Self.still(try await browser.get(path).body)
                }
            }
        }
        return seen
    }

    /// Without marks of forms.
    private static func still(_ body: String) -> String {
        body.replacing(/value="[0-9a-f-]{32,}"/, with: "")
    }

    private func expectNothingStored(_ staff: Staff) async throws {
        let tables = [
            "audit", "change", "vote", "vote_option", "vote_voter", "vote_tally", "plan_action", "plan_change",
            "counter",
        ]
        for table in tables {
            let statement = SQL("SELECT * FROM \(name: try #require(SQLName(table)))")
            let rows = try await staff.town.database.read { try $0.rows(statement) }
            for mark in Self.marks { #expect(!"\(rows)".contains(mark), "\(table)") }
            if table == "vote_tally" { #expect(rows.isEmpty) }
        }
        // Who voted is not in the audit chain: only that somebody did.
        let deeds = try await staff.town.database.read {
            try $0.rows("SELECT actor, field FROM audit WHERE kind = 'vote' AND verb = 'vote'")
        }
        #expect(deeds.count == Role.allCases.count)
        for deed in deeds { #expect(try deed.text("actor") == "voter" && deed.text("field").isEmpty) }
        for mark in Self.marks { #expect(!staff.town.written.text.contains(mark)) }
    }

    @Test func `a ballot that comes too late is refused by a sentence, and what was typed is still there`() async throws
    {
        let staff = try await Staff(fillsDocuments: true)
        let coordinator = try await staff.coordinator().browser
        let (voters, others) = try await everybody(staff, coordinator)
        let vote = try await open(staff, coordinator, voters)
        let path = "/en/desk/landscape/votes/\(vote)"
        for browser in [voters[0].browser, others[1].browser] { #expect(try await browser.get(path).status == 200) }
        let wrong = try await voters[0].browser.post(path + "/ballot", [("points-1", "9001"), ("points-2", "lots")])
        #expect(wrong.status == 422 && wrong.body.contains("value=\"9001\"") && wrong.body.contains("value=\"lots\""))
        for points in ["5", "lots"] {
            let stranger = try await others[1].browser.post(path + "/ballot", [("points-1", points)])
            #expect(stranger.status == 403 && !stranger.body.contains("name=\"points-1\""))
        }
        staff.town.clock.advance(seconds: 600)
        let late = try await voters[0].browser.post(path + "/ballot", [("points-1", "7919")])
        #expect(
            late.status == 409 && late.body.contains("This vote is closed.") && late.body.contains("value=\"7919\""))
        let wrongAndLate = try await voters[0].browser.post(path + "/ballot", [("points-1", "lots")])
        #expect(wrongAndLate.status == 409 && wrongAndLate.body.contains("This vote is closed."))
        #expect(wrongAndLate.body.contains("value=\"lots\""))
        #expect(try await coordinator.post(path + "/closing", []).status == 409)
    }
}
