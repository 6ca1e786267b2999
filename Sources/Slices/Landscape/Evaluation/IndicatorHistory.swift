import Kernel
import Web

/// How an indicator came to be so, the newest first.
struct IndicatorHistory {
    let changes: [IndicatorChange]
    let desks: [(id: String, name: String)]

    func html(_ words: Words) -> HTML {
        """
        <section><h2>\(words(.actionHistory))</h2><ol class="listing">\(changes.filter { !isOfBirth($0) }, { change in
        "<li>\(change.at.day.description) · \(words.text(key: "role.\(change.actor)") ?? change.actor)\(desks.first { $0.id == change.desk }.map { ", \($0.name)" })<p>\(shown(change, words))</p></li>\n" })</ol></section>
        """
    }

    /// All that an indicator began with is one line: its name.
    private func isOfBirth(_ change: IndicatorChange) -> Bool {
        guard Indicator.Field(rawValue: change.what) != nil, change.what != Indicator.Field.name.rawValue else {
            return false
        }
        let birth = changes.last { $0.what == Indicator.Field.name.rawValue && $0.before.isEmpty }
        return change.before.isEmpty && change.at == birth?.at
    }

    /// A figure that stood in a field before may be a small one, so that history names the field and not the figure.
    private func shown(_ change: IndicatorChange, _ words: Words) -> HTML {
        switch Indicator.Field(rawValue: change.what) {
        case nil:
            "\(words(["measured", "told"].contains(change.what) ? .evaluationMeasured : .evaluationWithdrawn, ["day": change.after]))"
        case .name where change.before.isEmpty: "\(words(.evaluationBegan, ["name": change.after]))"
        case .baseline, .target, .partOf, .review:
            "\(words(.evaluationChanged, ["field": words.indicator(Indicator.Field(rawValue: change.what) ?? .name)]))"
        case let field?:
            "\(words(.evaluationBecame, ["field": words.indicator(field), "before": words.indicator(field, change.before), "after": words.indicator(field, change.after)]))"
        }
    }
}
