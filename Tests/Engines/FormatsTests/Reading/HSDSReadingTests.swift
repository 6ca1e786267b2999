import Formats
import Foundation
import Kernel
import Testing

@Suite struct HSDSReadingTests {
    /// Counted with Python from the same files: the records, and those of them that are locations. The official examples
    /// place their locations at 100, 101, which is not on the globe.
    @Test(
        .enabled(if: Findings.hasSamples, "the official examples lie beside the project"),
        arguments: [
            ("hsds/examples/location.json", 10, 1), ("hsds/examples/organization_full.json", 58, 2),
            ("hsds/examples/organization_list.json", 1, 0), ("hsds/examples/service_at_location_full.json", 58, 2),
            ("hsds/examples/service_at_location_list.json", 5, 1), ("hsds/examples/service_full.json", 58, 2),
            ("hsds/examples/service_list.json", 3, 0), ("hsds/examples/taxonomy.json", 1, 0),
            ("hsds/examples/taxonomy_list.json", 1, 0), ("hsds/examples/taxonomy_term.json", 2, 0),
            ("hsds/examples/taxonomy_term_list.json", 2, 0),
        ])
    func `every record of the official examples is read`(file: String, records: Int, locations: Int) throws {
        let found = try Findings.sample(file)
        #expect(found.format == .hsds3)
        #expect(found.drafts.count == records)
        #expect(found.all(.location).count == locations)
        #expect(found.codes == Array(repeating: "out-of-range", count: locations))
    }

    @Test(
        .enabled(if: Findings.hasSamples, "the samples of Open Referral UK lie beside the project"),
        arguments: [
            ("organization", 15, ["accessibility", "service_area", "term"]), ("organization_list", 28, []),
            ("service_at_location_full", 15, ["accessibility", "service_area", "term"]),
            ("service_at_location_list", 4, []), ("service_full", 15, ["accessibility", "service_area", "term"]),
            ("service_list", 2, []), ("taxonomy", 2, ["term"]), ("taxonomy_list", 1, []),
            ("taxonomy_term", 1, ["term"]),
            ("taxonomy_term_list", 1, ["term"]),
        ])
    func `Open Referral UK is read and its own fields are named once`(
        file: String, records: Int, unknown: [String]
    ) throws {
        let found = try Findings.sample("samples/oruk-default/\(file).json")
        #expect(found.drafts.count == records)
        #expect(found.faults.filter { $0.code == "unknown-field" }.compactMap(\.field).sorted() == unknown)
        #expect(Set(found.codes).isSubset(of: ["unknown-field", "out-of-range"]))
    }

    @Test(.enabled(if: Findings.hasSamples, "the official examples lie beside the project"))
    func `children of the official service refer to their parents`() throws {
        let found = try Findings.sample("hsds/examples/service_full.json")
        let service = try #require(found.first(.service))
        #expect(service["organization_id"] == found.first(.organization)?.externalId)
        #expect(service.values["minimum_age"] == .number(12))
        #expect(service.checkedOn == ["": Day(year: 2005, month: 1, day: 1)])
        #expect(service["last_modified"] == "2023-03-15T10:30:45.123Z")
        let place = try #require(found.first(.serviceAtLocation))
        #expect(place["service_id"] == service.externalId)
        #expect(place["location_id"] == found.first(.location)?.externalId)
        #expect(found.first(.schedule)?["opens_at"] == "10:00:00")
        #expect(found.first(.serviceCapacity)?["unit_id"] == found.first(.unit)?.externalId)
        let attribute = try #require(found.first(.attribute))
        #expect(attribute["taxonomy_term_id"] == found.first(.taxonomyTerm)?.externalId)
        #expect(found.first(.taxonomyTerm)?["taxonomy_id"] == found.first(.taxonomy)?.externalId)
        #expect(found.all(.phone).contains { $0["contact_id"] != nil })
    }

    @Test func `a child without an id gets one from its parent and place, the same every time`() throws {
        let file = [
            "services.json": """
            {"id": "s1", "name": "Night line", "status": "ACTIVE", "url": null, "colour": "red",
             "phones": [{"number": "604 555-0100", "languages": [{"name": "French"}]}, {"number": 6045550101}],
             "attributes": [{"value": "x", "taxonomy_term": {"name": "Shelter", "taxonomy": "own"}}],
             "metadata": [{"field_name": "name"}]}
            """
        ]
        let found = try Findings.of(file)
        #expect(found.first(.service)?.values.keys.sorted() == ["name", "status"])
        #expect(found.first(.service)?["status"] == "active")
        #expect(found.all(.phone).map(\.externalId) == ["s1/phones/1", "s1/phones/2"])
        #expect(found.all(.phone).compactMap { $0["number"] } == ["604 555-0100", "6045550101"])
        #expect(found.first(.language)?["phone_id"] == "s1/phones/1")
        let attribute = try #require(found.first(.attribute))
        #expect(attribute["link_id"] == "s1" && attribute["link_entity"] == "service")
        #expect(attribute["taxonomy_term_id"] == "s1/attributes/1/taxonomy_term")
        #expect(found.first(.taxonomyTerm)?.externalId == "s1/attributes/1/taxonomy_term")
        #expect(found.first(.metadata)?["resource_id"] == "s1")
        #expect(found.faults.map(\.field) == ["colour"])
        #expect(try Findings.of(file).drafts == found.drafts)
    }

    @Test func `an array, ndjson, a page and a file of several tables are the same records`() throws {
        let one = #"{"id": "o1", "name": "Harbour House", "description": "Shelter \"on\" {the} hill"}"#
        let two = #"{"id": "o2", "name": "Hill House", "description": "b", "phones": [{"number": "604 555-0100"}]}"#
        let texts = [
            "[\(one), \(two)]", "\(one)\n\(two)\n",
            #"{"total_items": 2, "contents": [\#(one), \#(two)], "empty": false}"#,
            #"{"organizations": [\#(one), \#(two)]}"#, "[\n\(one)\n,\n\(two)\n]\n",
        ]
        for text in texts {
            let found = try Findings.of(["data.json": text])
            #expect(found.drafts.map(\.externalId) == ["o1", "o2", "o2/phones/1"], "\(text)")
            #expect(found.drafts.first?["description"] == #"Shelter "on" {the} hill"#)
            #expect(found.faults == [])
        }
    }

    @Test func `a record that the file says is gone is a removal`() throws {
        let found = try Findings.of(["services.ndjson": #"{"id": "s9", "deleted": true}"#])
        #expect(found.removals == ["service/s9"])
    }

    @Test func `a data package is read as folder and as zip, by its own names of files`() throws {
        let zip = try #require(Data(base64Encoded: ZipFixtures.package))
        let found = try Findings.of(["package.zip": zip])
        #expect(found.format == .hsds3)
        #expect(found.drafts.map(\.externalId).sorted() == ["o1", "s1"])
        #expect(found.first(.service)?["organization_id"] == "o1")
        #expect(found.faults == [])
        let gzip = try #require(Data(base64Encoded: ZipFixtures.gzip))
        #expect(try Findings.of(["organizations.ndjson.gz": gzip]).all(.organization).count == 2)
    }

    @Test func `rows of tables get ids from their content when they have none`() throws {
        let found = try Findings.of([
            "organization.csv": "id,name,description,website\no1,Harbour House,Shelter,https://example.org\n",
            "phones.csv": "id,organization_id,number,extension\n,o1,604 555-0100,12\n,o1,604 555-0101,x\n",
            "notes.csv": "a,b\n1,2\n",
        ])
        #expect(Set(found.all(.phone).map(\.externalId)).count == 2)
        #expect(found.first(.phone)?.values["extension"] == .number(12))
        #expect(found.codes.sorted() == ["not-a-number", "unknown-table"])
        #expect(found.faults.first { $0.code == "not-a-number" }?.origin == Origin(file: "phones.csv", line: 3))
    }
}

/// Archives made with Python's zipfile and gzip modules.
enum ZipFixtures {
    /// datapackage.json that calls what.csv the table service, organizations.csv, and what a Mac leaves behind.
    static let package = """
        UEsDBBQAAAAIAAAAIVAhf/+NOgAAADkAAAAVAAAAZGF0YS9kYXRhcGFja2FnZS5qc29uq1YqSi3OLy1KTi1WsoquVspLzE1VslIqTi0qy0xOVdJRKk\
        gsyQAKpCSWJOqXZySW6CUXlynVxtYCAFBLAwQUAAAACAAAACFQ0AZm1zkAAAA3AAAADQAAAGRhdGEvd2hhdC5jc3bLTNHJL0pPzMusSizJzM+Lz0zR\
        yUvMTdUpLkksKS3mKjbUyTfUccvPT1EIzkjNSdNJTC7JLEvlAgBQSwMEFAAAAAgAAAAhUMvloWZIAAAASQAAABYAAABkYXRhL29yZ2FuaXphdGlvbn\
        MuY3N2BcHBDYAgDAXQO1M4QCPx6gTcnQDkR5oAJaVEx/c9ztRjA2XMW3kYS6cXabLByUEhapKlW5A1QVdBNSgVszFP7/HFNip20cf9UEsDBBQAAAAI\
        AAAAIVA5nPsGBgAAAAQAAAAQAAAAX19NQUNPU1gvLl94LmNzdssqzcsGAFBLAQIUAxQAAAAIAAAAIVAhf/+NOgAAADkAAAAVAAAAAAAAAAAAAACkAQ\
        AAAABkYXRhL2RhdGFwYWNrYWdlLmpzb25QSwECFAMUAAAACAAAACFQ0AZm1zkAAAA3AAAADQAAAAAAAAAAAAAApAFtAAAAZGF0YS93aGF0LmNzdlBL\
        AQIUAxQAAAAIAAAAIVDL5aFmSAAAAEkAAAAWAAAAAAAAAAAAAACkAdEAAABkYXRhL29yZ2FuaXphdGlvbnMuY3N2UEsBAhQDFAAAAAgAAAAhUDmc+w\
        YGAAAABAAAABAAAAAAAAAAAAAAAKQBTQEAAF9fTUFDT1NYLy5feC5jc3ZQSwUGAAAAAAQABAAAAQAAgQEAAAAA
        """
    /// Two organizations as ndjson.
    static let gzip = """
        H4sIAAAAAAACA6tWykxRslLKN1TSUcpLzE0Fsj0Si5LyS4sUPPJLi1OBwimpxclFmQUlmfl5QNngjNScktQipVquaqhWIyStmTk5BPUBAABRlLJzAA\
        AA
        """
    /// services.csv of 400,000 zeros.
    static let bomb =
        "UEsDBBQAAAAIAAAAIVCx9Ol8ogEAAIgaBgAMAAAAc2VydmljZXMuY3N27cGhDQAgDAAwv1sQe2nJEIjxv+QLVNvT69bsS"
        + String(repeating: "A", count: 516)
        + "PjgAVBLAQIUAxQAAAAIAAAAIVCx9Ol8ogEAAIgaBgAMAAAAAAAAAAAAAACkAQAAAABzZXJ2aWNlcy5jc3ZQSwUGAAA"
        + "AAAEAAQA6AAAAzAEAAAAA"
    /// services.csv, which is a zip itself.
    static let disguised = """
        UEsDBBQAAAAIAAAAIVDMZn+HUAAAAIgAAAAMAAAAc2VydmljZXMuY3N2C/BmZhFhYGDgAGLFgDN/d5byAVk8UFycWlSWmZxarJdcXHba5+JJ7zO+T4\
        2urHzAxBDgzcgkwoxbJwwsYWRAMyfAm5UNJMYIhFZA2gKsDgBQSwECFAMUAAAACAAAACFQzGZ/h1AAAACIAAAADAAAAAAAAAAAAAAApAEAAAAAc2Vy\
        dmljZXMuY3N2UEsFBgAAAAABAAEAOgAAAHoAAAAAAA==
        """
    /// inner.zip
    static let nested = """
        UEsDBBQAAAAIAAAAIVDMZn+HUAAAAIgAAAAJAAAAaW5uZXIuemlwC/BmZhFhYGDgAGLFgDN/d5byAVk8UFycWlSWmZxarJdcXHba5+JJ7zO+T42urH\
        zAxBDgzcgkwoxbJwwsYWRAMyfAm5UNJMYIhFZA2gKsDgBQSwECFAMUAAAACAAAACFQzGZ/h1AAAACIAAAACQAAAAAAAAAAAAAApAEAAAAAaW5uZXIu\
        emlwUEsFBgAAAAABAAEANwAAAHcAAAAAAA==
        """
    /// ../services.csv
    static let outside = """
        UEsDBBQAAAAIAAAAIVDM/bl1DgAAAAwAAAAPAAAALi4vc2VydmljZXMuY3N2y0zRyUvMTeUy1KngAgBQSwECFAMUAAAACAAAACFQzP25dQ4AAAAMAA\
        AADwAAAAAAAAAAAAAApAEAAAAALi4vc2VydmljZXMuY3N2UEsFBgAAAAABAAEAPQAAADsAAAAAAA==
        """
}
