import Kernel
import Storage

/// Rows of votes, inside a transaction. No rules.
struct VoteStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    // MARK: Votes

    func vote(_ id: Identifier<Vote>) throws -> Vote? {
        let options = try transaction.rows("SELECT * FROM vote_option WHERE vote_id = \(id) ORDER BY number")
        return try transaction.row("SELECT * FROM vote WHERE id = \(id)").map { try vote($0, options.map(Self.option)) }
    }

    /// The newest first.
    /// - Parameter isWhole: false for their questions and times alone.
    func votes(isWhole: Bool) throws -> [Vote] {
        var options: [String: [Vote.Option]] = [:]
        if isWhole {
            for row in try transaction.rows("SELECT * FROM vote_option ORDER BY vote_id, number") {
                options[try row.text("vote_id"), default: []].append(try Self.option(row))
            }
        }
        return try transaction.rows("SELECT * FROM vote ORDER BY closes_at DESC, id").map { row in
            try vote(row, options[row.text("id")] ?? [])
        }
    }

    /// The newest first.
    func names() throws -> [(id: String, question: String)] {
        try transaction.rows("SELECT id, question FROM vote ORDER BY closes_at DESC, id").map {
            (try $0.text("id"), try $0.text("question"))
        }
    }

    func vote(form: String) throws -> Identifier<Vote>? {
        try transaction.row("SELECT id FROM vote WHERE form = \(form)").map { try $0.identifier("id") }
    }

    /// Those that are over and were not counted yet, of the ballots that are sealed with the key of that mark.
    func uncounted(at now: Instant, _ keyMark: String) throws -> [Identifier<Vote>] {
        try transaction.rows(
            """
            SELECT id FROM vote WHERE closes_at <= \(now) AND outcome IS NULL AND withdrawn IS NULL AND key_mark = \(keyMark)
            ORDER BY id
            """
        ).map { try $0.identifier("id") }
    }

    private func vote(_ row: Row, _ options: [Vote.Option]) throws -> Vote {
        let ballots = if case .integer(let count) = row["ballots"] { Int(count) } else { 0 }
        return Vote(
            id: try row.identifier("id"), question: try row.text("question"), points: try row.integer("points"),
            opens: Instant(seconds: Int64(try row.integer("opens_at"))),
            closes: Instant(seconds: Int64(try row.integer("closes_at"))), options: options,
            outcome: Vote.Outcome(row.optionalText("outcome"), ballots: ballots),
            withdrawn: row.optionalText("withdrawn"), survivorSeats: try row.integer("survivor_seats"))
    }

    private static func option(_ row: Row) throws -> Vote.Option {
        Vote.Option(number: try row.integer("number"), body: try row.text("body"), linked: row.optionalText("linked"))
    }

    func write(_ vote: Vote, form: String, keyMark: String, voters: [Voter]) throws {
        try transaction.run(
            """
            INSERT INTO vote (id, question, points, opens_at, closes_at, survivor_seats, key_mark, form)
            VALUES (\(vote.id), \(vote.question), \(vote.points), \(vote.opens), \(vote.closes), \(vote.survivorSeats),
                \(keyMark), \(form))
            """)
        for option in vote.options {
            try transaction.run(
                """
                INSERT INTO vote_option (vote_id, number, body, linked)
                VALUES (\(vote.id), \(option.number), \(option.body), \(option.linked))
                """)
        }
        for voter in voters {
            try transaction.run(
                """
                INSERT INTO vote_voter (vote_id, worker, desk, voter_group)
                VALUES (\(vote.id), \(voter.worker), \(voter.desk), \(voter.group?.rawValue ?? ""))
                """)
        }
    }

    func withdraw(_ vote: Identifier<Vote>, _ reason: String) throws {
        try transaction.run("UPDATE vote SET withdrawn = \(reason) WHERE id = \(vote)")
        try forgetGroups(of: vote)
    }

    func keyMark(of vote: Identifier<Vote>) throws -> String? {
        try transaction.row("SELECT key_mark FROM vote WHERE id = \(vote)")?.text("key_mark")
    }

    func voters(of vote: Identifier<Vote>) throws -> [Voter] {
        try transaction.rows("SELECT * FROM vote_voter WHERE vote_id = \(vote) ORDER BY worker").map(Self.voter)
    }

    func voter(_ worker: String, of vote: Identifier<Vote>) throws -> Voter? {
        try transaction.row("SELECT * FROM vote_voter WHERE vote_id = \(vote) AND worker = \(worker)").map(Self.voter)
    }

    private static func voter(_ row: Row) throws -> Voter {
        Voter(
            worker: try row.text("worker"), desk: try row.text("desk"),
            group: VoterGroup(rawValue: try row.text("voter_group")))
    }

    private func forgetGroups(of vote: Identifier<Vote>) throws {
        try transaction.run("UPDATE vote_voter SET voter_group = \("") WHERE vote_id = \(vote)")
    }

    // MARK: Ballots

    func ballot(_ mark: String, in vote: Identifier<Vote>) throws -> [UInt8]? {
        try transaction.row("SELECT sealed FROM ballot WHERE vote_id = \(vote) AND mark = \(mark)")?.bytes("sealed")
    }

    /// Takes the place of the voter's earlier one.
    func write(_ sealed: [UInt8], _ mark: String, in vote: Identifier<Vote>) throws {
        try transaction.run(
            """
            INSERT INTO ballot (vote_id, mark, sealed) VALUES (\(vote), \(mark), \(sealed))
            ON CONFLICT (vote_id, mark) DO UPDATE SET sealed = excluded.sealed
            """)
    }

    // MARK: Counting

    /// Ends a vote for good: what was counted is kept, the ballots go, and so does which group each voter was in.
    func close(_ vote: Vote, at now: Instant, _ tally: Tally?) throws {
        let closes = min(vote.closes, Instant(seconds: max(now.seconds, vote.opens.seconds + 1)))
        try transaction.run(
            """
            UPDATE vote SET closes_at = \(closes), outcome = \(tally == nil ? "too-few" : "counted"),
                ballots = \(tally?.ballots) WHERE id = \(vote.id)
            """)
        try transaction.run("DELETE FROM ballot WHERE vote_id = \(vote.id)")
        try forgetGroups(of: vote.id)
        guard let tally else { return }
        try write(tally.lines, of: vote.id, groups: "")
        for part in tally.parts {
            try write(part.lines, of: vote.id, groups: part.groups.map(\.rawValue).joined(separator: "+"))
        }
    }

    private func write(_ lines: [Tally.Line], of vote: Identifier<Vote>, groups: String) throws {
        for line in lines {
            try transaction.run(
                """
                INSERT INTO vote_tally (vote_id, voter_groups, number, points, answered)
                VALUES (\(vote), \(groups), \(line.number), \(line.points), \(line.answered))
                """)
        }
    }

    func tallies(of votes: [Vote]) throws -> [Identifier<Vote>: Tally] {
        let counted = votes.filter { $0.outcome != nil && $0.outcome != .tooFew }
        var lines: [String: [String: [Tally.Line]]] = [:]
        for row in try transaction.rows(
            "SELECT * FROM vote_tally WHERE vote_id IN (\(list: counted.map(\.id.description))) ORDER BY vote_id, number"
        ) {
            let answered: Int? = if case .integer(let count) = row["answered"] { Int(count) } else { nil }
            lines[try row.text("vote_id"), default: [:]][try row.text("voter_groups"), default: []].append(
                Tally.Line(number: try row.integer("number"), points: try row.integer("points"), answered: answered))
        }
        return counted.reduce(into: [:]) { tallies, vote in
            guard case .counted(let ballots) = vote.outcome else { return }
            let lines = lines[vote.id.description] ?? [:]
            let parts = lines.filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }.map { groups, lines in
                Tally.Part(
                    groups: groups.split(separator: "+").compactMap { VoterGroup(rawValue: String($0)) }, lines: lines)
            }
            tallies[vote.id] = Tally(ballots: ballots, lines: lines[""] ?? [], parts: parts)
        }
    }
}
