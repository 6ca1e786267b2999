import Formats
import Kernel

/// The fields by which one kind of record points to others, and to which kind; nil when another field says the kind.
struct Reference: Sendable {
    let field: String
    let target: RecordKind?

    static let all: [RecordKind: [Reference]] = Dictionary(
        uniqueKeysWithValues: RecordKind.allCases.map { kind in
            let fields = kind.object.fields.filter(\.isReference).map(\.name)
            return (kind, fields.map { Reference(field: $0, target: HSDSObject.target(of: $0, in: kind)) })
        })

    /// Kinds that people can open by themselves. A record of any other kind is seen inside a listing or not at all.
    static let standing: Set<RecordKind> = [.service, .organization, .taxonomy, .taxonomyTerm]

    /// Where a history entry may hold what a reference was.
    static let remembered = ["previous_value", "replacement_value"]
}

extension Listing {
    /// Of the record and all under it.
    var ids: [Identifier<Record>] {
        var ids = [record.id]
        for member in members.values.joined() { ids += member.ids }
        return ids
    }

    /// Adds what is pointed to and not `there`, of kinds that stand by themselves.
    func collectReferences(
        but there: Set<Identifier<Record>>, into outside: inout [RecordKind: Set<Identifier<Record>>]
    ) {
        func collect(_ field: String, _ target: RecordKind?) {
            guard let kind = target, Reference.standing.contains(kind), let id = record.reference(field),
                !there.contains(id)
            else { return }
            outside[kind, default: []].insert(id)
        }
        for reference in Reference.all[record.kind] ?? [] { collect(reference.field, reference.target) }
        if let field = record["field_name"], let kind = record["resource_type"].flatMap(RecordKind.init) {
            for value in Reference.remembered { collect(value, HSDSObject.target(of: field, in: kind)) }
        }
        for member in members.values.joined() { member.collectReferences(but: there, into: &outside) }
    }

    /// The listing without references to what is not seen, and without all that is said about such a reference.
    func keepingReferences(_ isSeen: (Identifier<Record>) -> Bool) -> Listing {
        var kept = self
        for reference in Reference.all[record.kind] ?? [] {
            let field = reference.field
            guard let id = record.reference(field), !isSeen(id) else { continue }
            kept.record.values[field] = nil
            kept.facts[field] = nil
            kept.translations[field] = nil
            kept.changes.removeAll { $0.field == field }
            kept.members["metadata"]?.removeAll { $0.record["field_name"] == field }
        }
        kept.members["metadata"]?.removeAll { entry in
            Reference.remembered.contains { entry.record.reference($0).map(isSeen) == false }
        }
        kept.members = kept.members.mapValues { $0.map { $0.keepingReferences(isSeen) } }
        return kept
    }
}
