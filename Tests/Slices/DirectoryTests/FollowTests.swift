import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Synchronization
import Testing

@testable import Directory

/// Nodes that follow each other, in one process.
@Suite struct FollowTests {
    private static let cedar = Fiction.id(.service, "Cedar House")
    private static let phone = Fiction.id(.phone, "Cedar House")

    /// A node with one service that has a phone; `draws` makes its ids others than those of the next node.
    private static func node(_ names: [String] = [], draws: Int = 0) async throws -> Town {
        let town = try await Town(loadsRegion: false)
        for _ in 0..<draws { _ = town.directory.world.newUUID() }
        _ = try await town.directory.node()
        for name in names { try await add(name, to: town) }
        return town
    }

    private static func add(_ name: String, to town: Town) async throws {
        let phone = Fiction.record(
            .phone, name,
            ["number": .text("250-555-0101"), "service_id": .text(Fiction.id(.service, name).description)])
        try await town.store(Fiction.service(name) + [phone])
    }

    private final class Asked: Sendable {
        private let list = Mutex<[String]>([])
        var all: [String] { list.withLock { $0 } }
        func hear(_ url: String) { list.withLock { $0.append(url) } }
        func forget() { list.withLock { $0 = [] } }
    }

    /// Every host is `town`.
    private static func port(to town: Town, _ asked: Asked = Asked()) -> FeedPort {
        FeedPort { url, _ in
            asked.hear(url)
            let path = "/" + url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)[2]
            let reply = try await town.browser.get(path)
            return FetchedAnswer(status: reply.status, bytes: reply.bytes)
        }
    }

    @discardableResult
    private static func follow(_ feed: Town, from town: Town, as source: String = "feed", _ asked: Asked = Asked())
        async throws -> FollowReport
    {
        var wish = FollowWish("https://\(source).example.org/hsds", every: 3600)
        wish.source = source
        return try await town.directory.follow(wish, through: port(to: feed, asked), by: Town.staff)
    }

    private static func edit(_ field: String, _ value: String, in town: Town) async throws {
        try await town.directory.edit(
            .service, cedar, field: field, to: .text(value), source: "a call", by: Town.staff)
    }

    private static func shown(_ town: Town) async throws -> String {
        try await town.directory.service(cedar, for: .visitor).json
    }

    @Test func `what a feed publishes is found here under its own id, and says where it comes from`() async throws {
        let (feed, town) = (try await Self.node(["Cedar House"]), try await Self.node(draws: 1))
        let report = try await Self.follow(feed, from: town)
        #expect(report.isWhole && report.added == 5 && report.rejected == 0 && report.conflicts == 0)
        #expect(town.directory.find(Question(text: "cedar")).results.map(\.card.id).contains(Self.cedar))
        let sent = try await town.browser.get("/hsds/services/\(Self.cedar)").body
        #expect(sent.contains(#""origin":"\#(try await feed.directory.node())""#))
        #expect(sent.contains("250-555-0101"))
        #expect(try await town.directory.service(Self.cedar, for: .visitor).value.facts[""]?.source == "feed")
        #expect(try await feed.browser.get("/hsds/services/\(Self.cedar)").body.contains("origin") == false)
    }

    @Test func `the second reading asks for changes alone, takes them and changes nothing else`() async throws {
        let (feed, town) = (try await Self.node(["Cedar House", "Alder House"]), try await Self.node(draws: 1))
        let asked = Asked()
        try await Self.follow(feed, from: town)
        for clock in [feed.clock, town.clock] { clock.advance(hours: 3) }
        try await Self.edit("wait_time", "two weeks", in: feed)
        let change = try await town.platform.changeNumber()
        let report = try await Self.follow(feed, from: town, asked)
        #expect(!report.isWhole && report.changed == 1 && report.added == 0 && report.removed == 0)
        #expect(asked.all.dropFirst().allSatisfy { $0.contains("modified_after=2025-05-01T18:00:00Z") })
        #expect(try await Self.shown(town).contains("two weeks"))
        #expect(try await town.platform.changeNumber() <= change + 2, "the service and its organization")
        let quiet = try await Self.follow(feed, from: town)
        #expect(quiet.changed == 0 && quiet.added == 0 && quiet.removed == 0)
    }

    @Test func `what the feed takes away goes here too, whole records and parts of them`() async throws {
        let (feed, town) = (try await Self.node(["Cedar House", "Alder House"]), try await Self.node(draws: 1))
        try await Self.follow(feed, from: town)
        for clock in [feed.clock, town.clock] { clock.advance(hours: 3) }
        try await feed.directory.setAudience(.nobody, .phone, Self.phone, field: "", by: Town.staff)
        var report = try await Self.follow(feed, from: town)
        #expect(report.removed == 1)
        #expect(try await Self.shown(town).contains("250-555-0101") == false)
        try await feed.directory.setAudience(.nobody, .service, Self.cedar, field: "", by: Town.staff)
        report = try await Self.follow(feed, from: town)
        #expect(report.removed > 0)
        #expect(town.directory.find(Question(text: "cedar")).results.isEmpty == false, "its organization stays")
        await #expect(throws: DirectoryRefusal.notFound) { _ = try await Self.shown(town) }
        #expect(try await town.browser.get("/hsds/services/\(Self.cedar)").status == 404)
        let alder = Fiction.id(.service, "Alder House")
        #expect(try await town.browser.get("/hsds/services/\(alder)").body.contains("250-555-0101"))
        // Opened again, it comes again.
        try await feed.directory.setAudience(.everyone, .service, Self.cedar, field: "", by: Town.staff)
        report = try await Self.follow(feed, from: town)
        #expect(try await Self.shown(town).contains("Cedar House"))
    }

    @Test func `two nodes that follow each other do not echo`() async throws {
        let (one, two) = (try await Self.node(["Cedar House"]), try await Self.node(["Alder House"], draws: 1))
        try await Self.follow(one, from: two, as: "one")
        var back = try await Self.follow(two, from: one, as: "two")
        #expect(back.echoes == 2 && back.added == 5 && back.conflicts == 0)
        for _ in 0..<2 {
            try await Self.edit("wait_time", "two weeks", in: one)
            back = try await Self.follow(two, from: one, as: "two")
            #expect(back.conflicts == 0 && back.added == 0 && back.changed == 0 && back.removed == 0)
            #expect(try await Self.follow(one, from: two, as: "one").conflicts == 0)
        }
        #expect(try await Self.shown(two).contains("two weeks"))
        #expect(try await one.directory.count(.service) == 2)
        #expect(try await two.directory.count(.service) == 2)
        for node in [one, two] { #expect(try await node.platform.check() == []) }
        // What one takes away does not come back through the other, who has not heard of it yet.
        try await one.directory.setAudience(.nobody, .service, Self.cedar, field: "", by: Town.staff)
        try await Self.follow(two, from: one, as: "two")
        await #expect(throws: DirectoryRefusal.notFound) { _ = try await Self.shown(one) }
    }

    @Test func `a correction made here stays, and staff see the feed's value beside it`() async throws {
        let (feed, town) = (try await Self.node(["Cedar House"]), try await Self.node(draws: 1))
        try await Self.follow(feed, from: town)
        try await Self.edit("wait_time", "three weeks", in: town)
        try await Self.edit("wait_time", "two weeks", in: feed)
        #expect(try await Self.follow(feed, from: town).conflicts == 1)
        #expect(try await Self.shown(town).contains("three weeks"))
        #expect(try await town.directory.follows().map(\.conflicts) == [1])
        let queue = try #require(try await town.directory.queue(after: nil, limit: 10, for: Town.staff))
        let item = try #require(queue.items.first?.value)
        #expect(item.valueNow == "three weeks" && item.proposal.proposed == "two weeks")
        #expect(item.proposal.note == "feed feed")
        #expect(try await Self.follow(feed, from: town).conflicts == 0, "said once")
        try await town.directory.refuse(item.proposal.id, reply: "We asked them.", by: Town.staff)
        #expect(try await Self.follow(feed, from: town).conflicts == 0, "and refused once")
        try await Self.edit("wait_time", "one week", in: feed)
        #expect(try await Self.follow(feed, from: town).conflicts == 1, "another value is another question")
    }

    @Test func `a record that both have is nobody's to overwrite`() async throws {
        let (feed, town) = (try await Self.node(["Cedar House"]), try await Self.node(["Cedar House"], draws: 1))
        #expect(try await Self.follow(feed, from: town).added == 0)
        try await Self.edit("wait_time", "two weeks", in: feed)
        try await Self.edit("name", "Cedar Kettle", in: feed)
        let report = try await Self.follow(feed, from: town)
        #expect(report.conflicts == 2 && report.changed == 0)
        #expect(try await Self.shown(town).contains("Cedar Kettle") == false)
        #expect(try await Self.follow(feed, from: town).conflicts == 0)
        try await feed.directory.setAudience(.nobody, .service, Self.cedar, field: "", by: Town.staff)
        #expect(try await Self.follow(feed, from: town).removed == 0)
        #expect(try await Self.shown(town).contains("Cedar House"))
    }

    @Test func `a record of a community that did not agree never leaves, and a steward goes with what may`()
        async throws
    {
        let (feed, town) = (try await Self.node(["Cedar House", "Alder House"]), try await Self.node(draws: 1))
        let nation = Steward(name: "The Fictional Nation", permission: .open)
        try await feed.directory.setSteward(nation, .service, Self.cedar, by: Town.staff)
        try await Self.follow(feed, from: town)
        #expect(try await town.directory.service(Self.cedar, for: .visitor).value.steward == nation)
        #expect(try await town.browser.get("/hsds/services/\(Self.cedar)").body.contains("The Fictional Nation"))
        let asking = Steward(name: "The Fictional Nation", permission: .ask)
        try await feed.directory.setSteward(asking, .service, Self.cedar, by: Town.staff)
        for path in [
            "/hsds/services/\(Self.cedar)", "/hsds/services?full=true", "/hsds/services?format=ndjson",
            "/hsds/service_at_locations?full=true", "/hsds/organizations?full_service=true", "/data/services.json",
            "/data/services.csv", "/data/services.geojson", "/data/services.vcf", "/data/3w.csv",
        ] {
            let body = try await feed.browser.get(path).body
            #expect(!body.contains("\"Cedar House\"") && !body.contains("Fictional Nation"), "\(path)")
            #expect(path.hasSuffix("\(Self.cedar)") || body.contains("Alder House"), "\(path)")
        }
        for format in ExportFormat.allCases where format != .hsds {
            var bytes: [UInt8] = []
            for audience in [Audience.everyone, .partner, .vetted] {
                _ = try await feed.directory.export(ListingExport(format, for: audience, kinds: [.service])) {
                    bytes += $0
                }
            }
            #expect(!String(decoding: bytes, as: UTF8.self).contains(Self.cedar.description), "\(format)")
        }
        try await Self.follow(feed, from: town)
        await #expect(throws: DirectoryRefusal.notFound) { _ = try await Self.shown(town) }
    }

    @Test func `a node does not follow itself, and a run that another has is left to it`() async throws {
        let (feed, town) = (try await Self.node(["Cedar House"]), try await Self.node(draws: 1))
        await #expect(throws: FollowRefusal.itself) { try await Self.follow(feed, from: feed) }
        #expect(try await feed.directory.follows().isEmpty)
        try await Self.follow(feed, from: town)
        let now = town.clock.now
        #expect(try await town.database.write { try FollowStore($0).lease("feed", "other", at: now) })
        await #expect(throws: FollowRefusal.running) { try await Self.follow(feed, from: town) }
        // A killed node is waited for no longer than its lease.
        town.clock.advance(seconds: 121)
        #expect(try await Self.follow(feed, from: town).changed == 0)
    }

    @Test func `a run that lost its lease keeps nothing`() async throws {
        let (feed, town) = (try await Self.node(["Cedar House"]), try await Self.node(draws: 1))
        let (plain, database, clock) = (Self.port(to: feed), town.database, town.clock)
        let port = FeedPort { url, inside in
            clock.advance(seconds: 200)
            let now = clock.now
            _ = try await database.write { try FollowStore($0).lease("feed", "other", at: now) }
            return try await plain.ask(url, inside)
        }
        var wish = FollowWish("https://feed.example.org/hsds", every: 3600)
        wish.source = "feed"
        let order = wish
        await #expect(throws: FollowRefusal.running) {
            try await town.directory.follow(order, through: port, by: Town.staff)
        }
        #expect(try await town.directory.count(.service) == 0)
    }

    @Test func `a feed in its time is read again, and what is wrong with it is kept for staff`() async throws {
        let (feed, town) = (try await Self.node(["Cedar House"]), try await Self.node(draws: 1))
        try await Self.follow(feed, from: town)
        let asked = Asked()
        try await town.directory.followDue(through: Self.port(to: feed, asked))
        #expect(asked.all.isEmpty)
        town.clock.advance(hours: 2)
        let broken = FeedPort { _, _ in FetchedAnswer(status: 200, bytes: Array("{".utf8)) }
        try await town.directory.followDue(through: broken)
        var follow = try #require(try await town.directory.follows().first)
        #expect(follow.failures == 1 && follow.fault?.hasPrefix("The address is no HSDS feed") == true)
        #expect(follow.nextAt == Instant(seconds: town.clock.now.seconds + 300))
        #expect(try await Self.shown(town).contains("Cedar House"))
        town.clock.advance(hours: 1)
        try await town.directory.followDue(through: Self.port(to: feed, asked))
        follow = try #require(try await town.directory.follows().first)
        #expect(follow.failures == 0 && follow.fault == nil && follow.taken == 2 && !asked.all.isEmpty)
    }

    @Test func `a statement that fails anywhere leaves the records and the feed as they were`() async throws {
        let feed = try await Self.node(["Cedar House", "Alder House"])
        for number in [0, 2, 5, 9, 14, 20, 40, 60] {
            var failing: FailingDatabase?
            let town = try await Town(loadsRegion: false) { real in
                let database = FailingDatabase(real)
                failing = database
                return database
            }
            _ = town.directory.world.newUUID()
            try await Self.follow(feed, from: town)
            try await Self.edit("wait_time", "\(number) days", in: feed)
            let before = try await Self.shown(town)
            failing?.failAfter(number)
            _ = try? await Self.follow(feed, from: town)
            failing?.failAfter(nil)
            let after = try await Self.shown(town)
            #expect(after == before || after.contains("\(number) days"))
            town.clock.advance(seconds: 200)
            try await Self.follow(feed, from: town)
            #expect(try await Self.shown(town).contains("\(number) days"))
            #expect(try await town.platform.check() == [])
        }
    }
}
