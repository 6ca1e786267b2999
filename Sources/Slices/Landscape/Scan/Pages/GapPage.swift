import Kernel
import Web

/// What anybody finds listed in each part of the region, and what the scan says is missing: drawn, and the same as a table.
struct GapPage {
    let need: String?
    /// Nil where there is no such need.
    let map: GapMap?
    var problems = Problems()

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let faults = FormFaults(problems, labels: ["need": words(.scanNeed)], words)
        let needs = setting.region.needs(setting.language).map { (value: $0.id, name: $0.name) }
        return setting.page(
            words(.scanGaps), path: "gaps",
            """
            \(faults.summary())<p class="lead">\(words(.scanGapsLead))</p>
            <form method="get" action="\(setting.path("gaps"))" data-plain><div class="fields">\(setting.select("need", words(.scanNeed), needs, need))</div>
            <p class="tools"><button>\(words(.scanShow))</button></p></form>
            \(map.map { drawn($0, setting) })
            <p class="quiet">\(words(.scanGapsCaution))</p>
            """)
    }

    private func drawn(_ map: GapMap, _ setting: ScanSetting) -> HTML {
        let words = setting.words
        return """
            <div id="map"><svg viewBox="0 0 700 \(setting.region.mapHeight)" role="img" aria-label="\(words(.scanGapsPicture))">
            <image href="/map/base.svg" width="700" height="\(setting.region.mapHeight)"/>\(map.lines, { dot($0, setting) })</svg></div>
            <p class="quiet">\(words(.scanGapsLegend))</p>
            <table class="places"><caption>\(need.map(setting.need) ?? words(.scanAny))</caption><thead><tr><th scope="col">\(words(.scanGapsArea))</th>\
            <th scope="col">\(words(.scanGapsListed))</th><th scope="col">\(words(.scanGapsMissing))</th></tr></thead>
            <tbody>\(map.lines, { row($0, setting) })</tbody></table>
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
        let words = setting.words
        let name = line.area?.name ?? words(.scanGapsWhole)
        let missing: HTML = {
            // Of the whole region the list would hold what its parts have too.
            guard line.gaps > 0, line.area?.id != setting.region.whole else { return "\(words.number(line.gaps))" }
            var filter = FindingFilter()
            (filter.kind, filter.place, filter.need) = (.gap, line.area?.id ?? FindingFilter.nowhere, need)
            return "<a href=\"\(setting.path("findings"))\(filter.query())\">\(words.number(line.gaps))</a>"
        }()
        return """
            <tr><th scope="row">\(name)</th><td>\(line.services.map(words.number) ?? "–")</td><td>\(missing)</td></tr>

            """
    }
}
