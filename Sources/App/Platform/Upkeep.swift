import Directory
import Foundation
import Intake
import Kernel
import Storage
import Web

extension Platform {
    /// Sentences about what is wrong with the records and the audit chain; empty when all is well.
    package func check() async throws -> [String] {
        var findings = try await directory.faults()
        findings += try await database.read { try AuditChain($0).walk() }.sentences().map { "audit chain: \($0)" }
        if let fault = try await intake.fault() { findings.append(fault) }
        return findings
    }

    /// The number of the newest change of a record.
    package func changeNumber() async throws -> Int { try await database.read { try ChangeSequence($0).latest() } }

    package var hasMovingMap: Bool { assets.path("leaflet.js") != nil }
}

extension Start {
    /// Fills the data folder with fictional services.
    package func makeDemo(services: Int) async throws -> Int {
        let platform = try await platform(loadsRegion: false)
        return try await platform.directory.makeDemo(services: services)
    }

    /// Copies all records from one database to another, as `migrate-database` does. Nobody may serve the source meanwhile.
    package func migrateDatabase(
        from source: DatabasePlace, to target: DatabasePlace
    ) async throws -> [(table: String, rows: Int, digest: String)] {
        var lock: FolderLock?
        if case .sqlite(let file) = source {
            guard FileManager.default.fileExists(atPath: file.path) else {
                throw Settings.Fault(description: "There is no database \(file.path) to copy from.")
            }
            lock = try FolderLock(file.deletingLastPathComponent())
        }
        defer { lock?.release() }
        return try await DatabaseCopy(Platform.migrations).run(
            from: source.open(), to: target.open(), at: world.now()
        ).map { ($0.table, $0.rows, $0.digest) }
    }
}
