import Formats
import Kernel

/// JSON Schemas of the answers, from the model of HSDS that everything else is read from.
enum HSDSSchemas {
    private static let kinds: [RecordKind] = RecordKind.allCases.filter { $0 != .metaTableDescription }

    /// `service` for the full form, `service_list` for the list form.
    private static func name(_ kind: RecordKind, isList: Bool) -> String {
        kind.rawValue + (isList && listed.contains(kind) ? "_list" : "")
    }

    private static let listed: [RecordKind] = [
        .service, .organization, .serviceAtLocation, .location, .program, .taxonomy, .taxonomyTerm,
    ]

    static func write(_ json: inout JSONText) {
        for kind in kinds { object(kind, isList: false, &json) }
        for kind in listed { object(kind, isList: true, &json) }
        page(&json)
        plain(
            "Minimal", required: ["id"],
            [("id", "uuid"), ("last_modified", "date-time"), ("modified_date", "date-time")], &json)
        plain(
            "Tombstone", required: ["id", "kind", "last_modified"],
            [("id", "uuid"), ("kind", nil), ("last_modified", "date-time")], &json)
        plain(
            "About", required: ["version", "profile", "openapi_url"],
            [
                ("version", nil), ("profile", "uri"), ("openapi_url", "uri"), ("description", nil), ("license", "uri"),
                ("node", "uuid"),
            ], &json)
        plain(
            "Problem", required: ["type", "title", "detail"],
            [("type", "uri"), ("title", nil), ("detail", nil), ("instance", "uri"), ("parameter", nil)], &json)
    }

    private static func object(_ kind: RecordKind, isList: Bool, _ json: inout JSONText) {
        json.key(name(kind, isList: isList))
        json.object { json in
            json.member("type", "object")
            json.key("properties")
            json.object { json in
                json.key("id")
                json.string(format: "uuid")
                for part in kind.object.parts { property(part, isList: isList, &json) }
                if let added = HSDSJSON.added(to: kind) { property(.member(added), isList: isList, &json) }
                if kind.isFollowed {
                    json.key("origin")
                    json.string(format: "uuid")
                    json.key("steward")
                    json.string(format: nil)
                }
            }
            json.key("required")
            json.array { json in
                json.text("id")
                for field in kind.object.fields where field.isRequired { json.text(field.name) }
                if kind == .serviceCapacity { json.text("unit") }
            }
        }
    }

    private static func property(_ part: HSDSPart, isList: Bool, _ json: inout JSONText) {
        switch part {
        case .field(let field):
            json.key(field.name)
            self.field(field, &json)
        case .member(let member):
            if isList, member.isList { return }
            json.key(member.name)
            let schema = name(member.kind, isList: isList)
            guard member.isList else { return json.reference("schemas", schema) }
            json.list(of: schema)
        }
    }

    /// Formats of text are those of the standard, which does not make a listing's odd web address an error.
    private static func field(_ field: HSDSField, _ json: inout JSONText) {
        json.object { json in
            json.member("type", field.form == .number ? "number" : "string")
            guard !field.values.isEmpty else { return }
            json.key("enum")
            json.array { json in
                for value in field.values { json.text(value) }
            }
        }
    }

    private static func page(_ json: inout JSONText) {
        json.key("Page")
        json.object { json in
            json.member("type", "object")
            json.key("properties")
            json.object { json in
                for name in ["total_items", "total_pages", "page_number", "size"] {
                    json.key(name)
                    json.object { $0.member("type", "integer") }
                }
                for name in ["first_page", "last_page", "empty"] {
                    json.key(name)
                    json.object { $0.member("type", "boolean") }
                }
                json.key("next_cursor")
                json.string(format: "uuid")
            }
            json.key("required")
            json.array { $0.text("empty") }
        }
    }

    private static func plain(
        _ name: String, required: [String], _ fields: [(name: String, format: String?)], _ json: inout JSONText
    ) {
        json.key(name)
        json.object { json in
            json.member("type", "object")
            json.key("properties")
            json.object { json in
                for field in fields {
                    json.key(field.name)
                    json.string(format: field.format)
                }
            }
            json.key("required")
            json.array { json in
                for name in required { json.text(name) }
            }
        }
    }

    // MARK: Answers

    static func answer(_ endpoint: HSDSEndpoint, _ json: inout JSONText) {
        switch (endpoint, endpoint.kind) {
        case (.about, _): json.reference("schemas", "About")
        case (.tombstones, _): page(of: ["Tombstone"], &json)
        case (.services, _): page(of: ["service_list", "service", "Minimal"], &json)
        case (_, let kind?) where endpoint.isList:
            page(of: [name(kind, isList: true), name(kind, isList: false)], &json)
        case (_, let kind?): json.reference("schemas", name(kind, isList: false))
        case (_, nil): json.object { $0.member("type", "object") }
        }
    }

    private static func page(of schemas: [String], _ json: inout JSONText) {
        json.object { json in
            json.key("allOf")
            json.array { json in
                json.reference("schemas", "Page")
                json.object { json in
                    json.member("type", "object")
                    json.key("properties")
                    json.object { json in
                        json.key("contents")
                        json.object { json in
                            json.member("type", "array")
                            json.key("items")
                            json.object { json in
                                json.key("anyOf")
                                json.array { json in
                                    for schema in schemas { json.reference("schemas", schema) }
                                }
                            }
                        }
                    }
                    json.key("required")
                    json.array { $0.text("contents") }
                }
            }
        }
    }
}

extension JSONText {
    fileprivate mutating func string(format: String?) {
        object { json in
            json.member("type", "string")
            json.member("format", format)
        }
    }

    fileprivate mutating func list(of schema: String) {
        object { json in
            json.member("type", "array")
            json.key("items")
            json.reference("schemas", schema)
        }
    }
}
