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
        if theme.count > 200 { problems.add("theme", "too-long") }
        if !horizon.isEmpty, Action.Horizon(rawValue: horizon) == nil { problems.add("horizon", "choose-one-of") }
        try problems.check()
    }
}

/// What is like a proposal: nothing of it keeps anybody from going on.
struct LikeFound: Sendable {
    let works: [LikeWork.Known]
    let programs: [ProgramLookup.Program]
}

extension Landscape {
    func like(_ proposal: Proposal, _ language: Language) async throws -> LikeFound {
        let known = try await database.read { try Self.knownWork(in: $0) }
        return LikeFound(
            works: LikeWork(known).like(proposal.body), programs: try await programs.like(proposal.body, language))
    }

    /// Findings that are looked through, the newest first.
    private static let mostFindings = 20_000

    static func knownWork(in transaction: any Transaction) throws -> [LikeWork.Known] {
        let findings = try transaction.rows(
            """
            SELECT id, wording FROM finding WHERE state = 'published' ORDER BY number DESC, id LIMIT \(mostFindings)
            """)
        return try PlanStore(transaction).actions().filter { $0.state != .dropped }.map {
            LikeWork.Known(
                kind: .action, id: $0.id, text: $0.body, more: ([$0.theme] + $0.examples).joined(separator: " "))
        }
            + findings.map {
                LikeWork.Known(kind: .finding, id: try $0.text("id"), text: try $0.text("wording"), more: "")
            }
    }

    func finding(coded code: String?) async throws -> String? {
        guard let code else { return nil }
        return try await database.read { try Self.findings(coded: [code], in: $0)[code] }
    }

    /// Adds a proposal that was looked at, for the own desk to answer for. The same words again are the action that has them.
    func propose(_ proposal: Proposal, by signedIn: SignedIn) async throws -> String {
        try proposal.check()
        let now = world.now()
        return try await database.write { transaction in
            let store = PlanStore(transaction)
            let folded = Vote.folded(proposal.body)
            if let same = try store.actions().first(where: { Vote.folded($0.body) == folded }) { return same.id }
            let number = try store.lastNumber() + 1
            let digits = String(number)
            var action = Action(
                id: "act-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits, number: number,
                body: proposal.body, focus: proposal.focus, theme: proposal.theme,
                horizon: Action.Horizon(rawValue: proposal.horizon))
            action.owner = signedIn.organization
            _ = try store.add(action)
            let change = ActionChange(
                at: now, actor: signedIn.actor.name, desk: signedIn.organization, field: .state, before: "",
                after: action.state.rawValue)
            try store.add([change], to: action.id)
            try AuditChain(transaction).append(
                .init(actor: signedIn.actor, verb: "propose", kind: "action", record: action.id), at: now)
            return action.id
        }
    }
}
