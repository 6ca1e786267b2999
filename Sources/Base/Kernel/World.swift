import Dispatch
package import Foundation

/// Everything the program takes from outside itself without asking: the clock, chance and new ids.
/// Nothing else in the source may read them, so a test can seed all three.
package struct World: Sendable {
    package var now: @Sendable () -> Instant
    package var newUUID: @Sendable () -> UUID
    /// Nanoseconds of a clock that only runs forward, for durations.
    package var uptime: @Sendable () -> UInt64

    package init(
        now: @escaping @Sendable () -> Instant,
        newUUID: @escaping @Sendable () -> UUID,
        uptime: @escaping @Sendable () -> UInt64
    ) {
        self.now = now
        self.newUUID = newUUID
        self.uptime = uptime
    }

    /// The machine's clock and the system's random generator.
    package static let live = World(
        now: { Instant(seconds: Int64(Date().timeIntervalSince1970)) },
        newUUID: { UUID() },
        uptime: { DispatchTime.now().uptimeNanoseconds })
}
