import Formats
import Kernel
import Web

/// Votes as data. Of those that are not closed there are the question, the options and the times, and nothing else.
struct VoteExport {
    let votes: [ShownVote]

    var json: Reply {
        var text = JSONText()
        text.array { list in
            for vote in votes { list.object { write(vote, to: &$0) } }
        }
        return Reply(type: "application/json", .plain(text.bytes))
    }

    private func write(_ shown: ShownVote, to json: inout JSONText) {
        let vote = shown.vote
        json.member("id", vote.id.description)
        json.member("question", vote.question)
        json.member("state", shown.state.rawValue)
        json.member("points") { $0.integer(vote.points) }
        json.member("opens", vote.opens.description)
        json.member("closes", vote.closes.description)
        json.member("withdrawn_because", vote.withdrawn)
        if vote.survivorSeats > 0 { json.member("survivor_seats") { $0.integer(vote.survivorSeats) } }
        json.member("options") { json in
            json.array { list in
                for option in vote.shownOptions {
                    list.object { json in
                        json.member("number") { $0.integer(option.number) }
                        json.member("text", option.body)
                        json.member("linked", option.linked)
                    }
                }
            }
        }
        if let tally = shown.tally { write(tally, of: vote, to: &json) }
        if shown.state == .closed, vote.outcome == .tooFew { json.member("outcome", "too-few") }
    }

    private func write(_ tally: Tally, of vote: Vote, to json: inout JSONText) {
        json.member("ballots") { $0.integer(tally.ballots) }
        json.member("results") { json in lines(tally.lines, vote, &json) }
        json.member("groups") { json in
            json.array { list in
                for part in tally.parts {
                    list.object { json in
                        json.member("groups") { json in
                            json.array { names in for group in part.groups { names.text(group.rawValue) } }
                        }
                        json.member("results") { json in lines(part.lines, vote, &json) }
                    }
                }
            }
        }
    }

    private func lines(_ lines: [Tally.Line], _ vote: Vote, _ json: inout JSONText) {
        json.array { list in
            for ranked in Tally.ranked(lines, vote.options) {
                list.object { json in
                    json.member("number") { $0.integer(ranked.option.number) }
                    guard let rank = ranked.rank, let line = ranked.line else {
                        return json.member("withheld", "fewer-than-\(Tally.fewest)")
                    }
                    json.member("rank") { $0.integer(rank) }
                    json.member("points") { $0.integer(line.points) }
                    if let answered = line.answered { json.member("answered") { $0.integer(answered) } }
                }
            }
        }
    }

    /// One row for each option of each closed vote, for the whole and for each part that is shown apart.
    var csv: Reply {
        var sheet = CSVText(guardsFormulas: true)
        sheet.row([
            "vote", "question", "closed", "groups", "rank", "option", "linked", "points", "answered", "withheld",
        ])
        for shown in votes {
            guard let tally = shown.tally else { continue }
            write(tally.lines, "", shown.vote, to: &sheet)
            for part in tally.parts {
                write(part.lines, part.groups.map(\.rawValue).joined(separator: "+"), shown.vote, to: &sheet)
            }
        }
        return Reply(type: "text/csv; charset=utf-8; header=present", .plain(sheet.bytes))
    }

    private func write(_ lines: [Tally.Line], _ groups: String, _ vote: Vote, to sheet: inout CSVText) {
        for ranked in Tally.ranked(lines, vote.options) {
            sheet.row([
                .text(vote.id.description), .text(vote.question), .text(vote.closes.description), .text(groups),
                .number(ranked.rank.map(Double.init)), .text(ranked.option.body), .text(ranked.option.linked),
                .number(ranked.line.map { Double($0.points) }), .number(ranked.line?.answered.map(Double.init)),
                .text(ranked.line == nil ? "fewer-than-\(Tally.fewest)" : nil),
            ])
        }
    }
}
