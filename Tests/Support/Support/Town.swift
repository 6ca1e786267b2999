package import Directory
package import Foundation
package import Formats
import Intake
import Landscape
package import Kernel
package import Platform
package import Storage
import Synchronization
import Web

/// A fictional desk for tests: the region's real data files, a database in memory, a seeded world.
package struct Town: Sendable {
    package let platform: Platform
    package let browser: Browser
    package let database: any Database
    package let written: Captured
    package let clock: TownClock
    private let folder: TemporaryFolder

    /// What was written to the log.
    package final class Captured: Sendable {
        private let bytes = Mutex<[UInt8]>([])

        package init() {}

        package var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
        func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }
    }

    /// 1 May 2025, 12:00 in Vancouver, a Thursday.
    package static let noon = Instant(seconds: 1_746_126_000)

    private static let data = Result { try DataSet(folder: root.appending(path: "Data/bc")) }

    package static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// - Parameters:
    ///   - loadsRegion: false for an empty directory.
    ///   - fillsDocuments: false for a desk whose open data is not ready yet.
    ///   - wrap: puts another driver around the database, such as one that fails.
    package init(
        loadsRegion: Bool = true, fillsDocuments: Bool = true, now: Instant = Town.noon, address: String? = nil,
        mail: Mail? = nil,
        wrap: (any Database) -> any Database = { $0 }
    ) async throws {
        let database = wrap(try await TestDatabase.make())
        let captured = Captured()
        let clock = TownClock(now)
        try await Migrator(Platform.migrations).run(on: database, at: now)
        let data = try Self.data.get()
        folder = try TemporaryFolder()
        platform = try Platform(
            database: database, world: .seeded { clock.now }, data: data,
            searchFile: folder.url.appending(path: "search.index"),
            leaflet: URL(filePath: "/usr/share/javascript/leaflet"),
            intakeSecret: IntakeSecret([UInt8](repeating: 7, count: 32)), mail: mail, address: address,
            log: RequestLog(write: captured.append))
        if loadsRegion {
            try await platform.directory.load(region: "bc")
            try await platform.landscape.load(region: Self.root.appending(path: "Data/bc"))
        }
        try await platform.directory.openSearch()
        try await platform.directory.prepareDocuments()
        if fillsDocuments { try await platform.directory.fillDocuments() }
        self.database = database
        written = captured
        self.clock = clock
        browser = Browser(platform.router)
    }

    /// Gone with the last copy of its town.
    private final class TemporaryFolder: Sendable {
        let url: URL

        init() throws {
            url = FileManager.default.temporaryDirectory.appending(path: "waymark-test-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    package var directory: Directory { platform.directory }

    /// Staff of the desk.
    package static let staff = Actor.commandLine("desk")

    /// Stores records and tells the search of them.
    package func store(_ records: [Record]) async throws {
        try await directory.add(records, by: Self.staff)
    }
}

/// Stands still until a test moves it.
package final class TownClock: Sendable {
    private let moment: Mutex<Instant>

    package init(_ now: Instant) { moment = Mutex(now) }

    package var now: Instant { moment.withLock { $0 } }

    package func advance(days: Int = 0, hours: Int = 0, seconds: Int = 0) {
        moment.withLock { $0.seconds += Int64(days) * 86_400 + Int64(hours) * 3600 + Int64(seconds) }
    }
}

extension World {
    /// A clock that stands still.
    package static func seeded(at now: Instant) -> World { seeded { now } }

    /// Ids that count up and bytes that follow from them.
    package static func seeded(_ now: @escaping @Sendable () -> Instant) -> World {
        let counter = Mutex<UInt64>(0)
        let box = CounterBox(counter)
        return World(
            now: now, newUUID: { box.next() },
            randomBytes: { count in
                (0..<count).map { _ in
                    let id = box.next().uuid
                    return id.15 &* 167 &+ id.14 &* 101 &+ 13
                }
            }, uptime: { 0 })
    }
}

private final class CounterBox: Sendable {
    private let counter: Mutex<UInt64>

    init(_ counter: consuming Mutex<UInt64>) { self.counter = counter }

    func next() -> UUID {
        let number = counter.withLock { value -> UInt64 in
            value += 1
            return value
        }
        var bytes = [UInt8](repeating: 0, count: 16)
        for index in 0..<8 { bytes[15 - index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(index))) }
        bytes[6] = 0x40
        bytes[8] = 0x80
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
