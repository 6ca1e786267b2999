import Foundation
import Kernel

/// Reads and writes moments on the clock of the region, as a field for date and time has them: `2026-12-01T17:00`.
struct LocalTime: Sendable {
    let zone: Zone?

    /// Nil when it is not written so. Where a clock goes back the earlier of both moments; where it goes forward a moment that
    /// the clock leaves out is the one as long after.
    func instant(_ text: String) -> Instant? {
        let parts = text.replacing(" ", with: "T").split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = Day(String(parts[0])) else { return nil }
        let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(clock.count), clock.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(clock[0]),
            let minute = Int(clock[1]), (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        let asUTC = Instant(seconds: day.start.seconds + Int64(hour * 3600 + minute * 60))
        guard let zone else { return asUTC }
        let guess = Instant(seconds: asUTC.seconds - Int64(asUTC.offset(in: zone)))
        return Instant(seconds: asUTC.seconds - Int64(guess.offset(in: zone)))
    }

    /// `2026-12-01 17:00`.
    func text(_ moment: Instant) -> String {
        let local = Instant(seconds: moment.seconds + Int64(zone.map { moment.offset(in: $0) } ?? 0))
        return String(local.description.prefix(16)).replacing("T", with: " ")
    }

    /// What follows a time, so that nobody mistakes the clock: `America/Vancouver`.
    var name: String { zone?.identifier ?? "UTC" }
}
