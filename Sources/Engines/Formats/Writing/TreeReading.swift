import Kernel

/// What flat formats read out of a tree, each rule once.
extension RecordTree {
    /// Nil when the field is not there or has nothing but spaces.
    func text(_ field: String) -> String? {
        guard let text = record[field] else { return nil }
        return text.utf8.contains { $0 > 0x20 } ? text : nil
    }

    func trees(_ member: String) -> [RecordTree] { members[member] ?? [] }
    var organization: RecordTree? { trees("organization").first }

    /// A service's places with the record that says it is given there; an organization's without.
    var spots: [(at: RecordTree?, place: RecordTree)] {
        trees("service_at_locations").flatMap { at in at.trees("location").map { (at, $0) } }
            + trees("locations").map { (nil, $0) }
    }

    /// Own phones first, then those of the places, then the organization's; each number once.
    var phones: [RecordTree] {
        let all =
            trees("phones") + trees("service_at_locations").flatMap { $0.trees("phones") }
            + spots.flatMap { $0.place.trees("phones") } + (organization?.trees("phones") ?? [])
        var seen: Set<String> = []
        return all.filter { phone in phone.text("number").map { seen.insert($0).inserted } ?? false }
    }

    /// The number with its extension, as it is dialled.
    var dialled: String? {
        text("number").map { number in
            record.number("extension").flatMap { Int(exactly: $0) }.map { "\(number) ext. \($0)" } ?? number
        }
    }

    var email: String? { text("email") ?? organization?.text("email") }
    var website: String? { text("url") ?? text("website") ?? organization?.text("website") }
    var coordinate: Coordinate? {
        guard let latitude = record.number("latitude"), let longitude = record.number("longitude") else { return nil }
        return Coordinate(latitude: latitude, longitude: longitude)
    }

    /// The address of the place where people go; a postal one only when there is no other.
    var address: RecordTree? {
        trees("addresses").first { $0.text("address_type") == "physical" } ?? trees("addresses").first
    }

    /// Terms said of the record, by their own words: `need:housing`, or the name of the term.
    var terms: [String] {
        trees("attributes").compactMap { $0.text("value") ?? $0.trees("taxonomy_term").first?.text("name") }
    }

    /// The part of the terms that belongs to one vocabulary: `housing` of `need:housing`.
    func terms(of vocabulary: String) -> [String] {
        terms.compactMap { $0.hasPrefix(vocabulary + ":") ? String($0.dropFirst(vocabulary.utf8.count + 1)) : nil }
    }

    var languages: [String] { trees("languages").compactMap { $0.text("name") ?? $0.text("code") } }

    var areas: [String] {
        (trees("service_areas") + trees("service_at_locations").flatMap { $0.trees("service_areas") })
            .compactMap { $0.text("name") ?? $0.text("extent") }
    }

    /// `MO,TU 09:00–17:00`, one part for each schedule.
    var hours: [String] {
        (trees("schedules") + trees("service_at_locations").flatMap { $0.trees("schedules") }).compactMap { schedule in
            let times = [schedule.text("opens_at"), schedule.text("closes_at")].compactMap(\.self)
            let parts = [
                schedule.text("byday") ?? schedule.text("bymonthday"),
                times.isEmpty ? nil : times.joined(separator: "–"), schedule.text("description"),
            ].compactMap(\.self)
            return parts.isEmpty ? nil : parts.joined(separator: " ")
        }
    }

    /// The day on which somebody last made sure of the record, else the moment of its last change.
    var verified: String? { text("assured_date") ?? text("last_modified") }
}
