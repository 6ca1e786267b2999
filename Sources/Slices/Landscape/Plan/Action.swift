import Foundation
import Kernel

/// One thing that the network means to do, and who answers for it.
struct Action: Sendable, Equatable {
    enum State: String, Sendable, CaseIterable {
        case proposed, agreed
        case underWay = "under-way"
        case done, dropped

        var isOpen: Bool { self != .done && self != .dropped }
        /// Only the coordinator brings an action here from where the network has not agreed to it.
        var isAgreed: Bool { self == .agreed || self == .underWay || self == .done }
    }

    enum Horizon: String, Sendable, CaseIterable { case short, medium, long }

    /// What is not known is told as such, never as no.
    enum Answer: String, Sendable, CaseIterable { case yes, no, unknown }

    struct Check: Sendable, Equatable {
        var answer = Answer.unknown
        var note = ""

        /// By principle, as it stands in history and exports: `pr-01 yes (note); pr-02 no`.
        static func text(_ checks: [String: Check]) -> String {
            checks.sorted { $0.key < $1.key }.filter { $0.value != Check() }.map { id, check in
                "\(id) \(check.answer.rawValue)\(check.note.isEmpty ? "" : " (\(check.note))")"
            }.joined(separator: "; ")
        }

        /// Reads what `text` wrote, by the ids of the principles that there are.
        static func read(_ text: String, _ principles: Set<String>) -> [String: Check] {
            var (checks, last): ([String: Check], String?) = ([:], nil)
            for part in text.components(separatedBy: "; ") {
                let words = part.split(separator: " ", maxSplits: 2).map(String.init)
                if words.count > 1, principles.contains(words[0]), let answer = Answer(rawValue: words[1]) {
                    last = words[0]
                    checks[words[0]] = Check(answer: answer, note: words.count > 2 ? String(words[2].dropFirst()) : "")
                } else if let last {
                    checks[last]?.note += "; " + part
                }
            }
            for (id, check) in checks where check.note.hasSuffix(")") { checks[id]?.note.removeLast() }
            return checks
        }
    }

    var id: String
    /// In the order of the plan.
    let number: Int
    var body: String
    var focus: String
    var theme: String
    /// Nil where the source states none.
    var horizon: Horizon?
    var examples: [String] = []
    var recurrenceYears: Int?
    /// Where it was written; nil for what was proposed here.
    var document: String?
    var section: String?
    /// The desk that answers for it; nil for nobody yet.
    var owner: String?
    var state = State.proposed
    /// Why it is dropped; nil for every other state.
    var reason: String?
    /// False for what was proposed here and never agreed to: only staff see it, and it counts nowhere.
    var isInPlan = true
    /// In whole Canadian dollars; nil for unknown.
    var cost: ClosedRange<Int>?
    var survivorsRole = ""
    var survivorsPaid = Answer.unknown
    /// Whether survivors decide in it.
    var survivorsLead = Answer.unknown
    /// The finding that it answers, as `FindingLink.name`.
    var finding: String?
    var vote: Identifier<Vote>?
    var weight = 1
    var due: Day?
    /// Percent.
    var progress = 0
    /// What must be done before.
    var dependencies: [String] = []
    var tags: [Tag] = []
    /// Whether it is about a small community.
    var isSmall = Answer.unknown
    /// Who of the community looked whether it could harm, and when; nil for nobody.
    var review: String?
    /// By the id of the principle.
    var checks: [String: Check] = [:]
    var version = 1

    func isOverdue(on day: Day) -> Bool { state.isOpen && (due.map { $0 < day } ?? false) }

    /// The longest text of a field, in characters.
    static let longestText = 1000
    static let longestTheme = 200

    /// What is proposed here has ids of its own: those of the region's plan may grow in a later release.
    static func proposedID(_ number: Int) -> String {
        let digits = String(number)
        return "pro-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}

/// A numbered demand of a public document that an action answers. Its text is not repeated here.
struct Tag: Sendable, Hashable, Comparable {
    enum Document: String, Sendable, CaseIterable {
        /// National Inquiry into Missing and Murdered Indigenous Women and Girls, 2019.
        case callsForJustice = "calls-for-justice"
        /// Truth and Reconciliation Commission of Canada, 2015.
        case callsToAction = "calls-to-action"

        /// How many each chapter has; one chapter for what is numbered through.
        var chapters: [Int] {
            switch self {
            case .callsForJustice: [11, 7, 7, 8, 25, 1, 9, 1, 11, 1, 2, 15, 5, 13, 8, 46, 29, 32]
            case .callsToAction: [94]
            }
        }
    }

    let document: Document
    /// Counted through the document from 1.
    let number: Int

    static func < (left: Tag, right: Tag) -> Bool {
        (left.document.rawValue, left.number) < (right.document.rawValue, right.number)
    }

    init?(_ document: Document, number: Int) {
        guard (1...document.chapters.reduce(0, +)).contains(number) else { return nil }
        self.document = document
        self.number = number
    }

    /// Reads `41`, or `5.6` where the document has chapters; nil for a number that it does not have.
    init?(_ document: Document, _ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(Self.number)
        switch (parts.first ?? nil, parts.count) {
        case (let number?, 1): self.init(document, number: number)
        case (let chapter?, 2):
            let chapters = document.chapters
            guard chapters.count > 1, chapters.indices.contains(chapter - 1), let number = parts[1],
                (1...chapters[chapter - 1]).contains(number)
            else { return nil }
            self.init(document, number: chapters[..<(chapter - 1)].reduce(0, +) + number)
        default: return nil
        }
    }

    /// What a form has, one number beside the other; nil where the document has one of them not.
    static func read(_ document: Document, _ text: String) -> Set<Tag>? {
        let tags = TypedAction.ids(text).map { Tag(document, $0) }
        return tags.contains(nil) ? nil : Set(tags.compactMap(\.self))
    }

    /// One to three plain digits; anything longer is no number of a document.
    private static func number(_ text: Substring) -> Int? {
        (1...3).contains(text.utf8.count) && text.utf8.allSatisfy { 48...57 ~= $0 } ? Int(text) : nil
    }

    /// As the document numbers it.
    var label: String {
        guard document.chapters.count > 1 else { return String(number) }
        var left = number
        for (index, count) in document.chapters.enumerated() {
            if left <= count { return "\(index + 1).\(left)" }
            left -= count
        }
        return String(number)
    }
}

/// A principle or wise practice that an action is held against.
struct Principle: Sendable, Equatable {
    let id: String
    let number: Int
    let title: String
    let points: [String]
    let isPractice: Bool
    let document: String
    let section: String
}

/// One change of one field of an action.
struct ActionChange: Sendable, Equatable {
    let at: Instant
    /// A role, never a person.
    let actor: String
    let desk: String?
    let field: ActionField
    var before: String
    var after: String
    /// Its place among the changes of its action.
    var number = 0
    /// Of the action from this change on; nil for the oldest.
    var version: Int?

    /// Its words were taken out for good: no change that is kept has none on both sides.
    var isErased: Bool { before.isEmpty && after.isEmpty }

    /// What anybody may see of all changes of an action, the newest first: no words that somebody wrote freely, and of a
    /// proposal nothing from before it was agreed to.
    static func published(_ changes: [ActionChange]) -> [ActionChange] {
        let states = changes.filter { $0.field == .state }
        var told = changes
        if states.last?.before.isEmpty == true {
            guard let agreed = states.last(where: { Action.State(rawValue: $0.after)?.isAgreed == true }) else {
                return []
            }
            told = changes.filter {
                $0.number >= agreed.number && ($0.number == agreed.number || !$0.isOne(with: agreed))
            }
            if let first = told.indices.last { told[first].before = "" }
        }
        return told.map { change in
            var change = change
            if change.field.isFreeText { (change.before, change.after) = ("", "") }
            return change
        }
    }

    /// Made by the same form.
    private func isOne(with other: ActionChange) -> Bool {
        version == nil ? at == other.at : version == other.version
    }
}

/// What can be said anew about an action, in the order of the form.
enum ActionField: String, Sendable, CaseIterable {
    case body, focus, theme, horizon, state, reason, progress, due, costLow = "cost-low", costHigh = "cost-high"
    case owner, weight, depends, survivorsRole = "survivors-role", survivorsPaid = "survivors-paid"
    case survivorsLead = "survivors-lead"
    case finding, vote
    case callsForJustice = "calls-for-justice", callsToAction = "calls-to-action"
    case small, review
    case principles

    /// What decides for all is the coordinator's to say.
    var isCoordinators: Bool { [.owner, .weight, .vote, .body, .focus, .theme, .horizon].contains(self) }
    /// Words of somebody's own, which may say more than they should.
    var isFreeText: Bool { [.body, .theme, .reason, .survivorsRole, .review, .principles].contains(self) }
    /// In characters.
    var longest: Int { self == .theme ? Action.longestTheme : Action.longestText }

    /// As it stands in forms, history and exports.
    func text(_ action: Action) -> String {
        switch self {
        case .body: action.body
        case .focus: action.focus
        case .theme: action.theme
        case .horizon: action.horizon?.rawValue ?? ""
        case .state: action.state.rawValue
        case .reason: action.reason ?? ""
        case .progress: String(action.progress)
        case .due: action.due.map(\.description) ?? ""
        case .costLow: action.cost.map { String($0.lowerBound) } ?? ""
        case .costHigh: action.cost.map { String($0.upperBound) } ?? ""
        case .owner: action.owner ?? ""
        case .weight: String(action.weight)
        case .depends: action.dependencies.joined(separator: ", ")
        case .survivorsRole: action.survivorsRole
        case .survivorsPaid: action.survivorsPaid.rawValue
        case .survivorsLead: action.survivorsLead.rawValue
        case .finding: action.finding ?? ""
        case .vote: action.vote?.description ?? ""
        case .callsForJustice: Self.tags(action, .callsForJustice)
        case .callsToAction: Self.tags(action, .callsToAction)
        case .small: action.isSmall.rawValue
        case .review: action.review ?? ""
        case .principles: Action.Check.text(action.checks)
        }
    }

    private static func tags(_ action: Action, _ document: Tag.Document) -> String {
        action.tags.filter { $0.document == document }.sorted().map(\.label).joined(separator: ", ")
    }
}
