/// What reading needs to know of a kind, ready to be looked up for each of many records.
final class KnownKind: Sendable {
    /// How the values of a field are read.
    enum Reading: Sendable { case text, number, oneOf([String]), day, time }

    let fields: [String: Reading]
    let members: [String: HSDSMember]
    let needsName: Bool

    private init(_ object: HSDSObject) {
        let kind = object.kind
        fields = Dictionary(object.fields.map { ($0.name, Self.reading($0, of: kind)) }) { first, _ in first }
        members = Dictionary(object.members.map { ($0.name, $0) }) { first, _ in first }
        needsName = Self.named.contains(kind)
    }

    static func of(_ kind: RecordKind) -> KnownKind { all[kind] ?? KnownKind(kind.object) }

    private static let all = Dictionary(uniqueKeysWithValues: RecordKind.allCases.map { ($0, KnownKind($0.object)) })

    private static let named: Set<RecordKind> = [.organization, .program, .service, .taxonomy, .taxonomyTerm, .unit]

    private static let days: Set<String> = [
        "assured_date", "last_modified", "valid_from", "valid_to", "dtstart", "until", "updated", "last_action_date",
    ]

    private static func reading(_ field: HSDSField, of kind: RecordKind) -> Reading {
        if field.form == .number { return .number }
        if !field.values.isEmpty { return .oneOf(field.values) }
        if days.contains(field.name) { return .day }
        return kind == .schedule && ["opens_at", "closes_at"].contains(field.name) ? .time : .text
    }
}
