package import Formats
package import Kernel

/// What pages and search read out of a projected listing, each rule once.
extension Projected<Listing> {
    var record: Record { value.record }
    package var id: Identifier<Record> { record.id }

    func members(_ name: String) -> [Listing] { value.members[name] ?? [] }
    /// Whose service it is; nil when that is not there or not for the viewer.
    package var organization: Listing? { members("organization").first }
    var locations: [Listing] {
        members("service_at_locations").flatMap { $0.members["location"] ?? [] } + members("locations")
    }

    /// A field in `language` if somebody wrote or reviewed it there, else as it was written.
    package func text(_ field: String, in language: Language) -> String? { value.text(field, in: language) }

    var phones: [Listing] {
        members("phones") + members("service_at_locations").flatMap { $0.members["phones"] ?? [] }
            + locations.flatMap { $0.members["phones"] ?? [] } + (organization?.members["phones"] ?? [])
    }

    /// The rows of the service and its places, else of its locations; none where some of them may not be seen.
    var schedules: [Listing] {
        for owners in [[value] + members("service_at_locations"), locations] {
            if owners.contains(where: \.hoursAreUntold) { return [] }
            let rows = owners.flatMap { $0.members["schedules"] ?? [] }
            if !rows.isEmpty { return rows }
        }
        return []
    }

    /// Nil when no hours are known or the stored ones cannot be read: unknown, never closed.
    var hours: OpeningHours? {
        let rules = schedules.compactMap { OpeningRule(schedule: $0.record) }
        guard !rules.isEmpty, rules.count == schedules.count else { return nil }
        return try? OpeningHours(rules: rules)
    }

    var places: [String] { ordered(locations.compactMap(\.placeId)) }

    var areas: [String] {
        let stated =
            members("service_areas") + members("service_at_locations").flatMap { $0.members["service_areas"] ?? [] }
        return ordered(stated.compactMap { $0.record["extent_type"] == "waymark-place" ? $0.record["extent"] : nil })
    }

    private func ordered(_ ids: [String]) -> [String] {
        var seen: Set<String> = []
        return ids.filter { seen.insert($0).inserted }
    }
}

extension Projected<Listing> {
    /// For the writers of all formats.
    package var tree: RecordTree { value.tree }
}

extension Listing {
    fileprivate var tree: RecordTree { RecordTree(record, members: members.mapValues { $0.map(\.tree) }) }

    /// The same of a part.
    package func text(_ field: String, in language: Language) -> String? {
        translations[field]?[language]?.text ?? record[field]
    }

    /// The gazetteer id of a location that was placed by its town.
    var placeId: String? {
        record["external_identifier_type"] == "waymark-place" ? record["external_identifier"] : nil
    }

    var coordinate: Coordinate? {
        guard let latitude = record.number("latitude"), let longitude = record.number("longitude") else { return nil }
        return Coordinate(latitude: latitude, longitude: longitude)
    }
}

extension OpeningRule {
    /// An HSDS schedule row; `zone` and `exception` are our additions, the standard's numeric time zone cannot say either.
    /// Nil for a row that says something a rule cannot: without it the rule would be about other days.
    init?(schedule record: Record) {
        guard let zone = record["zone"], !Self.saysMore(record) else { return nil }
        self.init(
            zone: zone, opensAt: record["opens_at"].flatMap(Self.minute),
            closesAt: record["closes_at"].flatMap(Self.minute))
        validFrom = record["valid_from"].flatMap(Day.init)
        validTo = record["valid_to"].flatMap(Day.init)
        dtstart = record["dtstart"].flatMap(Day.init)
        until = record["until"].flatMap(Day.init)
        count = record.number("count").flatMap { Int(exactly: $0) }
        freq = record["freq"]
        interval = record.number("interval").flatMap { Int(exactly: $0) } ?? 1
        byday = record["byday"] ?? ""
        bymonthday = record["bymonthday"] ?? ""
        exception = record["exception"] != nil
        closed = record["exception"] == "closed"
    }

    /// Days of the year or weeks of it, a start of the week that turns every other week around, an exception of another
    /// kind, or what is no day and no whole number. The 359th day is Christmas in three years of four.
    private static func saysMore(_ record: Record) -> Bool {
        let turns = record["freq"] != "MONTHLY" && (record.number("interval") ?? 1) != 1
        return record["byyearday"] != nil || record["byweekno"] != nil
            || turns && ![nil, "MO"].contains(record["wkst"])
            || ![nil, "closed", "open"].contains(record["exception"])
            || ["valid_from", "valid_to", "dtstart", "until"].contains { field in
                record.values[field] != nil && record[field].flatMap(Day.init) == nil
            }
            || ["count", "interval"].contains { field in
                record.values[field] != nil && record.number(field).flatMap { Int(exactly: $0) } == nil
            }
    }
}
