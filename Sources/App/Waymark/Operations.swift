import ArgumentParser
import Directory
import Formats
import Foundation
import Kernel
import Platform

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether this machine and data folder can run Waymark, and what to do if not.")

    func run() async throws {
        let settings = try settings()
        let platform = try await Start(settings).platform()
        let services = try await platform.directory.count(.service)
        let organizations = try await platform.directory.count(.organization)
        printText("data folder   \(settings.dataFolder.path)")
        printText("database      \(settings.database)")
        printText("region        \(settings.region.path)")
        printText("organizations \(organizations)")
        printText("services      \(services)")
        printText("change number \(try await platform.changeNumber())")
        for feed in try await platform.directory.follows() { printText("feed          \(feed.source): \(feed.state)") }
        printText("backup key    \(settings.backupKeyName ?? "none: waymark backup --new-key FILE makes one")")
        printText(
            "moving map    \(platform.hasMovingMap ? "yes" : "no: install libjs-leaflet; the drawn map works without")")
    }
}

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill an empty data folder with clearly fictional services, for trying out and measuring.")
    @Option(help: "How many services.") var services = 1000

    func run() async throws {
        guard services > 0, services <= 2_000_000 else { throw ValidationError("--services is from 1 to 2000000.") }
        let added = try await Start(settings()).makeDemo(services: services)
        say("Made \(added) fictional services.")
    }
}

struct MigrateDatabase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate-database",
        abstract: "Copy all records to another, empty database and compare both sides; can be begun again at any time.")
    @Option(help: "sqlite:PATH or postgres://…; the data folder's file when left out.") var from: String?
    @Option(help: "sqlite:PATH or postgres://…; WAYMARK_DATABASE when left out, which keeps a password from `ps`.")
    var to: String?

    func run() async throws {
        let settings = try settings()
        let source = try from.map { try DatabasePlace($0, in: "--from") } ?? .sqlite(settings.ownFile)
        let target = try to.map { try DatabasePlace($0, in: "--to") } ?? settings.database
        let copied = try await Start(settings).migrateDatabase(from: source, to: target)
        for table in copied where table.rows > 0 { printText("\(table.table) \(table.rows) \(table.digest)") }
        let rows = copied.reduce(0) { $0 + $1.rows }
        say("\(rows) rows of \(copied.count) tables; counts and checksums are the same on both sides.")
    }
}
