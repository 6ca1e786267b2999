package import Foundation
import Kernel

/// The world outside, as far as looking whether a link still leads somewhere. Every rule of politeness but the pause itself
/// is on this side, so that tests can see it kept.
package struct LinkProbe: Sendable {
    package enum Method: String, Sendable { case head = "HEAD", get = "GET" }

    /// What one request came to. No redirect is followed by whoever answers.
    package enum Answer: Sendable, Equatable {
        /// - Parameters:
        ///   - location: where a redirect leads.
        ///   - text: the beginning of the body, for robots.txt alone.
        case status(Int, location: String? = nil, text: String? = nil)
        case noAnswer
        /// The address lies inside this machine or its network.
        case inside
    }

    package var ask: @Sendable (Method, URL) async -> Answer
    /// Waits so many seconds.
    package var pause: @Sendable (Double) async -> Void
    /// Seconds on a clock that only runs forward.
    package var seconds: @Sendable () -> Double

    package init(
        ask: @escaping @Sendable (Method, URL) async -> Answer, pause: @escaping @Sendable (Double) async -> Void,
        seconds: @escaping @Sendable () -> Double
    ) {
        self.ask = ask
        self.pause = pause
        self.seconds = seconds
    }

    /// How the checker names itself to the sites it asks.
    package static let userAgent = "WaymarkLinkCheck/1.0 (directory of help; asks each page once in a while)"
}

/// What a look at one link came to.
enum LinkState: Sendable, Equatable {
    case alive(Int)
    case dead(String)
    /// Not asked: the site asks programs to stay away, or the address lies inside our own network.
    case leftAlone(String)

    static let silence = "no answer"

    var text: String {
        switch self {
        case .alive(let status): "\(status)"
        case .dead(let reason), .leftAlone(let reason): reason
        }
    }
}

/// Asks politely: one request per host and five seconds, HEAD before GET, at most five redirects, robots.txt read first.
struct PoliteVisitor {
    private let probe: LinkProbe
    private var nextTurn: [String: Double] = [:]
    private var robots: [String: RobotRules] = [:]
    /// True once any site answered at all.
    private(set) var heardAnything = false

    static let secondsPerHost = 5.0
    static let mostRedirects = 5

    init(_ probe: LinkProbe) { self.probe = probe }

    mutating func look(at link: String) async -> LinkState {
        guard var url = URL(string: link), Self.isWeb(url) else { return .dead("not a web address") }
        for _ in 0...Self.mostRedirects {
            guard await mayVisit(url) else { return .leftAlone("robots.txt") }
            switch await answer(from: url) {
            case .inside: return .leftAlone("private address")
            case .noAnswer: return .dead(LinkState.silence)
            case .status(let status, let location, _) where (300...399).contains(status) && status != 304:
                guard let next = location.flatMap({ URL(string: $0, relativeTo: url)?.absoluteURL }), Self.isWeb(next)
                else { return .dead("\(status)") }
                url = next
            case .status(let status, _, _): return Self.state(status)
            }
        }
        return .dead("too many redirects")
    }

    /// A server that answers but lets no program in is alive.
    private static func state(_ status: Int) -> LinkState {
        switch status {
        case 200...299, 304, 401, 403, 405, 406, 429: .alive(status)
        default: .dead("\(status)")
        }
    }

    private static func isWeb(_ url: URL) -> Bool {
        ["http", "https"].contains(url.scheme?.lowercased() ?? "") && !(url.host() ?? "").isEmpty
            && url.user() == nil
    }

    private mutating func answer(from url: URL) async -> LinkProbe.Answer {
        let head = await ask(.head, url)
        // Some servers know no HEAD, and some lie about it.
        if case .status(let status, _, _) = head, status >= 400 { return await ask(.get, url) }
        return head
    }

    private mutating func mayVisit(_ url: URL) async -> Bool {
        let site = "\(url.scheme ?? "")://\(Self.hostKey(url))"
        if robots[site] == nil, let address = URL(string: site + "/robots.txt") {
            var rules = RobotRules("")
            if case .status(200, _, let text?) = await ask(.get, address) { rules = RobotRules(text) }
            robots[site] = rules
        }
        return robots[site]?.allows(url.path().isEmpty ? "/" : url.path()) ?? true
    }

    private mutating func ask(_ method: LinkProbe.Method, _ url: URL) async -> LinkProbe.Answer {
        let host = Self.hostKey(url)
        let now = probe.seconds()
        if let turn = nextTurn[host], turn > now { await probe.pause(turn - now) }
        nextTurn[host] = probe.seconds() + Self.secondsPerHost
        let answer = await probe.ask(method, url)
        if case .status = answer { heardAnything = true }
        return answer
    }

    private static func hostKey(_ url: URL) -> String {
        (url.host() ?? "").lowercased() + (url.port.map { ":\($0)" } ?? "")
    }
}

/// What a site's robots.txt says to our checker, else to all (RFC 9309: the longest matching path decides).
struct RobotRules: Sendable {
    private var rules: [(path: String, isAllowed: Bool)] = []

    init(_ text: String) {
        var groups: [(names: [String], rules: [(path: String, isAllowed: Bool)])] = []
        var namesGoOn = false
        for line in text.prefix(100_000).split(whereSeparator: \.isNewline) {
            let parts = line.prefix { $0 != "#" }.split(separator: ":", maxSplits: 1)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard let word = parts.first?.lowercased() else { continue }
            let value = parts.count == 2 ? parts[1] : ""
            if word == "user-agent" {
                if namesGoOn, !groups.isEmpty {
                    groups[groups.count - 1].names.append(value.lowercased())
                } else {
                    groups.append(([value.lowercased()], []))
                }
                namesGoOn = true
            } else if ["allow", "disallow"].contains(word), !groups.isEmpty {
                namesGoOn = false
                if !value.isEmpty { groups[groups.count - 1].rules.append((value, word == "allow")) }
            }
        }
        let own = groups.filter { $0.names.contains("waymarklinkcheck") }
        rules = (own.isEmpty ? groups.filter { $0.names.contains("*") } : own).flatMap(\.rules)
    }

    func allows(_ path: String) -> Bool {
        let matching = rules.filter { path.hasPrefix($0.path.prefix { $0 != "*" && $0 != "$" }) }
        let longest = matching.max { ($0.path.count, $0.isAllowed ? 1 : 0) < ($1.path.count, $1.isAllowed ? 1 : 0) }
        return longest?.isAllowed ?? true
    }
}
