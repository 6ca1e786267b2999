import Kernel
import Web

/// The form in which a desk says how one of its actions stands, and the coordinator who answers for it.
struct ActionForm {
    let action: Action
    let plan: Plan
    let typed: TypedAction
    let votes: [(id: String, question: String)]
    let isCoordinator: Bool
    var faults = TypedAction.Faults()
    var wasKept = false

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let labels = Dictionary(uniqueKeysWithValues: ActionField.allCases.map { ($0.rawValue, words.field($0)) })
        let marks = FormFaults(faults.problems, labels: labels, words)
        return setting.page(
            words(.actionPage), heading: action.body, path: "desk/landscape/actions/\(action.id)",
            """
            \(if: wasKept, "<p class=\"note\" role=\"status\">\(words(.actionKept))</p>")
            \(marks.summary())\(if: !faults.names.isEmpty, "<p class=\"alert\">\(words(.actionNamed)) <strong>\(faults.names.joined(separator: "; "))</strong></p>")
            \(setting.form("desk/landscape/actions/\(action.id)", """
            \(HTML.hidden("version", String(action.version)))<div class="correct">
            \(if: isCoordinator, coordinators(words, marks))
            <div class="fields">\(choice(.state, Action.State.allCases.map { ($0.rawValue, words.state($0)) }, words, marks))
            \(text(.progress, words, marks, hint: words(.actionPercent)))
            \(text(.due, words, marks, type: "date"))</div>
            \(text(.reason, words, marks))
            <div class="fields">\(text(.costLow, words, marks, hint: words(.actionCostHint)))\(text(.costHigh, words, marks))</div>
            \(text(.survivorsRole, words, marks))
            \(choice(.survivorsPaid, answers(words), words, marks))
            \(text(.depends, words, marks, hint: words(.actionDependsHint)))
            \(text(.finding, words, marks, hint: words(.actionFindingHint)))
            <div class="fields">\(text(.callsForJustice, words, marks, hint: words(.actionJusticeHint)))\(text(.callsToAction, words, marks, hint: words(.actionTruthHint)))</div>
            <fieldset id="f-principles"><legend>\(words(.actionPrinciples))</legend>\(marks.error("principles"))\(plan.principles, { principle($0, words, marks) })</fieldset></div>
            <p class="tools"><button>\(words(.actionKeep))</button></p>
            """))
            <p><a href="\(setting.path("landscape/actions/\(action.id)"))">\(words(.actionSee))</a></p>
            """)
    }

    private func coordinators(_ words: Words, _ marks: FormFaults) -> HTML {
        let desks = [("", words(.planNobody))] + plan.desks.map { ($0.id, $0.name) }
        return """
            \(text(.body, words, marks))
            <div class="fields">\(choice(.owner, desks, words, marks))
            \(text(.weight, words, marks, hint: words(.actionWeightHint)))
            \(choice(.vote, [("", "–")] + votes.map { ($0.id, $0.question) }, words, marks))</div>
            """
    }

    private func answers(_ words: Words) -> [(String, String)] {
        Action.Answer.allCases.map { ($0.rawValue, words.answer($0)) }
    }

    private func text(
        _ field: ActionField, _ words: Words, _ marks: FormFaults, type: String = "text", hint: String? = nil
    ) -> HTML {
        let name = field.rawValue
        return """
            <div><label for="f-\(name)">\(words.field(field))</label>\(hint.map { "<p class=\"hint\" id=\"f-\(name)-hint\">\($0)</p>" })\(marks.error(name))
            <input id="f-\(name)" name="\(name)" type="\(type)" value="\(typed.texts[field] ?? "")" autocomplete="off"\(marks.ties(name, hint: hint == nil ? nil : "f-\(name)-hint"))></div>

            """
    }

    private func choice(
        _ field: ActionField, _ choices: [(String, String)], _ words: Words, _ marks: FormFaults
    ) -> HTML {
        let name = field.rawValue
        return """
            <div><label for="f-\(name)">\(words.field(field))</label>\(marks.error(name))
            <select id="f-\(name)" name="\(name)"\(marks.ties(name))>\(choices, { "<option value=\"\($0.0)\"\(if: $0.0 == typed.texts[field], " selected")>\($0.1)</option>" })</select></div>

            """
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
