import Kernel
import Storage
import Web

/// What a vote looks like to who asks: what it came to is there only once it is closed.
struct ShownVote: Sendable {
    let vote: Vote
    let state: Vote.State
    let tally: Tally?
    /// The public pages of what options stand for.
    let places: [String: String]
}

extension Landscape {
    // MARK: Reading

    /// Every vote, the newest first. Those whose time is over are counted before.
    /// - Parameter isWhole: false for their questions and times alone.
    func votes(isWhole: Bool = true) async throws -> [ShownVote] {
        try await shown { try $0.votes(isWhole: isWhole) }
    }

    func vote(_ id: Identifier<Vote>) async throws -> ShownVote {
        guard let vote = try await shown({ try $0.vote(id).map { [$0] } ?? [] }).first else {
            throw VotesRefusal.noVote
        }
        return vote
    }

    /// Every vote, the newest first.
    func voteNames() async throws -> [(id: String, question: String)] {
        try await database.read { try VoteStore($0).names() }
    }

    private func shown(_ votes: @escaping @Sendable (VoteStore) throws -> [Vote]) async throws -> [ShownVote] {
        let (now, mark) = (world.now(), ballots.mark)
        let read: @Sendable (any Transaction) throws -> (shown: [ShownVote], isCounted: Bool) = { transaction in
            let store = VoteStore(transaction)
            let found = try votes(store)
            let tallies = try store.tallies(of: found)
            let places = try Self.places(of: found.flatMap { $0.options.compactMap(\.linked) }, in: transaction)
            let shown = found.map { vote in
                let state = vote.state(at: now)
                return ShownVote(
                    vote: vote, state: state, tally: state == .closed ? tallies[vote.id] : nil, places: places)
            }
            return (shown, try store.uncounted(at: now, mark).isEmpty)
        }
        let first = try await database.read(read)
        if first.isCounted { return first.shown }
        try await countWhatIsOver()
        return try await database.read(read).shown
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

    /// What a typed vote means. Throws `Problems`.
    func draft(_ typed: TypedVote, _ list: VoterList) async throws -> VoteDraft {
        let names = typed.linked
        let known = try await database.read { transaction in
            (
                texts: try Self.texts(of: names, in: transaction),
                findings: try Self.findings(linked: names, in: transaction).mapValues(\.name),
                held: try Self.held(names, in: transaction)
            )
        }
        return try typed.draft(
            texts: known.texts, findings: known.findings, held: known.held, list, at: world.now(), clock)
    }

    /// Whom the lines of a form name.
    func voters(_ typed: TypedVote, _ language: Language) async throws -> VoterList {
        VoterList(typed.voters, people: try await colleagues.people(), desks: try await colleagues.desks(language))
    }

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
                options: draft.options, outcome: nil, survivorSeats: draft.survivorSeats)
            try store.write(vote, form: form, keyMark: mark, voters: draft.voters)
            try AuditChain(transaction).append(
                .init(actor: actor, verb: "open", kind: "vote", record: id.description), at: now)
            return id
        }
    }

    /// Takes back a vote before it opens; why stands on its page.
    func withdraw(_ id: Identifier<Vote>, because reason: String, by actor: Actor) async throws {
        guard actor.may(.keepLandscape) else { throw VotesRefusal.notAllowed }
        let world = world
        try await database.write { transaction in
            let (now, store) = (world.now(), VoteStore(transaction))
            guard let vote = try store.vote(id) else { throw VotesRefusal.noVote }
            switch vote.state(at: now) {
            case .open: throw VotesRefusal.alreadyOpen
            case .closed: throw VotesRefusal.closed
            case .withdrawn: throw VotesRefusal.withdrawn
            case .announced: try store.withdraw(id, reason)
            }
            try AuditChain(transaction).append(
                .init(actor: actor, verb: "withdraw", kind: "vote", record: id.description), at: now)
        }
    }

    // MARK: Voting

    /// The vote, when who asks may vote in it now. Throws `VotesRefusal`.
    private static func open(
        _ id: Identifier<Vote>, to signedIn: SignedIn, in transaction: any Transaction, at now: Instant
    ) throws -> Vote {
        let store = VoteStore(transaction)
        guard let vote = try store.vote(id) else { throw VotesRefusal.noVote }
        guard try store.voter(signedIn.worker, of: id) != nil else { throw VotesRefusal.notEligible }
        switch vote.state(at: now) {
        case .announced: throw VotesRefusal.notOpenYet
        case .closed: throw VotesRefusal.closed
        case .withdrawn: throw VotesRefusal.withdrawn
        case .open: return vote
        }
    }

    /// Throws why who asks cannot vote now, before what they typed is looked at.
    func expectOpen(_ id: Identifier<Vote>, to signedIn: SignedIn) async throws {
        let now = world.now()
        _ = try await database.read { try Self.open(id, to: signedIn, in: $0, at: now) }
    }

    /// Keeps a ballot in the place of the voter's earlier one. The audit chain says that somebody voted: not who, not what,
    /// not whether for the first time.
    func cast(_ ballot: Ballot, in id: Identifier<Vote>, by signedIn: SignedIn) async throws {
        let (world, ballots) = (world, ballots)
        try await database.write { transaction in
            // Asked here: who waited for the writer may have waited beyond the close.
            let now = world.now()
            let store = VoteStore(transaction)
            let vote = try Self.open(id, to: signedIn, in: transaction, at: now)
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
            case .withdrawn: throw VotesRefusal.withdrawn
            case .open: try Self.count(vote, ballots, in: transaction, at: now, by: actor)
            }
        }
    }

    /// Counts what was closed by the clock. Until then nothing is counted anywhere.
    func countWhatIsOver() async throws {
        let (now, ballots) = (world.now(), ballots)
        let waiting = try await database.read { try VoteStore($0).uncounted(at: now, ballots.mark) }
        if waiting.isEmpty { return }
        try await database.write { transaction in
            let store = VoteStore(transaction)
            for id in try store.uncounted(at: now, ballots.mark) {
                guard let vote = try store.vote(id) else { continue }
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
            guard let group = voter.group else { throw StorageFailure.unexpectedColumn("vote_voter.voter_group") }
            if let ballot = ballots.open(sealed, of: voter.worker, in: vote) {
                cast.append((group, ballot))
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
