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
