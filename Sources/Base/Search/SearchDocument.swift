package import Foundation
package import Kernel

/// Where in a document a text stands; a word in the name says more about it than one in the running text.
package enum SearchField: UInt8, Sendable, CaseIterable {
    case name, alias, label, place, text

    /// What one occurrence counts, 8 for the name down to 1 for running text.
    var weight: UInt8 {
        switch self {
        case .name: 8
        case .alias: 6
        case .label: 5
        case .place: 4
        case .text: 1
        }
    }
}

/// One thing that can be found. The index knows nothing of what it stands for.
package struct SearchDocument: Sendable {
    /// The record's own id, one per document.
    package var key: UUID
    /// What words are looked for in.
    package var texts: [(field: SearchField, text: String)]
    /// Properties to filter by and concepts to match, such as `need:housing`; compared byte by byte.
    package var facets: [String]
    /// Where it is; the nearest one counts. Empty when it is nowhere or hidden.
    package var points: [Coordinate]
    /// Ids of the areas served, compared with `SearchQuery.nearAreas`.
    package var areas: [String]
    /// When somebody last made sure of it; nil for never.
    package var checkedOn: Day?
    /// An opening pattern that only the asker understands; nil when nobody knows.
    package var hours: String?
    /// Columns handed back with a hit, never searched.
    package var card: [String]

    package init(
        key: UUID, texts: [(field: SearchField, text: String)], facets: [String] = [], points: [Coordinate] = [],
        areas: [String] = [], checkedOn: Day? = nil, hours: String? = nil, card: [String] = []
    ) {
        self.key = key
        self.texts = texts
        self.facets = facets
        self.points = points
        self.areas = areas
        self.checkedOn = checkedOn
        self.hours = hours
        self.card = card
    }
}
