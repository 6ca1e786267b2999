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
    let today: Day

    func desk(_ id: String?) -> String? { id.flatMap { id in desks.first { $0.id == id }?.name } }
    func of(_ desk: String?) -> [Action] { actions.filter { $0.owner == desk } }
}

extension Landscape {
    func plan(_ language: Language) async throws -> Plan {
        let desks = try await colleagues.desks(language)
        let today = world.today
        return try await database.read { transaction in
            let store = PlanStore(transaction)
            return Plan(
                actions: try store.actions(), principles: try store.principles(),
                respites: try store.respites().filter { $0.value >= today }, desks: desks, today: today)
        }
    }

    func changes(of action: String) async throws -> [ActionChange] {
        try await database.read { try PlanStore($0).changes(of: action) }
    }

    static func may(_ signedIn: SignedIn, change action: Action) -> Bool {
        signedIn.actor.may(.keepLandscape) || action.owner == signedIn.organization
    }

    /// Changes an action as typed, and keeps what it was in its history. Nothing new changes nothing.
    /// - Throws: `TypedAction.Faults`.
    func change(_ id: String, _ typed: TypedAction, by signedIn: SignedIn) async throws {
        let desks = Set(try await colleagues.desks(.english).map(\.id))
        let now = world.now()
        try await database.write { transaction in
            let store = PlanStore(transaction)
            guard let action = try store.action(id) else { throw PlanRefusal.noAction }
            guard Self.may(signedIn, change: action) else { throw PlanRefusal.notYours }
            var known = TypedAction.Known(desks: desks, needs: try store.needs())
            known.principles = Set(try store.principles().map(\.id))
            known.ids = Set(try Self.texts(of: typed.linked, in: transaction).keys)
            known.isCoordinator = signedIn.actor.may(.keepLandscape)
            let changed = try typed.applied(to: action, known)
            let changes = ActionField.allCases.compactMap { field -> ActionChange? in
                let (before, after) = (field.text(action), field.text(changed))
                guard before != after else { return nil }
                return ActionChange(
                    at: now, actor: signedIn.actor.name, desk: signedIn.organization, field: field, before: before,
                    after: after)
            }
            if changes.isEmpty { return }
            try store.update(changed)
            try store.add(changes, to: id)
            for change in changes {
                try AuditChain(transaction).append(
                    .init(
                        actor: signedIn.actor, verb: "change", kind: "action", record: id,
                        field: change.field.rawValue), at: now)
            }
        }
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
            guard try actions.map(store.add).contains(true) else { return }
            let server = Actor(name: "server", clearance: .everyone)
            try AuditChain(transaction).append(.init(actor: server, verb: "load", kind: "action", record: ""), at: now)
        }
    }
}

extension TypedAction {
    /// Every id that was typed as a link.
    var linked: [String] {
        let depends = (texts[.depends] ?? "").split { ", ;\n\t".contains($0) }.map { $0.lowercased() }
        return depends + [texts[.finding], texts[.vote]].compactMap(\.self).filter { !$0.isEmpty }
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
