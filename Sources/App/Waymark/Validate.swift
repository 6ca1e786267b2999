import ArgumentParser
import Formats
import Foundation
import Kernel
import Platform

struct Validate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check data against HSDS 3.2.3: schema, keys, paging, profile, confidentiality, freshness.",
        discussion: """
            SOURCE is a folder or zip file with a data package, a JSON file (a record, a list, a page), JSON lines (.ndjson), \
            the address of a live API, or a folder that `waymark publish` made, whose signature and files are compared. Ends with 0 when the data is valid, 1 when it is not, 2 when it could not be read.
            """)
    @Argument(help: "A path, or the address of an API.") var source: String
    @Option(help: "What the records of a JSON file are, when neither name nor fields say so.") var kind: String?
    @Option(help: "How many pages of each list of an API to read.") var pages = 20
    @Option(help: "The public key that a published site must be signed with; this node's own when left out.")
    var key: String?
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Print SARIF 2.1.0.") var sarif = false

    func run() async throws {
        if json, sarif { throw ValidationError("Give --json or --sarif, not both.") }
        guard (1...100_000).contains(pages) else { throw ValidationError("--pages is from 1 to 100000.") }
        let place = URL(filePath: source)
        if SiteCheck.isSite(place) { return try judge(place) }
        let report: ValidationReport
        do {
            report = try await look()
        } catch let fault as ValidationFault {
            say("waymark: \(fault.description)")
            throw ExitCode(2)
        }
        printText(json ? report.json : sarif ? report.sarif : report.text)
        if report.isUnreadable { throw ExitCode(2) }
        if !report.isValid { throw ExitCode(1) }
    }

    private func judge(_ site: URL) throws {
        guard !sarif else { throw ValidationError("--sarif is for data, not for a published site.") }
        let report: SiteCheck.Report
        do {
            report = try SiteCheck(site, key: key ?? SiteCheck.ownKey(settings())).report()
        } catch let fault as PublishFault {
            say("waymark: \(fault.description)")
            throw ExitCode(2)
        }
        if json {
            printText(Self.json(of: report))
        } else {
            for fault in report.faults { printText(fault) }
            if report.faultCount > report.faults.count {
                printText("And \(report.faultCount - report.faults.count) more.")
            }
            let key = report.isPinned ? "" : "; compare its key yourself: \(report.publicKey)"
            let standing =
                report.faultCount == 0 ? "All \(report.files) files are as published" : "\(report.faultCount) found"
            say("\(standing), generated at \(report.generatedAt)\(key).")
        }
        if report.faultCount > 0 { throw ExitCode(1) }
    }

    private static func json(of report: SiteCheck.Report) -> String {
        var text = JSONText()
        text.object { text in
            text.key("valid")
            text.boolean(report.faultCount == 0)
            for (name, number) in [("files", report.files), ("faults_found", report.faultCount)] {
                text.key(name)
                text.integer(number)
            }
            text.key("faults")
            text.array { text in
                for fault in report.faults { text.text(fault) }
            }
            text.member("generated_at", report.generatedAt)
            text.member("public_key", report.publicKey)
            text.key("key_is_pinned")
            text.boolean(report.isPinned)
        }
        return text.string
    }

    private func look() async throws -> ValidationReport {
        let kind = try kind.map { name in
            guard let kind = RecordKind(rawValue: name) else {
                throw ValidationError("There is no kind of record called “\(name.prefix(40))”.")
            }
            return kind
        }
        let world = World.live
        var validation = Validation(now: world.now())
        if source.hasPrefix("http://") || source.hasPrefix("https://") {
            try await validation.check(api: source, pages: pages, fetch: WebFetch().answer)
        } else {
            try validation.check(URL(filePath: source), kind: kind)
        }
        return validation.finish()
    }
}
