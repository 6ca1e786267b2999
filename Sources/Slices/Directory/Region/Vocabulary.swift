import Formats
package import Kernel

/// The words a listing is described by: needs, populations, forms of exploitation, features, access. Facets are written
/// `taxonomy:code`, such as `need:housing`.
package struct Vocabulary: Sendable {
    struct Taxonomy: Decodable, Sendable {
        let key: String
        let name: Translated
        let description: Translated
        let terms: [Term]
    }

    struct Term: Decodable, Sendable {
        let code: String
        let name: Translated
        let description: Translated
    }

    let taxonomies: [Taxonomy]
    private let terms: [String: Term]

    private let crosswalk: Crosswalk

    init(taxonomies: [Taxonomy], crosswalk: Crosswalk = Crosswalk()) {
        self.taxonomies = taxonomies
        self.crosswalk = crosswalk
        var terms: [String: Term] = [:]
        for taxonomy in taxonomies {
            for term in taxonomy.terms { terms["\(taxonomy.key):\(term.code)"] = term }
        }
        self.terms = terms
    }

    /// The facets said of `listing`: our own, and what terms of other taxonomies mean in our words.
    func facets(of listing: Listing) -> [String] {
        var seen: Set<String> = []
        return (listing.members["attributes"] ?? []).flatMap { attribute -> [String] in
            if let value = attribute.record["value"], knows(value) { return [value] }
            let titles = (attribute.members["taxonomy_term"] ?? []).compactMap { $0.record["name"] }
            return titles.flatMap(crosswalk.facets).filter(knows)
        }.filter { seen.insert($0).inserted }
    }

    package func knows(_ facet: String) -> Bool { terms[facet] != nil }

    var unknownCrosswalkFacets: [String] { crosswalk.all.filter { !knows($0) } }

    /// The facet's name in `language`, English where it has none; nil for an unknown facet.
    package func name(_ facet: String, in language: Language) -> String? {
        terms[facet].map { $0.name[language.code] ?? $0.name["en"] ?? facet }
    }

    /// All names of a facet, for search.
    func names(_ facet: String) -> [String] { terms[facet].map { Array($0.name.values).sorted() } ?? [] }

    func facets(of taxonomy: String) -> [String] {
        taxonomies.first { $0.key == taxonomy }?.terms.map { "\(taxonomy):\($0.code)" } ?? []
    }
}
