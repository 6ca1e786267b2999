import Formats
import Foundation
package import Kernel
import Storage
import Synchronization

/// The id of this node, which never changes.
final class KeptNode: Sendable {
    private let kept = Mutex<String?>(nil)

    var value: String? { kept.withLock(\.self) }
    func keep(_ id: String) { kept.withLock { $0 = id } }
}

extension Directory {
    /// Other Waymarks tell what they took away: all is asked for once a week. Other feeds are asked for all each time.
    private static let wholeEvery: Int64 = 7 * 86_400
    private static let usualPace = 6 * 3600
    /// Clocks of two nodes differ.
    private static let overlap: Int64 = 3600

    /// The id of this node, by which it knows its own records in the feeds of others.
    package func node() async throws -> String {
        if let known = keptNode.value { return known }
        let id = try await database.read { try $0.row("SELECT id FROM node WHERE number = 1")?.text("id") }
        let node: String
        if let id {
            node = id
        } else {
            node = try await database.write { [world] transaction in
                try FollowStore(transaction).node { Identifier<Record>(world.newUUID()).description }
            }
        }
        keptNode.keep(node)
        return node
    }

    /// Every feed that is followed, by name.
    package func follows() async throws -> [Follow] { try await database.read { try FollowStore($0).follows() } }

    /// Follows a feed from now on, or again at another pace, and reads it at once. A feed that cannot be read the first time
    /// is not followed.
    package func follow(_ wish: FollowWish, through port: FeedPort, by actor: Actor) async throws -> FollowReport {
        guard actor.may(.editListings) else { throw DirectoryRefusal.notAllowed }
        guard let address = wish.address else { throw FollowRefusal.badAddress }
        let followed = try await follows()
        let known = followed.first { $0.url == address }
        let source = known?.source ?? wish.source ?? FollowWish.source(of: address)
        guard Self.isSourceName(source) else { throw FollowRefusal.badSource(source) }
        if let other = followed.first(where: { $0.source == source }), other.url != address {
            throw FollowRefusal.taken(source)
        }
        let (now, every) = (world.now(), wish.every ?? known?.every ?? Self.usualPace)
        let inside = wish.inside || known?.inside == true
        try await database.write { transaction in
            try FollowStore(transaction).write(source, address, every: every, inside: inside, at: now)
        }
        do {
            return try await run(source, through: port, allowsRemovals: wish.allowsRemovals, by: actor)
        } catch {
            if known == nil { try await database.write { _ = try FollowStore($0).delete(source) } }
            throw error
        }
    }

    /// What the feed brought stays as it is.
    package func stopFollowing(_ name: String, by actor: Actor) async throws {
        guard actor.may(.editListings) else { throw DirectoryRefusal.notAllowed }
        let url = FollowWish(name, every: nil).address
        let follow = try await follows().first { $0.source == name || $0.url == url }
        guard let follow else { throw FollowRefusal.unknown(name) }
        try await database.write { _ = try FollowStore($0).delete(follow.source) }
    }

    /// Reads every feed whose time has come. What went wrong is kept with the feed.
    package func followDue(through port: FeedPort) async throws {
        for follow in try await follows() where follow.nextAt <= world.now() {
            try Task.checkCancellation()
            _ = try? await run(follow.source, through: port, allowsRemovals: false, by: .follower)
        }
    }

    // MARK: One run

    private func run(
        _ source: String, through port: FeedPort, allowsRemovals: Bool, by actor: Actor
    ) async throws -> FollowReport {
        let (lease, now) = (Identifier<Record>(world.newUUID()).description, world.now())
        let follow = try await database.write { transaction -> Follow? in
            let store = FollowStore(transaction)
            guard let follow = try store.follow(source) else { throw FollowRefusal.unknown(source) }
            return try store.lease(source, lease, at: now) ? follow : nil
        }
        guard let follow else { throw FollowRefusal.running }
        do {
            return try await read(follow, lease, through: port, allowsRemovals: allowsRemovals, by: actor)
        } catch {
            let (sentence, later) = (Self.sentence(error), world.now())
            try? await database.write { try FollowStore($0).fail(follow, lease, fault: sentence, at: later) }
            throw error
        }
    }

    /// Copies the feed beside the records, then takes the copy in one transaction.
    private func read(
        _ follow: Follow, _ lease: String, through port: FeedPort, allowsRemovals: Bool, by actor: Actor
    ) async throws -> FollowReport {
        let started = world.now()
        let run = FeedRun(port: port, inside: follow.inside, world: world, started: world.uptime()) {
            [database, world] in
            let now = world.now()
            guard try await database.write({ try FollowStore($0).renew(follow.source, lease, at: now) }) else {
                throw FollowRefusal.running
            }
        }
        let own = try await node()
        let feed = try await LiveFeed(follow.url, fetch: run.fetch).node()
        if feed == own { throw FollowRefusal.itself }
        var way = LiveFeed.Way()
        way.isWaymark = feed != nil
        let isSame = feed != nil && feed == follow.node
        if isSame, let whole = follow.wholeAt, started.seconds - whole.seconds < Self.wholeEvery {
            way.since = follow.since
        }
        let others = try await follows().filter { $0.source != follow.source }.compactMap(\.node)
        let provenance = FeedProvenance(of: feed, elsewhere: Set(others + [own]))
        let folder = downloadsFolder.deletingLastPathComponent().appending(path: "follow-\(follow.source)")
        // What a killed run left.
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await LiveFeed(follow.url, way: way, limits: port.limits.feed, fetch: run.fetch, change: provenance.take)
            .copy(to: folder)
        var order = ImportOrder(source: follow.source, format: "hsds-3")
        (order.isDelta, order.allowsRemovals) = (way.since != nil, allowsRemovals)
        let report = try await take(folder, order, follow, lease, provenance, node: feed, started, by: actor)
        try await followChanges()
        return report
    }

    private func take(
        _ folder: URL, _ order: ImportOrder, _ follow: Follow, _ lease: String, _ provenance: FeedProvenance,
        node: String?, _ started: Instant, by actor: Actor
    ) async throws -> FollowReport {
        let reader = try FileReader(path: folder, format: .hsds3)
        let notes = provenance.notes
        return try await database.write { [world] transaction in
            let follows = FollowStore(transaction)
            // Another run may have begun while this one slept.
            guard try follows.renew(follow.source, lease, at: world.now()) else { throw FollowRefusal.running }
            var taking = try FollowTaking(order, RecordChanges(transaction, by: actor, world), data.gazetteer)
            try reader.read { try taking.take($0) }
            let report = try taking.finish(notes)
            try follows.succeed(
                follow, node: node, since: Instant(seconds: started.seconds - Self.overlap), isWhole: !order.isDelta,
                at: world.now())
            return FollowReport(
                source: follow.source, isWhole: !order.isDelta, added: report[.added], changed: report[.changed],
                removed: report[.removed], unchanged: report.unchanged, rejected: report[.rejected],
                conflicts: taking.conflicts, echoes: provenance.echoes)
        }
    }

    /// Only sentences of ours: what a feed sent is never repeated.
    private static func sentence(_ error: any Error) -> String {
        switch error {
        case let fault as FeedFault: fault.description
        case let fault as ReadingFault: fault.detail
        case let refusal as any Refusal: refusal.description
        case let failure as StorageFailure: failure.description
        case is CancellationError: "The program was stopped; the next run begins anew."
        default: "The feed could not be read."
        }
    }
}

extension Actor {
    /// The program itself, when it reads a feed in its time.
    static let follower = Actor(name: "follow", clearance: .vetted, permissions: [.editListings])
}
