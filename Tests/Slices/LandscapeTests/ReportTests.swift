import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing
import Web

@testable import Landscape

@Suite struct ReportTests {
    private func report(_ town: Town, _ language: Language = .english) async throws -> ScanReport {
        let landscape = town.platform.landscape
        return try await landscape.report(of: landscape.scan(nil), in: town.platform.strings.words(language))
    }

    @Test func `the document holds the whole scan, what it cannot tell first, and nothing that is held back`()
        async throws
    {
        let town = try await Town()
        let report = try await report(town)
        guard case .heading(2, let second) = report.blocks[1] else { throw Problems("report", "no-heading") }
        #expect(second.text == "What this cannot tell you")
        let text = report.markdown.replacing("\\", with: "")
        for finding in try await town.database.read({ try FindingStore($0).published(in: .named("scan/2024")) }) {
            #expect(
                report.blocks.contains {
                    if case .table(_, let rows) = $0 {
                        rows.contains { $0.contains { $0.text == finding.text } }
                    } else {
                        false
                    }
                })
            for position in finding.positions { #expect(text.contains(position.author)) }
        }
        #expect(!text.contains("Investigate and charge police"))
        #expect(text.contains("Port Authority and Ministry of Children"))
        let page = try await town.browser.get("/fr/landscape/report")
        #expect(page.status == 200 && page.body.contains("Ce que ceci ne peut pas vous dire"))
        #expect(try await town.browser.get("/landscape/report.md").body == report.markdown)
        let french = try await town.browser.get("/landscape/report.md?language=fr").body
        #expect(french.contains("Ce que ceci ne peut pas vous dire") && french != report.markdown)
    }

    @Test func `no text of a row changes the form of the document`() {
        var report = ScanReport(.english)
        report.add(.heading(1, "# <b>x</b>"))
        report.add(.paragraph("1. not a list\n# no heading | [no](link) `no` *no* <script>"))
        report.add(.table(["a|b"], [["c|d\ne"]]))
        #expect(
            report.markdown == """
                # \\# \\<b\\>x\\</b\\>

                1\\. not a list \\# no heading \\| \\[no\\]\\(link\\) \\`no\\` \\*no\\* \\<script\\>

                | a\\|b |
                | --- |
                | c\\|d e |

                """)
        #expect(!report.document.text.contains("<script>"))
    }

    @Test func `no question about findings walks through all of them without need`() async throws {
        guard ProcessInfo.processInfo.environment["WAYMARK_TEST_DATABASE"] == nil else { return }
        let town = try await Town()
        let landscape = town.platform.landscape
        let scan = try await landscape.scan(nil).id
        var place = FindingFilter()
        (place.place, place.kind) = ("vancouver", .gap)
        var need = FindingFilter()
        need.need = "need:housing"
        let areas = landscape.region.parts(of: ["vancouver"])
        var byPlace = FindingFilter()
        byPlace.columns = .place
        let statements: [(SQL, String)] = [
            (FindingCounts.cells(FindingFilter(), of: scan, landscape.region), "USING COVERING INDEX finding_by_cell"),
            (FindingCounts.cells(place, of: scan, landscape.region), "finding_place_by_place"),
            (FindingCounts.cells(need, of: scan, landscape.region), "finding_need_by_need"),
            (FindingCounts.ids(place, of: scan, landscape.region, from: 0, limit: 50), "finding_place_by_place"),
            (FindingCounts.cells(byPlace, of: scan, landscape.region, areas: areas), "finding_by_cell"),
            (FindingCounts.places(of: scan), "USING COVERING INDEX finding_place_by_place (place=?)"),
            (FindingCounts.gaps(need: "need:housing", of: scan, areas: areas), "finding_need_by_need"),
            (FindingCounts.gapsByNeed(of: scan, areas: areas), "USING COVERING INDEX finding_by_kind"),
            (FindingCounts.themes(of: scan, .prevention), "focus=? AND theme>?"),
        ]
        for (statement, index) in statements {
            let explained: SQL = "EXPLAIN QUERY PLAN \(statement)"
            let steps = try await town.database.read { try $0.rows(explained).map { try $0.text("detail") } }
            #expect(steps.contains { $0.contains(index) }, "\(steps)")
            #expect(!steps.contains { $0 == "SCAN finding" }, "\(steps)")
        }
    }

    // MARK: What it holds besides rows

    private func tables(_ report: ScanReport, under heading: String) -> [[[String]]] {
        var isUnder = false
        return report.blocks.compactMap { block in
            switch block {
            case .heading(2, let text):
                isUnder = text.text == heading
                return nil
            case .table(_, let rows): return isUnder ? rows.map { $0.map(\.text) } : nil
            default: return nil
            }
        }
    }

    @Test func `the document has what was voted on, where lost votes are not zero, the plan and the principles`()
        async throws
    {
        let town = try await Town()
        let report = try await report(town)
        let priorities = try #require(tables(report, under: "What was voted on in 2024").first)
        #expect(priorities.count == 59)
        #expect(priorities.count { $0[3].hasPrefix("not recorded") && $0[0] == "–" } == 2)
        let plan = tables(report, under: "The plan")
        #expect(plan.map(\.count) == [14, 10, 11, 31])
        #expect(plan.joined().allSatisfy { $0.suffix(4) == ["nobody yet", "–", "–", "–"] })
        #expect(!plan.joined().joined().joined().contains("_"))
        let principles = report.blocks.flatMap { block -> [String] in
            if case .list(let items) = block { items.map(\.text) } else { [] }
        }
        #expect(principles.contains { $0.hasPrefix("Prevention Through Education and Awareness: targeted") })
        #expect(principles.contains("Collaboration between sectors"))
        let research = try #require(tables(report, under: "Research").first)
        #expect(research.count == 21 && research.allSatisfy { $0.count == 6 && $0[3] == "not said" })
        let method = try #require(tables(report, under: "How it was made").first)
        #expect(method.contains { $0.contains("approximately four hours") })
    }

    @Test func `a vote stands in the document once it is closed, and nothing of it before`() async throws {
        let voters = try await Voters()
        let scan = try await voters.landscape.begin(
            "2027", title: "Second look", published: "2027-03", by: .commandLine("keeper"))
        let vote = try await voters.open([.survivors: 6])
        for number in 0..<6 { try await voters.cast([1: 7], by: "survivors-\(number)", in: vote) }
        let words = voters.town.platform.strings.words(.english)
        #expect(try await !voters.landscape.report(of: scan, in: words).markdown.contains("What first?"))
        let before = try await voters.town.browser.get("/en/landscape/report").body
        #expect(!before.contains("Apples"))
        voters.town.clock.advance(seconds: 3600)
        let report = try await voters.landscape.report(of: scan, in: words)
        let rows = try #require(tables(report, under: "Votes of the network").first)
        #expect(rows.first == ["1", "Apples", "42"])
        #expect(try await voters.town.browser.get("/en/landscape/report").body.contains("Apples"))
    }

    @Test func `a document is kept until something changes, and then it is made anew`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let finding = Identifier<Finding>.named("scan/2024/fnd-t01-01")
        let paths = ["/en/landscape/report", "/landscape/report.md", "/landscape/findings.csv"]
        for path in paths { #expect(try await town.browser.get(path).body.contains("drop")) }
        let newest = try await landscape.newest()
        #expect(try await landscape.newest() == newest)
        try await landscape.setState(.withdrawn, of: finding, by: .commandLine("keeper"))
        for path in paths {
            let body = try await town.browser.get(path).body
            #expect(body.contains("drop") && !body.contains("Three drop"), "\(path)")
        }
    }

    @Test func `the plan in the document says who answers, until when, for what money and after what`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        _ = try await staff.lead(coordinator)
        let path = "/en/desk/landscape/actions/act-003"
        _ = try await coordinator.get(path)
        let reply = try await coordinator.post(
            path,
            [
                ("version", "1"), ("owner", try await staff.organization(1)), ("due", "2027-01-31"),
                ("cost-low", "1000"), ("cost-high", "2500"), ("depends", "act-001, act-002"),
            ])
        #expect(reply.status == 303)
        let actions = try await staff.town.platform.landscape.plan(.english)
        let rows = try await tables(report(staff.town), under: "The plan").joined()
        let row = try #require(rows.first { $0.contains("2027-01-31") })
        let first = actions.actions.prefix(2).map(\.body).joined(separator: "; ")
        #expect(
            Array(row.suffix(4)) == [
                actions.desk(actions.actions[2].owner) ?? "", "2027-01-31", "$1,000 to $2,500", first,
            ])
    }

    @Test func `a ballot makes no document anew, the count of the votes does`() async throws {
        let voters = try await Voters()
        let landscape = voters.landscape
        let vote = try await voters.open([.survivors: 6])
        let newest = try await landscape.newest()
        for number in 0..<6 {
            try await voters.cast([1: 7], by: "survivors-\(number)", in: vote)
            #expect(try await landscape.newest() == newest)
        }
        // Nor do entries of other slices, such as who signed in.
        try await voters.town.database.write { transaction in
            try AuditChain(transaction).append(
                .init(actor: Voters.coordinator, verb: "sign-in", kind: "worker", record: "w"),
                at: landscape.world.now())
        }
        #expect(try await landscape.newest() == newest)
        voters.town.clock.advance(hours: 1)
        #expect(try await landscape.newest() > newest)
        guard ProcessInfo.processInfo.environment["WAYMARK_TEST_DATABASE"] == nil else { return }
        let steps = try await voters.town.database.read {
            try $0.rows("EXPLAIN QUERY PLAN \(Landscape.newestEntry)").map { try $0.text("detail") }
        }
        #expect(steps.count == 1 && steps[0].contains("audit_of_documents"), "\(steps)")
    }

    // MARK: Later scans

    @Test func `the document of a later scan counts what became of the gaps of the first`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let scan = try await landscape.begin(
            "2027", title: "Second look", published: "2027-03", by: .commandLine("keeper"))
        let later = try await landscape.report(of: scan, in: town.platform.strings.words(.english))
        let rows = try #require(tables(later, under: "What changed since 2024").first)
        let unlooked = try await landscape.comparison(of: "2027").unlooked.count
        #expect(
            rows == [
                ["Closed", "0"], ["Still open", "0"], ["New", "0"], ["Lost since: it existed before", "0"],
                ["Not looked at again", "\(unlooked)"],
            ])
        #expect(unlooked > 100)
        #expect(try await tables(report(town), under: "What changed since 2024").isEmpty)
    }

    @Test func `the document of a later scan tells its own limits and none of the baseline's`() async throws {
        let room = try await Room()
        let landscape = room.town.platform.landscape
        let phone = try await room.phone(group: 3, "fr")
        try await phone.add("Pas de lits.", form: "1")
        try await room.send("absent", [("absent", "The dockers’ union")])
        try await room.send("closing")
        try await room.send("findings")
        let draft = try #require(try await landscape.drafts().first { $0.text == "Pas de lits." })
        try await landscape.setState(.published, of: draft.id, by: .commandLine("keeper"))
        let later = try await room.town.browser.get("/en/landscape/report?scan=2025").body
        #expect(later.contains("The dockers’ union") && later.contains("The network has no power"))
        #expect(!later.contains("Port Authority and Ministry") && !later.contains("was written in English"))
        #expect(later.contains("<span lang=\"fr\">Pas de lits.</span>"))
        let first = try await room.town.browser.get("/en/landscape/report").body
        #expect(first.contains("Port Authority and Ministry") && !first.contains("The dockers’ union"))
    }

    @Test func `words in another language than the page are marked, others are not`() async throws {
        let town = try await Town()
        let french = try await town.browser.get("/fr/landscape/report").body
        #expect(french.contains("<td><span lang=\"en\">Three drop-in spaces offer safety.</span></td>"))
        #expect(try await !town.browser.get("/en/landscape/report").body.contains("<span lang"))
        #expect(french.contains("tableau 1") == false && french.contains("Tableau 1\u{a0}: <span lang=\"en\">"))
        let finding = try await town.browser.get("/fr/landscape/findings?theme=Outreach").body
        #expect(finding.contains("tableau 1") && !finding.contains("table 1<"))
    }
}
