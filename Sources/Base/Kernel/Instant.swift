/// A moment, in whole UTC seconds since 1970.
package struct Instant: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var seconds: Int64

    package init(seconds: Int64) { self.seconds = seconds }

    package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

    /// `2026-01-31T08:00:00Z`, as RFC 3339 writes it.
    package var description: String {
        let day = day
        let second = Int(seconds - Int64(day.number) * 86_400)
        return "\(day)T\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))Z"
    }

    /// Seconds by which the clocks of two nodes may differ.
    package static let skew: Int64 = 300

    /// True for a moment that lies so far after `now` that a wrong clock wrote it.
    package func isAhead(of now: Instant) -> Bool { seconds - now.seconds > Self.skew }

    /// The calendar day in UTC, for what is dated or counted in days.
    package var day: Day { Day(number: Int(seconds.flooredQuotient(86_400))) }

    /// The offset of `zone` from UTC at this moment, in seconds.
    package func offset(in zone: Zone) -> Int { zone.offset(at: self) }

    /// The calendar day and the minute of it that a clock on the wall in `zone` shows.
    package func wallClock(in zone: Zone) -> (day: Day, minute: Int) {
        let local = Instant(seconds: seconds + Int64(offset(in: zone)))
        let day = local.day
        return (day, Int(local.seconds - Int64(day.number) * 86_400) / 60)
    }
}

/// A calendar day without a zone, counted from 1 January 1970 in the proleptic Gregorian calendar.
package struct Day: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var number: Int

    package init(number: Int) { self.number = number }

    /// Midnight in UTC, for what stands for a day.
    package var start: Instant { Instant(seconds: Int64(number) * 86_400) }

    /// Reads `YYYY-MM-DD`; nil when it is not a day of the calendar.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count == 10, parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy { 48...57 ~= $0 } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
        guard (self.year, self.month, self.day) == (year, month, day) else { return nil }
    }

    /// Days-from-civil after Howard Hinnant's public description of the Gregorian cycle of 146,097 days.
    package init(year: Int, month: Int, day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredQuotient(400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    private var civil: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let civilMonth = month < 10 ? month + 3 : month - 9
        return (yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, dayOfYear - (153 * month + 2) / 5 + 1)
    }

    package var year: Int { civil.year }
    package var month: Int { civil.month }
    package var day: Int { civil.day }

    /// 0 is Monday, 6 is Sunday.
    package var weekday: Int { number + 3 - (number + 3).flooredQuotient(7) * 7 }

    package var description: String {
        let (year, month, day) = civil
        return String(repeating: "0", count: max(0, 4 - String(year).count)) + "\(year)-\(padded(month))-\(padded(day))"
    }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
    package static func + (day: Self, count: Int) -> Self { Day(number: day.number + count) }
    package static func - (left: Self, right: Self) -> Int { left.number - right.number }
}

func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

extension BinaryInteger {
    /// Division that rounds towards minus infinity.
    package func flooredQuotient(_ divisor: Self) -> Self {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
