import ArgumentParser
import Formats
import Foundation
import Platform

struct JSONOption: ParsableArguments {
    @Flag(help: "Print JSON.") var json = false
}

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the records against HSDS and the audit chain against itself.", subcommands: [CheckAudit.self])
    @OptionGroup var output: JSONOption

    func run() async throws {
        let findings = try await Start(settings()).platform().check()
        if output.json {
            var text = JSONText()
            text.texts(findings)
            printText(text.string)
        } else {
            for finding in findings { printText(finding) }
            say(findings.isEmpty ? "Nothing wrong." : "\(findings.count) found.")
        }
        if !findings.isEmpty { throw ExitCode(1) }
    }
}

struct CheckAudit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Go over the whole audit chain; print its head, signed, to be kept away from this machine.",
        discussion: """
            The chain alone shows an edit, a removal or another order. Whoever can write the database could also take away \
            its end or write all of it anew: only a head that was kept elsewhere shows that. Keep one now and then: \
            waymark check audit > FILE. Compare later: waymark check audit --head FILE.
            """)
    @OptionGroup var output: JSONOption
    @Option(help: "A head that was printed earlier, which the chain must still bear out.") var head: String?
    @Option(help: "The public key that the earlier head must be signed with; this node's own when left out.")
    var key: String?

    func validate() throws {
        if key != nil, head == nil { throw ValidationError("--key is for --head.") }
    }

    func run() async throws {
        let report = try await Start(settings()).checkAudit(against: head.map { URL(filePath: $0) }, key: key)
        if output.json {
            printText(Self.json(of: report))
        } else {
            for finding in report.findings { printText(finding) }
            if let head = report.head { printText(head.text) }
            let digest = report.digest.isEmpty ? "" : "; the digest of the last is \(report.digest)"
            say("The audit chain has \(report.entries) entries\(digest).")
            say(report.findings.isEmpty ? "Nothing wrong." : "\(report.findings.count) found.")
        }
        if !report.findings.isEmpty { throw ExitCode(1) }
    }

    private static func json(of report: AuditReport) -> String {
        var text = JSONText()
        text.object { text in
            text.key("entries")
            text.integer(report.entries)
            text.member("digest", report.digest)
            text.key("findings")
            text.texts(report.findings)
            text.member("head", report.head?.text)
        }
        return text.string
    }
}

extension JSONText {
    fileprivate mutating func texts(_ values: [String]) {
        array { text in
            for value in values { text.text(value) }
        }
    }
}
