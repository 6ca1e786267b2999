import Foundation
import Kernel
import Support
import Testing

@testable import Formats

/// SplitMix64, so that a failing row comes again.
private struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// The official table of fields lies beside the project.
@Suite struct HTCDSTests {
    private static let table = Town.root.appending(path: "../shared/htcds/htcds_fields_2.0.csv")
    static let isThere = FileManager.default.fileExists(atPath: table.path)

    private static func rows(_ bytes: [UInt8]) throws -> [[String]] {
        var chunk: [UInt8]? = bytes
        var reader = CSVReader(fieldLimit: 1 << 20, rowLimit: 1 << 20, columnLimit: 100, isStrict: true) {
            defer { chunk = nil }
            return chunk
        }
        var rows: [[String]] = []
        while let row = try reader.row() { rows.append(row.fields) }
        return rows
    }

    /// Name and label of every field of the standard.
    private static func fields() throws -> [(name: String, label: String)] {
        try rows(Array(Data(contentsOf: table))).dropFirst().filter { !$0[6].isEmpty && $0[6] != "N/A" }
            .map { ($0[6], $0[5]) }
    }

    private static func sheet(_ people: [HTCDSCase]) throws -> [[String]] {
        var sheet = HTCDSSheet()
        var bytes = sheet.opening()
        for person in people { bytes += sheet.bytes(of: person) }
        #expect(bytes.prefix(3) == [0xef, 0xbb, 0xbf])
        return try rows(Array(bytes.dropFirst(3)))
    }

    private static let answers = [
        "needs": ["needs": ["housing", "legal"], "needs-more": ["a quiet room"]],
        "safe-contact": ["ways": ["text"], "reach": ["604-555-0199"], "must-not-know": ["my cousin"]],
        "language": ["languages": ["fr"], "interpreter": ["yes"]],
        "wishes": ["next": ["to rest"]], "access": ["access": ["no stairs"]],
        "companions": ["companions": ["children", "pets"]], "story": ["own-words": ["it began in spring"]],
    ]

    private static let every = Set(answers.keys)

    /// Who somebody is, where they live and how they are reached.
    private static let off: Set = [
        "prs_Salutation", "prs_FirstName", "prs_MiddleName", "prs_SecondName", "prs_Birthdate", "prs_Gender",
        "prs_Deceased", "prs_MaritalStatus", "prs_NumberOfChildren", "prs_SecondaryLanguage",
        "prs_HighestLevelOfEducation", "prs_Citizenship", "prs_IdentityNumber", "prs_Title", "prs_Email",
        "prs_HomePhone", "prs_MobilePhone", "prs_MailingCity", "prs_MailingCountry", "prs_MailingState",
        "prs_MailingStreet", "prs_MailingPostalCode", "prs_MailingLongitude", "prs_MailingLatitude",
    ]

    @Test(.enabled(if: isThere)) func `every column is a field of the standard, and stands in its order`() throws {
        let names = try Self.fields().map(\.name)
        #expect(names.count == 83)
        #expect(names.filter(HTCDSSheet.columns.contains) == HTCDSSheet.columns)
    }

    @Test(.enabled(if: isThere)) func `no field of who somebody is has a column, by its name`() throws {
        let fields = try Self.fields()
        // Of the person only the language, so that somebody can be spoken with.
        let ofPerson = Set(fields.map(\.name).filter { $0.hasPrefix("prs_") })
        #expect(ofPerson.subtracting(Self.off) == ["prs_PrimaryLanguage"])
        let kinds = [
            "name", "birth", "citizen", "nation", "identity", "passport", "gender", "marital", "phone", "email",
            "mailing",
            "street", "postal", "longitude", "latitude", "city", "country", "state", "age when", "salutation",
        ]
        let telling = fields.filter { field in
            kinds.contains { field.name.lowercased().contains($0) || field.label.lowercased().contains($0) }
        }.map(\.name)
        #expect(Set(telling).isDisjoint(with: HTCDSSheet.columns))
        #expect(telling.contains("prs_Citizenship") && telling.contains("prs_IdentityNumber"))
        for prefix in ["vic_", "per_", "org_"] { #expect(!HTCDSSheet.columns.contains { $0.hasPrefix(prefix) }) }
    }

    @Test(.enabled(if: isThere)) func `an answer under the name of any field of the standard is not written`() throws {
        var answers: [String: [String: [String]]] = [:]
        for part in Self.every {
            for field in try Self.fields() { answers[part, default: [:]][field.name] = ["marker"] }
        }
        let rows = try Self.sheet([HTCDSCase(answers: answers, allowed: Self.every)])
        #expect(!rows[1].contains { $0.contains("marker") })
    }

    @Test func `a person who allowed all parts is a row of what they answered`() throws {
        let person = HTCDSCase(
            answers: Self.answers, allowed: Self.every, referringOrganization: "Cedar House",
            acceptedOn: Day(year: 2026, month: 11, day: 21))
        let rows = try Self.sheet([person])
        #expect(rows[0] == HTCDSSheet.columns)
        let details = """
            needs: housing, legal
            needs-more: a quiet room
            languages: fr
            interpreter: yes
            access: no stairs
            companions: children, pets
            """
        #expect(rows[1] == ["fr", "Cedar House", "2026-11-21", details, "it began in spring", "to rest", "true"])
        #expect(!rows.joined().contains { $0.contains("555") || $0.contains("cousin") })
    }

    @Test func `a language in words is no code and stands with the details alone`() throws {
        let person = HTCDSCase(answers: ["language": ["languages": ["Cree, some English"]]], allowed: ["language"])
        #expect(HTCDSSheet.values(of: person)["prs_PrimaryLanguage"] == nil)
        #expect(HTCDSSheet.values(of: person)["cas_IncomingReferralDetails"] == "languages: Cree, some English")
    }

    @Test func `of every set of parts only what was allowed is written`() throws {
        let parts = Self.every.sorted()
        for bits in 0..<(1 << parts.count) {
            let allowed = Set(parts.indices.filter { bits >> $0 & 1 == 1 }.map { parts[$0] })
            let all = HTCDSCase(answers: Self.answers, allowed: allowed)
            let held = HTCDSCase(answers: Self.answers.filter { allowed.contains($0.key) }, allowed: Self.every)
            #expect(HTCDSSheet.values(of: all) == HTCDSSheet.values(of: held), "\(allowed)")
        }
    }

    @Test func `whatever was answered is read back from the table as it was written`() throws {
        var chance = Chance(state: 25)
        let pieces = [
            "=", "+", "-", "@", "＝", "\t", "\r\n", "\n", ",", ";", "\"", "'", " ", "a", "é", "e\u{301}", "🏠", "\u{a0}",
            "\u{feff}",
            "=HYPERLINK(\"x\")", "Cree", "1",
        ]
        for _ in 0..<2000 {
            func text() -> String {
                (0..<Int.random(in: 0...6, using: &chance)).compactMap { _ in pieces.randomElement(using: &chance) }
                    .joined()
            }
            let answers = Self.answers.mapValues { $0.mapValues { $0.map { _ in text() } } }
            let person = HTCDSCase(answers: answers, allowed: Self.every, referringOrganization: text())
            let values = HTCDSSheet.values(of: person)
            let rows = try Self.sheet([person])
            #expect(rows.count == 2)
            for (column, cell) in zip(HTCDSSheet.columns, rows[1]) {
                let value = values[column] ?? ""
                #expect(cell == (CSVText.looksLikeFormula(value) ? "'" + value : value), "\(column)")
                #expect(!CSVText.looksLikeFormula(cell))
            }
        }
    }
}
