import Formats
import Foundation
import Kernel
import Testing

@Suite struct AIRSReadingTests {
    private static let file = """
        <?xml version="1.0" encoding="UTF-8"?>
        <airs:Source xmlns:airs="http://example.org/airs">
          <airs:Agency FEIN="12" YearInc="1990" ExcludeFromWebsite="false">
            <airs:Key>A1</airs:Key>
            <airs:Name>Harbour House Society</airs:Name>
            <airs:AgencyDescription>Shelter &amp; food</airs:AgencyDescription>
            <airs:AKA><airs:Name>Harbour</airs:Name></airs:AKA>
            <airs:AKA Confidential="true"><airs:Name>Hidden</airs:Name></airs:AKA>
            <airs:URL><airs:Address>https://example.org</airs:Address></airs:URL>
            <airs:Email><airs:Address>desk@example.org</airs:Address></airs:Email>
            <airs:Phone TollFree="false" Confidential="true"><airs:PhoneNumber>604 555-0100</airs:PhoneNumber><airs:Type>Fax</airs:Type></airs:Phone>
            <airs:Site>
              <airs:Key>S1</airs:Key>
              <airs:Name>Safe house</airs:Name>
              <airs:PhysicalAddress Confidential="true"><airs:Line1>1 Fictional Street</airs:Line1><airs:City>Burnaby</airs:City><airs:State>BC</airs:State><airs:ZipCode>V0V 0V0</airs:ZipCode><airs:Country>CA</airs:Country></airs:PhysicalAddress>
              <airs:MailingAddress><airs:Line1>PO Box 1</airs:Line1><airs:City>Burnaby</airs:City></airs:MailingAddress>
              <airs:BusServiceAccess>Bus 5</airs:BusServiceAccess>
              <airs:SpatialLocation><airs:Latitude>49.25</airs:Latitude><airs:Longitude>-123.0</airs:Longitude></airs:SpatialLocation>
              <airs:Languages><airs:Name>French</airs:Name><airs:Name>Tagalog</airs:Name></airs:Languages>
              <airs:TimeOpen><airs:Notes>Ring twice</airs:Notes><airs:Monday><airs:From>9am</airs:From><airs:To>5pm</airs:To></airs:Monday><airs:Tuesday><airs:From>9am</airs:From><airs:To>5pm</airs:To></airs:Tuesday></airs:TimeOpen>
              <airs:SiteService>
                <airs:Key>V1</airs:Key>
                <airs:Name>Beds for women</airs:Name>
                <airs:Description>Night beds</airs:Description>
                <airs:FeeStructure>Free</airs:FeeStructure>
                <airs:AgeRequirements MinimumAge="16">16 and over</airs:AgeRequirements>
                <airs:GenderRequirements>Women</airs:GenderRequirements>
                <airs:Taxonomy><airs:Code>BH-1800.1500-100</airs:Code></airs:Taxonomy>
                <airs:ApplicationProcess><airs:Step>Call first</airs:Step></airs:ApplicationProcess>
                <airs:GeographicAreaServed><airs:City>Burnaby</airs:City></airs:GeographicAreaServed>
                <airs:ResourceInfo DateLastVerified="2024-03-25"/>
              </airs:SiteService>
            </airs:Site>
          </airs:Agency>
          <airs:Agency>
            <airs:Key>A2</airs:Key>
            <airs:Name>Hill House</airs:Name>
            <airs:Site ExcludeFromDirectory="true"><airs:Key>S2</airs:Key><airs:Name>Annex</airs:Name>
              <airs:SiteService><airs:Key>V2</airs:Key><airs:Name>Food</airs:Name></airs:SiteService>
            </airs:Site>
          </airs:Agency>
        </airs:Source>
        """

    @Test func `agencies, sites and services become records that refer to each other`() throws {
        let found = try Findings.of(["feed.xml": Self.file])
        #expect(found.format == .airs && found.faults.isEmpty)
        let agency = try #require(found.first(.organization, "A1"))
        #expect(agency["description"] == "Shelter & food" && agency["alternate_name"] == "Harbour")
        #expect(agency.values["year_incorporated"] == .number(1990))
        let service = try #require(found.first(.service, "V1"))
        #expect(service["organization_id"] == "A1" && service["eligibility_description"] == "Women\n16 and over")
        #expect(service.values["minimum_age"] == .number(16) && service["application_process"] == "Call first")
        #expect(service.checkedOn == ["": Day(year: 2024, month: 3, day: 25)])
        #expect(found.first(.location, "S1")?["organization_id"] == "A1")
        #expect(found.first(.serviceAtLocation)?["location_id"] == "S1")
        #expect(found.all(.schedule).map { $0["byday"] } == ["MO", "TU"])
        #expect(found.first(.schedule)?["closes_at"] == "17:00")
        #expect(found.all(.language).map { $0["name"] } == ["French", "Tagalog"])
        #expect(found.first(.taxonomyTerm)?["code"] == "BH-1800.1500-100")
        #expect(found.first(.attribute)?["taxonomy_term_id"] == found.first(.taxonomyTerm)?.externalId)
        #expect(found.first(.serviceArea)?["name"] == "Burnaby")
    }

    @Test func `what is confidential or excluded is kept to its circle`() throws {
        let found = try Findings.of(["feed.xml": Self.file])
        let site = try #require(found.first(.location, "S1"))
        #expect(site.audiences == ["latitude": .vetted, "longitude": .vetted, "transportation": .vetted])
        let addresses = found.all(.address)
        #expect(addresses.map { $0["address_type"] } == ["physical", "postal"])
        #expect(addresses[0].audiences == ["address_1": .vetted, "postal_code": .vetted])
        #expect(addresses[0]["city"] == "Burnaby" && addresses[1].audiences.isEmpty)
        #expect(found.first(.phone)?.audiences == ["": .vetted])
        #expect(found.first(.organization, "A2")?.audiences == [:])
        for (kind, id) in [(RecordKind.location, "S2"), (.service, "V2"), (.serviceAtLocation, "V2/at/S2")] {
            #expect(found.first(kind, id)?.audiences == ["": .partner], "\(kind)")
        }
    }

    @Test func `entities, deep nesting, broken XML and large records are refused`() throws {
        let bomb =
            #"<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Source><Agency><Key>&b;</Key></Agency></Source>"#
        #expect(Findings.refusal { try .of(["feed.xml": bomb]) }?.code == "entities")
        let file = #"<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]><Source>&a;</Source>"#
        #expect(Findings.refusal { try .of(["feed.xml": file]) }?.code == "entities")
        let deep = String(repeating: "<a>", count: 100)
        #expect(Findings.refusal { try .of(["feed.xml": deep]) }?.code == "too-deep")
        #expect(Findings.refusal { try .of(["feed.xml": "<Source>\n<Agency></Source>"]) }?.origin.line == 2)
        let large = "<Source><Agency><Name>" + String(repeating: "x", count: 2_000_000) + "</Name></Agency></Source>"
        #expect(Findings.refusal { try .of(["feed.xml": large]) }?.code == "too-large")
    }

    @Test func `XML in Windows-1252 is read as it says`() throws {
        let text =
            #"<?xml version="1.0" encoding="windows-1252"?><Source><Agency><Key>1</Key><Name>L’Été</Name></Agency></Source>"#
        let data = try #require(text.data(using: .windowsCP1252))
        #expect(try Findings.of(["feed.xml": data]).first(.organization)?["name"] == "L’Été")
    }
}

@Suite struct ICarolReadingTests {
    private func rows(_ rows: [[String: String]]) -> [String: String] {
        let columns = Set(rows.flatMap(\.keys)).sorted()
        let lines = rows.map { row in columns.map { "\"\(row[$0] ?? "")\"" }.joined(separator: ",") }
        return ["export.csv": ([columns.joined(separator: ",")] + lines).joined(separator: "\r\n")]
    }

    private var export: [String: String] {
        rows([
            [
                "ResourceAgencyNum": "100", "TaxonomyLevelName": "Agency", "PublicName": "Harbour House Society",
                "ParentAgencyNum": "0", "AgencyDescription": "Shelter", "WebsiteAddress": "https://example.org",
                "Phone1Number": "604 555-0100", "Phone1Name": "Office", "Phone1IsPrivate": "False",
                "Phone2Number": "604 555-0101", "Phone2IsPrivate": "True", "LastVerifiedOn": "3/25/2024 10:00:00 AM",
                "PhoneFax": "604 555-0109", "MailingAddress1": "PO Box 1", "MailingAddressIsPrivate": "No",
                "MailingCity": "Burnaby", "InternalNotes": "never shown", "Custom_Facebook": "x",
            ],
            [
                "ResourceAgencyNum": "200", "TaxonomyLevelName": "Site", "ParentAgencyNum": "100",
                "PublicName": "Safe house", "PhysicalAddress1": "1 Fictional Street", "PhysicalCity": "Burnaby",
                "PhysicalPostalCode": "V0V 0V0", "PhysicalAddressIsPrivate": "Yes", "Latitude": "49.25",
                "Longitude": "-123.0",
            ],
            [
                "ResourceAgencyNum": "300", "TaxonomyLevelName": "Program", "ParentAgencyNum": "100",
                "PublicName": "Night beds", "TaxonomyCodes": "BH-1800; PH-2360*YF-3000", "Eligibility": "Women",
                "LanguagesOfferedList": "French; Tagalog", "FeeStructureSource": "Free",
            ],
            [
                "ResourceAgencyNum": "400", "TaxonomyLevelName": "ProgramAtSite", "ParentAgencyNum": "100",
                "ConnectsToProgramNum": "300", "ConnectsToSiteNum": "200", "PublicName": "Night beds at the house",
                "HoursOfOperation": "Every night", "ExcludeFromWebsite": "True",
            ],
            ["ResourceAgencyNum": "500", "TaxonomyLevelName": "Planet", "PublicName": "x"],
        ])
    }

    @Test func `agencies, sites, programs and programs at sites are told apart`() throws {
        let found = try Findings.of(export)
        #expect(found.format == .icarol)
        let agency = try #require(found.first(.organization))
        #expect(agency.externalId == "100" && agency["parent_organization_id"] == nil)
        #expect(agency.checkedOn == ["": Day(year: 2024, month: 3, day: 25)])
        #expect(found.all(.location).map(\.externalId) == ["100", "200"])
        #expect(found.all(.location).allSatisfy { $0["organization_id"] == "100" })
        #expect(found.first(.service)?["organization_id"] == "100")
        let place = try #require(found.first(.serviceAtLocation))
        #expect(place["service_id"] == "300" && place["location_id"] == "200")
        #expect(found.first(.schedule)?["service_at_location_id"] == "400")
        #expect(found.all(.taxonomyTerm).map { $0["code"] } == ["BH-1800", "PH-2360", "YF-3000"])
        #expect(found.all(.language).map { $0["name"] } == ["French", "Tagalog"])
        #expect(found.faults.map(\.field) == ["Custom_Facebook", "TaxonomyLevelName"])
        #expect(!found.drafts.contains { $0.values.values.contains(.text("never shown")) })
    }

    @Test func `what is private or excluded is kept to its circle`() throws {
        let found = try Findings.of(export)
        #expect(found.all(.phone).map { $0.audiences } == [[:], ["": .vetted], [:]])
        #expect(found.first(.location, "200")?.audiences == ["latitude": .vetted, "longitude": .vetted])
        #expect(found.first(.address, "200/physical")?.audiences == ["address_1": .vetted, "postal_code": .vetted])
        #expect(found.first(.address, "100/mailing")?.audiences == [:])
        #expect(found.first(.serviceAtLocation)?.audiences == ["": .partner])
        #expect(found.first(.schedule)?.audiences == ["": .partner])
    }
}
