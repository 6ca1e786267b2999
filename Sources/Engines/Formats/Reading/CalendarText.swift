import Kernel

/// Dates as people and programs write them, brought into ISO 8601.
enum CalendarText {
    /// `YYYY-MM-DD`; a date with a time that is ISO already stays as it is. Nil when it is no day of the calendar.
    static func day(_ text: String) -> String? {
        let isTimed = text.utf8.count > 10 && text.utf8.prefix(5).last == UInt8(ascii: "-")
        if isTimed, let day = Day(String(text.prefix(10))) {
            let separator = text.utf8[text.utf8.index(text.utf8.startIndex, offsetBy: 10)]
            if separator == UInt8(ascii: "T") { return text }
            return separator == UInt8(ascii: " ") ? day.description : nil
        }
        return read(text)?.description
    }

    /// The day alone, whatever time stands behind it.
    static func dayAlone(_ text: String) -> Day? { day(text).flatMap { Day(String($0.prefix(10))) } }

    /// A day without a year: Ohana writes the year 1 for "every year".
    static func yearly(_ text: String) -> (month: Int, day: Int)? {
        guard let day = dayAlone(text), day.year == 1 else { return nil }
        return (day.month, day.day)
    }

    private static func read(_ text: String) -> Day? {
        if let day = Day(text) { return day }
        let words = text.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
        if words.count == 1, text.utf8.count == 8, let whole = Int(text) {
            return civil(whole / 10_000, whole / 100 % 100, whole % 100)
        }
        guard words.count >= 3 else { return nil }
        let head = words.prefix(3)
        if let at = head.firstIndex(where: { month($0) != nil }), let month = month(head[at]) {
            let numbers = head.indices.filter { $0 != at }.compactMap { number(head[$0]) }
            guard numbers.count == 2 else { return nil }
            // With a month in words the year is the longer figure: "January 01, 0001" or "1 January 2024".
            let yearFirst = at == 1 && head[0].count == 4
            return civil(year(yearFirst ? head[0] : head[2]), month, yearFirst ? numbers[1] : numbers[0])
        }
        return figures(Array(head), separatedByDots: text.contains("."))
    }

    /// `2024/1/31`, `1/31/2024` as in North America, `31/1/2024` when it can be nothing else, `31.1.2024`.
    private static func figures(_ words: [String], separatedByDots: Bool) -> Day? {
        let numbers = words.compactMap(Int.init)
        guard numbers.count == 3 else { return nil }
        if words[0].count == 4 { return civil(numbers[0], numbers[1], numbers[2]) }
        let isDayFirst = separatedByDots || numbers[0] > 12
        let (month, day) = isDayFirst ? (numbers[1], numbers[0]) : (numbers[0], numbers[1])
        return civil(year(words[2]), month, day)
    }

    private static func civil(_ year: Int?, _ month: Int, _ day: Int) -> Day? {
        guard let year, 0...9999 ~= year, 1...12 ~= month, 1...31 ~= day else { return nil }
        let read = Day(year: year, month: month, day: day)
        return read.month == month && read.day == day ? read : nil
    }

    private static func year(_ word: String) -> Int? {
        guard let number = Int(word) else { return nil }
        return word.count == 2 ? (number < 70 ? 2000 : 1900) + number : number
    }

    private static func number(_ word: String) -> Int? {
        Int(word) ?? Int(word.prefix { $0.isNumber })
    }

    private static func month(_ word: String) -> Int? {
        guard word.count >= 3, word.allSatisfy(\.isLetter) else { return nil }
        return months.firstIndex { $0.hasPrefix(word) || word == "sept" && $0 == "september" }.map { $0 + 1 }
    }

    static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
}

/// Times of the day, brought to `HH:MM`.
enum ClockText {
    /// A time that HSDS takes, `HH:MM` with seconds or an offset, stays as it is.
    static func time(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        if bytes.count >= 5, bytes[2] == UInt8(ascii: ":"), let minute = minutes(text.prefix(5)), minute <= 1440,
            bytes.dropFirst(5).allSatisfy({ 48...57 ~= $0 || [43, 45, 46, 58, 90].contains($0) })
        {
            return text
        }
        return spoken(text.lowercased())
    }

    /// `9am`, `4:00 PM`, `9:30 a.m.`, `9`, `0900`, `17h30`, `noon`, `midnight`, `9:00:00 AM`.
    private static func spoken(_ text: String) -> String? {
        if text == "noon" { return "12:00" }
        if text == "midnight" { return "00:00" }
        var words = text.filter { $0 != "." && $0 != " " }
        let half = words.hasSuffix("am") ? 0 : words.hasSuffix("pm") ? 12 : nil
        if half != nil { words.removeLast(2) }
        let parts = words.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "h" }
        guard 1...3 ~= parts.count, parts.allSatisfy({ $0.count <= 2 || parts.count == 1 && $0.count <= 4 }),
            var hour = Int(parts[0]), var minute = parts.count > 1 ? Int(parts[1].isEmpty ? "0" : parts[1]) : 0
        else { return nil }
        if parts.count == 1, parts[0].count >= 3 { (hour, minute) = (hour / 100, hour % 100) }
        if let half {
            guard 1...12 ~= hour else { return nil }
            hour = hour % 12 + half
        }
        guard 0...24 ~= hour, 0..<60 ~= minute, hour * 60 + minute <= 1440 else { return nil }
        return two(hour) + ":" + two(minute)
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), hour >= 0, 0..<60 ~= minute
        else { return nil }
        return hour * 60 + minute
    }

    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// Names of weekdays, brought to the two letters of RFC 5545.
enum WeekdayText {
    static let codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    /// `MO,TU` of `Monday`, `Mon-Fri`, `monday, wed`; nil when a word is no weekday.
    static func byday(_ text: String) -> String? {
        var days: [Int] = []
        for part in text.split(whereSeparator: { $0 == "," || $0 == ";" || $0 == "/" || $0 == "&" }) {
            let ends = part.split(separator: "-").map { number(String($0)) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else { return nil }
            var day = first
            days.append(day)
            while day != last {
                day = (day + 1) % 7
                days.append(day)
            }
        }
        return days.isEmpty ? nil : days.map { codes[$0] }.joined(separator: ",")
    }

    private static func number(_ word: String) -> Int? {
        let word = FieldCheck.tidy(word).lowercased()
        guard word.count >= 2 else { return nil }
        return names.firstIndex { $0.hasPrefix(word) }
    }

    static let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
}
