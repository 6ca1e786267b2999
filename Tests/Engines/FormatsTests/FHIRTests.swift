import Formats
import Foundation
import Kernel
import Support
import Testing

/// Referrals as FHIR R4. `Tests/Browser/test_referrals_in_fhir.py` has the golden file read by clients that we did not write.
@Suite struct FHIRTests {
    private static func uuid(_ number: Int) -> UUID { Identifier<FHIRReferral>.named("test/\(number)").uuid }

    private static func day(_ number: Int) -> Day { Day(year: 2026, month: 11, day: number) }

    private static func codes(_ words: String...) throws -> [FHIRCode] { try words.map { try #require(FHIRCode($0)) } }

    private static let shelter = FHIRReferral.Listing(id: uuid(900), name: "Cedar House")
    private static let beds = FHIRReferral.Listing(id: uuid(901), name: "Beds")

    private static func consent(
        _ number: Int, isLive: Bool = true, from: Int = 1, to: Int = 28, parts: [String] = ["needs", "language"]
    ) throws -> FHIRReferral.Consent {
        FHIRReferral.Consent(
            id: uuid(number), isLive: isLive, givenOn: day(from), endsOn: day(to),
            parts: try parts.map { try #require(FHIRCode($0)) }, purpose: try #require(FHIRCode("help")))
    }

    private static func referral(
        _ number: Int, _ state: FHIRReferral.State = .requested, reason: String? = nil, from: Int = 2, to: Int = 3,
        recipient: FHIRReferral.Listing = shelter, service: FHIRReferral.Listing = beds,
        consent: FHIRReferral.Consent? = nil
    ) throws -> FHIRReferral {
        FHIRReferral(
            id: uuid(number), subject: uuid(number + 100), state: state, reason: reason.flatMap(FHIRCode.init),
            authoredOn: day(from), modifiedOn: day(to), recipient: recipient, service: service,
            consent: try consent ?? Self.consent(number + 200))
    }

    /// What the golden file holds: every state, every reason, and what is out of the way.
    private static func bundles() throws -> [[FHIRReferral]] {
        let states = try FHIRReferral.State.allCases.enumerated().map { [try referral($0.offset, $0.element)] }
        let reasons = try ["consent-withdrawn", "consent-expired", "no-response", "seen"].enumerated().map {
            [
                try referral(
                    20 + $0.offset, .cancelled, reason: $0.element, consent: try consent(220 + $0.offset, isLive: false)
                )
            ]
        }
        let shared = try consent(230)
        let odd = [
            [],
            [try referral(30, consent: shared), try referral(31, consent: shared)],
            [try referral(32, from: 9, to: 4, consent: try consent(232, from: 20, to: 10))],
            [try referral(33, consent: try consent(233, parts: []))],
            [
                try referral(
                    34, recipient: .init(id: uuid(902), name: " "),
                    service: .init(id: uuid(903), name: "Maison \"É\" 🏠\u{0}\n\\ été\u{7}"))
            ],
        ]
        return states + reasons + odd
    }

    private static func text(_ referrals: [FHIRReferral]) -> String {
        String(decoding: FHIRBundle.json(of: referrals), as: UTF8.self)
    }

    private static func parsed(_ referrals: [FHIRReferral]) throws -> JSONValue {
        try JSONValue.parse(FHIRBundle.json(of: referrals))
    }

    /// Every value under `value` with the path to it.
    private static func leaves(_ value: JSONValue, at path: String = "") -> [(path: String, value: JSONValue)] {
        switch value {
        case .object(let members): members.flatMap { leaves($0.value, at: "\(path).\($0.key)") }
        case .array(let values): values.flatMap { leaves($0, at: path) }
        default: [(path, value)]
        }
    }

    @Test func `bundles of every state and reason are as they were approved, a line each`() throws {
        let lines = try Self.bundles().map(Self.text)
        #expect(lines == (try Self.bundles().map(Self.text)))
        try expectGolden(lines.joined(separator: "\n") + "\n", "fhir.ndjson")
    }

    @Test func `every reference leads to an entry of the bundle, and no two entries have one address`() throws {
        for bundle in try Self.bundles() {
            let value = try Self.parsed(bundle)
            let addresses = (value["entry"]?.array ?? []).compactMap { $0["fullUrl"]?.text }
            #expect(Set(addresses).count == addresses.count)
            for entry in value["entry"]?.array ?? [] {
                #expect(entry["fullUrl"]?.text == "urn:uuid:\(entry["resource"]?["id"]?.text ?? "")")
            }
            let references = Self.leaves(value).filter { $0.path.hasSuffix(".reference") }.compactMap(\.value.text)
            #expect(references.isEmpty == bundle.isEmpty)
            #expect(Set(references).isSubset(of: addresses))
        }
    }

    @Test func `two referrals under one consent to one service share what they share`() throws {
        let shared = try Self.consent(230)
        let value = try Self.parsed([try Self.referral(1, consent: shared), try Self.referral(2, consent: shared)])
        let kinds = (value["entry"]?.array ?? []).compactMap { $0["resource"]?["resourceType"]?.text }
        #expect(
            kinds == [
                "Task", "ServiceRequest", "Consent", "HealthcareService", "Organization", "Task", "ServiceRequest",
            ])
    }

    @Test func `nothing is null, no text is empty and no list or object has nothing in it`() throws {
        for bundle in try Self.bundles() {
            let text = Self.text(bundle)
            for word in ["null", "\"\"", "[]", "{}"] { #expect(!text.contains(word), "\(word) in \(text)") }
        }
    }

    @Test func `of the person there is an identifier of its own and nothing else`() throws {
        let referral = try Self.referral(1, .cancelled, reason: "seen")
        let leaves = Self.leaves(try Self.parsed([referral]))
        let subject = "urn:uuid:\(Identifier<FHIRReferral>(referral.subject))"
        let ofPerson = leaves.filter { $0.value.text == subject }.map(\.path)
        #expect(
            Set(ofPerson) == [
                ".entry.resource.for.identifier.value", ".entry.resource.subject.identifier.value",
                ".entry.resource.patient.identifier.value",
            ])
        // Whoever adds a text shows here that it is none that a person wrote.
        let texts = leaves.filter {
            ["name", "text", "display", "note", "description"].contains($0.path.split(separator: ".").last)
        }
        #expect(Set(texts.compactMap(\.value.text)) == ["Cedar House", "Beds"])
    }

    @Test(arguments: ["", "Ann Smith", "604-555-0199 ", "naïve", "Help", String(repeating: "a", count: 41), "a\n"])
    func `what is no word of a list cannot stand as a reason, part or purpose`(_ text: String) {
        #expect(FHIRCode(text) == nil)
    }

    @Test func `a consent without parts permits nothing`() throws {
        let value = try Self.parsed([try Self.referral(1, consent: try Self.consent(2, parts: []))])
        let consent = (value["entry"]?.array ?? []).compactMap { $0["resource"] }
            .first { $0["resourceType"]?.text == "Consent" }
        #expect(consent != nil && consent?["provision"] == nil)
        #expect(consent?["policyRule"]?["coding"]?.array?.first?["code"]?.text == "OPTOUT")
    }
}
