import Formats
import Foundation
import Kernel
import Support
import Testing

@Suite struct HSDSJSONTests {
    private func record(_ kind: RecordKind, _ values: [String: FieldValue]) -> Record {
        Record(kind, id: .named("test/\(kind.rawValue)"), values)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test(
        .enabled(if: HSDSExamples.isThere, "the HSDS examples lie beside the project"),
        arguments: [
            ("service_full", RecordKind.service), ("organization_full", .organization),
            ("service_at_location_full", .serviceAtLocation), ("location", .location), ("taxonomy", .taxonomy),
            ("taxonomy_term", .taxonomyTerm), ("taxonomy_list", .taxonomy), ("taxonomy_term_list", .taxonomyTerm),
        ])
    func `the official full examples come out as they went in, members in order`(
        _ name: String, _ kind: RecordKind
    ) throws {
        let written = HSDSJSON.full(try HSDSExamples.tree(name, kind))
        #expect(try HSDSExamples.canonical(json: written) == HSDSExamples.canonical(HSDSExamples.record(name)))
        if !name.hasSuffix("_list") {
            let keys = HSDSExamples.keys(String(decoding: try HSDSExamples.bytes(name), as: UTF8.self))
            #expect(HSDSExamples.keys(text(written)) == keys)
        }
    }

    @Test(
        .enabled(if: HSDSExamples.isThere, "the HSDS examples lie beside the project"),
        arguments: [
            ("service", RecordKind.service), ("organization", .organization),
            ("service_at_location", .serviceAtLocation),
        ])
    func `the list form of the full example is the official list example`(_ name: String, _ kind: RecordKind) throws {
        let written = HSDSJSON.list(try HSDSExamples.tree("\(name)_full", kind))
        #expect(
            try HSDSExamples.canonical(json: written) == HSDSExamples.canonical(HSDSExamples.record("\(name)_list")))
    }

    @Test func `a reference is written only where nesting does not say it`() {
        let organization = record(.organization, ["name": .text("Example Society"), "description": .text("d")])
        let service = record(
            .service,
            [
                "name": .text("Example"), "status": .text("active"),
                "organization_id": .text(organization.id.description),
            ])
        let phone = record(
            .phone, ["number": .text("250-555-0101"), "service_id": .text(service.id.description)])
        #expect(text(HSDSJSON.list(RecordTree(service))).contains("\"organization_id\""))
        let nested = RecordTree(
            service, members: ["organization": [RecordTree(organization)], "phones": [RecordTree(phone)]])
        #expect(!text(HSDSJSON.full(nested)).contains("_id"))
        let run = RecordTree(organization, members: ["services": [RecordTree(service)]])
        #expect(!text(HSDSJSON.full(run)).contains("_id"))
    }

    @Test func `a member cut out at its mark leaves valid JSON`() throws {
        let organization = record(.organization, ["name": .text("Example Society"), "description": .text("d")])
        let service = record(.service, ["name": .text("Example"), "status": .text("active")])
        let tree = RecordTree(service, members: ["organization": [RecordTree(organization)]])
        var (bytes, marks) = HSDSJSON.marked(tree, isList: false)
        bytes.removeSubrange(try #require(marks["organization"]))
        #expect(bytes == HSDSJSON.full(RecordTree(service)))
    }

    @Test func `absent is absent: no null, no empty list`() {
        let service = record(.service, ["name": .text("Example"), "status": .text("active")])
        let written = text(HSDSJSON.full(RecordTree(service, members: ["phones": []])))
        #expect(!written.contains("null"))
        #expect(!written.contains("organization"))
    }
}
