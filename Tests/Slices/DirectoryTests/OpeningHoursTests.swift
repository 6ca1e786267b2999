import Formats
import Foundation
import Kernel
import Testing

@testable import Directory

let vancouver = "America/Vancouver"

func day(_ text: String) throws -> Day { try #require(Day(text)) }

/// `2025-06-02 09:30 -7`: a wall time and the hours its zone is from UTC.
func moment(_ text: String) throws -> Instant {
    let words = text.split(separator: " ")
    let minute = try #require(OpeningRule.minute(String(words[1])))
    let offset = try #require(words.count == 3 ? Int(words[2]) : 0)
    return Instant(seconds: Int64((try day(String(words[0])).number * 1440 + minute - offset * 60) * 60))
}

/// A weekly row: `MO,TU`, `09:00-17:00`.
func row(_ byday: String, _ hours: String, zone: String = vancouver) -> OpeningRule {
    let ends = hours.split(separator: "-").map { OpeningRule.minute(String($0)) }
    var rule = OpeningRule(zone: zone, opensAt: ends[0], closesAt: ends[1])
    rule.freq = "WEEKLY"
    rule.byday = byday
    return rule
}

/// An exception of the days `from...to`: closed, or with its own hours.
func exception(_ from: String, _ to: String, _ hours: String? = nil) throws -> OpeningRule {
    var rule = row("", hours ?? "00:00-00:00")
    rule.freq = nil
    (rule.validFrom, rule.validTo) = (try day(from), try day(to))
    (rule.exception, rule.closed) = (true, hours == nil)
    return rule
}

func changed(_ rule: OpeningRule, _ change: (inout OpeningRule) throws -> Void) rethrows -> OpeningRule {
    var copy = rule
    try change(&copy)
    return copy
}

let everyDay = "MO,TU,WE,TH,FR,SA,SU"
let weekdays = "MO,TU,WE,TH,FR"

struct OpeningHoursTests {
    func expect(
        _ hours: OpeningHours, at text: String, _ status: OpeningStatus, _ place: SourceLocation = #_sourceLocation
    ) throws {
        #expect(hours.status(at: try moment(text)) == status, sourceLocation: place)
    }

    @Test func `a place without rows is unknown, not closed`() throws {
        let hours = try OpeningHours(rules: [])
        try expect(hours, at: "2025-06-02 09:30 -7", .unknown)
        #expect(hours.pattern.isEmpty)
        #expect(!hours.opensAfterHours && !hours.isAlways)
        #expect(hours.week(from: try day("2025-06-02")).allSatisfy { $0.spans.isEmpty })
    }

    @Test func `office hours open and close on the minute`() throws {
        let hours = try OpeningHours(rules: [row(weekdays, "09:00-17:00")])
        let (monday, closing) = (try moment("2025-06-02 09:00 -7"), try moment("2025-06-02 17:00 -7"))
        try expect(hours, at: "2025-06-02 08:59 -7", .closed(opens: monday))
        try expect(hours, at: "2025-06-02 09:00 -7", .open(until: closing))
        try expect(hours, at: "2025-06-02 16:59 -7", .open(until: closing))
        try expect(hours, at: "2025-06-02 17:00 -7", .closed(opens: try moment("2025-06-03 09:00 -7")))
    }

    @Test func `the next opening after Friday is Monday`() throws {
        let hours = try OpeningHours(rules: [row(weekdays, "09:00-17:00")])
        try expect(hours, at: "2025-06-06 18:00 -7", .closed(opens: try moment("2025-06-09 09:00 -7")))
    }

    @Test func `overnight hours run across midnight`() throws {
        let hours = try OpeningHours(rules: [row("WE", "22:00-06:00")])
        let closing = try moment("2025-06-05 06:00 -7")
        try expect(hours, at: "2025-06-04 23:59 -7", .open(until: closing))
        try expect(hours, at: "2025-06-05 05:59 -7", .open(until: closing))
        try expect(hours, at: "2025-06-05 06:00 -7", .closed(opens: try moment("2025-06-11 22:00 -7")))
        try expect(hours, at: "2025-06-04 03:00 -7", .closed(opens: try moment("2025-06-04 22:00 -7")))
        #expect(hours.spans(on: try day("2025-06-04")) == [OpeningSpan(opens: 1320, closes: 1800)])
        #expect(hours.spans(on: try day("2025-06-05")).isEmpty)
    }

    @Test func `Sunday's night runs into Monday`() throws {
        let hours = try OpeningHours(rules: [row("SU", "21:00-02:30"), row("MO", "02:30-04:00")])
        try expect(hours, at: "2025-06-09 01:00 -7", .open(until: try moment("2025-06-09 04:00 -7")))
    }

    @Test func `split hours are closed at noon`() throws {
        let hours = try OpeningHours(rules: [row("MO", "13:00-17:00"), row("MO", "09:00-12:00")])
        try expect(hours, at: "2025-06-02 10:00 -7", .open(until: try moment("2025-06-02 12:00 -7")))
        try expect(hours, at: "2025-06-02 12:00 -7", .closed(opens: try moment("2025-06-02 13:00 -7")))
        let spans = [OpeningSpan(opens: 540, closes: 720), OpeningSpan(opens: 780, closes: 1020)]
        #expect(hours.week(from: try day("2025-06-01")).map(\.spans) == [[], spans, [], [], [], [], []])
    }

    @Test func `a holiday closes the day but not the night before`() throws {
        let hours = try OpeningHours(rules: [row(everyDay, "20:00-08:00"), exception("2025-12-25", "2025-12-25")])
        try expect(hours, at: "2025-12-25 07:00 -8", .open(until: try moment("2025-12-25 08:00 -8")))
        try expect(hours, at: "2025-12-25 21:00 -8", .closed(opens: try moment("2025-12-26 20:00 -8")))
    }

    @Test func `special hours on a holiday replace the usual ones`() throws {
        let hours = try OpeningHours(rules: [
            row(weekdays, "09:00-17:00"), exception("2025-12-24", "2025-12-26"),
            exception("2025-12-24", "2025-12-24", "10:00-12:00"),
        ])
        try expect(hours, at: "2025-12-24 09:30 -8", .closed(opens: try moment("2025-12-24 10:00 -8")))
        try expect(hours, at: "2025-12-24 11:00 -8", .open(until: try moment("2025-12-24 12:00 -8")))
        try expect(hours, at: "2025-12-24 12:00 -8", .closed(opens: try moment("2025-12-29 09:00 -8")))
    }

    @Test func `a closure beats special hours of the same days`() throws {
        let hours = try OpeningHours(rules: [
            row(weekdays, "09:00-17:00"), exception("2025-12-24", "2025-12-24", "10:00-12:00"),
            changed(exception("2025-12-24", "2025-12-24")) { ($0.freq, $0.bymonthday) = ("MONTHLY", "24") },
        ])
        try expect(hours, at: "2025-12-24 11:00 -8", .closed(opens: try moment("2025-12-25 09:00 -8")))
    }

    @Test func `with exceptions alone an ordinary day stays unknown`() throws {
        let hours = try OpeningHours(rules: [exception("2025-12-25", "2025-12-25")])
        try expect(hours, at: "2025-12-24 12:00 -8", .unknown)
        try expect(hours, at: "2025-12-25 12:00 -8", .closed(opens: nil))
    }

    @Test func `a row that says closed overrides and is known`() throws {
        let closed = changed(row("SU", "00:00-00:00")) { $0.closed = true }
        let hours = try OpeningHours(rules: [row(everyDay, "09:00-17:00"), closed])
        #expect(hours == (try OpeningHours(rules: [row("MO,TU,WE,TH,FR,SA", "09:00-17:00")])))
        try expect(try OpeningHours(rules: [closed]), at: "2025-06-02 12:00 -7", .closed(opens: nil))
    }

    @Test(arguments: ["00:00-24:00", "00:00-00:00", "08:00-08:00"])
    func `twenty-four hours every day never close`(text: String) throws {
        let hours = try OpeningHours(rules: [row(everyDay, text)])
        try expect(hours, at: "2025-11-02 01:30 -8", .open(until: nil))
        #expect(hours.isAlways && hours.opensAfterHours)
        #expect(hours.pattern == "America/Vancouver;MO,TU,WE,TH,FR,SA,SU 0000-2400")
    }

    @Test func `twenty-four hours close for a holiday and still count as always`() throws {
        let hours = try OpeningHours(rules: [row(everyDay, "00:00-24:00"), exception("2025-12-25", "2025-12-25")])
        try expect(hours, at: "2025-12-20 12:00 -8", .open(until: try moment("2025-12-25 00:00 -8")))
        try expect(hours, at: "2025-12-01 12:00 -8", .open(until: nil))
        try expect(hours, at: "2025-12-25 12:00 -8", .closed(opens: try moment("2025-12-26 00:00 -8")))
        #expect(hours.isAlways)
        let single = try OpeningHours(rules: [row("MO", "00:00-24:00")])
        try expect(single, at: "2025-06-02 23:59 -7", .open(until: try moment("2025-06-03 00:00 -7")))
        #expect(!single.isAlways)
    }
}

// MARK: Clock changes

extension OpeningHoursTests {
    @Test func `an opening in the skipped hour happens right after it`() throws {
        let hours = try OpeningHours(rules: [row("SU", "02:30-05:00")])
        let opening = try moment("2025-03-09 03:00 -7")
        try expect(hours, at: "2025-03-09 01:59 -8", .closed(opens: opening))
        try expect(hours, at: "2025-03-09 03:00 -7", .open(until: try moment("2025-03-09 05:00 -7")))
        let gone = try OpeningHours(rules: [row("SU", "02:15-02:45")])
        try expect(gone, at: "2025-03-09 01:59 -8", .closed(opens: try moment("2025-03-16 02:15 -7")))
    }

    @Test func `hours across the repeated hour are open throughout`() throws {
        let hours = try OpeningHours(rules: [row("SU", "01:30-06:00")])
        let closing = try moment("2025-11-02 06:00 -8")
        try expect(hours, at: "2025-11-02 01:29 -7", .closed(opens: try moment("2025-11-02 01:30 -7")))
        for text in ["01:30 -7", "01:59 -7", "01:00 -8", "01:29 -8", "01:30 -8"] {
            try expect(hours, at: "2025-11-02 \(text)", .open(until: closing))
        }
        let late = try OpeningHours(rules: [row("SA", "20:00-01:30")])
        try expect(late, at: "2025-11-02 01:40 -7", .open(until: try moment("2025-11-02 01:30 -8")))
        try expect(late, at: "2025-11-02 01:30 -8", .closed(opens: try moment("2025-11-08 20:00 -8")))
    }

    @Test func `hours that overlap only in the repeated hour are one opening`() throws {
        let hours = try OpeningHours(rules: [row("SU", "01:10-01:20"), row("SU", "01:40-01:50")])
        try expect(hours, at: "2025-11-02 01:30 -7", .open(until: try moment("2025-11-02 01:50 -8")))
    }

    @Test(arguments: ["America/Dawson_Creek", "America/Creston", "America/Fort_Nelson"])
    func `a zone without clock changes keeps its hours`(zone: String) throws {
        let hours = try OpeningHours(rules: [row("SU", "02:30-05:00", zone: zone)])
        for date in ["2025-03-09", "2025-11-02", "2025-07-06"] {
            let opening = try moment("\(date) 02:30 -7")
            try expect(hours, at: "\(date) 02:29 -7", .closed(opens: opening))
            try expect(hours, at: "\(date) 02:30 -7", .open(until: try moment("\(date) 05:00 -7")))
        }
    }

    @Test func `Edmonton opens an hour before Vancouver`() throws {
        let hours = try OpeningHours(rules: [row("MO", "09:00-10:00", zone: "America/Edmonton")])
        try expect(hours, at: "2025-06-02 09:00 -6", .open(until: try moment("2025-06-02 09:00 -7")))
    }
}

// MARK: Recurrence

extension OpeningHoursTests {
    private func openDays(_ rule: OpeningRule, _ from: String, count: Int) throws -> [String] {
        let (hours, first) = (try OpeningHours(rules: [rule]), try day(from))
        return (0..<count).map { first + $0 }.filter { !hours.spans(on: $0).isEmpty }.map(\.description)
    }

    @Test func `monthly rows find the first Tuesday and the last Friday`() throws {
        let rule = changed(row("1TU,-1FR", "09:00-10:00")) { $0.freq = "MONTHLY" }
        let days = ["2025-08-05", "2025-08-29", "2025-09-02", "2025-09-26"]
        #expect(try openDays(rule, "2025-08-01", count: 61) == days)
        let hours = try OpeningHours(rules: [rule])
        try expect(hours, at: "2025-08-20 12:00 -7", .closed(opens: try moment("2025-08-29 09:00 -7")))
        try expect(hours, at: "2025-08-05 12:00 -7", .closed(opens: nil))
    }

    @Test func `monthly rows find days from either end of the month`() throws {
        let rule = changed(row("", "09:00-10:00")) { ($0.freq, $0.bymonthday) = ("MONTHLY", "15,-1") }
        let days = ["2024-02-15", "2024-02-29", "2024-03-15", "2024-03-31"]
        #expect(try openDays(rule, "2024-02-01", count: 60) == days)
        let friday = changed(rule) { ($0.byday, $0.bymonthday) = ("FR", "13") }
        #expect(try openDays(friday, "2026-01-01", count: 365) == ["2026-02-13", "2026-03-13", "2026-11-13"])
    }

    @Test func `an interval of two weeks counts from the start's week`() throws {
        let rule = try changed(row("MO,TH", "09:00-10:00")) {
            $0.interval = 2
            $0.dtstart = try day("2025-06-05")
        }
        let days = ["2025-06-05", "2025-06-16", "2025-06-19", "2025-06-30"]
        #expect(try openDays(rule, "2025-06-01", count: 30) == days)
    }

    @Test func `validity, until and count bound the days`() throws {
        let bounded = try changed(row("MO,TU", "09:00-10:00")) {
            $0.validFrom = try day("2025-06-03")
            $0.until = try day("2025-06-16")
        }
        let days = ["2025-06-03", "2025-06-09", "2025-06-10", "2025-06-16"]
        #expect(try openDays(bounded, "2025-05-20", count: 60) == days)
        let counted = try changed(row("MO,TU", "09:00-10:00")) {
            ($0.dtstart, $0.count) = (try day("2025-06-03"), 3)
        }
        #expect(try openDays(counted, "2025-05-20", count: 60) == Array(days.prefix(3)))
        let ended = try OpeningHours(rules: [bounded])
        try expect(ended, at: "2026-01-01 12:00 -8", .closed(opens: nil))
    }

    @Test func `a dated row without days is that date`() throws {
        let once = try changed(row("", "09:00-10:00")) { ($0.freq, $0.dtstart) = (nil, try day("2025-06-05")) }
        #expect(try openDays(once, "2025-05-20", count: 60) == ["2025-06-05"])
        #expect(try OpeningHours(rules: [once]).pattern == "America/Vancouver;2025-06-05..2025-06-05 TH 0900-1000")
    }

    /// A holiday of every year, as the importer of holidays writes it.
    private func yearly(_ days: String, since start: String) throws -> OpeningRule {
        try changed(row("", "00:00-00:00")) {
            ($0.freq, $0.interval, $0.bymonthday, $0.dtstart) = ("MONTHLY", 12, days, try day(start))
            ($0.exception, $0.closed) = (true, true)
        }
    }

    @Test func `a holiday of every year is the same date in leap years`() throws {
        let rules = [row(everyDay, "09:00-17:00"), try yearly("25", since: "2000-12-25")]
        let hours = try OpeningHours(rules: rules)
        for year in 2023...2029 {
            let closed = try (0...365).map { try day("\(year)-01-01") + $0 }
                .filter { $0.year == year && hours.spans(on: $0).isEmpty }
            #expect(closed == [try day("\(year)-12-25")])
        }
        #expect(OpeningHours(pattern: hours.pattern) == hours)
        let leap = try OpeningHours(rules: [rules[0], yearly("29", since: "2000-02-29")])
        #expect(try leap.spans(on: day("2028-02-29")).isEmpty)
        #expect(try !leap.spans(on: day("2027-02-28")).isEmpty && !leap.spans(on: day("2027-03-01")).isEmpty)
    }

    @Test func `an exception without any date is a fault, not every day`() throws {
        for days in ["", "MO"] {
            let always = changed(row(days, "00:00-00:00")) {
                ($0.exception, $0.closed) = (true, true)
                if days.isEmpty { $0.freq = nil }
            }
            #expect(throws: Problems.self) { try OpeningHours(rules: [row(weekdays, "09:00-17:00"), always]) }
        }
    }

    @Test(
        arguments: [
            ["byyearday": .text("359")], ["byyearday": .text("-7")], ["byweekno": .text("20")],
            ["exception": .text("perhaps"), "valid_from": .text("2025-12-25")], ["valid_to": .text("soon")],
            ["until": .text("2025-02-30")], ["dtstart": .number(5)], ["count": .number(1.5)],
            ["interval": .text("two"), "dtstart": .text("2025-01-01")],
            ["interval": .number(2), "dtstart": .text("2025-01-01"), "wkst": .text("SU")],
            ["exception": .text("closed"), "byyearday": .text("1,2")], ["exception": .text("closed")],
        ] as [[String: FieldValue]])
    func `a row that says what rules cannot leaves the hours unknown`(added: [String: FieldValue]) throws {
        var listing = Listing(Record(.service, id: Fiction.id(.service, "x"), ["name": .text("x")]))
        let usual: [String: FieldValue] = [
            "freq": .text("WEEKLY"), "byday": .text("MO"), "opens_at": .text("09:00"), "closes_at": .text("17:00"),
            "zone": .text(vancouver),
        ]
        let plain = Listing(Record(.schedule, id: Fiction.id(.schedule, "plain"), usual))
        let odd = Record(.schedule, id: Fiction.id(.schedule, "odd"), usual.merging(added) { $1 })
        listing.members["schedules"] = [plain]
        #expect(listing.projected(for: .visitor)?.hours != nil)
        listing.members["schedules"] = [plain, Listing(odd)]
        #expect(try #require(listing.projected(for: .visitor)).hours == nil)
    }

    @Test(arguments: [
        (weekdays, "08:00-18:00", false), (weekdays, "07:59-18:00", true), (weekdays, "08:00-18:01", true),
        ("SA", "10:00-11:00", true), ("FR", "17:00-01:00", true), ("FR", "08:00-08:00", true),
    ])
    func `evenings, mornings and weekends are after hours`(days: String, hours: String, after: Bool) throws {
        #expect(try OpeningHours(rules: [row(days, hours)]).opensAfterHours == after)
    }

    @Test func `a holiday's hours do not make a place open after hours`() throws {
        let rules = [row(weekdays, "09:00-17:00"), try exception("2025-12-24", "2025-12-24", "06:00-23:00")]
        #expect(try !OpeningHours(rules: rules).opensAfterHours)
    }
}

// MARK: Text and faults

extension OpeningHoursTests {
    @Test func `equal hours have equal text`() throws {
        let one = try OpeningHours(rules: [row(weekdays, "09:00-17:00")])
        let two = try OpeningHours(rules: [
            row("FR,MO", "09:00-13:00"), row("tu, we,TH", "09:00-17:00"), row("MO,FR", "12:00-17:00"),
        ])
        #expect(one == two)
        #expect(one.pattern == "America/Vancouver;MO,TU,WE,TH,FR 0900-1700")
        #expect(two.pattern == one.pattern)
        let dated = try OpeningHours(rules: [row("MO", "22:00-06:00"), exception("2025-12-25", "2025-12-26")])
        #expect(dated.pattern == "America/Vancouver;! 2025-12-25..2025-12-26 TH,FR x;MO 2200-3000")
    }

    @Test(arguments: [
        "", "America/Vancouver;MO x", "America/Creston;-1FR,1TU 0900-1200,1300-1700;MO,SU 0000-2400",
        "America/Edmonton;! ..2025-01-01 MO x;W2.1 2025-01-06.. SA 1000-1200", "UTC;M3.2 -1,FR+13 2200-3000",
    ])
    func `text is read back`(pattern: String) throws {
        let hours = try #require(OpeningHours(pattern: pattern))
        #expect(OpeningHours(pattern: hours.pattern) == hours)
        #expect(hours.pattern.hasSuffix(pattern.drop { $0 != ";" }))
    }

    @Test(arguments: [
        "x", ";", "America/Nowhere;MO x", "PST;MO x", "America/Vancouver", "America/Vancouver;", "GMT+5;MO x",
        "America/Vancouver;MO", "America/Vancouver;XX 0900-1700", "America/Vancouver;MO 0960-1700",
        "America/Vancouver;MO 1700-0900", "America/Vancouver;MO 2500-2600", "America/Vancouver;MO 0900-1700;",
        "America/Vancouver;W0.0 MO x", "America/Vancouver;W2.2 MO x", "America/Vancouver;Q2.1 MO x",
        "America/Vancouver;.. MO x", "America/Vancouver;2025-02-30.. MO x", "America/Vancouver; MO x",
        "America/Vancouver;MO+32 x", "America/Vancouver;6MO x", "America/Vancouver;MO,, x",
        "America/Vancouver;MO 0900-1700,", "America/Vancouver;MO+TU x", "America/Vancouver;+ x",
    ])
    func `other text is not hours`(pattern: String) { #expect(OpeningHours(pattern: pattern) == nil) }

    @Test func `every fault of every row is named`() throws {
        let faulty = changed(row("XX", "09:00-10:00", zone: "America/Nowhere")) {
            ($0.opensAt, $0.closesAt, $0.freq) = (nil, 1500, "DAILY")
            ($0.interval, $0.count, $0.bymonthday) = (0, 0, "32")
        }
        let second = try changed(row("1MO", "09:00-10:00")) {
            ($0.validFrom, $0.validTo) = (try day("2025-01-02"), try day("2025-01-01"))
            $0.until = Day(number: .max)
        }
        let problems = #expect(throws: Problems.self) { try OpeningHours(rules: [faulty, second]) }
        let found = try #require(problems).faults.map { "\($0.field) \($0.code)" }
        #expect(
            found == [
                "0.opens_at missing", "0.closes_at not-a-time", "0.timezone unknown", "0.freq unknown",
                "0.interval out-of-range", "0.count out-of-range", "0.dtstart missing", "0.byday not-a-day",
                "0.bymonthday not-a-day", "1.until out-of-range", "1.valid_to before-start", "1.byday needs-monthly",
                "1.timezone differs",
            ])
    }

    @Test func `a row that names no day is a fault, not every day`() {
        #expect(throws: Problems.self) { try OpeningHours(rules: [row("", "09:00-10:00")]) }
        #expect(throws: Problems.self) { try OpeningHours(rules: [changed(row("", "09:00-10:00")) { $0.freq = nil }]) }
    }

    @Test(
        arguments: [
            ("00:00", 0), ("09:30", 570), ("24:00", 1440), ("09:30:00", 570), ("25:00", nil), ("24:01", nil),
            ("9:30", nil), ("09:60", nil), ("", nil), ("09", nil), ("+9:30", nil), ("09:30Z", nil),
            ("09:30-05:00", nil),
        ] as [(String, Int?)])
    func `a time is hours and minutes`(text: String, minute: Int?) { #expect(OpeningRule.minute(text) == minute) }
}
