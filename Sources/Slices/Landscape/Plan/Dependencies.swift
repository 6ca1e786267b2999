/// What must be done before what.
struct Dependencies: Sendable {
    /// The ids that each action waits for.
    let needs: [String: [String]]

    /// The way from `action` back to itself, both ends named; nil where there is none.
    func cycle(through action: String) -> [String]? {
        var ways: [[String]] = [[action]]
        var seen: Set<String> = []
        while let way = ways.popLast() {
            for next in needs[way[way.count - 1]] ?? [] {
                if next == action { return way + [action] }
                if seen.insert(next).inserted { ways.append(way + [next]) }
            }
        }
        return nil
    }
}
