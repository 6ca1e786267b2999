import Kernel

/// Full HSDS records as one JSON array.
package struct HSDSArray: TreeWriter {
    private var isFirst = true

    package init() {}

    package func opening() -> [UInt8] { Array("[".utf8) }

    package mutating func bytes(of tree: RecordTree) -> [UInt8] {
        defer { isFirst = false }
        return Array((isFirst ? "\n" : ",\n").utf8) + HSDSLines.encode(tree)
    }

    package func closing() -> [UInt8] { Array("\n]\n".utf8) }
}

/// Full HSDS records, one a line.
package struct HSDSLines: TreeWriter {
    package init() {}

    package func opening() -> [UInt8] { [] }
    package func bytes(of tree: RecordTree) -> [UInt8] { Self.encode(tree) + [0x0a] }
    package func closing() -> [UInt8] { [] }

    static func encode(_ tree: RecordTree) -> [UInt8] {
        var json = JSONText()
        write(tree, &json)
        return json.bytes
    }

    private static func write(_ tree: RecordTree, _ json: inout JSONText) {
        json.object { json in
            json.member("id", tree.record.id.description)
            for field in tree.record.kind.object.fields {
                switch tree.record.values[field.name] {
                case .text(let text): json.member(field.name, text)
                case .number(let number):
                    json.key(field.name)
                    json.number(number)
                case nil: break
                }
            }
            for member in tree.record.kind.object.members {
                guard let trees = tree.members[member.name], let first = trees.first else { continue }
                json.key(member.name)
                guard member.isList else {
                    write(first, &json)
                    continue
                }
                json.array { json in
                    for tree in trees { write(tree, &json) }
                }
            }
        }
    }
}
