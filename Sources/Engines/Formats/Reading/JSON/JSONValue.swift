/// One value of a JSON text. Numbers keep their digits; of a repeated key the last value counts.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    indirect case array([JSONValue])
    indirect case object([String: JSONValue])

    /// The one value as text: true and false as words, 12.0 as 12; nil for null, lists and objects.
    package var text: String? {
        switch self {
        case .string(let text): text
        case .bool(let isTrue): isTrue ? "true" : "false"
        case .number(let digits): Self.plain(digits)
        case .null, .array, .object: nil
        }
    }

    package var isNull: Bool { self == .null }

    package var members: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }
    package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    private static func plain(_ digits: String) -> String {
        guard digits.utf8.contains(where: { $0 == 46 || $0 | 0x20 == 101 }), let number = Double(digits),
            let whole = Int64(exactly: number)
        else { return digits }
        return String(whole)
    }
}
