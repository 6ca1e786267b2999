package import Kernel

package enum FieldValue: Sendable, Hashable {
    case text(String)
    case number(Double)

    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var number: Double? { if case .number(let number) = self { number } else { nil } }
}

/// One HSDS record as it is stored: its kind, its id and the fields that are known. Absent is unknown, never null.
package struct Record: Sendable, Hashable {
    package let kind: RecordKind
    package let id: Identifier<Record>
    package var values: [String: FieldValue]

    package init(_ kind: RecordKind, id: Identifier<Record>, _ values: [String: FieldValue] = [:]) {
        self.kind = kind
        self.id = id
        self.values = values
    }

    package subscript(_ field: String) -> String? {
        get { values[field]?.text }
        set { values[field] = newValue.map(FieldValue.text) }
    }

    package func number(_ field: String) -> Double? { values[field]?.number }

    /// The id of the record this one points to by `field`, such as `organization_id`.
    package func reference(_ field: String) -> Identifier<Record>? { self[field].flatMap(Identifier<Record>.init) }

    /// Without these a record says nothing; other required texts, such as a description, may be empty.
    package static let identity: Set<String> = ["name", "number", "document", "identifier", "field_name", "updated"]

    /// What HSDS forbids about this record alone: missing required fields, unknown fields, values outside the list.
    package var problems: Problems {
        var problems = Problems()
        let object = kind.object
        for field in object.fields {
            switch values[field.name] {
            case nil: if field.isRequired { problems.add(field.name, "required") }
            case .text(let text):
                if field.form == .number { problems.add(field.name, "not-a-number") }
                if field.isRequired, text.isEmpty, Self.identity.contains(field.name) || !field.values.isEmpty {
                    problems.add(field.name, "required")
                }
                if !field.values.isEmpty, !field.values.contains(text) { problems.add(field.name, "not-in-list") }
                if field.form == .uri, Self.isForeign(text) { problems.add(field.name, "not-an-address") }
            case .number: if field.form != .number { problems.add(field.name, "not-text") }
            }
        }
        for name in values.keys.sorted() where object.field(name) == nil { problems.add(name, "unknown-field") }
        return problems
    }

    /// True for an address that is none of the web, such as `javascript:…`; one without a scheme is left as it is.
    private static func isForeign(_ text: String) -> Bool {
        let text = text.filter { !$0.isWhitespace && $0.asciiValue.map { $0 > 0x20 } ?? true }
        guard let scheme = text.prefixMatch(of: /([A-Za-z][A-Za-z0-9+\-]*):/)?.1 else { return false }
        return !["http", "https"].contains(scheme.lowercased())
    }
}
