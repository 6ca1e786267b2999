import Formats
import Kernel
import Storage

/// How much of a record an answer holds.
enum DocumentForm: Sendable, Hashable {
    case list, full
    /// An organization with the full form of each of its services.
    case fullWithServices
    /// Id and moment of the last change.
    case minimal
}

/// Reads documents as bytes and puts those together that hold others. SQLite joins them, since one long value crosses into
/// Swift in a fraction of the time that its pieces take.
struct DocumentForms {
    private let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    /// The documents in the order of `numbers` with `separator` between them; what is gone meanwhile is left out.
    func joined(
        _ numbers: some Sequence<Int>, _ kind: RecordKind, _ form: DocumentForm, separator: String = ","
    ) throws -> [UInt8] {
        let list = "[\(numbers.map(String.init).joined(separator: ","))]"
        let row = try transaction.row(
            """
            SELECT CAST(group_concat(\(Self.document(kind, form)), \(separator)) AS BLOB) AS json
            FROM json_each(\(list)) j \(Self.tables(kind, form))
            """)
        if case .blob(let bytes) = row?["json"] { return bytes }
        return []
    }

    private static func tables(_ kind: RecordKind, _ form: DocumentForm) -> SQL {
        switch (form, kind) {
        case (.minimal, _): "CROSS JOIN published p ON p.number = j.value AND p.removed = 0"
        case (.list, .serviceAtLocation):
            """
            CROSS JOIN list_form l ON l.number = j.value CROSS JOIN document d ON d.number = l.number
            CROSS JOIN list_form s ON s.number = d.service
            """
        case (_, .serviceAtLocation):
            """
            CROSS JOIN full_form l ON l.number = j.value CROSS JOIN document d ON d.number = l.number
            CROSS JOIN full_form s ON s.number = d.service
            """
        case (.list, _): "CROSS JOIN list_form l ON l.number = j.value"
        case (.full, _), (.fullWithServices, _): "CROSS JOIN full_form l ON l.number = j.value"
        }
    }

    /// Lengths count bytes, and what is joined is text: the standard speaks of `modified_date` and defines `last_modified`,
    /// so the minimal form has both.
    private static func document(_ kind: RecordKind, _ form: DocumentForm) -> SQL {
        switch (form, kind) {
        case (.minimal, _):
            """
            '{"id":"' || p.id || '","last_modified":"' || strftime('%Y-%m-%dT%H:%M:%SZ', p.modified, 'unixepoch')
                || '","modified_date":"' || strftime('%Y-%m-%dT%H:%M:%SZ', p.modified, 'unixepoch') || '"}'
            """
        case (.list, .serviceAtLocation): "substr(l.json, 1, length(l.json) - 1) || ',\"service\":' || s.json || '}'"
        case (_, .serviceAtLocation):
            """
            substr(l.json, 1, length(l.json) - 1) || ',"service":' || substr(s.json, 1, s.places_from)
                || substr(s.json, s.places_to + 1) || '}'
            """
        case (.fullWithServices, .organization):
            "substr(l.json, 1, length(l.json) - 1) || coalesce(',\"services\":[' || (\(services)) || ']', '') || '}'"
        case (.list, _), (.full, _), (.fullWithServices, _): "l.json"
        }
    }

    /// The services of the organization `l`, each without its organization.
    private static let services: SQL = """
        SELECT group_concat(json, ',') FROM (
            SELECT substr(f.json, 1, f.organization_from) || substr(f.json, f.organization_to + 1) AS json
            FROM published o CROSS JOIN document r ON r.organization = o.id CROSS JOIN published q ON q.number = r.number
            CROSS JOIN full_form f ON f.number = r.number
            WHERE o.number = l.number AND r.service = r.number ORDER BY q.id
        )
        """
}
