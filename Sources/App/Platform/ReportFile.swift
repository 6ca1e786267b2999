package import Foundation
import Kernel
package import Landscape
import Web

/// A report as a file: text by our own writers, DOCX by pandoc and PDF by Chromium, as processes with limits.
package struct ReportFile {
    package enum Format: String, CaseIterable { case markdown, html, docx, pdf }

    /// What kept a file from being made.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    private let report: ScanReport
    private static let seconds = 60
    private static let memory = 1 << 30

    package init(_ report: ScanReport) { self.report = report }

    /// Nil for what is no text.
    package func text(_ format: Format) -> String? {
        switch format {
        case .markdown: report.markdown
        case .html: report.document.text
        case .docx, .pdf: nil
        }
    }

    /// Writes the whole file or none.
    package func write(_ format: Format, to file: URL) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "waymark-report-\(getpid())-\(format.rawValue)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let made = folder.appending(path: "report.\(format.rawValue)")
        switch format {
        case .markdown, .html: try Data((text(format) ?? "").utf8).write(to: made)
        case .docx:
            let source = folder.appending(path: "report.md")
            try Data(report.markdown.utf8).write(to: source)
            try Self.run(
                "pandoc",
                [
                    "-f", "commonmark+pipe_tables", "-t", "docx", "-M", "lang=\(report.language.code)",
                    "-o", made.path, source.path,
                ], in: folder)
        case .pdf:
            let source = folder.appending(path: "report.html")
            try Data((text(.html) ?? "").utf8).write(to: source)
            try Self.run(
                "chromium",
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                    "--user-data-dir=\(folder.path)/profile", "--print-to-pdf=\(made.path)", source.absoluteString,
                ],
                in: folder)
        }
        guard let bytes = try? Data(contentsOf: made), !bytes.isEmpty else {
            throw Fault(description: "The report could not be made as \(format.rawValue); nothing was written.")
        }
        do {
            try bytes.write(to: file, options: .atomic)
        } catch {
            throw Fault(description: "The file \(file.path) cannot be written.")
        }
    }

    private static func run(_ program: String, _ arguments: [String], in folder: URL) throws {
        let status: Int32
        do {
            status = try Subprogram(seconds: seconds, memory: memory, home: folder.path)
                .run(program, arguments, in: folder)
        } catch {
            throw Fault(description: "The program prlimit is missing; install the Debian package util-linux.")
        }
        switch status {
        case 0: return
        case 127:
            throw Fault(
                description:
                    "The program \(program) is missing; install the Debian package \(program). Nothing was written.")
        case 124, 137: throw Fault(description: "\(program) took longer than \(seconds) seconds; nothing was written.")
        default:
            throw Fault(description: "\(program) ended with a fault (\(status)); nothing was written.")
        }
    }
}
