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
        let rows = try folder.findings(earlier: [:])
        #expect(stored == rows.filter { $0.state == .published })
        let needs = Set(landscape.region.needs(.english).map(\.id))
        for finding in rows {
            #expect(needs.isSuperset(of: finding.needs), "\(finding.code)")
            for place in finding.places { #expect(landscape.region.place(place, .english) != nil, "\(place)") }
        }
        for link in landscape.library.links where link.to != "network" {
            #expect(rows.contains { $0.code == link.to }, "\(link.to)")
        }
        #expect(landscape.library.partners.count == 20)
        #expect(landscape.library.research.count == 21)
        #expect(landscape.library.statistics.count == 8)
    }

    @Test func `every contested row has two positions or more, by date, each with author and source`() throws {
        let contested = try ScanFolder(Self.baseline, isBaseline: true).findings(earlier: [:]).filter(\.isContested)
        #expect(contested.count == 6)
        for finding in contested {
            #expect(Set(finding.positions.map(\.author)).count >= 2, "\(finding.code)")
            #expect(finding.positions.allSatisfy { !$0.author.isEmpty && !$0.source.isEmpty })
            let dates = finding.positions.map { $0.date ?? "9999" }
            #expect(dates == dates.sorted())
        }
    }

    private func folder(_ rows: String, _ meta: String, positions: String? = nil) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-scan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(rows.utf8).write(to: folder.appending(path: "findings.json"))
        try Data(meta.utf8).write(to: folder.appending(path: "scan_meta.json"))
        if let positions { try Data(positions.utf8).write(to: folder.appending(path: "positions.json")) }
        return folder
    }

    private static let meta = """
        {"title":"Second look","published":"2027-03","limitations":[]}
        """

    private static func row(_ id: String, _ more: String = "") -> String {
        """
        {"id":"\(id)","focus":"prevention","kind":"gap","text":"Words of \(id)","source":{"document":"M"}\(more)}
        """
    }

    @Test func `a later scan of a folder keeps what its rows continue, and holds a contested row with one side back`()
        async throws
    {
        let town = try await Town()
        let rows = [
            Self.row("a", ",\"continues\":\"fnd-t01-10\""), Self.row("b", ",\"flag\":\"contested\""),
            Self.row("c", ",\"flag\":\"contested\""),
        ]
        func side(_ author: String, _ text: String) -> String {
            "{\"author\":\"\(author)\",\"date\":\"2027\",\"source\":\"M\",\"text\":\"\(text)\"}"
        }
        let folder = try folder(
            "[\(rows.joined(separator: ","))]", Self.meta,
            positions:
                "{\"b\":[\(side("A", "Yes")),\(side("B", "yes"))],\"c\":[\(side("A", "Yes")),\(side("B", "No"))]}")
        defer { try? FileManager.default.removeItem(at: folder) }
        let scan = try ScanFolder(folder, isBaseline: false)
        #expect(try await town.platform.landscape.load(scan, by: Self.keeper) == 3)
        let stored = try await town.database.read { try FindingStore($0).published(in: scan.scan.id) }
        #expect(scan.scan.code == "2027" && stored.map(\.code) == ["a", "c"])
        #expect(stored[0].continues == .named("scan/2024/fnd-t01-10"))
        #expect(try await town.platform.landscape.comparison(of: "2027").open.map(\.code) == ["fnd-t01-10"])
    }

    @Test(arguments: [
        (row("a", ",\"continues\":\"fnd-none\""), meta, "a continues “fnd-none”, which the baseline does not have"),
        (row("act-001"), meta, "“act-001” is no name of a row, or stands there twice"),
        (row("A b"), meta, "“A b” is no name of a row, or stands there twice"),
        (row("a") + "," + row("a"), meta, "“a” is no name of a row, or stands there twice"),
        (row("a"), meta.replacing("2027-03", with: "Spring"), "published not-a-date"),
        (row("a"), meta.replacing("{", with: "{\"code\":\"../x\","), "code not-a-name"),
    ])
    func `a folder with a row or a name that cannot be is refused whole, and says which`(
        _ rows: String, _ meta: String, _ sentence: String
    ) async throws {
        let town = try await Town()
        let folder = try folder("[\(rows)]", meta)
        defer { try? FileManager.default.removeItem(at: folder) }
        let fault = await #expect(throws: ScanFault.self) {
            try await town.platform.landscape.load(ScanFolder(folder, isBaseline: false), by: Self.keeper)
        }
        #expect(fault?.description.contains(sentence) == true, "\(fault?.description ?? "")")
        #expect(try await count(town, "finding") == 238)
        #expect(try await count(town, "scan") == 1)
    }

    // MARK: What anybody sees

    @Test func `a row that names an event around a person is held back until somebody checked it`() async throws {
        let town = try await Town()
        let held = Identifier<Finding>.named("scan/2024/fnd-t09-12")
        for path in ["findings/\(held)", "printed/2024-9", "findings?theme=Police+intervention", "matrix", "gaps"] {
            let reply = try await town.browser.get("/en/landscape/\(path)")
            #expect(!reply.body.contains("Investigate and charge police"), "\(path)")
        }
        #expect(try await town.browser.get("/en/landscape/findings/\(held)").status == 404)
        #expect(try await town.browser.get("/landscape/findings.csv").body.contains("Investigate and charge") == false)
        let printed = try await town.browser.get("/en/landscape/printed/2024-9").body
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

    @Test func `each table is printed whole and in its order, and nothing that was not printed`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let scan = try await landscape.scan(nil)
        var note = Finding(
            id: .named("a note"), scan: scan.id, code: "a note", number: 900, focus: .prevention, theme: "", kind: .gap,
            text: "Said at a table.", printed: Finding.Printed(document: "Spring workshop", section: "Cedar / 1"),
            origin: .workshop)
        note.state = .published
        let made = note
        try await town.database.write { try FindingStore($0).insert(made, on: Day(number: 20_000)) }
        let tables = try await landscape.tables(of: scan)
        #expect(tables.compactMap(\.number) == Array(1...11))
        #expect(Set(tables.map(\.id)).count == tables.count)
        #expect(tables.map { $0.published + $0.held }.reduce(0, +) == 238)
        for table in tables {
            let page = try await town.browser.get("/en/landscape/printed/\(table.id)").body
            #expect(page.matches(of: /\/landscape\/findings\//).count == table.published, "\(table.id)")
        }
        #expect(try await town.browser.get("/en/landscape/printed/2024-15").status == 404)
        let old = try await town.browser.get("/fr/landscape/printed/2024-t9")
        #expect(old.status == 301 && old.place == "/fr/landscape/printed/\(tables[9 - 1].id)")
        #expect(try await town.browser.get("/en/landscape/report").body.contains("Said at a table."))
    }

    @Test func `tables of a later scan that was loaded are printed, also where its name begins like another's`()
        async throws
    {
        let town = try await Town()
        let landscape = town.platform.landscape
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-scan-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Self.baseline, to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let meta = folder.appending(path: "scan_meta.json")
        try String(contentsOf: meta, encoding: .utf8).replacing("\"2024-12\"", with: "\"2027-03\"").write(
            to: meta, atomically: true, encoding: .utf8)
        try await landscape.load(ScanFolder(folder, isBaseline: false), by: Self.keeper)
        _ = try await landscape.begin("2024-b", title: "Between", published: "2025", by: Self.keeper)
        #expect(try await landscape.scans().map(\.code) == ["2024", "2024-b", "2027"])
        let page = try await town.browser.get("/en/landscape/printed/2027-1").body
        #expect(page.contains("2027-03") && page.contains("Three drop-in spaces"))
        let none = try await town.browser.get("/en/landscape/printed?scan=2024-b").body
        #expect(none.contains("was never printed") && none.contains("/en/landscape/findings?scan=2024-b"))
        #expect(try await town.browser.get("/en/landscape/printed/2024-b-t1").status == 404)
        #expect(try await town.browser.get("/en/landscape/printed/2027-t1").status == 301)
    }

    @Test func `a later scan is browsed like the first, and no link leads back to the first unasked`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let scan = try await landscape.begin("2027", title: "Second look", published: "2027-03", by: Self.keeper)
        let rows =
            "code,focus,kind,theme,text,places,needs,source\n"
            + "a,prevention,gap,Beds,No bed.,Terrace,need:housing,Meeting"
        let file = FileManager.default.temporaryDirectory.appending(path: "waymark-rows-\(UUID().uuidString)")
        try rows.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        _ = try await landscape.take(FindingFile(file), into: scan.code, isDryRun: false, by: Self.keeper)
        let id = Identifier<Finding>.named("scan/2027/a")
        try await landscape.setState(.published, of: id, by: Self.keeper)
        for path in ["matrix", "findings", "gaps", "report", "printed"] {
            let page = try await town.browser.get("/en/landscape/\(path)?scan=2027").body.split(separator: "</main>")[0]
            #expect(!page.contains("Three drop-in"), "\(path)")
            #expect(page.contains("<option value=\"2027\" selected>") || page.contains("?scan=2024"), "\(path)")
            for link in page.matches(of: /href="(\/en\/landscape\/(?:findings|matrix|gaps)(?:\?[^"]*)?)"/) {
                #expect(link.1.contains("scan=2027"), "\(path): \(link.1)")
            }
        }
        try await follow("/en/landscape/matrix?scan=2027", in: town, atLeast: 2)
        try await follow("/en/landscape/gaps?scan=2027", in: town, atLeast: 2)
        #expect(try await town.browser.get("/landscape/findings.csv?scan=2027").body.contains("No bed."))
        #expect(try await town.browser.get("/landscape/report.md?scan=2027").body.contains("No bed"))
        #expect(try await town.browser.get("/en/landscape/report?scan=1999").status == 404)
        #expect(try await town.browser.get("/en/landscape/findings/\(id)").body.contains("&amp;theme=Beds"))
        #expect(try await landscape.publishedIds().contains(id))
        #expect(try await town.browser.get("/en/landscape").body.contains("/en/landscape/gaps?scan=2027"))
    }

    /// Follows every link of a number, and counts what is there.
    private func follow(_ path: String, in town: Town, atLeast: Int) async throws {
        let page = try await town.browser.get(path).body
        let cells = page.matches(of: /<a href="(\/en\/landscape\/findings\?[^"]*)">(\d+)<\/a>/)
        let numbers = Dictionary(cells.map { (String($0.1), String($0.2)) }) { first, _ in first }
        #expect(numbers.count >= atLeast, "\(path): \(numbers.count)")
        for (link, number) in numbers {
            let list = try await town.browser.get(link.replacing("&amp;", with: "&")).body
            #expect(list.contains("Findings: \(number)<"), "\(link) is not \(number)")
        }
    }

    @Test func `each number of the matrix and of the gap map is the number of findings behind it`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let scan = try await landscape.scan(nil)
        for (number, places) in [[], ["ca-bc"], ["vancouver", "victoria"]].enumerated() {
            var finding = Finding(
                id: .named("unthemed-\(number)"), scan: scan.id, code: "unthemed-\(number)", number: 900 + number,
                focus: .prevention, theme: "", kind: .gap, text: "Nobody gave this a theme.",
                printed: Finding.Printed(document: "A note"), origin: .entry)
            (finding.state, finding.places, finding.needs) = (.published, places, ["need:housing"])
            let made = finding
            try await town.database.write { try FindingStore($0).insert(made, on: Day(number: 20_000)) }
        }
        try await follow("/en/landscape/matrix", in: town, atLeast: 100)
        try await follow("/en/landscape/matrix?columns=place", in: town, atLeast: 60)
        try await follow("/en/landscape/matrix?columns=place&kind=gap&place=vancouver", in: town, atLeast: 10)
        try await follow("/en/landscape/gaps", in: town, atLeast: 20)
        try await follow("/en/landscape/gaps?need=need%3Ahousing", in: town, atLeast: 3)
    }

    @Test func `a place that only a draft names is offered to nobody`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let scan = try await landscape.begin("2027", title: "Second", published: "2027", by: Self.keeper)
        let place = try #require(landscape.region.inside(landscape.region.whole).first)
        let name = try #require(landscape.region.place(place, .english))
        let draft = FindingDraft(["focus": "prevention", "kind": "gap", "text": "x", "source": "y", "places": place])
        try await landscape.enter(draft, id: .named("held"), in: scan, by: Self.keeper)
        #expect(try await landscape.drafts().contains { $0.places == [place] })
        func offers(_ page: String) async throws -> Bool {
            try await town.browser.get("/en/landscape/\(page)").body.contains("value=\"\(place)\"")
        }
        for page in ["matrix?scan=2027", "findings?scan=2027", "matrix?scan=2027&columns=place"] {
            #expect(try await !offers(page), "\(name)")
        }
        try await landscape.setState(.published, of: .named("held"), by: Self.keeper)
        #expect(try await offers("matrix?scan=2027"))
        #expect(try await offers("matrix") == landscape.placesNamed(in: landscape.scan(nil).id).contains(place))
    }

    @Test func `the maps answer where more than 500 places are named, and two places of one part count once`()
        async throws
    {
        let town = try await Town()
        let landscape = town.platform.landscape
        let scan = try await landscape.scan(nil).id
        let places = landscape.region.inside(landscape.region.whole)
        #expect(places.count > 500)
        let before = try await landscape.gapMap(need: nil, of: scan, in: .english)
        var finding = Finding(
            id: .named("everywhere"), scan: scan, code: "everywhere", number: 900, focus: .prevention, theme: "Beds",
            kind: .gap, text: "No beds anywhere.", printed: Finding.Printed(document: "A note"), origin: .entry)
        (finding.state, finding.places, finding.needs) = (.published, places, ["need:housing"])
        let made = finding
        try await town.database.write { try FindingStore($0).insert(made, on: Day(number: 20_000)) }
        let after = try await landscape.gapMap(need: nil, of: scan, in: .english)
        for (old, new) in zip(before.lines.prefix(8), after.lines) { #expect(new.gaps == old.gaps + 1) }
        let housing = try #require(after.rows.first { $0.need.id == "need:housing" })
        #expect(housing.lines.prefix(8).allSatisfy { $0.gaps > 0 })
        for path in ["gaps", "gaps?need=need%3Ahousing", "matrix?columns=place", "matrix"] {
            #expect(try await town.browser.get("/fr/landscape/\(path)").status == 200, "\(path)")
        }
    }

    @Test(arguments: ["gaps", "gaps?need=need%3Ahousing", "gaps?scan=2027"])
    func `each number of listed services leads to those services, the whole province among them`(_ path: String)
        async throws
    {
        let town = try await Town()
        _ = try await town.platform.landscape.begin("2027", title: "Second", published: "2027", by: Self.keeper)
        let page = try await town.browser.get("/en/landscape/\(path)").body
        let links = page.matches(of: /<a href="(\/en\/find\?[^"]*)">(\d+)<\/a>/).map { (String($0.1), String($0.2)) }
        #expect(links.contains { $0.0.contains("region=ca-bc") })
        #expect(links.count >= 2)
        for (link, number) in Dictionary(links, uniquingKeysWith: { first, _ in first }) {
            let found = try await town.browser.get(link.replacing("&amp;", with: "&")).body
            #expect(found.contains(">\(number) result\(number == "1" ? "" : "s")<"), "\(link) is not \(number)")
        }
    }

    @Test func `a theme that somebody would rather not see is left out of the matrix, the list and their numbers`()
        async throws
    {
        let town = try await Town()
        let (words, asked) = ("Survivor-led outreach is needed.", "?focus=prevention&hidden=Outreach")
        let all = try await town.browser.get("/en/landscape/findings?theme=Outreach").body
        #expect(all.contains(words))
        for path in ["matrix", "findings"] {
            let page = try await town.browser.get("/en/landscape/\(path)\(asked)").body
            #expect(!page.contains(words))
            #expect(!page.contains("theme=Outreach"))
            #expect(page.contains("<option value=\"Outreach\" selected>Outreach</option>"))
        }
        try await follow("/en/landscape/matrix\(asked)", in: town, atLeast: 10)
        try await follow("/en/landscape/matrix?columns=place&hidden=Outreach", in: town, atLeast: 20)
    }

    @Test(arguments: [
        "matrix?kind=gap&columns=place", "findings?focus=prevention&theme=Outreach", "findings?page=2",
        "gaps?need=need%3Ahousing", "initiatives?province=on",
    ])
    func `another language shows the same that was asked for`(_ path: String) async throws {
        let page = try await Town().browser.get("/en/landscape/\(path)").body
        let link = try #require(page.firstMatch(of: /href="([^"]*)" lang="fr" hreflang/)?.1)
        #expect(
            Set(link.replacing("&amp;", with: "&").split { "?&".contains($0) })
                == Set("/fr/landscape/\(path)".split { "?&".contains($0) }.map { $0 }))
    }

    @Test(arguments: [
        "matrix?theme=nothing", "matrix?focus=x&kind=y", "findings?place=Nowhereville", "findings?need=need%3Anone",
        "findings?page=0", "findings?page=x", "gaps?need=need%3Anone", "matrix?scan=1999", "gaps?scan=1999",
        "matrix?columns=x", "findings?place=at%3Anone", "matrix?hidden=nothing",
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
            .replacing(/<\/?a[^>]*>/, with: "")
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
        #expect(page.matches(of: /<path d="M282/).count == lines.count)
        let file = try await town.browser.get("/landscape/systems.json")
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(file.body.utf8)) as? [String: [[String: String]]])
        let labels = Set((json["elements"] ?? []).compactMap { $0["label"] })
        #expect(json["connections"]?.count == lines.count)
        for connection in json["connections"] ?? [] {
            #expect(labels.contains(connection["from"] ?? "") && labels.contains(connection["to"] ?? ""))
        }
        #expect(!file.body.contains("founding_partner") && file.body.contains("founding partner"))
        #expect(try await town.browser.get("/fr/landscape/systems").body.contains("association d’entreprises"))
    }
}
