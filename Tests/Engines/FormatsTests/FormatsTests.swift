import Formats
import Foundation
import Kernel
import Support
import Testing

@Suite struct HSDSModelTests {
    @Test func `the model has the 24 objects of HSDS`() {
        #expect(RecordKind.allCases.count == 24)
        #expect(RecordKind.allCases.allSatisfy { !$0.object.fields.isEmpty })
    }

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: Self.schemas.path),
            "the HSDS schema files lie beside the project"))
    func `fields, requirements and values are those of the schema files`() throws {
        for kind in RecordKind.allCases {
            let file = Self.schemas.appending(path: "\(kind.rawValue).json")
            let schema = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
            let properties = try #require(schema["properties"] as? [String: [String: Any]])
            #expect(schema["path"] as? String == kind.tableName + ".csv")
            let required = Set(schema["required"] as? [String] ?? [])
            let tables = Set(schema["tabular_required"] as? [String] ?? [])
            let nested = properties.filter { $0.value["type"] as? String == "array" || $0.value["$ref"] != nil }
            let flat = Set(properties.keys).subtracting(nested.keys).subtracting(["id"])
            let own = kind.object.fields.filter { !$0.isAdded }
            #expect(Set(own.map(\.name)) == flat, "fields of \(kind.rawValue)")
            #expect(Set(kind.object.members.map(\.name)) == Set(nested.keys), "members of \(kind.rawValue)")
            for field in own {
                #expect(field.isRequired == required.contains(field.name), "\(kind.rawValue).\(field.name)")
                #expect(
                    field.values == properties[field.name]?["enum"] as? [String] ?? [], "\(kind.rawValue).\(field.name)"
                )
                let property = properties[field.name] ?? [:]
                #expect((field.form == .number) == (property["type"] as? String == "number"))
                let format = property["format"] as? String
                #expect((field.form == .uri) == (format == "uri"), "\(kind.rawValue).\(field.name)")
                #expect((field.form == .email) == (format == "email"), "\(kind.rawValue).\(field.name)")
                let moments: [String: HSDSField.Moment] = ["date": .day, "time": .time, "datetime": .instant]
                let moment = (property["datapackage_type"] as? String).flatMap { moments[$0] }
                #expect(field.moment == moment, "\(kind.rawValue).\(field.name)")
                #expect((field.moment == .instant) == (format == "date-time"), "\(kind.rawValue).\(field.name)")
                #expect(
                    field.isReference == (format == "uuid"), "\(kind.rawValue).\(field.name)")
                #expect(
                    field.isRequiredInTables == (field.isRequired || tables.contains(field.name)),
                    "\(kind.rawValue).\(field.name)")
            }
        }
    }

    private static let schemas = Town.root.appending(path: "../shared/hsds/objects")

    @Test func `a record says all its faults at once`() {
        let record = Record(.service, id: .named("x"), ["status": .text("open"), "colour": .text("red")])
        #expect(record.problems.faults.map(\.field) == ["name", "status", "colour"])
        #expect(record.problems.faults.map(\.code) == ["required", "not-in-list", "unknown-field"])
    }

    @Test func `the same external id always gives the same UUIDv5`() {
        #expect(
            Identifier<Record>.named("bc/organization/org-mosaic").description == "7bf29781-a570-5e97-a3d5-eaf117fb3eef"
        )
    }
}

@Suite struct JSONTextTests {
    @Test func `any text comes back through a JSON reader`() throws {
        let texts = ["quote \" backslash \\ newline \n tab \t", "\u{1}\u{1f}", "xʷməθkʷəy̓əm", "</script>", ""]
        var json = JSONText()
        json.array { json in
            for text in texts { json.text(text) }
            json.number(.infinity)
            json.number(1.5)
            json.integer(-3)
        }
        let read = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [Any])
        #expect(read.prefix(5).compactMap { $0 as? String } == texts)
        #expect(read.last as? Int == -3)
    }
}
