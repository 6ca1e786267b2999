import Foundation
import Kernel
import Web

/// What was typed into the form of an action. A field that was not sent stays as it was.
struct TypedAction: Sendable {
    var texts: [ActionField: String] = [:]
    var checks: [String: Action.Check] = [:]
    /// The version that the form was made for.
    var version = 0

    static func answerField(_ principle: String) -> String { "check-\(principle)" }
    static func noteField(_ principle: String) -> String { "note-\(principle)" }

    init(_ action: Action) {
        for field in ActionField.allCases { texts[field] = field.text(action) }
        checks = action.checks
        version = action.version
    }

    init(_ form: FormFields) {
        version = form.value("version").flatMap(Int.init) ?? 0
        for (name, value) in form.fields {
            let typed = value.trimmingCharacters(in: .whitespacesAndNewlines)
            if name.hasPrefix("check-") {
                checks[String(name.dropFirst(6)), default: Action.Check()].answer =
                    Action.Answer(rawValue: typed) ?? .unknown
            } else if name.hasPrefix("note-") {
                checks[String(name.dropFirst(5)), default: Action.Check()].note = typed
            } else if let field = ActionField(rawValue: name) {
                texts[field] = typed
            }
        }
    }

    /// What an action is held against when it changes.
    struct Known: Sendable {
        var principles: Set<String> = []
        /// How every action stands.
        var states: [String: Action.State] = [:]
        /// The names that findings are kept by, as they were typed.
        var findings: [String: String] = [:]
        var votes: Set<String> = []
        var desks: Set<String> = []
        var needs: [String: [String]] = [:]
        var namesNation: @Sendable (String) -> Bool = { _ in false }
        /// True for who may say what decides for all.
        var isCoordinator = false
    }

    /// What is wrong with a change, and the actions that a faulty dependency goes through.
    struct Faults: Error {
        var problems = Problems()
        var names: [String] = []
        /// What others changed since the form was made, the newest first.
        var since: [ActionChange] = []
        /// The form anew: what was typed, and for all else what the others made of it.
        var rebased: TypedAction?
    }

    /// `self` on what `action` became since the form was made: a field that the sender left as it was is as the others made it,
    /// and so is one whose words were erased since, which a form that is older does not bring back.
    func rebased(on action: Action, since: [ActionChange], principles: Set<String>) -> TypedAction {
        var seen: [ActionField: String] = [:]
        for change in since { seen[change.field] = change.before }
        let erased = Set(since.filter(\.isErased).map(\.field))
        var typed = self
        typed.version = action.version
        for (field, text) in texts where seen[field] == text || erased.contains(field) {
            typed.texts[field] = field.text(action)
        }
        if let text = seen[.principles] {
            let before = Action.Check.read(text, principles)
            for (id, check) in checks where check == before[id] ?? Action.Check() || erased.contains(.principles) {
                typed.checks[id] = action.checks[id] ?? Action.Check()
            }
        }
        return typed
    }

    /// Every field of `action`, and over it what was typed.
    func over(_ action: Action) -> TypedAction {
        var whole = TypedAction(action)
        whole.texts.merge(texts) { $1 }
        whole.checks.merge(checks) { $1 }
        return whole
    }

    /// `action` with everything that was typed. Throws `Faults`, all at once.
    func applied(to action: Action, _ known: Known) throws -> Action {
        var (changed, faults) = (action, Faults())
        if version != action.version { faults.problems.add("version", "changed-since") }
        for (field, text) in texts where known.isCoordinator || !field.isCoordinators {
            if text.count > field.longest { faults.problems.add(field.rawValue, "too-long") }
        }
        plain(&changed, known, &faults.problems)
        if known.isCoordinator { decided(&changed, known, &faults.problems) }
        cost(&changed, &faults.problems)
        links(&changed, known, &faults)
        if changed.state == .done, action.state != .done {
            let open = changed.dependencies.filter { known.states[$0]?.isOpen ?? false }
            if !open.isEmpty { faults.problems.add("state", "needs-open") }
            faults.names += open
        }
        changed.isInPlan = action.isInPlan || changed.state.isAgreed
        harm(action, &changed, known, &faults.problems)
        for (id, check) in checks.sorted(by: { $0.key < $1.key }) {
            guard known.principles.contains(id) else {
                faults.problems.add("principles", "unknown-principle")
                faults.names.append(String(id.prefix(40)))
                continue
            }
            if check.note.count > Action.longestText { faults.problems.add(Self.noteField(id), "too-long") }
            changed.checks[id] = check
        }
        guard faults.problems.isEmpty else { throw faults }
        return changed
    }

    /// Nothing about a small community comes into the plan before somebody of it looked whether it could harm, nor does a
    /// Nation's name; what is in it stays so, and only the coordinator takes back that somebody looked.
    private func harm(_ old: Action, _ action: inout Action, _ known: Known, _ problems: inout Problems) {
        guard action.isInPlan, old.isInPlan || known.isCoordinator else { return }
        if !old.isInPlan, action.isSmall == .unknown { problems.add("small", "required") }
        let isNamed = (!old.isInPlan || old.body != action.body) && known.namesNation(action.body)
        if action.isSmall == .yes || isNamed, action.review == nil { problems.add("review", "small-community") }
        let isTakenBack = old.isSmall == .yes && action.isSmall != .yes || old.review != nil && action.review == nil
        if old.isInPlan, isTakenBack, !known.isCoordinator { problems.add("review", "coordinator-agrees") }
    }

    private func plain(_ action: inout Action, _ known: Known, _ problems: inout Problems) {
        if let text = texts[.state] {
            let state = Action.State(rawValue: text)
            if state == nil { problems.add("state", "choose-state") }
            if let state, state.isAgreed, !action.state.isAgreed, !known.isCoordinator {
                problems.add("state", "coordinator-agrees")
            }
            action.state = state ?? action.state
        }
        if let text = texts[.reason] { action.reason = text.isEmpty ? nil : text }
        if action.state != .dropped { action.reason = nil }
        if action.state == .dropped, action.reason == nil { problems.add("reason", "why-dropped") }
        if let text = texts[.progress] {
            if let number = Int(text), (0...100).contains(number) {
                action.progress = number
            } else {
                problems.add("progress", "percent")
            }
        }
        if action.state == .done { action.progress = 100 }
        if let text = texts[.due] {
            action.due = Day(text)
            if action.due == nil, !text.isEmpty { problems.add("due", "not-a-day") }
        }
        if let text = texts[.survivorsRole] { action.survivorsRole = text }
        if let text = texts[.survivorsPaid] { action.survivorsPaid = Action.Answer(rawValue: text) ?? .unknown }
        if let text = texts[.small] { action.isSmall = Action.Answer(rawValue: text) ?? .unknown }
        if let text = texts[.review] { action.review = text.isEmpty ? nil : text }
        if let text = texts[.survivorsLead] { action.survivorsLead = Action.Answer(rawValue: text) ?? .unknown }
    }

    private func decided(_ action: inout Action, _ known: Known, _ problems: inout Problems) {
        if let text = texts[.body] {
            if text.isEmpty { problems.add("body", "required") } else { action.body = text }
        }
        if let text = texts[.focus], text != action.focus {
            if Proposal.focuses.contains(text) { action.focus = text } else { problems.add("focus", "choose-one-of") }
        }
        if let text = texts[.theme] {
            if text.isEmpty { problems.add("theme", "required") } else { action.theme = text }
        }
        if let text = texts[.horizon] {
            action.horizon = Action.Horizon(rawValue: text)
            if action.horizon == nil, !text.isEmpty { problems.add("horizon", "choose-one-of") }
        }
        if let text = texts[.weight] {
            if let number = Int(text), (1...100).contains(number) {
                action.weight = number
            } else {
                problems.add("weight", "weight-range")
            }
        }
        if let text = texts[.owner] {
            if text.isEmpty || known.desks.contains(text) {
                action.owner = text.isEmpty ? nil : text
            } else {
                problems.add("owner", "no-desk")
            }
        }
    }

    /// Both empty: unknown, which is not nothing. One of both: that much.
    private func cost(_ action: inout Action, _ problems: inout Problems) {
        guard texts[.costLow] != nil || texts[.costHigh] != nil else { return }
        func amount(_ field: ActionField) -> Int? {
            let text = texts[field] ?? ""
            if text.isEmpty { return nil }
            let digits = text.filter { !" ,$\u{a0}\u{202f}".contains($0) }
            let isPlain = !digits.isEmpty && digits.utf8.count <= 12 && digits.utf8.allSatisfy { 48...57 ~= $0 }
            if !isPlain { problems.add(field.rawValue, "not-an-amount") }
            return isPlain ? Int(digits) : nil
        }
        let (low, high) = (amount(.costLow), amount(.costHigh))
        guard let first = low ?? high, let last = high ?? low else {
            action.cost = nil
            return
        }
        if first > last { problems.add("cost-high", "amounts-turned") } else { action.cost = first...last }
    }

    private func links(_ action: inout Action, _ known: Known, _ faults: inout Faults) {
        if let text = texts[.depends] {
            action.dependencies = Set(Self.ids(text)).sorted()
            let unknown = action.dependencies.filter { known.states[$0] == nil }
            if !unknown.isEmpty {
                faults.problems.add("depends", "unknown-action")
                faults.names += unknown.map { String($0.prefix(40)) }
            } else if action.dependencies.contains(action.id) {
                faults.problems.add("depends", "needs-itself")
                faults.names.append(action.id)
            } else {
                var needs = known.needs
                needs[action.id] = action.dependencies
                if let cycle = Dependencies(needs: needs).cycle(through: action.id) {
                    faults.problems.add("depends", "cycle")
                    faults.names.append(cycle.joined(separator: " → "))
                }
            }
        }
        if let text = texts[.finding], text != action.finding ?? "" {
            action.finding = known.findings[text]
            if !text.isEmpty, action.finding == nil { faults.problems.add("finding", "unknown-link") }
        }
        if known.isCoordinator, let text = texts[.vote] {
            action.vote = Identifier<Vote>(text)
            if !text.isEmpty, action.vote == nil || !known.votes.contains(text) {
                faults.problems.add("vote", "unknown-link")
            }
        }
        for (field, document) in [
            (ActionField.callsForJustice, Tag.Document.callsForJustice), (.callsToAction, .callsToAction),
        ] {
            guard let text = texts[field] else { continue }
            guard let tags = Tag.read(document, text) else {
                faults.problems.add(field.rawValue, "no-such-call")
                continue
            }
            action.tags = (action.tags.filter { $0.document != document } + tags).sorted()
        }
    }

    static func ids(_ text: String) -> [String] {
        text.split { ", ;\n\t".contains($0) }.map { $0.lowercased() }
    }
}
