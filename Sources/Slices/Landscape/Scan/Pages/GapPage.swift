import Kernel
import Web

/// What anybody finds listed in each part of the region, and what the scan says is missing: drawn, and the same as a table; for
/// all needs also each need by itself.
struct GapPage {
    let need: String?
    let choice: ScanChoice
    /// Nil where there is no such need.
    let map: GapMap?
    var problems = Problems()

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let faults = FormFaults(
            problems, labels: ["need": words(.scanNeed), "scan": words(.scanDeskScan)], words)
        let needs = setting.region.needs(setting.language).map { (value: $0.id, name: $0.name) }
        return setting.page(
            words(.scanGaps), path: "gaps\(query(of: need))",
            """
            \(faults.summary())<p class="lead">\(words(.scanGapsLead))</p>
            <form method="get" action="\(setting.path("gaps"))" data-plain><div class="fields">\(choice.field(setting))\(setting.select("need", words(.scanNeed), needs, need))</div>
            <p class="tools"><button>\(words(.scanShow))</button>\(if: need != nil, " <a href=\"\(setting.path("gaps"))\(choice.query)\">\(words(.scanGapsNeeds))</a>")</p></form>
            \(map.map { drawn($0, setting) })
            <p>\(words(.scanGapsZero))</p><p>\(words(.scanGapsCaution))</p>
            \(map.map { $0.rows.isEmpty ? "" : table($0, setting) })
            """)
    }

    private func drawn(_ map: GapMap, _ setting: ScanSetting) -> HTML {
        let words = setting.words
        return """
            <div id="map"><svg viewBox="0 0 700 \(setting.region.mapHeight)" role="img" aria-label="\(words(.scanGapsPicture))">
            <image href="/map/base.svg" width="700" height="\(setting.region.mapHeight)"/>\(map.lines, { dot($0, setting) })</svg></div>
            <p class="quiet">\(words(.scanGapsLegend))</p>
            \(HTML.wide(words(.scanGaps), """
            <table class="places"><caption>\(need.map(setting.need) ?? words(.scanGapsNeeds))</caption><thead><tr><th scope="col">\(words(.scanGapsArea))</th>\
            <th scope="col">\(words(.scanGapsListed))</th><th scope="col">\(words(.scanGapsMissing))</th></tr></thead>
            <tbody>\(map.lines, { row($0, setting) })</tbody></table>
            """))
            """
    }

    /// As large as what is missing, with the number of what is listed.
    private func dot(_ line: GapMap.Line, _ setting: ScanSetting) -> HTML {
        guard let area = line.area, let point = area.point, let services = line.services else { return "" }
        let name = setting.words(
            .scanGapsDot, ["name": area.name, "listed": "\(services)", "missing": "\(line.gaps)"])
        return """
            <circle cx="\(point.x)" cy="\(point.y)" r="\(12 + min(18, line.gaps * 3))"><title>\(name)</title></circle>\
            <text x="\(point.x)" y="\(point.y + 5)" text-anchor="middle" font-size="15" font-weight="700" fill="#fff">\(services)</text>
            """
    }

    private func row(_ line: GapMap.Line, _ setting: ScanSetting) -> HTML {
        """
        <tr><th scope="row">\(line.area?.name ?? setting.words(.scanGapsWhole))</th><td>\(listed(line, need, setting))</td><td>\(missing(line, need, setting))</td></tr>

        """
    }

    private func table(_ map: GapMap, _ setting: ScanSetting) -> HTML {
        let words = setting.words
        return """
            <h2>\(words(.scanGapsTable))</h2><p>\(words(.scanGapsTableLead))</p>
            \(HTML.wide(words(.scanGapsTable), """
            <table><thead><tr><th scope="col">\(words(.scanNeed))</th>\(map.lines, { "<th scope=\"col\">\($0.area?.name ?? words(.scanGapsWhole))</th>" })</tr></thead>
            <tbody>\(map.rows, { row in
            "<tr><th scope=\"row\"><a href=\"\(setting.path("gaps"))\(query(of: row.need.id))\">\(row.need.name)</a></th>\(row.lines, { "<td>\(missing($0, row.need.id, setting)) / \(listed($0, row.need.id, setting))</td>" })</tr>\n" })</tbody></table>
            """))
            """
    }

    private func query(of need: String?) -> String {
        var filter = FindingFilter()
        (filter.need, filter.scan) = (need, choice.name)
        return filter.query()
    }

    private func missing(_ line: GapMap.Line, _ need: String?, _ setting: ScanSetting) -> HTML {
        guard line.gaps > 0 else { return "0" }
        var filter = FindingFilter()
        (filter.kind, filter.need, filter.scan) = (.gap, need, choice.name)
        filter.place = setting.region.filter(of: line.area)
        return "<a href=\"\(setting.path("findings"))\(filter.query())\">\(setting.words.number(line.gaps))</a>"
    }

    /// Leads to those services in the search of the Directory.
    private func listed(_ line: GapMap.Line, _ need: String?, _ setting: ScanSetting) -> HTML {
        guard let area = line.area, let services = line.services else { return "–" }
        guard services > 0 else { return "0" }
        let about = need.map { "need=\($0.drop { $0 != ":" }.dropFirst())&" } ?? ""
        let find = "/\(setting.language.code)/find?\(about)region=\(encodedForQuery(area.id))"
        return "<a href=\"\(find)\">\(setting.words.number(services))</a>"
    }
}
