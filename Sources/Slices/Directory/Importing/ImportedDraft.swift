import Formats
import Kernel

/// What tells a record apart: in HSDS an id is unique among the records of one kind.
struct RecordKey: Hashable {
    var kind: RecordKind
    var id: Identifier<Record>

    init(kind: RecordKind, id: Identifier<Record>) { (self.kind, self.id) = (kind, id) }
    init(_ record: Record) { self.init(kind: record.kind, id: record.id) }
}

/// A draft with ids of ours: the record it becomes, and what it points to.
struct ImportedDraft {
    struct Reference {
        var field: String
        var kind: RecordKind
        var id: Identifier<Record>
        var key: RecordKey { RecordKey(kind: kind, id: id) }
    }

    let draft: Draft
    var key: RecordKey { RecordKey(record) }
    var record: Record
    private(set) var references: [Reference] = []
    let digest: Int64

    init(_ draft: Draft, source: String) {
        self.draft = draft
        var record = Record(draft.kind, id: Self.id(draft.kind, draft.externalId, source: source), draft.values)
        for (field, kind) in Self.pointers(of: draft) {
            guard let external = draft[field] else { continue }
            let id = Self.id(kind, external, source: source)
            record[field] = id.description
            references.append(Reference(field: field, kind: kind, id: id))
        }
        self.record = record
        digest = draft.digest
    }

    /// A UUID of the file is kept; any other id becomes a UUIDv5 of source, kind and id, the same each time.
    static func id(_ kind: RecordKind, _ external: String, source: String) -> Identifier<Record> {
        Identifier(external) ?? .named("\(source)/\(kind.rawValue)/\(external)")
    }

    /// True when both state a field and not the same.
    func contradicts(_ other: ImportedDraft) -> Bool {
        record.values.contains { field, value in other.record.values[field].map { $0 != value } ?? false }
    }

    /// Takes over what `other` says more about the same record.
    mutating func fill(from other: ImportedDraft) {
        record.values.merge(other.record.values) { own, _ in own }
        let known = Set(references.map(\.field))
        references += other.references.filter { !known.contains($0.field) }
    }

    /// Mends what HSDS forbids, as far as nothing has to be invented: an optional field is left out, a required text that
    /// does not tell the record apart, such as a description, is empty. What was done, or nil when nothing can be.
    mutating func mend() -> [String]? {
        var deeds: [String] = []
        for fault in record.problems.faults {
            let field = record.kind.object.field(fault.field)
            if field?.isRequired != true {
                record.values[fault.field] = nil
                deeds.append("\(fault.field) is \(fault.code) and was left out")
            } else if let field, fault.code == "required", field.form == .text, field.values.isEmpty,
                !Record.identity.contains(field.name)
            {
                record[field.name] = ""
                if draft[field.name] == nil { deeds.append("\(field.name) is missing and was left empty") }
            } else {
                return nil
            }
        }
        return deeds
    }

    private static func pointers(of draft: Draft) -> [(String, RecordKind)] {
        var pointers = targets[draft.kind] ?? []
        switch draft.kind {
        case .attribute:
            if let kind = draft.owner ?? draft["link_entity"].flatMap(RecordKind.init) {
                pointers.append(("link_id", kind))
            }
        case .metadata:
            if let kind = draft.owner ?? draft["resource_type"].flatMap(RecordKind.init) {
                pointers.append(("resource_id", kind))
            }
        default: break
        }
        return pointers
    }

    private static let targets: [RecordKind: [(String, RecordKind)]] = {
        var targets: [RecordKind: [(String, RecordKind)]] = [:]
        for kind in RecordKind.allCases {
            targets[kind] = kind.object.fields.compactMap { field in
                HSDSObject.target(of: field.name, in: kind).map { (field.name, $0) }
            }
        }
        return targets
    }()
}
