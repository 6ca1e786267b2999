import Foundation
import Kernel
import Web

/// A vote as the form of opening has it: what was typed, and what it means where nothing is wrong with it.
struct VoteDraft: Sendable {
    let question: String
    let points: Int
    let opens: Instant
    let closes: Instant
    let options: [Vote.Option]
    let voters: [Voter]
    var survivorSeats = 0
}

/// What was typed into the form of opening.
struct TypedVote: Sendable {
    var question = ""
    /// One option a line; `act-005` alone is what has that id or code, `act-005: words` the words, linked to it.
    var options = ""
    var points = "5"
    var opens = ""
    var closes = ""
    /// How many voters must be survivors at least.
    var seats = ""
    /// Of each group one person or desk a line.
    var voters: [VoterGroup: String] = [:]

    static func field(_ group: VoterGroup) -> String { "voters-\(group.rawValue)" }

    init() {}

    init(_ form: FormFields) {
        question = form.value("question") ?? ""
        options = form.value("options") ?? ""
        points = form.value("points") ?? ""
        opens = form.value("opens") ?? ""
        closes = form.value("closes") ?? ""
        seats = form.value("seats") ?? ""
        for group in VoterGroup.allCases { voters[group] = form.value(Self.field(group)) }
    }

    /// What lines begin with that may be an id or a code.
    var linked: [String] { lines.prefix(Vote.mostOptions).compactMap { Self.link(in: $0)?.name } }

    private var lines: [String] {
        options.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// What stands before the colon, or the whole line; nil where that cannot be an id or a code.
    private static func link(in line: String) -> (name: String, words: String)? {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard let name = parts.first.map(String.init), !name.contains(where: \.isWhitespace), name.utf8.count <= 300
        else { return nil }
        return (name, parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
    }

    /// True for what nobody writes but to link something.
    private static func isMeant(_ name: String) -> Bool {
        name.wholeMatch(of: /([a-z0-9-]+\/)?(act|pro|pri|fnd|note|coding)-[a-z0-9-]{1,60}/) != nil
    }

    /// - Parameters:
    ///   - texts: of what `linked` names and there is.
    ///   - findings: the names that findings are kept by.
    ///   - held: names that may not come before the public yet.
    func draft(
        texts: [String: String], findings: [String: String], held: Set<String> = [], _ list: VoterList, at now: Instant,
        _ clock: LocalTime
    ) throws -> VoteDraft {
        var problems = Problems()
        if question.isEmpty { problems.add("question", "required") }
        if question.count > Vote.longestText { problems.add("question", "too-long") }
        let options = options(texts, findings, &problems)
        if !held.isEmpty { problems.add("options", "small-community") }
        let points = Int(points).flatMap { (1...Vote.mostPoints).contains($0) ? $0 : nil }
        if points == nil { problems.add("points", "points-range") }
        let opening = opens.isEmpty ? now : clock.instant(opens)
        let closing = clock.instant(closes)
        if opening == nil { problems.add("opens", "not-a-time") }
        if closing == nil { problems.add("closes", closes.isEmpty ? "required" : "not-a-time") }
        if let opening, let closing, closing <= max(opening, now) { problems.add("closes", "closes-first") }
        let seats = seats.isEmpty ? 0 : Int(seats).flatMap { (0...Vote.mostPoints).contains($0) ? $0 : nil }
        if seats == nil { problems.add("seats", "not-a-number") }
        if let seats, list.voters.count(where: { $0.group == .survivors }) < seats {
            problems.add("seats", "too-few-seats")
        }
        if !list.unknown.isEmpty { problems.add("voters", "unknown-voter") }
        if !list.twice.isEmpty { problems.add("voters", "voter-twice") }
        if list.voters.count < Tally.fewest { problems.add("voters", "too-few-voters") }
        try problems.check()
        guard let points, let opening, let closing, let seats else { throw problems }
        return VoteDraft(
            question: question, points: points, opens: opening, closes: closing, options: options, voters: list.voters,
            survivorSeats: seats)
    }

    private func options(
        _ texts: [String: String], _ findings: [String: String], _ problems: inout Problems
    ) -> [Vote.Option] {
        let options = lines.enumerated().map { number, line in
            var (words, linked): (String, String?) = (line, nil)
            if let link = Self.link(in: line), let text = texts[link.name] {
                words = link.words.isEmpty ? text : link.words
                linked = findings[link.name] ?? link.name
            } else if let link = Self.link(in: line), Self.isMeant(link.name) {
                problems.add("options", "unknown-link")
            }
            if words.count > Vote.longestText { problems.add("options", "too-long") }
            return Vote.Option(number: number + 1, body: words, linked: linked)
        }
        if options.count < 2 { problems.add("options", "two-options") }
        if options.count > Vote.mostOptions { problems.add("options", "too-many-options") }
        if Set(options.map { Vote.folded($0.body) }).count < options.count { problems.add("options", "same-option") }
        return options
    }
}

/// What was typed onto a ballot, option by option.
struct TypedBallot: Sendable {
    var points: [Int: String] = [:]

    static func field(_ option: Vote.Option) -> String { "points-\(option.number)" }

    init(_ ballot: Ballot) { points = ballot.points.mapValues(String.init) }

    init(_ form: FormFields, _ vote: Vote) {
        for option in vote.options { points[option.number] = form.value(Self.field(option)) }
    }

    /// An empty field is no answer; 0 is one.
    func ballot(_ vote: Vote) throws -> Ballot {
        var problems = Problems()
        var ballot = Ballot()
        for option in vote.options {
            guard let typed = points[option.number] else { continue }
            guard let value = Int(typed), value >= 0, value <= Vote.mostPoints else {
                problems.add(Self.field(option), "not-a-number")
                continue
            }
            ballot.points[option.number] = value
        }
        if ballot.points.values.reduce(0, +) > vote.points { problems.add("points", "too-many-points") }
        try problems.check()
        return ballot
    }
}
