import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

/// Groups, such as groups of men, come together to talk and act.
@Suite struct SpaceTests {
    fileprivate struct Desks {
        let staff: Staff
        let coordinator: StaffBrowser
        let keeper: StaffBrowser
        let other: StaffBrowser
        let path: String
        let id: String

        init() async throws {
            staff = try await Staff()
            coordinator = try await staff.coordinator().browser
            keeper = try await staff.lead(coordinator).browser
            other = try await staff.lead(coordinator, 2).browser
            id = try await InitiativeTests.shared(keeper, coordinator)
            path = "\(InitiativeTests.path)/\(id)/space"
            for browser in [keeper, other, coordinator] { _ = try await browser.get(path) }
        }

        /// Says something with a note of its own.
        func say(_ browser: StaffBrowser, _ text: String, _ more: [(String, String)] = []) async throws
            -> Browser.Reply
        {
            let id = try await browser.get(path).hidden("id") ?? UUID().uuidString.lowercased()
            return try await browser.post("\(path)/notes", [("id", id), ("text", text)] + more)
        }

        func note(_ browser: StaffBrowser) async throws -> String {
            try #require(try await browser.get(path).hidden("note"))
        }
    }

    @Test func `desks that take part read each other, and no other desk does`() async throws {
        let desks = try await Desks()
        #expect(try await desks.say(desks.keeper, "Shall we <b>meet</b>?\nAt the hall.").status == 303)
        let closed = try await desks.other.get(desks.path)
        #expect(closed.status == 200 && !closed.body.contains("meet") && closed.body.contains("Take part to read"))
        #expect(try await desks.say(desks.other, "I read nothing.").status == 403)
        #expect(try await desks.other.get(InitiativeTests.path).body.contains("you can take part"))
        for _ in 1...2 {
            let joined = try await desks.other.post("\(desks.path)/joining", [])
            #expect(joined.status == 303 && joined.header("location")?.hasSuffix("/space?done=joined") == true)
        }
        let open = try await desks.other.get("\(desks.path)?done=joined")
        #expect(open.body.contains("You take part now.") && open.body.contains("Shall we &lt;b&gt;meet&lt;/b&gt;?"))
        #expect(try await desks.say(desks.other, "Yes, on Friday.").status == 303)
        let read = try await desks.keeper.get(desks.path).body
        #expect(read.contains("Yes, on Friday."))
        // The coordinator answers for what is kept and reads it; whoever leaves does not any more.
        #expect(try await desks.coordinator.get(desks.path).body.contains("Yes, on Friday."))
        #expect(try await desks.other.post("\(desks.path)/leaving", []).status == 303)
        // What it said itself it still sees, to take it away.
        let left = try await desks.other.get(desks.path).body
        #expect(!left.contains("Shall we") && left.contains("Yes, on Friday."))
        #expect(try await desks.keeper.get(desks.path).body.contains("Yes, on Friday."))
        #expect(try await desks.staff.town.browser.get(desks.path).status == 303)
        let seen = try await desks.staff.town.browser.get("/en/landscape/initiatives/\(desks.id)").body
        #expect(seen.contains("Circle of men") && !seen.contains("Friday"))
    }

    @Test func `steps that were agreed on have a desk and a day, stand first until they are done, and can be reopened`()
        async throws
    {
        let desks = try await Desks()
        let own = try #require(
            try await desks.keeper.get(desks.path).body.firstMatch(of: /<option value="([0-9a-f-]{36})"/)?.1)
        let step = [("desk", String(own)), ("due", "2020-05-30")]
        #expect(try await desks.say(desks.keeper, "Book the hall", step).status == 303)
        let page = try await desks.keeper.get(desks.path).body
        #expect(page.contains("until 2020-05-30 · <strong class=\"mark\">") && !page.contains("There is no open step."))
        #expect(try await desks.keeper.get(InitiativeTests.path).body.contains("open steps of yours: 1"))
        let note = try await desks.note(desks.keeper)
        #expect(try await desks.other.post("\(desks.path)/done", [("note", note)]).status == 403)
        for _ in 1...2 { #expect(try await desks.keeper.post("\(desks.path)/done", [("note", note)]).status == 303) }
        let done = try await desks.keeper.get(desks.path).body
        #expect(done.contains("There is no open step.") && done.contains("done on"))
        #expect(try await desks.keeper.post("\(desks.path)/reopened", [("note", note)]).status == 303)
        #expect(try await !desks.keeper.get(desks.path).body.contains("There is no open step."))
    }

    @Test func `faults are named, nothing typed is lost, and a form sent twice says it once`() async throws {
        let desks = try await Desks()
        let form = try await desks.keeper.get(desks.path)
        let id = ("id", form.hidden("id") ?? "")
        let wrong = try await desks.keeper.post("\(desks.path)/notes", [id, ("text", "Book it"), ("due", "soon")])
        #expect(wrong.status == 422 && wrong.body.contains(">Book it</textarea>") && wrong.body.contains("f-due-error"))
        #expect(wrong.body.contains("f-desk-error"))
        let stranger = try await desks.keeper.post(
            "\(desks.path)/notes", [id, ("text", "Book it"), ("desk", "nobody")])
        #expect(stranger.status == 422)
        let long = String(repeating: "x", count: 2001)
        #expect(try await desks.keeper.post("\(desks.path)/notes", [id, ("text", long)]).status == 422)
        #expect(try await desks.keeper.post("\(desks.path)/notes", [id, ("text", "")]).status == 422)
        // As long as it may be, in signs that take nine bytes each on the way.
        let full = [("text", String(repeating: "\u{1403}", count: 2000)), ("id", UUID().uuidString.lowercased())]
        #expect(try await desks.keeper.post("\(desks.path)/notes", full).status == 303)
        for _ in 1...2 {
            #expect(try await desks.keeper.post("\(desks.path)/notes", [id, ("text", "Once.")]).status == 303)
        }
        #expect(try await desks.keeper.get(desks.path).body.matches(of: /Once\./).count == 1)
        #expect(try await desks.keeper.post("\(desks.path)/notes", [id, ("text", "Other words.")]).status == 303)
        let both = try await desks.keeper.get(desks.path).body
        #expect(both.contains("Other words.") && both.contains("Once."))
        #expect(try await desks.keeper.post("\(desks.path)/notes", [("id", "x"), ("text", "y")]).status == 404)
        #expect(try await desks.keeper.get("\(InitiativeTests.path)/nothing/space").status == 404)
    }

    @Test func `only groups take desks in, who keeps it cannot leave, and who kept it before goes on taking part`()
        async throws
    {
        let desks = try await Desks()
        #expect(try await desks.keeper.post("\(desks.path)/leaving", []).status == 403)
        let policy = try await InitiativeTests.shared(
            desks.keeper, desks.coordinator, ["name": "A rule for hotels", "kind": "policy"])
        let path = "\(InitiativeTests.path)/\(policy)/space"
        #expect(try await !desks.other.get(path).body.contains("/joining"))
        #expect(try await desks.other.post("\(path)/joining", []).status == 403)
        let form = try await desks.coordinator.get("\(InitiativeTests.path)/\(desks.id)")
        let moved = ("member", try await desks.staff.organization(2))
        let typed = InitiativeTests.typed + [moved] + InitiativeTests.hidden(form)
        #expect(try await desks.coordinator.post("\(InitiativeTests.path)/\(desks.id)", typed).status == 303)
        try await InitiativeTests.accept(desks.coordinator)
        #expect(try await desks.say(desks.other, "We keep it now.").status == 303)
        #expect(try await desks.keeper.get(desks.path).body.contains("We keep it now."))
    }

    @Test func `what is left behind: open steps are nobody's, a space that was taken off can still be emptied`()
        async throws
    {
        let desks = try await Desks()
        _ = try await desks.other.post("\(desks.path)/joining", [])
        let own = try #require(
            try await desks.other.get(desks.path).body.matches(of: /<option value="([0-9a-f-]{36})"/).last?.1)
        #expect(try await desks.say(desks.other, "Book the hall", [("desk", String(own))]).status == 303)
        #expect(try await desks.other.get(InitiativeTests.path).body.contains("open steps of yours: 1"))
        _ = try await desks.other.post("\(desks.path)/leaving", [])
        #expect(try await !desks.other.get(InitiativeTests.path).body.contains("open steps of yours"))
        #expect(try await desks.keeper.get(desks.path).body.contains("There is no open step."))
        let note = try await desks.town(called: "Book the hall")
        #expect(try await desks.keeper.post("\(desks.path)/done", [("note", note)]).status == 409)
        let off = "\(InitiativeTests.path)/\(desks.id)/withdrawal"
        #expect(try await desks.keeper.post(off, [("reason", "It is over")]).status == 303)
        #expect(try await desks.other.get(desks.path).status == 404)
        #expect(try await desks.keeper.post("\(desks.path)/removal", [("note", note)]).status == 303)
        #expect(try await desks.town(called: "Book the hall").isEmpty)
    }

    @Test func `a note is taken away for good by who said it, who keeps the group, or the coordinator`() async throws {
        let desks = try await Desks()
        _ = try await desks.other.post("\(desks.path)/joining", [])
        _ = try await desks.say(desks.keeper, "By the keeper.")
        let first = try await desks.note(desks.keeper)
        #expect(try await desks.other.post("\(desks.path)/removal", [("note", first)]).status == 403)
        _ = try await desks.say(desks.other, "By the other.")
        let note = try await desks.town(called: "By the other.")
        #expect(try await desks.keeper.post("\(desks.path)/removal", [("note", note)]).status == 303)
        #expect(try await desks.coordinator.post("\(desks.path)/removal", [("note", first)]).status == 303)
        let page = try await desks.keeper.get(desks.path).body
        #expect(page.contains("Nobody has said anything yet.") && !page.contains("By the"))
    }
}

extension SpaceTests.Desks {
    /// The id of the note with these words.
    fileprivate func town(called text: String) async throws -> String {
        try await staff.town.database.read { transaction in
            try transaction.row("SELECT id FROM initiative_note WHERE body = \(text)")?.text("id") ?? ""
        }
    }
}
