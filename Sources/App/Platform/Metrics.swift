import Directory
import Foundation
import Glibc
import Hummingbird
import Kernel
import Logging
import NIOCore
import PostgresStorage
import Storage
import Synchronization
import Web

/// When search last knew that it was up to date.
final class FollowerPulse: Sendable {
    private let last: Mutex<UInt64>
    private let uptime: @Sendable () -> UInt64

    init(_ world: World) {
        uptime = world.uptime
        last = Mutex(world.uptime())
    }

    func beat() { last.withLock { $0 = uptime() } }

    var seconds: Double { Double(uptime() - last.withLock { $0 }) / 1e9 }
}

/// What an operator's monitoring reads, in the text format of Prometheus: counts, never what anybody asked.
struct Metrics: Sendable {
    private let platform: Platform
    private let pulse: FollowerPulse
    private let world: World

    init(_ platform: Platform, _ pulse: FollowerPulse, _ world: World) {
        (self.platform, self.pulse, self.world) = (platform, pulse, world)
    }

    /// Answers `/metrics` to this machine alone.
    func server(port: Int, logger: Logger, say: @escaping @Sendable (String) -> Void) -> some ApplicationProtocol {
        let router = Router()
        router.get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: await text())))
        }
        return Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { say("Metrics are on http://127.0.0.1:\($0.localAddress?.port ?? port)/metrics") },
            logger: logger)
    }

    private func text() async -> String {
        var text = MetricsText()
        text.add("waymark_build_info", "gauge", "The version of the program.", [([("version", Self.version)], 1)])
        requests(&text)
        await records(&text)
        process(&text)
        return text.text
    }

    /// The version that stands in the change log.
    static let version = "0.1.0"

    /// Routes that are not counted: how many sent a ballot tells the turnout before the close.
    static let untold: Set<String> = ["/:language/desk/landscape/votes/:vote/ballot"]

    private func requests(_ text: inout MetricsText) {
        let all = platform.log.counts.all.filter { !Self.untold.contains($0.kind.pattern) }
        func labels(_ kind: RequestCounts.Kind) -> MetricsText.Labels {
            [("method", kind.method), ("route", kind.pattern), ("status", kind.status)]
        }
        text.add(
            "waymark_requests_total", "counter", "Requests by route pattern.",
            all.map { (labels($0.kind), Double($0.count.requests)) })
        let name = "waymark_request_seconds"
        text.head(name, "histogram", "How long requests took.")
        for (kind, count) in all {
            var sum = 0
            for (place, inClass) in count.classes.enumerated() {
                sum += inClass
                let bound =
                    place < RequestCounts.bounds.count ? "\(Double(RequestCounts.bounds[place]) / 1000)" : "+Inf"
                text.line("\(name)_bucket", labels(kind) + [("le", bound)], Double(sum))
            }
            text.line("\(name)_sum", labels(kind), Double(count.milliseconds) / 1000)
            text.line("\(name)_count", labels(kind), Double(count.requests))
        }
    }

    private func records(_ text: inout MetricsText) async {
        let latest = try? await platform.changeNumber()
        text.add("waymark_database_up", "gauge", "1 when the database answers.", [([], latest == nil ? 0 : 1)])
        if let latest {
            text.add("waymark_change_number", "gauge", "The newest change of a record.", [([], Double(latest))])
            let behind = Double(max(0, latest - platform.directory.change))
            text.add("waymark_follower_lag_changes", "gauge", "Changes that search does not know yet.", [([], behind)])
        }
        text.add(
            "waymark_follower_lag_seconds", "gauge", "Seconds since search was last up to date.", [([], pulse.seconds)])
        if let use = (platform.database as? PostgresDatabase)?.use {
            let sides = [("read", use.reading, use.readers), ("write", use.writing, use.writers)]
            text.add(
                "waymark_pool_used", "gauge", "Connections to PostgreSQL in use.",
                sides.map { ([("for", $0.0)], Double($0.1)) })
            text.add(
                "waymark_pool_size", "gauge", "Connections to PostgreSQL that there may be.",
                sides.map { ([("for", $0.0)], Double($0.2)) })
        }
        guard let follows = try? await platform.directory.follows(), !follows.isEmpty else { return }
        func feeds(_ name: String, _ help: String, _ value: (Follow) -> Double) {
            text.add(name, "gauge", help, follows.map { ([("feed", $0.source)], value($0)) })
        }
        feeds("waymark_feed_last_read_seconds", "When the feed was last read, since 1970.") {
            Double($0.takenAt?.seconds ?? 0)
        }
        feeds("waymark_feed_failures", "Readings of the feed that failed since one went well.") { Double($0.failures) }
        feeds("waymark_feed_conflicts", "Differences that wait for staff.") { Double($0.conflicts) }
    }

    private func process(_ text: inout MetricsText) {
        // After the name in brackets, which may hold anything: the 12th and 13th word are ticks (proc(5)).
        let words = (try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8))?.split(separator: ")").last?
            .split(separator: " ")
        let ticks = words.map { $0.dropFirst(11).prefix(2).compactMap { Double($0) }.reduce(0, +) } ?? 0
        let seconds = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        text.add("process_cpu_seconds_total", "counter", "Processor time of the program.", [([], seconds)])
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        if let pages, pages.count > 1, let resident = Double(pages[1]) {
            let bytes = resident * Double(sysconf(Int32(_SC_PAGESIZE)))
            text.add("process_resident_memory_bytes", "gauge", "Memory of the program.", [([], bytes)])
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            text.add("process_open_fds", "gauge", "Open files and sockets.", [([], Double(files.count))])
        }
    }
}

/// Writes the text format of Prometheus, version 0.0.4.
struct MetricsText {
    typealias Labels = [(name: String, value: String)]

    private(set) var text = ""

    mutating func head(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func line(_ name: String, _ labels: Labels, _ value: Double) {
        let written = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        let number = Int(exactly: value).map(String.init) ?? "\(value)"
        text += written.isEmpty ? "\(name) \(number)\n" : "\(name){\(written)} \(number)\n"
    }

    mutating func add(_ name: String, _ type: String, _ help: String, _ lines: [(labels: Labels, value: Double)]) {
        head(name, type, help)
        for (labels, value) in lines { line(name, labels, value) }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
