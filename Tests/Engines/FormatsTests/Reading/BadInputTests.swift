import Formats
import Foundation
import Kernel
import Testing

@Suite struct BadInputTests {
    private func services(_ text: String) throws -> Findings { try .of(["services.csv": text], format: .hsds3) }

    @Test func `a row of the wrong length is named by its line and the others are read`() throws {
        let found = try services(
            "id,name,status\r\n1,\"Food\r\nshelf\",active\r\n2,Bed\r\n3,Line,active,,\r\n4,Van,active,x\r\n")
        #expect(found.drafts.map(\.externalId) == ["1", "3"])
        #expect(found.first(.service)?["name"] == "Food\r\nshelf")
        #expect(found.codes == ["wrong-columns", "wrong-columns"])
        #expect(found.faults.map(\.origin.line) == [4, 6])
        #expect(found.faults.first?.detail == "Line 4 has 2 fields and the header 3; the row is left out.")
    }

    @Test func `a lost record weighs more than a field left out`() throws {
        let found = try services("id,name,colour,assured_date\n1,Food,red,soon\n2,,,\n3,Bed\n")
        #expect(found.drafts.map(\.externalId) == ["1"])
        let weights = Dictionary(grouping: found.faults, by: \.weight).mapValues { Set($0.map(\.code)) }
        #expect(weights[.noticed] == ["unknown-field", "not-a-date"])
        #expect(weights[.rejected] == ["missing-name", "wrong-columns"])
        let place = try Findings.of(
            ["locations.csv": "id,location_type,latitude,longitude\n1,physical,-123,49\n"], format: .hsds3)
        #expect(place.drafts.count == 1 && place.faults.map(\.weight) == [.noticed])
    }

    @Test func `commas, semicolons and tabs are told apart by the header`() throws {
        for separator in [",", ";", "\t"] {
            let text = [
                "id\(separator)name\(separator)description", "1\(separator)\"A\"\"b\"\"\"\(separator)c, d; e\n",
            ]
            let quoted = text[1].replacing("c, d; e", with: "\"c, d; e\"")
            let found = try services(text[0] + "\n" + quoted)
            #expect(found.first(.service)?["name"] == "A\"b\"", "\(separator)")
            #expect(found.first(.service)?["description"] == "c, d; e")
        }
    }

    @Test func `what a table cannot be is refused in one sentence with its line`() throws {
        let quote = Findings.refusal { try services("id,name\n1,a\n2,\"b\n3,c\n") }
        #expect(quote?.description == "services.csv:3: A quote that opens on line 3 of services.csv is never closed.")
        let wide = Findings.refusal { try services(String(repeating: "a,", count: 10_000) + "a\n") }
        #expect(wide?.code == "many-columns")
        let long = Findings.refusal { try services("id,name\n1," + String(repeating: "x", count: 1_100_000) + "\n") }
        #expect(long?.code == "long-field")
        #expect(long?.origin.line == 2)
        let missing = Findings.refusal { try Findings(FileReader(path: URL(filePath: "/nowhere/at-all.csv"))) }
        #expect(missing?.detail == "There is no file at-all.csv.")
        #expect(Findings.refusal { try .of(["what.bin": "\u{1}\u{2}"]) }?.code == "unknown-format")
        #expect(Findings.refusal { try .of(["rows.csv": "a,b\n"], format: .spreadsheet) }?.code == "no-mapping")
    }

    @Test func `every encoding that is met is read, and a guess is said once`() throws {
        let text = "id,name\n1,Maison d’Été\n2,Über\n"
        let marked = try Findings.of(["services.csv": Data([0xef, 0xbb, 0xbf]) + Data(text.utf8)], format: .hsds3)
        #expect(marked.drafts.map { $0["name"] } == ["Maison d’Été", "Über"] && marked.faults.isEmpty)
        for (encoding, mark) in [(String.Encoding.utf16LittleEndian, [0xff, 0xfe]), (.utf16BigEndian, [0xfe, 0xff])] {
            let data = try #require(text.data(using: encoding))
            let found = try Findings.of(["services.csv": Data(mark.map(UInt8.init)) + data], format: .hsds3)
            #expect(found.drafts.map { $0["name"] } == ["Maison d’Été", "Über"] && found.faults.isEmpty)
        }
        let windows = try #require(text.data(using: .windowsCP1252))
        let guessed = try Findings.of(["services.csv": windows], format: .hsds3)
        #expect(guessed.drafts.map { $0["name"] } == ["Maison d’Été", "Über"])
        #expect(guessed.codes == ["not-utf-8"] && guessed.faults.first?.origin.line == 2)
        let mixed = try Findings.of(
            ["services.csv": Data(text.utf8) + Data([0x33, 0x2c, 0x45, 0xe9, 0x0a])], format: .hsds3)
        #expect(mixed.drafts.map { $0["name"] } == ["Maison d’Été", "Über", "Eé"])
        #expect(mixed.codes == ["broken-bytes"] && mixed.faults.first?.origin.line == 4)
    }

    @Test func `archives that are bombs, nests or lead outside are refused`() throws {
        let limits = {
            var limits = ReadingLimits.usual
            (limits.freelyUnpacked, limits.ratio) = (100_000, 200)
            return limits
        }()
        func refusal(_ base64: String) throws -> String? {
            let zip = try #require(Data(base64Encoded: base64))
            return Findings.refusal { try .of(["package.zip": zip], limits: limits) }?.code
        }
        #expect(try refusal(ZipFixtures.bomb) == "zip-bomb")
        #expect(try refusal(ZipFixtures.nested) == "nested-archive")
        #expect(try refusal(ZipFixtures.disguised) == "nested-archive")
        #expect(try refusal(ZipFixtures.outside) == "unsafe-name")
        let cut = try #require(Data(base64Encoded: ZipFixtures.package)).prefix(300)
        #expect(Findings.refusal { try .of(["package.zip": cut]) } != nil)
    }

    @Test func `a feed that never ends is refused`() throws {
        var limits = ReadingLimits.usual
        limits.unpacked = 500_000
        let text = "id,name\n" + String(repeating: "1,Van\n", count: 200_000)
        #expect(
            Findings.refusal { try .of(["services.csv": text], format: .hsds3, limits: limits) }?.code == "never-ends")
    }

    @Test func `broken JSON records are named by line and the others are read`() throws {
        let text = """
            {"id": "1", "name": "Food shelf"}
            {"id": "2", "name": "Bed
            {"id": "3", "name": "Line", }
            {"id": "4", "name": "Van"
            {"id": "5", "name": "Tent", "name": "Ship"}
            {"id": "6", "na
            """
        let found = try Findings.of(["services.ndjson": text])
        #expect(found.drafts.map(\.externalId) == ["1", "5"])
        #expect(found.drafts.last?["name"] == "Ship")
        #expect(found.codes == ["not-json", "not-json", "not-json", "cut-short"])
        #expect(found.faults.map(\.origin.line) == [2, 3, 5, 6])
        #expect(found.faults.allSatisfy { !$0.detail.contains("Bed") })
    }

    @Test func `deep, large and wrong JSON is refused`() throws {
        let deep = #"{"id": "1", "name": "x", "phones": "# + String(repeating: "[", count: 100_000)
        let found = try Findings.of(["services.json": deep + String(repeating: "]", count: 100_000) + "}"])
        #expect(found.codes == ["too-deep"] && found.drafts.isEmpty)
        var limits = ReadingLimits.usual
        limits.record = 1000
        let large = #"[{"id": "1", "name": "\#(String(repeating: "x", count: 2000))"}]"#
        #expect(Findings.refusal { try .of(["services.json": large], limits: limits) }?.code == "too-large")
        #expect(Findings.refusal { try .of(["services.json": "[1, 2]"]) }?.code == "not-json")
    }

    @Test func `values of the wrong kind are left out, each with its fault`() throws {
        let found = try Findings.of([
            "services.json": """
            {"id": 7, "name": "Van", "status": "open", "minimum_age": "1.0", "maximum_age": "old", "fees": ["a"],
             "wait_time": true, "assured_date": "31/12/2024", "licenses": 12.0, "alert": "a\\u0000b", "url": "  "}
            """
        ])
        let service = try #require(found.first(.service, "7"))
        #expect(service.values["minimum_age"] == .number(1))
        #expect(service["wait_time"] == "true" && service["licenses"] == "12" && service["alert"] == "ab")
        #expect(service["assured_date"] == "2024-12-31")
        for field in ["status", "maximum_age", "fees", "url"] { #expect(service.values[field] == nil) }
        #expect(found.codes.sorted() == ["not-a-number", "not-in-list", "wrong-type"])
    }

    @Test(
        arguments: [
            ("49.28,-123.12", nil), ("-123.12,49.28", "swapped-coordinates"), ("0,0", "null-island"),
            ("100,101", "out-of-range"), ("49.28,", "half-coordinates"), ("abc,-123", "not-a-number"),
            ("nan,-123", "not-a-number"), ("49.28,-1e99", "out-of-range"),
        ] as [(String, String?)])
    func `coordinates are checked and left out together`(written: String, code: String?) throws {
        let found = try Findings.of(["locations.csv": "id,location_type,latitude,longitude\n1,physical,\(written)\n"])
        let location = try #require(found.first(.location))
        #expect(found.codes.first == code)
        #expect((location.values["latitude"] != nil) == (code == nil))
        #expect((location.values["longitude"] != nil) == (code == nil))
        #expect(found.faults.allSatisfy { !$0.detail.contains("123") })
    }

    @Test func `records without a name or id are rejected with their line`() throws {
        let found = try services("id,name\n1,\n,Van\n3,Bed\n")
        #expect(found.drafts.map(\.externalId) == ["3"])
        #expect(found.codes == ["missing-name", "missing-id"] && found.faults.map(\.origin.line) == [2, 3])
        let json = try Findings.of(["organizations.json": #"{"name": "Hill", "phones": [{"number": "604 555-0100"}]}"#])
        #expect(json.codes == ["missing-id"] && json.drafts.isEmpty)
    }

    @Test(
        arguments: [
            ("2024-02-29", "2024-02-29"), ("2023-02-29", nil), ("January 5, 2024", "2024-01-05"),
            ("5 Sept 2024", "2024-09-05"), ("12/24/15", "2015-12-24"), ("24.12.2015", "2015-12-24"),
            ("2015/12/24", "2015-12-24"), ("20151224", "2015-12-24"), ("2015-12-24T10:00:00Z", "2015-12-24T10:00:00Z"),
            ("2015-12-24 10:00:00", "2015-12-24"), ("soon", nil), ("99/99/9999", nil),
        ] as [(String, String?)])
    func `dates become ISO dates`(written: String, read: String?) throws {
        let found = try services("id,name,assured_date\n1,Van,\"\(written)\"\n")
        #expect(found.first(.service)?["assured_date"] == read)
        #expect(found.codes == (read == nil ? ["not-a-date"] : []))
    }

    @Test(
        arguments: [
            ("9am", "09:00"), ("3pm", "15:00"), ("4:00 PM", "16:00"), ("12 a.m.", "00:00"), ("9:30", "09:30"),
            ("0900", "09:00"), ("17h30", "17:30"), ("noon", "12:00"), ("10:00:00", "10:00:00"), ("24:00", "24:00"),
            ("10:00Z", "10:00Z"), ("25:00", nil), ("13pm", nil), ("by appointment", nil),
        ] as [(String, String?)])
    func `times become hours and minutes`(written: String, read: String?) throws {
        let found = try Findings.of(["schedules.csv": "id,service_id,opens_at\n1,1,\(written)\n"])
        #expect(found.first(.schedule)?["opens_at"] == read)
        #expect(found.codes == (read == nil ? ["not-a-time"] : []))
    }
}
