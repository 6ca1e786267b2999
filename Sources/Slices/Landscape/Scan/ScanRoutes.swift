import Kernel
import Web

/// The public pages of scans.
struct ScanRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame
    /// Whole documents, until something changes. Few, for each may be large.
    private let kept = ReplyCache(capacity: 12)

    init(landscape: Landscape, frame: PageFrame) {
        self.landscape = landscape
        self.frame = frame
    }

    /// Of what is a file and has no language in its address.
    private var english: Words { frame.languages[0] }

    func declare(in table: inout RouteTable) {
        let library = landscape.library
        table.everyone { routes in
            routes.page([.get], "landscape", publishing: .once, hub)
            routes.page([.get], "landscape/printed", publishing: .once, printed)
            routes.page(
                [.get], "landscape/printed/:table",
                publishing: .named(publishedTables), printedTable)
            routes.page([.get], "landscape/matrix", publishing: .once, matrix)
            routes.page([.get], "landscape/findings", publishing: .once, findings)
            routes.page([.get], "landscape/findings/:id", publishing: .named(publishedIds), finding)
            routes.page([.get], "landscape/gaps", publishing: .once, gaps)
            routes.page([.get], "landscape/systems", publishing: .once) { visit in
                .page(try await SystemsPage(map: landscape.systems()).html(setting(visit)))
            }
            routes.page([.get], "landscape/research", publishing: .once) { visit in
                .page(ResearchPage(research: library.research).html(setting(visit)))
            }
            routes.page([.get], "landscape/figures", publishing: .once) { visit in
                .page(FiguresPage(statistics: library.statistics).html(setting(visit)))
            }
            routes.page([.get], "landscape/standards", publishing: .once) { visit in
                .page(StandardsPage(standards: library.standards).html(setting(visit)))
            }
            routes.page([.get], "landscape/messages", publishing: .once) { visit in
                .page(MessagesPage(messages: library.keyMessages).html(setting(visit)))
            }
            routes.page([.get], "landscape/report", publishing: .once) { visit in
                try await document("report", visit) { choice in
                    let report = try await landscape.report(of: choice.shown, in: visit.words)
                    return .page(ReportPage(report: report, choice: choice).html(setting(visit)))
                }
            }
            routes.page(
                [.get], "landscape/comparison/:scan",
                publishing: .named { try await landscape.scans().filter { !$0.isBaseline }.map(\.code) }, comparison)
            routes.file("/landscape/findings.csv", publishing: .once) { visit in
                try await document("findings.csv", visit) { choice in
                    var reply = Reply(
                        type: "text/csv; charset=utf-8; header=present",
                        .plain(try await landscape.sheet(of: choice.shown)))
                    reply.savedAs = "findings.csv"
                    return reply
                }
            }
            routes.file("/landscape/report.md", publishing: .once) { visit in
                let asked = visit.form.value("language")
                let words = frame.languages.first { $0.language.code == asked } ?? english
                return try await document("report.md \(words.language)", visit) { choice in
                    let report = try await landscape.report(of: choice.shown, in: words)
                    var reply = Reply(type: "text/markdown; charset=utf-8", .plain(Array(report.markdown.utf8)))
                    reply.savedAs = "report.md"
                    return reply
                }
            }
            routes.file("/landscape/systems.json", publishing: .once) { _ in
                .json(try await landscape.systems().kumu)
            }
        }
    }

    private func setting(_ visit: Visit) -> ScanSetting {
        ScanSetting(words: visit.words, frame: frame, region: landscape.region)
    }

    private func publishedIds() async throws -> [String] {
        try await landscape.publishedIds().map(\.description)
    }

    private func tables() async throws -> [(scan: Scan, table: PrintedTable)] {
        var found: [(Scan, PrintedTable)] = []
        for scan in try await landscape.scans() {
            found += try await landscape.tables(of: scan).filter { $0.published > 0 }.map { (scan, $0) }
        }
        return found
    }

    @Sendable private func publishedTables() async throws -> [String] { try await tables().map(\.table.id) }

    /// The scan that a page without a form is asked for.
    private func choice(_ visit: Visit) async throws -> ScanChoice {
        do {
            return try ScanChoice(try await landscape.scans(), visit.form.value("scan"))
        } catch is Problems {
            throw NotFound()
        }
    }

    /// A document of a whole scan: made once for each change of the landscape.
    private func document(
        _ name: String, _ visit: Visit, _ make: (ScanChoice) async throws -> Reply
    ) async throws -> Reply {
        let newest = try await landscape.newest()
        let choice = try await choice(visit)
        let key = "\(name) \(visit.language) \(choice.shown.code)"
        return try await kept.reply(key, change: newest, now: visit.now) { try await make(choice) }
    }

    @Sendable private func hub(_ visit: Visit) async throws -> Reply {
        let scans = try await landscape.scans()
        let page = HubPage(
            scan: scans.first(where: \.isBaseline), later: scans.filter { !$0.isBaseline },
            library: landscape.library, workshops: try await landscape.absences())
        return .page(page.html(setting(visit)))
    }

    @Sendable private func printed(_ visit: Visit) async throws -> Reply {
        let choice = try await choice(visit)
        let tables = try await landscape.tables(of: choice.shown)
        return .page(PrintedPage(choice: choice, tables: tables).html(setting(visit)))
    }

    @Sendable private func printedTable(_ visit: Visit) async throws -> Reply {
        let (name, tables) = (visit.parameters["table"] ?? "", try await tables())
        if let (scan, table) = tables.first(where: { $0.table.id == name }) {
            let findings = try await landscape.findings(in: table, of: scan)
            return .page(PrintedTablePage(scan: scan, table: table, findings: findings).html(setting(visit)))
        }
        guard let (_, table) = tables.first(where: { name == "\($0.scan.code)-\($0.table.formerName)" }) else {
            throw NotFound()
        }
        return .moved(to: setting(visit).path("printed/\(table.id)"))
    }

    /// What the filters of the scan that is asked for offer, and the filter; with its faults where it names what is not there.
    private func form(_ visit: Visit) async throws -> FilterForm {
        let scans = try await landscape.scans()
        var (choice, problems) = (try ScanChoice(scans, nil), Problems())
        do {
            choice = try ScanChoice(scans, visit.form.value("scan"))
        } catch let fault as Problems {
            problems = fault
        }
        let themes = try await landscape.themes(of: choice.shown.id)
        let places = try await landscape.placesNamed(in: choice.shown.id)
        do {
            try problems.check()
            var filter = try FindingFilter(visit.form, landscape.region, themes: Set(themes))
            filter.scan = choice.name
            return FilterForm(filter: filter, choice: choice, themes: themes, places: places)
        } catch {
            return FilterForm(filter: FindingFilter(), choice: choice, themes: themes, places: places, problems: error)
        }
    }

    @Sendable private func matrix(_ visit: Visit) async throws -> Reply {
        let form = try await form(visit)
        guard form.problems.isEmpty else {
            return .page(MatrixPage(matrix: nil, form: form).html(setting(visit)), status: 422)
        }
        let matrix = try await landscape.matrix(form.filter, of: form.choice.shown.id)
        return .page(MatrixPage(matrix: matrix, form: form).html(setting(visit)))
    }

    @Sendable private func findings(_ visit: Visit) async throws -> Reply {
        var form = try await form(visit)
        let page = visit.form.value("page").map { Int($0) ?? 0 } ?? 1
        if !(1...1_000_000).contains(page) { form.problems.add("page", "unknown-choice") }
        guard form.problems.isEmpty else {
            let empty = FindingsPage(form: form, items: [], count: 0, page: 1)
            return .page(empty.html(setting(visit)), status: 422)
        }
        let (items, count) = try await landscape.findings(
            form.filter, of: form.choice.shown.id, page: page)
        return .page(FindingsPage(form: form, items: items, count: count, page: page).html(setting(visit)))
    }

    @Sendable private func finding(_ visit: Visit) async throws -> Reply {
        guard let id = visit.parameters["id"].flatMap(Identifier<Finding>.init),
            let finding = try await landscape.publishedFinding(id)
        else { throw NotFound() }
        guard finding.id == id else { return .moved(to: setting(visit).path("findings/\(finding.id)")) }
        return .page(try await landscape.page(of: finding).html(setting(visit)))
    }

    @Sendable private func gaps(_ visit: Visit) async throws -> Reply {
        let scans = try await landscape.scans()
        var choice = try ScanChoice(scans, nil)
        let need = visit.form.value("need")
        do {
            choice = try ScanChoice(scans, visit.form.value("scan"))
            if let need, !landscape.region.needs(.english).contains(where: { $0.id == need }) {
                throw Problems("need", "unknown-choice")
            }
        } catch let problems as Problems {
            let page = GapPage(need: nil, choice: choice, map: nil, problems: problems)
            return .page(page.html(setting(visit)), status: 422)
        }
        let map = try await landscape.gapMap(need: need, of: choice.shown.id, in: visit.language)
        return .page(GapPage(need: need, choice: choice, map: map).html(setting(visit)))
    }

    @Sendable private func comparison(_ visit: Visit) async throws -> Reply {
        do {
            let comparison = try await landscape.comparison(of: visit.parameters["scan"] ?? "")
            return .page(ComparisonPage(comparison: comparison).html(setting(visit)))
        } catch ScanRefusal.noScan {
            throw NotFound()
        }
    }
}
