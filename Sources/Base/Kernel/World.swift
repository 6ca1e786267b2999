import Dispatch
package import Foundation

/// Everything the program takes from outside itself without asking: the clock, chance and new ids.
/// Nothing else in the source may read them, so a test can seed all three.
package struct World: Sendable {
    package var now: @Sendable () -> Instant
    package var newUUID: @Sendable () -> UUID
    /// So many bytes that nobody can guess, for links and receipts.
    package var randomBytes: @Sendable (Int) -> [UInt8]
    /// Nanoseconds of a clock that only runs forward, for durations.
    package var uptime: @Sendable () -> UInt64

    package init(
        now: @escaping @Sendable () -> Instant,
        newUUID: @escaping @Sendable () -> UUID,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        uptime: @escaping @Sendable () -> UInt64
    ) {
        self.now = now
        self.newUUID = newUUID
        self.randomBytes = randomBytes
        self.uptime = uptime
    }

    /// The calendar day in UTC.
    package var today: Day { now().day }

    /// The machine's clock and the system's random generator.
    package static let live = World(
        now: { Instant(seconds: Int64(Date().timeIntervalSince1970)) },
        newUUID: { UUID() },
        randomBytes: { count in
            var system = SystemRandomNumberGenerator()
            return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &system) }
        },
        uptime: { DispatchTime.now().uptimeNanoseconds })
}
