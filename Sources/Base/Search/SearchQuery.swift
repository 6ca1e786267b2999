package import Foundation
package import Kernel

/// What somebody looks for. Without text and concepts every document that passes the filters is an answer.
package struct SearchQuery: Sendable {
    /// The words; more than 300 bytes or 24 words are cut off.
    package var text = ""
    /// Meanings the asker recognised in the words, the most important first; they never share a word.
    package var concepts: [SearchConcept] = []
    package var synonyms = SearchSynonyms()
    package var near: Coordinate?
    /// Kilometres from `near`; documents serving one of `nearAreas` stay in at any distance.
    package var within: Double?
    /// Ids of the areas that contain the place asked for.
    package var nearAreas: [String] = []
    /// A document must have at least one facet of every group.
    package var filters: [[String]] = []
    /// Keeps only documents whose opening pattern answers true. Asked at most once per distinct pattern.
    package var isOpen: (@Sendable (String) -> Bool)?
    package var today: Day
    package var offset = 0
    package var limit = 20

    package init(_ text: String = "", today: Day) {
        self.text = text
        self.today = today
    }
}

/// A phrase of the query that stands for facets: "nowhere to sleep" for `need:housing`.
package struct SearchConcept: Sendable, Equatable {
    package var phrase: String
    package var facets: [String]
    /// 1 for a sure meaning, less for a likely one.
    package var weight: Double

    package init(phrase: String, facets: [String], weight: Double = 1) {
        self.phrase = phrase
        self.facets = facets
        self.weight = weight
    }
}

/// One page of answers, best first, and how many there are in all.
package struct SearchAnswer: Sendable {
    package var total: Int
    package var hits: [SearchHit]
    /// Words of the query that no document has, and the known word that was looked for instead.
    package var corrections: [(from: String, to: String)]
}

/// One document found.
package struct SearchHit: Sendable, Equatable {
    package var key: UUID
    package var card: [String]
    /// To the document's nearest point; nil when either place is not known.
    package var kilometres: Double?
    /// True when the document serves one of the areas asked for.
    package var servesArea: Bool
    /// The words and concept phrases that matched, as typed and in their order.
    package var matched: [String]
    package var score: Double
}
