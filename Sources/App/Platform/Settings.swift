import Accounts
package import Directory
import Formats
package import Foundation

/// What an operator sets by environment or command line. `docs/operating/running.md` lists the same.
package struct Settings: Sendable {
    package var port = 8080
    package var host = "127.0.0.1"
    /// Folder of the search file and, when no other place is set, of the database; made when it is missing.
    package var dataFolder: URL
    package var database: DatabasePlace
    /// Folder of the region's data set.
    package var region: URL
    /// Folder of the moving map's library; the drawn map needs none.
    package var leaflet = URL(filePath: "/usr/share/javascript/leaflet")

    /// Seconds in which a request must arrive, or its connection is closed.
    package var patience = 30
    /// What the world calls this node, such as `https://help.example.org`; without it, what a request names.
    package var address: String?

    /// Where metrics are answered, to this machine alone; nil for nowhere.
    package var metricsPort: Int?
    /// True for a log of JSON lines.
    package var logsJSON = false

    /// What tells staff that something is new; nil for no mail.
    package var mail: Mail?

    /// What reads the feeds that are followed.
    package var feeds = FeedPort.live()

    /// A setting that cannot be used, in one sentence.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter environment: `PORT`, `WAYMARK_DATA`, `WAYMARK_REGION`, `WAYMARK_PATIENCE`, `WAYMARK_DATABASE`,
    ///   `WAYMARK_ADDRESS`,
    ///   `WAYMARK_METRICS_PORT`, `WAYMARK_LOG`, `WAYMARK_SENDMAIL`, `WAYMARK_MAIL_FROM`, `WAYMARK_FEED_SECONDS`, `WAYMARK_FEED_PAGES`.
    package init(environment: [String: String], workingFolder: URL) throws {
        dataFolder =
            environment["WAYMARK_DATA"].map { URL(filePath: $0) } ?? workingFolder.appending(path: "waymark-data")
        database = .sqlite(dataFolder.appending(path: Self.fileName))
        region = environment["WAYMARK_REGION"].map { URL(filePath: $0) } ?? workingFolder.appending(path: "Data/bc")
        if let port = try Self.port("PORT", environment) { self.port = port }
        metricsPort = try Self.port("WAYMARK_METRICS_PORT", environment)
        if let text = environment["WAYMARK_LOG"], !text.isEmpty {
            guard ["json", "lines"].contains(text) else {
                throw Fault(description: "WAYMARK_LOG is “\(text.prefix(20))”; it must be lines or json.")
            }
            logsJSON = text == "json"
        }
        if let seconds = try Self.count("WAYMARK_PATIENCE", 1...600, "seconds", environment) { patience = seconds }
        var answers = AnswerLimits()
        if let seconds = try Self.count("WAYMARK_FEED_SECONDS", 1...600, "seconds", environment) {
            answers.seconds = seconds
        }
        feeds = .live(answers)
        if let pages = try Self.count("WAYMARK_FEED_PAGES", 1...1_000_000, "pages", environment) {
            feeds.limits.feed.pages = pages
        }
        if let text = environment["WAYMARK_ADDRESS"], !text.isEmpty {
            guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host?.isEmpty == false,
                url.path.isEmpty || url.path == "/", url.query == nil, url.user == nil, url.fragment == nil
            else {
                throw Fault(
                    description:
                        "WAYMARK_ADDRESS is “\(text.prefix(60))”; it must be like https://help.example.org, without a path."
                )
            }
            address = text.hasSuffix("/") ? String(text.dropLast()) : text
        }
        mail = try Self.mail(environment)
        if let text = environment["WAYMARK_DATABASE"], !text.isEmpty {
            database = try DatabasePlace(text, in: "WAYMARK_DATABASE")
        }
    }

    private static func mail(_ environment: [String: String]) throws -> Mail? {
        guard let program = environment["WAYMARK_SENDMAIL"], !program.isEmpty else { return nil }
        guard program.hasPrefix("/"), FileManager.default.isExecutableFile(atPath: program) else {
            throw Fault(
                description:
                    "WAYMARK_SENDMAIL is “\(program.prefix(60))”; it must be the path of a program, such as /usr/sbin/sendmail."
            )
        }
        guard let from = environment["WAYMARK_MAIL_FROM"], NoticeAddress.isPlain(from) else {
            throw Fault(
                description: "WAYMARK_SENDMAIL needs WAYMARK_MAIL_FROM, an address such as desk@example.org.")
        }
        return .sendmail(URL(filePath: program), from: from)
    }

    private static func count(
        _ name: String, _ range: ClosedRange<Int>, _ unit: String, _ environment: [String: String]
    ) throws -> Int? {
        guard let text = environment[name] else { return nil }
        guard let count = Int(text), range.contains(count) else {
            throw Fault(
                description:
                    "\(name) is “\(text.prefix(20))”; it must be \(range.lowerBound) to \(range.upperBound) \(unit).")
        }
        return count
    }

    private static func port(_ name: String, _ environment: [String: String]) throws -> Int? {
        guard let text = environment[name] else { return nil }
        guard let port = Int(text), (0...65535).contains(port) else {
            throw Fault(description: "\(name) is “\(text.prefix(20))”; it must be a number from 0 to 65535.")
        }
        return port
    }

    private static let fileName = "waymark.sqlite"

    /// The database of the data folder, wherever `database` is.
    package var ownFile: URL { dataFolder.appending(path: Self.fileName) }
    var searchFile: URL { dataFolder.appending(path: "search.index") }
}
