import Foundation
import Kernel
import Storage
import Web

/// A project that somebody means to begin, and what is like it.
struct Proposal: Sendable {
    var body = ""
    var focus = ""
    var theme = ""
    var horizon = ""
    /// What was shown with which text: nothing is added before somebody has seen what is like it.
    var seen = ""

    static let focuses = ["prevention", "intervention", "survivor_supports", "corporate"]

    init() {}

    init(_ form: FormFields) {
        body = form.value("body") ?? ""
        focus = form.value("focus") ?? ""
        theme = form.value("theme") ?? ""
        horizon = form.value("horizon") ?? ""
        seen = form.value("seen") ?? ""
    }

    /// Of the text as words, so that another text is looked at again.
    var mark: String { sha256(Vote.folded(body)) }

    func check() throws {
        var problems = Problems()
        if body.isEmpty { problems.add("body", "required") }
        if body.count > Action.longestText { problems.add("body", "too-long") }
        if !Self.focuses.contains(focus) { problems.add("focus", "choose-one-of") }
        if theme.isEmpty { problems.add("theme", "required") }
        if theme.count > Action.longestTheme { problems.add("theme", "too-long") }
        if !horizon.isEmpty, Action.Horizon(rawValue: horizon) == nil { problems.add("horizon", "choose-one-of") }
        try problems.check()
    }
}

/// What is like a proposal: nothing of it keeps anybody from going on.
struct LikeFound: Sendable {
    let works: [LikeWork]
    let programs: [ProgramLookup.Program]
}

extension Landscape {
    func like(_ proposal: Proposal, _ language: Language) async throws -> LikeFound {
        LikeFound(
            works: try await likeWork(proposal.body), programs: try await programs.like(proposal.body, language))
    }

    /// Actions, findings and initiatives that share words with `text`, the likest first.
    func likeWork(_ text: String) async throws -> [LikeWork] {
        WorkIndex(try await database.read { try Self.knownWork(in: $0) }).like(text)
    }

    /// Findings that are looked through: those with the highest numbers.
    private static let mostFindings = 20_000

    private static func knownWork(in transaction: any Transaction) throws -> [LikeWork] {
        let findings = try transaction.rows(
            """
            SELECT id, wording, language FROM finding WHERE state = 'published' ORDER BY number DESC, id LIMIT \(mostFindings)
            """)
        let actions = try PlanStore(transaction).actions().filter { $0.state != .dropped }
        let initiatives = try InitiativeStore(transaction).accepted()
        return actions.map {
            LikeWork(
                kind: $0.isInPlan ? .action : .proposal, id: $0.id, text: $0.body,
                more: ([$0.theme] + $0.examples).joined(separator: " "), isEnglish: $0.document != nil)
        }
            + initiatives.map {
                LikeWork(
                    kind: .initiative, id: $0.id.description, text: $0[.name], more: "\($0[.does]) \($0[.theme])",
                    isEnglish: false)
            }
            + (try findings.map {
                LikeWork(
                    kind: .finding, id: try $0.text("id"), text: try $0.text("wording"), more: "",
                    isEnglish: try $0.text("language") == Language.english.code)
            })
    }

    /// Adds a proposal that was looked at, for the own desk to answer for. Where an action has the same words nothing is added.
    func propose(_ proposal: Proposal, by signedIn: SignedIn) async throws -> (action: Action, isNew: Bool) {
        try proposal.check()
        let now = world.now()
        return try await database.write { transaction in
            let store = PlanStore(transaction)
            let folded = Vote.folded(proposal.body)
            if let same = try store.actions().first(where: { Vote.folded($0.body) == folded }) { return (same, false) }
            let number = try store.lastNumber() + 1
            var action = Action(
                id: try store.freeID(from: number), number: number, body: proposal.body, focus: proposal.focus,
                theme: proposal.theme, horizon: Action.Horizon(rawValue: proposal.horizon))
            (action.owner, action.isInPlan) = (signedIn.organization, false)
            guard try store.add(action) else { throw StorageFailure.unexpectedColumn("plan_action.id") }
            let change = ActionChange(
                at: now, actor: signedIn.actor.name, desk: signedIn.organization, field: .state, before: "",
                after: action.state.rawValue)
            try store.add([change], to: action.id, version: 1)
            try AuditChain(transaction).append(
                .init(actor: signedIn.actor, verb: "propose", kind: "action", record: action.id), at: now)
            return (action, true)
        }
    }
}
