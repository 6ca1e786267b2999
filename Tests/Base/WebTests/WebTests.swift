import Foundation
import Kernel
import Platform
import Support
import Testing
import Web

@Suite struct HTMLTests {
    @Test(arguments: ["<script>", "\" onload=\"x", "' x='", "a & b", "\"\u{301}<b>", "\u{0}"])
    func `no text of a person becomes markup`(_ text: String) {
        let html: HTML = "<p title=\"\(text)\">\(text)</p>"
        let inner = html.text.dropFirst("<p title=".count).dropLast("</p>".count)
        #expect(inner.utf8.filter { $0 == UInt8(ascii: "\"") }.count == 2)
        #expect(inner.utf8.filter { $0 == UInt8(ascii: "<") }.isEmpty)
        #expect(!inner.utf8.contains(0))
    }

    @Test(arguments: ["\u{202a}", "\u{202d}", "\u{202e}", "\u{202c}", "\u{2066}", "\u{2068}", "\u{2069}"])
    func `a sign that turns the text around it does not reach a page, its neighbours do`(_ sign: String) {
        #expect(("<p>\("250\(sign)-555")</p>" as HTML).text == "<p>250-555</p>")
        for kept in ["\u{200e}", "\u{2019}", "\u{2029}x", "\u{202f}", "\u{206a}", "é"] {
            #expect(("<p>\(kept)</p>" as HTML).text == "<p>\(kept)</p>")
        }
    }
}

@Suite struct FormFieldsTests {
    @Test func `a form is read in order, with plus signs and UTF-8`() throws {
        let form = try FormFields(encoded: "q=nulle+part&near=T%C3%AAte&service=a&service=b&empty=".utf8)
        #expect(form.value("q") == "nulle part")
        #expect(form.value("near") == "Tête")
        #expect(form.values("service") == ["a", "b"])
        #expect(form.value("empty") == nil)
    }

    @Test(arguments: ["q=%ff", "q=%C3", "q=%0", "q=%zz", "q=a%00b", "%ff=1"])
    func `broken escapes, broken UTF-8 and null bytes are refused`(_ text: String) {
        #expect(throws: BadRequest.self) { try FormFields(encoded: text.utf8) }
    }

    @Test func `ten thousand fields are refused`() {
        let text = (0..<10_000).map { "a\($0)=1" }.joined(separator: "&")
        #expect(throws: BadRequest.self) { try FormFields(encoded: text.utf8) }
    }

    @Test func `what is encoded for a query is read back the same`() throws {
        let text = "xʷməθkʷəy̓əm & 50 % + “ok”"
        #expect(try FormFields(encoded: "q=\(encodedForQuery(text))".utf8).value("q") == text)
    }
}

@Suite struct CatalogueTests {
    private let po = """
        msgid ""
        msgstr ""
        "Plural-Forms: nplurals=2; plural=(n > 1);\\n"

        #. standing: reviewed
        msgid "one"
        msgstr "un \\"mot\\""

        #, fuzzy
        msgid "stale"
        msgstr "vieux"

        msgid "count"
        msgid_plural "count"
        msgstr[0] "{count} fiche"
        msgstr[1] "{count} fiches"
        """

    @Test func `a catalogue gives texts, standing and plural forms, and leaves out what is fuzzy`() throws {
        let catalogue = try Catalogue(po: po)
        #expect(catalogue.entries["one"]?.forms == ["un \"mot\""])
        #expect(catalogue.entries["one"]?.standing == "reviewed")
        #expect(catalogue.entries["stale"] == nil)
        #expect(catalogue.entries["count"]?.forms.count == 2)
    }

    @Test(arguments: ["msgid", "hello \"x\"", "msgid \"x", "msgstr[99] \"x\""])
    func `a broken catalogue names its line`(_ line: String) {
        #expect(throws: CatalogueFault.self) { try Catalogue(po: "\n" + line) }
    }

    @Test func `a key that stands in two catalogues is refused, not overwritten`() throws {
        let one = try Catalogue(po: "msgid \"a.lead\"\nmsgstr \"One\"\n")
        var both = one
        #expect(throws: CatalogueFault.self) { try both.add(one) }
    }

    @Test(arguments: [
        (nil, "en"), ("fr", "fr"), ("fr-CA,fr;q=0.9,en;q=0.8", "fr"), ("en;q=0.5, fr;q=0.1", "en"), ("de", "en"),
        ("FR", "fr"), (";;;,,,", "en"), ("fr;q=0", "en"),
    ]) func `the language of the browser decides where a visitor arrives`(_ header: String?, _ code: String)
        async throws
    {
        let town = try await Town(loadsRegion: false)
        #expect(town.platform.strings.preferred(header).code == code)
    }
}

@Suite struct GzipTests {
    @Test func `zipped pages come in few sizes`() throws {
        let sizes = (0..<50).compactMap { gzipped(Array(repeating: UInt8($0), count: 900 + $0 * 7))?.count }
        #expect(sizes.count == 50)
        #expect(sizes.allSatisfy { $0 % 512 == 0 })
    }
}

@Suite struct KeptTests {
    @Test func `a value is made again only when what it was made from changed`() {
        let kept = Kept<String, [Int], Int>()
        var made = 0
        func ask(_ key: String, _ source: [Int]) -> Int {
            kept.value(key, as: source) {
                made += 1
                return made
            }
        }
        let answers: [Int] = [ask("a", [1]), ask("a", [1]), ask("b", [1]), ask("a", [2]), ask("a", [1])]
        #expect(answers == [1, 1, 2, 3, 4])
    }
}
