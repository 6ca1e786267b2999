import Kernel
import Web

/// The votes of the network, as anybody sees them.
struct VotesPage {
    let votes: [ShownVote]
    let clock: LocalTime

    func html(_ words: Words, _ frame: PageFrame) -> HTML {
        let path = "/\(words.language.code)/landscape"
        return frame.page(
            words, title: words(.votesTitle), path: "landscape/votes",
            """
            <h1>\(words(.votesTitle))</h1><p class="lead">\(words(.votesLead))</p><p>\(words(.votesHidden))</p>
            \(if: votes.isEmpty, "<p>\(words(.votesNone))</p>")
            <ul class="listing">\(votes, { vote in
            "<li><a href=\"\(path)/votes/\(vote.vote.id.description)\">\(vote.vote.question)</a><p>\(VoteDates(vote, clock).html(words))</p></li>\n" })</ul>
            <p><a href="\(path)/priorities">\(words(.prioritiesTitle))</a></p>
            <p>\(words(.votesDownload)) <a href="/landscape/votes.json">JSON</a>, <a href="/landscape/votes.csv">CSV</a></p>
            """)
    }
}

/// When a vote begins and ends, and whether it is open.
struct VoteDates {
    private let vote: ShownVote
    private let clock: LocalTime

    init(_ vote: ShownVote, _ clock: LocalTime) {
        self.vote = vote
        self.clock = clock
    }

    func html(_ words: Words) -> HTML {
        let times: KeyValuePairs = [
            "opens": clock.text(vote.vote.opens), "closes": clock.text(vote.vote.closes), "zone": clock.name,
        ]
        return switch vote.state {
        case .announced: "\(words(.voteAnnounced, times))"
        case .open: "\(words(.voteOpen, times))"
        case .closed: "\(words(.voteClosed, times))"
        case .withdrawn: "\(words(.voteWithdrawn, times))"
        }
    }
}

/// One vote, as anybody sees it.
struct VotePage {
    let vote: ShownVote
    let clock: LocalTime

    func html(_ words: Words, _ frame: PageFrame) -> HTML {
        frame.page(
            words, title: words(.votePage), path: "landscape/votes/\(vote.vote.id)",
            """
            <h1>\(vote.vote.question)</h1><p>\(VoteDates(vote, clock).html(words))</p>
            <p>\(words(.votePoints, ["points": words.number(vote.vote.points)]))\(if: vote.vote.survivorSeats > 0, " \(words(.voteSeats, ["seats": words.number(vote.vote.survivorSeats)]))")</p>
            \(VoteOutcome(vote: vote).html(words))
            <p><a href="/\(words.language.code)/landscape/votes">\(words(.votesTitle))</a></p>
            """)
    }
}

/// What a vote came to once it is closed; before that its options by the alphabet and nothing else.
struct VoteOutcome {
    let vote: ShownVote

    func html(_ words: Words) -> HTML {
        if let reason = vote.vote.withdrawn {
            return "<p class=\"note\">\(words(.voteWithdrawnWhy)) \(reason)</p>\(options(words))"
        }
        guard vote.state == .closed else {
            return "<p>\(words(.votesHidden))</p>\(options(words))"
        }
        guard let tally = vote.tally else {
            let fewest = words.number(Tally.fewest)
            return
                "<p class=\"note\">\(vote.vote.outcome == .tooFew ? words(.voteTooFew, ["fewest": fewest]) : words(.voteNotCounted))</p>"
        }
        return """
            <section><h2>\(words(.voteResult))</h2>
            <p>\(words(.voteBallots, ["count": words.number(tally.ballots)])) \(words(.votesTies)) \(words(.voteBlank))</p>
            \(table(words(.voteResult), tally.lines, isWhole: true, words))</section>
            <section><h2>\(words(.voteGroups))</h2>
            <p>\(words(tally.parts.isEmpty ? .voteNoGroups : .voteGroupsLead, ["fewest": words.number(Tally.fewest)]))</p>
            \(tally.parts, { part in
            "<section><h3>\(part.groups.map { words.group($0) }.joined(separator: " + "))</h3>\(table(part.groups.map { words.group($0) }.joined(separator: " + "), part.lines, words))</section>\n" })</section>
            """
    }

    private func options(_ words: Words) -> HTML {
        """
        <section><h2>\(words(.voteOptions))</h2><ul>\(vote.vote.shownOptions, { "<li>\(linked($0, words))</li>" })</ul></section>
        """
    }

    private func table(_ name: String, _ lines: [Tally.Line], isWhole: Bool = false, _ words: Words) -> HTML {
        let ranked = Tally.ranked(lines, vote.vote.options)
        return """
            \(HTML.wide(name, """
            <table><thead><tr><th scope="col">\(words(.votesRank))</th><th scope="col">\(words(.voteOption))</th><th scope="col">\(words(.votesPoints))</th>\(if: isWhole, "<th scope=\"col\">\(words(.voteAnswered))</th>")</tr></thead>
            <tbody>\(ranked, { row($0, isWhole: isWhole, words) })</tbody></table>
            """))
            \(if: ranked.contains { $0.line == nil }, "<p class=\"quiet\">\(words(isWhole ? .voteWithheld : .voteWithheldParts, ["fewest": words.number(Tally.fewest)]))</p>")

            """
    }

    private func row(_ ranked: Tally.Ranked, isWhole: Bool, _ words: Words) -> HTML {
        """
        <tr><td>\(ranked.rank.map { words.number($0) } ?? "–")</td><td>\(linked(ranked.option, words))</td><td>\(ranked.line.map { words.number($0.points) } ?? "–")</td>\(if: isWhole, "<td>\(ranked.line?.answered.map { words.number($0) } ?? "–")</td>")</tr>

        """
    }

    private func linked(_ option: Vote.Option, _ words: Words) -> HTML {
        guard let place = option.linked.flatMap({ vote.places[$0] }) else { return "\(option.body)" }
        return "<a href=\"/\(words.language.code)/landscape/\(place)\">\(option.body)</a>"
    }
}
