import Formats
import Foundation
import Directory
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

@Suite struct ScanTests {
    private static let baseline = Town.root.appending(path: "Data/bc/landscape")
    private static let keeper = Actor.commandLine("keeper")

    private func count(_ town: Town, _ table: String) async throws -> Int {
        let statement: SQL = "SELECT COUNT(*) AS count FROM \(name: try #require(SQLName(table)))"
        return try await town.database.read { try #require(try $0.row(statement)).integer("count") }
    }

    // MARK: The baseline

    @Test func `the scan of 2024 stands as the baseline, all 238 rows, and loading it again changes nothing`()
        async throws
    {
        let town = try await Town()
        let landscape = town.platform.landscape
        #expect(try await landscape.scans().map(\.code) == ["2024"])
        #expect(try await landscape.scan(nil).isBaseline)
        #expect(try await count(town, "finding") == 238)
        #expect(try await count(town, "audit") > 0)
        let parts = try await count(town, "finding_fact")
        #expect(try await landscape.load(ScanFolder(Self.baseline, isBaseline: true), by: Self.keeper) == 0)
        try await landscape.load(region: Town.root.appending(path: "Data/bc"))
        #expect(try await count(town, "finding") == 238)
        #expect(try await count(town, "finding_fact") == parts)
    }

    @Test func `a baseline over another is refused by name, and nothing changes`() async throws {
        let town = try await Town()
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-scan-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Self.baseline, to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "findings.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("Three drop-in spaces", with: "Four drop-in spaces").write(
            to: file, atomically: true, encoding: .utf8)
        for isBaseline in [true, false] {
            let other = try ScanFolder(folder, isBaseline: isBaseline)
            await #expect(throws: isBaseline ? ScanRefusal.otherBaseline : .scanExists) {
                try await town.platform.landscape.load(other, by: Self.keeper)
            }
        }
        #expect(try await count(town, "finding") == 238)
        let reply = try await town.browser.get("/en/landscape/findings?theme=Outreach")
        #expect(reply.body.contains("Survivor-led outreach is needed."))
    }

    @Test func `a scan's files that cannot be read are named`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-scan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: ScanFault.self) { try ScanFolder(folder, isBaseline: true) }
        try FileManager.default.copyItem(
            at: Self.baseline.appending(path: "scan_meta.json"), to: folder.appending(path: "scan_meta.json"))
        let long = String(repeating: "x", count: 1_000_000)
        let row = """
            [{"id":"a","focus":"prevention","kind":"gap","text":"\(long)","source":{"document":"S1"}}]
            """
        try row.write(to: folder.appending(path: "findings.json"), atomically: true, encoding: .utf8)
        let fault = #expect(throws: ScanFault.self) { try ScanFolder(folder, isBaseline: true) }
        #expect(fault?.description.contains("the text of a is longer than 4000 bytes") == true)
    }

    @Test func `every row stands as the data has it, and its places and needs are known`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let scan = try await landscape.scan(nil)
        let folder = try ScanFolder(Self.baseline, isBaseline: true)
        let stored = try await town.database.read { try FindingStore($0).published(in: scan.id) }
        #expect(stored == folder.findings.filter { $0.state == .published })
        let needs = Set(landscape.region.needs(.english).map(\.id))
        for finding in folder.findings {
            #expect(needs.isSuperset(of: finding.needs), "\(finding.code)")
            for place in finding.places { #expect(landscape.region.place(place, .english) != nil, "\(place)") }
        }
        for link in landscape.library.links where link.to != "network" {
            #expect(folder.findings.contains { $0.code == link.to }, "\(link.to)")
        }
        #expect(landscape.library.partners.count == 20)
        #expect(landscape.library.research.count == 21)
        #expect(landscape.library.statistics.count == 8)
    }

    @Test func `every contested row has two positions or more, by date, each with author and source`() throws {
        let contested = try ScanFolder(Self.baseline, isBaseline: true).findings.filter(\.isContested)
        #expect(contested.count == 6)
        for finding in contested {
            #expect(Set(finding.positions.map(\.author)).count >= 2, "\(finding.code)")
            #expect(finding.positions.allSatisfy { !$0.author.isEmpty && !$0.source.isEmpty })
            let dates = finding.positions.map { $0.date ?? "9999" }
            #expect(dates == dates.sorted())
        }
    }

    // MARK: What anybody sees

    @Test func `a row that names an event around a person is held back until somebody checked it`() async throws {
        let town = try await Town()
        let held = Identifier<Finding>.named("scan/2024/fnd-t09-12")
        for path in ["findings/\(held)", "printed/2024-t9", "findings?theme=Police+intervention", "matrix", "gaps"] {
            let reply = try await town.browser.get("/en/landscape/\(path)")
            #expect(!reply.body.contains("Investigate and charge police"), "\(path)")
        }
        #expect(try await town.browser.get("/en/landscape/findings/\(held)").status == 404)
        #expect(try await town.browser.get("/landscape/findings.csv").body.contains("Investigate and charge") == false)
        let printed = try await town.browser.get("/en/landscape/printed/2024-t9").body
        #expect(printed.contains("Rows held back until somebody has checked them: 1"))
    }

    @Test(arguments: ["en", "fr"]) func `each page of the landscape answers and leads on`(_ language: String)
        async throws
    {
        let town = try await Town()
        let hub = try await town.browser.get("/\(language)/landscape")
        #expect(hub.status == 200)
        let paths = [
            "messages", "matrix", "gaps", "printed", "systems", "research", "figures", "standards", "findings",
        ]
        for path in paths {
            let reply = try await town.browser.get("/\(language)/landscape/\(path)")
            #expect(reply.status == 200, "\(path)")
            #expect(path == "findings" || hub.body.contains("/\(language)/landscape/\(path)\""), "\(path)")
        }
        #expect(hub.body.contains("Port Authority"))
    }

    @Test func `a region without a scan says so, and its first page still answers`() async throws {
        let town = try await Town(loadsRegion: false)
        #expect(try await town.browser.get("/en/landscape").status == 200)
        for path in ["matrix", "gaps", "printed", "findings", "report"] {
            let reply = try await town.browser.get("/en/landscape/\(path)")
            #expect(reply.status == 404 && reply.body.contains("There is no scan here yet."), "\(path)")
        }
    }

    @Test func `each table is printed whole and in its order`() async throws {
        let town = try await Town()
        let tables = try await town.platform.landscape.tables(of: town.platform.landscape.scan(nil))
        #expect(tables.compactMap(\.number) == Array(1...11))
        #expect(tables.map { $0.published + $0.held }.reduce(0, +) == 238)
        for table in tables {
            let page = try await town.browser.get("/en/landscape/printed/\(table.id)").body
            #expect(page.matches(of: /\/landscape\/findings\//).count == table.published, "\(table.id)")
        }
        #expect(try await town.browser.get("/en/landscape/printed/2024-t12").status == 404)
    }

    @Test func `each number of the matrix is the number of findings behind it`() async throws {
        let town = try await Town()
        let page = try await town.browser.get("/en/landscape/matrix").body
        let cells = page.matches(of: /<td><a href="([^"]*)">(\d+)<\/a>/).map { (String($0.1), Int($0.2)) }
        #expect(cells.count > 100)
        for (link, number) in cells.prefix(12) + cells.suffix(4) {
            let list = try await town.browser.get(link.replacing("&amp;", with: "&")).body
            #expect(list.contains("Findings: \(number ?? -1)<"), "\(link)")
        }
    }

    @Test(arguments: [
        "matrix?theme=nothing", "matrix?focus=x&kind=y", "findings?place=Nowhereville", "findings?need=need%3Anone",
        "findings?page=0", "findings?page=x", "gaps?need=need%3Anone", "matrix?scan=1999",
    ])
    func `a filter that is none is named and refused`(_ path: String) async throws {
        let reply = try await Town().browser.get("/en/landscape/\(path)")
        #expect(reply.status == 422)
        #expect(reply.body.contains("There is no such choice here."))
    }

    @Test func `a place finds what lies in it`() async throws {
        let town = try await Town()
        let north = try await town.browser.get("/en/landscape/findings?place=highway-of-tears").body
        #expect(north.contains("along the Highway of Tears"))
        let wide = try await town.browser.get("/en/landscape/findings?place=mainland-southwest&kind=gap").body
        #expect(wide.contains("Vancouver Police Department and court workers"))
        #expect(!wide.contains("Highway of Tears."))
    }

    @Test
    func `a contested finding shows its positions with author, date and source, none before the others by weight`()
        async throws
    {
        let town = try await Town()
        let page = try await town.browser.get(
            "/en/landscape/findings/\(Identifier<Finding>.named("scan/2024/fnd-s-09"))"
        ).body
        let first = try #require(page.range(of: "Living in Community and signatories, 2022-09-06"))
        let second = try #require(page.range(of: "Working group of the network (workshop of 2024-07-15), 2024-12"))
        let third = try #require(page.range(of: "Not named (leaflet"))
        #expect(first.lowerBound < second.lowerBound && second.lowerBound < third.lowerBound)
        #expect(page.contains("says nothing of who is right"))
        #expect(!page.lowercased().contains("recommended"))
    }

    @Test func `the gap map draws what its table says, and a withheld listing changes nothing`() async throws {
        let town = try await Town()
        let page = try await town.browser.get("/en/landscape/gaps?need=need%3Ahousing").body
        let titles = page.matches(of: /<title>([^<]*): (\d+) listed, (\d+) said/).map {
            (name: String($0.1), listed: Int($0.2) ?? -1, missing: String($0.3))
        }
        #expect(titles.count == 8)
        for title in titles {
            let start = "<tr><th scope=\"row\">\(title.name)</th><td>\(title.listed)</td><td>"
            let row = try #require(page.range(of: start))
            #expect(page[row.upperBound...].prefix(200).contains(title.missing), "\(title)")
        }
        #expect(page.contains("No one place"))
        let listed = titles.map(\.listed).reduce(0, +)
        #expect(listed > 0)
        let services = try await town.database.read { try $0.rows("SELECT id FROM service") }
        for service in services {
            try await town.directory.setAudience(
                .vetted, .service, service.identifier("id"), field: "", by: Town.staff)
        }
        let after = try await town.browser.get("/en/landscape/gaps?need=need%3Ahousing").body
        let left = after.matches(of: /<title>[^<]*: (\d+) listed/).compactMap { Int($0.1) }
        #expect(left == Array(repeating: 0, count: 8))
    }

    @Test func `figures stand with source and years and are never added up`() async throws {
        let page = try await Town().browser.get("/en/landscape/figures").body
        #expect(page.contains("2,170") && page.contains("2019-2022"))
        #expect(page.contains("3,103") && page.contains("2012-2022"))
        #expect(!page.contains("5,273") && !page.contains("<tfoot>"))
    }

    @Test func `the systems map has a line for each link, drawn, listed and as a file for Kumu`() async throws {
        let town = try await Town()
        let page = try await town.browser.get("/en/landscape/systems").body
        let lines = try await town.platform.landscape.systems().lines
        #expect(lines.count == 37)
        #expect(page.matches(of: /<tr><th scope="row">/).count == lines.count)
        #expect(page.matches(of: /<path d="M282/).count == lines.filter { $0.finding != nil }.count)
        let file = try await town.browser.get("/landscape/systems.json")
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(file.body.utf8)) as? [String: [[String: String]]])
        let labels = Set((json["elements"] ?? []).compactMap { $0["label"] })
        #expect(json["connections"]?.count == lines.count)
        for connection in json["connections"] ?? [] {
            #expect(labels.contains(connection["from"] ?? "") && labels.contains(connection["to"] ?? ""))
        }
    }
}
