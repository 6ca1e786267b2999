import Formats
import Kernel
import Storage

/// What tells a record apart: in HSDS an id is unique among the records of one kind.
struct RecordKey: Hashable {
    var kind: RecordKind
    var id: Identifier<Record>

    init(kind: RecordKind, id: Identifier<Record>) { (self.kind, self.id) = (kind, id) }
    init(_ record: Record) { self.init(kind: record.kind, id: record.id) }
}

/// A draft with ids of ours: the record it becomes, laid out as its table has it, and what it points to.
/// A class, because a batch hands thousands of them on and each is wide.
final class ImportedDraft {
    struct Reference {
        var field: String
        var kind: RecordKind
        var id: Identifier<Record>
        var key: RecordKey { RecordKey(kind: kind, id: id) }
    }

    let key: RecordKey
    /// The id, then every field of the kind.
    private(set) var columns: [SQLValue]
    private(set) var references: [Reference] = []
    /// Of all that the file says about the record.
    let digest: Int64
    let isWhole: Bool
    let audiences: [String: Audience]
    let checkedOn: [String: Day]
    let origin: Origin
    /// False when HSDS forbids something about the record.
    private(set) var isSound: Bool
    /// Fields that its kind does not have.
    let strays: [String]

    var kind: RecordKind { key.kind }
    var id: Identifier<Record> { key.id }
    var record: Record { table.record(key.id) { columns[$0] } }
    private let table: Table

    /// - Throws: for a kind that no table keeps.
    init(_ draft: Draft, source: String) throws {
        var record = Record(draft.kind, id: Self.id(draft.kind, draft.externalId, source: source), draft.values)
        for (field, kind) in Self.pointers(of: draft) {
            guard let external = draft[field] else { continue }
            let id = Self.id(kind, external, source: source)
            record[field] = id.description
            references.append(Reference(field: field, kind: kind, id: id))
        }
        table = try Table.of(draft.kind)
        key = RecordKey(record)
        columns = table.values(of: record)
        let places = table.places
        strays = record.values.keys.filter { places[$0] == nil }.sorted()
        isSound = record.problems.isEmpty
        digest = draft.digest
        (isWhole, audiences, checkedOn, origin) = (draft.isWhole, draft.audiences, draft.checkedOn, draft.origin)
    }

    /// A draft that was put on disk.
    init(
        _ kind: RecordKind, _ columns: [SQLValue], references: [Reference], digest: Int64, isWhole: Bool,
        isSound: Bool, audiences: [String: Audience], checkedOn: [String: Day], strays: [String], origin: Origin
    ) throws {
        table = try Table.of(kind)
        guard columns.count == table.columns.count, case .text(let text) = columns[0],
            let id = Identifier<Record>(text)
        else { throw StorageFailure.unexpectedColumn("\(kind.rawValue).id") }
        key = RecordKey(kind: kind, id: id)
        (self.columns, self.references, self.digest) = (columns, references, digest)
        (self.isWhole, self.isSound, self.audiences) = (isWhole, isSound, audiences)
        (self.checkedOn, self.strays, self.origin) = (checkedOn, strays, origin)
    }

    subscript(_ field: String) -> FieldValue? {
        get { table.places[field].flatMap { FieldValue(columns[$0]) } }
        set { table.places[field].map { columns[$0] = SQLValue(newValue) } }
    }

    /// A UUID of the file is kept; any other id becomes a UUIDv5 of source, kind and id, the same each time.
    static func id(_ kind: RecordKind, _ external: String, source: String) -> Identifier<Record> {
        Identifier(external) ?? .named("\(source)/\(kind.rawValue)/\(external)")
    }

    /// True when both state a field and not the same.
    func contradicts(_ other: ImportedDraft) -> Bool {
        zip(columns, other.columns).contains { $0 != $1 && $0 != .null && $1 != .null }
    }

    /// Takes over what `other` says more about the same record.
    func fill(from other: ImportedDraft) {
        for (place, value) in other.columns.enumerated() where columns[place] == .null { columns[place] = value }
        isSound = false
        let known = Set(references.map(\.field))
        references += other.references.filter { !known.contains($0.field) }
    }

    /// Takes what stands in `record` instead of what the file says.
    func fill(over record: Record) {
        for (field, value) in record.values { self[field] = value }
        isSound = false
    }

    /// What HSDS forbids about it, in the order of its fields.
    var faults: [(field: String, code: String)] { record.problems.faults + strays.map { ($0, "unknown-field") } }

    /// Mends what HSDS forbids, as far as nothing has to be invented: an optional field is left out, a required text that
    /// does not tell the record apart, such as a description, is empty. What was done, or nil when nothing can be.
    func mend() -> [String]? {
        if isSound { return [] }
        var deeds: [String] = []
        for fault in faults {
            let field = kind.object.field(fault.field)
            if field?.isRequired != true {
                self[fault.field] = nil
                deeds.append("\(fault.field) is \(fault.code) and was left out")
            } else if let field, fault.code == "required", field.form == .text, field.values.isEmpty,
                !Record.identity.contains(field.name)
            {
                self[field.name] = .text("")
                deeds.append("\(field.name) is missing and was left empty")
            } else {
                return nil
            }
        }
        isSound = true
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
