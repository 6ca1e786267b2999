import Formats
import Kernel
import Search

/// What the search knows of a listing. Takes projections alone, so nothing withheld can reach it.
struct DocumentMaker: Sendable {
    let vocabulary: Vocabulary
    let gazetteer: Gazetteer

    func document(_ listing: Projected<Listing>) -> SearchDocument {
        let card = card(listing)
        return SearchDocument(
            key: listing.id.uuid,
            texts: texts(listing, card),
            facets: facets(listing, card),
            points: listing.locations.compactMap(\.coordinate),
            areas: Array(Set(card.areas + card.places)).sorted(),
            checkedOn: card.checkedOn,
            hours: card.hours.isEmpty ? nil : card.hours,
            card: card.columns)
    }

    func card(_ listing: Projected<Listing>) -> Card {
        let phone =
            listing.phones.first { $0.facts["number"]?.standing == .confirmed } ?? listing.phones.first
        let fact = listing.value.facts[""]
        return Card(
            kind: listing.record.kind == .service ? .service : .organization, id: listing.id,
            name: texts(listing, "name"), organization: listing.organization?.record["name"] ?? "",
            summary: texts(listing, "description").mapValues { Self.shortened($0) },
            phone: phone?.record["number"] ?? "", phoneIsConfirmed: phone?.facts["number"]?.standing == .confirmed,
            places: listing.places, areas: listing.areas, facets: vocabulary.facets(of: listing.value),
            checkedOn: fact?.checkedOn,
            asOf: fact?.asOf ?? "", hours: listing.hours?.pattern ?? "")
    }

    private func texts(_ listing: Projected<Listing>, _ field: String) -> [String: String] {
        var texts = ["en": listing.record[field] ?? ""]
        for (language, translation) in listing.value.translations[field] ?? [:] {
            texts[language.code] = translation.text
        }
        return texts
    }

    private func texts(_ listing: Projected<Listing>, _ card: Card) -> [(field: SearchField, text: String)] {
        var texts: [(field: SearchField, text: String)] = texts(listing, "name").values.sorted().map { (.name, $0) }
        let organization = listing.organization?.record
        for alias in [listing.record["alternate_name"], organization?["name"], organization?["alternate_name"]] {
            if let alias { texts.append((.alias, alias)) }
        }
        for facet in card.facets { texts += vocabulary.names(facet).map { (.label, $0) } }
        for place in card.places + card.areas {
            guard let place = gazetteer[place] else { continue }
            texts.append((.place, place.name))
            texts += place.otherNames.prefix(6).map { (.place, $0) }
        }
        let descriptions = [listing.record["description"], listing.record["eligibility_description"]]
        texts += descriptions.compactMap(\.self).map { (.text, $0) }
        texts += (listing.value.translations["description"] ?? [:]).values.map(\.text).sorted().map { (.text, $0) }
        return texts
    }

    private func facets(_ listing: Projected<Listing>, _ card: Card) -> [String] {
        var facets = card.facets + ["kind:\(card.kind.rawValue)"]
        facets += listing.members("languages").compactMap { $0.record["code"].map { "language:\($0)" } }
        facets += card.places.map { "place:\($0)" } + card.areas.map { "area:\($0)" }
        if !card.phone.isEmpty {
            facets.append("access:by-phone")
            let wide = card.areas.contains { ["province", "country"].contains(gazetteer[$0]?.kind) }
            if wide { facets.append("kind:line") }
        }
        if let hours = listing.hours {
            if hours.opensAfterHours { facets.append("when:after-hours") }
            if hours.isAlways { facets.append("when:24h") }
        }
        return Array(Set(facets)).sorted()
    }

    /// The first sentences up to about 200 characters, cut at a word.
    static func shortened(_ text: String) -> String {
        guard text.count > 200 else { return text }
        let head = text.prefix(200)
        return String(head.lastIndex(of: " ").map { head[..<$0] } ?? head) + " …"
    }
}
