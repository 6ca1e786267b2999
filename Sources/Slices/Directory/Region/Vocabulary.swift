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

    init(taxonomies: [Taxonomy]) {
        self.taxonomies = taxonomies
        var terms: [String: Term] = [:]
        for taxonomy in taxonomies {
            for term in taxonomy.terms { terms["\(taxonomy.key):\(term.code)"] = term }
        }
        self.terms = terms
    }

    package func knows(_ facet: String) -> Bool { terms[facet] != nil }

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
