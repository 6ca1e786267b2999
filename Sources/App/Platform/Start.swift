import Accounts
import Directory
import Formats
package import Foundation
import Glibc
import Hummingbird
import Intake
package import Kernel
import Landscape
import Logging
import NIOCore
import Storage
package import Web

/// Opens everything in order, so that a fault stops the start with one sentence and nothing half done.
package struct Start: Sendable {
    let settings: Settings
    /// So many are ready within a second; where there are more, pages answer before the open data does.
    private static let fewServices = 2000
    let world: World

    package init(_ settings: Settings, world: World = .live) {
        self.settings = settings
        self.world = world
    }

    /// Database migrated, data set loaded on the first start; search open when asked, which only a server needs.
    /// - Parameter isServing: makes the secret that files of people are found with, where there is none.
    package func platform(
        log: RequestLog = .standardError(), loadsRegion: Bool = true, opensSearch: Bool = false,
        isServing: Bool = false, downloadsFolder: URL? = nil, say: (String) -> Void = { _ in }
    ) async throws -> Platform {
        let data = try DataSet(folder: settings.region)
        try makeFolder()
        let platform = try platform(
            on: await settings.database.open(), data, log, isServing: isServing, downloadsFolder: downloadsFolder)
        try await prepare(platform, loadsRegion: loadsRegion, opensSearch: opensSearch, say: say)
        return platform
    }

    private func platform(
        on database: any Database, _ data: DataSet, _ log: RequestLog, isServing: Bool, downloadsFolder: URL? = nil
    ) throws -> Platform {
        let folder = settings.dataFolder
        return try Platform(
            database: database, world: world, data: data, searchFile: settings.searchFile,
            downloadsFolder: downloadsFolder, leaflet: settings.leaflet,
            intakeSecret: isServing ? IntakeKey.secret(in: folder, world) : IntakeKey.known(in: folder, world),
            mail: isServing ? settings.mail : nil, address: settings.address, log: log)
    }

    private func prepare(
        _ platform: Platform, loadsRegion: Bool, opensSearch: Bool, say: (String) -> Void
    ) async throws {
        let steps = try await Migrator(Platform.migrations).run(on: platform.database, at: world.now())
        if !steps.isEmpty { say("Schema steps taken: \(steps.joined(separator: ", ")).") }
        if loadsRegion, try await platform.directory.count(.organization) == 0 {
            let added = try await platform.directory.load(region: settings.region.lastPathComponent)
            say("Loaded \(added) records from \(settings.region.path).")
        }
        if loadsRegion { try await platform.landscape.load(region: settings.region) }
        if opensSearch {
            try await platform.directory.prepareDocuments()
            try await platform.directory.openSearch()
            if try await platform.directory.count(.service) <= Self.fewServices {
                try await platform.directory.fillDocuments()
            }
        }
    }

    /// When the database is away, a node that heard from it within a day begins with its own files: what was withheld since
    /// must not come back with a machine that stood still for long.
    private func servingPlatform(say: (String) -> Void) async throws -> (Platform, isPrepared: Bool) {
        let log = RequestLog.standardError(isJSON: settings.logsJSON)
        do {
            return (try await platform(log: log, opensSearch: true, isServing: true, say: say), true)
        } catch let failure as StorageFailure {
            guard case .away = failure, let database = settings.database.unconnected() else { throw failure }
            let platform = try platform(on: database, DataSet(folder: settings.region), log, isServing: true)
            guard let since = try await platform.directory.openAlone(), world.now().seconds - since.seconds < 86_400
            else { throw failure }
            say("\(failure) Pages show what was known at \(since) until it is back.")
            return (platform, false)
        }
    }

    /// Serves until it is told to stop.
    package func serve(say: @escaping @Sendable (String) -> Void) async throws {
        try makeFolder()
        let lock = try FolderLock(settings.dataFolder)
        defer { lock.release() }
        let (platform, isPrepared) = try await servingPlatform(say: say)
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
        let watch = ShutdownWatch(
            patience: settings.patience, log: platform.log, endLive: platform.landscape.endLive)
        defer { watch.end() }
        let flusher = Task { await Self.flush(platform.log) }
        let followers = Task {
            if !isPrepared { await prepareAtLast(platform, say: say) }
            await keepUp(platform, pulse, say: say)
        }
        defer {
            followers.cancel()
            flusher.cancel()
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

    /// All that goes on beside the requests.
    private func keepUp(
        _ platform: Platform, _ pulse: FollowerPulse, say: @escaping @Sendable (String) -> Void
    ) async {
        let (directory, accounts, intake) = (platform.directory, platform.accounts, platform.intake)
        let (log, feeds) = (platform.log, settings.feeds)
        async let filling: Void = Self.fill(platform)
        async let following: Void = Self.follow(platform, pulse, say: say)
        async let listening: Void = Self.listen(platform)
        async let turning: Void = Self.every(1, log, "workshops-failed") { await platform.landscape.turn() }
        // Beside the follower: a large search takes longer to make anew than a change may wait.
        async let settling: Void = Self.every(60, log, "settle-failed") { try await directory.settleSearch() }
        // The feeds whose time has come. What is wrong with one stands in `waymark follow list`.
        async let reading: Void = Self.every(5, log, "feeds-failed") { try await directory.followDue(through: feeds) }
        // Accounts that rest; grants and referrals that are over, files that nobody comes back to, also in the copy that a
        // killed backup left.
        forgetKilledBackup()
        async let resting: Void = Self.every(60, log, "accounts-sweep-failed") { _ = try await accounts.sweep() }
        async let telling: Void = Self.every(60, log, "notices-failed") { try await platform.sendNotices() }
        async let ending: Void = Self.every(60, log, "intake-sweep-failed") {
            forgetKilledBackup()
            _ = try await intake.sweep()
        }
        _ = await (filling, following, listening, turning, settling, reading, resting, telling, ending)
    }

    /// Does `work` again and again, so many seconds after it ended. A failure is an event of the log, and the next time comes
    /// all the same.
    private static func every(
        _ seconds: Int, _ log: RequestLog, _ failure: StaticString, _ work: () async throws -> Void
    ) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(seconds))
            if Task.isCancelled { break }
            do { try await work() } catch { log.event(failure) }
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

    /// The node began without its database: tries every second to do what comes before serving.
    private func prepareAtLast(_ platform: Platform, say: @Sendable (String) -> Void) async {
        await Self.everySecond(platform.log) {
            try await prepare(platform, loadsRegion: true, opensSearch: true, say: say)
            return false
        }
    }

    /// Takes in changes made by other processes. Ends the program when a newer one changed the schema under it.
    private static func follow(
        _ platform: Platform, _ pulse: FollowerPulse, say: @Sendable (String) -> Void
    ) async {
        let migrator = Migrator(Platform.migrations)
        await everySecond(platform.log) {
            var fault: (any Error)?
            // Before the check: it notes since when nothing was heard.
            do { try await platform.directory.followChanges() } catch { fault = error }
            do {
                try await migrator.check(platform.database)
            } catch let failure as StorageFailure {
                guard case .newerThanProgram = failure else { throw failure }
                say("waymark: \(failure)")
                // As if told to stop: requests that were begun are finished.
                kill(getpid(), SIGTERM)
                return false
            }
            if let fault { throw fault }
            pulse.beat()
            return true
        }
    }

    /// Goes on until `work` answers false. A failure is logged once with its cause, and its end.
    private static func everySecond(_ log: RequestLog, _ work: () async throws -> Bool) async {
        var failure: String?
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            if Task.isCancelled { break }
            do {
                let goesOn = try await work()
                if failure != nil { log.event("follow-works-again") }
                failure = nil
                if !goesOn { break }
            } catch is CancellationError {
                break
            } catch {
                let cause = (error as? any Outage)?.description ?? ""
                if failure != cause { log.event("follow-failed", error as? any Outage) }
                failure = cause
            }
        }
    }

    private static func flush(_ log: RequestLog) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            log.flush()
        }
    }

    /// At once, where the database tells of changes; the follower finds those it did not tell of.
    private static func listen(_ platform: Platform) async {
        for await _ in platform.database.wakeUps {
            await platform.landscape.lookAround()
            try? await platform.directory.followChanges()
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
