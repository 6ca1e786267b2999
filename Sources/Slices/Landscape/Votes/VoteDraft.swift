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
}

/// What was typed into the form of opening.
struct TypedVote: Sendable {
    var question = ""
    /// One option a line; `act-005` alone is the action of that id, `act-005: words` the words, linked to it.
    var options = ""
    var points = "5"
    var opens = ""
    var closes = ""
    /// The group of each worker who may vote.
    var groups: [String: VoterGroup] = [:]

    static let voterField = "voter"

    init() {}

    init(_ form: FormFields) {
        question = form.value("question") ?? ""
        options = form.value("options") ?? ""
        points = form.value("points") ?? ""
        opens = form.value("opens") ?? ""
        closes = form.value("closes") ?? ""
        for value in form.values(Self.voterField) {
            let parts = value.split(separator: " ")
            if parts.count == 2, let group = VoterGroup(rawValue: String(parts[1])) { groups[String(parts[0])] = group }
        }
    }

    /// The ids that lines begin with.
    var linked: [String] { lines.compactMap { Self.link(in: $0)?.id } }

    private var lines: [String] {
        options.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// `act-005: words` or `act-005`; nil where a line begins with no id.
    private static func link(in line: String) -> (id: String, words: String)? {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard let id = parts.first.map(String.init), id.wholeMatch(of: /(act|fnd|pri)-[a-z0-9-]{1,40}/) != nil else {
            return nil
        }
        return (id, parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
    }

    /// - Parameters:
    ///   - texts: of the ids in `linked` that exist.
    ///   - desks: of the workers who can be voters.
    func draft(texts: [String: String], desks: [String: String], at now: Instant, _ clock: LocalTime) throws
        -> VoteDraft
    {
        var problems = Problems()
        if question.isEmpty { problems.add("question", "required") }
        if question.count > Vote.longestText { problems.add("question", "too-long") }
        let options = options(texts, &problems)
        let points = Int(points).flatMap { (1...Vote.mostPoints).contains($0) ? $0 : nil }
        if points == nil { problems.add("points", "points-range") }
        let opening = opens.isEmpty ? now : clock.instant(opens)
        let closing = clock.instant(closes)
        if opening == nil { problems.add("opens", "not-a-time") }
        if closing == nil { problems.add("closes", closes.isEmpty ? "required" : "not-a-time") }
        if let opening, let closing, closing <= max(opening, now) { problems.add("closes", "closes-first") }
        let voters = groups.compactMap { worker, group in
            desks[worker].map { Voter(worker: worker, desk: $0, group: group) }
        }.sorted { $0.worker < $1.worker }
        if voters.count < Tally.fewest { problems.add(Self.voterField, "too-few-voters") }
        try problems.check()
        guard let points, let opening, let closing else { throw problems }
        return VoteDraft(
            question: question, points: points, opens: opening, closes: closing, options: options, voters: voters)
    }

    private func options(_ texts: [String: String], _ problems: inout Problems) -> [Vote.Option] {
        let options = lines.enumerated().map { number, line in
            let link = Self.link(in: line)
            if let link, texts[link.id] == nil { problems.add("options", "unknown-link") }
            let words = link.map { $0.words.isEmpty ? texts[$0.id] ?? "" : $0.words } ?? line
            if words.count > Vote.longestText { problems.add("options", "too-long") }
            return Vote.Option(number: number + 1, body: words, linked: link?.id)
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
