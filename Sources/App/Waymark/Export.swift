import ArgumentParser
import Directory
import Formats
import Foundation
import Kernel
import Platform

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write every listing, as its audience may see it, to a file or a data package.",
        discussion: """
            hsds is an HSDS 3 data package: a folder, or a zip file when the name ends in .zip. The others are one file. \
            A file appears whole or not at all.
            """)
    @Option(help: "hsds, json, ndjson, geojson, csv, 3w or vcard.") var format = "ndjson"
    @Option(help: "public, partner or vetted.") var audience: String?
    @Option(name: .customLong("for"), help: "The same as --audience.") var reader: String?
    @Option(help: "Only organization or only service.") var kind: String?
    @Option(name: .shortAndLong, help: "The file or folder to write; - for standard output.") var output = "-"
    @Flag(help: "One line of JSON for each record, with where its facts come from; to standard output.")
    var json = false

    func run() async throws {
        guard let audience = Audience(rawValue: audience ?? reader ?? "public"), audience != .nobody else {
            throw ValidationError("--audience is one of public, partner, vetted.")
        }
        guard let format = ExportFormat(rawValue: format) else {
            let names = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--format is one of \(names).")
        }
        let kinds = try kind.map { name -> [RecordKind] in
            guard let kind = RecordKind(rawValue: name), format.kinds.contains(kind), format != .hsds else {
                throw ValidationError("--kind is organization or service, where the format has it.")
            }
            return [kind]
        }
        let directory = try await Start(settings()).platform().directory
        if json { return try await lines(of: directory, for: audience) }
        let export = try ListingExport(format, for: audience, kinds: kinds)
        let count = try await output == "-" ? print(export, of: directory) : write(export, of: directory)
        say("Wrote \(count) listings.")
    }

    private func write(_ export: ListingExport, of directory: Directory) async throws -> Int {
        let outcome = try await directory.export(export, to: URL(filePath: output))
        for (kind, count) in outcome.leftOut.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            say("Left out of \(kind.tableName).csv: \(count), which do not say what they belong to.")
        }
        return outcome.listings
    }

    private func print(_ export: ListingExport, of directory: Directory) async throws -> Int {
        guard export.format != .hsds else {
            throw ValidationError("A data package is many files; name a folder or a .zip file with --output.")
        }
        return try await directory.export(export) { printBytes($0) }
    }

    /// Waymark's own lines, which say more than HSDS: source, checks and standing of each fact.
    private func lines(of directory: Directory, for audience: Audience) async throws {
        let viewer = Actor(name: "export", clearance: audience)
        for kind in [RecordKind.organization, .service] {
            var last: Identifier<Record>?
            while let page = try await directory.exportPage(kind, after: last, limit: 500, for: viewer) {
                for line in page.lines { printText(line) }
                last = page.last
            }
        }
    }
}
