import Foundation
import Formats
import Kernel
import Storage
import Platform
import Support
import Testing
import Web

@testable import Landscape

@Suite struct CodingTests {
    @Test func `two coders mark apart and see each other when both are done`() async throws {
        let desk = try await CodingDesk()
        let (text, codes) = try await desk.filled()
        let page = "\(desk.path)/texts/\(text)"
        // Two neighbouring sentences are one stretch, one further away another.
        let marked = try await desk.coordinator.post(
            "\(page)/highlights",
            [("unit", "0-14"), ("unit", "15-33"), ("unit", "64-79"), ("code", codes[0]), ("memo", "said & meant")])
        #expect(marked.status == 303)
        let own = try await desk.coordinator.get(page)
        #expect(own.body.contains("Beds are full. Buses stop at six.</p></blockquote>"))
        #expect(own.body.contains("said &amp; meant") && own.body.contains("characters 0 to 33"))
        _ = try await desk.provider.get(page)
        #expect(
            try await desk.provider.post("\(page)/highlights", [("start", "25"), ("end", "33"), ("code", codes[1])])
                .status == 303)
        var others = try await desk.provider.get(page)
        #expect(others.body.contains("characters 25 to 33") && !others.body.contains("said &amp; meant"))
        #expect(!others.body.contains("Coder A ·"))
        #expect(try await desk.provider.post("\(page)/finish", []).status == 303)
        others = try await desk.provider.get(page)
        #expect(!others.body.contains("Coder A ·"), "the other one is not done yet")
        #expect(try await desk.coordinator.get(page).body.contains("Coder B ·") == false, "not done oneself")
        #expect(try await desk.coordinator.post("\(page)/finish", []).status == 303)
        #expect(try await desk.provider.get(page).body.contains("said &amp; meant"))
        #expect(try await desk.coordinator.get(page).body.contains("Coder B ·"))
        let late = try await desk.provider.post(
            "\(page)/highlights", [("start", "0"), ("end", "4"), ("code", codes[1]), ("memo", "typed")])
        #expect(late.status == 409 && late.body.contains("You are done with this text"))
        #expect(try await desk.count("coding_highlight") == 3)
    }

    @Test func `agreement names its unit and count, and what is not defined`() async throws {
        let desk = try await CodingDesk()
        let (text, codes) = try await desk.filled()
        let page = "\(desk.path)/texts/\(text)"
        _ = try await desk.provider.get(page)
        for (browser, unit) in [(desk.coordinator, "0-14"), (desk.provider, "0-14"), (desk.provider, "15-33")] {
            _ = try await browser.post("\(page)/highlights", [("unit", unit), ("code", codes[0])])
        }
        #expect(try await desk.coordinator.get("\(desk.path)/agreement").body.contains("No two people have finished"))
        for browser in [desk.coordinator, desk.provider] { _ = try await browser.post("\(page)/finish", []) }
        // Four sentences and two codes: both on the first; the provider alone on the second.
        let sentences = try await desk.coordinator.get("\(desk.path)/agreement?unit=sentence")
        #expect(sentences.body.contains("Coder A – Coder B"))
        #expect(sentences.body.contains("n = 8") && sentences.body.contains("undefined: all judged alike"))
        let kappa = Agreement.kappa([(true, true), (false, true)] + Array(repeating: (false, false), count: 6))
        #expect(sentences.body.contains(String(format: "<td>%.3f</td>", try #require(kappa.value))))
        let paragraphs = try await desk.coordinator.get("\(desk.path)/agreement")
        #expect(paragraphs.body.contains("n = 4") && paragraphs.body.contains("<td>1.000</td>"))
        #expect(
            try await desk.coordinator.get("/fr/desk/landscape/coding/\(desk.study)/agreement").body.contains("1,000"))
    }

    @Test
    func `a stretch beyond the text, backwards, without a code or with a retired one is refused and typed words stay`()
        async throws
    {
        let desk = try await CodingDesk()
        let (text, codes) = try await desk.filled()
        let page = "\(desk.path)/texts/\(text)"
        _ = try await desk.coordinator.get(page)
        let cases: [([(String, String)], Int, String)] = [
            ([("start", "70"), ("end", "900"), ("code", codes[0])], 422, "beyond the end of the text"),
            ([("start", "9"), ("end", "3"), ("code", codes[0])], 422, "must come after the start"),
            ([("start", "x"), ("end", "3"), ("code", codes[0])], 422, "f-start"),
            ([("code", codes[0])], 422, "f-unit"), ([("unit", "0-14"), ("unit", "7")], 422, "f-unit"),
            ([("unit", "0-14"), ("code", UUID().uuidString)], 409, "retired"),
        ]
        for (fields, status, sentence) in cases {
            let reply = try await desk.coordinator.post("\(page)/highlights", fields + [("memo", "kept words")])
            #expect(reply.status == status && reply.body.contains(sentence), "\(fields)")
            #expect(reply.body.contains("kept words"), "\(fields)")
        }
        #expect(try await desk.count("coding_highlight") == 0)
        let twice = [("unit", "0-14"), ("code", codes[0])]
        for _ in 1...2 { #expect(try await desk.coordinator.post("\(page)/highlights", twice).status == 303) }
        #expect(try await desk.count("coding_highlight") == 1)
        let own = try #require(try await desk.coordinator.get(page).hidden("highlight"))
        _ = try await desk.provider.get(page)
        #expect(try await desk.provider.post("\(page)/highlights/removal", [("highlight", own)]).status == 404)
        #expect(try await desk.coordinator.post("\(page)/highlights/removal", [("highlight", own)]).status == 303)
        #expect(try await desk.count("coding_highlight") == 0)
        #expect(try await desk.count("coding_mark") == 0)
    }

    @Test func `two at once at one code: the later form is refused, shows both, and nothing typed is lost`()
        async throws
    {
        let desk = try await CodingDesk()
        let (_, codes) = try await desk.filled()
        let (one, other) = (desk.coordinator, desk.provider)
        _ = try await one.get("\(desk.path)/codes/\(codes[0])")
        _ = try await other.get("\(desk.path)/codes/\(codes[0])")
        func fields(_ definition: String, _ version: String) -> [(String, String)] {
            [("code", codes[0]), ("version", version), ("name", "Housing"), ("definition", definition)]
        }
        #expect(try await one.post("\(desk.path)/codes", fields("First words", "1")).status == 303)
        let stale = try await other.post("\(desk.path)/codes", fields("Second words", "1"))
        #expect(stale.status == 409)
        #expect(stale.body.contains("First words") && stale.body.contains("Second words"))
        #expect(stale.hidden("version") == "2")
        #expect(try await other.get("\(desk.path)/codes").body.contains("First words"))
        #expect(try await other.post("\(desk.path)/codes", fields("Second words", "2")).status == 303)
        #expect(try await other.get("\(desk.path)/codes").body.contains("Second words"))
    }

    @Test func `a code cannot stand under itself, is retired when used, goes when not, and merges`() async throws {
        let desk = try await CodingDesk()
        let (text, codes) = try await desk.filled()
        let base = desk.path
        _ = try await desk.coordinator.get("\(base)/codes")
        #expect(
            try await desk.coordinator.post(
                "\(base)/codes", [("name", "Beds"), ("parent", codes[0]), ("color", "#2A6F4F")]
            ).status == 303)
        let open = try await desk.town.platform.landscape.study(desk.id, for: CodingDesk.keeper)
        let beds = try #require(open.codes.first { $0.name == "Beds" }?.id.description)
        let ring = try await desk.coordinator.post(
            "\(base)/codes", [("code", codes[0]), ("version", "1"), ("name", "Housing"), ("parent", beds)])
        #expect(ring.status == 409 && ring.body.contains("cannot stand under itself"))
        #expect(
            try await desk.coordinator.post("\(base)/codes", [("name", "Beds"), ("parent", codes[0])]).status == 422)
        #expect(try await desk.coordinator.post("\(base)/codes", [("name", ""), ("color", "red")]).status == 422)
        for code in [beds, codes[1]] {
            _ = try await desk.coordinator.post(
                "\(base)/texts/\(text)/highlights", [("unit", "0-14"), ("code", beds), ("code", codes[1])])
            _ = code
        }
        _ = try await desk.provider.get("\(base)/codes/\(beds)")
        #expect(try await desk.provider.post("\(base)/codes/\(beds)/merge", [("kept", codes[1])]).status == 404)
        #expect(try await desk.coordinator.post("\(base)/codes/\(codes[0])/merge", [("kept", beds)]).status == 409)
        #expect(try await desk.coordinator.post("\(base)/codes/\(beds)/merge", [("kept", codes[1])]).status == 303)
        #expect(try await desk.count("coding_mark") == 1, "one highlight had both")
        let page = try await desk.coordinator.get("\(base)/codes").body
        #expect(page.contains("Merged into") && page.contains("Housing › Beds"))
        #expect(try await desk.coordinator.post("\(base)/codes/\(codes[1])/retirement", []).status == 303)
        #expect(try await desk.coordinator.get("\(base)/codes").body.contains("retired on 2025-05-01"))
        _ = try await desk.coordinator.post("\(base)/codes", [("name", "Never used")])
        let unused = try #require(
            try await desk.town.platform.landscape.study(desk.id, for: CodingDesk.keeper).codes.first {
                $0.name == "Never used"
            })
        #expect(try await desk.coordinator.post("\(base)/codes/\(unused.id)/retirement", []).status == 303)
        #expect(try await desk.count("coding_code") == 3)
    }

    @Test func `comments stand beside texts and highlights, open or resolved`() async throws {
        let desk = try await CodingDesk()
        let (text, codes) = try await desk.filled()
        let page = "\(desk.path)/texts/\(text)"
        _ = try await desk.coordinator.post("\(page)/highlights", [("unit", "0-14"), ("code", codes[0])])
        let highlight = try #require(try await desk.coordinator.get(page).hidden("highlight"))
        let back = "desk/landscape/coding/\(desk.study)/texts/\(text)"
        for subject in [text, highlight] {
            for _ in 1...2 {
                #expect(
                    try await desk.coordinator.post(
                        "\(desk.path)/comments", [("subject", subject), ("back", back), ("comment", "Who said this?")]
                    ).place == "/en/\(back)")
            }
        }
        #expect(try await desk.count("remark") == 2)
        _ = try await desk.provider.get(page)
        // What is hidden from somebody cannot be commented by them either.
        #expect(
            try await desk.provider.post("\(desk.path)/comments", [("subject", highlight), ("comment", "x")]).status
                == 404)
        let shown = try await desk.provider.get(page)
        #expect(shown.body.contains("Who said this?"))
        #expect(shown.hidden("remark") == nil, "only who wrote it and who keeps the landscape closes it")
        let remark = try await String(
            #require(desk.coordinator.get(page).body.matches(of: /name="remark" value="([^"]+)"/).last?.1))
        #expect(
            try await desk.provider.post("/en/desk/landscape/remarks/resolution", [("remark", remark)]).status == 403)
        #expect(
            try await desk.coordinator.post(
                "/en/desk/landscape/remarks/resolution", [("remark", remark), ("back", "//evil.example/")]
            ).place == "/en/desk/landscape/coding")
        #expect(try await desk.provider.get(page).body.contains("resolved on 2025-05-01"))
        #expect(
            try await desk.provider.post("\(desk.path)/comments", [("subject", text), ("comment", "")]).status == 422)
    }

    @Test func `a study belongs to who keeps the landscape; any of the staff may code`() async throws {
        let desk = try await CodingDesk()
        _ = try await desk.filled()
        _ = try await desk.provider.get(desk.path)
        #expect(try await desk.provider.post("/en/desk/landscape/coding/studies", [("name", "x")]).status == 404)
        #expect(try await desk.provider.post("\(desk.path)/texts", [("name", "x"), ("text", "y")]).status == 404)
        let outside = StaffBrowser(desk.town.browser)
        #expect(try await outside.get(desk.path).place == "/en/sign-in")
        #expect(
            try await desk.coordinator.get("/en/desk/landscape/coding").body.contains("Gaps &lt;b&gt;2024&lt;/b&gt;"))
        let taken = try await desk.provider.post("\(desk.path)/coders", [("coder", "Coder A")])
        #expect(taken.status == 303, "who codes already stays who they are")
        #expect(try await desk.count("coding_coder") == 2)
        let empty = try await desk.coordinator.post("\(desk.path)/texts", [("name", ""), ("text", " \n")])
        #expect(empty.status == 422)
        #expect(try await desk.coordinator.get("/en/desk/landscape/coding/\(UUID().uuidString)").status == 404)
        let page = try await desk.coordinator.get(desk.path).body
        let scan = try #require(page.firstMatch(of: /value="(scan [0-9a-f-]+)"/)?.1)
        #expect(try await desk.coordinator.post("\(desk.path)/texts", [("from", String(scan))]).status == 303)
        #expect(try await desk.coordinator.post("\(desk.path)/texts", [("from", "scan x")]).status == 404)
        let open = try await desk.town.platform.landscape.study(desk.id, for: CodingDesk.keeper)
        #expect(open.sources.count == 2 && open.sources[1].length > 1000)
    }
}
