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

    /// Documents added, replaced or removed over the base so far; rebuild the base before they are many thousands. A removed
    /// one's words still weigh in statistics and corrections until then.
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
        index.overlay = sorted.isEmpty ? nil : try SearchSegment(building: sorted)
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

    private static func answer(_ query: SearchQuery, _ views: [SegmentView], _ live: [DocumentSet]) -> SearchAnswer {
        let plan = QueryPlanner(query, views: views).planned()
        let patterns = query.isOpen.map(OpenPatterns.init)
        let sieves = zip(views, live).map { Sieve(query, $0, live: $1, patterns: patterns) }
        var matching = Matching(query, plan, sieves)
        if plan.asksForWords { matching.findByWords() } else { matching.findAll() }
        return matching.answer()
    }
}
