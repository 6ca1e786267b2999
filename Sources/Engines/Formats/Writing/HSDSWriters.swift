/// Full HSDS records as one JSON array.
package struct HSDSArray: TreeWriter {
    private var isFirst = true

    package init() {}

    package func opening() -> [UInt8] { Array("[".utf8) }

    package mutating func bytes(of tree: RecordTree) -> [UInt8] {
        defer { isFirst = false }
        return Array((isFirst ? "\n" : ",\n").utf8) + HSDSJSON.full(tree)
    }

    package func closing() -> [UInt8] { Array("\n]\n".utf8) }
}

/// Full HSDS records, one a line.
package struct HSDSLines: TreeWriter {
    package init() {}

    package func opening() -> [UInt8] { [] }
    package func bytes(of tree: RecordTree) -> [UInt8] { HSDSJSON.full(tree) + [0x0a] }
    package func closing() -> [UInt8] { [] }
}
