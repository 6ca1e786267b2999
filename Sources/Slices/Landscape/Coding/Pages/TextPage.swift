import Formats
import Kernel
import Web

/// What was typed into the form of a highlight.
struct TypedHighlight {
    var units: Set<String> = []
    var start = ""
    var end = ""
    var codes: Set<String> = []
    var memo = ""
}

/// What was typed into the form of a finding.
struct TypedDraft {
    var highlights: Set<String> = []
    var fields: [String: String] = [:]

    func value(_ name: String) -> String { fields[name] ?? "" }
}

/// A text, sentence by sentence, to be marked with codes: ticks without a script, a selection with it. Others' marks are not on
/// it before the coder is done.
struct TextPage {
    let text: CodedText
    let scans: [(code: String, title: String)]
    let themes: [String]
    /// From 1.
    var page = 1
    var typed = TypedHighlight()
    var draft = TypedDraft()
    var problems = Problems()
    var alert: String?

    static let perPage = 40

    private var study: String { "\(StaffFrame.coding)/\(text.open.study.id)" }
    private var path: String { "\(study)/texts/\(text.source.id)" }

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let all = text.units.units(.sentence)
        let pages = max(1, (all.count + Self.perPage - 1) / Self.perPage)
        let page = min(max(1, page), pages)
        let shown = Array(all.dropFirst((page - 1) * Self.perPage).prefix(Self.perPage))
        let reach = (shown.first?.lowerBound ?? 0)..<(shown.last?.upperBound ?? 0)
        let highlights = text.highlights.filter { $0.overlaps(reach) }
        let faults = FormFaults(
            problems,
            labels: [
                "unit": words(.codingSentences), "code": words(.codingCodesChoose), "memo": words(.codingMemo),
                "start": words(.codingStart), "end": words(.codingEnd), "highlight": words(.codingHighlights),
                "theme": words(.codingTheme), "text": words(.codingFindingText), "scan": words(.codingScan),
            ], words)
        return setting.page(
            text.source.name, path: path, scripts: ["coding.js"],
            """
            \(HTML.alert(alert))\(faults.summary())<p>\(setting.link(study, text.open.study.name))</p>
            \(standing(setting))
            \(if: text.mayMark, marking(shown, page, setting, faults))\(if: !text.mayMark, reading(shown, words))
            \(if: pages > 1, turning(page, pages, setting))
            <section><h2>\(words(.codingHighlights))</h2>\(if: highlights.isEmpty, "<p>\(words(.codingNoHighlights))</p>")
            \(highlights, { card($0, page, setting) })</section>
            \(if: !highlights.isEmpty && !scans.isEmpty, DraftForm(text: text, highlights: highlights, scans: scans, themes: themes, draft: draft).html(setting, faults, page: page))
            \(if: !highlights.isEmpty && scans.isEmpty, "<p class=\"note\">\(words(.scanDeskNoScan))</p>")
            <section><h2>\(words(.codingBeside))</h2>
            \(setting.remarks(text.remarks.filter { $0.subjectId == text.source.id.description }, about: text.source.id.description, "\(study)/comments", back: "\(path)?page=\(page)"))</section>
            \(if: text.open.keeps, "<details><summary>\(words(.codingDeleteText))</summary><p>\(words(.codingDeleteTextLead))</p>\(setting.form("\(path)/removal", isStep: true, "<button class=\"second\">\(words(.codingDeleteTextGo))</button>"))</details>")
            """)
    }

    private func standing(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        if text.open.own == nil { return "<p class=\"note\">\(words(.codingLookOn))</p>" }
        if text.isFinished {
            return """
                <p class="note">\(words(.codingFinished))</p>\(if: text.mayReopen, "<details><summary>\(words(.codingReopen))</summary><p>\(words(.codingReopenLead))</p>\(setting.form("\(path)/finish/removal", isStep: true, "<button class=\"second\">\(words(.codingReopenGo))</button>"))</details>")
                """
        }
        return """
            <details><summary>\(words(.codingFinishTitle))</summary><p>\(words(.codingFinishLead))</p>\(setting.form("\(path)/finish", isStep: true, "<button class=\"second\">\(words(.codingFinishGo))</button>"))</details>
            """
    }

    private func given(_ unit: Range<Int>) -> [String] {
        let codes = Set(text.highlights.filter { $0.overlaps(unit) }.flatMap { $0.marks.map(\.code) })
        return text.open.codes.filter { codes.contains($0.id) }.map(\.name)
    }

    private func unit(_ unit: Range<Int>) -> HTML {
        """
        <span data-start="\(unit.lowerBound)">\(text.units[unit])</span>\(given(unit), { " <span class=\"mark\">[\($0)]</span>" })
        """
    }

    private func reading(_ units: [Range<Int>], _ words: Words) -> HTML {
        "<section><h2>\(words(.codingText))</h2>\(units, { "<p>\(unit($0))</p>\n" })</section>"
    }

    private func marking(_ units: [Range<Int>], _ page: Int, _ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        let offered = text.open.codes.filter(\.isOffered)
        return setting.form(
            "\(path)/highlights",
            """
            \(HTML.hidden("page", "\(page)"))
            <fieldset id="f-unit"\(faults.ties("unit"))><legend>\(words(.codingSentences))</legend>\(faults.error("unit"))
            \(units, { one -> HTML in
            "<label class=\"tick\"><input type=\"checkbox\" name=\"unit\" value=\"\(one.lowerBound)-\(one.upperBound)\"\(if: typed.units.contains("\(one.lowerBound)-\(one.upperBound)"), " checked")> \(unit(one))</label>\n"
            })</fieldset>
            <details id="exact"\(if: !typed.start.isEmpty || !typed.end.isEmpty, " open")><summary>\(words(.codingExact))</summary><p class="hint">\(words(.codingExactHint, ["end": words.number(text.source.length)]))</p>
            <div class="fields">\(number("start", words(.codingStart), typed.start, faults))\(number("end", words(.codingEnd), typed.end, faults))</div>
            <p id="picked" role="status"></p></details>
            <fieldset id="f-code"\(faults.ties("code"))><legend>\(words(.codingCodesChoose))</legend>\(faults.error("code"))
            \(if: offered.isEmpty, "<p>\(words(.codingNoCodes))</p>")\(offered, { HTML.tick(.checkbox, "code", $0.id.description, text.open.trail(of: $0), typed.codes.contains($0.id.description)) })
            <p>\(setting.link("\(study)/codes", words(.codingCodebook)))</p></fieldset>
            \(setting.area("memo", words(.codingMemo), typed.memo, faults, rows: 2, longest: Highlight.longestMemo))
            <p class="tools"><button>\(words(.codingMark))</button></p>
            """)
    }

    private func number(_ name: String, _ label: String, _ value: String, _ faults: FormFaults) -> HTML {
        """
        <div><label for="f-\(name)">\(label)</label>\(faults.error(name))<input id="f-\(name)" name="\(name)" inputmode="numeric" value="\(value)" maxlength="9" size="9"\(faults.ties(name))></div>
        """
    }

    private func turning(_ page: Int, _ pages: Int, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <nav class="pages" aria-label="\(words(.codingPages))">\(if: page > 1, setting.link("\(path)?page=\(page - 1)", words(.codingBefore)))
            <span>\(words(.codingPageOf, ["page": words.number(page), "pages": words.number(pages)]))</span> \(if: page < pages, setting.link("\(path)?page=\(page + 1)", words(.codingAfter)))</nav>
            """
    }

    private func card(_ highlight: Highlight, _ page: Int, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let isOwn = highlight.coder != nil && highlight.coder == text.open.own?.id
        let codes = text.open.codes.filter { code in highlight.marks.contains { $0.code == code.id } }
        let id = highlight.id.description
        return """
            <div class="card" id="h-\(id)"><blockquote><p>\(quote(highlight))</p></blockquote>
            <p>\(codes, { "\(setting.swatch($0.color))\(text.open.trail(of: $0)) " })</p>\(highlight.memo.map { "<p>\(words(.codingMemo)): \($0)</p>" })
            <p class="by">\(text.open.name(of: highlight.coder) ?? words(.codingNobody)) · \(words(.codingFromTo, ["start": words.number(highlight.start), "end": words.number(highlight.end)]))</p>
            \(if: isOwn && text.mayMark, setting.form("\(path)/highlights/removal", isStep: true, "\(HTML.hidden("highlight", id))\(HTML.hidden("page", "\(page)"))<button class=\"second\">\(words(.codingRemove))</button>"))
            \(setting.remarks(text.remarks.filter { $0.subjectId == id }, about: id, "\(study)/comments", back: "\(path)?page=\(page)#h-\(id)"))</div>

            """
    }

    func quote(_ highlight: Highlight) -> String { text.quote(highlight, longest: 400) }
}

extension CodedText {
    /// The marked words, cut after `longest` code points.
    func quote(_ highlight: Highlight, longest: Int) -> String {
        let isLong = highlight.end - highlight.start > longest
        return units[highlight.start..<min(highlight.end, highlight.start + longest)] + (isLong ? " …" : "")
    }
}

/// Makes a draft finding of what was marked.
struct DraftForm {
    let text: CodedText
    let highlights: [Highlight]
    let scans: [(code: String, title: String)]
    let themes: [String]
    let draft: TypedDraft

    func html(_ setting: StaffFrame, _ faults: FormFaults, page: Int) -> HTML {
        let words = setting.words
        let path = "\(StaffFrame.coding)/\(text.open.study.id)/texts/\(text.source.id)/findings"
        let kinds = Finding.Kind.allCases.map { (value: $0.rawValue, name: words(CodingPhrase(kind: $0))) }
        let focuses = Finding.Focus.allCases.map { (value: $0.rawValue, name: words(CodingPhrase(focus: $0))) }
        return """
            <section><h2>\(words(.codingDraftTitle))</h2><p>\(words(.codingDraftLead))</p>\(setting.form(path, """
            \(HTML.hidden("page", "\(page)"))<fieldset id="f-highlight"\(faults.ties("highlight"))><legend>\(words(.codingHighlights))</legend>\(faults.error("highlight"))
            \(highlights, { HTML.tick(.checkbox, "highlight", $0.id.description, text.quote($0, longest: 120), draft.highlights.contains($0.id.description)) })</fieldset>
            <div class="fields">\(setting.choice("scan", words(.codingScan), scans.map { ($0.code, $0.title) }, draft.value("scan"), faults))
            \(setting.choice("focus", words(.codingFocus), focuses, draft.value("focus"), faults))
            \(setting.choice("kind", words(.codingKind), kinds, draft.value("kind"), faults))
            <div><label for="f-theme">\(words(.codingTheme))</label>\(faults.error("theme"))<input id="f-theme" name="theme" list="themes" value="\(draft.value("theme"))" maxlength="200"\(faults.ties("theme"))><datalist id="themes">\(themes, { "<option value=\"\($0)\"></option>" })</datalist></div></div>
            \(setting.area("text", words(.codingFindingText), draft.value("text"), faults, longest: Finding.longestText))
            <p class="tools"><button class="second">\(words(.codingDraftGo))</button></p>
            """))</section>
            """
    }
}
