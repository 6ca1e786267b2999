import Kernel

/// What a facilitator types to open a workshop, before it is known to be one.
struct WorkshopForm: Sendable {
    var title = ""
    var heldOn = ""
    var venue = ""
    var startsAt = ""
    /// One a line.
    var groups = ""
    var minutes: [AgendaItem.Part: String] = [:]

    struct Plan: Sendable {
        let title: String
        let heldOn: Day
        let venue: String
        let startsAt: Int
        let groups: [String]
        let agenda: [AgendaItem]
    }

    static let longestLine = 120
    static let mostGroups = 20
    static let longestAbsent = 2000

    /// With the day given and the agenda of 2024.
    static func empty(on day: Day) -> WorkshopForm {
        var form = WorkshopForm()
        form.heldOn = day.description
        form.startsAt = "12:00"
        for part in AgendaItem.Part.allCases { form.minutes[part] = String(part.usualMinutes) }
        return form
    }

    /// What stands there already.
    init(_ workshop: Workshop) {
        (title, heldOn, venue) = (workshop.title, workshop.heldOn.description, workshop.venue)
        startsAt = "\(workshop.startsAt / 60):\(workshop.startsAt % 60 < 10 ? "0" : "")\(workshop.startsAt % 60)"
        if startsAt.utf8.count < 5 { startsAt = "0\(startsAt)" }
        groups = workshop.groups.joined(separator: "\n")
        for item in workshop.agenda { minutes[item.part] = String(item.minutes) }
    }

    init() {}

    /// - Parameters:
    ///   - today: a workshop is held from a year before to two years after it.
    ///   - known: what it changes: its groups stay the first, because notes name them by number, and what was started stays.
    func plan(on today: Day, changing known: Workshop? = nil) throws(Problems) -> Plan {
        var problems = Problems()
        line("title", title, &problems)
        line("venue", venue, &problems)
        let day = Day(heldOn)
        if let day {
            if day != known?.heldOn, day < today + -366 || day > today + 731 { problems.add("date", "workshop-far") }
        } else {
            problems.add("date", heldOn.isEmpty ? "required" : "workshop-date")
        }
        let start = Self.minute(startsAt)
        if start == nil { problems.add("starts", startsAt.isEmpty ? "required" : "workshop-time") }
        let names = groups.split(whereSeparator: \.isNewline).map { String($0.drop(while: \.isWhitespace)) }
            .filter { !$0.isEmpty }
        if names.isEmpty { problems.add("groups", "required") }
        if names.count > Self.mostGroups || names.contains(where: { $0.utf16.count > Self.longestLine }) {
            problems.add("groups", "too-long")
        } else if Set(names).count < names.count {
            problems.add("groups", "name-twice")
        } else if let known, !names.starts(with: known.groups) {
            problems.add("groups", "groups-stay")
        }
        let agenda = agenda(&problems)
        for item in known?.agenda ?? [] where item.startedAt != nil && !agenda.contains(where: { $0.part == item.part })
        {
            problems.add("minutes-\(item.part.rawValue)", "not-minutes")
        }
        try problems.check()
        guard let day, let start else { throw problems }
        return Plan(title: title, heldOn: day, venue: venue, startsAt: start, groups: names, agenda: agenda)
    }

    private func line(_ field: String, _ text: String, _ problems: inout Problems) {
        if text.isEmpty { problems.add(field, "required") }
        if text.utf16.count > Self.longestLine { problems.add(field, "too-long") }
    }

    /// What has no minutes is left out; the activities have some.
    private func agenda(_ problems: inout Problems) -> [AgendaItem] {
        AgendaItem.Part.allCases.compactMap { part in
            let text = minutes[part] ?? ""
            guard let count = Int(text.isEmpty ? "0" : text), 0...AgendaItem.longestMinutes ~= count,
                count > 0 || !part.isActivity
            else {
                problems.add("minutes-\(part.rawValue)", "not-minutes")
                return nil
            }
            return count == 0 ? nil : AgendaItem(part: part, minutes: count, startedAt: nil, endedAt: nil)
        }
    }

    /// `13:05` as minutes of the day; nil for what is no time.
    private static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ 1...2 ~= $0.count && $0.utf8.allSatisfy { 48...57 ~= $0 } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }
}
