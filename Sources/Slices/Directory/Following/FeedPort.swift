package import Formats
import Kernel
import Synchronization

/// The world outside, as far as reading a feed.
package struct FeedPort: Sendable {
    /// Asks one address, follows no redirect, and gives up at the limits of one answer.
    /// - Parameter inside: true when addresses of this machine and of private networks may be asked.
    /// - Throws: `FeedFault`.
    package var ask: @Sendable (_ url: String, _ inside: Bool) async throws -> FetchedAnswer
    package var limits: FeedLimits

    package init(
        limits: FeedLimits = FeedLimits(),
        ask: @escaping @Sendable (_ url: String, _ inside: Bool) async throws -> FetchedAnswer
    ) {
        (self.ask, self.limits) = (ask, limits)
    }
}

/// How much of a feed is taken in one run.
package struct FeedLimits: Sendable {
    package var feed = LiveFeed.Limits()
    /// Seconds for all answers together.
    package var seconds = 1800.0

    package init() {}
}

/// Why a feed could not be read, in one sentence that repeats nothing of what it sent.
package enum FeedFault: Error, Sendable, Equatable, CustomStringConvertible {
    case notWeb, inside, unknownHost, noAnswer, redirect
    case tooLarge(megabytes: Int)
    case tooSlow(seconds: Int)

    package var description: String {
        switch self {
        case .notWeb: "The feed leads to something that is no http or https address."
        case .inside:
            "The feed lies inside this machine or a private network; say --allow-private if that is meant."
        case .unknownHost: "Nobody knows the name of the feed's host."
        case .noAnswer: "The feed does not answer."
        case .redirect: "The feed leads on to another address; follow that one if it is right."
        case .tooLarge(let megabytes): "The feed sent an answer of more than \(megabytes) MB."
        case .tooSlow(let seconds): "The feed took more than \(seconds) seconds to answer."
        }
    }
}

/// Asks for one run: counts its time, and keeps its lease alive.
struct FeedRun: Sendable {
    let port: FeedPort
    let inside: Bool
    let world: World
    let started: UInt64
    let renew: @Sendable () async throws -> Void

    func fetch(_ url: String) async throws -> FetchedAnswer {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else { throw FeedFault.notWeb }
        guard Double(world.uptime() - started) / 1e9 <= port.limits.seconds else {
            throw FeedFault.tooSlow(seconds: Int(port.limits.seconds))
        }
        let answer = try await port.ask(url, inside)
        if (300...399).contains(answer.status) { throw FeedFault.redirect }
        try await renew()
        return answer
    }
}

/// Looks at each record of a feed before anything else: whose it is, and what it says beyond HSDS.
final class FeedProvenance: Sendable {
    struct Note: Sendable {
        var origin: String?
        var steward: String?
    }

    private struct State {
        var notes: [Identifier<Record>: Note] = [:]
        var echoes = 0
    }

    private let state = Mutex(State())
    private let feed: String?
    private let elsewhere: Set<String>

    /// - Parameters:
    ///   - feed: the node of the feed; nil when it is no Waymark.
    ///   - elsewhere: this node and others that it follows itself: their records come from themselves.
    init(of feed: String?, elsewhere: Set<String>) { (self.feed, self.elsewhere) = (feed, elsewhere) }

    var echoes: Int { state.withLock(\.echoes) }
    var notes: [Identifier<Record>: Note] { state.withLock(\.notes) }

    /// The record without our own members; nil when it is an echo.
    func take(_ record: JSONValue) -> JSONValue? {
        guard let feed, case .object(var members) = record else { return record }
        let origin = members.removeValue(forKey: "origin")?.text.flatMap(Identifier<Record>.init)?.description ?? feed
        let steward = members.removeValue(forKey: "steward")?.text
        if elsewhere.contains(origin) {
            state.withLock { $0.echoes += 1 }
            return nil
        }
        if let id = members["id"]?.text.flatMap(Identifier<Record>.init) {
            let name = steward.flatMap { $0.isEmpty || $0.utf8.count > 1000 ? nil : $0 }
            state.withLock { $0.notes[id] = Note(origin: origin, steward: name) }
        }
        return .object(members)
    }
}
