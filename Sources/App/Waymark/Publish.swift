import ArgumentParser
import Formats
import Foundation
import Platform

struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the whole public site as plain files that any web server can carry.",
        discussion: """
            DIR is made when it is missing and belongs to the published site alone. Later runs write what changed and take \
            away what may no longer be seen. The files are signed; see `waymark validate DIR`.
            """)
    @Argument(help: "The folder to write.") var dir: String
    @Option(help: "Where the site will be reached, such as https://help.example.org; stands in the open data.")
    var address = "http://localhost"
    @Flag(help: "Write every file anew, and take away what is not of the site.") var anew = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let report = try await Start(settings()).publish(
            to: URL(filePath: dir), address: address, isAnew: anew, say: say)
        if json {
            var text = JSONText()
            text.object { text in
                text.key("changed")
                text.boolean(report.files != nil)
                for (name, number) in [
                    ("files", report.files), ("written", report.written), ("removed", report.removed),
                ] {
                    guard let number else { continue }
                    text.key(name)
                    text.integer(number)
                }
                text.member("public_key", report.publicKey)
            }
            return printText(text.string)
        }
        guard let files = report.files else { return say("Nothing has changed.") }
        say("Wrote \(report.written) files, removed \(report.removed); the site has \(files).")
        say("Signed with the key \(report.publicKey)")
    }
}
