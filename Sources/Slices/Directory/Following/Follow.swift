import Foundation
package import Kernel

/// A feed that this network follows, and how it went.
package struct Follow: Sendable, Equatable {
    /// Names the feed here: sources of its records, and of removals.
    package let source: String
    package let url: String
    /// Seconds from one run to the next.
    package let every: Int
    /// True when it may lie inside a private network.
    package let inside: Bool
    /// The id that the feed gives itself; nil when it is no Waymark, or was never asked.
    package let node: String?
    /// Of the last run that went well; nil before.
    package let takenAt: Instant?
    /// Records that are here because of it.
    package let taken: Int
    package let nextAt: Instant
    /// Why the last run failed; nil when it went well.
    package let fault: String?
    package let failures: Int
    /// Differences that wait for staff in the review queue.
    package let conflicts: Int
    /// What to ask for next, and when all was last asked for.
    let since: Instant?
    let wholeAt: Instant?
    let lease: String
}

/// What somebody wants to follow.
package struct FollowWish: Sendable {
    package var url: String
    /// Nil for a name made of the host.
    package var source: String?
    /// Seconds; nil for six hours, or for what was said before.
    package var every: Int?
    /// What was allowed before stays allowed.
    package var inside = false
    /// Once: lets this run remove more than a fifth of what the feed brought before.
    package var allowsRemovals = false

    package init(_ url: String, every: Int?) { (self.url, self.every) = (url, every) }

    /// Reads `90m`, `6h`, `2d`; nil for anything else and for less than five minutes or more than 90 days.
    package static func seconds(_ text: String) -> Int? {
        guard let unit = ["m": 60, "h": 3600, "d": 86_400][text.suffix(1)], let count = Int(text.dropLast()),
            (1...10_000).contains(count), (300...90 * 86_400).contains(count * unit)
        else { return nil }
        return count * unit
    }

    /// The address as it is asked: http or https, no name of a person, no fragment, no question.
    var address: String? {
        let text = url.hasSuffix("/") ? String(url.dropLast()) : url
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme), parts.user == nil,
            parts.query == nil, parts.fragment == nil, !(parts.host ?? "").isEmpty, text.utf8.count <= 500,
            text.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else { return nil }
        return text
    }

    /// `help.example.org`, with the port when one is named.
    static func source(of address: String) -> String {
        let parts = URLComponents(string: address)
        let host = (parts?.host ?? "feed") + (parts?.port.map { "-\($0)" } ?? "")
        return String(
            host.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" }.suffix(40))
    }
}

/// What one run came to.
package struct FollowReport: Sendable {
    package let source: String
    package let isWhole: Bool
    package let added: Int
    package let changed: Int
    package let removed: Int
    package let unchanged: Int
    package let rejected: Int
    /// New differences for staff to decide.
    package let conflicts: Int
    /// Records that came from here, or come from another feed that is followed.
    package let echoes: Int
}

/// Why a feed is not followed.
package enum FollowRefusal: Refusal, Equatable {
    case badAddress, badSource(String), itself, running, unknown(String), taken(String)

    package var code: String {
        switch self {
        case .badAddress: "bad-address"
        case .badSource: "bad-source"
        case .itself: "itself"
        case .running: "running"
        case .unknown: "unknown-feed"
        case .taken: "source-taken"
        }
    }

    package var status: Int { 422 }

    package var description: String {
        switch self {
        case .badAddress: "Name the http or https address of an HSDS 3 feed, such as https://help.example.org/hsds."
        case .badSource(let name):
            "“\(name.prefix(40))” cannot name a feed; use small letters, digits, dots and dashes."
        case .itself: "That feed is this node itself, or a copy of it; nothing is followed."
        case .running: "This feed is being read at this moment, here or on another node; see: waymark follow list"
        case .unknown(let name): "No feed “\(name.prefix(40))” is followed; see: waymark follow list"
        case .taken(let name): "“\(name)” names another feed already; give --source another name."
        }
    }
}
