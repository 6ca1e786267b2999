import Directory
import Formats
import Foundation
import Kernel
import Platform
import Support
import Synchronization
import Testing

/// A network of made-up sites and a clock that moves when somebody waits.
private final class PaperNetwork: Sendable {
    struct Asked: Sendable, Equatable {
        let method: String
        let url: String
        let at: Double
    }

    private let answers: [String: LinkProbe.Answer]
    private let clock = Mutex(0.0)
    private let asked = Mutex<[Asked]>([])

    init(_ answers: [String: LinkProbe.Answer]) { self.answers = answers }

    var requests: [Asked] { asked.withLock { $0 } }

    var probe: LinkProbe {
        LinkProbe(
            ask: { [self] method, url in
                let at = clock.withLock { $0 }
                asked.withLock { $0.append(Asked(method: method.rawValue, url: url.absoluteString, at: at)) }
                return answers["\(method.rawValue) \(url.absoluteString)"] ?? answers[url.absoluteString]
                    ?? .status(404)
            },
            pause: { [self] seconds in clock.withLock { $0 += seconds } },
            seconds: { [self] in clock.withLock { $0 } })
    }
}

@Suite struct LinkTests {
    private let cedar = Fiction.id(.service, "Cedar House")
    private let owner = Fiction.id(.organization, "Cedar House")
    private let site = "https://cedar.example/help"

    private func town(_ url: String) async throws -> Town {
        let town = try await Town(loadsRegion: false)
        try await town.store(Fiction.service("Cedar House"))
        try await town.directory.edit(.service, cedar, field: "url", to: .text(url), source: "x", by: Town.staff)
        return town
    }

    private func run(_ town: Town, _ network: PaperNetwork) async throws -> LinkReport {
        try await town.directory.checkLinks(limit: 100, with: network.probe, by: Town.staff)
    }

    @Test func `a link that fails on three days goes into the queue and stays on the listing`() async throws {
        let town = try await town(site)
        let network = PaperNetwork([site: .status(404)])
        for day in 1...4 {
            #expect(try await run(town, network).dead == 1)
            #expect(try await run(town, network).dead == 1, "twice on a day counts once")
            let open = try await town.directory.queue(limit: 10, for: Town.staff)?.items.count ?? 0
            #expect(open == (day >= 3 ? 1 : 0))
            town.clock.advance(days: 1)
        }
        let item = try #require(try await town.directory.queue(limit: 10, for: Town.staff)?.items.first?.value)
        #expect(item.proposal.field == "url" && item.proposal.valueThen == site && item.proposal.proposed == nil)
        #expect(try await town.directory.service(cedar, for: .visitor).json.contains(site))
        try await town.directory.accept(item.proposal.id, by: Town.staff)
        #expect(try await !town.directory.service(cedar, for: .visitor).json.contains(site))
    }

    @Test func `a link that answers in between starts anew`() async throws {
        let town = try await town(site)
        for status in [404, 404, 200, 404, 404] {
            _ = try await run(town, PaperNetwork([site: .status(status)]))
            town.clock.advance(days: 1)
        }
        #expect(try await town.directory.queue(limit: 10, for: Town.staff) == nil)
    }

    @Test func `a network that is down makes no link dead`() async throws {
        let town = try await town(site)
        let silence = PaperNetwork([site: .noAnswer, "https://cedar.example/robots.txt": .noAnswer])
        for _ in 1...4 {
            #expect(try await run(town, silence).unsure == 1)
            town.clock.advance(days: 1)
        }
        #expect(try await town.directory.queue(limit: 10, for: Town.staff) == nil)
        #expect(try await run(town, PaperNetwork([site: .noAnswer])).dead == 1, "the site answers, the page does not")
    }

    @Test func `HEAD comes first, GET when it fails, and every host has five seconds of rest`() async throws {
        let town = try await town(site)
        try await town.directory.edit(
            .organization, owner, field: "website", to: .text("https://cedar.example/"), source: "x", by: Town.staff)
        let network = PaperNetwork([
            "HEAD \(site)": .status(405), "GET \(site)": .status(200), "https://cedar.example/": .status(200),
        ])
        #expect(try await run(town, network).alive == 2)
        let requests = network.requests
        #expect(requests.map(\.method) == ["GET", "HEAD", "HEAD", "GET"])
        #expect(requests.first?.url == "https://cedar.example/robots.txt")
        for (earlier, later) in zip(requests, requests.dropFirst()) { #expect(later.at - earlier.at >= 5) }
    }

    @Test func `redirects are followed five times and no more`() async throws {
        var answers: [String: LinkProbe.Answer] = [:]
        for step in 0..<9 { answers["https://cedar.example/\(step)"] = .status(302, location: "/\(step + 1)") }
        answers["https://cedar.example/4"] = .status(200)
        #expect(try await run(town("https://cedar.example/0"), PaperNetwork(answers)).alive == 1)
        answers["https://cedar.example/4"] = .status(302, location: "/5")
        answers["https://cedar.example/5"] = .status(302, location: "/6")
        #expect(try await run(town("https://cedar.example/0"), PaperNetwork(answers)).dead == 1)
        let away = PaperNetwork([site: .status(301, location: "file:///etc/passwd")])
        #expect(try await run(town(site), away).dead == 1)
        #expect(away.requests.allSatisfy { $0.url.hasPrefix("https://cedar.example/") })
    }

    @Test func `robots are respected and private addresses left alone`() async throws {
        let rules = "User-agent: *\nDisallow: /help\nAllow: /help/open\n"
        let robots = PaperNetwork(["https://cedar.example/robots.txt": .status(200, text: rules), site: .status(404)])
        #expect(try await run(town(site), robots).leftAlone == 1)
        #expect(robots.requests.count == 1)
        let open = PaperNetwork([
            "https://cedar.example/robots.txt": .status(200, text: rules), site + "/open": .status(200),
        ])
        #expect(try await run(town(site + "/open"), open).alive == 1)
        let own = PaperNetwork([
            "https://cedar.example/robots.txt": .status(200, text: rules + "User-agent: WaymarkLinkCheck\nDisallow:\n"),
            site: .status(200),
        ])
        #expect(try await run(town(site), own).alive == 1)
        #expect(try await run(town("http://10.0.0.1/"), PaperNetwork(["http://10.0.0.1/": .inside])).leftAlone == 1)
    }

    @Test func `a withheld link is not asked, and a run without the right is refused`() async throws {
        let town = try await town(site)
        try await town.directory.setAudience(.partner, .service, cedar, field: "url", by: Town.staff)
        let network = PaperNetwork([:])
        #expect(try await run(town, network) == LinkReport())
        #expect(network.requests.isEmpty)
        await #expect(throws: DirectoryRefusal.notAllowed) {
            _ = try await town.directory.checkLinks(limit: 1, with: network.probe, by: .visitor)
        }
    }

    @Test(arguments: [
        ("127.0.0.1", OutsideAddress.inside), ("localhost", .inside), ("10.1.2.3", .inside), ("172.31.0.1", .inside),
        ("192.168.1.1", .inside), ("169.254.169.254", .inside), ("100.64.0.1", .inside), ("0.0.0.0", .inside),
        ("224.0.0.1", .inside), ("255.255.255.255", .inside), ("[::1]", .inside), ("fe80::1", .inside),
        ("fd00::1", .inside), ("::ffff:10.0.0.1", .inside), ("2002:a00:1::", .inside), ("2001:db8::1", .inside),
        ("8.8.8.8", .outside), ("172.32.0.1", .outside), ("2606:4700::1111", .outside), ("nowhere.invalid", .unknown),
        ("2130706433", .inside), ("0x7f.1", .inside), ("", .unknown),
    ]) func `addresses inside are never asked, however they are written`(_ host: String, _ expected: OutsideAddress) {
        #expect(OutsideAddress(host: host) == expected)
    }
}
