import Directory
import Kernel
import Landscape
import Web

extension Platform {
    /// What the landscape may know of the Directory: names, and counts of what anybody can find there.
    static func region(_ directory: Directory) -> RegionLookup {
        let gazetteer = directory.data.gazetteer
        let inside = gazetteer.inside
        let regions = gazetteer.largestRegions
        let points = Dictionary(
            uniqueKeysWithValues: regions.map { region in
                let town = gazetteer.largestTown(of: inside[region.id] ?? [])
                return (region.id, town.flatMap { directory.drawnPoint(of: $0.id) })
            })
        let counts = Kept<String, Int, Int>()
        return RegionLookup(
            needs: { directory.needs(in: $0) },
            place: { gazetteer[$0]?.name(in: $1) },
            placeCalled: { gazetteer[$0]?.id ?? gazetteer.place(named: $0)?.id },
            around: { gazetteer.areas(around: $0) },
            inside: { inside[$0] ?? [] }, isSmall: { gazetteer[$0]?.isSmallCommunity ?? false },
            namesNation: { gazetteer.namesNation($0) },
            areas: { language in
                regions.map { region in
                    RegionLookup.Area(
                        id: region.id, name: region.name(in: language),
                        point: (points[region.id] ?? nil).map { RegionLookup.Point(x: $0.x, y: $0.y) })
                }
            },
            services: { need, area in
                counts.value("\(need ?? "") \(area)", as: directory.change) {
                    directory.publicServices(for: need, in: inside[area] ?? [])
                }
            },
            whole: gazetteer.places.first { $0.kind == "province" }?.id ?? "", mapHeight: Directory.drawnHeight)
    }
}
