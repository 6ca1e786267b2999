/// What HSDS asks of each kind of record, laid out for looking up by name; made once from the table.
struct ObjectRules: Sendable {
    enum Part: Sendable {
        case id
        /// `target` is the place of the rules of the kind that it points to.
        case field(HSDSField, target: Int?)
        /// `rules` is the place of the member's own rules in `all`.
        case member(isList: Bool, rules: Int)
    }

    let kind: RecordKind
    let parts: [String: Part]
    /// Names that must be there, `id` first.
    let required: [String]
    let requiredInTables: [String]
    /// The reference of a record under this one to it, such as `service_id`.
    let key: String

    static let all: [ObjectRules] = RecordKind.allCases.map(ObjectRules.init)
    static func place(_ kind: RecordKind) -> Int { places[kind] ?? 0 }
    private static let places = Dictionary(
        uniqueKeysWithValues: RecordKind.allCases.enumerated().map { ($0.element, $0.offset) })

    private init(_ kind: RecordKind) {
        let object = kind.object
        var parts: [String: Part] = ["id": .id]
        for field in object.fields {
            parts[field.name] = .field(field, target: HSDSObject.target(of: field.name, in: kind).map(Self.place))
        }
        for member in object.members + [HSDSJSON.added(to: kind)].compactMap(\.self) {
            parts[member.name] = .member(isList: member.isList, rules: Self.place(member.kind))
        }
        self.kind = kind
        self.parts = parts
        required =
            ["id"] + object.fields.filter(\.isRequired).map(\.name)
            + (kind == .serviceCapacity ? ["unit"] : [])
        requiredInTables = ["id"] + object.fields.filter(\.isRequiredInTables).map(\.name)
        key = kind.rawValue + "_id"
    }
}
