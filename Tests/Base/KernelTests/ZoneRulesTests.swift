import Foundation
import Testing

@testable import Kernel

/// `2025-03-30 01:00:00` in UTC.
private func moment(_ text: String) throws -> Instant {
    let day = try #require(Day(String(text.prefix(10))))
    let clock = text.dropFirst(11).split(separator: ":").compactMap { Int64($0) }
    try #require(clock.count == 3)
    return Instant(seconds: Int64(day.number) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2])
}

/// A zone file made by hand: the offset before all changes, the changes, and the rule for later.
private struct ZoneFile {
    var first = 0
    var changes: [(at: Instant, offset: Int)] = []
    var footer = ""
    var version = UInt8(ascii: "2")
    var leapSeconds = 0

    var bytes: [UInt8] {
        let types = [first] + changes.map(\.offset)
        let leaps = (0..<leapSeconds).flatMap { big(78_796_800 * ($0 + 1), 8) + big($0 + 1, 4) }
        let body: [[UInt8]] = [
            changes.flatMap { big(Int($0.at.seconds), 8) }, changes.indices.map { UInt8($0 + 1) },
            types.flatMap { big($0, 4) + [0, 0] }, Array("LMT\0".utf8), leaps, Array("\n\(footer)\n".utf8),
        ]
        // The first block is the one for 32-bit readers, which has to be passed over.
        let old = header(changes: 1, types: 1, leapSeconds: 1) + big(0, 4) + [0] + big(7200, 4) + [0, 0]
        return old + Array("OLD\0".utf8) + big(1, 4) + big(1, 4)
            + header(changes: changes.count, types: types.count, leapSeconds: leapSeconds) + body.joined()
    }

    private func header(changes: Int, types: Int, leapSeconds: Int) -> [UInt8] {
        let counts = [0, 0, leapSeconds, changes, types, 4]
        return Array("TZif".utf8) + [version] + Array(repeating: 0, count: 15) + counts.flatMap { big($0, 4) }
    }

    private func big(_ number: Int, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    /// The file in a folder of its own that is gone again afterwards, with what `read` makes of it.
    func stored<Result>(as name: String = "Test/Town", _ read: (_ folder: String) throws -> Result) throws -> Result {
        let name = URL(
            filePath: name,
            relativeTo: FileManager.default.temporaryDirectory
                .appending(path: "waymark-" + ProcessInfo.processInfo.globallyUniqueString, directoryHint: .isDirectory)
        )
        let folder = try #require(name.baseURL)
        try FileManager.default.createDirectory(
            at: name.deletingLastPathComponent(), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(bytes).write(to: name)
        return try read(folder.path(percentEncoded: false))
    }

    var zone: Zone { get throws { try stored { try #require(Zone(identifier: "Test/Town", folder: $0)) } } }
}

@Suite struct ZoneRulesTests {
    /// Hours from UTC at each moment, by a file of nothing but a footer.
    private func expect(
        _ footer: String, _ expected: [(String, Double)], location: SourceLocation = #_sourceLocation
    ) throws {
        let zone = try ZoneFile(footer: footer).zone
        for (text, hours) in expected {
            #expect(Double(zone.offset(at: try moment(text))) / 3600 == hours, "\(text)", sourceLocation: location)
        }
    }

    // MARK: The rule for later times

    @Test func `a northern rule turns the clock to the second`() throws {
        try expect(
            "PST8PDT,M3.2.0,M11.1.0",
            [
                ("2025-03-09 09:59:59", -8), ("2025-03-09 10:00:00", -7), ("2025-11-02 08:59:59", -7),
                ("2025-11-02 09:00:00", -8), ("2090-07-01 00:00:00", -7), ("1700-07-01 00:00:00", -7),
            ])
    }

    @Test func `a southern rule has summer over the new year`() throws {
        try expect(
            "AEST-10AEDT,M10.1.0,M4.1.0/3",
            [
                ("2025-01-01 00:00:00", 11), ("2025-04-05 15:59:59", 11), ("2025-04-05 16:00:00", 10),
                ("2025-10-04 15:59:59", 10), ("2025-10-04 16:00:00", 11), ("2025-12-31 23:59:59", 11),
            ])
    }

    @Test func `the fifth week is the last one of the month`() throws {
        try expect(
            "CET-1CEST,M3.5.0,M10.5.0/3",
            [
                ("2025-03-30 00:59:59", 1), ("2025-03-30 01:00:00", 2), ("2026-03-29 00:59:59", 1),
                ("2026-03-29 01:00:00", 2), ("2026-10-25 00:59:59", 2), ("2026-10-25 01:00:00", 1),
            ])
    }

    @Test func `a J day is the same date in a leap year and a plain number is not`() throws {
        try expect(
            "AAA0BBB,J60/0,59/0",
            [
                ("2023-02-28 22:59:59", 1), ("2023-02-28 23:00:00", 0), ("2023-03-01 00:00:00", 1),
                ("2024-02-28 22:59:59", 1), ("2024-02-28 23:00:00", 0),
                ("2024-02-29 23:59:59", 0), ("2024-03-01 00:00:00", 1),
            ])
        try expect("AAA0BBB,J59/0,J365/0", [("2024-02-27 23:59:59", 0), ("2024-02-28 00:00:00", 1)])
        try expect("AAA0BBB,0/0,365/0", [("2024-12-30 22:59:59", 1), ("2024-12-30 23:00:00", 0)])
    }

    @Test func `quoted names and times before midnight are understood`() throws {
        try expect(
            "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
            [
                ("2025-03-30 00:59:59", -2), ("2025-03-30 01:00:00", -1), ("2025-10-26 00:59:59", -1),
                ("2025-10-26 01:00:00", -2),
            ])
        try expect("<+0330>-3:30", [("2025-07-01 00:00:00", 3.5)])
        try expect("<-0930>+9:30:36", [("2025-07-01 00:00:00", -9.51)])
    }

    @Test func `a time of 50 hours is two days later`() throws {
        try expect(
            "EET-2EEST,M3.4.4/50,M10.4.4/50",
            [
                ("2025-03-28 23:59:59", 2), ("2025-03-29 00:00:00", 3), ("2025-10-24 22:59:59", 3),
                ("2025-10-24 23:00:00", 2),
            ])
    }

    @Test func `summer time may be half an hour or behind standard time`() throws {
        try expect(
            "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", [("2025-01-01 00:00:00", 11), ("2025-07-01 00:00:00", 10.5)])
        try expect("IST-1GMT0,M10.5.0,M3.5.0/1", [("2025-01-01 00:00:00", 0), ("2025-07-01 00:00:00", 1)])
    }

    @Test func `a summer that ends when it starts never ends`() throws {
        try expect(
            "XXX3EDT4,0/0,J365/23",
            [("2025-01-01 02:59:59", -4), ("2025-01-01 03:00:00", -4), ("2024-07-01 00:00:00", -4)])
    }

    @Test func `the rule holds for ever`() throws {
        let zone = try ZoneFile(footer: "PST8PDT,M3.2.0,M11.1.0").zone
        let now = try moment("2025-03-09 09:59:59").seconds
        for cycles in [1, 2, 1000, 100_000] as [Int64] {
            #expect(zone.offset(at: Instant(seconds: now + cycles * 146_097 * 86_400)) == -8 * 3600)
            #expect(zone.offset(at: Instant(seconds: now + cycles * 146_097 * 86_400 + 1)) == -7 * 3600)
        }
        for seconds in [Int64.min, .max] {
            #expect([-8 * 3600, -7 * 3600].contains(zone.offset(at: Instant(seconds: seconds))))
        }
    }

    // MARK: The changes in the file

    @Test func `changes of the past go before the rule`() throws {
        let changes = [(try moment("1910-01-01 00:00:00"), -36_000), (try moment("2026-11-01 09:00:00"), -25_200)]
        var file = ZoneFile(first: -29_548, changes: changes)
        for footer in ["", "MST7"] {
            file.footer = footer
            let zone = try file.zone
            #expect(zone.offset(at: try moment("1909-12-31 23:59:59")) == -29_548)
            #expect(zone.offset(at: try moment("1910-01-01 00:00:00")) == -36_000)
            #expect(zone.offset(at: try moment("2026-11-01 08:59:59")) == -36_000)
            #expect(zone.offset(at: try moment("2026-11-01 09:00:00")) == -25_200)
            #expect(zone.offset(at: try moment("2999-01-01 00:00:00")) == -25_200)
        }
        file.footer = "MST7MDT,M3.2.0,M11.1.0"
        let zone = try file.zone
        #expect(zone.offset(at: try moment("2026-07-01 00:00:00")) == -36_000)
        #expect(zone.offset(at: try moment("2027-03-14 08:59:59")) == -25_200)
        #expect(zone.offset(at: try moment("2027-03-14 09:00:00")) == -21_600)
    }

    @Test func `a file without changes or rule has one offset`() throws {
        let zone = try ZoneFile(first: 20_700).zone
        #expect(zone.offset(at: try moment("2025-07-01 00:00:00")) == 20_700)
    }

    @Test func `every cut through a file is noticed`() throws {
        let file = ZoneFile(changes: [(try moment("2000-01-01 00:00:00"), 3600)], footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        let bytes = file.bytes
        _ = try ZoneRules(file: bytes)
        for count in bytes.indices { #expect(throws: (any Error).self) { try ZoneRules(file: Array(bytes[..<count])) } }
    }

    @Test(arguments: [
        "C-1", "CET", "CET-25", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J5", "CET-1CEST,J1,366", "CET-1CEST,J1/168,J5", "CET-1CEST,J1,J5,",
        "<+1", "<+01-1", "CET-1:60", "CET--1", "CET-1CEST,M3.5.0/,M10.5.0", "CET-99999999999999999999",
    ])
    func `a rule that makes no sense is refused`(footer: String) {
        #expect(throws: (any Error).self) { try ZoneRules(file: ZoneFile(footer: footer).bytes) }
    }

    @Test func `files of version 1 and files that count leap seconds are refused`() throws {
        #expect(throws: (any Error).self) { try ZoneRules(file: ZoneFile(version: 0).bytes) }
        #expect(throws: (any Error).self) { try ZoneRules(file: ZoneFile(leapSeconds: 1).bytes) }
        let changes = [(try moment("2001-01-01 00:00:00"), 0), (try moment("2000-01-01 00:00:00"), 3600)]
        #expect(throws: (any Error).self) { try ZoneRules(file: ZoneFile(changes: changes).bytes) }
        #expect(throws: (any Error).self) { try ZoneRules(file: ZoneFile(first: 93_600).bytes) }
    }
}

@Suite struct ZoneTests {
    @Test(arguments: [
        "", "/", "..", "../UTC", "Europe/../UTC", "/Europe/Paris", "Europe/Paris/", "Europe//Paris", "Europe/Paris\0",
        "Europe/Par is", "Europe/Parí", "zone.tab", "Europe", "Europe/Nowhere", "America/vancouver\n",
    ])
    func `a name that is not a zone's is refused`(name: String) {
        #expect(Zone(identifier: name) == nil)
    }

    @Test func `a name cannot leave the folder`() throws {
        try ZoneFile(footer: "UTC0").stored(as: "Secret") { folder in
            #expect(Zone(identifier: "Secret", folder: folder) != nil)
            #expect(Zone(identifier: "../Secret", folder: "\(folder)/Europe") == nil)
            #expect(Zone(identifier: "\(folder)/Secret".replacing(".", with: "_"), folder: "") == nil)
        }
    }

    @Test(arguments: ["/usr/share/zoneinfo", "/nowhere"])
    func `the machine's files and Foundation agree on settled years`(folder: String) throws {
        let vancouver = try #require(Zone(identifier: "America/Vancouver", folder: folder))
        #expect(vancouver.offset(at: try moment("2025-07-01 00:00:00")) == -7 * 3600)
        #expect(vancouver.offset(at: try moment("2025-12-01 00:00:00")) == -8 * 3600)
        let paris = try #require(Zone(identifier: "Europe/Paris", folder: folder))
        #expect(paris.offset(at: try moment("2025-03-30 00:59:59")) == 3600)
        #expect(paris.offset(at: try moment("2025-03-30 01:00:00")) == 7200)
    }

    @Test func `a damaged file leaves the zone to Foundation`() throws {
        try ZoneFile(footer: "CET").stored(as: "Europe/Paris") { folder in
            let paris = try #require(Zone(identifier: "Europe/Paris", folder: folder))
            #expect(paris.offset(at: try moment("2025-07-01 00:00:00")) == 7200)
        }
        try ZoneFile(footer: "CET").stored { #expect(Zone(identifier: "Test/Town", folder: $0) == nil) }
    }

    @Test func `a file is read once`() throws {
        let folder = try ZoneFile(footer: "CET-1").stored { folder in
            #expect(Zone(identifier: "Test/Town", folder: folder) != nil)
            return folder
        }
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(Zone(identifier: "Test/Town", folder: folder)?.offset(at: Instant(seconds: 0)) == 3600)
    }

    @Test func `zones are equal when their names are`() throws {
        #expect(Zone(identifier: "Europe/Paris") == Zone(identifier: "Europe/Paris"))
        #expect(Zone(identifier: "Europe/Paris") != Zone(identifier: "Europe/Berlin"))
    }

    @Test func `a clock on the wall shows the day and minute of its zone`() throws {
        let clock = try moment("2025-01-01 07:59:59").wallClock(in: ZoneFile(footer: "PST8PDT,M3.2.0,M11.1.0").zone)
        #expect(clock.day == Day("2024-12-31"))
        #expect(clock.minute == 1439)
    }
}
