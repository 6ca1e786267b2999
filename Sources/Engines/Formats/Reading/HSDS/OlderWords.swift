import Foundation
import Kernel

/// Says in HSDS 3.2.3 words what rows of HSDS 1.1 and 2.0 say. Names that did not change stay; `moved` and the functions
/// below are the rest. Source: the changelog of HSDS 3.0.
struct OlderWords {
    let intake: Intake
    /// Eligibility by the id of its service: a table of its own in HSDS 1.1 and 2.0, a field in 3.
    var eligibility: [String: String] = [:]

    func take(_ row: OlderRow) throws {
        for var record in try records(of: row) {
            if record.id == nil { record.id = ContentId.of(record) }
            try intake.take(record)
        }
    }

    private func records(of row: OlderRow) throws -> [RawRecord] {
        switch row.table {
        case .eligibility: return []
        case .service: return service(row)
        case .phone: return phone(row)
        case .location: return [filled(row, .location, ["location_type": "physical"])]
        case .serviceAttribute, .serviceTaxonomy, .otherAttribute: return [attribute(row)]
        case .physicalAddress, .postalAddress: return address(row)
        case .regularSchedule: return try regular(row)
        case .holidaySchedule: return HolidayWords.records(row, id: row["id"].map { "holiday/\($0)" })
        case .schedule: return [schedule(row)]
        case .paymentAccepted: return [payment(row)]
        case .serviceAtLocation: return try serviceAtLocation(row)
        case .taxonomy, .taxonomyTerm: return [filled(row, .taxonomyTerm)]
        case .accessibility: return [filled(row, .accessibility)]
        default: return [filled(row, RecordKind(rawValue: row.table.rawValue) ?? .attribute)]
        }
    }

    /// Columns that have another name now.
    private static let moved: [OlderTable: [String: String]] = [
        .organization: ["url": "website"],
        .service: ["fees": "fees_description"],
        .serviceArea: ["service_area": "name"],
        .language: ["language": "name"],
        .accessibility: ["accessibility": "description"],
        .taxonomy: ["vocabulary": "taxonomy", "parent_name": ""],
        .taxonomyTerm: ["term": "name"],
        .serviceTaxonomy: ["taxonomy_id": "taxonomy_term_id", "taxonomy_detail": "value", "service_id": "link_id"],
        .serviceAttribute: ["service_id": "link_id"],
    ]

    /// The row as one record of `kind`, with `defaults` for what it leaves open.
    private func filled(
        _ row: OlderRow, _ kind: RecordKind, _ defaults: [String: String] = [:], without left: Set<String> = []
    ) -> RawRecord {
        var record = RawRecord(kind, id: row["id"], at: row.origin)
        let moved = Self.moved[row.table] ?? [:]
        for (column, value) in row.values where column != "id" && !value.isEmpty && !left.contains(column) {
            let field = moved[column] ?? column
            if !field.isEmpty { record[field] = value }
        }
        for (field, value) in defaults where record.values[field] == nil { record[field] = value }
        return record
    }

    private func service(_ row: OlderRow) -> [RawRecord] {
        let left: Set<String> = ["taxonomy_ids", "eligibility"]
        var service = filled(row, .service, ["status": "active"], without: left)
        service["eligibility_description"] = row["eligibility"] ?? row["id"].flatMap { eligibility[$0] }
        let terms = ListText.parts(row["taxonomy_ids"])
        return [service]
            + terms.map { term in
                RawRecord(
                    .attribute, id: service.id.map { "\($0)/taxonomy/\(term)" },
                    ["link_id": service.id, "link_entity": "service", "taxonomy_term_id": term], at: row.origin)
            }
    }

    private func phone(_ row: OlderRow) -> [RawRecord] {
        var phone = filled(row, .phone, without: ["language", "department"])
        phone["description"] = ListText.joined([row["department"], row["description"]])
        guard phone.values["number"] != nil else { return [] }
        phone.id = phone.id ?? ContentId.of(phone)
        return [phone]
            + ListText.parts(row["language"]).map { language in
                RawRecord(
                    .language, id: phone.id.map { "\($0)/language/\(language)" },
                    ["phone_id": phone.id, "name": language], at: row.origin)
            }
    }

    private func attribute(_ row: OlderRow) -> RawRecord {
        var attribute = filled(row, .attribute, ["link_entity": "service"], without: ["link_type"])
        if row.table == .otherAttribute, let type = row["link_type"] {
            attribute["link_entity"] = TableNames.kind(type)?.rawValue ?? type
        }
        return attribute
    }

    /// An address of an organization without a location gets a location, because HSDS 3 knows addresses of these alone.
    private func address(_ row: OlderRow) -> [RawRecord] {
        let type = row.table == .postalAddress ? "postal" : "physical"
        let left: Set<String> = ["address_2", "address_3", "address_4", "organization_id"]
        var address = filled(row, .address, ["address_type": type], without: left)
        address.id = row["id"].map { "\(type)/\($0)" }
        address["address_2"] = ListText.joined([row["address_2"], row["address_3"], row["address_4"]])
        guard address.values["address_1"] != nil || address.values["city"] != nil else { return [] }
        guard row["location_id"] == nil, let organization = row["organization_id"] else { return [address] }
        let location = RawRecord(
            .location, id: "\(organization)/\(type)", ["organization_id": organization, "location_type": type],
            at: row.origin)
        address["location_id"] = location.id
        return [location, address]
    }

    private func serviceAtLocation(_ row: OlderRow) throws -> [RawRecord] {
        guard row["service_id"] != nil, row["location_id"] != nil else {
            try intake.fault(
                "missing-reference", "A service at a location names only one of the two and is left out.",
                field: row["service_id"] == nil ? "service_id" : "location_id", at: row.origin)
            return []
        }
        return [filled(row, .serviceAtLocation)]
    }

    private func payment(_ row: OlderRow) -> RawRecord {
        RawRecord(
            .costOption, id: row["id"].map { "payment/\($0)" },
            ["service_id": row["service_id"], "option": "Payment accepted", "amount_description": row["payment"]],
            at: row.origin)
    }

    /// A day without times is closed, which a week of HSDS says by not having it.
    private func regular(_ row: OlderRow) throws -> [RawRecord] {
        var schedule = filled(row, .schedule, ["freq": "WEEKLY"], without: ["weekday"])
        guard row["opens_at"] != nil || row["closes_at"] != nil else { return [] }
        guard let day = row["weekday"].flatMap(WeekdayText.byday) else {
            try intake.fault(
                "not-a-weekday", "“weekday” of a schedule is no day of the week; the row is left out.",
                field: "weekday", at: row.origin)
            return []
        }
        schedule["byday"] = day
        schedule.id = row["id"].map { "regular/\($0)" }
        return [schedule]
    }

    /// A schedule of HSDS 2.0 may name its zone where HSDS 3 has a number of hours.
    private func schedule(_ row: OlderRow) -> RawRecord {
        var schedule = filled(row, .schedule)
        if let zone = row["timezone"], FieldCheck.number(zone) == nil {
            schedule["timezone"] = nil
            schedule["zone"] = zone
        }
        return schedule
    }
}

/// Days on which the hours are others: holidays and seasons.
enum HolidayWords {
    /// Schedules with `exception`. A holiday of every year has no days to be valid on and HSDS knows no yearly frequency, so
    /// it is one row of every twelfth month for each month it touches: days counted from New Year would slip in leap years.
    static func records(_ row: OlderRow, id: String?) -> [RawRecord] {
        let isClosed = row["closed"].map { ["true", "t", "yes", "y", "1"].contains($0.lowercased()) } ?? false
        var record = RawRecord(
            .schedule, id: id,
            [
                "service_id": row["service_id"], "location_id": row["location_id"],
                "service_at_location_id": row["service_at_location_id"],
                "exception": isClosed ? "closed" : "open",
                "opens_at": isClosed ? nil : row["opens_at"], "closes_at": isClosed ? nil : row["closes_at"],
            ], at: row.origin)
        guard let start = row["start_date"], let end = row["end_date"], let first = CalendarText.yearly(start),
            let last = CalendarText.yearly(end)
        else {
            record["valid_from"] = row["start_date"]
            record["valid_to"] = row["end_date"] ?? row["start_date"]
            return [record]
        }
        let days = first == last ? "on \(words(first))" : "from \(words(first)) to \(words(last))"
        record["description"] = "\(isClosed ? "Closed" : "Other hours") every year \(days)"
        return months(first, last).enumerated().map { place, part in
            var record = record
            if place > 0 { record.id = id.map { "\($0)/\(place + 1)" } }
            record["freq"] = "MONTHLY"
            record["interval"] = "12"
            record["bymonthday"] = part.days.map(String.init).joined(separator: ",")
            record["dtstart"] = Day(year: leapYear, month: part.month, day: part.days.lowerBound).description
            return record
        }
    }

    /// Any year long ago that has a 29 February.
    private static let leapYear = 2000

    private static func words(_ day: (month: Int, day: Int)) -> String {
        "\(CalendarText.months[day.month - 1].capitalized) \(day.day)"
    }

    /// The days of each month from one day of the year to another, over New Year when the other comes before it.
    private static func months(
        _ first: (month: Int, day: Int), _ last: (month: Int, day: Int)
    ) -> [(month: Int, days: ClosedRange<Int>)] {
        let turns = first > last
        return (first.month...last.month + (turns ? 12 : 0)).map { number in
            let month = (number - 1) % 12 + 1
            let isEnd = number == last.month + (turns ? 12 : 0)
            let length = [4, 6, 9, 11].contains(month) ? 30 : month == 2 ? 29 : 31
            return (month, (number == first.month ? first.day : 1)...(isEnd ? last.day : length))
        }
    }
}

/// Several values in one text.
enum ListText {
    static func parts(_ text: String?, separators: Set<Character> = [",", ";"]) -> [String] {
        var seen: Set<String> = []
        return (text ?? "").split { separators.contains($0) }.map { FieldCheck.tidy(String($0)) }
            .filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    /// The parts that are there, with a comma between them; nil when none is.
    static func joined(_ parts: [String?], _ separator: String = ", ") -> String? {
        let parts = parts.compactMap(\.self).filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: separator)
    }
}
