import Kernel
import Web

/// The plan as a desk works with it: its own actions, and how much each desk carries.
struct StaffPlanPage {
    let plan: Plan
    let desk: String
    let isCoordinator: Bool
    var problems = Problems()

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(problems, labels: ["until": words(.respiteUntil)], words)
        let own = plan.of(desk).filter(\.state.isOpen)
        let others = isCoordinator ? plan.actions.filter { $0.owner != desk || !$0.state.isOpen } : []
        return setting.page(
            words(.planTitle), path: "desk/landscape/plan", styles: ["landscape.css"],
            """
            \(faults.summary())
            <p class="tools"><a class="button" href="\(setting.path("desk/landscape/proposals"))">\(words(.proposeTitle))</a></p>
            <section><h2>\(words(.planYours))</h2>\(if: own.isEmpty, "<p>\(words(.planNoneYours))</p>")\(list(own, setting))</section>
            <section><h2>\(words(.workloadTitle))</h2><p>\(words(.workloadLead))</p>\(workload(words))</section>
            \(respite(setting, faults))
            \(if: !others.isEmpty, "<section><h2>\(words(.planOthers))</h2>\(list(others, setting))</section>")
            """)
    }

    private func list(_ actions: [Action], _ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <ul class="listing">\(actions, { action in
            "<li><a href=\"\(setting.path("desk/landscape/actions/\(action.id)"))\" lang=\"en\">\(action.body)</a><p class=\"quiet\">\(words.state(action.state)) · \(plan.desk(action.owner) ?? words(.planUnanswered))\(if: action.isOverdue(on: plan.today), " · <strong class=\"mark\">\(words(.planOverdue))</strong>")</p></li>\n" })</ul>
            """
    }

    private func workload(_ words: Words) -> HTML {
        """
        <div class="scroll" role="region" aria-label="\(words(.workloadTitle))" tabindex="0"><table><thead><tr><th scope="col">\(words(.workloadDesk))</th><th scope="col">\(words(.workloadOpen))</th><th scope="col">\(words(.boardOverdue))</th><th scope="col">\(words(.workloadAway))</th></tr></thead>
        <tbody>\(plan.desks, { row($0, words) })</tbody></table></div>
        """
    }

    private func row(_ desk: (id: String, name: String), _ words: Words) -> HTML {
        let open = plan.of(desk.id).filter(\.state.isOpen)
        return """
            <tr><th scope="row">\(desk.name)</th><td>\(words.number(open.count))</td><td>\(words.number(open.count { $0.isOverdue(on: plan.today) }))</td><td>\(plan.respites[desk.id]?.description ?? "–")</td></tr>

            """
    }

    private func respite(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        let choice: HTML =
            isCoordinator
            ? "<div><label for=\"f-desk\">\(words(.workloadDesk))</label><select id=\"f-desk\" name=\"desk\">\(plan.desks, { "<option value=\"\($0.id)\"\(if: $0.id == desk, " selected")>\($0.name)</option>" })</select></div>"
            : ""
        return """
            <section><h2>\(words(.respiteTitle))</h2><p>\(words(.respiteLead))</p>
            \(setting.form("desk/landscape/respite", """
            <div class="fields">\(choice)<div><label for="f-until">\(words(.respiteUntil))</label>\(faults.error("until"))
            <input id="f-until" name="until" type="date" value="\(plan.respites[desk]?.description ?? "")"\(faults.ties("until"))></div></div>
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
    var problems = Problems()

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let labels = [
            "body": words(.proposeBody), "focus": words(.actionFocus), "theme": words(.proposeTheme),
            "horizon": words(.actionHorizon),
        ]
        let faults = FormFaults(problems, labels: labels, words)
        return setting.page(
            words(.proposeTitle), path: "desk/landscape/proposals",
            """
            \(faults.summary())<p class="lead">\(words(.proposeLead))</p>
            \(found.map { answer($0, setting) })
            \(setting.form("desk/landscape/proposals", """
            <div class="correct"><div><label for="f-body">\(words(.proposeBody))</label>\(faults.error("body"))
            <textarea id="f-body" name="body" rows="3"\(faults.ties("body"))>\(proposal.body)</textarea></div>
            <div class="fields">\(choice("focus", words(.actionFocus), Proposal.focuses.map { ($0, words.focus($0)) }, proposal.focus, faults))
            \(choice("horizon", words(.actionHorizon), Action.Horizon.allCases.map { ($0.rawValue, words.horizon($0)) }, proposal.horizon, faults))
            <div><label for="f-theme">\(words(.proposeTheme))</label>\(faults.error("theme"))<input id="f-theme" name="theme" value="\(proposal.theme)" autocomplete="off"\(faults.ties("theme"))></div></div></div>
            \(if: found != nil, HTML.hidden("seen", proposal.mark))
            <p class="tools"><button>\(words(found == nil ? .proposeLook : .proposeGo))</button></p>
            """))
            """)
    }

    private func choice(
        _ name: String, _ label: String, _ choices: [(String, String)], _ chosen: String, _ faults: FormFaults
    ) -> HTML {
        """
        <div><label for="f-\(name)">\(label)</label>\(faults.error(name))<select id="f-\(name)" name="\(name)"\(faults.ties(name))><option value="">–</option>\(choices, { "<option value=\"\($0.0)\"\(if: $0.0 == chosen, " selected")>\($0.1)</option>" })</select></div>

        """
    }

    private func answer(_ found: LikeFound, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        guard !found.works.isEmpty || !found.programs.isEmpty else {
            return "<p class=\"note\" role=\"status\">\(words(.proposeNothing))</p>"
        }
        return """
            <div class="note" role="status"><h2>\(words(.proposeFound))</h2><p>\(words(.proposeFoundLead))</p>
            <ul>\(found.works, { work in
            "<li><a href=\"\(setting.path("landscape/\(work.kind == .action ? "actions" : "findings")/\(work.id)"))\">\(words(work.kind == .action ? .proposeAction : .proposeFinding))</a> – <span lang=\"en\">\(work.text)</span></li>\n" })\(found.programs, { program in
            "<li>\(words(.proposeProgram)) – <a href=\"\(setting.path("services/\(program.id)"))\">\(program.name)</a>\(program.organization.map { ", \($0)" })</li>\n" })</ul></div>
            """
    }
}
