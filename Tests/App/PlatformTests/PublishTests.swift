import Directory
import Formats
import Foundation
import Kernel
import Platform
import Support
import Testing
import Web

/// The public site as plain files.
@Suite struct PublishTests {
    private let scratch = Scratch()

    private final class Scratch: Sendable {
        let url = FileManager.default.temporaryDirectory.appending(path: "waymark-publish-\(UUID().uuidString)")
        var site: URL { url.appending(path: "site") }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    @discardableResult
    private func publish(_ town: Town, isAnew: Bool = false) async throws -> PublishReport {
        try await town.platform.publish(
            to: scratch.site, address: "http://localhost", dataFolder: scratch.url, isAnew: isAnew)
    }

    private func files() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: scratch.site.path) {
            guard let bytes = bytes(path) else { continue }
            files[path] = bytes
        }
        return files
    }

    private func bytes(_ path: String) -> [UInt8]? {
        (try? Data(contentsOf: scratch.site.appending(path: path))).map(Array.init)
    }

    private func problems(key: String? = nil) throws -> [String] {
        try SiteCheck(scratch.site, key: key).report().faults
    }

    private static let ofTheManifest = ["waymark.json", "waymark.sha256", "waymark.sig", "waymark.pem"]

    /// What a browser asks for to get the file at `path`.
    private static func target(_ path: String) -> String {
        if path == "404.html" { return "/nothing-here" }
        if path.contains("/stick/") { return "/" + path }
        if path.hasSuffix("index.html") {
            let folder = String(path.dropLast("index.html".count).dropLast())
            return "/" + folder + (folder.count == 2 ? "/" : "")
        }
        guard path.hasPrefix("hsds"), path != "hsds/openapi.json" else { return "/" + path }
        let bare = path.dropLast(".json".count)
        guard let page = bare.split(separator: "/").last, page.hasPrefix("page-") else { return "/" + bare }
        return "/\(bare.dropLast(page.count + 1))?page=\(page.dropFirst(5))"
    }

    @Test func `every file is byte for byte what the server answers, plain and compressed`() async throws {
        let town = try await Town()
        let report = try await publish(town)
        let files = try files().filter { !Self.ofTheManifest.contains($0.key) }
        #expect(files.count == report.files)
        for (path, bytes) in files where !path.hasSuffix(".gz") {
            let reply = try await town.browser.get(Self.target(path))
            #expect([200, 303, 404].contains(reply.status), "\(path)")
            #expect(reply.bytes == bytes, "\(path)")
            let zipped = try await town.browser.get(Self.target(path), headers: ["Accept-Encoding": "gzip"])
            if zipped.header("Content-Encoding") == "gzip" {
                #expect(zipped.bytes == files[path + ".gz"], "\(path).gz")
            }
        }
        #expect(files.keys.contains("en/index.html") && files.keys.contains("fr/map/index.html"))
        #expect(files.keys.contains("data/hsds.zip") && files.keys.contains("hsds/services/page-2.json"))
        #expect(try problems() == [])
    }

    @Test func `every service and organization that a visitor may see has its pages in both languages`() async throws {
        let town = try await Town()
        try await publish(town)
        for kind in ["service", "organization"] {
            let ids = try await town.directory.addresses(kind, after: nil, limit: 1000)
            #expect(ids.count > 50)
            for path in ids.flatMap({ id in ["en", "fr"].map { "\($0)/\(kind)s/\(id)" } }) {
                let isThere = try await town.browser.get("/" + path).status == 200
                #expect((bytes(path + "/index.html") != nil) == isThere, "\(path)")
            }
        }
    }

    @Test func `what links on a page of the site lead to is a file, or left to the program on purpose`() async throws {
        let town = try await Town()
        try await publish(town)
        let left = ["/report", "/find?", "/reports/answer", "/notes"]
        for path in ["en/index.html", "fr/index.html", "en/about/index.html", "en/map/index.html", "404.html"] {
            let page = String(decoding: try #require(bytes(path)), as: UTF8.self)
            let links = page.split(separator: "href=\"").dropFirst().map {
                String($0.prefix { $0 != "\"" && $0 != "#" })
            }
            for link in links where link.hasPrefix("/") && !left.contains(where: { link.contains($0) }) {
                let file = String(link.dropFirst())
                let names = [file, file + "/index.html", file + "index.html"].filter { !$0.hasSuffix("/") }
                #expect(names.contains { bytes($0) != nil }, "\(path) links to \(link)")
            }
        }
    }

    @Test func `a second run without a change writes nothing, and one with a change only what shows it`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Example.records)
        try await publish(town)
        let before = try files()
        #expect(try await publish(town).files == nil)
        try await town.directory.edit(
            .service, Example.service, field: "wait_time", to: .text("two weeks"), source: "a call", by: Town.staff)
        try await publish(town)
        let after = try files()
        let changed = Set(after.filter { before[$0.key] != $0.value }.keys.filter { !$0.hasSuffix(".gz") })
        #expect(changed.contains("en/services/\(Example.service)/index.html"))
        #expect(changed.contains("data/services.json"))
        #expect(!changed.contains("en/services/\(Example.service)/card/index.html"))
        #expect(!changed.contains("en/index.html"))
        #expect(try problems() == [])
    }

    @Test func `a place that is withheld is in no file after the next run`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Example.records)
        try await publish(town)
        let before = try files()
        #expect(before.contains { String(decoding: $0.value, as: UTF8.self).contains("Cedar House") })
        try await town.directory.setAudience(.partner, .service, Example.service, field: "", by: Town.staff)
        #expect(try await publish(town).removed > 0)
        for (path, bytes) in try files() {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.contains("Cedar House"), "\(path)")
            if !path.hasPrefix("hsds/tombstones") && path != "waymark.sha256" {
                #expect(!text.contains(Example.service.description), "\(path)")
            }
        }
        #expect(bytes("en/services/\(Example.service)/index.html") == nil)
        #expect(bytes("hsds/services/\(Example.service).json.gz") == nil)
        #expect(bytes("hsds/services/\(Example.service).json") == nil)
        #expect(try problems() == [])
    }

    @Test func `a listing that was merged leads on to the other from its old address`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Example.records)
        let other = Identifier<Record>.named("example/other")
        try await town.store([
            Record(
                .service, id: other,
                [
                    "organization_id": .text(Example.organization.description), "name": .text("Cedar House twice"),
                    "status": .text("active"),
                ])
        ])
        try await publish(town)
        try await town.directory.merge(.service, keeping: Example.service, losing: other, by: Town.staff)
        try await publish(town)
        let page = String(decoding: try #require(bytes("fr/services/\(other)/index.html")), as: UTF8.self)
        #expect(page.contains("url=/fr/services/\(Example.service)\""))
        try await publish(town, isAnew: true)
        #expect(bytes("fr/services/\(other)/index.html") != nil)
        #expect(try problems() == [])
    }

    @Test func `a run that was cut off is made good, and what it left behind goes`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Example.records)
        try await publish(town)
        let whole = try files()
        // As after `kill -9`: nothing is known of the run before, a file is half of another time, and one is of a record that
        // was withheld since.
        let ledgers = try FileManager.default.contentsOfDirectory(
            at: scratch.url.appending(path: "published"), includingPropertiesForKeys: nil)
        for file in ledgers { try FileManager.default.removeItem(at: file) }
        let stray = scratch.site.appending(path: "en/services/00000000-0000-4000-8000-000000000000")
        try FileManager.default.createDirectory(at: stray, withIntermediateDirectories: true)
        try Data("secret".utf8).write(to: stray.appending(path: "index.html"))
        try Data("cut".utf8).write(to: scratch.site.appending(path: "en/about/index.html"))
        try Data("part".utf8).write(to: scratch.site.appending(path: ".part-0"))
        try await publish(town)
        #expect(try files() == whole)
        #expect(!FileManager.default.fileExists(atPath: stray.path))
        #expect(try problems() == [])
    }

    @Test func `a new day renews what shows the day`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Example.records)
        try await publish(town)
        let before = bytes("en/services/\(Example.service)/index.html")
        town.clock.advance(days: 1)
        #expect(try await publish(town).files != nil)
        #expect(bytes("en/services/\(Example.service)/index.html") != before)
        #expect(try problems() == [])
    }

    @Test func `the check says which file is wrong, missing or too many, and who signed`() async throws {
        let town = try await Town(loadsRegion: false)
        let report = try await publish(town)
        #expect(try problems(key: report.publicKey) == [])
        #expect(
            try problems(key: "other")
                == ["The site is signed with another key than the one expected: \(report.publicKey)."])
        try Data("changed".utf8).write(to: scratch.site.appending(path: "en/about/index.html"))
        try FileManager.default.removeItem(at: scratch.site.appending(path: "robots.txt"))
        try Data("more".utf8).write(to: scratch.site.appending(path: "en/more.html"))
        #expect(
            try problems() == [
                "en/about/index.html is not as it was published.", "robots.txt is missing or cannot be read.",
                "en/more.html is there and was not published.",
            ])
        let manifest = scratch.site.appending(path: "waymark.json")
        let text = try String(contentsOf: manifest, encoding: .utf8)
        try text.replacing("\"services\":0", with: "\"services\":7").write(
            to: manifest, atomically: true, encoding: .utf8)
        #expect(try problems().first?.hasPrefix("The signature does not fit waymark.json") == true)
    }

    @Test func `the manifest says nothing of changes that nobody may see`() async throws {
        let town = try await Town(loadsRegion: false)
        try await town.store(Example.records)
        try await publish(town)
        let before = try #require(bytes("waymark.json"))
        #expect(!String(decoding: before, as: UTF8.self).contains("change"))
        try await town.directory.setAudience(.partner, .phone, Example.phone, field: "", by: Town.staff)
        try await publish(town)
        let first = try files().filter { $0.key != "waymark.json" && $0.key != "waymark.sig" }
        try await town.directory.edit(
            .phone, Example.phone, field: "number", to: .text("250-555-0107"), source: "a call", by: Town.staff)
        try await publish(town)
        #expect(try files().filter { $0.key != "waymark.json" && $0.key != "waymark.sig" } == first)
    }

    @Test func `a folder with other files, and a site that another publish writes, are refused`() async throws {
        let town = try await Town(loadsRegion: false)
        try FileManager.default.createDirectory(at: scratch.site, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: scratch.site.appending(path: "letter.txt"))
        await #expect(throws: PublishFault.self) { try await publish(town) }
        #expect(try files() == ["letter.txt": Array("mine".utf8)])
        await #expect(throws: PublishFault.self) {
            try await town.platform.publish(to: scratch.url, address: "help.example.org", dataFolder: scratch.url)
        }
    }
}
