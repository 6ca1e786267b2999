import Kernel
import Web

/// What the filters of the matrix and of the list of findings offer.
struct FilterForm {
    let filter: FindingFilter
    let themes: [String]
    let places: [String]
    var problems = Problems()

    func html(_ action: String, _ setting: ScanSetting) -> HTML {
        let words = setting.words
        let faults = FormFaults(
            problems,
            labels: [
                "focus": words(.scanFocus), "theme": words(.scanTheme), "kind": words(.scanKind),
                "place": words(.scanPlace), "need": words(.scanNeed),
            ], words)
        let choices =
            places.map { (value: $0, name: setting.place($0)) }.sorted { $0.name < $1.name }
            + [(value: FindingFilter.nowhere, name: words(.scanGapsWhole))]
        return """
            \(faults.summary())
            <form method="get" action="\(setting.path(action))" data-plain aria-label="\(words(.scanFilters))"><div class="fields">
            \(setting.select("focus", words(.scanFocus), Finding.Focus.allCases.map { ($0.rawValue, setting.focus($0)) }, filter.focus?.rawValue))
            \(setting.select("kind", words(.scanKind), Finding.Kind.allCases.map { ($0.rawValue, setting.kind($0)) }, filter.kind?.rawValue))
            \(setting.select("need", words(.scanNeed), setting.region.needs(setting.language).map { ($0.id, $0.name) }, filter.need))
            \(setting.select("place", words(.scanPlace), choices, filter.place))
            \(setting.select("theme", words(.scanTheme), themes.map { ($0, $0) }, filter.theme))
            </div><p class="tools"><button>\(words(.scanShow))</button> <a href="\(setting.path(action))">\(words(.scanAll))</a></p></form>
            """
    }
}

/// Focus × theme × kind; each number leads to its findings.
struct MatrixPage {
    /// Nil where the filters name something that is not there.
    let matrix: Matrix?
    let form: FilterForm

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.scanMatrix), path: "matrix",
            """
            <p class="lead">\(words(.scanMatrixLead))</p>
            \(form.html("matrix", setting))
            \(matrix.map { $0.lines.isEmpty ? "<p>\(words(.scanNone))</p>" : table($0, setting) })
            """)
    }

    private var kinds: [Finding.Kind] { form.filter.kind.map { [$0] } ?? Finding.Kind.allCases }

    private func table(_ matrix: Matrix, _ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.scroll(
            words(.scanMatrix),
            """
            <table><thead><tr><th scope="col">\(words(.scanTheme))</th>\(kinds, { "<th scope=\"col\">\(setting.kind($0))</th>" })</tr></thead>
            \(Finding.Focus.allCases, { focus in group(matrix.lines.filter { $0.focus == focus }, focus, setting) })
            <tfoot><tr><th scope="row">\(words(.scanTotal))</th>\(kinds, { cell(matrix.totals[$0] ?? 0, [("kind", $0.rawValue)], setting) })</tr></tfoot></table>
            """)
    }

    private func group(_ lines: [Matrix.Line], _ focus: Finding.Focus, _ setting: ScanSetting) -> HTML {
        guard !lines.isEmpty else { return "" }
        return """
            <tbody><tr><th scope="rowgroup" colspan="\(kinds.count + 1)"><strong>\(setting.focus(focus))</strong></th></tr>
            \(lines, { line in
            "<tr><th scope=\"row\">\(setting.theme(line.theme))</th>\(kinds, { kind in cell(line.counts[kind] ?? 0, [("focus", line.focus.rawValue), ("theme", line.theme.isEmpty ? nil : line.theme), ("kind", kind.rawValue)], setting) })</tr>\n" })</tbody>
            """
    }

    private func cell(_ count: Int, _ changes: [(String, String?)], _ setting: ScanSetting) -> HTML {
        guard count > 0 else { return "<td>–</td>" }
        return """
            <td><a href="\(setting.path("findings"))\(form.filter.query(changes))">\(setting.words.number(count))</a></td>
            """
    }
}

/// The findings that filters ask for, page by page.
struct FindingsPage {
    let form: FilterForm
    let items: [Finding]
    let count: Int
    let page: Int

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.scanFindings), path: "findings",
            """
            \(form.html("findings", setting))
            \(if: form.problems.isEmpty, "<p role=\"status\">\(words(.scanCount, ["count": words.number(count)]))</p>")
            \(if: form.problems.isEmpty && items.isEmpty, "<p>\(words(.scanNone))</p>")
            <ul class="listing">\(items, setting.item)</ul>
            <p class="pages">\(if: page > 1, link(page - 1, .scanPrevious, setting))\
            \(if: page * Landscape.pageSize < count, link(page + 1, .scanNext, setting))</p>
            """)
    }

    private func link(_ page: Int, _ phrase: ScanPhrase, _ setting: ScanSetting) -> HTML {
        let query = form.filter.query([("page", page > 1 ? "\(page)" : nil)])
        return "<a class=\"button second\" href=\"\(setting.path("findings"))\(query)\">\(setting.words(phrase))</a> "
    }
}
