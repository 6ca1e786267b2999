import Foundation
import Kernel
import Testing

@testable import Directory

/// SplitMix64: the same numbers from the same seed on every machine.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Opening hours the slow and plain way: rows tried day by day, and a clock on the wall watched minute by minute.
/// A span covers a minute when the clock has reached its opening and will still show a time before its closing.
struct MinutePeer {
    let rules: [OpeningRule]
    let start: Instant
    private(set) var isOpen: [Bool]
    private(set) var days: [Day] = []

    init(rules: [OpeningRule], zone: Zone, around first: Day, count: Int) {
        self.rules = rules
        start = Instant(seconds: Int64(first.number) * 86_400)
        var shown: [Int] = []
        for minute in 0..<count * 1440 {
            let clock = Instant(seconds: start.seconds + Int64(minute) * 60).wallClock(in: zone)
            shown.append(clock.day.number * 1440 + clock.minute)
            days.append(clock.day)
        }
        let reached = shown.indices.dropFirst().reduce(into: [shown[0]]) { $0.append(max($0[$1 - 1], shown[$1])) }
        let ahead = shown.reversed().reduce(into: [Int]()) { $0.append(min($0.last ?? $1, $1)) }
        isOpen = Array(repeating: false, count: shown.count)
        for day in (-2...count + 1).map({ first + $0 }) {
            let near = max(0, (day - first - 1) * 1440)..<max(0, min(shown.count, (day - first + 4) * 1440))
            for span in spans(on: day) {
                let (opens, closes) = (day.number * 1440 + span.0, day.number * 1440 + span.1)
                for minute in near where reached[minute] >= opens && ahead[shown.count - 1 - minute] < closes {
                    isOpen[minute] = true
                }
            }
        }
    }

    func status(at minute: Int) -> OpeningStatus {
        let change = (minute...minute + 14 * 1440).first { isOpen[$0] != isOpen[minute] }
        let next = change.map { Instant(seconds: start.seconds + Int64($0) * 60) }
        if isOpen[minute] { return .open(until: next) }
        let knows = rules.contains { !$0.exception } || rules.contains { occurs($0, days[minute]) }
        return knows ? .closed(opens: next) : .unknown
    }

    func spans(on day: Day) -> [(Int, Int)] {
        let rows = rules.filter { occurs($0, day) }
        let exceptions = rows.filter(\.exception)
        let shortest = exceptions.map(length).min()
        let ruling = exceptions.isEmpty ? rows : exceptions.filter { length($0) == shortest }
        if ruling.contains(where: \.closed) { return [] }
        return ruling.map { rule in
            let (opens, closes) = (rule.opensAt ?? 0, rule.closesAt ?? 0)
            return (opens, closes <= opens ? closes + 1440 : closes)
        }
    }

    private func length(_ rule: OpeningRule) -> Int {
        guard let from = rule.validFrom, let to = rule.validTo else { return .max }
        return to - from
    }

    private func occurs(_ rule: OpeningRule, _ day: Day) -> Bool {
        if let from = rule.validFrom, day < from { return false }
        if let to = rule.validTo, day > to { return false }
        if let start = rule.dtstart, day < start { return false }
        if let until = rule.until, day > until { return false }
        guard recurs(rule, day) else { return false }
        guard let count = rule.count, let start = rule.dtstart else { return true }
        return (0...day - start).count { recurs(rule, start + $0) } <= count
    }

    private func recurs(_ rule: OpeningRule, _ day: Day) -> Bool {
        let name = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][day.weekday]
        let names = rule.byday.split(separator: ",").map(String.init)
        if rule.freq == nil { return true }
        if rule.freq == "WEEKLY" {
            let mondays = rule.dtstart.map { (day - day.weekday - ($0 - $0.weekday)) / 7 } ?? 0
            return names.contains(name) && mondays % rule.interval == 0
        }
        let months = rule.dtstart.map { (day.year - $0.year) * 12 + day.month - $0.month } ?? 0
        guard months % rule.interval == 0 else { return false }
        let month = (-31...31).map { day + $0 }.filter { ($0.year, $0.month) == (day.year, day.month) }
        let same = month.filter { $0.weekday == day.weekday }
        let (place, after) = (same.count { $0 <= day }, same.count { $0 >= day })
        if names.contains("\(place)\(name)") || names.contains("-\(after)\(name)") { return true }
        let dates = rule.bymonthday.split(separator: ",").compactMap { Int($0) }
        return dates.contains(day.day) || dates.contains(-month.count { $0 >= day })
    }
}

extension Day {
    fileprivate static func - (day: Day, count: Int) -> Day { day + -count }
}

struct OpeningHoursPeerTests {
    private static let zones = [
        "America/Vancouver", "America/Vancouver", "America/Vancouver", "America/Edmonton", "America/Dawson_Creek",
        "America/Creston", "America/Fort_Nelson", "America/St_Johns", "Australia/Lord_Howe", "America/Havana",
    ]

    private func randomRule(_ zone: String, near first: Day, _ numbers: inout SeededNumbers) -> OpeningRule {
        let small = Bool.random(using: &numbers)
        let times = (0...1).map { _ in small ? Int.random(in: 0...20, using: &numbers) * 10 : 0 }
        let wide = (0...1).map { _ in Int.random(in: 0...95, using: &numbers) * 15 }
        var rule = OpeningRule(zone: zone, opensAt: small ? times[0] : wide[0], closesAt: small ? times[1] : wide[1])
        let some = DaySelector.names.filter { small && $0 == "SU" || Bool.random(using: &numbers) }
        rule.byday = some.isEmpty ? "SU" : some.joined(separator: ",")
        rule.freq = "WEEKLY"
        let start = first + Int.random(in: -20...10, using: &numbers)
        switch Int.random(in: 0...11, using: &numbers) {
        case 0, 1:
            (rule.freq, rule.byday, rule.exception) = (nil, "", true)
            (rule.validFrom, rule.validTo) = (start, start + Int.random(in: 0...30, using: &numbers))
            rule.closed = Bool.random(using: &numbers)
        case 2:
            let places = ["1TU,-1FR", "2SU,5MO", "-2WE", "3SU"]
            (rule.freq, rule.byday) = ("MONTHLY", places.randomElement(using: &numbers) ?? "")
        case 3: (rule.freq, rule.byday, rule.bymonthday) = ("MONTHLY", "", "1,9,-1,-3")
        case 4: (rule.dtstart, rule.interval) = (start, Int.random(in: 2...3, using: &numbers))
        case 5: (rule.dtstart, rule.count) = (start, Int.random(in: 1...9, using: &numbers))
        case 6: (rule.validFrom, rule.until) = (start, start + Int.random(in: 0...20, using: &numbers))
        case 7: (rule.freq, rule.byday, rule.dtstart, rule.interval) = ("MONTHLY", "1SU,2SU,-1MO", start, 2)
        case 8: rule.closed = true
        case 9:
            let start = start + -366 * Int.random(in: 0...5, using: &numbers)
            (rule.freq, rule.byday, rule.dtstart, rule.interval) = ("MONTHLY", "", start, 12)
            rule.bymonthday = "\(start.day),29,9"
            (rule.exception, rule.closed) = (true, Bool.random(using: &numbers))
        default: break
        }
        return rule
    }

    @Test(arguments: UInt64(1)...100)
    func `status agrees with a clock watched minute by minute`(seed: UInt64) throws {
        var numbers = SeededNumbers(state: seed)
        let zone = Self.zones.randomElement(using: &numbers) ?? ""
        let anchors = try ["2025-03-07", "2025-10-31", "2025-04-04", "2025-06-10", "2024-02-20"].map(day)
        let first = (anchors.randomElement(using: &numbers) ?? anchors[0]) + Int.random(in: -1...1, using: &numbers)
        let rules = (0..<Int.random(in: 1...5, using: &numbers)).map { _ in randomRule(zone, near: first, &numbers) }
        let hours = try OpeningHours(rules: rules)
        guard let known = hours.zone else { return }
        let peer = MinutePeer(rules: rules, zone: known, around: first, count: 19)
        let sunday = (6 - first.weekday) * 1440
        for sample in 0..<150 {
            let nightOfChange = sample % 2 == 0 && sunday < 3 * 1440
            let minutes = nightOfChange ? sunday..<sunday + 800 : 0..<4 * 1440
            let minute = Int.random(in: minutes, using: &numbers)
            let now = Instant(seconds: peer.start.seconds + Int64(minute) * 60)
            #expect(hours.status(at: now) == peer.status(at: minute), "\(now) \(hours.pattern)")
        }
        #expect(OpeningHours(pattern: hours.pattern) == hours)
        #expect(try OpeningHours(rules: rules.shuffled(using: &numbers)).pattern == hours.pattern)
    }
}
