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

    /// A setting that cannot be used, in one sentence.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter environment: `PORT`, `WAYMARK_DATA`, `WAYMARK_REGION`, `WAYMARK_PATIENCE`, `WAYMARK_DATABASE`,
    ///   `WAYMARK_ADDRESS`.
    package init(environment: [String: String], workingFolder: URL) throws {
        dataFolder =
            environment["WAYMARK_DATA"].map { URL(filePath: $0) } ?? workingFolder.appending(path: "waymark-data")
        database = .sqlite(dataFolder.appending(path: Self.fileName))
        region = environment["WAYMARK_REGION"].map { URL(filePath: $0) } ?? workingFolder.appending(path: "Data/bc")
        if let text = environment["PORT"] {
            guard let port = Int(text), (0...65535).contains(port) else {
                throw Fault(description: "PORT is “\(text.prefix(20))”; it must be a number from 0 to 65535.")
            }
            self.port = port
        }
        if let text = environment["WAYMARK_PATIENCE"] {
            guard let seconds = Int(text), (1...600).contains(seconds) else {
                throw Fault(
                    description: "WAYMARK_PATIENCE is “\(text.prefix(20))”; it must be 1 to 600 seconds.")
            }
            patience = seconds
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
        if let text = environment["WAYMARK_DATABASE"], !text.isEmpty {
            database = try DatabasePlace(text, in: "WAYMARK_DATABASE")
        }
    }

    private static let fileName = "waymark.sqlite"

    /// The database of the data folder, wherever `database` is.
    package var ownFile: URL { dataFolder.appending(path: Self.fileName) }
    var searchFile: URL { dataFolder.appending(path: "search.index") }
}
