import Kernel
import Web

/// Everything that somebody does now, on the map and the same in a table, with the ways to narrow it.
struct InitiativesPage {
    let all: [Initiative]
    var filter = InitiativeFilter()
    var problems = Problems()
    let today: Day

    /// As many initiatives as a page lists.
    static let length = 50

    private struct Line {
        let query: [(String, String)]
        let name: String
        let point: RegionLookup.Point?
        let count: Int
    }

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let labels = [
            "region": words(.initiativeRegion), "province": words(.initiativeProvince),
            "focus": words.initiative(.focus), "page": words(.initiativesPage),
        ]
        let faults = FormFaults(problems, labels: labels, words)
        return setting.page(
            words(.initiativesTitle),
            path: "initiatives\(filter.query(filter.page > 1 ? [("page", String(filter.page))] : []))",
            """
            \(faults.summary())<p class="lead">\(words(.initiativesLead))</p>
            \(form(setting))
            \(if: all.isEmpty, "<p class=\"note\">\(words(.initiativesNone))</p>")
            \(if: !all.isEmpty && problems.isEmpty, results(setting))
            <p><a href="\(setting.path("meetings"))">\(words(.meetingsTitle))</a></p>
            <p>\(words(.initiativesDownload)) <a href="/landscape/initiatives.json">JSON</a>, <a href="/landscape/initiatives.csv">CSV</a></p>
            """)
    }

    private func results(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let found = all.filter { filter.admits($0, setting.region) }
        let isCurrent = Dictionary(grouping: found) { $0.standing(on: today).isCounted }
        let (current, old) = (isCurrent[true] ?? [], isCurrent[false] ?? [])
        let shown = (current + old).dropFirst((filter.page - 1) * Self.length).prefix(Self.length)
        let listed = shown.filter { $0.standing(on: today).isCounted }
        let doubtful = shown.filter { !$0.standing(on: today).isCounted }
        return """
            <p role="status">\(words(.initiativesCount, ["count": words.number(current.count)]))</p>
            \(if: !listed.isEmpty, "<ul class=\"listing\">\(listed, { item($0, setting) })</ul>")
            \(if: !doubtful.isEmpty, """
            <section><h2>\(words(.initiativesOld))</h2><p>\(words(.initiativesOldLead))</p>
            <ul class="listing">\(doubtful, { item($0, setting) })</ul></section>
            """)
            \(pages(found.count, setting))
            \(drawn(current, setting))
            """
    }

    private func pages(_ count: Int, _ setting: ScanSetting) -> HTML {
        func link(_ page: Int, _ phrase: ScanPhrase) -> HTML {
            let query = filter.query(page > 1 ? [("page", String(page))] : [])
            return """
                <a class="button second" href="\(setting.path("initiatives"))\(query)">\(setting.words(phrase))</a>

                """
        }
        let page = filter.page
        guard count > Self.length else { return "" }
        return """
            <p class="pages">\(if: page > 1, link(page - 1, .scanPrevious))\(if: page * Self.length < count, link(page + 1, .scanNext))</p>
            """
    }

    private func form(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let areas = setting.region.areas(setting.language).map { (value: $0.id, name: $0.name) }
        return """
            <form method="get" action="\(setting.path("initiatives"))" data-plain aria-label="\(words(.scanFilters))"><div class="fields">
            \(setting.select("region", words(.initiativeRegion), areas, filter.region))
            \(setting.select("province", words(.initiativeProvince), words.choices(.province), filter.province))
            \(setting.select("focus", words.initiative(.focus), words.choices(.focus), filter.focus))
            </div><p class="tools"><button>\(words(.scanShow))</button> <a href="\(setting.path("initiatives"))">\(words(.scanAll))</a></p></form>
            """
    }

    private func item(_ initiative: Initiative, _ setting: ScanSetting) -> HTML {
        let words = setting.words
        let parts = [
            initiative[.organization], words.initiative(.focus, initiative[.focus]),
            initiative[.place].isEmpty
                ? words.initiative(.province, initiative[.province]) : setting.place(initiative[.place]),
            words.initiative(.state, initiative[.state]),
        ]
        return """
            <li><a href="\(setting.path("initiatives/\(initiative.id)"))">\(initiative[.name])</a>
            <p class="quiet">\(parts.joined(separator: " · "))\(mark(initiative, words))</p></li>

            """
    }

    private func mark(_ initiative: Initiative, _ words: Words) -> HTML? {
        let day = initiative.confirmation?.day.description ?? ""
        return switch initiative.standing(on: today) {
        case .ageing: " · <strong class=\"mark\">\(words(.initiativeAgeing, ["day": day]))</strong>"
        case .unconfirmed: " · <strong class=\"mark\">\(words(.initiativeUnconfirmed))</strong>"
        case .current, .old, .ended: nil
        }
    }

    /// One line for each part of the region, then what has no place in it, so that all are counted once.
    private func regions(_ initiatives: [Initiative], _ setting: ScanSetting) -> [Line] {
        let areas = setting.region.areas(setting.language)
        let known = Set(areas.map(\.id))
        let counts = Dictionary(grouping: initiatives) { initiative in
            initiative[.place].isEmpty ? nil : setting.region.around(initiative[.place]).first(where: known.contains)
        }.mapValues(\.count)
        let lines = areas.map { area in
            Line(query: [("region", area.id)], name: area.name, point: area.point, count: counts[area.id] ?? 0)
        }
        return lines + [
            Line(query: [], name: setting.words(.initiativesNoPlace), point: nil, count: counts[nil] ?? 0)
        ]
    }

    /// Those provinces that something is done in.
    private func provinces(_ initiatives: [Initiative], _ words: Words) -> [Line] {
        let counts = Dictionary(grouping: initiatives) { $0[.province] }.mapValues(\.count)
        return words.choices(.province).compactMap { province in
            counts[province.value].map {
                Line(query: [("province", province.value)], name: province.name, point: nil, count: $0)
            }
        }
    }

    private func drawn(_ initiatives: [Initiative], _ setting: ScanSetting) -> HTML {
        let words = setting.words
        let regions = regions(initiatives, setting)
        let provinces = provinces(initiatives, words)
        let height = setting.region.mapHeight
        return """
            <h2>\(words(.initiativesMap))</h2>
            <div id="map"><svg viewBox="0 0 700 \(height)" role="group" aria-label="\(words(.initiativesPicture))">
            <image href="/map/base.svg" width="700" height="\(height)"/>\(regions, { dot($0, setting) })</svg></div>
            \(table(words(.initiativeRegion), regions, setting))
            \(if: !provinces.isEmpty, """
            <h2>\(words(.initiativesProvinces))</h2>
            \(table(words(.initiativeProvince), provinces, setting))
            """)
            """
    }

    /// The same way as that of its row, so that the map is one more list of links.
    private func dot(_ line: Line, _ setting: ScanSetting) -> HTML {
        guard let point = line.point, line.count > 0 else { return "" }
        return """
            <a href="\(setting.path("initiatives"))\(filter.query(line.query))" aria-label="\(line.name): \(line.count)">\
            <circle cx="\(point.x)" cy="\(point.y)" r="\(12 + min(18, line.count * 3))"><title>\(line.name): \(line.count)</title></circle>\
            <text x="\(point.x)" y="\(point.y + 5)" text-anchor="middle" font-size="15" font-weight="700" fill="#fff">\(line.count)</text></a>
            """
    }

    private func table(_ heading: String, _ lines: [Line], _ setting: ScanSetting) -> HTML {
        """
        <table class="places"><thead><tr><th scope="col">\(heading)</th><th scope="col">\(setting.words(.initiativesNumber))</th></tr></thead>
        <tbody>\(lines, { row($0, setting) })</tbody></table>
        """
    }

    private func row(_ line: Line, _ setting: ScanSetting) -> HTML {
        let number = setting.words.number(line.count)
        let count: HTML =
            if line.count > 0, !line.query.isEmpty {
                "<a href=\"\(setting.path("initiatives"))\(filter.query(line.query))\">\(number)</a>"
            } else {
                "\(number)"
            }
        return "<tr><th scope=\"row\">\(line.name)</th><td>\(count)</td></tr>\n"
    }
}
