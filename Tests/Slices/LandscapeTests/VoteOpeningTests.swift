import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

/// Who votes, on what, and what is taken back before it opens.
@Suite struct VoteOpeningTests {
    private static func people(_ count: Int) -> [Colleagues.Person] {
        (0..<count).map {
            Colleagues.Person(worker: "w-\($0)", name: "Person \($0)", role: "provider", desk: "desk-\($0 % 3)")
        }
    }
    private static let desks = [("desk-0", "Éclair House"), ("desk-1", "Harbour"), ("desk-2", "Quay")].map {
        (id: $0.0, name: $0.1)
    }

    @Test func `voters are named by person or desk, and who is named alone is in that group`() {
        let list = VoterList(
            [.nonprofits: "eclair house\n\n HARBOUR ", .survivors: "person 0\nPerson 5", .funders: "Nobody\nquay "],
            people: Self.people(9), desks: Self.desks)
        #expect(list.voters.map(\.worker) == (0..<9).map { "w-\($0)" })
        #expect(list.voters.filter { $0.group == .survivors }.map(\.worker) == ["w-0", "w-5"])
        #expect(list.voters.filter { $0.group == .funders }.map(\.worker) == ["w-2", "w-8"])
        #expect(list.unknown == ["Nobody"] && list.twice.isEmpty)
        let twice = VoterList(
            [.funders: "Person 1\nQuay", .companies: "Person 1\nQuay"], people: Self.people(4), desks: Self.desks)
        #expect(twice.twice == ["Person 1", "Person 2"])
    }

    @Test func `three hundred people are voters by one form`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let landscape = staff.town.platform.landscape
        let names = (0..<300).map { "Person \($0)" }
        let many = Landscape(
            database: staff.town.database, world: landscape.world, library: landscape.library,
            region: landscape.region, ballots: landscape.ballots,
            colleagues: Colleagues(people: { Self.people(300) }, desks: { _ in Self.desks }),
            programs: landscape.programs, zone: nil)
        let fields: [(name: String, value: String)] = [
            ("question", "What first?"), ("options", "Sleep\nBread"), ("points", "9"), ("closes", "2099-05-01T12:10"),
            ("voters-survivors", names.joined(separator: "\r\n")), ("voters-funders", ""),
        ]
        // As a browser sends it, through the reader that counts fields and bytes.
        let encoded = fields.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }.joined(separator: "&")
        let typed = TypedVote(try FormFields(encoded: Array(encoded.utf8)))
        let draft = try await many.draft(typed, many.voters(typed, .english))
        #expect(draft.voters.count == 300)
        let vote = try await many.open(draft, form: "form", by: Voters.coordinator)
        #expect(try await coordinator.get("/en/desk/landscape/votes/\(vote)").status == 200)
        #expect(try await coordinator.get("/en/desk/landscape/vote-opening").status == 200)
    }

    @Test func `the form of opening names who is not known, and how many survivors are asked for`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let path = "/en/desk/landscape/vote-opening"
        let form = try #require(try await coordinator.get(path).hidden("form"))
        let reply = try await coordinator.post(
            path,
            [
                ("form", form), ("question", "What first?"), ("options", "Sleep\nBread"), ("points", "5"),
                ("closes", "2099-01-01T10:00"), ("voters-survivors", "Nobody <i>"), ("seats", "3"),
            ])
        #expect(reply.status == 422 && reply.body.contains("Nobody &lt;i&gt;"))
        for text in [
            "has one of these names.", "There are fewer survivors among the voters than that.", "Choose five people",
        ] {
            #expect(reply.body.contains(text), "\(text)")
        }
    }

    @Test func `the group of a voter is seen by that voter and by keepers alone, until the vote is counted`()
        async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        var browsers: [String: StaffBrowser] = [:]
        for name in ["Ada", "Bo", "Cy", "Di", "Ed", "Flo", "Gus"] {
            browsers[name] = try await staff.join(staff.invite(coordinator, "team", [("role", "provider")]), as: name)
                .browser
        }
        func open(_ question: String, survivors: String, companies: String) async throws -> String {
            let form = try await coordinator.get("/en/desk/landscape/vote-opening").hidden("form") ?? ""
            let reply = try await coordinator.post(
                "/en/desk/landscape/vote-opening",
                [
                    ("form", form), ("question", question), ("options", "Sleep\nBread"), ("points", "5"),
                    ("closes", "2025-05-01T12:10"), ("voters-survivors", survivors), ("voters-companies", companies),
                ])
            return try #require(reply.place)
        }
        let vote = try await open("What first?", survivors: "Ada\nDi\nFlo", companies: "Bo\nCy\nEd")
        let turned = try await open("What first?", survivors: "Bo\nCy\nEd", companies: "Ada\nDi\nFlo")
        func page(_ browser: StaffBrowser?, of path: String) async throws -> String {
            try await #require(browser).get(path).body.replacing(/[0-9a-f]{8}-[0-9a-f-]{27}/, with: "ID")
        }
        // To who is in none of them both votes look the same.
        let seen = try await page(browsers["Gus"], of: vote)
        #expect(seen.contains("<li>Ada, ") && !seen.contains("· Survivors") && !seen.contains("Your group"))
        #expect(try await page(browsers["Gus"], of: turned) == seen)
        let own = try await page(browsers["Ada"], of: vote)
        #expect(own.contains("Your group: Survivors.") && !own.contains("· Survivors") && !own.contains("· Companies"))
        #expect(try await page(browsers["Ada"], of: turned).contains("Your group: Companies."))
        let kept = try await page(coordinator, of: vote)
        #expect(kept.contains(/<li>Ada, [^<]* · Survivors<\/li>/) && kept.contains(/<li>Bo, [^<]* · Companies<\/li>/))
        staff.town.clock.advance(seconds: 600)
        for browser in [coordinator, browsers["Ada"]] {
            let after = try await page(browser, of: vote)
            #expect(after.contains("<li>Ada, ") && !after.contains("· Survivors") && !after.contains("Your group"))
        }
        let groups = try await staff.town.database.read {
            try $0.rows("SELECT DISTINCT voter_group FROM vote_voter").map { try $0.text("voter_group") }
        }
        #expect(groups == [""])
    }

    @Test func `a vote that is not open yet is withdrawn with a reason that everybody sees`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let voters = Voters(town: staff.town)
        let vote = try await voters.open([.survivors: 5], opensIn: 60)
        let path = "/en/desk/landscape/votes/\(vote)"
        #expect(try await coordinator.get(path).body.contains("Withdraw this vote"))
        #expect(try await coordinator.post(path + "/withdrawal", [("reason", " ")]).status == 422)
        #expect(try await coordinator.post(path + "/withdrawal", [("reason", "Asked <wrongly>")]).status == 303)
        staff.town.clock.advance(seconds: 100)
        await #expect(throws: VotesRefusal.withdrawn) { try await voters.cast([1: 1], by: "survivors-0", in: vote) }
        let page = try await staff.town.browser.get("/en/landscape/votes/\(vote)").body
        #expect(page.contains("Asked &lt;wrongly&gt;"))
        #expect(try await staff.town.browser.get("/landscape/votes.json").body.contains("\"withdrawn_because\""))
        #expect(try await coordinator.post(path + "/withdrawal", [("reason", "Again")]).status == 409)
        let open = try await voters.open([.survivors: 5], form: "other")
        let late = try await coordinator.post("/en/desk/landscape/votes/\(open)/withdrawal", [("reason", "Late")])
        #expect(late.status == 409 && late.body.contains("This vote is open already."))
        staff.town.clock.advance(hours: 2)
        #expect(try await voters.landscape.vote(vote).state == .withdrawn)
    }

    @Test func `a finding is linked by its code and scan, never another scan's, and never by another kind of id`()
        async throws
    {
        let town = try await Town()
        let landscape = town.platform.landscape
        for (year, codes) in [("2027", ["fnd-t01-01", "note-1", "coding-7"]), ("2028", ["note-1"])] {
            let scan = try await landscape.begin(
                year, title: "Scan \(year)", published: year, by: Voters.coordinator)
            for code in codes {
                var draft = FindingDraft()
                (draft.focus, draft.kind, draft.theme) = ("prevention", "gap", "Training")
                (draft.code, draft.text, draft.source) = (code, "\(code) of \(year)", "A file")
                let id = Identifier<Finding>(landscape.world.newUUID())
                try await landscape.enter(draft, id: id, in: scan, by: Voters.coordinator)
                try await landscape.setState(.published, of: id, by: Voters.coordinator)
            }
        }
        let typed = ["fnd-t01-01", "2027/fnd-t01-01", "coding-7", "note-1", "2028/note-1", "act-001", "2029/note-1"]
        let found = try await town.database.read { try Landscape.findings(linked: typed, in: $0) }
        #expect(
            found.mapValues(\.name) == [
                "fnd-t01-01": "fnd-t01-01", "2027/fnd-t01-01": "2027/fnd-t01-01", "coding-7": "2027/coding-7",
                "2028/note-1": "2028/note-1",
            ])
        #expect(found["2027/fnd-t01-01"]?.text == "fnd-t01-01 of 2027" && found["fnd-t01-01"]?.isBaseline == true)
        var vote = TypedVote()
        vote.question = "?"
        vote.options = "coding-7: Beds\n2028/note-1\nHousing: more\nhttp://a.example/\nact-005\nnote-1"
        let draft = { try await landscape.draft(vote, VoterList()) }
        var problems = await #expect(throws: Problems.self) { try await draft() }
        #expect(problems?.faults.map(\.code).contains("unknown-link") == true)
        vote.options.removeLast(7)
        problems = await #expect(throws: Problems.self) { try await draft() }
        #expect(problems?.faults.map(\.code).contains("unknown-link") == false)
        vote.closes = "2099-01-01T10:00"
        let list = VoterList(
            [.funders: "Harbour\nQuay\nEclair House"], people: Self.people(6), desks: Self.desks)
        let options = try await landscape.draft(vote, list).options
        #expect(options.map(\.linked) == ["2027/coding-7", "2028/note-1", nil, nil, "act-005"])
        #expect(options.map(\.body).prefix(3) == ["Beds", "note-1 of 2028", "Housing: more"])
        // As the form of an action keeps it, and as its page links it.
        for (code, kept) in [("coding-7", "2027/coding-7"), ("act-002", nil), ("pri-012", nil)] {
            let plan = try await landscape.plan(.english)
            let form = TypedAction(
                FormFields([("version", "\(plan.actions[0].version)"), ("finding", code)]))
            _ = try? await landscape.change("act-001", form, by: Voters.somebody("w", [.keepLandscape]))
            let stored = try await landscape.plan(.english).actions[0].finding
            #expect(stored == kept ?? "2027/coding-7")
        }
        #expect(try await town.browser.get("/en/landscape/actions/act-001").body.contains("coding-7 of 2027"))
    }
}
