/// What is wrong with a zone file does not matter: it is not used.
struct ZoneFault: Error {}

/// The counts in a TZif header; it throws when the header is not of version 2 or later.
struct ZoneCounts {
    let utcMarks, standardMarks, leapSeconds, changes, types, letters: Int

    init(_ file: inout ZoneBytes) throws {
        let head = try file.take(20)
        guard head.starts(with: "TZif".utf8), head.dropFirst(4).first ?? 0 >= UInt8(ascii: "2")
        else { throw ZoneFault() }
        (utcMarks, standardMarks, leapSeconds) = (try file.number(4), try file.number(4), try file.number(4))
        (changes, types, letters) = (try file.number(4), try file.number(4), try file.number(4))
        guard [utcMarks, standardMarks, leapSeconds, changes, types, letters].allSatisfy({ $0 >= 0 })
        else { throw ZoneFault() }
    }

    func length(ofTime width: Int) -> Int {
        changes * (width + 1) + types * 6 + letters + leapSeconds * (width + 4) + standardMarks + utcMarks
    }
}

/// The last line of a zone file: a POSIX TZ rule for the time after its last change, such as
/// `PST8PDT,M3.2.0,M11.1.0`, with the hours from -167 to 167 that RFC 8536 adds.
struct ZoneFooter {
    let offset: Int
    var summer: (offset: Int, starts: ZoneTurn, ends: ZoneTurn)?

    /// Nil when the line is empty: then the last change of the file holds for ever.
    init?(line file: inout ZoneBytes) throws {
        guard file.skip("\n"), let end = file.rest.firstIndex(of: UInt8(ascii: "\n")) else { throw ZoneFault() }
        var text = ZoneBytes(rest: file.rest[..<end])
        if text.rest.isEmpty { return nil }
        try text.skipName()
        offset = try -text.duration(hours: 24)
        if text.rest.isEmpty { return }
        try text.skipName()
        let summerOffset = text.rest.first == UInt8(ascii: ",") ? offset + 3600 : try -text.duration(hours: 24)
        summer = (summerOffset, try ZoneTurn(&text), try ZoneTurn(&text))
        guard text.rest.isEmpty else { throw ZoneFault() }
    }
}

/// The day and time of a yearly change of the clock.
struct ZoneTurn {
    private enum Choice {
        case weekday(Int, week: Int, month: Int)
        /// 1 to 365, the same date in every year.
        case date(Int)
        /// 0 to 365, with 29 February counted.
        case dayOfYear(Int)
    }

    private let choice: Choice
    private let time: Int

    /// `,M3.2.0/2:00`, `,J60` or `,59/-1`; the time is 2:00 when it is missing.
    init(_ text: inout ZoneBytes) throws {
        guard text.skip(",") else { throw ZoneFault() }
        if text.skip("M") {
            let month = try text.figures(1...12)
            guard text.skip(".") else { throw ZoneFault() }
            let week = try text.figures(1...5)
            guard text.skip(".") else { throw ZoneFault() }
            choice = .weekday(try text.figures(0...6), week: week, month: month)
        } else if text.skip("J") {
            choice = .date(try text.figures(1...365))
        } else {
            choice = .dayOfYear(try text.figures(0...365))
        }
        time = text.skip("/") ? try text.duration(hours: 167) : 7200
    }

    /// Seconds since 1970 on the clock that the change ends.
    func moment(in year: Int) -> Int { day(in: year).number * 86_400 + time }

    private func day(in year: Int) -> Day {
        switch choice {
        case .dayOfYear(let number): return Day(year: year, month: 1, day: 1) + number
        case .date(let number):
            let isAfterLeapDay = number > 59 && Day(year: year, month: 2, day: 29).month == 2
            return Day(year: year, month: 1, day: number + (isAfterLeapDay ? 1 : 0))
        case .weekday(let weekday, let week, let month):
            let first = Day(year: year, month: month, day: 1)
            let day = first + (weekday + 13 - first.weekday) % 7 + (week - 1) * 7
            return day.month == month ? day : day + -7
        }
    }
}

/// What is left to read of a zone file. Reading throws on anything unexpected.
struct ZoneBytes {
    var rest: ArraySlice<UInt8>

    static func isFigureOrLetter(_ byte: UInt8) -> Bool {
        48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte
    }

    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard rest.count >= count else { throw ZoneFault() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// A signed number, most significant byte first.
    mutating func number(_ width: Int) throws -> Int {
        let bytes = try take(width)
        return bytes.reduce(bytes.first ?? 0 > 127 ? -1 : 0) { $0 << 8 | Int($1) }
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Three letters or more, or anything of letters, figures and signs between `<` and `>`.
    mutating func skipName() throws {
        let isQuoted = skip("<")
        let name = rest.prefix { byte in
            Self.isFigureOrLetter(byte) && (isQuoted || byte > 57) || isQuoted && "+-".utf8.contains(byte)
        }
        rest = rest.dropFirst(name.count)
        guard name.count >= 3, !isQuoted || skip(">") else { throw ZoneFault() }
    }

    mutating func figures(_ range: ClosedRange<Int>) throws -> Int {
        let figures = rest.prefix { 48...57 ~= $0 }
        rest = rest.dropFirst(figures.count)
        guard 1...3 ~= figures.count else { throw ZoneFault() }
        let value = figures.reduce(0) { $0 * 10 + Int($1 - 48) }
        guard range ~= value else { throw ZoneFault() }
        return value
    }

    /// `-3:30` and the like in seconds; minutes and seconds share the sign.
    mutating func duration(hours: Int) throws -> Int {
        let sign = skip("-") ? -1 : 1
        if sign == 1 { _ = skip("+") }
        var seconds = try figures(0...hours) * 3600
        if skip(":") { seconds += try figures(0...59) * 60 }
        if skip(":") { seconds += try figures(0...59) }
        return sign * seconds
    }
}
