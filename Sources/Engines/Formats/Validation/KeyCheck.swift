/// Which ids there are, of what kind, and what points to them. 16 bytes an id and little more.
struct KeyCheck {
    struct Reference {
        let from: Int
        let field: String
        let target: Int
        let id: UInt128
        let file: String
        let line: Int?
        let path: String
    }

    private struct Marks {
        var anywhere: UInt32 = 0
        var onTop: UInt32 = 0
    }

    enum Finding { case twice, twoKinds }

    private var ids: [UInt128: Marks] = [:]
    private var open: [Reference] = []
    /// Child to parent, for records whose kind has parents of its own kind.
    private var parents: [UInt128: UInt128] = [:]

    /// Takes in an id; `kind` is the place of its rules. On top: not inside another record.
    mutating func note(_ id: UInt128, _ kind: Int, onTop: Bool) -> Finding? {
        let bit = UInt32(1) << UInt32(kind)
        var marks = ids[id] ?? Marks()
        defer { ids[id] = marks }
        let isNewKind = marks.anywhere != 0 && marks.anywhere & bit == 0
        marks.anywhere |= bit
        if onTop {
            if marks.onTop & bit != 0 { return .twice }
            marks.onTop |= bit
        }
        return isNewKind ? .twoKinds : nil
    }

    mutating func note(_ reference: Reference) {
        if !isThere(reference) { open.append(reference) }
    }

    mutating func note(parent: UInt128, of child: UInt128) { parents[child] = parent }

    private func isThere(_ reference: Reference) -> Bool {
        ids[reference.id].map { $0.anywhere & UInt32(1) << UInt32(reference.target) != 0 } ?? false
    }

    /// References that lead nowhere now that all is read.
    var unresolved: [Reference] { open.filter { !isThere($0) } }

    /// How many records are their own ancestors; each ring counts once.
    var rings: Int {
        var done: Set<UInt128> = []
        var rings = 0
        for start in parents.keys where !done.contains(start) {
            var way: Set<UInt128> = []
            var at: UInt128? = start
            while let id = at, !done.contains(id), way.insert(id).inserted { at = parents[id] }
            if let at, way.contains(at) { rings += 1 }
            done.formUnion(way)
        }
        return rings
    }
}
