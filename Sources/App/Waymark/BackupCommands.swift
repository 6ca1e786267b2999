import ArgumentParser
import Formats
import Foundation
import Platform

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write all records, sealed and read back, to a file; the server goes on meanwhile.",
        discussion: """
            Once: waymark backup --new-key FILE makes the key. Take FILE away from the server, to two places: without it no \
            backup can be restored. Then: waymark backup FILE, or FOLDER, in which each backup is named by its moment.
            """)
    @Argument(help: "A file that is not there yet, or a folder.") var place: String?
    @Option(help: "Make a key and write what opens backups to this file.") var newKey: String?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        if (place == nil) == (newKey == nil) { throw ValidationError("Name a file or folder, or --new-key.") }
    }

    func run() async throws {
        let start = try Start(settings())
        if let newKey {
            let name = try start.newBackupKey(URL(filePath: newKey))
            return say("Made the backup key \(name). Take \(newKey) away from this machine, to two places.")
        }
        let report = try await start.backUp(to: URL(filePath: place ?? ""))
        report.printed(json)
        say("\(report.sum) sealed in \(report.file.path) for the key \(report.key); read back, and the same.")
    }
}

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the records of a backup to an empty data folder or PostgreSQL database.")
    @Argument(help: "What waymark backup wrote.") var file: String
    @Option(help: "The file of the key that opens it.") var key: String
    @Option(help: "sqlite:PATH or postgres://…; where the server would keep its records, when left out.")
    var to: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let place = try to.map { try DatabasePlace($0, in: "--to") }
        let report = try await Start(settings()).restore(
            URL(filePath: file), keyFile: URL(filePath: key), to: place)
        report.printed(json)
        say("\(report.sum) restored; counts and checksums are those of the backup. Now run: waymark check")
    }
}

extension BackupReport {
    fileprivate var sum: String {
        "\(tables.reduce(0) { $0 + $1.rows }) rows of \(tables.count) tables, \(bytes) bytes,"
    }

    fileprivate func printed(_ json: Bool) {
        guard json else {
            for table in tables where table.rows > 0 { printText("\(table.name) \(table.rows)") }
            return
        }
        var text = JSONText()
        text.object { text in
            text.member("file", file.path)
            text.member("key", key)
            text.key("bytes")
            text.integer(bytes)
            text.key("tables")
            text.object { text in
                for table in tables {
                    text.key(table.name)
                    text.integer(table.rows)
                }
            }
        }
        printText(text.string)
    }
}
