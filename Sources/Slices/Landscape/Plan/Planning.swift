import Formats
import Foundation
import Kernel
import Storage
import Web

/// What the rules of the plan forbid.
enum PlanRefusal: String, Refusal {
    case noAction = "not-found"
    /// Another desk answers for it.
    case notYours = "action-not-yours"

    var code: String { rawValue }
    var status: Int { self == .noAction ? 404 : 403 }
    var description: String {
        switch self {
        case .noAction: "There is no such action."
        case .notYours: "Another desk answers for this action; nothing was changed."
        }
    }
}

/// The whole plan as a page needs it.
struct Plan: Sendable {
    let actions: [Action]
    let principles: [Principle]
    let respites: [String: Day]
    /// Names of desks by their ids.
    let desks: [(id: String, name: String)]
    /// Which calls each desk says it works on.
    var calls: [(desk: String, tag: Tag)] = []
    let today: Day

    func desk(_ id: String?) -> String? { id.flatMap { id in desks.first { $0.id == id }?.name } }
    func of(_ desk: String?) -> [Action] { actions.filter { $0.owner == desk } }
}

extension Landscape {
    /// - Parameter isWhole: with what was proposed and not agreed to, for staff.
    func plan(_ language: Language, isWhole: Bool = false) async throws -> Plan {
        let desks = try await colleagues.desks(language)
        let today = world.today
        return try await database.read { transaction in
            let store = PlanStore(transaction)
            return Plan(
                actions: try store.actions().filter { isWhole || $0.isInPlan }, principles: try store.principles(),
                respites: try store.respites().filter { $0.value >= today }, desks: desks, calls: try store.calls(),
                today: today)
        }
    }

    /// How the plan stood month by month, the newest first.
    func months(of plan: Plan) async throws -> [RollUp] {
        let ids = Set(plan.actions.map(\.id))
        let course = try await database.read { try PlanStore($0).course() }
        return RollUp.months(plan.actions, course.filter { ids.contains($0.action) }, until: plan.today)
    }

    /// For who may change the action; anybody else sees what `ActionChange.published` leaves of them.
    func changes(of action: String) async throws -> [ActionChange] {
        try await database.read { try PlanStore($0).changes(of: action) }
    }

    static func may(_ signedIn: SignedIn, change action: Action) -> Bool {
        signedIn.actor.may(.keepLandscape) || action.owner == signedIn.organization
    }

    /// Changes an action as typed, and keeps what it was in its history. Nothing new changes nothing.
    /// - Returns: false where nothing is new.
    /// - Throws: `TypedAction.Faults`.
    @discardableResult
    func change(_ id: String, _ typed: TypedAction, by signedIn: SignedIn) async throws -> Bool {
        let desks = Set(try await colleagues.desks(.english).map(\.id))
        let (now, region) = (world.now(), region)
        return try await database.write { transaction in
            let store = PlanStore(transaction)
            guard let action = try store.action(id) else { throw PlanRefusal.noAction }
            guard Self.may(signedIn, change: action) else { throw PlanRefusal.notYours }
            var known = TypedAction.Known(
                principles: Set(try store.principles().map(\.id)), states: try store.states(), desks: desks,
                needs: try store.needs(), isCoordinator: signedIn.actor.may(.keepLandscape))
            if typed.version != action.version {
                let since = try store.changes(of: id, since: typed.version)
                throw TypedAction.Faults(
                    problems: Problems("version", "changed-since"), since: since,
                    rebased: typed.rebased(on: action, since: since, principles: known.principles))
            }
            known.findings = try Self.findings(linked: [typed.texts[.finding] ?? ""], in: transaction).mapValues(\.name)
            known.votes = Set(try VoteStore(transaction).names().map(\.id))
            known.namesNation = region.namesNation
            let changed = try typed.applied(to: action, known)
            let changes = ActionField.allCases.compactMap { field -> ActionChange? in
                let (before, after) = (field.text(action), field.text(changed))
                guard before != after else { return nil }
                return ActionChange(
                    at: now, actor: signedIn.actor.name, desk: signedIn.organization, field: field, before: before,
                    after: after)
            }
            if changes.isEmpty { return false }
            try store.update(changed)
            try store.add(changes, to: id, version: action.version + 1)
            for change in changes {
                try AuditChain(transaction).append(
                    .init(
                        actor: signedIn.actor, verb: "change", kind: "action", record: id,
                        field: change.field.rawValue), at: now)
            }
            return true
        }
    }

    /// Takes the words of one change out of the history for good: that it was, and whose, stays.
    func erase(_ number: Int, of action: String, by signedIn: SignedIn) async throws {
        guard signedIn.actor.may(.keepLandscape) else { throw PlanRefusal.notYours }
        let now = world.now()
        try await database.write { transaction in
            let store = PlanStore(transaction)
            guard let change = try store.change(number, of: action), change.field.isFreeText else {
                throw PlanRefusal.noAction
            }
            if change.isErased { return }
            try store.erase(number, of: action)
            try AuditChain(transaction).append(
                .init(
                    actor: signedIn.actor, verb: "erase", kind: "action", record: action, field: change.field.rawValue),
                at: now)
        }
        traces.leave()
    }

    /// The own desk, or for the coordinator any, is away until `day`; nil for back.
    func setRespite(of desk: String, until day: Day?, by signedIn: SignedIn) async throws {
        guard signedIn.actor.may(.keepLandscape) || desk == signedIn.organization else { throw PlanRefusal.notYours }
        guard try await colleagues.desks(.english).contains(where: { $0.id == desk }) else {
            throw PlanRefusal.notYours
        }
        let now = world.now()
        try await database.write { transaction in
            try PlanStore(transaction).setRespite(of: desk, until: day)
            try AuditChain(transaction).append(
                .init(actor: signedIn.actor, verb: day == nil ? "be-back" : "be-away", kind: "desk", record: desk),
                at: now)
        }
    }

    /// Which calls the own desk works on; nobody says it for another.
    func setCalls(_ tags: Set<Tag>, by signedIn: SignedIn) async throws {
        let now = world.now()
        try await database.write { transaction in
            try PlanStore(transaction).setCalls(of: signedIn.organization, tags)
            try AuditChain(transaction).append(
                .init(actor: signedIn.actor, verb: "tag", kind: "desk", record: signedIn.organization), at: now)
        }
    }

    // MARK: Loading

    func loadPlan(from folder: URL) async throws {
        let actions = try Self.list("actions.json", in: folder).enumerated().compactMap { Action($1, number: $0 + 1) }
        let principles = try Self.list("principles.json", in: folder).enumerated().compactMap {
            Principle($1, number: $0 + 1)
        }
        if actions.isEmpty { return }
        let now = world.now()
        try await database.write { transaction in
            let store = PlanStore(transaction)
            for principle in principles { try store.add(principle) }
            let server = Actor(name: "server", clearance: .everyone)
            var isNew = false
            for action in actions {
                if try !store.add(action) {
                    // Proposals once took ids of this kind, which the region's own plan may come to need.
                    guard try store.isProposal(action.id) else { continue }
                    try store.move(action.id, to: store.freeID(from: action.number))
                    _ = try store.add(action)
                    try AuditChain(transaction).append(
                        .init(actor: server, verb: "move", kind: "action", record: action.id), at: now)
                }
                isNew = true
            }
            guard isNew else { return }
            try AuditChain(transaction).append(.init(actor: server, verb: "load", kind: "action", record: ""), at: now)
        }
    }
}

extension Action {
    init?(_ value: JSONValue, number: Int) {
        guard let id = value["id"]?.text, let body = value["text"]?.text, let focus = value["focus"]?.text,
            let theme = value["theme"]?.text
        else { return nil }
        self.init(
            id: id, number: number, body: body, focus: focus, theme: theme,
            horizon: value["horizon"]?.text.flatMap(Horizon.init))
        examples = value["examples"]?.array?.compactMap(\.text) ?? []
        recurrenceYears = value["recurrence_years"]?.number.flatMap { Int(exactly: $0) }
        document = value["source"]?["document"]?.text
        section = value["source"]?["section"]?.text
    }
}

extension Principle {
    init?(_ value: JSONValue, number: Int) {
        guard let id = value["id"]?.text, let title = value["title"]?.text else { return nil }
        self.init(
            id: id, number: number, title: title, points: value["points"]?.array?.compactMap(\.text) ?? [],
            isPractice: value["kind"]?.text == "wise practice", document: value["source"]?["document"]?.text ?? "",
            section: value["source"]?["section"]?.text ?? "")
    }
}
