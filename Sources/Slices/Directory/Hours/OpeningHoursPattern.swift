import Foundation
import Kernel

/// Which days of a week or month a clause is about: a weekday (0 is Monday) in any or the nth place, a day of the
/// month, or a day that is both. Negative places and days count from the end of the month.
struct DaySelector: Hashable, Sendable {
    var weekday: Int?
    var ordinal = 0
    var monthDay: Int?

    static let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    func and(monthDay: Int?) -> DaySelector { DaySelector(weekday: weekday, ordinal: ordinal, monthDay: monthDay) }

    func matches(_ day: Day) -> Bool {
        if let weekday, day.weekday != weekday { return false }
        guard ordinal != 0 || monthDay != nil else { return true }
        let (year, month, date) = (day.year, day.month, day.day)
        let next = month == 12 ? Day(year: year + 1, month: 1, day: 1) : Day(year: year, month: month + 1, day: 1)
        let fromEnd = next - day
        if let monthDay, date != monthDay, fromEnd != -monthDay { return false }
        return ordinal == 0 || (ordinal > 0 ? (date + 6) / 7 == ordinal : (fromEnd + 6) / 7 == -ordinal)
    }
}

/// One line of canonical hours: on the selected days of every `interval`th week or month, these spans or, without
/// any, closed. `phase` is the week or month number modulo `interval`.
struct OpeningClause: Hashable, Sendable {
    enum Tier: Int, Sendable { case ordinary, closure, exception }

    var tier = Tier.ordinary
    var isMonthly = false
    var interval = 1
    var phase = 0
    var from: Day?
    var to: Day?
    var selector: DaySelector
    var spans: [OpeningSpan]

    /// Part of the plain week: neither bounded nor skipping.
    var isStanding: Bool { interval == 1 && from == nil && to == nil && isPlainWeekday }
    var isPlainWeekday: Bool { selector.ordinal == 0 && selector.monthDay == nil }

    /// Days of validity; the exception with the fewest wins.
    var length: Int { if let from, let to { to - from } else { .max } }

    var unbounded: OpeningClause { with { ($0.from, $0.to) = (nil, nil) } }
    func selecting(_ selector: DaySelector) -> OpeningClause { with { $0.selector = selector } }
    func ending(_ last: Day) -> OpeningClause { with { $0.to = min($0.to ?? last, last) } }

    func with(_ change: (inout OpeningClause) -> Void) -> OpeningClause {
        var copy = self
        change(&copy)
        return copy
    }

    /// The number, modulo `interval`, of the week from Monday or of the month that `day` is in.
    func turn(of day: Day) -> Int {
        let number = isMonthly ? day.year * 12 + day.month : (day.number + 3).flooredQuotient(7)
        return number - number.flooredQuotient(interval) * interval
    }

    func occurs(on day: Day) -> Bool {
        if let from, day < from { return false }
        if let to, day > to { return false }
        return selector.matches(day) && (interval == 1 || turn(of: day) == phase)
    }

    /// False when the clause is bounded to a few days and selects none of them.
    var everOccurs: Bool {
        guard let from, let to, length < 7 else { return length >= 0 }
        return (from.number...max(to.number, from.number)).contains { occurs(on: Day(number: $0)) }
    }
}

// The text form. A clause is `[!] [W2.1] [from..to] MO,TU 0900-1200,1300-1700`, with `x` for closed.
extension OpeningHours {
    /// The same hours as one canonical line: equal hours give equal text and `init(pattern:)` reads it back.
    /// Unknown hours are the empty text.
    package var pattern: String {
        guard let zone else { return "" }
        let groups = Dictionary(grouping: clauses) { $0.selecting(DaySelector()) }
        let lines = groups.map { clause, days in
            let selectors = days.map(\.selector).sorted { $0.order.lexicographicallyPrecedes($1.order) }
            let hours = clause.spans.isEmpty ? "x" : clause.spans.map(\.text).joined(separator: ",")
            return (clause.heading + [selectors.map(\.text).joined(separator: ","), hours]).joined(separator: " ")
        }
        return ([zone.identifier] + lines.sorted()).joined(separator: ";")
    }

    /// Reads `pattern`; nil for anything else and for a zone this machine does not know.
    package init?(pattern: String) {
        if pattern.isEmpty { self.init(zone: nil, clauses: []); return }
        let parts = pattern.split(separator: ";", omittingEmptySubsequences: false)
        guard let zone = Self.zone(named: String(parts[0])), parts.count > 1 else { return nil }
        var clauses: [OpeningClause] = []
        for part in parts.dropFirst() {
            guard let more = OpeningClause.list(part) else { return nil }
            clauses += more
        }
        self.init(zone: zone, clauses: clauses)
    }
}

extension OpeningClause {
    var heading: [String] {
        var heading = tier == .exception ? ["!"] : []
        if interval > 1 { heading.append("\(isMonthly ? "M" : "W")\(interval).\(phase)") }
        if from != nil || to != nil { heading.append("\(from?.description ?? "")..\(to?.description ?? "")") }
        return heading
    }

    static func list(_ text: Substring) -> [OpeningClause]? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 2 else { return nil }
        var clause = OpeningClause(selector: DaySelector(), spans: [])
        let hours = words[words.count - 1]
        if hours != "x" {
            guard let spans = DaySelector.list(String(hours), OpeningSpan.init(text:)), !spans.isEmpty
            else { return nil }
            clause.spans = spans
        }
        clause.tier = words[0] == "!" ? .exception : hours == "x" ? .closure : .ordinary
        for word in words.dropLast(2) where word != "!" {
            guard word.contains("..") ? clause.readBounds(word) : clause.readInterval(word) else { return nil }
        }
        let days = DaySelector.list(String(words[words.count - 2]), DaySelector.init(text:))
        guard let days, !days.isEmpty else { return nil }
        return days.map { clause.selecting($0) }
    }

    private mutating func readBounds(_ word: Substring) -> Bool {
        guard let dots = word.firstRange(of: "..") else { return false }
        let ends = [word[..<dots.lowerBound], word[dots.upperBound...]].map(String.init)
        (from, to) = (Day(ends[0]), Day(ends[1]))
        return (from != nil || ends[0].isEmpty) && (to != nil || ends[1].isEmpty) && (from ?? to) != nil
    }

    private mutating func readInterval(_ word: Substring) -> Bool {
        let figures = word.dropFirst().split(separator: ".", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard figures.count == 2, 2...1000 ~= figures[0], 0..<figures[0] ~= figures[1] else { return false }
        (isMonthly, interval, phase) = (word.first == "M", figures[0], figures[1])
        return word.first == "M" || word.first == "W"
    }
}

extension DaySelector {
    var order: [Int] { [monthDay ?? 0, ordinal, weekday ?? 0] }

    /// `MO`, `1TU`, `15`, or `FR+13` for a Friday the thirteenth.
    var text: String {
        let place = ordinal == 0 ? "" : "\(ordinal)"
        return [weekday.map { place + Self.names[$0] }, monthDay.map { "\($0)" }].compactMap(\.self)
            .joined(separator: "+")
    }

    init?(text: String) {
        let parts = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        guard let first = Self(weekdayText: parts[0]) ?? Self(monthDayText: parts[0]), parts.count <= 2
        else { return nil }
        self = first
        guard parts.count == 2 else { return }
        guard weekday != nil, let second = Self(monthDayText: parts[1]) else { return nil }
        monthDay = second.monthDay
    }

    init?(weekdayText text: String) {
        let place = text.dropLast(2)
        guard let weekday = Self.names.firstIndex(of: text.suffix(2).uppercased()),
            place.isEmpty || Int(place).map({ 1...5 ~= abs($0) }) == true
        else { return nil }
        self.init(weekday: weekday, ordinal: Int(place) ?? 0)
    }

    init?(monthDayText text: String) {
        guard let day = Int(text), 1...31 ~= day.magnitude else { return nil }
        self.init(monthDay: day)
    }

    /// Each part between commas, read; nil when one cannot be. Empty text is an empty list.
    static func list<Part>(_ text: String, _ read: (String) -> Part?) -> [Part]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap { read($0.filter { $0 != " " }) }
        return values.count == parts.count ? values : nil
    }
}
