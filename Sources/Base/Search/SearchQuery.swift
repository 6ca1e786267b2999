package import Foundation
package import Kernel

/// What somebody looks for. Without text and concepts every document that passes the filters is an answer.
package struct SearchQuery: Sendable {
    /// The words; more than 300 bytes or 24 words are cut off.
    package var text = ""
    /// Meanings the asker recognised in the words, the most important first; they never share a word.
    package var concepts: [SearchConcept] = []
    /// Words that mean the same, added at a lower rank.
    package var synonyms = SearchSynonyms()
    /// Nearer documents rank higher; on its own it excludes none.
    package var near: Coordinate?
    /// Kilometres from `near`; documents serving one of `nearAreas` stay in at any distance.
    package var within: Double?
    /// Ids of the areas that contain the place asked for.
    package var nearAreas: [String] = []
    /// A document must have at least one facet of every group.
    package var filters: [[String]] = []
    /// Keeps only documents whose opening pattern answers true. Asked at most once per distinct pattern.
    package var isOpen: (@Sendable (String) -> Bool)?
    /// False to look for the words as they are, whatever no document has.
    package var correctsSpelling = true
    /// Folded words that are never taken for a slip, whether or not a document has them.
    package var wellSpelled: Set<String> = []
    /// The day that freshness is counted to.
    package var today: Day
    /// Hits to pass over; below 0 is 0.
    package var offset = 0
    /// Hits to give at most.
    package var limit = 20

    package init(_ text: String = "", today: Day) {
        self.text = text
        self.today = today
    }
}

/// A phrase of the query that stands for facets: "nowhere to sleep" for `need:housing`.
package struct SearchConcept: Sendable, Equatable {
    /// As it stands in the query's text; other forms of the same words are recognised.
    package var phrase: String
    /// Any of them is a match.
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
    /// How many there are on all pages, exactly.
    package var total: Int
    /// The page asked for.
    package var hits: [SearchHit]
    /// Words of the query that no document has, and the known word that was looked for instead.
    package var corrections: [(from: String, to: String)]
}

/// One document found.
package struct SearchHit: Sendable, Equatable {
    /// The document's key.
    package var key: UUID
    /// The columns the document was given.
    package var card: [String]
    /// To the document's nearest point; nil when either place is not known.
    package var kilometres: Double?
    /// True when the document serves one of the areas asked for.
    package var servesArea: Bool
    /// The words and concept phrases that matched, as typed and in their order.
    package var matched: [String]
    /// Comparable only within one answer.
    package var score: Double
}
