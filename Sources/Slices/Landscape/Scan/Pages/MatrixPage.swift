import Kernel
import Web

/// What the filters of the matrix and of the list of findings offer.
struct FilterForm {
    let filter: FindingFilter
    let choice: ScanChoice
    /// Empty text among them where some have none.
    let themes: [String]
    let places: [String]
    var problems = Problems()

    /// - Parameter hasColumns: also asks what the columns of the matrix are.
    func html(_ action: String, hasColumns: Bool = false, _ setting: ScanSetting) -> HTML {
        let words = setting.words
        let labels: [String: String] = [
            "focus": words(.scanFocus), "theme": words(.scanTheme), "kind": words(.scanKind),
            "place": words(.scanPlace), "hidden": words(.scanHidden),
            "need": words(.scanNeed), "scan": words(.scanDeskScan), "columns": words(.scanColumns),
            "page": words(.scanPage),
        ]
        let named = themes.filter { !$0.isEmpty }.map { ($0, $0) }
        let themes = named + (themes.contains("") ? [(FindingFilter.none, words(.scanNoTheme))] : [])
        let theme = filter.theme.map { $0.isEmpty ? FindingFilter.none : $0 }
        let columns = [("place", words(.scanPlace))]
        return """
            \(FormFaults(problems, labels: labels, words).summary())
            <form method="get" action="\(setting.path(action))" data-plain aria-label="\(words(.scanFilters))"><div class="fields">\(choice.field(setting))
            \(setting.select("focus", words(.scanFocus), Finding.Focus.allCases.map { ($0.rawValue, setting.focus($0)) }, filter.focus?.rawValue))
            \(setting.select("kind", words(.scanKind), Finding.Kind.allCases.map { ($0.rawValue, setting.kind($0)) }, filter.kind?.rawValue))
            \(setting.select("need", words(.scanNeed), setting.region.needs(setting.language).map { ($0.id, $0.name) }, filter.need))
            \(setting.select("place", words(.scanPlace), placeChoices(setting), filter.place))
            \(setting.select("theme", words(.scanTheme), themes, theme))
            \(setting.select("hidden", words(.scanHidden), named, filter.hidden, none: words(.scanHiddenNone)))
            \(if: hasColumns, setting.select("columns", words(.scanColumns), columns, filter.columns.rawValue, none: words(.scanKind)))
            </div><p class="tools"><button>\(words(.scanShow))</button> <a href="\(setting.path(action))\(choice.query)">\(words(.scanAll))</a></p></form>
            """
    }

    private func placeChoices(_ setting: ScanSetting) -> [(value: String, name: String)] {
        let asked = filter.place.map { [$0] } ?? []
        let places = Set(places + asked).subtracting([FindingFilter.none])
        return places.map { (value: $0, name: setting.place($0)) }.sorted { $0.name < $1.name }
            + [(value: FindingFilter.none, name: setting.words(.scanGapsWhole))]
    }
}

/// Focus × theme × kind or place; each number leads to its findings.
struct MatrixPage {
    /// Nil where the filters name something that is not there.
    let matrix: Matrix?
    let form: FilterForm

    /// One column: as it is counted, what it is called, and the filter for what stands in it.
    private struct Column {
        let key: String?
        let name: String
        let change: (String, String?)
    }

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.scanMatrix), path: "matrix\(form.filter.query())",
            """
            <p class="lead">\(words(.scanMatrixLead))</p>
            \(form.html("matrix", hasColumns: true, setting))
            \(matrix.map { $0.lines.isEmpty ? "<p>\(words(.scanNone))</p>" : table($0, columns(of: $0, setting), setting) })
            """)
    }

    private func columns(of matrix: Matrix, _ setting: ScanSetting) -> [Column] {
        switch form.filter.columns {
        case .kind:
            let kinds = form.filter.kind.map { [$0] } ?? Finding.Kind.allCases
            return kinds.map { Column(key: $0.rawValue, name: setting.kind($0), change: ("kind", $0.rawValue)) }
        case .place:
            let region = setting.region
            return region.columns(matrix.totals.keys, setting.language).map { area in
                Column(
                    key: area?.id, name: area?.name ?? setting.words(.scanGapsWhole),
                    change: ("place", region.filter(of: area)))
            }
        }
    }

    private func table(_ matrix: Matrix, _ columns: [Column], _ setting: ScanSetting) -> HTML {
        let words = setting.words
        return """
            \(if: form.filter.columns == .place, "<p>\(words(.scanMatrixPlaces))</p>")\(HTML.wide(words(.scanMatrix), """
            <table><thead><tr><th scope="col">\(words(.scanTheme))</th>\(columns, { "<th scope=\"col\">\($0.name)</th>" })</tr></thead>
            \(Finding.Focus.allCases, { focus in group(matrix.lines.filter { $0.focus == focus }, focus, columns, setting) })
            <tfoot><tr><th scope="row">\(words(.scanTotal))</th>\(columns, { cell(matrix.totals[$0.key] ?? 0, [$0.change], setting) })</tr></tfoot></table>
            """))
            """
    }

    private func group(
        _ lines: [Matrix.Line], _ focus: Finding.Focus, _ columns: [Column], _ setting: ScanSetting
    ) -> HTML {
        guard !lines.isEmpty else { return "" }
        return """
            <tbody><tr><th scope="rowgroup" colspan="\(columns.count + 1)"><strong>\(setting.focus(focus))</strong></th></tr>
            \(lines, { line in
            let here = [("focus", line.focus.rawValue), ("theme", line.theme.isEmpty ? FindingFilter.none : line.theme)]
            return "<tr><th scope=\"row\">\(setting.theme(line.theme))</th>\(columns, { cell(line.counts[$0.key] ?? 0, here + [$0.change], setting) })</tr>\n" })</tbody>
            """
    }

    private func cell(_ count: Int, _ changes: [(String, String?)], _ setting: ScanSetting) -> HTML {
        guard count > 0 else { return "<td>–</td>" }
        return """
            <td><a href="\(setting.path("findings"))\(form.filter.query(changes + [("columns", nil)]))">\(setting.words.number(count))</a></td>
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
            words(.scanFindings), path: "findings\(form.filter.query([("page", page > 1 ? "\(page)" : nil)]))",
            """
            \(form.html("findings", setting))
            \(if: form.problems.isEmpty, "<p role=\"status\">\(words(.scanCount, ["count": words.number(count)]))</p>")
            \(if: form.problems.isEmpty && items.isEmpty, "<p>\(words(.scanNone))</p>")
            <ul class="listing">\(items, { setting.item($0) })</ul>
            <p class="pages">\(if: page > 1, link(page - 1, .scanPrevious, setting))\
            \(if: page * Landscape.pageSize < count, link(page + 1, .scanNext, setting))</p>
            """)
    }

    private func link(_ page: Int, _ phrase: ScanPhrase, _ setting: ScanSetting) -> HTML {
        let query = form.filter.query([("page", page > 1 ? "\(page)" : nil)])
        return "<a class=\"button second\" href=\"\(setting.path("findings"))\(query)\">\(setting.words(phrase))</a> "
    }
}
