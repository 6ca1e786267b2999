package import Kernel

/// What `datapackage.json` says besides the tables: title, licence, day. Form: Frictionless tabular data package.
package struct PackageDescription: Sendable {
    package static let fileName = "datapackage.json"

    /// A licence by its SPDX name and address.
    package struct Licence: Sendable {
        package let name: String
        package let url: String

        package init(name: String, url: String) {
            self.name = name
            self.url = url
        }
    }

    private let title: String
    private let licence: Licence?
    private let created: Instant

    package init(title: String, licence: Licence?, created: Instant) {
        self.title = title
        self.licence = licence
        self.created = created
    }

    /// - Parameter kinds: the tables of the package; no key points to another.
    func json(_ kinds: [RecordKind]) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("profile", "tabular-data-package")
            json.member("name", "hsds")
            json.member("title", title)
            json.member("version", "3.2.3")
            json.member("created", created.description)
            if let licence {
                json.key("licenses")
                json.array { json in
                    json.object { json in
                        json.member("name", licence.name)
                        json.member("path", licence.url)
                    }
                }
            }
            json.key("resources")
            json.array { json in
                for kind in kinds { json.object { Self.resource(kind, among: kinds, &$0) } }
            }
        }
        return json.bytes + [0x0a]
    }

    private static func resource(_ kind: RecordKind, among kinds: [RecordKind], _ json: inout JSONText) {
        json.member("profile", "tabular-data-resource")
        json.member("name", kind.tableName)
        json.member("path", kind.tableName + ".csv")
        json.member("format", "csv")
        json.member("mediatype", "text/csv")
        json.member("encoding", "utf-8")
        json.key("schema")
        json.object { json in
            json.key("fields")
            json.array { json in
                json.object { json in
                    json.member("name", "id")
                    json.member("type", "string")
                    json.member("format", "uuid")
                    json.key("constraints")
                    json.object { json in
                        json.key("required")
                        json.boolean(true)
                        json.key("unique")
                        json.boolean(true)
                    }
                }
                for field in kind.object.fields { json.object { Self.field(field, &$0) } }
            }
            json.member("primaryKey", "id")
            keys(kind, among: kinds, &json)
        }
    }

    private static func field(_ field: HSDSField, _ json: inout JSONText) {
        json.member("name", field.name)
        switch (field.form, field.moment) {
        case (.number, _): json.member("type", "number")
        case (_, .day):
            json.member("type", "date")
            json.member("format", "any")
        case (_, .instant):
            json.member("type", "datetime")
            json.member("format", "any")
        default:
            json.member("type", "string")
            // Values are passed on as they were given: a format that a reader enforces would make it refuse the table.
            if field.isReference { json.member("format", "uuid") }
        }
        json.key("constraints")
        json.object { json in
            json.key("required")
            json.boolean(field.isRequiredInTables)
            guard !field.values.isEmpty else { return }
            json.key("enum")
            json.array { json in
                for value in field.values { json.text(value) }
            }
        }
    }

    private static func keys(_ kind: RecordKind, among kinds: [RecordKind], _ json: inout JSONText) {
        let keys = kind.object.fields.compactMap { field in
            HSDSObject.target(of: field.name, in: kind).map { (field.name, $0) }
        }.filter { kinds.contains($0.1) }
        guard !keys.isEmpty else { return }
        json.key("foreignKeys")
        json.array { json in
            for (name, target) in keys {
                json.object { json in
                    json.member("fields", name)
                    json.key("reference")
                    json.object { json in
                        json.member("resource", target == kind ? "" : target.tableName)
                        json.member("fields", "id")
                    }
                }
            }
        }
    }
}
