package import Directory
package import Foundation
package import Hummingbird
import HummingbirdCore
package import Kernel
import NIOCore
package import Storage
package import Web

/// All slices put together: one database, one route table, one site.
package struct Platform: Sendable {
    package let directory: Directory
    package let database: any Database
    package let routes: RouteTable
    package let strings: Strings
    package let log: RequestLog
    let assets: Assets
    private let site: Site

    /// Every step of the schema, in the order it is taken.
    package static let migrations = DirectorySchema.migrations

    /// - Parameters:
    ///   - database: already migrated.
    ///   - searchFile: where the search read model may lie; the open data lies beside it.
    package init(
        database: any Database, world: World, data: DataSet, searchFile: URL, leaflet: URL, log: RequestLog
    ) throws {
        self.database = database
        self.log = log
        directory = try Directory(
            database: database, world: world, data: data, searchFile: searchFile,
            documentsFile: searchFile.deletingLastPathComponent().appending(path: "documents.sqlite"))
        let strings = try Strings(folders: [WebResources.strings, DirectoryRoutes.strings].compactMap(\.self))
        self.strings = strings
        let assets = Assets(
            files: WebResources.assets + ["leaflet.js", "leaflet.css"].map { leaflet.appending(path: $0) })
        self.assets = assets
        let frame = PageFrame(assets: assets, offered: strings.offered.map(strings.words)) { [directory] language in
            directory.callLines(in: language)
        }
        site = Site(strings: strings, world: world, log: log, faultPage: frame.faultPage)
        var table = RouteTable()
        Self.declare(in: &table, strings: strings, assets: assets, database: database, directory: directory)
        DirectoryRoutes(directory, frame: frame).declare(in: &table)
        HSDSRoutes(directory).declare(in: &table)
        routes = table
    }

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
        in table: inout RouteTable, strings: Strings, assets: Assets, database: any Database, directory: Directory
    ) {
        table.everyone { routes in
            routes.file("/") { visit in
                .redirect(to: "/\(strings.preferred(visit.acceptLanguage).code)/")
            }
            routes.file("/exit") { _ in
                var reply = Reply.redirect(to: "https://weather.gc.ca/")
                reply.clearsTraces = true
                return reply
            }
            routes.file("/assets/:name") { try assets.reply($0.parameters["name"] ?? "") }
            routes.file("/favicon.ico") { _ in .redirect(to: assets.path("icon.svg") ?? "/") }
            routes.file("/robots.txt") { _ in
                Reply(type: "text/plain; charset=utf-8", .plain(Array("User-agent: *\nDisallow: /exit\n".utf8)))
            }
            routes.file("/healthz") { _ in Reply(type: "text/plain", .plain(Array("ok\n".utf8))) }
            routes.file("/readyz") { _ in
                _ = try await database.read { try ChangeSequence($0).latest() }
                let isReady = directory.documentsAreReady
                let sentence = isReady ? "ready\n" : "Pages answer; the open data of /hsds/ is being made ready.\n"
                var reply = Reply(type: "text/plain", .plain(Array(sentence.utf8)))
                reply.status = isReady ? 200 : 503
                return reply
            }
        }
    }
}
