import Formats
import Kernel

/// A draft with ids of ours: the record it becomes, and what it points to.
struct ImportedDraft {
    struct Reference {
        var field: String
        var kind: RecordKind
        var id: Identifier<Record>
    }

    let draft: Draft
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

    /// What HSDS forbids: nil when the record cannot be kept; otherwise the fields that are left out, each with its fault.
    mutating func leaveOutFaults() -> [(field: String, fault: String)]? {
        let faults = record.problems.faults.map { (field: $0.field, fault: $0.code) }
        for fault in faults {
            guard record.kind.object.field(fault.field)?.isRequired != true else { return nil }
            record.values[fault.field] = nil
        }
        return faults
    }

    private static func pointers(of draft: Draft) -> [(String, RecordKind)] {
        var pointers = targets[draft.kind] ?? []
        switch draft.kind {
        case .attribute:
            if let kind = draft["link_entity"].flatMap(RecordKind.init) { pointers.append(("link_id", kind)) }
        case .metadata:
            if let kind = draft["resource_type"].flatMap(RecordKind.init) { pointers.append(("resource_id", kind)) }
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
