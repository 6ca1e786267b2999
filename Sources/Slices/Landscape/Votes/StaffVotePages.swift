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
    /// By group, then by name.
    let voters: [(group: VoterGroup, name: String, desk: String)]
    /// Nil for who is no voter of it.
    let ballot: TypedBallot?
    let mayClose: Bool
    var wasKept = false
    var problems = Problems()
    var refusal: VotesRefusal?

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let labels = vote.vote.options.map { (TypedBallot.field($0), $0.body) }
        let faults = FormFaults(problems, labels: Dictionary(uniqueKeysWithValues: labels), words)
        return setting.page(
            words(.votePage), heading: vote.vote.question, path: "desk/landscape/votes/\(vote.vote.id)",
            styles: ["landscape.css"],
            """
            \(refusal.map { "<p class=\"alert\" role=\"alert\">\(words.text(key: "fault.\($0.code)") ?? "")</p>" })
            \(if: wasKept, "<p class=\"note\" role=\"status\">\(words(.ballotKept))</p>")
            \(faults.summary())
            <p>\(VoteDates(vote, clock).html(words))</p>
            \(ballotForm(setting, faults))
            \(if: vote.state == .closed || ballot == nil, VoteOutcome(vote: vote).html(words))
            <section><h2>\(words(.voteVoters))</h2><p>\(words(.voteVotersLead))</p><ul>\(voters, { voter in
            "<li>\(voter.name), \(voter.desk) · \(words.group(voter.group))</li>" })</ul></section>
            \(if: mayClose && vote.state == .open, closing(setting))
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
    let people: [(worker: String, name: String, role: String, desk: String)]
    let clock: LocalTime
    var problems = Problems()

    static let formField = "form"

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let labels = [
            "question": words(.openingQuestion), "options": words(.openingOptions), "points": words(.openingPoints),
            "opens": words(.openingOpens), "closes": words(.openingCloses), "voter": words(.openingVoters),
        ]
        let faults = FormFaults(problems, labels: labels, words)
        return setting.page(
            words(.votesOpenOne), path: "desk/landscape/vote-opening",
            """
            \(faults.summary())<p class="lead">\(words(.voteOpeningLead))</p>
            \(setting.form("desk/landscape/vote-opening", """
            \(HTML.hidden(Self.formField, form))<div class="correct">
            \(text("question", words(.openingQuestion), typed.question, nil, faults))
            <div><label for="f-options">\(words(.openingOptions))</label><p class="hint" id="f-options-hint">\(words(.openingOptionsHint))</p>\(faults.error("options"))
            <textarea id="f-options" name="options" rows="8"\(faults.ties("options", hint: "f-options-hint"))>\(typed.options)</textarea></div>
            <div class="fields">\(text("points", words(.openingPoints), typed.points, words(.openingPointsHint), faults))
            \(time("opens", words(.openingOpens), typed.opens, words(.openingOpensHint), faults))
            \(time("closes", words(.openingCloses), typed.closes, clock.name, faults))</div>
            <fieldset id="f-voter"><legend>\(words(.openingVoters))</legend><p class="hint">\(words(.openingVotersHint, ["fewest": words.number(Tally.fewest)]))</p>\(faults.error("voter"))
            <div class="fields">\(people, { person($0, words) })</div></fieldset></div>
            <p class="tools"><button>\(words(.voteOpeningGo))</button></p>
            """))
            """)
    }

    private func text(_ name: String, _ label: String, _ value: String, _ hint: String?, _ faults: FormFaults) -> HTML {
        """
        <div><label for="f-\(name)">\(label)</label>\(hint.map { "<p class=\"hint\" id=\"f-\(name)-hint\">\($0)</p>" })\(faults.error(name))
        <input id="f-\(name)" name="\(name)" value="\(value)" autocomplete="off"\(faults.ties(name, hint: hint == nil ? nil : "f-\(name)-hint"))></div>

        """
    }

    private func time(_ name: String, _ label: String, _ value: String, _ hint: String, _ faults: FormFaults) -> HTML {
        """
        <div><label for="f-\(name)">\(label)</label><p class="hint" id="f-\(name)-hint">\(hint)</p>\(faults.error(name))
        <input type="datetime-local" id="f-\(name)" name="\(name)" value="\(value)"\(faults.ties(name, hint: "f-\(name)-hint"))></div>

        """
    }

    private func person(_ person: (worker: String, name: String, role: String, desk: String), _ words: Words) -> HTML {
        let chosen = typed.groups[person.worker]
        return """
            <div><label for="v-\(person.worker)">\(person.name), \(person.desk) <span class="quiet">\(words.text(key: "role.\(person.role)") ?? person.role)</span></label>
            <select id="v-\(person.worker)" name="\(TypedVote.voterField)"><option value="">\(words(.openingNoVoter))</option>\(VoterGroup.allCases, { group in
            "<option value=\"\(person.worker) \(group.rawValue)\"\(if: chosen == group, " selected")>\(words.group(group))</option>" })</select></div>

            """
    }
}
