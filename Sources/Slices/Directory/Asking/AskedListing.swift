import Formats
import Kernel
import Storage
import Web

/// What a provider is asked about: a listing as everybody sees it, in fields that can be said right or wrong.
struct AskedListing: Sendable {
    let scope: Projected<Listing>
    let parts: [Part]
    /// Services that one page has no room for.
    let leftOut: Int

    /// One organization or service of it.
    struct Part: Sendable {
        let listing: Projected<Listing>
        let fields: [AskedField]
    }

    /// What a form may send back, so that no honest answer is too long: fields, and bytes as forms write them.
    private static let mostFields = 120
    private static let mostBytes = 40_000

    init(scope: Projected<Listing>, services: [Projected<Listing>], in language: Language) {
        self.scope = scope
        let sorted = services.sorted { ($0.record["name"] ?? "", $0.id) < ($1.record["name"] ?? "", $1.id) }
        var parts: [Part] = []
        var (count, bytes) = (0, 0)
        for listing in [scope] + sorted {
            let fields = Array(AskedField.all(of: listing, in: language).prefix(Self.mostFields))
            count += fields.count
            bytes += fields.reduce(0) { $0 + $1.name.utf8.count + encodedForQuery($1.value).utf8.count + 2 }
            if !parts.isEmpty, count > Self.mostFields || bytes > Self.mostBytes { break }
            parts.append(Part(listing: listing, fields: fields))
        }
        self.parts = parts
        leftOut = 1 + services.count - parts.count
    }

    var fields: [AskedField] { parts.flatMap(\.fields) }

    /// Changes when anything that is asked about changes.
    var fingerprint: String {
        String(
            sha256(fields.map { "\($0.name.utf8.count):\($0.name)\($0.value.utf8.count):\($0.value)" }.joined()).prefix(
                16))
    }
}

/// One field that a provider reads and may correct. Hours and languages are many records of which people speak as one: a
/// correction of them is a sentence for staff.
struct AskedField: Sendable {
    let kind: RecordKind
    let record: Identifier<Record>
    /// Empty for hours and languages.
    let field: String
    let topic: Proposal.Topic
    let label: DirectoryPhrase
    let value: String
    let isLong: Bool
    let isRequired: Bool
    let form: HSDSField.Form

    /// The name in the form.
    var name: String { "\(record).\(field.isEmpty ? topic.rawValue : field)" }

    private static let asked: [RecordKind: [(field: String, label: DirectoryPhrase, isLong: Bool)]] = [
        .organization: [
            ("name", .fieldName, false), ("description", .fieldDescription, true), ("website", .fieldWebsite, false),
            ("email", .fieldEmail, false),
        ],
        .service: [
            ("name", .fieldName, false), ("description", .fieldDescription, true), ("url", .fieldWebsite, false),
            ("email", .fieldEmail, false), ("eligibility_description", .fieldEligibility, true),
            ("application_process", .fieldApply, true), ("fees_description", .fieldFees, false),
            ("wait_time", .fieldWait, false),
        ],
        .phone: [("number", .fieldPhone, false)],
        .address: [
            ("address_1", .fieldStreet, false), ("city", .fieldTown, false), ("postal_code", .fieldPostalCode, false),
        ],
    ]

    static func all(of listing: Projected<Listing>, in language: Language) -> [AskedField] {
        var fields = fields(of: listing.record)
        let own =
            listing.members("phones") + listing.members("service_at_locations").flatMap { $0.members["phones"] ?? [] }
            + listing.locations.flatMap { $0.members["phones"] ?? [] }
        for phone in own { fields += Self.fields(of: phone.record) }
        for address in listing.locations.flatMap({ $0.members["addresses"] ?? [] }) {
            fields += Self.fields(of: address.record)
        }
        guard listing.record.kind == .service else { return fields }
        let languages = listing.members("languages").compactMap { spoken in
            spoken.record["code"].map { LanguageNames.name($0, in: language) } ?? spoken.record["name"]
        }
        let hours = HoursSentence(listing.schedules, in: language)
        fields.append(AskedField(about: .hours, .fieldHours, listing, hours.text))
        fields.append(AskedField(about: .languages, .fieldLanguages, listing, languages.joined(separator: ", ")))
        return fields
    }

    private static func fields(of record: Record) -> [AskedField] {
        (asked[record.kind] ?? []).compactMap { field, label, isLong in
            guard let known = record.kind.object.field(field) else { return nil }
            let value = record.values[field]?.written ?? ""
            // A withheld street looks like an unknown one: nobody is asked for it here.
            if record.kind == .address, value.isEmpty { return nil }
            // What a form cannot send back is not asked.
            if value.unicodeScalars.count > ProviderAnswer.longestValue { return nil }
            return AskedField(record, known, label, value, isLong)
        }
    }

    private init(_ record: Record, _ known: HSDSField, _ label: DirectoryPhrase, _ value: String, _ isLong: Bool) {
        (kind, self.record, field, topic) = (record.kind, record.id, known.name, .value)
        (self.label, self.value, self.isLong) = (label, value, isLong)
        (isRequired, form) = (known.isRequired, known.form)
    }

    private init(
        about topic: Proposal.Topic, _ label: DirectoryPhrase, _ listing: Projected<Listing>, _ value: String
    ) {
        (kind, record, field, self.topic) = (listing.record.kind, listing.id, "", topic)
        (self.label, self.value, isLong) = (label, value, true)
        (isRequired, form) = (false, .text)
    }
}

/// Opening rules as people write them: `Monday, Tuesday 09:00 – 17:00`, a rule a line.
private struct HoursSentence {
    let text: String

    private static let codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    init(_ schedules: [Listing], in language: Language) {
        text = schedules.map { schedule in
            let days = (schedule.record["byday"] ?? "").split(separator: ",").map { code in
                let name = Self.codes.firstIndex(of: String(code.suffix(2))).map {
                    PageSetting.weekday($0, in: language)
                }
                return "\(code.dropLast(2))\(code.count > 2 ? ". " : "")\(name ?? String(code))"
            }
            let times = ["opens_at", "closes_at"].compactMap { schedule.record[$0] }.joined(separator: " – ")
            return [days.joined(separator: ", "), times, schedule.record["description"] ?? ""]
                .filter { !$0.isEmpty }.joined(separator: " ")
        }.joined(separator: "\n")
    }
}
