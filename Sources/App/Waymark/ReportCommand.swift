import ArgumentParser
import Foundation
import Kernel
import Landscape
import Platform
import Web

/// The whole scan as a document, from the data.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write a whole scan as one document, with what it cannot tell stated first.",
        discussion: """
            markdown and html are written here. docx is made by pandoc and pdf by Chromium, two programs of Debian, each with a \
            minute and a gigabyte of memory; nothing is left where one fails.
            """)
    @Option(help: "markdown, html, docx or pdf.") var format = "markdown"
    @Option(help: "The scan; the baseline when left out.") var scan: String?
    @Option(help: "The language of what is not the scan's own words: en or fr.") var language = "en"
    @Option(name: .shortAndLong, help: "The file to write; standard output for markdown and html when left out.")
    var output: String?

    func run() async throws {
        guard let format = ReportFile.Format(rawValue: format) else {
            throw ValidationError(
                "--format is one of \(ReportFile.Format.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let platform = try await Start(settings()).platform()
        guard platform.strings.offered.contains(Language(language)) else {
            throw ValidationError(
                "--language is one of \(platform.strings.offered.map(\.code).joined(separator: ", ")).")
        }
        let landscape = platform.landscape
        let report = try await landscape.report(
            of: landscape.scan(scan), in: platform.strings.words(Language(language)))
        let file = ReportFile(report)
        guard let output else {
            guard let text = file.text(format) else {
                throw ValidationError("--format \(format.rawValue) needs a file: name it with --output.")
            }
            return printBytes(Array(text.utf8))
        }
        try file.write(format, to: URL(filePath: output))
        say("Written to \(output).")
    }
}
