import Kernel
import Web

/// The votes as staff see them: which are theirs to vote in, and for the coordinator the way to open one.
struct StaffVotesPage {
    let votes: [ShownVote]
    let clock: LocalTime
    let mayOpen: Bool

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return setting.page(
            words(.votesTitle), path: "desk/landscape/votes",
            """
            <p>\(words(.votesHidden))</p>
            \(if: mayOpen, "<p class=\"tools\"><a class=\"button\" href=\"\(setting.path("desk/landscape/vote-opening"))\">\(words(.votesOpenOne))</a></p>")
            \(if: votes.isEmpty, "<p>\(words(.votesNone))</p>")
            <ul class="listing">\(votes, { vote in
            "<li><a href=\"\(setting.path("desk/landscape/votes/\(vote.vote.id)"))\">\(vote.vote.question)</a><p>\(VoteDates(vote, clock).html(words))</p></li>\n" })</ul>
            """)
    }
}

/// One vote for staff: the own ballot, who else may vote, and for the coordinator the close. Never how it stands.
struct StaffVotePage {
    let vote: ShownVote
    let clock: LocalTime
    /// By name. The group is there for keepers alone.
    let voters: [(name: String, desk: String, group: VoterGroup?)]
    /// Of who looks.
    var ownGroup: VoterGroup?
    /// Nil for who is no voter of it.
    let ballot: TypedBallot?
    let mayClose: Bool
    var problems = Problems()
    var refusal: VotesRefusal?

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        var labels = Dictionary(uniqueKeysWithValues: vote.vote.options.map { (TypedBallot.field($0), $0.body) })
        labels["reason"] = words(.voteWithdrawReason)
        let faults = FormFaults(problems, labels: labels, words)
        return setting.page(
            words(.votePage), heading: vote.vote.question, path: "desk/landscape/votes/\(vote.vote.id)",
            """
            \(HTML.alert(refusal.map { words.text(key: "fault.\($0.code)") ?? $0.description }))
            \(faults.summary())
            <p>\(VoteDates(vote, clock).html(words))</p>
            \(ballotForm(setting, faults))
            \(if: vote.state != .open || ballot == nil, VoteOutcome(vote: vote).html(words))
            <section><h2>\(words(.voteVoters))</h2><p>\(words(.voteVotersLead))</p>\(if: voters.contains { $0.group != nil }, "<p>\(words(.voteVotersGroups))</p>")\(ownGroup.map { "<p>\(words(.voteOwnGroup, ["group": words.group($0)]))</p>" as HTML })<ul>\(voters, { voter in
            "<li>\(voter.name), \(voter.desk)\(voter.group.map { " · \(words.group($0))" })</li>" })</ul></section>
            \(if: mayClose && vote.state == .open, closing(setting))
            \(if: mayClose && vote.state == .announced, withdrawing(setting, faults))
            """)
    }

    /// Stands after the close too when something was typed that came too late, so that it is not lost.
    private func ballotForm(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        guard let ballot, vote.state == .open || refusal != nil else {
            return vote.state == .open ? "<p>\(words(.ballotNotYours))</p>" : ""
        }
        return """
            <section><h2>\(words(.ballotTitle))</h2><p>\(words(.ballotLead, ["points": words.number(vote.vote.points)]))</p><p>\(words(.ballotChange))</p>
            \(setting.form("desk/landscape/votes/\(vote.vote.id)/ballot", """
            <div class="correct">\(vote.vote.shownOptions, { field($0, ballot, faults) })</div>
            <p class="tools"><button>\(words(.ballotGo))</button></p>
            """))</section>
            """
    }

    private func field(_ option: Vote.Option, _ ballot: TypedBallot, _ faults: FormFaults) -> HTML {
        let name = TypedBallot.field(option)
        let id = FormFaults.id(name)
        return """
            <div><label for="\(id)">\(option.body)</label>\(faults.error(name))
            <input id="\(id)" name="\(name)" inputmode="numeric" size="6" value="\(ballot.points[option.number] ?? "")" autocomplete="off"\(faults.ties(name))></div>

            """
    }

    private func withdrawing(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.voteWithdrawTitle))</h2><p>\(words(.voteWithdrawLead))</p>
            \(setting.form("desk/landscape/votes/\(vote.vote.id)/withdrawal", """
            <div class="correct"><div><label for="f-reason">\(words(.voteWithdrawReason))</label>\(faults.error("reason"))
            <input id="f-reason" name="reason" autocomplete="off"\(faults.ties("reason"))></div></div>
            <p class="tools"><button class="second">\(words(.voteWithdrawGo))</button></p>
            """))</section>
            """
    }

    private func closing(_ setting: StaffFrame) -> HTML {
        """
        <section><h2>\(setting.words(.voteCloseTitle))</h2><p>\(setting.words(.voteCloseLead, ["fewest": setting.words.number(Tally.fewest)]))</p>
        \(setting.form("desk/landscape/votes/\(vote.vote.id)/closing", isStep: true, "<button class=\"second\">\(setting.words(.voteCloseGo))</button>"))</section>
        """
    }
}

/// The form of a new vote.
struct VoteOpeningPage {
    let typed: TypedVote
    /// Made with the page: the same form sent twice opens one vote.
    let form: String
    /// Those at which somebody works, with what they sign in with.
    let desks: [(name: String, people: [String])]
    let clock: LocalTime
    let list: VoterList
    var problems = Problems()

    static let formField = "form"

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let rows = FormRows(texts, labels: labels(words), problems, words)
        let named = problems.isEmpty ? [] : list.unknown + list.twice
        return setting.page(
            words(.votesOpenOne), path: "desk/landscape/vote-opening",
            """
            \(rows.faults.summary())\(if: !named.isEmpty, "<p class=\"alert\">\(words(.actionNamed)) <strong>\(named.joined(separator: "; "))</strong></p>")<p class="lead">\(words(.voteOpeningLead))</p>
            \(setting.form("desk/landscape/vote-opening", """
            \(HTML.hidden(Self.formField, form))<div class="correct">
            \(rows.input("question"))
            \(rows.area("options", rows: 8, hint: words(.openingOptionsHint)))
            <div class="fields">\(rows.input("points", hint: words(.openingPointsHint)))
            \(rows.input("opens", type: "datetime-local", hint: words(.openingOpensHint)))
            \(rows.input("closes", type: "datetime-local", hint: clock.name))</div>
            <fieldset id="f-voters"><legend>\(words(.openingVoters))</legend><p class="hint">\(words(.openingVotersHint, ["fewest": words.number(Tally.fewest)]))</p>\(rows.faults.error("voters"))
            \(VoterGroup.allCases, { rows.area(TypedVote.field($0)) })
            \(rows.input("seats", hint: words(.openingSeatsHint)))</fieldset></div>
            <p class="tools"><button>\(words(.voteOpeningGo))</button></p>
            """))
            <details><summary>\(words(.openingNames))</summary><ul>\(desks, { desk in
            "<li><strong>\(desk.name)</strong>: \(desk.people.joined(separator: ", "))</li>\n" })</ul></details>
            """)
    }

    private var texts: [String: String] {
        VoterGroup.allCases.reduce(
            into: [
                "question": typed.question, "options": typed.options, "points": typed.points, "opens": typed.opens,
                "closes": typed.closes, "seats": typed.seats,
            ]
        ) { $0[TypedVote.field($1)] = typed.voters[$1] }
    }

    private func labels(_ words: Words) -> [String: String] {
        VoterGroup.allCases.reduce(
            into: [
                "question": words(.openingQuestion), "options": words(.openingOptions),
                "points": words(.openingPoints), "opens": words(.openingOpens), "closes": words(.openingCloses),
                "voters": words(.openingVoters), "seats": words(.openingSeats),
            ]
        ) { $0[TypedVote.field($1)] = words.group($1) }
    }
}
