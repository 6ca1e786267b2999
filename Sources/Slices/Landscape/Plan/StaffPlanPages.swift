import Kernel
import Web

/// The plan as a desk works with it: its own actions, and how much each desk carries.
struct StaffPlanPage {
    let plan: Plan
    let desk: String
    let isCoordinator: Bool
    /// What was typed into one of the forms when something is wrong with it.
    var typed: [String: String] = [:]
    var problems = Problems()

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let rows = rows(words)
        let own = plan.of(desk).filter(\.state.isOpen)
        let waiting = isCoordinator ? plan.actions.filter { !$0.isInPlan && $0.state.isOpen } : []
        let others =
            isCoordinator
            ? plan.actions.filter { ($0.owner != desk || !$0.state.isOpen) && ($0.isInPlan || !$0.state.isOpen) } : []
        return setting.page(
            words(.planTitle), path: "desk/landscape/plan",
            """
            \(rows.faults.summary())
            <p class="tools"><a class="button" href="\(setting.path("desk/landscape/proposals"))">\(words(.proposeTitle))</a></p>
            \(if: !waiting.isEmpty, "<section><h2>\(words(.planWaiting))</h2><p>\(words(.planWaitingLead))</p>\(list(waiting, setting))</section>")
            <section><h2>\(words(.planYours))</h2>\(if: own.isEmpty, "<p>\(words(.planNoneYours))</p>")\(list(own, setting))</section>
            <section><h2>\(words(.workloadTitle))</h2><p>\(words(.workloadLead))</p>\(workload(words))</section>
            \(respite(setting, rows))
            \(calls(setting, rows))
            \(if: !others.isEmpty, "<section><h2>\(words(.planOthers))</h2>\(list(others, setting))</section>")
            """)
    }

    private func list(_ actions: [Action], _ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <ul class="listing">\(actions, { action in
            "<li><a href=\"\(setting.path("desk/landscape/actions/\(action.id)"))\"\(action.lang)>\(action.body)</a><p class=\"quiet\">\(action.id) · \(words.state(action.state)) · \(plan.desk(action.owner) ?? words(.planUnanswered))\(if: !action.isInPlan, " · \(words(.planNotIn))")\(if: action.isOverdue(on: plan.today), " · <strong class=\"mark\">\(words(.planOverdue))</strong>")</p></li>\n" })</ul>
            """
    }

    private func workload(_ words: Words) -> HTML {
        """
        \(HTML.wide(words(.workloadTitle), """
        <table><thead><tr><th scope="col">\(words(.workloadDesk))</th><th scope="col">\(words(.workloadOpen))</th><th scope="col">\(words(.boardOverdue))</th><th scope="col">\(words(.workloadAway))</th></tr></thead>
        <tbody>\(plan.desks, { row($0, words) })</tbody></table>
        """))
        """
    }

    private func row(_ desk: (id: String, name: String), _ words: Words) -> HTML {
        let open = plan.of(desk.id).filter(\.state.isOpen)
        return """
            <tr><th scope="row">\(desk.name)</th><td>\(words.number(open.count))</td><td>\(words.number(open.count { $0.isOverdue(on: plan.today) }))</td><td>\(plan.respites[desk.id]?.description ?? "–")</td></tr>

            """
    }

    private func rows(_ words: Words) -> FormRows {
        let own = plan.calls.filter { $0.desk == desk }.map(\.tag)
        var texts = ["until": plan.respites[desk]?.description ?? "", "desk": desk]
        for document in Tag.Document.allCases {
            texts[document.rawValue] = own.filter { $0.document == document }.map(\.label).joined(separator: ", ")
        }
        let labels = [
            "until": words(.respiteUntil), "desk": words(.workloadDesk),
            ActionField.callsForJustice.rawValue: words.call(.callsForJustice),
            ActionField.callsToAction.rawValue: words.call(.callsToAction),
        ]
        return FormRows(texts.merging(typed) { $1 }, labels: labels, problems, words)
    }

    private func respite(_ setting: StaffFrame, _ rows: FormRows) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.respiteTitle))</h2><p>\(words(.respiteLead))</p>
            \(setting.form("desk/landscape/respite", """
            <div class="fields">\(if: isCoordinator, rows.choice("desk", plan.desks.map { ($0.id, $0.name) }, none: nil))\(rows.input("until", type: "date"))</div>
            <p class="tools"><button class="second">\(words(.respiteGo))</button></p>
            """))</section>
            """
    }

    private func calls(_ setting: StaffFrame, _ rows: FormRows) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.callsYours))</h2><p>\(words(.callsYoursLead))</p>
            \(setting.form("desk/landscape/calls", """
            <div class="fields">\(rows.input(ActionField.callsForJustice.rawValue, hint: words(.actionJusticeHint)))
            \(rows.input(ActionField.callsToAction.rawValue, hint: words(.actionTruthHint)))</div>
            <p class="tools"><button class="second">\(words(.respiteGo))</button></p>
            """))</section>
            """
    }
}

/// A project that somebody means to begin: its form, and what is like it once it was looked for.
struct ProposalPage {
    let proposal: Proposal
    /// Nil before anything was typed.
    var found: LikeFound?
    /// The action that has these words already.
    var same: Action?
    var problems = Problems()

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let texts = [
            "body": proposal.body, "focus": proposal.focus, "theme": proposal.theme, "horizon": proposal.horizon,
        ]
        let labels = [
            "body": words(.proposeBody), "focus": words(.actionFocus), "theme": words(.proposeTheme),
            "horizon": words(.actionHorizon),
        ]
        let rows = FormRows(texts, labels: labels, problems, words)
        return setting.page(
            words(.proposeTitle), path: "desk/landscape/proposals",
            """
            \(rows.faults.summary())<p class="lead">\(words(.proposeLead))</p>
            \(same.map { same($0, setting) })\(found.map { answer($0, setting) })
            \(setting.form("desk/landscape/proposals", """
            <div class="correct">\(rows.area("body"))
            <div class="fields">\(rows.choice("focus", Proposal.focuses.map { ($0, words.focus($0)) }))
            \(rows.choice("horizon", Action.Horizon.allCases.map { ($0.rawValue, words.horizon($0)) }))
            \(rows.input("theme"))</div></div>
            \(if: found != nil, HTML.hidden("seen", proposal.mark))
            <p class="tools"><button>\(words(found == nil ? .proposeLook : .proposeGo))</button></p>
            """))
            """)
    }

    private func same(_ action: Action, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let link: HTML =
            action.isInPlan
            ? "<a href=\"\(setting.path("landscape/actions/\(action.id)"))\"\(action.lang)>\(action.body)</a>"
            : "\(action.body)"
        return """
            <div class="note" role="status"><p>\(words(action.state == .dropped ? .proposeDropped : .proposeSame))</p><p>\(link) · \(words.state(action.state))\(action.reason.map { " – \($0)" })</p></div>
            """
    }

    private func answer(_ found: LikeFound, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        guard !found.isEmpty else {
            return "<p class=\"note\" role=\"status\">\(words(.proposeNothing))</p>"
        }
        return """
            <div class="note" role="status"><h2>\(words(.proposeFound))</h2><p>\(words(.proposeFoundLead))</p>
            \(found.list(setting))</div>
            """
    }
}

extension LikeFound {
    var isEmpty: Bool { works.isEmpty && programs.isEmpty }

    func list(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        func item(_ work: LikeWork) -> HTML {
            """
            <li>\(link(work, setting)) – <span\(if: work.isEnglish, " lang=\"en\"")>\(work.text)</span></li>

            """
        }
        func item(_ program: ProgramLookup.Program) -> HTML {
            """
            <li>\(words(.proposeProgram)) – <a href="\(setting.path("services/\(program.id)"))">\(program.name)</a>\(program.organization.map { ", \($0)" })</li>

            """
        }
        return "<ul>\(works, { item($0) })\(programs, { item($0) })</ul>"
    }

    private func link(_ work: LikeWork, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        return switch work.kind {
        case .action: "<a href=\"\(setting.path("landscape/actions/\(work.id)"))\">\(words(.proposeAction))</a>"
        case .finding: "<a href=\"\(setting.path("landscape/findings/\(work.id)"))\">\(words(.proposeFinding))</a>"
        case .initiative:
            "<a href=\"\(setting.path("landscape/initiatives/\(work.id)"))\">\(words(.proposeInitiative))</a>"
        case .proposal: "\(words(.proposeProposal))"
        }
    }
}
