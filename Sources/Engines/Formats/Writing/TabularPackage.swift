package import Foundation
import Kernel

/// An HSDS 3 tabular data package in a folder: a table per kind of record and `datapackage.json`. Every record is there
/// once and no key is broken: a reference to a record that is not there is left empty, or its row left out where the
/// standard requires the reference. Memory holds the ids alone.
package struct TabularPackage {
    private let folder: URL
    private var tables: [RecordKind: OutputFile] = [:]
    private var ids: [RecordKind: Set<Identifier<Record>>] = [:]
    /// Tables with a reference to a record that had not come yet.
    private var unsettled: Set<RecordKind> = []
    private var lost: [RecordKind: Set<Identifier<Record>>] = [:]
    /// Records left out because they do not say what they belong to: an attribute without its term, for one.
    package var leftOut: [RecordKind: Int] { lost.mapValues(\.count).filter { $0.value > 0 } }

    /// - Parameter folder: there and empty.
    package init(in folder: URL) { self.folder = folder }

    package mutating func add(_ tree: RecordTree) throws(OutputFault) { try add(tree, under: nil) }

    package func count(_ kind: RecordKind) -> Int { ids[kind]?.count ?? 0 }

    /// Settles the references and writes the description.
    package mutating func finish(_ description: PackageDescription) throws {
        for kind in [RecordKind.organization, .service] where tables[kind] == nil { _ = try table(kind) }
        for file in tables.values { try file.keep() }
        while let kind = unsettled.popFirst() { try settle(kind) }
        let kinds = RecordKind.allCases.filter { tables[$0] != nil }
        let file = try OutputFile(folder.appending(path: PackageDescription.fileName), mark: "new")
        try file.write(description.json(kinds))
        try file.keep()
    }

    // MARK: Rows

    private mutating func add(_ tree: RecordTree, under parent: Record?) throws(OutputFault) {
        let kind = tree.record.kind
        let record = Self.completed(tree, under: parent)
        for member in kind.object.members where !member.isList {
            for var child in tree.members[member.name] ?? [] {
                // A program inside a service belongs to the service's organization unless it says otherwise.
                if child.record.kind == .program, child.record["organization_id"] == nil {
                    child.record["organization_id"] = record["organization_id"]
                }
                try add(child, under: nil)
            }
        }
        if ids[kind]?.contains(record.id) != true {
            if Self.missesKey(record) {
                lost[kind, default: []].insert(record.id)
                return
            }
            lost[kind]?.remove(record.id)
            ids[kind, default: []].insert(record.id)
            try write(record)
        }
        for member in kind.object.members where member.isList {
            for child in tree.members[member.name] ?? [] { try add(child, under: record) }
        }
    }

    /// The record with the keys that nesting says without words.
    private static func completed(_ tree: RecordTree, under parent: Record?) -> Record {
        var record = tree.record
        for member in record.kind.object.members where !member.isList {
            guard record[member.reference] == nil, record.kind.object.field(member.reference) != nil else { continue }
            record[member.reference] = tree.members[member.name]?.first?.record.id.description
        }
        guard let parent else { return record }
        switch record.kind {
        case .attribute:
            record["link_id"] = record["link_id"] ?? parent.id.description
            record["link_entity"] = record["link_entity"] ?? parent.kind.rawValue
        case .metadata:
            record["resource_id"] = record["resource_id"] ?? parent.id.description
            record["resource_type"] = record["resource_type"] ?? parent.kind.rawValue
        default:
            let key = parent.kind.rawValue + "_id"
            if record.kind.object.field(key) != nil, record[key] == nil { record[key] = parent.id.description }
        }
        return record
    }

    private static func missesKey(_ record: Record) -> Bool {
        record.kind.object.fields.contains {
            $0.isRequiredInTables && !$0.isRequired && record[$0.name]?.isEmpty ?? true
        }
    }

    private mutating func write(_ record: Record) throws(OutputFault) {
        let fields = record.kind.object.fields
        if fields.contains(where: {
            $0.isReference && isBroken(record[$0.name], $0, in: record.kind, record: { record[$0] })
        }) {
            unsettled.insert(record.kind)
        }
        var csv = CSVText(guardsFormulas: false)
        csv.row(
            [.text(record.id.description)]
                + fields.map { field in
                    if case .number(let number) = record.values[field.name] {
                        .number(number)
                    } else {
                        .text(record[field.name])
                    }
                })
        try table(record.kind).write(csv.bytes)
    }

    private mutating func table(_ kind: RecordKind) throws(OutputFault) -> OutputFile {
        if let file = tables[kind] { return file }
        let file = try OutputFile(url(kind), mark: "new")
        var csv = CSVText(guardsFormulas: false)
        csv.row(["id"] + kind.object.fields.map(\.name))
        try file.write(csv.bytes)
        tables[kind] = file
        return file
    }

    private func url(_ kind: RecordKind) -> URL { folder.appending(path: kind.tableName + ".csv") }

    // MARK: References

    /// True for a value that points to no record of the package.
    private func isBroken(
        _ value: String?, _ field: HSDSField, in kind: RecordKind, record: (String) -> String?
    ) -> Bool {
        guard let value, !value.isEmpty else { return false }
        let target: RecordKind? =
            switch field.name {
            case "link_id": record("link_entity").flatMap(RecordKind.init)
            case "resource_id": record("resource_type").flatMap(RecordKind.init)
            default: HSDSObject.target(of: field.name, in: kind)
            }
        guard let target, let id = Identifier<Record>(value) else { return true }
        return ids[target]?.contains(id) != true
    }

    /// Reads a finished table again and writes it without its broken references.
    private mutating func settle(_ kind: RecordKind) throws {
        let fields = kind.object.fields
        var rows = try StrictRows(file: url(kind))
        let file = try OutputFile(url(kind), mark: "settled")
        var csv = CSVText(guardsFormulas: false)
        if let header = try rows.next() { csv.row(header.fields) }
        while var row = try rows.next()?.fields {
            guard row.count == fields.count + 1 else { continue }
            let known = Dictionary(uniqueKeysWithValues: zip(fields.map(\.name), row.dropFirst()))
            var isLost = false
            for (index, field) in fields.enumerated()
            where field.isReference && isBroken(row[index + 1], field, in: kind, record: { known[$0] }) {
                row[index + 1] = ""
                isLost = isLost || field.isRequiredInTables
            }
            if isLost {
                lose(row[0], of: kind)
            } else {
                csv.row(row)
            }
            try file.write(csv.taken())
        }
        try file.write(csv.taken())
        try file.keep()
    }

    /// Takes the record back; all tables that may point to it are looked at again.
    private mutating func lose(_ id: String, of kind: RecordKind) {
        if let id = Identifier<Record>(id) {
            ids[kind]?.remove(id)
            lost[kind, default: []].insert(id)
        }
        for other in tables.keys {
            let mayPoint = other.object.fields.contains {
                HSDSObject.target(of: $0.name, in: other) == kind || $0.name == "link_id" || $0.name == "resource_id"
            }
            if mayPoint { unsettled.insert(other) }
        }
    }
}
