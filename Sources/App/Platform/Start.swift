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
    private let settings: Settings
    /// So many are ready within a second; where there are more, pages answer before the open data does.
    private static let fewServices = 2000
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
            try await platform.directory.prepareDocuments()
            try await platform.directory.openSearch()
            if try await platform.directory.count(.service) <= Self.fewServices {
                try await platform.directory.fillDocuments()
            }
        }
        return platform
    }

    /// Serves until it is told to stop.
    package func serve(say: @escaping @Sendable (String) -> Void) async throws {
        try makeFolder()
        let lock = try FolderLock(settings.dataFolder)
        defer { lock.release() }
        let platform = try await platform(opensSearch: true, say: say)
        var logger = Logger(label: "waymark")
        logger.logLevel = .error
        let (host, port) = (settings.host, settings.port)
        let application = Application(
            router: platform.router, server: platform.connections(patience: .seconds(Int64(settings.patience))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil, backlog: 1024),
            onServerRunning: { channel in
                say("Waymark answers on http://\(host):\(channel.localAddress?.port ?? port)/")
            },
            logger: logger)
        let filler = Task { await Self.fill(platform) }
        let follower = Task { await Self.follow(platform) }
        let listener = Task { await Self.listen(platform) }
        let settler = Task { await Self.settle(platform) }
        defer {
            filler.cancel()
            follower.cancel()
            listener.cancel()
            settler.cancel()
            platform.log.flush()
        }
        do {
            try await application.runService()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw Settings.Fault(
                description: "Port \(port) is in use; stop the other program or set PORT to a free one.")
        } catch let error as IOError where error.errnoCode == EACCES {
            throw Settings.Fault(description: "This user may not open port \(port); set PORT to 1024 or more.")
        }
    }

    /// The open data of a large directory, beside the pages; `/hsds/` and `/readyz` say so until it is there.
    private static func fill(_ platform: Platform) async {
        while !Task.isCancelled, !platform.directory.documentsAreReady {
            do {
                try await platform.directory.fillDocuments()
                platform.log.event("open-data-ready")
            } catch {
                platform.log.event("open-data-failed")
                try? await Task.sleep(for: .seconds(60))
            }
        }
    }

    /// Every second: takes in changes made by other processes, writes the log.
    private static func follow(_ platform: Platform) async {
        var hasFailed = false
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            if Task.isCancelled { break }
            do {
                try await platform.directory.followChanges()
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

    private func makeFolder() throws {
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
