import Kernel
import Web

/// The plan for anybody: by horizon, with how far each part is.
struct PlanPage {
    let plan: Plan

    func html(_ words: Words, _ frame: PageFrame) -> HTML {
        let horizons: [Action.Horizon?] = Action.Horizon.allCases + [nil]
        let start = "/\(words.language.code)/landscape"
        return frame.page(
            words, title: words(.planTitle), path: "landscape/plan",
            """
            <h1>\(words(.planTitle))</h1><p class="lead">\(words(.planLead))</p>
            \(if: plan.actions.isEmpty, "<p>\(words(.planNone))</p>")
            <p>\(words(.planPower))</p>
            <p class="tools"><a href="\(start)/board">\(words(.boardTitle))</a> <a href="\(start)/votes">\(words(.votesTitle))</a></p>
            \(horizons, { horizon($0, words) })
            \(progress(words))
            <p>\(words(.planDownload)) <a href="/landscape/plan.json">JSON</a>, <a href="/landscape/plan.csv">CSV</a></p>
            """)
    }

    private func horizon(_ horizon: Action.Horizon?, _ words: Words) -> HTML {
        let actions = plan.actions.filter { $0.horizon == horizon }
        guard !actions.isEmpty else { return "" }
        return """
            <section id="\(horizon?.rawValue ?? "open")"><h2>\(words.horizon(horizon))</h2><ul class="listing">\(actions, { ActionLine(action: $0, plan: plan).html(words) })</ul></section>

            """
    }

    private func progress(_ words: Words) -> HTML {
        guard !plan.actions.isEmpty else { return "" }
        return """
            <section><h2>\(words(.planProgress))</h2><p>\(words(.planProgressRule))</p>
            \(table(words(.planByHorizon), RollUp.lines(plan.actions) { words.horizon($0.horizon) }, nil, words))
            \(table(words(.planByFocus), RollUp.lines(plan.actions) { words.focus($0.focus) }, nil, words))
            \(table(words(.planByTheme), RollUp.lines(plan.actions, by: \.theme), "en", words))</section>
            """
    }

    private func table(_ caption: String, _ lines: [RollUp], _ language: String?, _ words: Words) -> HTML {
        """
        \(HTML.wide(caption, """
        <table><caption>\(caption)</caption><thead><tr><th scope="col">\(words(.planPart))</th><th scope="col">\(words(.planActions))</th><th scope="col">\(words(.planDone))</th><th scope="col">\(words(.planReached))</th></tr></thead>
        <tbody>\(lines, { line in
        "<tr><th scope=\"row\"\(language.map { " lang=\"\($0)\"" })>\(line.name)</th><td>\(words.number(line.actions))</td><td>\(words.number(line.done))</td><td>\(words.number(line.progress)) %</td></tr>\n" })</tbody></table>
        """))
        """
    }
}

extension Action {
    /// The region's plan is written in English; in what language somebody proposes here nobody says.
    var lang: HTML { document == nil ? "" : " lang=\"en\"" }
}

/// One action in a list: what it is, how it stands, who answers for it.
struct ActionLine {
    let action: Action
    let plan: Plan

    func html(_ words: Words) -> HTML {
        let answers = plan.desk(action.owner).map { words(.planAnswers, ["desk": $0]) } ?? words(.planUnanswered)
        return """
            <li><a href="/\(words.language.code)/landscape/actions/\(action.id)"\(action.lang)>\(action.body)</a>
            <p class="quiet">\(action.id) · \(words.state(action.state)) · \(answers)\(action.due.map { " · \(words(.planDue, ["day": $0.description]))" })\(if: action.isOverdue(on: plan.today), " · <strong class=\"mark\">\(words(.planOverdue))</strong>")</p></li>

            """
    }
}

/// One action: all that is known of it, what it is held against, and how it came to be so.
struct ActionPage {
    let action: Action
    let plan: Plan
    /// As `ActionChange.published` leaves them.
    let changes: [ActionChange]
    /// Texts of what it is linked with, by id.
    let texts: [String: String]
    /// The id of the finding that it answers, for a link.
    let finding: String?

    func html(_ words: Words, _ frame: PageFrame) -> HTML {
        let start = "/\(words.language.code)/landscape"
        return frame.page(
            words, title: words(.actionPage), path: "landscape/actions/\(action.id)",
            """
            <h1\(action.lang)>\(action.body)</h1>
            \(if: !action.examples.isEmpty, "<p>\(words(.actionExamples)) <span\(action.lang)>\(action.examples.joined(separator: ", "))</span></p>")
            <dl class="facts">\(facts(words), { fact in
            "<div><dt>\(fact.name)</dt><dd>\(fact.value)</dd></div>\n" })</dl>
            \(links(words, start))
            \(checklist(words))
            <section><h2>\(words(.actionHistory))</h2>\(if: changes.isEmpty, "<p>\(words(.actionNoHistory))</p>")\(ActionHistory(changes: changes, plan: plan, isPublic: true).html(words))</section>
            <p><a href="\(start)/plan">\(words(.planTitle))</a></p>
            """)
    }

    private func facts(_ words: Words) -> [(name: String, value: HTML)] {
        var facts: [(name: String, value: HTML)] = [
            (
                words(.actionState),
                "\(words.state(action.state))\(if: action.isOverdue(on: plan.today), " · <strong class=\"mark\">\(words(.planOverdue))</strong>")"
            ),
            (words(.actionOwner), "\(plan.desk(action.owner) ?? words(.planNobody))"),
        ]
        if let reason = action.reason { facts.append((words(.actionReason), "\(reason)")) }
        facts += [
            (words(.actionHorizon), "\(words.horizon(action.horizon))"),
            (words(.actionFocus), "\(words.focus(action.focus)) · <span\(action.lang)>\(action.theme)</span>"),
            (words(.actionDue), "\(action.due?.description ?? words(.actionNoDay))"),
            (words(.actionProgress), "\(words.number(action.progress)) %"),
            (words(.actionWeight), "\(words.number(action.weight))"),
            (words(.actionCost), "\(words.cost(action.cost))"),
            (words(.actionSurvivors), "\(action.survivorsRole.isEmpty ? words(.actionNotSaid) : action.survivorsRole)"),
            (words(.actionLed), "\(words.answer(action.survivorsLead))"),
            (words(.actionPaid), "\(words.answer(action.survivorsPaid))"),
        ]
        if let review = action.review { facts.append((words(.actionReview), "\(review)")) }
        for document in Tag.Document.allCases {
            let tags = action.tags.filter { $0.document == document }
            if !tags.isEmpty { facts.append((words.call(document), "\(tags.map(\.label).joined(separator: ", "))")) }
        }
        if let document = action.document {
            facts.append((words(.actionSource), "\(document)\(action.section.map { ", \($0)" } ?? "")"))
        }
        return facts
    }

    private func links(_ words: Words, _ start: String) -> HTML {
        let waiting = plan.actions.filter { $0.dependencies.contains(action.id) }
        func list(_ title: PlanPhrase, _ actions: [Action]) -> HTML {
            guard !actions.isEmpty else { return "" }
            return """
                <section><h2>\(words(title))</h2><ul>\(actions, { action in
                "<li><a href=\"\(start)/actions/\(action.id)\"\(action.lang)>\(action.body)</a></li>" })</ul></section>

                """
        }
        let needed = plan.actions.filter { action.dependencies.contains($0.id) }
        let answers: [(String, String)] = [
            finding.map { ("\(start)/findings/\($0)", texts[action.finding ?? ""] ?? $0) },
            action.vote.map { ("\(start)/votes/\($0)", texts[$0.description] ?? words(.actionVote)) },
        ].compactMap(\.self)
        return """
            \(list(.actionNeeds, needed))\(list(.actionNeededBy, waiting))
            \(if: !answers.isEmpty, "<section><h2>\(words(.actionLinks))</h2><ul>\(answers, { "<li><a href=\"\($0.0)\">\($0.1)</a></li>" })</ul></section>")
            """
    }

    private func checklist(_ words: Words) -> HTML {
        guard !plan.principles.isEmpty else { return "" }
        func part(_ title: PlanPhrase, _ principles: [Principle]) -> HTML {
            """
            <h3>\(words(title))</h3><ul>\(principles, { line($0, words) })</ul>

            """
        }
        return """
            <section><h2>\(words(.actionPrinciples))</h2><p>\(words(.actionPrinciplesLead))</p>
            \(part(.actionTen, plan.principles.filter { !$0.isPractice }))\(part(.actionFive, plan.principles.filter(\.isPractice)))</section>
            """
    }

    private func line(_ principle: Principle, _ words: Words) -> HTML {
        let check = action.checks[principle.id] ?? Action.Check()
        return """
            <li><span lang="en">\(principle.title)</span>: \(words.answer(check.answer))\(if: !check.note.isEmpty, " – \(check.note)")</li>

            """
    }
}
