import Formats
import Foundation
import HTTPTypes
import Kernel
import Platform
import Storage
import Support
import Testing

@testable import Landscape

@Suite struct EnteringTests {
    private static let keeper = Actor.commandLine("keeper")

    private func file(_ text: String) throws -> FindingFile {
        let url = FileManager.default.temporaryDirectory.appending(path: "waymark-findings-\(UUID().uuidString)")
        try Data(text.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try FindingFile(url)
    }

    private func later(_ town: Town) async throws -> Scan {
        try await town.platform.landscape.begin("2027", title: "Second look", published: "2027-03", by: Self.keeper)
    }

    private func stored(_ town: Town, _ scan: Scan) async throws -> [Finding] {
        try await town.database.read { transaction in
            let ids = try transaction.rows("SELECT id FROM finding WHERE scan_id = \(scan.id) ORDER BY number, code")
            return try FindingStore(transaction).findings(ids.map { try $0.identifier("id") })
        }
    }

    // MARK: A file

    @Test func `rows come in as drafts, bad ones are named, and a dry run keeps nothing`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        _ = try await later(town)
        let rows = """
            code,focus,kind,theme,text,places,needs,source,continues
            a,prevention,gap,Outreach,No bus after six.,Terrace; Kitimat,need:transport,Town meeting 2027,fnd-t01-10
            b,prevention,wish,Outreach,No such kind.,,,Town meeting 2027,
            c,prevention,gap,Outreach,Nowhere.,Nowhereville,need:none,Town meeting 2027,fnd-none
            d,prevention,gap,Outreach,,,,,
            e,prevention,existing,Outreach,"\(String(repeating: "x", count: 5000))",,,Town meeting 2027,
            """
        let dry = try await landscape.take(file(rows), into: "2027", isDryRun: true, by: Self.keeper)
        #expect((dry.added, dry.rejected.map(\.place)) == (1, [3, 4, 5, 6]))
        #expect(try await town.platform.landscape.drafts().filter { $0.code == "a" }.isEmpty)
        let report = try await landscape.take(file(rows), into: "2027", isDryRun: false, by: Self.keeper)
        #expect(report.added == 1)
        let faults = report.rejected.map { $0.faults.map { "\($0.field) \($0.code)" } }
        #expect(faults[0] == ["kind unknown-choice"])
        #expect(faults[1] == ["places unknown-place", "need unknown-choice", "continues unknown-finding"])
        #expect(faults[2] == ["text required", "source required"])
        #expect(faults[3] == ["text too-long"])
        let again = try await landscape.take(file(rows), into: "2027", isDryRun: false, by: Self.keeper)
        #expect((again.added, again.unchanged) == (0, 1))
        let draft = try #require(try await town.platform.landscape.drafts().first { $0.code == "a" })
        #expect(draft.places == ["kitimat", "terrace"] && draft.needs == ["need:transport"])
        #expect(draft.continues == .named("scan/2024/fnd-t01-10"))
        #expect(try await town.browser.get("/en/landscape/findings/\(draft.id)").status == 404)
    }

    @Test func `what is written out comes in again as it was, and goes out again the same`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let scan = try await later(town)
        let odd = Identifier<Finding>.named("scan/2024/fnd-t01-01")
        let printed = Identifier<Scan>.named("scan/2024")
        try await town.database.write { transaction in
            let text = #"Two; beds \ "three" | four\"#
            _ = try transaction.run(
                "UPDATE finding_fact SET wording = \(text) WHERE finding_id = \(odd) AND number = 1")
            _ = try transaction.run(
                """
                UPDATE finding_position SET wording = \(text), source = 'A | B; C'
                WHERE finding_id = \(Identifier<Finding>.named("scan/2024/fnd-t05-12")) AND number = 1
                """)
            _ = try transaction.run("UPDATE finding SET review = \(text), is_small = 1 WHERE scan_id = \(printed)")
        }
        let sheet = String(decoding: try await landscape.sheet(of: landscape.scan(nil)), as: UTF8.self)
        let report = try await landscape.take(file(sheet), into: "2027", isDryRun: false, by: Self.keeper)
        #expect((report.added, report.rejected.count) == (237, 0))
        for draft in try await stored(town, scan) {
            try await landscape.setState(.published, of: draft.id, by: Self.keeper)
        }
        let before = try await town.database.read { try FindingStore($0).published(in: .named("scan/2024")) }
        for finding in try await stored(town, scan) {
            let old = try #require(before.first { $0.code == finding.code })
            #expect(finding.facts == old.facts && finding.printed == old.printed, "\(finding.code)")
            #expect(finding.isSmall && finding.review == old.review && old.review != nil, "\(finding.code)")
            #expect(finding.isContested == old.isContested && finding.positions == old.positions, "\(finding.code)")
        }
        let again = String(decoding: try await landscape.sheet(of: scan), as: UTF8.self)
        #expect(again.replacing("\r\n2027,", with: "\r\n2024,") == sheet)
    }

    @Test func `a rejected row takes no code away from the rows after it`() async throws {
        let town = try await Town()
        let scan = try await later(town)
        let rows = """
            code,focus,kind,theme,text,source
            fnd-2,prevention,gap,A,Own name.,M
            ,prevention,wish,A,No such kind.,M
            ,prevention,gap,A,First.,M
            ,prevention,gap,A,Second.,M
            ,prevention,gap,A,Third.,M
            """
        let report = try await town.platform.landscape.take(file(rows), into: "2027", isDryRun: false, by: Self.keeper)
        #expect((report.added, report.unchanged, report.rejected.count) == (4, 0, 1))
        #expect(
            try await stored(town, scan).map { "\($0.code) \($0.text)" } == [
                "fnd-2 Own name.", "fnd-1 First.", "fnd-3 Second.", "fnd-4 Third.",
            ])
        let mended = rows.replacing("wish", with: "gap")
        let second = try await town.platform.landscape.take(
            file(mended), into: "2027", isDryRun: false, by: Self.keeper)
        #expect((second.added, second.unchanged) == (1, 4), "only the row that was mended comes in")
    }

    @Test func `a code that a file gave away is passed over by the form`() async throws {
        let town = try await Town()
        let (landscape, scan) = (town.platform.landscape, try await later(town))
        let rows = """
            code,focus,kind,theme,text,source
            fnd-2,prevention,gap,A,Own name.,M
            """
        _ = try await landscape.take(file(rows), into: "2027", isDryRun: false, by: Self.keeper)
        var draft = FindingDraft()
        (draft.focus, draft.kind, draft.text, draft.source) = ("prevention", "gap", "Typed.", "M")
        try await landscape.enter(draft, id: .named("typed"), in: scan, by: Self.keeper)
        #expect(try await stored(town, scan).map(\.code) == ["fnd-2", "fnd-3"])
        await #expect(throws: ScanRefusal.notAllowed) {
            try await landscape.enter(draft, id: .named("other"), in: scan, by: .visitor)
        }
    }

    @Test(arguments: [
        ("act-001", "en", "code not-a-name"), ("pri-1", "en", "code not-a-name"), ("Fnd 1", "en", "code not-a-name"),
        (String(repeating: "x", count: 61), "en", "code not-a-name"), ("a", "klingon", "language unknown-choice"),
        ("a", "en\"><b>", "language unknown-choice"),
    ])
    func `a file's names and languages are of a known form`(_ code: String, _ language: String, _ fault: String)
        async throws
    {
        let town = try await Town()
        _ = try await later(town)
        let rows = """
            code,language,focus,kind,text,source
            \(code),\(language.replacing("\"", with: "")),prevention,gap,Words.,M
            """
        let report = try await town.platform.landscape.take(file(rows), into: "2027", isDryRun: false, by: Self.keeper)
        #expect(report.rejected.map { $0.faults.map { "\($0.field) \($0.code)" } } == [[fault]])
    }

    @Test func `the baseline takes nothing in, by no way`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let landscape = staff.town.platform.landscape
        let rows = """
            focus,kind,text,source
            prevention,gap,Words.,M
            """
        for isDryRun in [true, false] {
            await #expect(throws: ScanRefusal.printed) {
                try await landscape.take(file(rows), into: "2024", isDryRun: isDryRun, by: Self.keeper)
            }
        }
        let form = try await coordinator.get("/en/desk/landscape/findings/new")
        #expect(form.body.contains("No scan is open to write into.") && !form.body.contains("name=\"scan\""))
        let reply = try await coordinator.post(
            "/en/desk/landscape/findings",
            [
                ("id", "00000000-0000-4000-8000-000000000001"), ("scan", "2024"), ("kind", "gap"),
                ("focus", "prevention"), ("text", "Words of mine."), ("source", "M"),
            ])
        #expect(reply.status == 409 && reply.body.contains("The past scan stays as it was printed."))
        let printed = Identifier<Finding>.named("scan/2024/fnd-t01-10")
        let page = try await coordinator.get("/en/desk/landscape/findings/\(printed)/correction")
        #expect(page.status == 409 && page.body.contains("The past scan stays as it was printed."))
        let opened = try await coordinator.post(
            "/en/desk/landscape/scans", [("code", "2027"), ("title", "Second look"), ("published", "2027-03")])
        #expect(opened.status == 303)
        #expect(try await coordinator.get("/en/desk/landscape/findings/new").body.contains("Second look"))
        let again = try await coordinator.post(
            "/en/desk/landscape/scans", [("code", "20 27"), ("title", "Second look"), ("published", "2027-03")])
        #expect(again.status == 422 && again.body.contains("Use small letters, digits and hyphens."))
    }

    @Test(arguments: [
        ("", "there is no row in it"), ("[1]", "item 1 of the list is no object"), ("[{", "Not JSON at line 1"),
        ("a,b\n1,2\n", "names no columns"), ("kind,text\n\"gap,x\n", "a quote that is never closed begins in line 2"),
    ])
    func `a file that is no table of findings is refused in one sentence`(_ text: String, _ sentence: String) throws {
        let fault = #expect(throws: ScanFault.self) { try file(text) }
        #expect(fault?.description.contains(sentence) == true, "\(fault?.description ?? "")")
    }

    @Test func `a scan is begun once, with a name that fits into an address`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let scan = try await later(town)
        #expect(try await later(town) == scan)
        await #expect(throws: ScanRefusal.scanExists) {
            try await landscape.begin("2027", title: "Another", published: "2027", by: Self.keeper)
        }
        await #expect(throws: Problems("code", "not-a-name")) {
            try await landscape.begin("20 27", title: "Second", published: "2027", by: Self.keeper)
        }
        await #expect(throws: Problems("published", "not-a-date")) {
            try await landscape.begin("x", title: "Second", published: "soon", by: Self.keeper)
        }
        await #expect(throws: ScanRefusal.notAllowed) {
            try await landscape.begin("x", title: "Second", published: "2027", by: .visitor)
        }
    }

    // MARK: The form of staff

    @Test func `somebody at a desk enters a finding, the coordinator publishes it, and everybody sees it`() async throws
    {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        let provider = try await staff.lead(coordinator).browser
        let town = staff.town
        _ = try await later(town)
        let form = try await provider.get("/en/desk/landscape/findings/new")
        let id = try #require(form.hidden("id"))
        let typed = [
            ("id", id), ("scan", "2027"), ("kind", "gap"), ("focus", "prevention"), ("theme", "Outreach"),
            ("text", "No night bus."), ("places", "Terrace, Nowhereville"), ("source", "Town meeting 2027"),
        ]
        let wrong = try await provider.post("/en/desk/landscape/findings", typed)
        #expect(wrong.status == 422)
        #expect(wrong.body.contains("We know no place of that name.") && wrong.body.contains("No night bus."))
        let right = typed.map { $0.0 == "places" ? ("places", "Terrace") : $0 }
        for _ in 1...2 { #expect(try await provider.post("/en/desk/landscape/findings", right).status == 303) }
        #expect(try await town.platform.landscape.drafts().filter { $0.text == "No night bus." }.count == 1)
        #expect(
            try await town.browser.get("/en/landscape/findings?scan=2027&place=terrace").body.contains("night bus")
                == false)
        _ = try await provider.get("/en/desk/landscape")
        #expect(try await provider.post("/en/desk/landscape/findings/publications", [("finding", id)]).status == 404)
        let desk = try await coordinator.get("/en/desk/landscape")
        #expect(desk.body.contains("No night bus."))
        #expect(try await coordinator.post("/en/desk/landscape/findings/publications", [("finding", id)]).status == 303)
        #expect(
            try await town.browser.get("/en/landscape/findings?scan=2027&place=terrace").body.contains("No night bus."))
        #expect(try await town.browser.get("/en/landscape/findings/\(id)").status == 200)
    }

    @Test func `a megabyte typed into the form is refused and nothing is kept`() async throws {
        let staff = try await Staff()
        let coordinator = try await staff.coordinator().browser
        _ = try await later(staff.town)
        let id = try #require(try await coordinator.get("/en/desk/landscape/findings/new").hidden("id"))
        let long = String(repeating: "x", count: 1_000_000)
        let fields = [
            ("id", id), ("scan", "2027"), ("kind", "gap"), ("focus", "prevention"), ("text", long), ("source", "s"),
        ]
        #expect(try await coordinator.post("/en/desk/landscape/findings", fields).status == 413)
        let shorter = fields.map { $0.0 == "text" ? ("text", String(long.prefix(5000))) : $0 }
        let reply = try await coordinator.post("/en/desk/landscape/findings", shorter)
        #expect(reply.status == 422 && reply.body.contains("This is too long."))
        #expect(try await staff.town.platform.landscape.drafts().allSatisfy { $0.origin == .baseline })
    }

    @Test func `a contested finding with one position is not published`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        let scan = try await later(town)
        let id = Identifier<Finding>.named("one-sided")
        try await town.database.write { transaction in
            var finding = Finding(
                id: id, scan: scan.id, code: "x", number: 1, focus: .prevention, theme: "Laws", kind: .opportunity,
                text: "A law.", printed: Finding.Printed(document: "A talk"), origin: .workshop)
            finding.isContested = true
            finding.positions = [Finding.Position(author: "A", date: nil, source: "A talk", text: "Yes.")]
            try FindingStore(transaction).insert(finding, on: Day(number: 20000))
        }
        await #expect(throws: ScanRefusal.oneSided) {
            try await landscape.setState(.published, of: id, by: Self.keeper)
        }
        #expect(try await town.browser.get("/en/landscape/findings/\(id)").status == 404)
    }

    @Test func `a finding that was merged leads to the one it was merged into`() async throws {
        let town = try await Town()
        let (kept, lost) = (
            Identifier<Finding>.named("scan/2024/fnd-t11-12"), Identifier<Finding>.named("scan/2024/fnd-s-14")
        )
        try await town.database.write { transaction in
            _ = try transaction.run("UPDATE finding SET state = 'merged', merged_into = \(kept) WHERE id = \(lost)")
        }
        let reply = try await town.browser.get("/en/landscape/findings/\(lost)")
        #expect(reply.status == 301 && reply.headers[.location] == "/en/landscape/findings/\(kept)")
        await #expect(throws: ScanRefusal.wrongState) {
            try await town.platform.landscape.setState(.published, of: lost, by: Self.keeper)
        }
    }

    // MARK: A later scan beside the baseline

    @Test func `a gap is closed, still open, new, or was not looked at again`() async throws {
        let town = try await Town()
        let landscape = town.platform.landscape
        _ = try await later(town)
        let opportunity = try #require(
            try await town.database.read { try FindingStore($0).published(in: .named("scan/2024")) }
                .first { $0.kind == .opportunity })
        let rows = """
            code,focus,kind,theme,text,source,continues
            a,prevention,existing,Transport,A bus runs now.,Meeting 2027,fnd-t01-10
            b,prevention,gap,Outreach,Still no outreach by survivors.,Meeting 2027,fnd-t01-05
            c,prevention,barrier,Phones,No signal.,Meeting 2027,
            d,prevention,existing,Outreach,One team began.,Meeting 2027,fnd-t01-05
            e,prevention,gap,Spaces,The drop-in spaces closed.,Meeting 2027,fnd-t01-01
            f,prevention,gap,Laws,Nobody did it.,Meeting 2027,\(opportunity.code)
            g,prevention,gap,Police,It was withdrawn.,Meeting 2027,fnd-t01-06
            """
        try await landscape.setState(.withdrawn, of: .named("scan/2024/fnd-t01-06"), by: Self.keeper)
        _ = try await landscape.take(file(rows), into: "2027", isDryRun: false, by: Self.keeper)
        #expect(try await landscape.comparison(of: "2027").new.isEmpty)
        for draft in try await town.platform.landscape.drafts() where draft.origin == .file {
            try await landscape.setState(.published, of: draft.id, by: Self.keeper)
        }
        let comparison = try await landscape.comparison(of: "2027")
        #expect(comparison.closed.map(\.code) == ["fnd-t01-10"])
        #expect(comparison.open.map(\.code) == ["fnd-t01-05"])
        #expect(comparison.lost.map(\.code) == ["e"], "what existed and is gone")
        #expect(comparison.new.map(\.code) == ["c", "f", "g"])
        #expect(comparison.unlooked.count == 112 - 2)
        let page = try await town.browser.get("/en/landscape/comparison/2027").body
        #expect(page.contains("Closed (1)") && page.contains("Not looked at again (110)"))
        #expect(page.contains("A bus runs now."), "what is said now stands beside what was said")
        #expect(page.contains("Three drop-in spaces"), "and what existed beside what is gone")
        let old = try await town.browser.get(
            "/en/landscape/findings/\(Identifier<Finding>.named("scan/2024/fnd-t01-10"))"
        ).body
        #expect(old.contains("A bus runs now."))
        for none in ["2024", "1999"] {
            #expect(try await town.browser.get("/en/landscape/comparison/\(none)").status == 404)
        }
    }
}
