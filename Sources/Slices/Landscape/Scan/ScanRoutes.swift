import Kernel
import Web

/// The public pages of scans.
struct ScanRoutes: Sendable {
    let landscape: Landscape
    let frame: PageFrame

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
                let report = try await landscape.report(of: landscape.scan(nil), in: visit.words)
                return .page(ReportPage(report: report).html(setting(visit)))
            }
            routes.page(
                [.get], "landscape/comparison/:scan",
                publishing: .named { try await landscape.scans().filter { !$0.isBaseline }.map(\.code) }, comparison)
            routes.file("/landscape/findings.csv", publishing: .once) { _ in
                var reply = Reply(
                    type: "text/csv; charset=utf-8; header=present",
                    .plain(try await landscape.sheet(of: landscape.scan(nil))))
                reply.savedAs = "findings.csv"
                return reply
            }
            routes.file("/landscape/report.md", publishing: .once) { _ in
                let report = try await landscape.report(of: landscape.scan(nil), in: english)
                var reply = Reply(type: "text/markdown; charset=utf-8", .plain(Array(report.markdown.utf8)))
                reply.savedAs = "report.md"
                return reply
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
        guard let scan = try await firstScan() else { return [] }
        return try await landscape.publishedIds(of: scan).map(\.description)
    }

    @Sendable private func publishedTables() async throws -> [String] {
        guard let scan = try await firstScan() else { return [] }
        return try await landscape.tables(of: scan).map(\.id)
    }

    /// The scan that is shown where none is named; nil for a region without any.
    private func firstScan() async throws -> Scan? {
        let scans = try await landscape.scans()
        return scans.first(where: \.isBaseline) ?? scans.first
    }

    @Sendable private func hub(_ visit: Visit) async throws -> Reply {
        let scans = try await landscape.scans()
        let page = HubPage(
            scan: scans.first(where: \.isBaseline), later: scans.filter { !$0.isBaseline },
            library: landscape.library, workshops: try await landscape.absences())
        return .page(page.html(setting(visit)))
    }

    @Sendable private func printed(_ visit: Visit) async throws -> Reply {
        let scan = try await landscape.scan(visit.form.value("scan"))
        return .page(PrintedPage(scan: scan, tables: try await landscape.tables(of: scan)).html(setting(visit)))
    }

    @Sendable private func printedTable(_ visit: Visit) async throws -> Reply {
        let name = visit.parameters["table"] ?? ""
        let known = try await landscape.scans().first { name.hasPrefix("\($0.code)-") }
        guard let scan = known, let table = try await landscape.tables(of: scan).first(where: { $0.id == name }) else {
            throw NotFound()
        }
        return .page(
            PrintedTablePage(table: table, findings: try await landscape.findings(in: table, of: scan))
                .html(setting(visit)))
    }

    /// The scan that is asked for, what its filters offer, and the filter; with its faults where it names what is not there.
    private func form(_ visit: Visit) async throws -> (scan: Scan, form: FilterForm) {
        let scans = try await landscape.scans()
        let named = visit.form.value("scan")
        let scan = try await landscape.scan(scans.contains { $0.code == named } ? named : nil)
        let (themes, places) = (try await landscape.themes(of: scan.id), try await landscape.placesNamed())
        do {
            var filter = try FindingFilter(visit.form, landscape.region, themes: Set(themes))
            if let named, named != scan.code { throw Problems("scan", "unknown-choice") }
            filter.scan = named
            return (scan, FilterForm(filter: filter, themes: themes, places: places))
        } catch let problems as Problems {
            return (scan, FilterForm(filter: FindingFilter(), themes: themes, places: places, problems: problems))
        }
    }

    @Sendable private func matrix(_ visit: Visit) async throws -> Reply {
        let (scan, form) = try await form(visit)
        guard form.problems.isEmpty else {
            return .page(MatrixPage(matrix: nil, form: form).html(setting(visit)), status: 422)
        }
        let matrix = try await landscape.matrix(form.filter, of: scan.id)
        return .page(MatrixPage(matrix: matrix, form: form).html(setting(visit)))
    }

    @Sendable private func findings(_ visit: Visit) async throws -> Reply {
        var (scan, form) = try await form(visit)
        let page = visit.form.value("page").map { Int($0) ?? 0 } ?? 1
        if !(1...1_000_000).contains(page) { form.problems.add("page", "unknown-choice") }
        guard form.problems.isEmpty else {
            let empty = FindingsPage(form: form, items: [], count: 0, page: 1)
            return .page(empty.html(setting(visit)), status: 422)
        }
        let (items, count) = try await landscape.findings(form.filter, of: scan.id, page: page)
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
        let scan = try await landscape.scan(nil)
        let need = visit.form.value("need")
        if let need, !landscape.region.needs(.english).contains(where: { $0.id == need }) {
            let page = GapPage(need: nil, map: nil, problems: Problems("need", "unknown-choice"))
            return .page(page.html(setting(visit)), status: 422)
        }
        let map = try await landscape.gapMap(need: need, of: scan.id, in: visit.language)
        return .page(GapPage(need: need, map: map).html(setting(visit)))
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
