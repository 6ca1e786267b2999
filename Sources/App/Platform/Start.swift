import Directory
import Formats
import Foundation
import Hummingbird
package import Kernel
import Logging
import NIOCore
import Storage
package import Web

/// Opens everything in order, so that a fault stops the start with one sentence and nothing half done.
package struct Start: Sendable {
    let settings: Settings
    let world: World

    package init(_ settings: Settings, world: World = .live) {
        self.settings = settings
        self.world = world
    }

    /// Database migrated, data set loaded on the first start; search open when asked, which only a server needs.
    package func platform(
        log: RequestLog = .standardError(), loadsRegion: Bool = true, opensSearch: Bool = false,
        say: (String) -> Void = { _ in }
    ) async throws -> Platform {
        let data = try DataSet(folder: settings.region)
        try makeFolder()
        let database = try await settings.database.open()
        let steps = try await Migrator(Platform.migrations).run(on: database, at: world.now())
        if !steps.isEmpty { say("Schema steps taken: \(steps.joined(separator: ", ")).") }
        let platform = try Platform(
            database: database, world: world, data: data, searchFile: settings.searchFile, leaflet: settings.leaflet,
            log: log)
        if loadsRegion, try await platform.directory.count(.organization) == 0 {
            let added = try await platform.directory.load(region: settings.region.lastPathComponent)
            say("Loaded \(added) records from \(settings.region.path).")
        }
        if opensSearch {
            async let documents: Void = platform.directory.openDocuments()
            try await platform.directory.openSearch()
            try await documents
        }
        return platform
    }

    /// Serves until it is told to stop.
    package func serve(say: @escaping @Sendable (String) -> Void) async throws {
        try makeFolder()
        let lock = try FolderLock(settings.dataFolder)
        defer { lock.release() }
        let platform = try await platform(
            log: .standardError(isJSON: settings.logsJSON), opensSearch: true, say: say)
        var logger = Logger(label: "waymark")
        logger.logLevel = .error
        let (host, port) = (settings.host, settings.port)
        var application = Application(
            router: platform.router, server: platform.connections(patience: .seconds(Int64(settings.patience))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil, backlog: 1024),
            onServerRunning: { channel in
                say("Waymark answers on http://\(host):\(channel.localAddress?.port ?? port)/")
            },
            logger: logger)
        let pulse = FollowerPulse(world)
        if let port = settings.metricsPort {
            application.addServices(Metrics(platform, pulse, world).server(port: port, logger: logger, say: say))
        }
        let watch = ShutdownWatch(patience: settings.patience, log: platform.log)
        defer { watch.end() }
        let follower = Task { await Self.follow(platform, pulse) }
        let listener = Task { await Self.listen(platform) }
        let settler = Task { await Self.settle(platform) }
        let feeds = Task { [settings] in await Self.readFeeds(platform, through: settings.feeds) }
        defer {
            follower.cancel()
            listener.cancel()
            settler.cancel()
            feeds.cancel()
            platform.log.flush()
        }
        do {
            try await application.runService()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw Settings.Fault(
                description: settings.metricsPort.map {
                    "Port \(port) or \($0) is in use; stop the other program or set PORT or WAYMARK_METRICS_PORT."
                } ?? "Port \(port) is in use; stop the other program or set PORT to a free one.")
        } catch let error as IOError where error.errnoCode == EACCES {
            throw Settings.Fault(description: "This user may not open port \(port); set PORT to 1024 or more.")
        }
    }

    /// Every second: takes in changes made by other processes, writes the log.
    private static func follow(_ platform: Platform, _ pulse: FollowerPulse) async {
        var hasFailed = false
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            if Task.isCancelled { break }
            do {
                try await platform.directory.followChanges()
                pulse.beat()
                if hasFailed { platform.log.event("follow-works-again") }
                hasFailed = false
            } catch is CancellationError {
                break
            } catch {
                if !hasFailed { platform.log.event("follow-failed") }
                hasFailed = true
            }
            platform.log.flush()
        }
    }

    /// At once, where the database tells of changes; the follower finds those it did not tell of.
    private static func listen(_ platform: Platform) async {
        for await _ in platform.database.wakeUps { try? await platform.directory.followChanges() }
    }

    /// Every five seconds: reads the feeds whose time has come. What is wrong with one stands in `waymark follow list`.
    private static func readFeeds(_ platform: Platform, through port: FeedPort) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(5))
            if Task.isCancelled { break }
            do {
                try await platform.directory.followDue(through: port)
            } catch {
                platform.log.event("feeds-failed")
            }
        }
    }

    /// Every minute, beside the follower: a large search takes longer to make anew than a change may wait.
    private static func settle(_ platform: Platform) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(60))
            if Task.isCancelled { break }
            do {
                try await platform.directory.settleSearch()
            } catch {
                platform.log.event("settle-failed")
            }
        }
    }

    func makeFolder() throws {
        let folder = settings.dataFolder
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Settings.Fault(
                description:
                    "The data folder \(folder.path) cannot be made; set WAYMARK_DATA to a folder you may write to.")
        }
        guard FileManager.default.isWritableFile(atPath: folder.path) else {
            throw Settings.Fault(
                description:
                    "The data folder \(folder.path) is read-only; set WAYMARK_DATA to a folder you may write to.")
        }
    }
}
