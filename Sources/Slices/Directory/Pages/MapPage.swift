import Kernel
import Web

/// Where listings are: a drawn picture of towns, and a table that says the same.
struct MapPage {
    let counts: [(place: Gazetteer.Place, count: Int)]
    let drawing: MapDrawing

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let drawn = counts.filter { $0.place.coordinate != nil }
        let rest = counts.filter { $0.place.coordinate == nil }
        return setting.page(
            .mapPage, path: "map", scripts: ["leaflet.js", "map.js"], styles: ["leaflet.css"],
            """
            <h1>\(words(.mapTitle))</h1>
            <p>\(words(.mapLead))</p>
            <div id="map" data-base="/map/base.json">
            <svg viewBox="0 0 700 \(drawing.height)" role="img" aria-label="\(words(.mapPicture))">
            <image href="/map/base.svg" width="700" height="\(drawing.height)"/>
            \(drawn, { dot($0) })
            </svg></div>
            <p class="quiet">\(words(.mapSource))</p>
            <table class="places"><thead><tr><th scope="col">\(words(.mapPlace))</th><th scope="col">\(words(.mapCount))</th></tr></thead>
            <tbody>\(drawn, { row($0, setting) })</tbody></table>
            \(if: !rest.isEmpty, "<p>\(words(.mapWithout))</p><table class=\"places\"><tbody>\(rest, { row($0, setting) })</tbody></table>")
            """)
    }

    private func dot(_ entry: (place: Gazetteer.Place, count: Int)) -> HTML {
        guard let coordinate = entry.place.coordinate else { return "" }
        let point = drawing.point(coordinate)
        let radius = entry.count < 3 ? 5 : entry.count < 10 ? 7 : 10
        return
            "<circle cx=\"\(point.x)\" cy=\"\(point.y)\" r=\"\(radius)\"><title>\(entry.place.name): \(entry.count)</title></circle>"
    }

    private func row(_ entry: (place: Gazetteer.Place, count: Int), _ setting: PageSetting) -> HTML {
        let link = setting.path("find") + "?near=" + encodedForQuery(entry.place.name)
        let position: HTML? = entry.place.coordinate.map { coordinate in
            " data-lat=\"\(String(coordinate.latitude))\" data-lon=\"\(String(coordinate.longitude))\""
        }
        return
            "<tr\(position)><th scope=\"row\"><a href=\"\(link)\">\(entry.place.name)</a></th><td>\(entry.count)</td></tr>\n"
    }
}
