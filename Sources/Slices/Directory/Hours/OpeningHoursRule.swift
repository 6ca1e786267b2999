package import Kernel

/// One HSDS 3.2.3 schedule row in RFC 5545 terms: the days it recurs on and its hours by the wall clock of `zone`.
/// A `closed` row overrides ordinary rows on its days; an `exception`, open or closed, overrides every other row.
package struct OpeningRule: Sendable, Hashable {
    /// An IANA name such as `America/Vancouver`; all rows of one value must agree.
    package var zone: String
    /// Minutes after local midnight. Closing at or before the opening means the next day; equal means 24 hours.
    package var opensAt: Int?
    package var closesAt: Int?
    /// First and last day, both included, for which the row is valid.
    package var validFrom: Day?
    package var validTo: Day?
    /// Where counting for `interval` and `count` starts; `validFrom` stands in when it is missing.
    package var dtstart: Day?
    package var until: Day?
    package var count: Int?
    /// `WEEKLY`, `MONTHLY`, or nil: then `byday` decides, and without it a dated row means each of its days.
    package var freq: String?
    package var interval = 1
    /// `MO,TU`, or with a place in the month `1TU,-1FR`.
    package var byday = ""
    /// `1,15,-1`; together with `byday` a day has to satisfy both.
    package var bymonthday = ""
    package var closed = false
    /// Needs a day to begin or end on: what replaces the usual hours for ever is no exception.
    package var exception = false

    package init(zone: String, opensAt: Int? = nil, closesAt: Int? = nil) {
        self.zone = zone
        self.opensAt = opensAt
        self.closesAt = closesAt
    }

    /// Minutes of `HH:MM` or `HH:MM:SS` from 00:00 to 24:00; nil otherwise, and nil with a `Z` or offset, which
    /// only the importer can turn into wall time.
    package static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let figures = parts.compactMap { $0.utf8.count == 2 && $0.utf8.allSatisfy { 48...57 ~= $0 } ? Int($0) : nil }
        guard figures.count == parts.count, 2...3 ~= figures.count, figures.dropFirst().allSatisfy({ $0 < 60 })
        else { return nil }
        let minute = figures[0] * 60 + figures[1]
        return minute <= 1440 ? minute : nil
    }
}

extension OpeningRule {
    /// The row as clauses of one day selector each, or what is wrong with it under the HSDS field names after `row`.
    func clauses(row: Int, problems: inout Problems) -> [OpeningClause] {
        var faults: [(String, String)] = []
        let spans = self.spans(&faults)
        checkBounds(&faults)
        let selectors = self.selectors(&faults)
        for (field, code) in faults { problems.add("\(row).\(field)", code) }
        guard faults.isEmpty, let spans, let selectors else { return [] }
        var clause = OpeningClause(selector: DaySelector(), spans: spans)
        clause.tier = exception ? .exception : closed ? .closure : .ordinary
        clause.isMonthly = isMonthly && interval > 1
        clause.interval = interval
        if interval > 1, let anchor { clause.phase = clause.turn(of: anchor) }
        clause.from = [validFrom, dtstart].compactMap(\.self).max()
        clause.to = [validTo, until, lastOfEachDay].compactMap(\.self).min()
        let clauses = selectors.map { clause.selecting($0) }
        guard let last = lastCounted(of: clauses) else { return clauses }
        return clauses.map { $0.ending(last) }
    }

    private var anchor: Day? { dtstart ?? validFrom }

    private var isMonthly: Bool {
        freq?.uppercased() == "MONTHLY" || freq == nil && (!bymonthday.isEmpty || byday.contains { $0.isNumber })
    }

    /// A row of neither a frequency nor days is a date, or for an exception the dates it is valid on.
    private var isEachDay: Bool { freq == nil && byday.isEmpty && bymonthday.isEmpty }

    private var lastOfEachDay: Day? {
        guard isEachDay, let dtstart else { return nil }
        return (exception || closed) && (validFrom ?? validTo) != nil ? nil : dtstart
    }

    private func spans(_ faults: inout [(String, String)]) -> [OpeningSpan]? {
        if closed { return [] }
        for (field, minute, last) in [("opens_at", opensAt, 1439), ("closes_at", closesAt, 1440)] {
            guard let minute else { faults.append((field, "missing")); continue }
            if !(0...last ~= minute) { faults.append((field, "not-a-time")) }
        }
        guard faults.isEmpty, let opensAt, let closesAt else { return nil }
        return [OpeningSpan(opens: opensAt, closes: closesAt > opensAt ? closesAt : closesAt + 1440)]
    }

    private func checkBounds(_ faults: inout [(String, String)]) {
        if OpeningHours.zone(named: zone) == nil { faults.append(("timezone", "unknown")) }
        if let freq, !["WEEKLY", "MONTHLY"].contains(freq.uppercased()) { faults.append(("freq", "unknown")) }
        let days = [("valid_from", validFrom), ("valid_to", validTo), ("dtstart", dtstart), ("until", until)]
        let calendar = Day(year: 1900, month: 1, day: 1)...Day(year: 2199, month: 12, day: 31)
        for case (let field, let day?) in days where !calendar.contains(day) { faults.append((field, "out-of-range")) }
        if let validFrom, let validTo, validTo < validFrom { faults.append(("valid_to", "before-start")) }
        if !(1...1000 ~= interval) { faults.append(("interval", "out-of-range")) }
        if let count, !(1...1000 ~= count) { faults.append(("count", "out-of-range")) }
        if interval > 1 || count != nil, anchor == nil { faults.append(("dtstart", "missing")) }
        if exception, days.allSatisfy({ $0.1 == nil }) { faults.append(("valid_from", "missing")) }
    }

    private func selectors(_ faults: inout [(String, String)]) -> [DaySelector]? {
        let days = DaySelector.list(byday, DaySelector.init(weekdayText:))
        let monthDays = DaySelector.list(bymonthday, DaySelector.init(monthDayText:))
        if days == nil { faults.append(("byday", "not-a-day")) }
        if monthDays == nil { faults.append(("bymonthday", "not-a-day")) }
        guard let days, let monthDays else { return nil }
        if !isMonthly {
            if days.contains(where: { $0.ordinal != 0 }) { faults.append(("byday", "needs-monthly")) }
            if !monthDays.isEmpty { faults.append(("bymonthday", "needs-monthly")) }
        }
        if !days.isEmpty, !monthDays.isEmpty {
            return days.flatMap { day in monthDays.map { day.and(monthDay: $0.monthDay) } }
        }
        if !days.isEmpty || !monthDays.isEmpty { return days + monthDays }
        return impliedSelectors(&faults)
    }

    private func impliedSelectors(_ faults: inout [(String, String)]) -> [DaySelector]? {
        let isDated = exception || closed ? validFrom ?? validTo != nil : validFrom != nil && validTo != nil
        if isEachDay, dtstart != nil || isDated { return (0...6).map { DaySelector(weekday: $0) } }
        guard !isEachDay, let dtstart else { faults.append(("byday", "missing")); return nil }
        return [isMonthly ? DaySelector(monthDay: dtstart.day) : DaySelector(weekday: dtstart.weekday)]
    }

    /// The day of the `count`th occurrence, for which RFC 5545 counts from the start whatever the validity.
    private func lastCounted(of clauses: [OpeningClause]) -> Day? {
        guard let count, let anchor else { return nil }
        let unbounded = clauses.map(\.unbounded)
        var found = 0
        for day in (0...40_000).lazy.map({ anchor + $0 }) where unbounded.contains(where: { $0.occurs(on: day) }) {
            found += 1
            if found == count { return day }
        }
        return nil
    }
}
