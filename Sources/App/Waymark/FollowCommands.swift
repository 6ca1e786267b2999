import ArgumentParser
import Directory
import Formats
import Foundation
import Kernel
import Platform

struct FollowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Take over what another Waymark or HSDS 3 feed publishes, now and from time to time.",
        subcommands: [FollowStart.self, FollowList.self, FollowStop.self], defaultSubcommand: FollowStart.self)
}

struct FollowStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Read a feed at once; a running server goes on reading it. Said again, it reads again.",
        discussion: """
            What is here already is never overwritten: where the feed says otherwise, the review queue gets a proposal. Ends \
            with 0 when all came in, 2 when something was rejected.
            """)
    @Argument(help: "The address of the feed, such as https://help.example.org/hsds.") var url: String
    @Option(help: "From one reading to the next: 30m, 6h, 2d; 6h, or as it was said before, when left out.")
    var every: String?
    @Option(help: "A name for the feed; made of its host when left out.") var source: String?
    @Flag(help: "The feed may lie on this machine or in a private network.") var allowPrivate = false
    @Flag(help: "Let this reading remove more than a fifth of what the feed brought before.") var allowRemovals = false
    @OptionGroup var options: DeskOptions

    func run() async throws {
        let seconds = try every.map { text in
            guard let seconds = FollowWish.seconds(text) else {
                throw ValidationError("--every is from 5m to 90d, such as 30m, 6h or 2d.")
            }
            return seconds
        }
        var wish = FollowWish(url, every: seconds)
        (wish.source, wish.inside, wish.allowsRemovals) = (source, allowPrivate, allowRemovals)
        let settings = try settings()
        let report = try await directory().follow(wish, through: settings.feeds, by: options.actor)
        printText(options.json ? report.json : report.sentence)
        if report.rejected > 0 { throw ExitCode(2) }
    }
}

struct FollowList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show what is followed: when it was last read, what came, what waits, what is wrong.")
    @OptionGroup var options: DeskOptions

    func run() async throws {
        let follows = try await directory().follows()
        for follow in follows { printText(options.json ? follow.json : follow.text) }
        if follows.isEmpty, !options.json { say("Nothing is followed.") }
    }
}

struct FollowStop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Follow a feed no longer; what it brought stays as it is.")
    @Argument(help: "The name or the address of the feed.") var feed: String
    @OptionGroup var options: DeskOptions

    func run() async throws {
        try await directory().stopFollowing(feed, by: options.actor)
        say("No longer followed; what it brought stays.")
    }
}

extension FollowReport {
    private var counts: [(name: String, count: Int)] {
        [
            ("added", added), ("changed", changed), ("removed", removed), ("unchanged", unchanged),
            ("rejected", rejected), ("conflicts", conflicts), ("echoes", echoes),
        ]
    }

    fileprivate var sentence: String {
        "\(source): \(isWhole ? "all" : "changes") read; "
            + counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ") + "."
    }

    fileprivate var json: String {
        jsonLine { json in
            json.member("source", source)
            json.key("whole")
            json.boolean(isWhole)
            for (name, count) in counts {
                json.key(name)
                json.integer(count)
            }
        }
    }
}

extension Follow {
    fileprivate var text: String { "\(source)  \(url)  every \(every / 60) minutes\n    \(state)" }

    /// When it was last read, what waits, what is wrong.
    var state: String {
        let last = takenAt.map { "last read \($0.description), \(taken) listings" } ?? "never read"
        let waiting = conflicts > 0 ? ", conflicts in the review queue: \(conflicts)" : ""
        let wrong = fault.map { "; failures: \(failures), next try \(nextAt): \($0)" } ?? ""
        return last + waiting + wrong
    }

    fileprivate var json: String {
        jsonLine { json in
            json.member("source", source)
            json.member("url", url)
            json.member("last_read", takenAt?.description)
            json.member("next", nextAt.description)
            json.member("fault", fault)
            for (name, count) in [
                ("every", every), ("listings", taken), ("conflicts", conflicts), ("failures", failures),
            ] {
                json.key(name)
                json.integer(count)
            }
        }
    }
}
