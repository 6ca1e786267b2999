import Formats
import Foundation
import Kernel
import Support
import Testing

@Suite struct ValidationTests {
    private func id(_ name: String) -> String { Identifier<Record>.named(name).description }

    private func report(_ text: String, kind: RecordKind? = nil, now: Instant = Town.noon) throws -> ValidationReport {
        var validation = Validation(now: now)
        validation.check(document: try JSONValue.parse(Array(text.utf8)), file: "x.json", kind: kind)
        return validation.finish()
    }

    private func codes(_ text: String, kind: RecordKind? = nil) throws -> [Flaw.Code] {
        try report(text, kind: kind).flaws.map(\.code)
    }

    private func service(_ more: String = "", name: String = "s") -> String {
        #"{"id":"\#(id(name))","name":"Cedar House","status":"active","assured_date":"2025-03-01"\#(more)}"#
    }

    private func page(_ contents: String, _ fields: String) -> String {
        "{\"contents\":[\(contents)],\(fields)}"
    }

    @Test func `a good service has no flaw, and unknown fields only warn`() throws {
        #expect(try codes(service()) == [])
        let odd = try report(service(#","colour":"red""#))
        #expect(odd.isValid && odd.flaws.map(\.code) == [.unknownField] && odd.flaws.map(\.path) == ["/colour"])
    }

    @Test func `a flaw never repeats the value`() throws {
        let report = try report(
            service(#","email":"secretsecret","url":"secretsecret","phones":[{"id":"secretsecret"}]"#))
        #expect(report.count(.error) == 4)
        for text in [report.text, report.json, report.sarif] { #expect(!text.contains("secretsecret")) }
        #expect(report.flaws.map(\.path) == ["/email", "/phones/0", "/phones/0/id", "/url"])
    }

    @Test func `paging fields must be there and agree`() throws {
        let good =
            #""total_items":3,"total_pages":2,"page_number":1,"size":2,"first_page":true,"last_page":false,"empty":false"#
        let two = service() + "," + service(name: "t")
        #expect(try codes(page(two, good)) == [])
        let wrong: [(String, String, String)] = [
            (#""size":2"#, #""size":3"#, "size"), (#""empty":false"#, #""empty":true"#, "empty"),
            (#""first_page":true"#, #""first_page":false"#, "first_page"),
            (#""last_page":false"#, #""last_page":true"#, "last_page"),
            (#""total_items":3"#, #""total_items":1"#, "total_items"),
            (#""total_pages":2"#, #""total_pages":7"#, "total_pages"),
        ]
        for (old, new, field) in wrong {
            let report = try report(page(two, good.replacing(old, with: new)))
            #expect(report.flaws.contains { $0.code == .pageCount && $0.field == field }, "\(field)")
            #expect(!report.isValid)
        }
        let bare = try report(page(two, #""empty":false"#))
        #expect(bare.isValid && bare.count(.warning) == 6)
        #expect(try !report(page(two, #""total_items":3"#)).isValid)
        #expect(
            try codes(
                page(
                    "",
                    #""total_items":0,"total_pages":0,"page_number":1,"size":0,"first_page":true,"last_page":true,"empty":true"#
                )) == [])
    }

    @Test func `ids are unique on top, references lead somewhere and nothing is its own ancestor`() throws {
        #expect(try codes("[\(service()),\(service())]").contains(.duplicateId))
        let lost = try report(service(#","organization_id":"\#(id("o"))""#))
        #expect(lost.flaws.map(\.code) == [.unresolved] && lost.isValid)
        let other = service(#","phones":[{"id":"\#(id("p"))","number":"250-555-0101","service_id":"\#(id("t"))"}]"#)
        #expect(try codes("[\(other),\(service(name: "t"))]") == [.otherParent])
        func organization(_ name: String, under parent: String) -> String {
            #"{"id":"\#(id(name))","name":"x","description":"x","parent_organization_id":"\#(id(parent))"}"#
        }
        let ring =
            "[\(organization("a", under: "b")),\(organization("b", under: "c")),\(organization("c", under: "a"))]"
        #expect(try codes(ring, kind: .organization) == [.cyclicParent])
    }

    @Test func `a place that is said to be confidential must have no position and no street`() throws {
        func place(_ more: String) -> String {
            #"{"id":"\#(id("l"))","location_type":"physical","latitude":54.5,"longitude":-128.6\#(more)}"#
        }
        #expect(try codes(place("")) == [])
        #expect(try codes(place(#","description":"Confidential counselling for all""#)) == [])
        for said in [
            #","name":"Confidential shelter""#, #","description":"This is a CONFIDENTIAL LOCATION.""#,
            #","attributes":[{"id":"\#(id("at"))","value":"address:confidential"}]"#,
        ] { #expect(try codes(place(said)) == [.confidentialPlace], "\(said)") }
        #expect(try codes(#"{"id":"\#(id("l"))","location_type":"physical","name":"Confidential shelter"}"#) == [])
        #expect(try codes(service(#","contacts":[{"id":"\#(id("c"))","name":"Example Person"}]"#)) == [.personNamed])
    }

    @Test func `what was not checked for twelve months is noted`() throws {
        #expect(try codes(service().replacing("2025-03-01", with: "2024-03-01")) == [.stale])
        #expect(try codes(service().replacing(#","assured_date":"2025-03-01""#, with: "")) == [.neverChecked])
        #expect(
            try codes(service(#","last_modified":"2025-04-01T10:00:00Z""#).replacing("2025-03-01", with: "2020-01-01"))
                == [])
    }

    @Test func `memory stays flat: of a thousand equal flaws fifty are kept and all counted`() throws {
        let report = try report(
            "[" + (0..<1000).map { service(#","email":"nobody""#, name: "s\($0)") }.joined(separator: ",") + "]")
        #expect(report.flaws.count == ValidationReport.kept && report.count(.error) == 1000 && report.records == 1000)
        #expect(report.text.contains("and 950 more of the same kinds"))
    }

    // MARK: Packages

    private func folder(_ files: [String: String]) throws -> URL {
        let url = FileManager.default.temporaryDirectory.appending(path: "waymark-validation-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: url.appending(path: name)) }
        return url
    }

    private func report(of url: URL) throws -> ValidationReport {
        var validation = Validation(now: Town.noon)
        try validation.check(url)
        return validation.finish()
    }

    @Test func `tables are checked row by row, with line, and their keys are strict`() throws {
        let description =
            #"{"resources":[{"name":"services","path":"services.csv"},{"name":"phones","path":"phones.csv"},{"name":"away","path":"../../etc/passwd"}]}"#
        let url = try folder([
            "datapackage.json": description,
            "services.csv":
                "id,name,status,organization_id,minimum_age\r\n\(id("s")),A,active,\(id("o")),x\r\n\(id("s")),\"B\nb\",open,,3\r\n",
            "phones.csv": "id,number,service_id\n\(id("p")),250-555-0101,\(id("s"))\n\(id("q"))\n",
        ])
        defer { try? FileManager.default.removeItem(at: url) }
        let report = try report(of: url)
        func has(_ code: Flaw.Code, _ file: String, _ line: Int?) -> Bool {
            report.flaws.contains { $0.code == code && $0.file == file && $0.line == line && $0.severity == .error }
        }
        #expect(has(.unresolved, "services.csv", 2) && has(.wrongType, "services.csv", 2))
        #expect(
            has(.duplicateId, "services.csv", 3) && has(.notInList, "services.csv", 3)
                && has(.required, "services.csv", 3))
        #expect(has(.wrongColumns, "phones.csv", 3) && has(.unreadable, "datapackage.json", nil))
        #expect(report.count(.error) == 7)
    }

    @Test(arguments: [
        ("id,name\n1,\"A", "Line 2: a quoted cell that never ends."),
        ("id,name\n1,\"A\"B\n", "Line 2: text after a quoted cell."),
        ("id,name\n1,\u{fffd}\n", ""),
        ("id;name\n1;A\n", "The row has 1 cells under 1 headings."),
        (String(repeating: "a,", count: 1001) + "\n", "Line 1: more than 1000 columns."),
        ("id,name\n1," + String(repeating: "a", count: 1 << 21), "Line 2: a cell of more than a million bytes."),
        ("", "The table has no heading."),
    ])
    func `what an import would mend is a flaw of a table, with its line`(table: String, sentence: String) throws {
        let url = try folder([
            "datapackage.json": #"{"resources":[{"name":"services","path":"services.csv"}]}"#, "services.csv": table,
        ])
        defer { try? FileManager.default.removeItem(at: url) }
        if table.contains("\u{fffd}") {
            try Data([0x69, 0x64, 0x0a, 0x31, 0x0a, 0xff, 0x0a]).write(to: url.appending(path: "services.csv"))
            let sentence = "Line 3: text that is not UTF-8."
            #expect(try report(of: url).flaws.contains { $0.message == sentence && $0.line == 3 })
        } else if table.contains(";") {
            #expect(try report(of: url).flaws.contains { $0.code == .unknownField })
        } else {
            #expect(try report(of: url).flaws.contains { $0.message == sentence && $0.file == "services.csv" })
        }
    }

    @Test func `a package of ours is valid as folder and as zip, and a bomb is refused`() throws {
        let url = try folder([:])
        defer { try? FileManager.default.removeItem(at: url) }
        let package = url.appending(path: "package")
        try FileManager.default.createDirectory(at: package, withIntermediateDirectories: true)
        var writer = TabularPackage(in: package)
        var fiction = FictionTrees(seed: 17)
        for number in 0..<10 { try writer.add(fiction.service(number)) }
        try writer.finish(PackageDescription(title: "x", licence: nil, created: Town.noon))
        let zip = url.appending(path: "package.zip")
        try ZipFile.pack(package, to: zip, time: Town.noon, mark: "t")
        for place in [package, zip] {
            let report = try report(of: place)
            #expect(
                report.isValid && report.records > 500, "\(report.flaws.filter { $0.severity == .error }.prefix(3))")
        }
        try FileManager.default.removeItem(at: package)
        try FileManager.default.createDirectory(at: package, withIntermediateDirectories: true)
        try Data(repeating: 0x0a, count: 40_000_000).write(to: package.appending(path: "services.csv"))
        try ZipFile.pack(package, to: zip, time: Town.noon, mark: "t")
        let bomb = try report(of: zip)
        let sentence = "package.zip unpacks to far more than its size, which real data does not."
        #expect(bomb.isUnreadable && bomb.flaws.contains { $0.message == sentence })
        #expect(try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() == ["package", "package.zip"])
    }

    @Test func `a document of lines is told by its content, and a broken line has its number`() throws {
        let url = try folder(["all.json": "\(service())\n\n\(service(name: "t"))\n{broken\n"])
        defer { try? FileManager.default.removeItem(at: url) }
        let report = try report(of: url.appending(path: "all.json"))
        #expect(report.records == 2 && report.flaws.map(\.line) == [4] && report.isUnreadable)
        #expect(throws: ValidationFault.self) { try self.report(of: url.appending(path: "nothing")) }
    }

    // MARK: APIs

    private func api(_ answers: [String: String]) async throws -> [Flaw] {
        var validation = Validation(now: Town.noon)
        try await validation.check(api: "https://example.org/hsds/", pages: 5) { url in
            let path = String(url.dropFirst("https://example.org/hsds".count))
            return answers[path].map { FetchedAnswer(status: 200, bytes: Array($0.utf8)) }
                ?? FetchedAnswer(status: 404, bytes: [])
        }
        return validation.finish().flaws
    }

    @Test func `a live API is read page by page, with its profile and one record of each list`() async throws {
        let empty = page(
            "",
            #""total_items":0,"total_pages":0,"page_number":1,"size":0,"first_page":true,"last_page":true,"empty":true"#
        )
        var answers = [
            "/":
                #"{"version":"3.2.3","profile":"https://example.org/hsds/profile","openapi_url":"https://example.org/hsds/openapi.json"}"#,
            "/profile": "{}", "/openapi.json": "{}",
            "/services?page=1&per_page=50": page(
                service(),
                #""total_items":2,"total_pages":2,"page_number":1,"size":1,"first_page":true,"last_page":false,"empty":false"#
            ),
            "/services?page=2&per_page=50": page(
                service(name: "t"),
                #""total_items":2,"total_pages":2,"page_number":2,"size":1,"first_page":false,"last_page":true,"empty":false"#
            ),
            "/services/\(id("s"))": service(),
        ]
        for list in ["organizations", "service_at_locations", "taxonomies", "taxonomy_terms"] {
            answers["/\(list)?page=1&per_page=50"] = empty
        }
        #expect(try await api(answers) == [])
        answers["/services/\(id("s"))"] = service(name: "t")
        answers["/services?page=2&per_page=50"] = answers["/services?page=1&per_page=50"]
        answers["/profile"] = nil
        answers["/taxonomies?page=1&per_page=50"] = nil
        let codes = Set(try await api(answers).map(\.code))
        #expect(codes == [.wrongStatus, .duplicateId, .pageCount, .profileGone])
    }
}
