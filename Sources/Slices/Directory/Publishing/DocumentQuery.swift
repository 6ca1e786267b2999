import Formats
import Kernel

/// Which documents somebody asks for; every condition narrows the answer.
struct DocumentQuery: Sendable, Hashable {
    var kind: RecordKind
    /// Each must be met by one of its facets, which have one name.
    var facets: [[PublishedDocument.Facet]] = []
    var organization: Identifier<Record>?
    var parent: Identifier<Record>?
    var isTopOnly = false
    var modifiedAfter: Instant?
    /// Words as the search knows them; nil for any text. No word is found in no text.
    var words: [String]?
    var near: Nearness?
    var openAt: Instant?

    struct Nearness: Sendable, Hashable {
        let point: UnitVector
        let metres: Int
    }

    init(_ kind: RecordKind) { self.kind = kind }

    /// By the order of ids; a search is answered best first and a place nearest first.
    var isInOrderOfIds: Bool { words == nil && near == nil }
}
