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
    func page(_ heading: String, path rest: String, _ main: HTML) -> HTML {
        page("\(heading)" as HTML, path: rest, main)
    }

    func page(_ heading: HTML, path rest: String, _ main: HTML) -> HTML {
        frame.page(
            words, title: words(.scanTitle), path: rest.isEmpty ? "landscape" : "landscape/\(rest)",
            """
            <h1>\(heading)</h1>
            \(main)
            \(if: !rest.isEmpty, "<p class=\"screen\"><a href=\"\(path(""))\">\(words(.scanBack))</a></p>")
            """)
    }

    /// Words of a scan, marked where they are in another language than the page.
    func said(_ text: String, _ language: Language = .english) -> HTML {
        ScanReport.Passage(text, in: language).html(on: self.language)
    }

    func kind(_ kind: Finding.Kind) -> String { words.kind(kind) }
    func focus(_ focus: Finding.Focus) -> String { words.scanFocus(focus.rawValue) }
    func theme(_ theme: String, _ language: Language = .english) -> HTML {
        theme.isEmpty ? "\(words(.scanNoTheme))" : said(theme, language)
    }
    func place(_ id: String) -> String {
        guard id.hasPrefix(FindingFilter.itself) else { return region.place(id, language) ?? id }
        return words(.scanPlaceItself, ["place": place(String(id.dropFirst(FindingFilter.itself.count)))])
    }
    func need(_ id: String) -> String { region.needs(language).first { $0.id == id }?.name ?? id }

    func source(_ printed: Finding.Printed) -> String { words.source(printed) }
    func source(_ source: ScanLibrary.Source) -> String { words.source(source.printed) }

    /// One finding of a list: what it says, with a link to all of it.
    func item(_ finding: Finding) -> HTML { item(finding, beside: []) }

    /// - Parameter beside: what another scan says of the same thing; each is named by its kind.
    func item(_ finding: Finding, beside: [Finding]) -> HTML {
        """
        <li><p><a href="\(path("findings/\(finding.id)"))">\(said(finding.text, finding.language))</a></p>
        <p class="quiet">\(kind(finding.kind)) · \(theme(finding.theme, finding.language)) · \(source(finding.printed))\(if: finding.isContested, " · \(words(.scanContested))")</p>\(beside, { "<blockquote><p>\(kind($0.kind)): <a href=\"\(path("findings/\($0.id)"))\">\(said($0.text, $0.language))</a></p></blockquote>" })</li>

        """
    }

    /// - Parameter none: the first choice; “all” when left out.
    func select(
        _ name: String, _ label: String, _ choices: [(value: String, name: String)], _ chosen: String?,
        none: String? = nil
    ) -> HTML {
        """
        <div><label for="f-\(name)">\(label)</label><select id="f-\(name)" name="\(name)"><option value="">\(none ?? words(.scanAny))</option>\(choices, { "<option value=\"\($0.value)\"\(if: $0.value == chosen, " selected")>\($0.name)</option>" })</select></div>
        """
    }
}

extension Words {
    func kind(_ kind: Finding.Kind) -> String { text(key: "scan.kind.\(kind.rawValue)") ?? kind.rawValue }

    /// Of a finding or a key message, as the scan calls it.
    func scanFocus(_ focus: String) -> String { text(key: "scan.focus.\(focus)") ?? focus }

    /// A word of the data set such as `founding_partner`; as it stands there where the catalogue has none for it.
    func partnerWord(_ word: String) -> String {
        text(key: "scan.partner.\(word)") ?? word.replacing("_", with: " ")
    }

    /// `S1, 3.1.1, table 1`.
    func source(_ printed: Finding.Printed) -> String {
        [printed.document, printed.section, printed.table.map { self(.scanSourceTable, ["number": "\($0)"]) }]
            .compactMap(\.self).joined(separator: ", ")
    }
}

extension ScanLibrary.Source {
    var printed: Finding.Printed { Finding.Printed(document: document, table: table, section: section) }
}
