import Kernel

/// What ballots come to, as far as it may be told.
struct Tally: Sendable, Equatable {
    /// Fewer ballots than this are never told of apart, nor can they be found by subtracting.
    static let fewest = 5

    /// What one option got. An option without a line was answered on too few ballots to be told of.
    struct Line: Sendable, Equatable {
        let number: Int
        let points: Int
        /// Ballots that answered this option; nil for a part of the ballots.
        let answered: Int?
    }

    /// The ballots of these groups together.
    struct Part: Sendable, Equatable {
        let groups: [VoterGroup]
        let lines: [Line]
    }

    let ballots: Int
    let lines: [Line]
    /// Empty where showing groups apart would tell what few people chose.
    let parts: [Part]

    /// Nil for fewer ballots than `fewest`.
    init?(_ ballots: [(group: VoterGroup, ballot: Ballot)], options: [Vote.Option]) {
        guard ballots.count >= Self.fewest else { return nil }
        self.ballots = ballots.count
        func given(_ option: Vote.Option, by groups: [VoterGroup]) -> [Int] {
            ballots.filter { groups.contains($0.group) }.compactMap { $0.ballot.points[option.number] }
        }
        lines = options.compactMap { option in
            let given = given(option, by: VoterGroup.allCases)
            if given.count < Self.fewest { return nil }
            return Line(number: option.number, points: given.reduce(0, +), answered: given.count)
        }
        let counts = Dictionary(grouping: ballots, by: \.group).mapValues(\.count)
        let apart = Self.apart(counts)
        // Of an option that few of one part answered no part is told: the few are what remains of the whole after the others.
        let told = options.filter { option in apart.allSatisfy { given(option, by: $0).count >= Self.fewest } }
        parts = apart.map { groups in
            Part(
                groups: groups,
                lines: told.map { option in
                    Line(number: option.number, points: given(option, by: groups).reduce(0, +), answered: nil)
                })
        }
    }

    init(ballots: Int, lines: [Line], parts: [Part]) {
        self.ballots = ballots
        self.lines = lines
        self.parts = parts
    }

    /// Which groups are told of, some together: what remains of the whole after the others is nothing or large enough too.
    static func apart(_ counts: [VoterGroup: Int]) -> [[VoterGroup]] {
        var large = counts.filter { $0.value >= fewest }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        var small = counts.filter { $0.value < fewest && $0.value > 0 }.map { ($0.key, $0.value) }
        while !small.isEmpty, small.reduce(0, { $0 + $1.1 }) < fewest, !large.isEmpty {
            let smallest = large.removeFirst()
            small.append((smallest.key, smallest.value))
        }
        let parts = large.map { [$0.key] } + (small.isEmpty ? [] : [small.map(\.0).sorted()])
        return parts.count > 1 ? parts.sorted { $0[0] < $1[0] } : []
    }

    struct Ranked: Sendable, Equatable {
        let option: Vote.Option
        /// Both nil for an option that is not told of.
        let rank: Int?
        let line: Line?
    }

    /// By points and then the alphabet; equal points have one rank. Options that are not told of come last, without one.
    static func ranked(_ lines: [Line], _ options: [Vote.Option]) -> [Ranked] {
        let byNumber = Dictionary(uniqueKeysWithValues: lines.map { ($0.number, $0) })
        return options.map { option in
            let line = byNumber[option.number]
            let rank = line.map { line in 1 + lines.count { $0.points > line.points } }
            return Ranked(option: option, rank: rank, line: line)
        }.sorted { ($0.rank ?? .max, Vote.folded($0.option.body)) < ($1.rank ?? .max, Vote.folded($1.option.body)) }
    }
}
