import Kernel
import Web

/// What every public page of the landscape is drawn with.
struct ScanSetting: Sendable {
    let words: Words
    let frame: PageFrame
    let region: RegionLookup

    var language: Language { words.language }

    func path(_ rest: String) -> String { "/\(language.code)/landscape\(rest.isEmpty ? "" : "/\(rest)")" }

    /// A page under its heading, with the way back to the first page of the landscape.
    /// - Parameter path: after `landscape/`.
    func page(_ heading: String, path rest: String, isForeign: Bool = false, _ main: HTML) -> HTML {
        frame.page(
            words, title: words(.scanTitle), path: rest.isEmpty ? "landscape" : "landscape/\(rest)",
            styles: ["landscape.css"],
            """
            <h1\(if: isForeign && isOther, " lang=\"en\"")>\(heading)</h1>
            \(main)
            \(if: !rest.isEmpty, "<p class=\"screen\"><a href=\"\(path(""))\">\(words(.scanBack))</a></p>")
            """)
    }

    private var isOther: Bool { language != .mirrored && !language.code.hasPrefix("en") }

    /// Words of the scan, marked as English on pages in another language.
    func said(_ text: String) -> HTML { isOther ? "<span lang=\"en\">\(text)</span>" : "\(text)" }

    func focus(_ focus: String) -> String { words.text(key: "scan.focus.\(focus)") ?? focus }
    func focus(_ value: Finding.Focus) -> String { focus(value.rawValue) }
    func kind(_ kind: Finding.Kind) -> String { words.text(key: "scan.kind.\(kind.rawValue)") ?? kind.rawValue }
    func theme(_ theme: String) -> HTML { theme.isEmpty ? "\(words(.scanNoTheme))" : said(theme) }
    func place(_ id: String) -> String { region.place(id, language) ?? id }
    func need(_ id: String) -> String { region.needs(language).first { $0.id == id }?.name ?? id }

    /// `S1, 3.1.1, table 1`.
    func source(_ printed: Finding.Printed) -> String {
        [printed.document, printed.section, printed.table.map { "table \($0)" }].compactMap(\.self)
            .joined(separator: ", ")
    }

    func source(_ source: ScanLibrary.Source) -> String {
        self.source(Finding.Printed(document: source.document, table: source.table, section: source.section))
    }

    /// One finding of a list: what it says, with a link to all of it.
    func item(_ finding: Finding) -> HTML {
        """
        <li><p><a href="\(path("findings/\(finding.id)"))">\(said(finding.text))</a></p>
        <p class="quiet">\(kind(finding.kind)) · \(theme(finding.theme)) · \(source(finding.printed))\(if: finding.isContested, " · \(words(.scanContested))")</p></li>

        """
    }

    /// A table that is pushed sideways where it is wider than the page.
    func scroll(_ name: String, _ table: HTML) -> HTML {
        "<div class=\"scroll\" role=\"region\" aria-label=\"\(name)\" tabindex=\"0\">\(table)</div>\n"
    }

    func select(_ name: String, _ label: String, _ choices: [(value: String, name: String)], _ chosen: String?) -> HTML
    {
        """
        <div><label for="f-\(name)">\(label)</label><select id="f-\(name)" name="\(name)"><option value="">\(words(.scanAny))</option>\(choices, { "<option value=\"\($0.value)\"\(if: $0.value == chosen, " selected")>\($0.name)</option>" })</select></div>
        """
    }
}
