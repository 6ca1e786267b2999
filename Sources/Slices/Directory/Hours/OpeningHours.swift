package import Kernel

/// Hours of one local day in minutes after its midnight; `closes` above 1440 is on the day after.
package struct OpeningSpan: Sendable, Hashable {
    package let opens: Int
    package let closes: Int

    /// Sorted, with overlapping and touching spans made one.
    static func union(_ spans: [OpeningSpan]) -> [OpeningSpan] {
        if spans.count < 2 { return spans }
        return spans.sorted { $0.opens < $1.opens }.reduce(into: []) { merged, span in
            guard let last = merged.last, span.opens <= last.closes else { merged.append(span); return }
            merged[merged.count - 1] = OpeningSpan(opens: last.opens, closes: max(last.closes, span.closes))
        }
    }
}

/// What one can say at a moment. Unknown is never closed: without a row for ordinary days nothing is claimed.
package enum OpeningStatus: Sendable, Hashable {
    case unknown
    /// Nil when no closing comes within 14 days.
    case open(until: Instant?)
    /// Nil when no opening comes within 14 days.
    case closed(opens: Instant?)
}

/// When a place is open, by the wall clock of one zone. Hours belong to the day they start on, so a closure of a day
/// leaves the end of the night before; the exception valid for the fewest days wins, and a closure wins a tie.
package struct OpeningHours: Sendable, Hashable {
    /// Nil when the hours are unknown.
    package let zone: Zone?
    /// The plain week, Monday first.
    let week: [[OpeningSpan]]
    /// Every clause that is not part of the plain week.
    let dated: [OpeningClause]
    private let statesOrdinaryDays: Bool
    private static let horizon = 14

    /// Throws what is impossible in the rows, as row number and HSDS field: `0.byday`, `not-a-day`.
    package init(rules: [OpeningRule]) throws(Problems) {
        var problems = Problems()
        var clauses: [OpeningClause] = []
        for (row, rule) in rules.enumerated() {
            clauses += rule.clauses(row: row, problems: &problems)
            if rule.zone != rules[0].zone { problems.add("\(row).timezone", "differs") }
        }
        try problems.check()
        self.init(zone: rules.first.flatMap { Self.zone(named: $0.zone) }, clauses: clauses)
    }

    /// Brings clauses into the one form that equal hours share.
    init(zone: Zone?, clauses: [OpeningClause]) {
        let merged = Self.merged(clauses)
        var week: [[OpeningSpan]] = Array(repeating: [], count: 7)
        for clause in merged where clause.isStanding && clause.tier == .ordinary {
            week[clause.selector.weekday ?? 0] = clause.spans
        }
        let closures = merged.filter { $0.isStanding && $0.tier == .closure }
        for clause in closures { week[clause.selector.weekday ?? 0] = [] }
        if Self.isUnbroken(week) { week = Array(repeating: [OpeningSpan(opens: 0, closes: 1440)], count: 7) }
        var dated = merged.filter { !$0.isStanding || $0.tier == .exception }
        let isPlain = week.contains { !$0.isEmpty } && !dated.contains { $0.tier == .ordinary }
        if !isPlain { dated += closures }
        self.week = week
        self.dated = dated.map { ($0, "\($0.tier.rawValue) \($0.heading) \($0.selector.order)") }.sorted { $0.1 < $1.1 }
            .map(\.0)
        statesOrdinaryDays = week.contains { !$0.isEmpty } || dated.contains { $0.tier != .exception }
        self.zone = clauses.contains(where: \.everOccurs) ? zone : nil
    }

    private static func merged(_ clauses: [OpeningClause]) -> [OpeningClause] {
        let groups = Dictionary(grouping: clauses.filter(\.everOccurs)) { $0.with { $0.spans = [] } }
        return groups.map { clause, same in
            let isClosed = same.contains { $0.spans.isEmpty }
            return clause.with { $0.spans = isClosed ? [] : OpeningSpan.union(same.flatMap(\.spans)) }
        }
    }

    /// The zone of an IANA name; abbreviations and fixed offsets are not names of a place's clock.
    static func zone(named name: String) -> Zone? {
        name.contains("/") || name == "UTC" || name == "GMT" ? Zone(identifier: name) : nil
    }

    var clauses: [OpeningClause] {
        let standing = week.indices.filter { !week[$0].isEmpty }
        return standing.map { OpeningClause(selector: DaySelector(weekday: $0), spans: week[$0]) } + dated
    }
}

extension OpeningHours {
    /// The hours that start on `day`.
    package func spans(on day: Day) -> [OpeningSpan] {
        let standing = week[day.weekday]
        if dated.isEmpty { return standing }
        let clauses = dated.filter { $0.occurs(on: day) }
        let exceptions = clauses.filter { $0.tier == .exception }
        if let shortest = exceptions.lazy.map(\.length).min() {
            let winners = exceptions.filter { $0.length == shortest }
            return winners.contains { $0.spans.isEmpty } ? [] : OpeningSpan.union(winners.flatMap(\.spans))
        }
        if clauses.contains(where: { $0.tier == .closure }) { return [] }
        return clauses.isEmpty ? standing : OpeningSpan.union(standing + clauses.flatMap(\.spans))
    }

    /// Seven days for a table; hours past midnight stand on the day they start.
    package func week(from first: Day) -> [(day: Day, spans: [OpeningSpan])] {
        (0...6).map { (first + $0, spans(on: first + $0)) }
    }

    /// Open on a usual week outside Monday to Friday 08:00–18:00. Exceptions do not count, nor rows with a last day
    /// while others have none.
    package var opensAfterHours: Bool {
        let ordinary = clauses.filter { $0.tier == .ordinary }
        let lasting = ordinary.filter { $0.to == nil }
        return (lasting.isEmpty ? ordinary : lasting).contains { clause in
            clause.selector.weekday ?? 0 > 4 || clause.spans.contains { $0.opens < 480 || $0.closes > 1080 }
        }
    }

    /// Open every minute of the seven days from `first`, dated closures counted.
    package func isOpenAllWeek(from first: Day) -> Bool {
        isAlways && week(from: first).allSatisfy { $0.spans == [OpeningSpan(opens: 0, closes: 1440)] }
    }

    /// Open every minute of every week by the rows without a last day; dated closures and exceptions do not count.
    package var isAlways: Bool {
        var week: [[OpeningSpan]] = Array(repeating: [], count: 7)
        let lasting = clauses.filter { $0.to == nil && $0.interval == 1 && $0.isPlainWeekday }
        for clause in lasting { week[clause.selector.weekday ?? 0] += clause.spans }
        for clause in lasting where clause.spans.isEmpty { week[clause.selector.weekday ?? 0] = [] }
        return Self.isUnbroken(week)
    }

    /// True when the spans, with Sunday's night running into Monday, leave no minute of the week out.
    private static func isUnbroken(_ week: [[OpeningSpan]]) -> Bool {
        let twice = (0..<14).flatMap { day in
            week[day % 7].map { OpeningSpan(opens: day * 1440 + $0.opens, closes: day * 1440 + $0.closes) }
        }
        return OpeningSpan.union(twice).contains { $0.closes - $0.opens >= 8 * 1440 }
    }
}

extension OpeningHours {
    /// Open, closed or unknown at a moment, and when that next changes. About a microsecond for a plain week.
    package func status(at now: Instant) -> OpeningStatus {
        guard let zone else { return .unknown }
        let (today, minute) = now.wallClock(in: zone)
        var current: OpeningSpan?
        for day in (-2...Self.horizon + 1).lazy.map({ today + $0 }) {
            let midnight = day.number * 1440
            for span in spans(on: day) {
                let (opens, closes) = (midnight + span.opens, midnight + span.closes)
                if let open = current {
                    guard Self.adjoins(opens, open.closes, in: zone) else { return closing(open, after: now, in: zone) }
                    current = OpeningSpan(opens: open.opens, closes: max(open.closes, closes))
                    continue
                }
                if closes + 240 < today.number * 1440 + minute { continue }
                let start = Instant(localMinute: opens, in: zone)
                let end = Instant(localMinute: closes, last: true, in: zone)
                if end <= now || end <= start { continue }
                if start > now { return opening(start, after: now, on: today) }
                current = OpeningSpan(opens: opens, closes: closes)
            }
        }
        return current.map { closing($0, after: now, in: zone) } ?? opening(nil, after: now, on: today)
    }

    /// Whether hours follow others without a pause, also where a clock set back makes them overlap.
    private static func adjoins(_ opens: Int, _ closes: Int, in zone: Zone) -> Bool {
        if opens <= closes { return true }
        if opens > closes + 240 { return false }
        return Instant(localMinute: opens, in: zone) <= Instant(localMinute: closes, last: true, in: zone)
    }

    private func closing(_ open: OpeningSpan, after now: Instant, in zone: Zone) -> OpeningStatus {
        let end = Instant(localMinute: open.closes, last: true, in: zone)
        return .open(until: end.seconds - now.seconds > Int64(Self.horizon) * 86_400 ? nil : end)
    }

    private func opening(_ start: Instant?, after now: Instant, on today: Day) -> OpeningStatus {
        guard statesOrdinaryDays || dated.contains(where: { $0.occurs(on: today) }) else { return .unknown }
        guard let start, start.seconds - now.seconds <= Int64(Self.horizon) * 86_400 else { return .closed(opens: nil) }
        return .closed(opens: start)
    }
}

extension OpeningSpan {
    var text: String { "\(Self.clock(opens))-\(Self.clock(closes))" }

    private static func clock(_ minute: Int) -> String {
        String(String(10_000 + minute / 60 * 100 + minute % 60).dropFirst())
    }

    init?(text: String) {
        let figures = text.split(separator: "-", omittingEmptySubsequences: false).compactMap { part in
            part.utf8.count == 4 && part.utf8.allSatisfy { 48...57 ~= $0 } ? Int(part) : nil
        }
        guard figures.count == 2, figures.allSatisfy({ $0 % 100 < 60 }) else { return nil }
        let minutes = figures.map { $0 / 100 * 60 + $0 % 100 }
        guard 0..<1440 ~= minutes[0], minutes[0] < minutes[1], minutes[1] < 2880 else { return nil }
        self.init(opens: minutes[0], closes: minutes[1])
    }
}

extension Instant {
    /// When a clock on the wall in `zone` first, or for the last time, reaches a minute counted from 1 January 1970
    /// there. A minute the clock skips is the moment after the gap.
    init(localMinute: Int, last: Bool = false, in zone: Zone) {
        let local = Int64(localMinute) * 60
        let before = local - Int64(Instant(seconds: local - 86_400).offset(in: zone))
        let after = local - Int64(Instant(seconds: local + 86_400).offset(in: zone))
        let fits = [before, after].filter { $0 + Int64(Instant(seconds: $0).offset(in: zone)) == local }
        if let match = last ? fits.max() : fits.min() { self.init(seconds: match); return }
        var (low, high) = (min(before, after), max(before, after))
        while high - low > 1 {
            let middle = (low + high) / 2
            if middle + Int64(Instant(seconds: middle).offset(in: zone)) < local { low = middle } else { high = middle }
        }
        self.init(seconds: high)
    }
}
