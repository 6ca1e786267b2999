import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

/// People who vote in tests, without accounts: the front door takes who signed in.
struct Voters {
    let town: Town
    var landscape: Landscape { town.platform.landscape }

    init() async throws { town = try await Town(loadsRegion: false) }
    init(town: Town) { self.town = town }

    static let coordinator = Actor(name: "coordinator", clearance: .vetted, permissions: [.keepLandscape])

    static func somebody(_ worker: String, _ permissions: Set<Permission> = [], desk: String = "desk") -> SignedIn {
        SignedIn(
            actor: Actor(name: "provider", clearance: .vetted, permissions: permissions), worker: worker,
            organization: desk, formToken: "", organizationSecret: nil)
    }

    /// A vote of an hour on `options`, for so many voters of each group, called `survivors-0` and so on.
    func open(
        _ groups: [VoterGroup: Int], options: [String] = ["Apples", "Bread", "Clean water"], points: Int = 10,
        opensIn: Int = 0, form: String = "form"
    ) async throws -> Identifier<Vote> {
        let now = town.clock.now.seconds + Int64(opensIn)
        let voters = groups.flatMap { group, count in
            (0..<count).map { Voter(worker: "\(group)-\($0)", desk: "desk", group: group) }
        }
        let draft = VoteDraft(
            question: "What first?", points: points, opens: Instant(seconds: now), closes: Instant(seconds: now + 3600),
            options: options.enumerated().map { Vote.Option(number: $0 + 1, body: $1, linked: nil) }, voters: voters)
        return try await landscape.open(draft, form: form, by: Self.coordinator)
    }

    func cast(_ points: [Int: Int], by worker: String, in vote: Identifier<Vote>) async throws {
        try await landscape.cast(Ballot(points: points), in: vote, by: Self.somebody(worker))
    }
}

@Suite struct VoteTests {
    @Test func `a vote is counted by the clock, ties share a rank, and blank is not zero`() async throws {
        let voters = try await Voters()
        let vote = try await voters.open([.survivors: 6])
        for number in 0..<5 { try await voters.cast([1: 0, 2: 2, 3: 1], by: "survivors-\(number)", in: vote) }
        try await voters.cast([3: 5], by: "survivors-5", in: vote)
        var shown = try await voters.landscape.vote(vote)
        #expect(shown.state == .open && shown.tally == nil)
        voters.town.clock.advance(seconds: 3599)
        shown = try await voters.landscape.vote(vote)
        #expect(shown.state == .open && shown.tally == nil)
        voters.town.clock.advance(seconds: 1)
        shown = try await voters.landscape.vote(vote)
        let tally = try #require(shown.tally)
        #expect(shown.state == .closed && tally.ballots == 6)
        let ranked = Tally.ranked(tally.lines, shown.vote.options)
        #expect(ranked.map(\.rank) == [1, 1, 3])
        #expect(ranked.map(\.option.body) == ["Bread", "Clean water", "Apples"])
        #expect(ranked.map(\.line?.points) == [10, 10, 0])
        // Five said zero to apples; the sixth said nothing to them.
        #expect(ranked.map(\.line?.answered) == [5, 6, 5])
        #expect(try await voters.landscape.votes().map(\.tally) == [tally])
        let left = try await voters.town.database.read { try $0.rows("SELECT mark FROM ballot").count }
        #expect(left == 0)
        let findings = try await voters.town.platform.check()
        #expect(findings.filter { $0.contains("audit") } == [])
    }

    @Test func `a changed ballot counts once, and so do two sent at the same time`() async throws {
        let voters = try await Voters()
        let vote = try await voters.open([.companies: 5])
        for number in 0..<5 { try await voters.cast([1: 10], by: "companies-\(number)", in: vote) }
        try await voters.cast([1: 1], by: "companies-0", in: vote)
        await withTaskGroup { group in
            for points in 1...8 {
                group.addTask { try? await voters.cast([1: points], by: "companies-1", in: vote) }
            }
        }
        voters.town.clock.advance(hours: 1)
        let tally = try #require(try await voters.landscape.vote(vote).tally)
        #expect(tally.ballots == 5 && (32...39).contains(tally.lines[0].points) && tally.lines[0].answered == 5)
    }

    @Test func `nobody votes before the opening, after the close, or without being asked`() async throws {
        let voters = try await Voters()
        let vote = try await voters.open([.funders: 5], opensIn: 60)
        await #expect(throws: VotesRefusal.notOpenYet) { try await voters.cast([1: 1], by: "funders-0", in: vote) }
        await #expect(throws: VotesRefusal.notOpenYet) {
            try await voters.landscape.close(vote, by: Voters.coordinator)
        }
        voters.town.clock.advance(seconds: 60)
        await #expect(throws: VotesRefusal.notEligible) { try await voters.cast([1: 1], by: "nobody", in: vote) }
        for number in 0..<5 { try await voters.cast([1: 2], by: "funders-\(number)", in: vote) }
        await #expect(throws: VotesRefusal.notAllowed) {
            try await voters.landscape.close(vote, by: Voters.somebody("funders-0").actor)
        }
        try await voters.landscape.close(vote, by: Voters.coordinator)
        await #expect(throws: VotesRefusal.closed) { try await voters.cast([1: 9], by: "funders-0", in: vote) }
        await #expect(throws: VotesRefusal.closed) { try await voters.landscape.close(vote, by: Voters.coordinator) }
        #expect(try await voters.landscape.vote(vote).tally?.lines[0].points == 10)
    }

    @Test func `fewer than five ballots are told to nobody, and leave nothing behind`() async throws {
        let voters = try await Voters()
        let vote = try await voters.open([.survivors: 5])
        for number in 0..<4 { try await voters.cast([1: 7], by: "survivors-\(number)", in: vote) }
        voters.town.clock.advance(hours: 1)
        let shown = try await voters.landscape.vote(vote)
        #expect(shown.vote.outcome == .tooFew && shown.tally == nil)
        let kept = try await voters.town.database.read { transaction in
            (try transaction.rows("SELECT * FROM ballot") + transaction.rows("SELECT * FROM vote_tally")).count
        }
        #expect(kept == 0)
    }

    @Test func `a ballot lies sealed, under a mark that names nobody, and all are of one length`() async throws {
        let voters = try await Voters()
        let vote = try await voters.open([.survivors: 5], points: 9000)
        try await voters.cast([:], by: "survivors-0", in: vote)
        try await voters.cast([1: 7919, 2: 0, 3: 1], by: "survivors-1", in: vote)
        let rows = try await voters.town.database.read { try $0.rows("SELECT * FROM ballot") }
        #expect(rows.count == 2)
        #expect(Set(try rows.map { try $0.bytes("sealed").count }).count == 1)
        for row in rows { #expect(!(try row.text("mark")).contains("survivors")) }
        // Only who cast it sees it again.
        let own = try await voters.landscape.ownBallot(in: vote, by: Voters.somebody("survivors-1"))
        #expect(own == Ballot(points: [1: 7919, 2: 0, 3: 1]))
        #expect(try await voters.landscape.ownBallot(in: vote, by: Voters.somebody("survivors-2")) == Ballot())
        #expect(try await voters.landscape.ownBallot(in: vote, by: Voters.somebody("stranger")) == nil)
    }

    @Test func `a ballot that somebody altered or moved in the database is left out, and the audit chain says so`()
        async throws
    {
        let voters = try await Voters()
        let vote = try await voters.open([.survivors: 7])
        for number in 0..<7 { try await voters.cast([1: 1], by: "survivors-\(number)", in: vote) }
        try await voters.town.database.write { transaction in
            let rows = try transaction.rows("SELECT mark, sealed FROM ballot ORDER BY mark")
            let (first, second) = (try rows[0].text("mark"), try rows[1].text("mark"))
            try transaction.run("UPDATE ballot SET sealed = \(rows[0].bytes("sealed")) WHERE mark = \(second)")
            var altered = try rows[0].bytes("sealed")
            altered[40] ^= 1
            try transaction.run("UPDATE ballot SET sealed = \(altered) WHERE mark = \(first)")
        }
        voters.town.clock.advance(hours: 1)
        #expect(try await voters.landscape.vote(vote).tally?.ballots == 5)
        let deeds = try await voters.town.database.read {
            try $0.rows("SELECT verb FROM audit").map { try $0.text("verb") }
        }
        #expect(deeds.count { $0 == "leave-out" } == 2)
    }

    @Test func `a node with another key takes no ballots and counts none`() async throws {
        let voters = try await Voters()
        let vote = try await voters.open([.survivors: 5])
        for number in 0..<5 { try await voters.cast([1: 1], by: "survivors-\(number)", in: vote) }
        let landscape = voters.landscape
        let other = Landscape(
            database: voters.town.database, world: landscape.world, library: landscape.library,
            region: landscape.region, ballots: BallotBox(secret: [1]), colleagues: landscape.colleagues,
            programs: landscape.programs, zone: nil)
        await #expect(throws: VotesRefusal.otherKey) {
            try await other.cast(Ballot(), in: vote, by: Voters.somebody("survivors-0"))
        }
        await #expect(throws: VotesRefusal.otherKey) { try await other.close(vote, by: Voters.coordinator) }
        voters.town.clock.advance(hours: 1)
        let there = try await other.vote(vote)
        #expect(there.state == .closed && there.tally == nil && there.vote.outcome == nil)
        #expect(try await landscape.vote(vote).tally?.ballots == 5)
    }

    @Test func `the same form sent twice opens one vote`() async throws {
        let voters = try await Voters()
        let first = try await voters.open([.survivors: 5])
        #expect(try await voters.open([.survivors: 5]) == first)
        #expect(try await voters.landscape.votes().count == 1)
    }

    @Test(arguments: [
        ([VoterGroup.survivors: 5, .companies: 5], [[VoterGroup.companies], [.survivors]]),
        // One group alone is the whole.
        ([.survivors: 9], []),
        // Four companies would be what remains of the whole after the survivors.
        ([.survivors: 9, .companies: 4], []),
        ([.survivors: 9, .companies: 4, .funders: 1], [[.companies, .funders], [.survivors]]),
        ([.survivors: 9, .nonprofits: 6, .companies: 2], [[.companies, .nonprofits], [.survivors]]),
        ([.survivors: 3, .nonprofits: 2, .companies: 2], []),
        ([.survivors: 5, .nonprofits: 5, .companies: 0], [[.nonprofits], [.survivors]]),
    ]) func `no group under five is told of, nor found by subtracting`(
        _ counts: [VoterGroup: Int], _ expected: [[VoterGroup]]
    ) {
        let apart = Tally.apart(counts)
        #expect(apart == expected)
        for groups in apart { #expect(groups.reduce(0) { $0 + (counts[$1] ?? 0) } >= Tally.fewest) }
        let told = apart.flatMap(\.self).reduce(0) { $0 + (counts[$1] ?? 0) }
        #expect(apart.isEmpty || told == counts.values.reduce(0, +))
    }

    @Test func `groups are shown apart, and together they are the whole`() async throws {
        let voters = try await Voters()
        let vote = try await voters.open([.survivors: 5, .companies: 6])
        for number in 0..<5 { try await voters.cast([1: 10, 2: 0], by: "survivors-\(number)", in: vote) }
        for number in 0..<6 { try await voters.cast([1: 0, 2: 10], by: "companies-\(number)", in: vote) }
        voters.town.clock.advance(hours: 1)
        let tally = try #require(try await voters.landscape.vote(vote).tally)
        #expect(tally.parts.map(\.groups) == [[.companies], [.survivors]])
        #expect(tally.parts.map { $0.lines.map(\.points) } == [[0, 60], [50, 0]])
        #expect(tally.lines.map(\.points) == [50, 60])
    }

    @Test func `what fewer than five answered is told nowhere, for the whole and for each group`() async throws {
        let voters = try await Voters()
        let vote = try await voters.open([.survivors: 6, .companies: 7])
        for number in 0..<5 { try await voters.cast([1: 3, 2: 2], by: "survivors-\(number)", in: vote) }
        try await voters.cast([3: 7], by: "survivors-5", in: vote)
        for number in 0..<3 { try await voters.cast([1: 2, 2: 4], by: "companies-\(number)", in: vote) }
        for number in 3..<7 { try await voters.cast([1: 2], by: "companies-\(number)", in: vote) }
        voters.town.clock.advance(hours: 1)
        let tally = try #require(try await voters.landscape.vote(vote).tally)
        // One survivor answered the third; three companies the second, which the survivors' number would give away.
        #expect(tally.lines.map(\.number) == [1, 2] && tally.lines.map(\.answered) == [12, 8])
        #expect(tally.parts.map { $0.lines.map(\.number) } == [[1], [1]])
        let stored = try await voters.town.database.read { try $0.rows("SELECT * FROM vote_tally").count }
        #expect(stored == 4)
        let browser = voters.town.browser
        let json = try await browser.get("/landscape/votes.json").body
        #expect(json.contains("fewer-than-5") && !json.contains("\"points\":7,") && !json.contains("\"answered\":1}"))
        #expect(try await browser.get("/landscape/votes.csv").body.contains(",Clean water,,,,fewer-than-5"))
        let page = try await browser.get("/en/landscape/votes/\(vote)").body
        #expect(page.contains("fewer than 5 ballots answer this line") && !page.contains("<td>7</td>"))
    }

    @Test func `a vote that is over is counted each second by whoever has its key, also when nobody looks`()
        async throws
    {
        let voters = try await Voters()
        let vote = try await voters.open([.survivors: 5])
        for number in 0..<5 { try await voters.cast([1: 1], by: "survivors-\(number)", in: vote) }
        await voters.landscape.turn()
        voters.town.clock.advance(hours: 1)
        await voters.landscape.turn()
        let left = try await voters.town.database.read { try $0.rows("SELECT mark FROM ballot").count }
        #expect(left == 0)
    }

    @Test func `a time is read on the region's clock, in winter and in summer`() throws {
        let clock = LocalTime(zone: Zone(identifier: "America/Vancouver"))
        let winter = try #require(clock.instant("2024-12-01T17:00"))
        #expect(winter.description == "2024-12-02T01:00:00Z")
        #expect(clock.text(winter) == "2024-12-01 17:00")
        #expect(clock.instant("2025-07-01 17:00")?.description == "2025-07-02T00:00:00Z")
        for text in ["", "tomorrow", "2026-02-30T10:00", "2026-12-01T25:00", "2026-12-01T1:00", "2026-12-01"] {
            #expect(clock.instant(text) == nil, "\(text)")
        }
    }

    @Test func `what was typed wrongly into a new vote is named, all at once`() {
        let clock = LocalTime(zone: nil)
        var typed = TypedVote()
        typed.points = "many"
        typed.options = "One\none\nact-999"
        typed.closes = "2001-01-01T10:00"
        let problems = #expect(throws: Problems.self) {
            try typed.draft(texts: [:], findings: [:], VoterList(), at: Instant(seconds: 1_700_000_000), clock)
        }
        #expect(
            problems?.faults.map { "\($0.field) \($0.code)" } == [
                "question required", "options unknown-link", "options same-option", "points points-range",
                "closes closes-first", "voters too-few-voters",
            ])
    }

    @Test func `what was voted on in 2024 is there, and lost votes are not zero`() async throws {
        let town = try await Town()
        let priorities = try await town.platform.landscape.priorities()
        #expect(priorities.all.count == 59)
        #expect(priorities.all.compactMap(\.votes).reduce(0, +) == 36)
        #expect(priorities.all.filter { $0.votes == nil }.map(\.id) == ["pri-037", "pri-039"])
        #expect(priorities.themes.first?.votes == 10 && priorities.themes.map(\.votes).reduce(0, +) == 36)
        let ranked = priorities.ranked
        #expect(ranked.suffix(2).map(\.rank) == [nil, nil])
        let votes = ranked.compactMap(\.priority.votes)
        #expect(votes == votes.sorted(by: >))
        let page = try await town.browser.get("/en/landscape/priorities").body
        #expect(page.components(separatedBy: ">not recorded<").count == 3)
        #expect(page.contains("36 thumbs"))
        // Loading again changes nothing.
        try await town.platform.landscape.load(region: Town.root.appending(path: "Data/bc"))
        #expect(try await town.platform.landscape.priorities().all.count == 59)
    }
}
