import Kernel
import Web

/// What was changed of an action, with who by their role.
struct ActionHistory {
    let changes: [ActionChange]
    let plan: Plan
    /// Who may not change the action sees which field has other words, and not the words.
    var isPublic = false

    /// - Parameter more: what stands below a change.
    func html(_ words: Words, more: (ActionChange) -> HTML = { _ in "" }) -> HTML {
        """
        <ol class="listing">\(changes, { change in
        "<li>\(change.at.day.description) · \(words.text(key: "role.\(change.actor)") ?? change.actor)\(plan.desk(change.desk).map { ", \($0)" })<p>\(said(change, words))</p>\(more(change))</li>\n" })</ol>
        """
    }

    private func said(_ change: ActionChange, _ words: Words) -> String {
        let name = words.field(change.field)
        if isPublic, change.field.isFreeText { return words(.actionReworded, ["field": name]) }
        if change.isErased { return words(.actionErased, ["field": name]) }
        let (before, after) = (shown(change.before, change.field, words), shown(change.after, change.field, words))
        return "\(name)\(words(WebPhrase.colon)) \(before) → \(after)"
    }

    private func shown(_ text: String, _ field: ActionField, _ words: Words) -> String {
        switch field {
        case .owner: text.isEmpty ? words(.planNobody) : plan.desk(text) ?? text
        case .state: Action.State(rawValue: text).map { words.state($0) } ?? "–"
        case .horizon: words.horizon(Action.Horizon(rawValue: text))
        case .focus: words.focus(text)
        case .survivorsPaid, .survivorsLead, .small: Action.Answer(rawValue: text).map { words.answer($0) } ?? "–"
        case .principles: text.isEmpty ? "–" : checks(text, words)
        default: text.isEmpty ? "–" : text
        }
    }

    private func checks(_ text: String, _ words: Words) -> String {
        let checks = Action.Check.read(text, Set(plan.principles.map(\.id)))
        return plan.principles.compactMap { principle in
            checks[principle.id].map { check in
                "\(principle.title): \(words.answer(check.answer))\(check.note.isEmpty ? "" : " (\(check.note))")"
            }
        }.joined(separator: "; ")
    }
}
