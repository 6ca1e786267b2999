package import Accounts
package import Directory
package import Foundation
package import Hummingbird
import HummingbirdCore
package import Kernel
import NIOCore
import Sealing
package import Storage
package import Web

/// All slices put together: one database, one route table, one site.
package struct Platform: Sendable {
    package let directory: Directory
    package let accounts: Accounts
    package let database: any Database
    package let routes: RouteTable
    package let strings: Strings
    package let log: RequestLog
    let world: World
    let assets: Assets
    let site: Site

    /// Every step of the schema, in the order it is taken.
    package static let migrations = DirectorySchema.migrations + AccountsSchema.migrations

    /// - Parameters:
    ///   - database: already migrated.
    ///   - searchFile: where the search read model may lie; the open data lies beside it.
    ///   - downloadsFolder: belongs to this process alone; beside the search file when left out.
    ///   - address: what the node is called in its own answers; nil for what each request names.
    package init(
        database: any Database, world: World, data: DataSet, searchFile: URL, downloadsFolder: URL? = nil, leaflet: URL,
        address: String? = nil, log: RequestLog
    ) throws {
        self.database = database
        self.world = world
        self.log = log
        let folder = searchFile.deletingLastPathComponent()
        directory = try Directory(
            database: database, world: world, data: data, searchFile: searchFile,
            documentsFile: folder.appending(path: "documents.sqlite"),
            downloadsFolder: downloadsFolder ?? folder.appending(path: "downloads"))
        accounts = Accounts(
            database: database, world: world, guardian: try PassphraseGuard(width: Self.passphraseWidth),
            organizations: OrganizationLookup(name: directory.organizationName))
        let strings = try Strings(
            folders: [WebResources.strings, DirectoryRoutes.strings, Accounts.strings].compactMap(\.self))
        self.strings = strings
        let assets = Assets(
            files: WebResources.assets + ["leaflet.js", "leaflet.css"].map { leaflet.appending(path: $0) })
        self.assets = assets
        let frame = PageFrame(assets: assets, offered: strings.offered.map(strings.words)) { [directory] language in
            directory.callLines(in: language)
        }
        site = Site(strings: strings, world: world, log: log, address: address, faultPage: frame.faultPage)
        var table = RouteTable()
        Self.declare(in: &table, strings: strings, assets: assets, frame: frame, directory: directory)
        DirectoryRoutes(directory, frame: frame).declare(in: &table)
        HSDSRoutes(directory).declare(in: &table)
        AccountsRoutes(accounts, frame: frame).declare(in: &table)
        routes = table
    }

    /// Passphrases that are stretched at once; each takes 64 MiB.
    private static let passphraseWidth = 2

    /// Connections in front of the router: unreadable requests get a page, unfinished or missing ones `patience`.
    func connections(patience: TimeAmount) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            LoopBoundConnections(
                HTTP1Channel(
                    responder: responder,
                    configuration: HTTP1Channel.Configuration(
                        additionalChannelHandlers: [site.connectionGuard(patience: patience)], idleTimeout: patience)))
        }
    }

    package var router: Router<SiteContext> { site.router(for: routes) }

    /// What belongs to no slice: the way in, the way out, assets, health.
    private static func declare(
        in table: inout RouteTable, strings: Strings, assets: Assets, frame: PageFrame, directory: Directory
    ) {
        table.everyone { routes in
            routes.file("/", publishing: .once) { visit in
                .redirect(to: "/\(strings.preferred(visit.acceptLanguage).code)/", frame.languageChoice)
            }
            routes.file("/exit", publishing: .once) { _ in
                var reply = Reply.redirect(to: "https://weather.gc.ca/")
                reply.clearsTraces = true
                return reply
            }
            routes.file("/assets/:name", publishing: .named { assets.servedNames }) {
                try assets.reply($0.parameters["name"] ?? "")
            }
            routes.file("/favicon.ico") { _ in .redirect(to: assets.path("icon.svg") ?? "/") }
            routes.page([.get], "app.webmanifest", publishing: .once) { frame.appManifest($0.words) }
            routes.file("/worker.js", publishing: .once) { _ in
                Reply(type: "text/javascript; charset=utf-8", .plain(assets.bytes("worker.js") ?? []))
            }
            routes.file("/robots.txt", publishing: .once) { _ in
                Reply(type: "text/plain; charset=utf-8", .plain(Array("User-agent: *\nDisallow: /exit\n".utf8)))
            }
            routes.file("/healthz") { _ in Reply(type: "text/plain", .plain(Array("ok\n".utf8))) }
            // 200 also without the database: a node that can be read from is not taken out because what all share is away.
            routes.file("/readyz") { _ in
                guard directory.documentsAreReady else {
                    let sentence = "Pages answer; the open data of /hsds/ is being made ready.\n"
                    var reply = Reply(type: "text/plain", .plain(Array(sentence.utf8)))
                    reply.status = 503
                    return reply
                }
                let word = directory.staleSince.map { "stale since \($0)" } ?? "ready"
                return Reply(type: "text/plain", .plain(Array("\(word)\n".utf8)))
            }
        }
    }
}
