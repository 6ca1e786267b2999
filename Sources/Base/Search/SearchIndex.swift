package import Foundation

/// Everything that can be found now: a large segment and, over it, the documents changed since it was built.
/// A value; changing one leaves the others as they were.
package struct SearchIndex: Sendable {
    private let base: SearchSegment
    /// The base documents that were neither replaced nor removed.
    private var live: DocumentSet
    private var overlay: SearchSegment?
    private var changed: [UUID: SearchDocument] = [:]
    /// Documents that can be found.
    package private(set) var count: Int

    /// An index of one segment without changes.
    package init(_ base: SearchSegment) {
        self.base = base
        live = DocumentSet(count: base.count, all: true)
        count = base.count
    }

    /// Documents added, replaced or removed since the base was built; rebuild it before they are many thousands.
    package var changedCount: Int { max(changed.count, base.count - (count - changed.count)) }

    /// The stamp of the base segment.
    package var stamp: String { base.stamp }

    /// The index with these documents in place of those with the same keys, and without the removed ones.
    /// Of two with the same key the later one counts; a document both given and removed is gone.
    package func replacing(_ documents: [SearchDocument], removing: Set<UUID> = []) throws -> SearchIndex {
        var index = self
        for document in documents { index.changed[document.key] = document }
        for key in removing { index.changed[key] = nil }
        base.read { view in
            for key in documents.map(\.key) + removing {
                if let number = view.document(with: key) { index.live.remove(number) }
            }
        }
        let sorted = index.changed.values.sorted { $0.key < $1.key }
        if index.changed.keys != changed.keys || !documents.isEmpty {
            index.overlay = sorted.isEmpty ? nil : try SearchSegment(building: sorted)
        }
        index.count = index.live.words.reduce(0) { $0 + $1.nonzeroBitCount } + sorted.count
        return index
    }

    /// Finds, counts and ranks; safe from any number of tasks at once.
    package func answer(_ query: SearchQuery) -> SearchAnswer {
        base.read { view in
            guard let overlay else { return Self.answer(query, [view], [live]) }
            return overlay.read { over in
                Self.answer(query, [view, over], [live, DocumentSet(count: over.count, all: true)])
            }
        }
    }

    /// True when a document has the word, folded, or a form of it.
    package func knows(_ word: String) -> Bool {
        let word = Array(word.utf8)
        return withViews { views in
            if views.contains(where: { view in view.terms.find(word).map { view.sign(of: $0).isWord } ?? false }) {
                return true
            }
            let forms = Stemmers().stems(of: word)
            return views.contains { view in forms.contains { view.terms.find($0) != nil } }
        }
    }

    /// The known word that an unknown one, folded, is corrected to; nil when none is near.
    package func nearest(to word: String) -> String? {
        withViews { Spelling.correction(of: Array(word.utf8), in: $0) }.map { String(decoding: $0, as: UTF8.self) }
    }

    private func withViews<Result>(_ body: ([SegmentView]) -> Result) -> Result {
        base.read { view in
            guard let overlay else { return body([view]) }
            return overlay.read { body([view, $0]) }
        }
    }

    private static func answer(_ query: SearchQuery, _ views: [SegmentView], _ live: [DocumentSet]) -> SearchAnswer {
        let plan = QueryPlanner(query, views: views).planned()
        let patterns = query.isOpen.map(OpenPatterns.init)
        let sieves = zip(views, live).map { Sieve(query, $0, live: $1, patterns: patterns) }
        var matching = Matching(query, plan, sieves)
        if plan.asksForWords { matching.findByWords() } else { matching.findAll() }
        return matching.answer()
    }
}
