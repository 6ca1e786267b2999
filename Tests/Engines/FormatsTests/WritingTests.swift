import Formats
import Foundation
import Kernel
import Support
import Testing

@Suite struct WritingTests {
    private func written(_ format: ExportFormat, _ trees: [RecordTree]) throws -> [UInt8] {
        var writer = try #require(format.writer)
        return trees.reduce(into: writer.opening()) { $0 += writer.bytes(of: $1) } + writer.closing()
    }

    private func trees(_ count: Int = 40) -> [RecordTree] {
        var fiction = FictionTrees(seed: 7)
        return (0..<count).map { fiction.service($0) }
    }

    /// What stays of a text in a format that cannot hold control characters.
    private func cleaned(_ text: String?) -> String {
        String(
            String.UnicodeScalarView(
                (text ?? "").unicodeScalars.filter { $0.value >= 0x20 || "\t\r\n".unicodeScalars.contains($0) }))
    }

    @Test func `an array and lines come back record by record`() throws {
        let trees = trees()
        let array = try #require(try JSONValue.parse(written(.json, trees)).array)
        let lines = try written(.ndjson, trees).split(separator: 0x0a).map { try JSONValue.parse(Array($0)) }
        #expect(array == lines && lines.count == trees.count)
        #expect(try JSONSerialization.jsonObject(with: Data(written(.json, trees))) is [[String: Any]])
        func check(_ tree: RecordTree, _ json: JSONValue?) {
            #expect(json?["id"]?.text == tree.record.id.description)
            for (field, value) in tree.record.values {
                #expect(json?[field]?.text?.unicodeScalars.elementsEqual(value.text?.unicodeScalars ?? .init()) ?? true)
                #expect(json?[field]?.number == value.number)
            }
            for member in tree.record.kind.object.members {
                for (index, child) in (tree.members[member.name] ?? []).enumerated() {
                    check(child, member.isList ? json?[member.name]?.array?[index] : json?[member.name])
                }
            }
        }
        for (tree, json) in zip(trees, array) { check(tree, json) }
        #expect(try JSONValue.parse(written(.json, [])) == .array([]))
    }

    @Test func `GeoJSON has a feature for each place, longitude first, and null where no position is known`() throws {
        let trees = trees()
        let read = try JSONValue.parse(written(.geojson, trees))
        #expect(read["type"] == .text("FeatureCollection"))
        var features = try #require(read["features"]?.array)[...]
        for tree in trees {
            let places = (tree.members["service_at_locations"] ?? []).flatMap { $0.members["location"] ?? [] }
            for place in places.isEmpty ? [nil] : places.map(Optional.some) {
                let feature = try #require(features.first)
                features.removeFirst()
                #expect(feature["type"] == .text("Feature"))
                #expect(feature["properties"]?["service_id"]?.text == tree.record.id.description)
                if let latitude = place?.record.number("latitude"), let longitude = place?.record.number("longitude") {
                    #expect(feature["geometry"]?["type"] == .text("Point"))
                    #expect(feature["geometry"]?["coordinates"] == .array([.number(longitude), .number(latitude)]))
                } else {
                    #expect(feature["geometry"] == .null)
                }
            }
        }
        #expect(features.isEmpty)
    }

    @Test func `a sheet has one row a service, and no cell that a spreadsheet would calculate`() throws {
        let trees = trees(200)
        let bytes = try written(.csv, trees)
        #expect(bytes.prefix(3) == [0xef, 0xbb, 0xbf])
        let rows = try StrictTable(Array(bytes.dropFirst(3))).rows
        #expect(rows.first == ServiceSheet.columns && rows.count == trees.count + 1)
        for (row, tree) in zip(rows.dropFirst(), trees) {
            #expect(row[ServiceSheet.columns.firstIndex(of: "Service id")!] == tree.record.id.description)
            for (column, cell) in zip(ServiceSheet.columns, row) where !["Latitude", "Longitude"].contains(column) {
                let first = cell.unicodeScalars.first { $0.value > 0x20 && $0 != "\u{feff}" }
                #expect(first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } != true, "\(column)")
                #expect(!cell.contains("\0"))
            }
            let name = tree.record["name"] ?? ""
            if !name.contains(where: { "=+-@＝\t\r\n".contains($0) }), name.contains(where: { $0 != " " }) {
                #expect(row[0].unicodeScalars.elementsEqual(cleaned(name).unicodeScalars))
            }
        }
    }

    @Test func `a phone number that begins with a plus stays text`() throws {
        var tree = RecordTree(Record(.service, id: .named("x"), ["name": .text("X"), "status": .text("active")]))
        tree.members["phones"] = [
            RecordTree(Record(.phone, id: .named("p"), ["number": .text("+1-250-555-0101"), "extension": .number(12)]))
        ]
        let rows = try StrictTable(Array(try written(.csv, [tree]).dropFirst(3))).rows
        #expect(rows[1][ServiceSheet.columns.firstIndex(of: "Phone")!] == "'+1-250-555-0101 ext. 12")
    }

    @Test func `3W has HXL tags under its headings and a row for each service and place`() throws {
        let trees = trees()
        let rows = try StrictTable(try written(.whoWhatWhere, trees)).rows
        #expect(rows[1].allSatisfy { $0.wholeMatch(of: /#[a-z][a-z0-9]*(\+[a-z0-9_]+)*/) != nil })
        #expect(rows[1].starts(with: ["#org+name", "#org+id", "#service+name"]))
        let expected = trees.reduce(0) { $0 + max(1, $1.members["service_at_locations"]?.count ?? 0) }
        #expect(rows.count == expected + 2)
    }

    @Test func `vCards are folded, escaped and read back`() throws {
        let trees = trees()
        let text = try #require(String(validating: try written(.vcard, trees), as: UTF8.self))
        #expect(text.hasSuffix("END:VCARD\r\n"))
        for line in text.utf8.split(separator: 0x0a) { #expect(line.count <= 76 && line.last == 0x0d) }
        let unfolded = Array(text.utf8).split(separator: 0x0a).reduce(into: [[UInt8]]()) { lines, line in
            let line = Array(line.dropLast())
            if line.first == 0x20 { lines[lines.count - 1] += line.dropFirst() } else { lines.append(line) }
        }.map { String(decoding: $0, as: UTF8.self) }
        #expect(unfolded.filter { $0 == "BEGIN:VCARD" }.count == trees.count)
        #expect(unfolded.allSatisfy { $0.wholeMatch(of: /[A-Z]+(;TYPE=work(,[a-z]+)?)?:[\s\S]*/) != nil })
        let names = unfolded.filter { $0.hasPrefix("FN:") }.map { $0.dropFirst(3) }
        for (name, tree) in zip(names, trees) where tree.record["name"]?.contains(where: { $0 != " " }) == true {
            var plain = ""
            var scalars = name.unicodeScalars.makeIterator()
            while let scalar = scalars.next() {
                if scalar != "\\" {
                    plain.unicodeScalars.append(scalar)
                } else if let next = scalars.next() {
                    plain.unicodeScalars.append(next == "n" ? "\n" : next)
                }
            }
            let ends = (tree.record["name"] ?? "").unicodeScalars.split(
                separator: "\r", omittingEmptySubsequences: false
            )
            .map(String.init).joined(separator: "\n").replacing("\n\n", with: "\n")
            #expect(plain.unicodeScalars.elementsEqual(cleaned(ends).unicodeScalars))
        }
    }
}

@Suite struct TabularPackageTests {
    private func folder() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appending(path: "waymark-package-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    private let about = PackageDescription(
        title: "Example", licence: .init(name: "CC0-1.0", url: "https://example.org/licence"), created: Town.noon)

    private func tables(_ folder: URL) throws -> [String: [[String: String]]] {
        var tables: [String: [[String: String]]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".csv") {
            let rows = try StrictTable(Array(try Data(contentsOf: folder.appending(path: name)))).rows
            tables[String(name.dropLast(4))] = rows.dropFirst().map {
                Dictionary(uniqueKeysWithValues: zip(rows[0], $0))
            }
        }
        return tables
    }

    private func broken(_ folder: URL) throws -> [String] {
        let tables = try tables(folder)
        let description = try JSONValue.parse(Array(try Data(contentsOf: folder.appending(path: "datapackage.json"))))
        var broken: [String] = []
        for resource in description["resources"]?.array ?? [] {
            let name = resource["name"]?.text ?? ""
            let ids = tables[name, default: []].compactMap { $0["id"] }
            if Set(ids).count != ids.count { broken.append("\(name).id twice") }
            for key in resource["schema"]?["foreignKeys"]?.array ?? [] {
                let field = key["fields"]?.text ?? ""
                let target = key["reference"]?["resource"]?.text ?? ""
                let there = Set(tables[target.isEmpty ? name : target, default: []].compactMap { $0["id"] })
                for row in tables[name, default: []] {
                    if let value = row[field], !value.isEmpty, !there.contains(value) {
                        broken.append("\(name).\(field)")
                    }
                }
            }
        }
        return broken
    }

    @Test func `every record is there once with all its texts, and every key leads somewhere`() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var fiction = FictionTrees(seed: 11)
        let trees = (0..<25).map { fiction.service($0) }
        var package = TabularPackage(in: folder)
        for tree in trees + trees { try package.add(tree) }
        try package.finish(about)
        let tables = try tables(folder)
        #expect(package.leftOut.isEmpty)
        #expect(try broken(folder) == [])
        var count = 0
        func check(_ tree: RecordTree) throws {
            count += 1
            let row = try #require(
                tables[tree.record.kind.tableName]?.first { $0["id"] == tree.record.id.description })
            for (field, value) in tree.record.values {
                let cell = row[field] ?? ""
                switch value {
                case .text(let text):
                    let kept = text.unicodeScalars.filter { $0.value >= 0x20 || "\t\r\n".unicodeScalars.contains($0) }
                    #expect(cell.unicodeScalars.elementsEqual(kept), "\(tree.record.kind).\(field)")
                case .number(let number): #expect(Double(cell) == number)
                }
            }
            for child in tree.members.values.joined() { try check(child) }
        }
        for tree in trees { try check(tree) }
        #expect(tables.values.reduce(0) { $0 + $1.count } == count)
    }

    @Test
    func `a reference to a record that is not there is left empty, or its row left out with all that hangs on it`()
        throws
    {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let missing = FieldValue.text(Identifier<Record>.named("not there").description)
        func record(_ kind: RecordKind, _ name: String, _ values: [String: FieldValue]) -> Record {
            Record(kind, id: .named(name), values.merging(["name": .text(name)]) { $1 })
        }
        var package = TabularPackage(in: folder)
        // The service comes before its organization, which never comes; its phone, place and cost hang on it.
        var lost = RecordTree(record(.service, "lost", ["status": .text("active"), "organization_id": missing]))
        lost.members["phones"] = [RecordTree(record(.phone, "p", ["number": .text("250-555-0101")]))]
        lost.members["cost_options"] = [RecordTree(record(.costOption, "c", [:]))]
        let place = RecordTree(
            record(.location, "place", ["location_type": .text("physical"), "organization_id": missing]))
        lost.members["service_at_locations"] = [
            RecordTree(record(.serviceAtLocation, "at", [:]), members: ["location": [place]])
        ]
        try package.add(lost)
        var kept = RecordTree(record(.service, "kept", ["status": .text("active"), "program_id": missing]))
        kept.members["organization"] = [
            RecordTree(
                record(
                    .organization, "o",
                    [
                        "description": .text("x"),
                        "parent_organization_id": .text(Identifier<Record>.named("later").description),
                    ]))
        ]
        try package.add(kept)
        try package.add(
            RecordTree(record(.organization, "later", ["description": .text("x"), "parent_organization_id": missing])))
        try package.finish(about)
        let tables = try tables(folder)
        #expect(tables["services"]?.map { $0["name"] } == ["kept"])
        #expect(tables["services"]?.first?["program_id"] == "")
        #expect(tables["phones"]?.map { $0["service_id"] } == [""])
        #expect(tables["cost_options"]?.isEmpty == true)
        #expect(tables["service_at_location"]?.isEmpty == true)
        #expect(tables["locations"]?.map { $0["organization_id"] } == [""])
        #expect(
            tables["organizations"]?.first?["parent_organization_id"] == Identifier<Record>.named("later").description)
        #expect(package.leftOut.values.reduce(0, +) == 3)
        #expect(try broken(folder) == [])
    }

    @Test func `a zip file of the same content has the same bytes and is read by another program`() throws {
        let folder = try folder()
        let other = try self.folder()
        defer { for url in [folder, other] { try? FileManager.default.removeItem(at: url) } }
        var package = TabularPackage(in: folder)
        var fiction = FictionTrees(seed: 3)
        for number in 0..<5 { try package.add(fiction.service(number)) }
        try package.finish(about)
        let (one, two) = (other.appending(path: "one.zip"), other.appending(path: "two.zip"))
        for zip in [one, two] { try ZipFile.pack(folder, to: zip, time: Town.noon, mark: "t") }
        #expect(try Data(contentsOf: one) == Data(contentsOf: two))
        #expect(try FileManager.default.contentsOfDirectory(atPath: other.path).sorted() == ["one.zip", "two.zip"])
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-m", "zipfile", "-e", one.path, other.path]
        try process.run()
        process.waitUntilExit()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            #expect(try Data(contentsOf: folder.appending(path: name)) == Data(contentsOf: other.appending(path: name)))
        }
    }

    @Test func `a file that cannot be written says why in one sentence and leaves nothing behind`() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: OutputFault.self) { try OutputFile(folder.appending(path: "no/such.csv"), mark: "t") }
        let file = try OutputFile(folder.appending(path: "half.csv"), mark: "t")
        try file.write([UInt8](repeating: 65, count: 100_000))
        file.discard()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        #expect(OutputFault("x").description == "x")
    }
}

@Suite struct JSONValueTests {
    @Test func `what another writer writes is read as it was`() throws {
        var fiction = FictionTrees(seed: 5)
        func value(_ depth: Int) -> JSONValue {
            switch fiction.roll(depth > 3 ? 4 : 6) {
            case 0: .null
            case 1: .boolean(fiction.roll(2) == 0)
            case 2: .number([0, -1, 1.5, 1e300, -2.5e-10, 123_456_789_012_345, 54.516321][fiction.roll(7)])
            case 3: .text(fiction.text())
            case 4: .array((0..<fiction.roll(4)).map { _ in value(depth + 1) })
            default: .object(Dictionary((0..<fiction.roll(4)).map { _ in (fiction.text(), value(depth + 1)) }) { $1 })
            }
        }
        func foundation(_ value: JSONValue) -> Any {
            switch value {
            case .null: NSNull()
            case .boolean(let value): value
            case .number(let value): value
            case .text(let value): value
            case .array(let values): values.map(foundation)
            case .object(let members): members.mapValues(foundation)
            }
        }
        for _ in 0..<500 {
            let value = value(0)
            for options in [JSONSerialization.WritingOptions.fragmentsAllowed, [.fragmentsAllowed, .prettyPrinted]] {
                let bytes = Array(try JSONSerialization.data(withJSONObject: foundation(value), options: options))
                #expect(try JSONValue.parse(bytes) == value)
            }
        }
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "-", "1.", "1e", ".5", "+1", "nul", "\"\u{1}\"", "\"\\x\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"", "1 2", "[1", "'a'", "NaN", "1e999", "\"\\u12g4\"", "{\"a\"}", "{\"a\":}", "[,]", "\"open",
    ])
    func `what is not JSON is refused with its place`(_ text: String) {
        #expect(throws: JSONFault.self) { try JSONValue.parse(Array(text.utf8)) }
    }

    @Test func `escapes, surrogates and deep nesting`() throws {
        #expect(try JSONValue.parse(Array(#""\ud83d\ude00\u00e9\n\/""#.utf8)) == .text("😀é\n/"))
        #expect(throws: JSONFault.self) { try JSONValue.parse(Array(String(repeating: "[", count: 5000).utf8)) }
        #expect(throws: JSONFault.self) { try JSONValue.parse([0x22, 0xff, 0x22]) }
        let fault = #expect(throws: JSONFault.self) { try JSONValue.parse(Array("{\n\"a\": 1,\n!}".utf8)) }
        #expect(fault?.line == 3)
        #expect(fault?.description == "Not JSON at line 3, byte 11: an unexpected character.")
    }
}
