import Formats
import Foundation
import Kernel
import Testing

@Suite struct OlderReadingTests {
    @Test(.enabled(if: Findings.hasSamples, "the Illinois sample lies beside the project"))
    func `the Illinois package of HSDS 1_1 is read in HSDS 3 words`() throws {
        let found = try Findings.sample("samples/illinois-legal-aid/spec/fixtures/base_transformer/output")
        #expect(found.format == .hsds1)
        #expect(
            found.counts == [
                .organization: 5, .service: 19, .location: 24, .phone: 43, .serviceAtLocation: 19, .address: 5,
                .schedule: 19,
            ])
        #expect(found.faults == [])
        let service = try #require(found.first(.service, "132741"))
        #expect(service["fees_description"] == "Free to eligible persons/entities" && service["status"] == "active")
        #expect(service["eligibility_description"] == "Federal Poverty Level")
        #expect(found.first(.organization, "127446")?["website"] == "https://upsolve.org/")
        let schedule = try #require(found.first(.schedule))
        #expect(schedule["byday"] == "MO" && schedule["opens_at"] == "09:00" && schedule["freq"] == "WEEKLY")
        #expect(found.first(.address)?["location_id"] == "131321/postal")
        #expect(found.first(.location, "131321/postal")?["organization_id"] == "131321")
    }

    @Test func `what HSDS 3 has no table for becomes what it has`() throws {
        let found = try Findings.of([
            "organizations.csv": "id,name,description,url\no1,Harbour House,Shelter,https://example.org\n",
            "services.csv": "id,organization_id,name,fees\ns1,o1,Night bed,Free\n",
            "eligibility.csv": "id,service_id,eligibility\n1,s1,Adults\n2,s1,Women\n",
            "payments_accepted.csv": "id,service_id,payment\n1,s1,Cash\n",
            "languages.csv": "id,service_id,language\n1,s1,French\n",
            "service_areas.csv": "id,service_id,service_area\n1,s1,Burnaby\n",
            "accessibility_for_disabilities.csv": "id,location_id,accessibility,details\n1,l1,ramp,At the back\n",
            "physical_addresses.csv":
                "id,location_id,address_1,address_2,address_3,city\n1,l1,1 Fictional Street,Unit 2,Floor 3,Burnaby\n",
            "phones.csv": "id,service_id,number,department,language\n1,s1,604 555-0100,Desk,\"French, Tagalog\"\n",
            "holiday_schedules.csv":
                "id,service_id,closed,opens_at,closes_at,start_date,end_date\n1,s1,true,,,2025-12-25,2025-12-26\n2,s1,false,10am,4pm,12/24/2025,12/24/2025\n",
            "services_taxonomy.csv": "id,service_id,taxonomy_id,taxonomy_detail\n1,s1,t1,beds\n",
            "taxonomy.csv": "id,name,parent_id,parent_name,vocabulary\nt1,Shelter,,,own\n",
            "other_attributes.csv": "id,link_id,link_type,taxonomy_term_id\n1,o1,organization,t1\n",
        ])
        #expect(found.faults == [])
        #expect(found.first(.service)?["eligibility_description"] == "Adults; Women")
        #expect(found.first(.costOption)?["amount_description"] == "Cash")
        #expect(found.first(.serviceArea)?["name"] == "Burnaby")
        #expect(found.first(.accessibility)?["description"] == "ramp")
        #expect(found.first(.address)?["address_2"] == "Unit 2, Floor 3")
        #expect(found.first(.address)?["address_type"] == "physical")
        #expect(found.first(.phone)?["description"] == "Desk")
        #expect(found.all(.language).compactMap { $0["name"] }.sorted() == ["French", "French", "Tagalog"])
        #expect(found.all(.schedule).map { $0["exception"] } == ["closed", "open"])
        #expect(found.all(.schedule).map { $0["valid_from"] } == ["2025-12-25", "2025-12-24"])
        #expect(found.all(.schedule).last?["opens_at"] == "10:00")
        #expect(found.all(.attribute).map { $0["link_entity"] } == ["organization", "service"])
        #expect(found.first(.taxonomyTerm)?["taxonomy"] == "own")
    }

    @Test func `JSON of HSDS 2 is read with what hangs under its services`() throws {
        let found = try Findings.of([
            "feed.json": """
            [{"id": "s1", "name": "Night bed", "status": "active", "eligibilitys": [{"id": "e", "eligibility": "Adults"}],
              "organization": {"id": "o1", "name": "Harbour House", "description": "Shelter", "url": "https://example.org"},
              "regular_schedules": [{"id": "r", "weekday": "Monday", "opens_at": "9:00", "closes_at": "17:00"}],
              "service_at_locations": [{"id": "x", "location": {"id": "l1", "name": "Hill", "latitude": 49.2, "longitude": -123,
                "physical_addresses": [{"id": "a", "address_1": "1 Fictional Street", "city": "Burnaby"}]}}]}]
            """
        ])
        #expect(found.format == .hsds2 && found.faults.isEmpty)
        #expect(found.first(.service)?["organization_id"] == "o1")
        #expect(found.first(.service)?["eligibility_description"] == "Adults")
        #expect(found.first(.organization)?["website"] == "https://example.org")
        #expect(found.first(.schedule)?["service_id"] == "s1")
        let place = try #require(found.first(.serviceAtLocation))
        #expect(place["service_id"] == "s1" && place["location_id"] == "l1")
        #expect(found.first(.address)?["location_id"] == "l1")
    }
}

@Suite struct OhanaReadingTests {
    @Test(.enabled(if: Findings.hasSamples, "the Ohana sample lies beside the project"))
    func `the Ohana sample is read whole`() throws {
        let found = try Findings.sample("samples/ohana/data/sample-csv")
        #expect(found.format == .ohana)
        #expect(
            found.counts == [
                .organization: 8, .location: 22, .address: 42, .contact: 32, .phone: 54, .program: 1, .service: 23,
                .serviceAtLocation: 23, .schedule: 18, .taxonomyTerm: 290, .costOption: 3, .funding: 59,
                .attribute: 163, .language: 32, .requiredDocument: 1, .serviceArea: 32, .accessibility: 41,
            ])
        #expect(Set(found.faults.compactMap(\.field)) == ["accreditations", "licenses", "admin_emails"])
        #expect(Set(found.codes) == ["unknown-field"])
        #expect(found.first(.service, "1")?["organization_id"] == "1")
        #expect(found.first(.service, "1")?["eligibility_description"]?.contains("For: Older adults") == true)
        #expect(found.first(.organization, "8")?.values["year_incorporated"] == .number(1970))
        #expect(found.first(.location, "20")?["location_type"] == "virtual")
        #expect(found.first(.schedule, "regular/10")?["closes_at"] == "15:00")
        #expect(found.first(.schedule, "regular/9")?["closes_at"] == "16:00")
        #expect(found.first(.phone, "41")?["number"] == "+1 123-456-7890")
        let yearly = try #require(found.first(.schedule, "holiday/1"))
        #expect(yearly["bymonthday"] == "1" && yearly["dtstart"] == "2000-01-01" && yearly["exception"] == "closed")
        #expect(yearly["freq"] == "MONTHLY" && yearly.values["interval"] == .number(12) && yearly["byyearday"] == nil)
        #expect(yearly["description"] == "Closed every year on January 1")
        let once = try #require(found.first(.schedule, "holiday/2"))
        #expect(once["valid_from"] == "2015-12-24" && once["valid_to"] == "2015-12-24" && once["opens_at"] == "10:00")
        let summer = try #require(found.first(.schedule, "holiday/3"))
        #expect(summer["bymonthday"]?.hasSuffix(",30") == true && summer["dtstart"] == "2000-06-01")
        #expect(found.first(.schedule, "holiday/3/4")?["bymonthday"] == "1")
        #expect(found.first(.taxonomyTerm, "101-02-01")?["parent_id"] == "101-02")
    }

    @Test(
        .enabled(if: Findings.hasSamples, "Open Eligibility lies beside the project"),
        arguments: [("oe.json", 290), ("taxonomy.csv", 290), ("oe-2.0-flat.csv", 385)])
    func `Open Eligibility is read as tree and as table`(file: String, terms: Int) throws {
        let found = try Findings.sample("samples/open-eligibility/\(file)")
        #expect(found.format == .ohana)
        #expect(found.counts == [.taxonomyTerm: terms] && found.faults.isEmpty)
    }
}

@Suite struct SpreadsheetReadingTests {
    /// What records say, without white space: the transformer that made the expected files joins texts without any.
    private func said(_ found: Findings, _ kinds: Set<RecordKind>) -> Set<String> {
        Set(
            found.drafts.filter { kinds.contains($0.kind) }.map { draft in
                let values = draft.values.sorted { $0.key < $1.key }.map { field, value in
                    "\(field)=\(value.text?.filter { !$0.isWhitespace } ?? "\(value)")"
                }
                let id = [.service, .organization, .location].contains(draft.kind) ? draft.externalId : ""
                return "\(draft.kind.rawValue) \(id) \(values)"
            })
    }

    private static let fixtures = "samples/illinois-legal-aid/spec/fixtures/"

    @Test(
        .enabled(if: Findings.hasSamples, "the Illinois sample lies beside the project"),
        arguments: [("base_transformer/", "output/data"), ("custom/ilao/", "output")])
    func `the Illinois spreadsheets give what the expected output says`(folder: String, output: String) throws {
        let path = Self.fixtures + folder
        let found = try Findings.sample(path + "input", mapping: path + "mapping.yaml")
        let expected = try Findings.sample(path + output, format: .hsds1)
        #expect(found.format == .spreadsheet)
        var kinds: Set<RecordKind> = [.organization, .location, .service, .phone, .address, .schedule]
        if folder.hasPrefix("base") { kinds.insert(.serviceAtLocation) }
        #expect(!expected.drafts.isEmpty)
        for kind in kinds {
            let (ours, theirs) = (said(found, [kind]), said(expected, [kind]))
            #expect(theirs.subtracting(ours).sorted().prefix(3) == [], "\(kind)")
            // Of a day with a break at noon the expected output keeps the morning alone.
            if kind == .schedule, !folder.hasPrefix("base") { continue }
            #expect(ours.subtracting(theirs).sorted().prefix(3) == [], "\(kind)")
        }
        #expect(found.faults.contains { $0.code == "missing-column" && $0.field == "Alternative name" })
    }

    @Test func `a mapping names its columns in words of HSDS 3 too, and a required one may not be empty`() throws {
        let mapping = """
            any.csv:
              columns:
                Number: [{model: services, field: id}, {model: service_areas, field: service_id}]
                Name: {model: services, field: name, required: true}
                Age: {model: services, field: minimum_age}
                Note 1: {model: services, field: description, append: true}
                Note 2: {model: services, field: description, append: true}
                Where: {model: service_areas, field: name}
            """
        let rows = "Number,Name,Age,Note 1,Note 2,Where\n1,Van,16,a,b,Burnaby\n2,,16,,,\n"
        let found = try Findings.of(["rows.csv": rows], mapping: mapping)
        #expect(found.first(.service)?["description"] == "a\nb")
        #expect(found.first(.service)?.values["minimum_age"] == .number(16))
        #expect(found.first(.serviceArea)?["service_id"] == "1")
        #expect(found.codes == ["missing-required"] && found.faults.first?.origin.line == 3)
    }

    @Test(
        arguments: [
            ("a: [", "mapping.yaml is not YAML."), ("- a", "mapping.yaml does not list files."),
            ("a.csv: {}", "mapping.yaml has no columns for a.csv."),
            (
                "a.csv: {columns: {B: {model: x, field: y}}}",
                "mapping.yaml has a model that HSDS does not know at a.csv, B."
            ),
            ("a.csv: {columns: {B: {field: y}}}", "mapping.yaml needs a model and a field at a.csv, B."),
        ])
    func `a mapping that says nothing is refused in one sentence`(yaml: String, sentence: String) {
        #expect(throws: ReadingFault("bad-mapping", sentence, at: Origin(file: "mapping.yaml", line: 1))) {
            try ColumnMapping(yaml: yaml)
        }
    }
}
