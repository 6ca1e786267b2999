import Kernel
import Storage
import Web

/// What a vote looks like to who asks: what it came to is there only once it is closed.
struct ShownVote: Sendable {
    let vote: Vote
    let state: Vote.State
    let tally: Tally?
    /// The ids of findings that options stand for, by their codes.
    let findings: [String: String]
}

extension Landscape {
    // MARK: Reading

    /// Every vote, the newest first. Those whose time is over are counted before.
    func votes() async throws -> [ShownVote] {
        let now = world.now()
        try await countWhatIsOver(at: now)
        return try await database.read { transaction in
            let store = VoteStore(transaction)
            return try store.votes().map { try Self.shown($0, in: transaction, at: now) }
        }
    }

    func vote(_ id: Identifier<Vote>) async throws -> ShownVote {
        let now = world.now()
        try await countWhatIsOver(at: now)
        let found = try await database.read { transaction -> ShownVote? in
            try VoteStore(transaction).vote(id).map { try Self.shown($0, in: transaction, at: now) }
        }
        guard let found else { throw VotesRefusal.noVote }
        return found
    }

    private static func shown(
        _ vote: Vote, in transaction: any Transaction, at now: Instant
    ) throws -> ShownVote {
        let state = vote.state(at: now)
        return ShownVote(
            vote: vote, state: state, tally: state == .closed ? try VoteStore(transaction).tally(of: vote) : nil,
            findings: try findings(coded: vote.options.compactMap(\.linked), in: transaction))
    }

    /// Who may vote, without what they chose or whether they did.
    func voters(of id: Identifier<Vote>) async throws -> [Voter] {
        try await database.read { try VoteStore($0).voters(of: id) }
    }

    /// The own ballot of who asks; nil when they are no voter, nothing in it when they sent none or the vote is over.
    func ownBallot(in id: Identifier<Vote>, by signedIn: SignedIn) async throws -> Ballot? {
        let ballots = ballots
        return try await database.read { transaction in
            let store = VoteStore(transaction)
            guard let vote = try store.vote(id), let voter = try store.voter(signedIn.worker, of: id) else {
                return nil
            }
            guard try store.keyMark(of: id) == ballots.mark,
                let sealed = try store.ballot(ballots.mark(of: voter.worker, in: id), in: id)
            else { return Ballot() }
            return ballots.open(sealed, of: voter.worker, in: vote) ?? Ballot()
        }
    }

    // MARK: Opening

    /// Opens a vote, now or later. The same form sent twice is one vote, and gives its id again.
    func open(_ draft: VoteDraft, form: String, by actor: Actor) async throws -> Identifier<Vote> {
        guard actor.may(.keepLandscape) else { throw VotesRefusal.notAllowed }
        let now = world.now()
        let id = Identifier<Vote>(world.newUUID())
        let mark = ballots.mark
        return try await database.write { transaction in
            let store = VoteStore(transaction)
            if let known = try store.vote(form: form) { return known }
            let vote = Vote(
                id: id, question: draft.question, points: draft.points, opens: draft.opens, closes: draft.closes,
                options: draft.options, outcome: nil)
            try store.write(vote, form: form, keyMark: mark, voters: draft.voters)
            try AuditChain(transaction).append(
                .init(actor: actor, verb: "open", kind: "vote", record: id.description), at: now)
            return id
        }
    }

    // MARK: Voting

    /// Keeps a ballot in the place of the voter's earlier one. The audit chain says that somebody voted: not who, not what,
    /// not whether for the first time.
    func cast(_ ballot: Ballot, in id: Identifier<Vote>, by signedIn: SignedIn) async throws {
        let (world, ballots) = (world, ballots)
        try await database.write { transaction in
            // Asked here: who waited for the writer may have waited beyond the close.
            let now = world.now()
            let store = VoteStore(transaction)
            guard let vote = try store.vote(id) else { throw VotesRefusal.noVote }
            guard try store.voter(signedIn.worker, of: id) != nil else { throw VotesRefusal.notEligible }
            switch vote.state(at: now) {
            case .announced: throw VotesRefusal.notOpenYet
            case .closed: throw VotesRefusal.closed
            case .open: break
            }
            guard try store.keyMark(of: id) == ballots.mark else { throw VotesRefusal.otherKey }
            let sealed = try ballots.seal(ballot, of: signedIn.worker, in: vote)
            try store.write(sealed, ballots.mark(of: signedIn.worker, in: id), in: id)
            try AuditChain(transaction).append(
                .init(
                    actor: Actor(name: "voter", clearance: .everyone), verb: "vote", kind: "vote",
                    record: id.description),
                at: now)
        }
    }

    // MARK: Closing

    /// Closes an open vote before its time, and counts it.
    func close(_ id: Identifier<Vote>, by actor: Actor) async throws {
        guard actor.may(.keepLandscape) else { throw VotesRefusal.notAllowed }
        let (world, ballots) = (world, ballots)
        try await database.write { transaction in
            let now = world.now()
            guard let vote = try VoteStore(transaction).vote(id) else { throw VotesRefusal.noVote }
            switch vote.state(at: now) {
            case .announced: throw VotesRefusal.notOpenYet
            case .closed: throw VotesRefusal.closed
            case .open: try Self.count(vote, ballots, in: transaction, at: now, by: actor)
            }
        }
    }

    /// Counts what was closed by the clock. Until then nothing is counted anywhere.
    private func countWhatIsOver(at now: Instant) async throws {
        let waiting = try await database.read { try VoteStore($0).uncounted(at: now) }
        if waiting.isEmpty { return }
        let ballots = ballots
        try await database.write { transaction in
            for id in try VoteStore(transaction).uncounted(at: now) {
                let store = VoteStore(transaction)
                // Another node has the key of those.
                guard try store.keyMark(of: id) == ballots.mark, let vote = try store.vote(id) else { continue }
                let clock = Actor(name: "server", clearance: .everyone)
                try Self.count(vote, ballots, in: transaction, at: now, by: clock)
            }
        }
    }

    /// Opens every ballot, keeps what may be told, and lets the ballots go. One that somebody altered in the database is left
    /// out, and the audit chain says so.
    private static func count(
        _ vote: Vote, _ ballots: BallotBox, in transaction: any Transaction, at now: Instant, by actor: Actor
    ) throws {
        let store = VoteStore(transaction)
        guard try store.keyMark(of: vote.id) == ballots.mark else { throw VotesRefusal.otherKey }
        var cast: [(group: VoterGroup, ballot: Ballot)] = []
        for voter in try store.voters(of: vote.id) {
            guard let sealed = try store.ballot(ballots.mark(of: voter.worker, in: vote.id), in: vote.id) else {
                continue
            }
            if let ballot = ballots.open(sealed, of: voter.worker, in: vote) {
                cast.append((voter.group, ballot))
            } else {
                try AuditChain(transaction).append(
                    .init(actor: actor, verb: "leave-out", kind: "vote", record: vote.id.description), at: now)
            }
        }
        try store.close(vote, at: now, Tally(cast, options: vote.options))
        try AuditChain(transaction).append(
            .init(actor: actor, verb: "count", kind: "vote", record: vote.id.description), at: now)
    }
}
