import Foundation
import Yams

/// Which column of which file means which field: `file.csv: columns: Column: {model, field, required, append}`, or a list
/// of these. Models and fields go by the words of HSDS 1.1 to 3. Source of the grammar: the mapping files of the Illinois
/// Legal Aid transformer.
package struct ColumnMapping: Sendable, Equatable {
    struct Target: Sendable, Equatable {
        var model: String
        var field: String
        var isRequired: Bool
        var isAppended: Bool
    }

    struct Column: Sendable, Equatable {
        var name: String
        var targets: [Target]
    }

    /// The columns by the name of their file, in the order in which they are written.
    let files: [String: [Column]]

    /// - Throws: `bad-mapping` with one sentence that names the place.
    package init(yaml: String, name: String = "mapping.yaml") throws(ReadingFault) {
        let top: Node?
        do { top = try Yams.compose(yaml: Self.withoutRepeatedKeys(yaml)) } catch {
            throw Self.fault(name, "is not YAML")
        }
        guard let top = top?.mapping else { throw Self.fault(name, "does not list files") }
        var files: [String: [Column]] = [:]
        for (key, value) in top {
            let file = key.string ?? ""
            guard let columns = value.mapping?["columns"]?.mapping, !columns.isEmpty else {
                throw Self.fault(name, "has no columns for \(file)")
            }
            files[file] = try columns.map { (key, value) throws(ReadingFault) in
                let column = Self.unmarked(key.string ?? "")
                let entries = value.sequence.map(Array.init) ?? [value]
                return Column(
                    name: column,
                    targets: try entries.map { (entry) throws(ReadingFault) in
                        try Self.target(entry, "\(file), \(column)", name)
                    })
            }
        }
        self.files = files
    }

    private static func target(_ node: Node, _ place: String, _ name: String) throws(ReadingFault) -> Target {
        guard let model = node.mapping?["model"]?.string, let field = node.mapping?["field"]?.string else {
            throw fault(name, "needs a model and a field at \(place)")
        }
        guard OlderTable.named(model) != nil || TableNames.kind(model) != nil else {
            throw fault(name, "has a model that HSDS does not know at \(place)")
        }
        return Target(
            model: model, field: field, isRequired: node.mapping?["required"]?.bool ?? false,
            isAppended: node.mapping?["append"]?.bool ?? false)
    }

    private static func fault(_ name: String, _ what: String) -> ReadingFault {
        ReadingFault("bad-mapping", "\(name) \(what).", at: Origin(file: name, line: 1))
    }

    /// A column may stand twice, with another meaning each time, which YAML forbids and other readers let pass: the later
    /// ones are marked here and the mark is taken off again.
    private static func withoutRepeatedKeys(_ yaml: String) -> String {
        var seen: [Int: [String: Int]] = [:]
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let indent = line.prefix { $0 == " " }.count
            let rest = line.dropFirst(indent)
            guard !rest.isEmpty, !rest.hasPrefix("#") else { return String(line) }
            seen = seen.filter { $0.key <= indent }
            guard !rest.hasPrefix("-"), let colon = rest.firstIndex(of: ":"),
                rest.hasSuffix(":") || rest[rest.index(after: colon)...].hasPrefix(" ")
            else { return String(line) }
            let key = String(rest[..<colon])
            let count = (seen[indent]?[key] ?? 0) + 1
            seen[indent, default: [:]][key] = count
            guard count > 1, !key.hasSuffix("\""), !key.hasSuffix("'") else { return String(line) }
            return String(repeating: " ", count: indent) + key + "\(mark)\(count)" + rest[colon...]
        }
        return lines.joined(separator: "\n")
    }

    private static let mark: Character = "\u{E000}"

    private static func unmarked(_ key: String) -> String {
        key.firstIndex(of: mark).map { String(key[..<$0]) } ?? key
    }
}
