import ArgumentParser
import Foundation
import Kernel
import Landscape
import Platform

/// The landscape's scans: load one, take rows in, compare one with the baseline, write one out.
struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Load, fill, compare and write out scans of the landscape.",
        subcommands: [ScanList.self, ScanLoad.self, ScanBegin.self, ScanImport.self, ScanExport.self, ScanCompare.self])
}

struct ScanList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the scans, the newest last: name, date, title.")

    func run() async throws {
        for scan in try await Start(settings()).platform().landscape.scans() {
            printText("\(scan.code)  \(scan.published)  \(scan.title)\(scan.isBaseline ? "  (baseline)" : "")")
        }
    }
}

struct ScanLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Load a whole scan from a folder with findings.json and scan_meta.json, once.",
        discussion:
            "The same again changes nothing. A baseline is not loaded over another, nor a scan over its namesake.")
    @Argument(help: "The folder.") var folder: String
    @Flag(help: "Load it as what later scans are compared with.") var baseline = false
    @OptionGroup var desk: RoleOption

    func run() async throws {
        let scan = try ScanFolder(URL(filePath: folder), isBaseline: baseline)
        let added = try await Start(settings()).platform(loadsRegion: !baseline).landscape.load(scan, by: desk.actor)
        say(added == 0 ? "It is there already; nothing was changed." : "Loaded \(added) findings.")
    }
}

struct ScanBegin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "begin", abstract: "Open an empty scan, to be filled and compared with the baseline.")
    @Argument(help: "A short name, such as 2027: small letters, digits and hyphens.") var name: String
    @Option(help: "Its title.") var title: String
    @Option(help: "When it is of: a year, a month or a day, such as 2027-03.") var published: String
    @OptionGroup var desk: RoleOption

    func run() async throws {
        do {
            let scan = try await Start(settings()).platform().landscape
                .begin(name, title: title, published: published, by: desk.actor)
            say("The scan \(scan.code) is open.")
        } catch let problems as Problems {
            throw ValidationError(problems.faults.map { "\($0.field): \($0.code)" }.joined(separator: "; "))
        }
    }
}

struct ScanImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take findings in as drafts from a CSV or JSON file, such as `scan export` writes.",
        discussion: """
            Each row needs focus, kind, text and source. A row that is there stays as it is, known by its code or, without one, \
            by its words; a row that cannot be taken is named and the rest comes in. The baseline takes nothing in. Ends with 0 \
            when all came in, 2 when something was rejected.
            """)
    @Argument(help: "The file.") var path: String
    @Option(help: "The scan that they belong to.") var scan: String
    @Flag(help: "Try everything, report it, keep nothing.") var dryRun = false
    @OptionGroup var desk: RoleOption

    func run() async throws {
        let file = try FindingFile(URL(filePath: path))
        let report = try await Start(settings()).platform().landscape
            .take(file, into: scan, isDryRun: dryRun, by: desk.actor)
        for row in report.rejected {
            printText("row \(row.place): \(row.faults.map { "\($0.field) \($0.code)" }.joined(separator: ", "))")
        }
        let verb = report.isDryRun ? "would be added" : "added as drafts"
        say("\(report.added) \(verb), \(report.unchanged) there already, \(report.rejected.count) rejected.")
        if !report.rejected.isEmpty { throw ExitCode(2) }
    }
}

struct ScanExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the published findings of a scan as CSV with HXL hashtags.")
    @Option(help: "The scan; the baseline when left out.") var scan: String?

    func run() async throws {
        let landscape = try await Start(settings()).platform().landscape
        printBytes(try await landscape.sheet(of: landscape.scan(scan)))
    }
}

struct ScanCompare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "What a later scan says of each gap and barrier of the baseline.")
    @Argument(help: "The later scan.") var scan: String
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let comparison = try await Start(settings()).platform().landscape.comparison(of: scan)
        let parts = [
            ("closed", comparison.closed), ("open", comparison.open), ("lost", comparison.lost),
            ("new", comparison.new),
            ("not-looked-at", comparison.unlooked),
        ]
        for (word, findings) in parts {
            if !json { printText("\(word): \(findings.count)") }
            for finding in findings {
                printText(json ? finding.line(of: word) : "  \(finding.code)  \(finding.text)")
            }
        }
    }
}
