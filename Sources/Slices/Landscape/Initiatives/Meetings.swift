import Formats
import Kernel
import Web

/// When initiatives meet next, in the order of time.
struct Meetings: Sendable {
    struct Meeting: Sendable {
        let initiative: Initiative
        let at: Instant
    }

    let meetings: [Meeting]

    /// Of what is still so; what is over is left out.
    init(_ initiatives: [Initiative], _ clock: LocalTime, now: Instant) {
        meetings = initiatives.filter { $0.standing(on: now.day).isCounted }.flatMap { initiative in
            initiative.lines(.meetings).compactMap(clock.instant).filter { $0 >= now }.map {
                Meeting(initiative: initiative, at: $0)
            }
        }.sorted { ($0.at, $0.initiative.id) < ($1.at, $1.initiative.id) }
    }

    /// As iCalendar (RFC 5545). How long a meeting takes is not known, so none has an end.
    func calendar(_ region: RegionLookup, now: Instant) -> [UInt8] {
        var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waymark//Meetings//EN"]
        for meeting in meetings {
            let start = Self.moment(meeting.at)
            lines += [
                "BEGIN:VEVENT", "UID:\(meeting.initiative.id)-\(start)@waymark", "DTSTAMP:\(Self.moment(now))",
                "DTSTART:\(start)", "SUMMARY:\(Self.escaped(meeting.initiative[.name]))",
                "DESCRIPTION:\(Self.escaped(meeting.initiative[.does]))",
            ]
            if let place = region.place(meeting.initiative[.place], .english) {
                lines.append("LOCATION:\(Self.escaped(place))")
            }
            lines.append("END:VEVENT")
        }
        lines.append("END:VCALENDAR")
        return lines.flatMap { Self.folded($0) }
    }

    /// `20261201T170000Z`.
    private static func moment(_ moment: Instant) -> String {
        moment.description.filter { $0 != "-" && $0 != ":" }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing(";", with: "\\;").replacing(",", with: "\\,")
            .replacing("\n", with: "\\n")
    }

    /// Lines of 75 bytes or fewer, never within a character.
    private static func folded(_ line: String) -> [UInt8] {
        var (bytes, length): ([UInt8], Int) = ([], 0)
        for scalar in line.unicodeScalars where scalar.value >= 0x20 {
            let next = Array(String(scalar).utf8)
            if length + next.count > 75 {
                bytes += Array("\r\n ".utf8)
                length = 1
            }
            bytes += next
            length += next.count
        }
        return bytes + Array("\r\n".utf8)
    }
}
