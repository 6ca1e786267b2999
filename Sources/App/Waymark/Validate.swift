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
            or the address of a live API. Ends with 0 when the data is valid, 1 when it is not, 2 when it could not be read.
            """)
    @Argument(help: "A path, or the address of an API.") var source: String
    @Option(help: "What the records of a JSON file are, when neither name nor fields say so.") var kind: String?
    @Option(help: "How many pages of each list of an API to read.") var pages = 20
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Print SARIF 2.1.0.") var sarif = false

    func run() async throws {
        if json, sarif { throw ValidationError("Give --json or --sarif, not both.") }
        guard (1...100_000).contains(pages) else { throw ValidationError("--pages is from 1 to 100000.") }
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
