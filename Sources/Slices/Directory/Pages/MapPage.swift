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
            \(dots(drawn, setting))
            </svg></div>
            <p class="quiet">\(words(.mapSource))</p>
            <table class="places"><thead><tr><th scope="col">\(words(.mapPlace))</th><th scope="col">\(words(.mapCount))</th></tr></thead>
            <tbody>\(drawn, { row($0, setting) })</tbody></table>
            \(if: !rest.isEmpty, "<p>\(words(.mapWithout))</p><table class=\"places\"><tbody>\(rest, { row($0, setting) })</tbody></table>")
            """)
    }

    /// Lines to where pushed dots belong, then the dots over them.
    private func dots(_ drawn: [(place: Gazetteer.Place, count: Int)], _ setting: PageSetting) -> HTML {
        let homes = drawn.compactMap { entry in
            entry.place.coordinate.map { coordinate in
                let point = drawing.point(coordinate)
                return MapDots.Dot(x: point.x, y: point.y, radius: entry.count < 3 ? 8 : entry.count < 10 ? 10 : 14)
            }
        }
        let dots = MapDots(homes).dots
        return """
            \(dots.filter(\.needsLine), { dot in
            "<path d=\"M\(Int(dot.home.x)) \(Int(dot.home.y))L\(Int(dot.x)) \(Int(dot.y))\"/>" })
            \(zip(dots, drawn), { dot, entry in
            "<circle cx=\"\(Int(dot.x))\" cy=\"\(Int(dot.y))\" r=\"\(Int(dot.radius))\"><title>\(entry.place.name(in: setting.language)): \(entry.count)</title></circle>" })
            """
    }

    private func row(_ entry: (place: Gazetteer.Place, count: Int), _ setting: PageSetting) -> HTML {
        let link = setting.path("find") + "?near=" + encodedForQuery(entry.place.name)
        let position: HTML? = entry.place.coordinate.map { coordinate in
            " data-lat=\"\(String(coordinate.latitude))\" data-lon=\"\(String(coordinate.longitude))\""
        }
        return
            "<tr\(position)><th scope=\"row\"><a href=\"\(link)\">\(entry.place.name(in: setting.language))</a></th><td>\(entry.count)</td></tr>\n"
    }
}
