import Kernel

/// How far a part of the plan is: progress of each action, by its weight. What was dropped does not count; what is done
/// counts in full.
struct RollUp: Sendable, Equatable {
    let name: String
    let actions: Int
    let done: Int
    /// Percent, rounded down, so that only a part that is done says so.
    let progress: Int

    init(_ name: String, _ actions: [Action]) {
        let counted = actions.filter { $0.state != .dropped }
        let weight = counted.reduce(0) { $0 + $1.weight }
        self.name = name
        self.actions = counted.count
        done = counted.count { $0.state == .done }
        let reached = counted.reduce(0) { $0 + $1.weight * ($1.state == .done ? 100 : $1.progress) }
        progress = weight == 0 ? 0 : reached / weight
    }

    /// One line for each value of `key`, in the order of their first actions.
    static func lines(_ actions: [Action], by key: (Action) -> String) -> [RollUp] {
        var names: [String] = []
        for name in actions.map(key) where !names.contains(name) { names.append(name) }
        return names.map { name in RollUp(name, actions.filter { key($0) == name }) }
    }
}

extension RollUp {
    /// How many months back the plan is shown.
    static let mostMonths = 24

    /// How the plan stood at the end of each month, the newest first and as it stands today: what was changed later is undone.
    /// - Parameters:
    ///   - actions: those of the plan, as they stand.
    ///   - changes: of states, progress and weights, the newest first.
    static func months(
        _ actions: [Action], _ changes: [(action: String, change: ActionChange)], until today: Day
    ) -> [RollUp] {
        var agreed: [String: Day] = [:]
        for (action, change) in changes where change.field == .state {
            if Action.State(rawValue: change.after)?.isAgreed == true { agreed[action] = change.at.day }
        }
        let proposed = Set(changes.filter { $0.change.field == .state && $0.change.before.isEmpty }.map(\.action))
        guard let first = changes.last?.change.at.day else { return [] }
        var standing = Dictionary(uniqueKeysWithValues: actions.map { ($0.id, $0) })
        var (left, months, month) = (changes[...], [RollUp](), today)
        while months.count < mostMonths, !months.contains(where: { $0.name == first.month }) {
            let there = standing.values.filter { action in
                !proposed.contains(action.id) || agreed[action.id].map { $0.month <= month.month } ?? false
            }
            months.append(RollUp(month.month, Array(there)))
            while let (action, change) = left.first, change.at.day.month >= month.month {
                standing[action]?.undo(change)
                left = left.dropFirst()
            }
            guard let start = Day(month.month + "-01") else { break }
            month = start + -1
        }
        return months
    }
}

extension Day {
    /// `2026-12`.
    fileprivate var month: String { String(description.prefix(7)) }
}

extension Action {
    fileprivate mutating func undo(_ change: ActionChange) {
        switch change.field {
        case .state: state = State(rawValue: change.before) ?? state
        case .progress: progress = Int(change.before) ?? progress
        case .weight: weight = Int(change.before) ?? weight
        default: break
        }
    }
}
