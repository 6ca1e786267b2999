package import Formats
package import Foundation
import Kernel

/// The official examples of HSDS 3.2.3, which lie beside the project and not in it.
package enum HSDSExamples {
    package static let folder = Town.root.appending(path: "../shared/hsds")
    package static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    package static func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: folder.appending(path: "examples/\(name).json"))
    }

    /// The example `name`, or the first record of its page, as a tree.
    package static func tree(_ name: String, _ kind: RecordKind) throws -> RecordTree {
        tree(try record(name), kind)
    }

    package static func record(_ name: String) throws -> [String: Any] {
        let read = try JSONSerialization.jsonObject(with: bytes(name)) as? [String: Any] ?? [:]
        return (read["contents"] as? [[String: Any]])?.first ?? read
    }

    private static func tree(_ object: [String: Any], _ kind: RecordKind) -> RecordTree {
        let id = (object["id"] as? String).flatMap(Identifier<Record>.init) ?? .named("without id")
        var tree = RecordTree(Record(kind, id: id))
        for field in kind.object.fields {
            if let text = object[field.name] as? String { tree.record.values[field.name] = .text(text) }
            if let number = object[field.name] as? Double { tree.record.values[field.name] = .number(number) }
        }
        for member in kind.object.members + [HSDSJSON.added(to: kind)].compactMap(\.self) {
            let children =
                object[member.name] as? [[String: Any]]
                ?? (object[member.name] as? [String: Any]).map { [$0] }
            tree.members[member.name] = children?.map { Self.tree($0, member.kind) }
        }
        return tree
    }

    /// Sorted keys, no white space: equal documents are equal bytes.
    package static func canonical(_ value: Any) throws -> Data {
        try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes])
    }

    package static func canonical(json: some Sequence<UInt8>) throws -> Data {
        try canonical(JSONSerialization.jsonObject(with: Data(json)))
    }

    /// Every key in the order it stands.
    package static func keys(_ text: String) -> [Substring] { text.matches(of: /"([a-z_0-9]+)":/).map(\.1) }
}
