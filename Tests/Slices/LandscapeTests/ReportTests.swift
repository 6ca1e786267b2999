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
        #expect(second == "What this cannot tell you")
        let text = report.blocks.map { "\($0)" }.joined()
        for finding in try await town.database.read({ try FindingStore($0).published(in: .named("scan/2024")) }) {
            #expect(
                report.blocks.contains {
                    if case .table(_, let rows) = $0 { rows.contains { $0.contains(finding.text) } } else { false }
                })
            for position in finding.positions { #expect(text.contains(position.author)) }
        }
        #expect(!text.contains("Investigate and charge police"))
        #expect(text.contains("Port Authority and Ministry of Children"))
        let page = try await town.browser.get("/fr/landscape/report")
        #expect(page.status == 200 && page.body.contains("Ce que ceci ne peut pas vous dire"))
        #expect(try await town.browser.get("/landscape/report.md").body == report.markdown)
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
        let areas = GapMap.areas(of: ["vancouver"], landscape.region)
        let statements: [(SQL, String)] = [
            (FindingCounts.cells(FindingFilter(), of: scan, landscape.region), "USING COVERING INDEX finding_by_cell"),
            (FindingCounts.cells(place, of: scan, landscape.region), "finding_place_by_place"),
            (FindingCounts.cells(need, of: scan, landscape.region), "finding_need_by_need"),
            (FindingCounts.ids(place, of: scan, landscape.region, from: 0, limit: 50), "finding_place_by_place"),
            (FindingCounts.gaps(need: "need:housing", of: scan, areas: areas), "finding_need_by_need"),
        ]
        for (statement, index) in statements {
            let explained: SQL = "EXPLAIN QUERY PLAN \(statement)"
            let steps = try await town.database.read { try $0.rows(explained).map { try $0.text("detail") } }
            #expect(steps.contains { $0.contains(index) }, "\(steps)")
            #expect(!steps.contains { $0 == "SCAN finding" }, "\(steps)")
        }
    }
}
