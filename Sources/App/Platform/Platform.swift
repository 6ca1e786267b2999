package import Accounts
package import Directory
package import Foundation
package import Hummingbird
import HummingbirdCore
package import Intake
package import Kernel
package import Landscape
import NIOCore
import Sealing
package import Storage
package import Web

/// All slices put together: one database, one route table, one site.
package struct Platform: Sendable {
    package let directory: Directory
    package let accounts: Accounts
    package let intake: Intake
    package let landscape: Landscape
    package let database: any Database
    package let routes: RouteTable
    package let strings: Strings
    package let log: RequestLog
    let world: World
    let mail: Mail?
    let assets: Assets
    let site: Site

    /// Every step of the schema, in the order it is taken.
    package static let migrations =
        DirectorySchema.migrations + AccountsSchema.migrations + IntakeSchema.migrations
        + LandscapeSchema.migrations

    /// - Parameters:
    ///   - database: already migrated.
    ///   - searchFile: where the search read model may lie; the open data lies beside it.
    ///   - downloadsFolder: belongs to this process alone; beside the search file when left out.
    ///   - intakeSecret: what files of people are found with, the same on every node of the database.
    ///   - mail: nil where no mail is sent.
    ///   - address: what the node is called in its own answers; nil for what each request names.
    package init(
        database: any Database, world: World, data: DataSet, searchFile: URL, downloadsFolder: URL? = nil, leaflet: URL,
        intakeSecret: IntakeSecret, mail: Mail? = nil, address: String? = nil, log: RequestLog
    ) throws {
        self.database = database
        self.world = world
        self.log = log
        self.mail = mail
        let folder = searchFile.deletingLastPathComponent()
        directory = try Directory(
            database: database, world: world, data: data, searchFile: searchFile,
            documentsFile: folder.appending(path: "documents.sqlite"),
            downloadsFolder: downloadsFolder ?? folder.appending(path: "downloads"))
        accounts = Accounts(
            database: database, world: world, guardian: try PassphraseGuard(width: Self.passphraseWidth),
            organizations: OrganizationLookup(name: directory.organizationName),
            noticeKey: mail.map { _ in intakeSecret.key(for: "notices") })
        intake = Intake(
            database: database, world: world,
            guardian: try PassphraseGuard(width: Self.passphraseWidth, longestLine: Self.longestLine),
            secret: intakeSecret,
            needs: NeedLookup(all: directory.needs), recipients: Self.recipients(accounts, directory),
            services: Self.services(directory))
        landscape = Landscape(
            database: database, world: world,
            library: try ScanLibrary(folder: data.folder.appending(path: "landscape")),
            region: Self.region(directory), ballots: BallotBox(secret: intakeSecret.key(for: "landscape").bytes),
            colleagues: Self.colleagues(accounts, directory), programs: Self.programs(directory),
            zone: data.gazetteer.zone)
        let strings = try Self.texts.get()
        self.strings = strings
        let assets = Assets(
            files: WebResources.assets + ["leaflet.js", "leaflet.css"].map { leaflet.appending(path: $0) })
        self.assets = assets
        let frame = PageFrame(assets: assets, offered: strings.offered.map(strings.words)) { [directory] language in
            directory.callLines(in: language)
        }
        site = Site(strings: strings, world: world, log: log, address: address, faultPage: frame.faultPage)
        var table = RouteTable(sessions: accounts.signedIn)
        Self.declare(in: &table, strings: strings, assets: assets, frame: frame, directory: directory)
        let directoryRoutes = DirectoryRoutes(directory, frame: frame)
        directoryRoutes.declare(in: &table)
        HSDSRoutes(directory).declare(in: &table)
        AccountsRoutes(accounts, frame: frame, ways: Self.ways).declare(in: &table)
        IntakeRoutes(intake, frame: frame).declare(in: &table)
        let team = DeskTeam(name: { [accounts] in try await accounts.worker($0).name }, readers: accounts.readers)
        ReferralDeskRoutes(intake, frame: frame, ways: Self.ways, team: team).declare(in: &table)
        FollowUpRoutes(intake, frame: frame, ways: Self.ways, team: team).declare(in: &table)
        NavigatorRoutes(intake, Self.finder(directory, directoryRoutes), frame: frame, ways: Self.ways)
            .declare(in: &table)
        LandscapeRoutes(landscape, frame: frame, ways: Self.ways).declare(in: &table)
        routes = table
    }

    /// The catalogues of all parts, read once.
    private static let texts = Result {
        try Strings(
            folders: [WebResources.strings, DirectoryRoutes.strings, Accounts.strings, Intake.strings].compactMap(
                \.self)
                + Landscape.strings)
    }

    /// The ways between the pages of staff, whichever slice has them.
    private static let ways = [
        StaffWay(.desk, "desk"), StaffWay(.deskAccount, "desk/account"),
        StaffWay(.deskReferrals, "desk/referrals", may: .openFiles),
        StaffWay(.deskPeople, "desk/people", may: .openFiles),
        StaffWay(.deskWorkload, "desk/workload", may: .openFiles),
        StaffWay(.deskServices, "desk/services", may: .openFiles),
        StaffWay(.deskTeam, "desk/team", may: .inviteWorkers),
        StaffWay(.deskOrganizations, "desk/organizations", may: .inviteOrganizations),
        StaffWay(.deskLandscape, "desk/landscape"),
        StaffWay(.deskUnanswered, "desk/unanswered", may: .inviteOrganizations),
    ]

    /// Passphrases that are stretched at once; each takes 64 MiB.
    private static let passphraseWidth = 2
    /// People in front of their notes, in a line of their own, which tries to sign in do not fill; each takes a fortieth of a
    /// second.
    static let longestLine = 200

    /// To whom a person can give something: the desks at which files are read, by their names in the Directory.
    private static func recipients(_ accounts: Accounts, _ directory: Directory) -> RecipientLookup {
        RecipientLookup(
            all: { language in
                var found: [(id: Identifier<Recipient>, name: String)] = []
                for desk in try await accounts.desksOpeningFiles() {
                    guard let name = try await directory.organizationName(desk.description, in: language) else {
                        continue
                    }
                    found.append((Identifier(desk.uuid), name))
                }
                return found.sorted { $0.name < $1.name }
            },
            name: { try await directory.organizationName($0.description, in: $1) },
            find: { recipient, language in
                guard let desk = try await accounts.deskOpeningFiles(Identifier(recipient.uuid)),
                    let name = try await directory.organizationName(recipient.description, in: language)
                else { return nil }
                return RecipientLookup.Found(
                    name: name, sealingKey: SealingKey(desk.sealingKey), readers: desk.readers)
            })
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
        in table: inout RouteTable, strings: Strings, assets: Assets, frame: PageFrame, directory: Directory
    ) {
        table.everyone { routes in
            routes.file("/", publishing: .once) { visit in
                .redirect(to: "/\(strings.preferred(visit.acceptLanguage).code)/", frame.languageChoice)
            }
            routes.file("/exit", publishing: .once) { visit in
                var reply = Reply.redirect(to: "https://weather.gc.ca/")
                // Another site must not end a stay.
                reply.clearsTraces = !visit.isFromAnotherSite
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
