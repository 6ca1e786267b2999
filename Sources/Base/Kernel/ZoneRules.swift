import Foundation
import Synchronization

/// The clock of a place, by its IANA name and the machine's own zone files: those follow each year's new laws, while
/// Foundation brings a copy that does not. Where a file is missing or unreadable Foundation answers all the same.
/// Two zones are equal when their names are.
package struct Zone: Sendable, Hashable {
    private enum Clock: Sendable {
        case file(ZoneRules)
        case foundation(TimeZone)
    }

    package let identifier: String
    private let clock: Clock

    private static let known = Mutex<[String: Zone]>([:])

    /// Nil when no zone has the name, or when it is not of letters, digits, `_`, `+`, `-` and single inner slashes.
    /// A file of `folder` is read once, so new zone files count from the next start.
    package init?(identifier: String, folder: String = "/usr/share/zoneinfo") {
        guard Self.isName(identifier) else { return nil }
        let path = "\(folder)/\(identifier)"
        let zone = Self.known.withLock { known in
            if let zone = known[path] { return zone as Zone? }
            let zone = Self.clock(identifier, path: path).map { Zone(identifier: identifier, clock: $0) }
            known[path] = zone
            return zone
        }
        guard let zone else { return nil }
        self = zone
    }

    private init(identifier: String, clock: Clock) {
        self.identifier = identifier
        self.clock = clock
    }

    /// Seconds to add to UTC for the time of day in the zone.
    package func offset(at moment: Instant) -> Int {
        switch clock {
        case .file(let rules): rules.offset(at: moment.seconds)
        case .foundation(let zone):
            zone.secondsFromGMT(for: Foundation.Date(timeIntervalSince1970: TimeInterval(moment.seconds)))
        }
    }

    package static func == (left: Self, right: Self) -> Bool { left.identifier == right.identifier }
    package func hash(into hasher: inout Hasher) { hasher.combine(identifier) }

    private static func isName(_ text: String) -> Bool {
        text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.allSatisfy { ZoneBytes.isFigureOrLetter($0) || "_+-".utf8.contains($0) }
        }
    }

    private static func clock(_ identifier: String, path: String) -> Clock? {
        if let data = FileManager.default.contents(atPath: path), let rules = try? ZoneRules(file: [UInt8](data)) {
            return .file(rules)
        }
        return TimeZone(identifier: identifier).map { .foundation($0) }
    }
}

/// Every change of one zone's offset, from a TZif file of version 2 or later (RFC 8536). The yearly rule of its footer
/// is written out for 400 years, after which the calendar and so the changes repeat.
struct ZoneRules: Sendable {
    private static let cycle: Int64 = 146_097 * 86_400

    /// `offsets[n + 1]` holds from `changes[n]` on, and `offsets[0]` before them all.
    private var changes: [Int64] = []
    private var offsets: [Int]
    /// From here on the 400 years before repeat.
    private var end = Int64.max

    func offset(at moment: Int64) -> Int {
        let moment = moment < end ? moment : end - Self.cycle + (moment - end) % Self.cycle
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= moment { low = middle + 1 } else { high = middle }
        }
        return offsets[low]
    }

    /// Throws on an older or damaged file, and on one that counts leap seconds, which UTC seconds since 1970 do not.
    init(file bytes: [UInt8]) throws {
        var file = ZoneBytes(rest: bytes[...])
        _ = try file.take(try ZoneCounts(&file).length(ofTime: 4))
        let counts = try ZoneCounts(&file)
        var body = ZoneBytes(rest: try file.take(counts.length(ofTime: 8)))
        changes = try (0..<counts.changes).map { _ in Int64(try body.number(8)) }
        let types = try body.take(counts.changes).map { Int($0) }
        let known = try (0..<counts.types).map { _ in
            let offset = try body.number(4)
            _ = try body.take(2)
            return offset
        }
        guard counts.leapSeconds == 0, let first = known.first, types.allSatisfy({ $0 < known.count }),
            known.allSatisfy({ -89_999...93_599 ~= $0 }), zip(changes, changes.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw ZoneFault() }
        offsets = [first] + types.map { known[$0] }
        if let footer = try ZoneFooter(line: &file) { try extend(by: footer) }
    }

    private mutating func extend(by footer: ZoneFooter) throws {
        if changes.isEmpty { offsets = [footer.offset] }
        guard let summer = footer.summer else { return }
        let last = changes.last ?? .min
        let firstYear = max(1600, Instant(seconds: last).day.year)
        guard firstYear < 10_000 else { throw ZoneFault() }
        let cycleYear = max(1970, firstYear) + 2
        end = Int64(Day(year: cycleYear + 400, month: 1, day: 1).number) * 86_400
        let yearly = (firstYear - 1...cycleYear + 400).flatMap { year in
            [
                (moment: summer.ends.moment(in: year) - summer.offset, rank: 0, offset: footer.offset),
                (moment: summer.starts.moment(in: year) - footer.offset, rank: 1, offset: summer.offset),
            ]
        }
        // A start at the moment of an end comes last: this is how a rule says that summer time never ends.
        for turn in yearly.sorted(by: { ($0.moment, $0.rank) < ($1.moment, $1.rank) }) where turn.moment > last {
            changes.append(Int64(turn.moment))
            offsets.append(turn.offset)
        }
    }
}
