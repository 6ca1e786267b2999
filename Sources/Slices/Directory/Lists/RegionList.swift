import Formats
import Kernel
import Search

/// The services of one region, by place and name, and those for the whole province: to print, save or keep.
struct RegionList: Sendable {
    struct Group: Sendable {
        /// Nil for what serves the whole region or more.
        let place: Gazetteer.Place?
        let cards: [Card]
    }

    let region: Gazetteer.Place
    let groups: [Group]
    /// For the whole region, and for the whole province or more.
    let wide: [Card]
    let widest: [Card]
    let today: Day

    var isEmpty: Bool { groups.isEmpty && wide.isEmpty && widest.isEmpty }
}

extension Gazetteer {
    /// The regions that a list is made of: those of a province that hold places themselves.
    var listRegions: [Place] {
        let holding = Set(places.filter { $0.kind == "place" }.compactMap(\.region))
        let provinces = Set(places.filter { $0.kind == "province" }.map(\.id))
        return places.filter { place in
            place.kind == "region" && holding.contains(place.id) && !provinces.isDisjoint(with: areas(around: place.id))
        }.sorted { (SearchText.words(of: $0.name), $0.id) < (SearchText.words(of: $1.name), $1.id) }
    }
}

extension Directory {
    /// Nil for what is no region of the lists.
    func list(of region: String) -> RegionList? {
        let gazetteer = data.gazetteer
        guard let place = gazetteer.listRegions.first(where: { $0.id == region }) else { return nil }
        let inside = gazetteer.ids(inside: region)
        let around = Set(gazetteer.areas(around: region)).subtracting([region])
        var query = SearchQuery(today: now.day)
        query.filters = [
            inside.flatMap { ["place:\($0)", "area:\($0)"] }
                + around.sorted().flatMap { ["place:\($0)", "area:\($0)"] }
        ]
        query.limit = .max / 2
        let cards = index.answer(query).hits.compactMap { Card(id: Identifier($0.key), columns: $0.card) }
            .sorted { ($0.columns[1], $0.id) < ($1.columns[1], $1.id) }
        var byPlace: [String: [Card]] = [:]
        var (wide, widest) = ([Card](), [Card]())
        let insideIds = Set(inside).subtracting([region])
        for card in cards {
            let own = (card.places + card.areas).filter(insideIds.contains)
            if let first = own.first {
                byPlace[first, default: []].append(card)
            } else if (card.places + card.areas).contains(region) {
                wide.append(card)
            } else {
                widest.append(card)
            }
        }
        let groups = byPlace.compactMap { id, cards in
            gazetteer[id].map { RegionList.Group(place: $0, cards: cards) }
        }.sorted {
            (SearchText.words(of: $0.place?.name ?? ""), $0.place?.id ?? "") < (
                SearchText.words(of: $1.place?.name ?? ""), $1.place?.id ?? ""
            )
        }
        return RegionList(region: place, groups: groups, wide: wide, widest: widest, today: now.day)
    }
}

private func < (left: ([String], String), right: ([String], String)) -> Bool {
    left.0 == right.0 ? left.1 < right.1 : left.0.lexicographicallyPrecedes(right.0)
}
