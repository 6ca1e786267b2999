import Kernel
import Web

/// The form in which a desk says how one of its actions stands, and the coordinator who answers for it.
struct ActionForm {
    let action: Action
    let plan: Plan
    let typed: TypedAction
    let votes: [(id: String, question: String)]
    let changes: [ActionChange]
    let isCoordinator: Bool
    var faults = TypedAction.Faults()

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let labels = Dictionary(uniqueKeysWithValues: ActionField.allCases.map { ($0.rawValue, words.field($0)) })
        let texts = Dictionary(uniqueKeysWithValues: typed.texts.map { ($0.rawValue, $1) })
        let rows = FormRows(texts, labels: labels, faults.problems, words)
        return setting.page(
            words(.actionPage), heading: action.body, path: "desk/landscape/actions/\(action.id)",
            """
            \(if: !action.isInPlan, "<p class=\"note\">\(words(.actionNotInPlan))</p>")
            \(rows.faults.summary())\(if: !faults.names.isEmpty, "<p class=\"alert\">\(words(.actionNamed)) <strong>\(faults.names.joined(separator: "; "))</strong></p>")
            \(if: !faults.since.isEmpty, "<section><h2>\(words(.actionSince))</h2><p>\(words(.actionSinceLead))</p>\(ActionHistory(changes: faults.since, plan: plan).html(words))</section>")
            \(setting.form("desk/landscape/actions/\(action.id)", """
            \(HTML.hidden("version", String(action.version)))<div class="correct">
            \(if: isCoordinator, coordinators(rows, words))
            \(fields(rows, words))
            <fieldset id="f-principles"><legend>\(words(.actionPrinciples))</legend>\(rows.faults.error("principles"))\(plan.principles, { principle($0, words, rows.faults) })</fieldset></div>
            <p class="tools"><button>\(words(.actionKeep))</button></p>
            """))
            \(history(setting))
            \(if: action.isInPlan, "<p><a href=\"\(setting.path("landscape/actions/\(action.id)"))\">\(words(.actionSee))</a></p>")
            """)
    }

    private func history(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        guard !changes.isEmpty else { return "" }
        return """
            <section><h2>\(words(.actionHistory))</h2><p>\(words(.actionHistoryWords))</p>\(ActionHistory(changes: changes, plan: plan).html(words) { change in
            isCoordinator && change.field.isFreeText && !change.isErased ? erasure(change, setting) : "" })</section>
            """
    }

    private func erasure(_ change: ActionChange, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <details><summary>\(words(.actionErase))</summary><p>\(words(.actionEraseLead))</p>
            \(setting.form("desk/landscape/actions/\(action.id)/erasure", isStep: true, "\(HTML.hidden("change", String(change.number)))<button class=\"second\">\(words(.actionEraseGo))</button>"))</details>
            """
    }

    private func fields(_ rows: FormRows, _ words: Words) -> HTML {
        func input(_ field: ActionField, type: String = "text", _ hint: PlanPhrase? = nil) -> HTML {
            rows.input(field.rawValue, type: type, hint: hint.map { words($0) })
        }
        func choice(_ field: ActionField, _ choices: [(String, String)]) -> HTML {
            rows.choice(field.rawValue, choices, none: nil)
        }
        return """
            <div class="fields">\(choice(.state, Action.State.allCases.map { ($0.rawValue, words.state($0)) }))
            \(input(.progress, .actionPercent))\(input(.due, type: "date"))</div>
            \(input(.reason))
            <div class="fields">\(input(.costLow, .actionCostHint))\(input(.costHigh))</div>
            \(input(.survivorsRole))
            <div class="fields">\(choice(.survivorsLead, answers(words)))\(choice(.survivorsPaid, answers(words)))</div>
            \(input(.depends, .actionDependsHint))
            \(input(.finding, .actionFindingHint))
            <div class="fields">\(input(.callsForJustice, .actionJusticeHint))\(input(.callsToAction, .actionTruthHint))</div>
            <div class="fields">\(choice(.small, answers(words)))\(input(.review, .actionReviewHint))</div>
            """
    }

    private func coordinators(_ rows: FormRows, _ words: Words) -> HTML {
        """
        \(rows.input(ActionField.body.rawValue))
        <div class="fields">\(rows.choice(ActionField.focus.rawValue, focuses.map { ($0, words.focus($0)) }, none: nil))
        \(rows.input(ActionField.theme.rawValue))
        \(rows.choice(ActionField.horizon.rawValue, Action.Horizon.allCases.map { ($0.rawValue, words.horizon($0)) }, none: words(.horizonOpen)))</div>
        <div class="fields">\(rows.choice(ActionField.owner.rawValue, plan.desks.map { ($0.id, $0.name) }, none: words(.planNobody)))
        \(rows.input(ActionField.weight.rawValue, hint: words(.actionWeightHint)))
        \(rows.choice(ActionField.vote.rawValue, votes.map { ($0.id, $0.question) }))</div>
        """
    }

    private var focuses: [String] {
        Proposal.focuses + (Proposal.focuses.contains(action.focus) ? [] : [action.focus])
    }

    private func answers(_ words: Words) -> [(String, String)] {
        Action.Answer.allCases.map { ($0.rawValue, words.answer($0)) }
    }

    private func principle(_ principle: Principle, _ words: Words, _ marks: FormFaults) -> HTML {
        let check = typed.checks[principle.id] ?? Action.Check()
        let (answer, note) = (TypedAction.answerField(principle.id), TypedAction.noteField(principle.id))
        return """
            <div class="fields"><div><label for="f-\(answer)" lang="en">\(principle.title)</label><select id="f-\(answer)" name="\(answer)">\(answers(words), { "<option value=\"\($0.0)\"\(if: $0.0 == check.answer.rawValue, " selected")>\($0.1)</option>" })</select></div>
            <div><label for="f-\(note)">\(words(.actionNote)) <span lang="en">(\(principle.title))</span></label>\(marks.error(note))<input id="f-\(note)" name="\(note)" value="\(check.note)" autocomplete="off"\(marks.ties(note))></div></div>

            """
    }
}
