import Formats

/// Which terms of other taxonomies mean one of ours, so that a listing from elsewhere is found by what it offers.
struct Crosswalk: Sendable {
    struct Taxonomy: Decodable, Sendable {
        let taxonomy: String
        let terms: [String: [String]]
    }

    private let facets: [String: [String]]

    init(_ taxonomies: [Taxonomy] = []) {
        var facets: [String: Set<String>] = [:]
        for (facet, titles) in taxonomies.flatMap(\.terms) {
            for title in titles { facets[title.lowercased(), default: []].insert(facet) }
        }
        self.facets = facets.mapValues { $0.sorted() }
    }

    /// Every facet of ours that some title leads to.
    var all: [String] { Set(facets.values.joined()).sorted() }

    /// Our facets for a term of another taxonomy, by its title; none for one that nobody has compared.
    func facets(of title: String) -> [String] { facets[title.lowercased()] ?? [] }
}
