/// One kind of HSDS record: what fields it has, and which records hang under it.
package struct HSDSObject: Sendable {
    package let kind: RecordKind
    /// In the order of the standard, which every writer keeps.
    package let parts: [HSDSPart]
    package let fields: [HSDSField]
    package let members: [HSDSMember]

    init(_ kind: RecordKind, _ parts: [HSDSPart]) {
        self.kind = kind
        self.parts = parts
        fields = parts.compactMap { if case .field(let field) = $0 { field } else { nil } }
        members = parts.compactMap { if case .member(let member) = $0 { member } else { nil } }
    }

    package func field(_ name: String) -> HSDSField? { fields.first { $0.name == name } }

    /// The kind of record that `field` points to; nil for a field that is no reference, and for `link_id` and
    /// `resource_id`, whose kind another field of the same record names.
    package static func target(of field: String, in kind: RecordKind) -> RecordKind? {
        switch field {
        case "parent_organization_id": .organization
        case "parent_id": kind == .taxonomyTerm ? .taxonomyTerm : nil
        case _ where field.hasSuffix("_id"): RecordKind(rawValue: String(field.dropLast(3)))
        default: nil
        }
    }
}

package enum HSDSPart: Sendable, Hashable {
    case field(HSDSField)
    case member(HSDSMember)
}

package struct HSDSField: Sendable, Hashable {
    package enum Form: Sendable, Hashable { case text, number, uri, email }
    /// What a text says about time: a day, a time of day, or both with an offset.
    package enum Moment: Sendable, Hashable { case day, time, instant }

    package let name: String
    package let form: Form
    /// Nil for a text that is not about time.
    package let moment: Moment?
    package let isRequired: Bool
    /// True when a table must have it, because there no nesting says what the record belongs to.
    package let isRequiredInTables: Bool
    /// The only values allowed; empty when any is.
    package let values: [String]
    /// True for the fields Waymark adds to HSDS.
    package let isAdded: Bool

    /// True when the value is the id of another record.
    package var isReference: Bool { name.hasSuffix("_id") && name != "tax_id" }
}

package struct HSDSMember: Sendable, Hashable {
    package let name: String
    package let kind: RecordKind
    package let isList: Bool

    /// The field of the same record that holds the id of a member that is no list.
    package var reference: String { Self.reference(of: name) }

    package static func reference(of name: String) -> String {
        name == "taxonomy_detail" ? "taxonomy_id" : name + "_id"
    }
}

/// The 24 kinds of HSDS 3.2.3, named as the standard names them.
package enum RecordKind: String, Sendable, CaseIterable {
    case taxonomy, taxonomyTerm = "taxonomy_term"
    case organization, program, service, location
    case serviceAtLocation = "service_at_location"
    case contact, phone, address, schedule, language, accessibility
    case serviceArea = "service_area"
    case requiredDocument = "required_document"
    case costOption = "cost_option"
    case funding, unit
    case serviceCapacity = "service_capacity"
    case url
    case organizationIdentifier = "organization_identifier"
    case attribute, metadata
    case metaTableDescription = "meta_table_description"

    package var object: HSDSObject { HSDS.objects[self] ?? HSDSObject(self, []) }

    /// The name of its table in a data package, without `.csv`.
    package var tableName: String {
        switch self {
        case .serviceAtLocation, .funding, .accessibility, .metadata, .serviceCapacity, .url: rawValue
        case .taxonomy: "taxonomies"
        case .address: "addresses"
        default: rawValue + "s"
        }
    }
}

package enum HSDS {
    package static let objects: [RecordKind: HSDSObject] = read(hsdsTable)

    private static func read(_ table: String) -> [RecordKind: HSDSObject] {
        var objects: [RecordKind: HSDSObject] = [:]
        var words: [String] = []
        var current: RecordKind?
        func close() {
            guard let current else { return }
            objects[current] = object(current, words)
            words = []
        }
        for word in table.split(whereSeparator: \.isWhitespace) {
            if word.hasSuffix(":"), let kind = RecordKind(rawValue: String(word.dropLast())) {
                close()
                current = kind
            } else {
                words.append(String(word))
            }
        }
        close()
        return objects
    }

    private static func object(_ kind: RecordKind, _ words: [String]) -> HSDSObject {
        var parts = words.map { word in member(word).map(HSDSPart.member) ?? .field(field(word)) }
        if ![.metadata, .attribute, .taxonomy, .taxonomyTerm].contains(kind) {
            parts.append(.member(HSDSMember(name: "attributes", kind: .attribute, isList: true)))
        }
        if ![.metadata, .attribute].contains(kind) {
            parts.append(.member(HSDSMember(name: "metadata", kind: .metadata, isList: true)))
        }
        return HSDSObject(kind, parts)
    }

    private static func member(_ word: String) -> HSDSMember? {
        let parts = word.split(separator: ">")
        guard parts.count == 2 else { return nil }
        let isList = parts[1].hasSuffix("*")
        return RecordKind(rawValue: String(isList ? parts[1].dropLast() : parts[1])).map {
            HSDSMember(name: String(parts[0]), kind: $0, isList: isList)
        }
    }

    private static func field(_ word: String) -> HSDSField {
        let halves = word.split(separator: "=", maxSplits: 1).map(String.init)
        let marked = halves.first ?? ""
        let forms: [(Character, HSDSField.Form)] = [("#", .number), ("@", .uri), ("~", .email)]
        let moments: [(Character, HSDSField.Moment)] = [("^", .day), ("%", .time), ("&", .instant)]
        let listed = halves.count == 2 ? halves[1].split(separator: "|").map(String.init) : []
        return HSDSField(
            name: marked.filter { !"+#@~^%&!$".contains($0) },
            form: forms.first { marked.contains($0.0) }?.1 ?? .text,
            moment: moments.first { marked.contains($0.0) }?.1,
            isRequired: marked.contains("!"),
            isRequiredInTables: marked.contains("!") || marked.contains("$"),
            values: listed.map { $0.replacing("_", with: " ") },
            isAdded: marked.contains("+"))
    }
}
