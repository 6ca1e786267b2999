import Formats
import Kernel
import Search

extension Directory {
    /// How many services that anybody can find lie in one of `places` or serve it, for one need such as `need:housing` or
    /// for any.
    package func publicServices(for need: String?, in places: [String]) -> Int {
        var query = SearchQuery(today: now.day)
        query.filters = data.gazetteer.services(in: places)
        if let need { query.filters.append([need]) }
        query.limit = 0
        return index.answer(query).total
    }

    /// Where a place of the gazetteer lies on `/map/base.svg`, in its units; nil where its position is not known.
    package func drawnPoint(of place: String) -> (x: Int, y: Int)? {
        data.gazetteer[place]?.coordinate.map {
            let point = MapDrawing.point($0)
            return (Int(point.x), Int(point.y))
        }
    }

    package static var drawnHeight: Int { MapDrawing.pictureHeight }
}

extension Gazetteer {
    /// The province and its largest regions: what services are counted in and can be asked for.
    var counted: [Place] { places.filter { $0.kind == "province" } + largestRegions }

    /// What a query filters by: services that lie in one of `places` or serve it.
    func services(in places: [String]) -> [[String]] {
        [["kind:service"], places.flatMap { ["place:\($0)", "area:\($0)"] }]
    }

    /// The places that lie in an area, itself among them.
    func ids(inside area: String) -> [String] {
        places.map(\.id).filter { areas(around: $0).contains(area) }
    }

    /// For each place the ids of all that lie in it, its own among them.
    package var inside: [String: [String]] {
        var inside: [String: [String]] = [:]
        for place in places { for area in areas(around: place.id) { inside[area, default: []].append(place.id) } }
        return inside
    }

    /// The largest regions of the province: those that places lie in by one chain.
    package var largestRegions: [Place] {
        let provinces = Set(places.filter { $0.kind == "province" }.map(\.id))
        let holding = Set(places.compactMap(\.region))
        return places.filter { place in
            place.kind == "region" && holding.contains(place.id) && place.region.map(provinces.contains) == true
        }.sorted { $0.name < $1.name }
    }

    /// The town among `ids` with the most people.
    package func largestTown(of ids: [String]) -> Place? {
        ids.compactMap { self[$0] }.filter { $0.coordinate != nil && $0.population != nil }
            .max { ($0.population ?? 0, $1.id) < ($1.population ?? 0, $0.id) }
    }
}
