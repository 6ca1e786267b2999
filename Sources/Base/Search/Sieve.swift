import Kernel

/// Which documents of one segment may be answers at all, before any word is looked at.
struct Sieve {
    let view: SegmentView
    private(set) var allowed: DocumentSet
    private let near: SpherePoint?
    private let farthest: Float
    private let serving: DocumentSet?
    private let patterns: OpenPatterns?
    /// Per pattern number 0 not asked, 1 open, 2 closed.
    private var answers: [UInt8]

    init(_ query: SearchQuery, _ view: SegmentView, live: DocumentSet, patterns: OpenPatterns?) {
        self.view = view
        self.patterns = patterns
        allowed = live
        for group in query.filters { allowed.formIntersection(view.facets.documents(with: group, of: view.count)) }
        let serving = query.nearAreas.isEmpty ? nil : view.areas.documents(with: query.nearAreas, of: view.count)
        if let near = query.near, let within = query.within,
            var around = PlaceCell.documents(within: within, of: near, in: view.cells, count: view.count)
        {
            if let serving { around.formUnion(serving) }
            allowed.formIntersection(around)
        }
        self.serving = serving
        near = query.near.map(SpherePoint.init)
        farthest = near == nil ? .infinity : query.within.map { SpherePoint.squaredChord($0) } ?? .infinity
        answers = patterns == nil ? [] : [UInt8](repeating: 0, count: view.patternCount)
    }

    func serves(_ document: Int) -> Bool { serving?.contains(document) ?? false }

    /// The squared chord to the place asked for; infinite when one of the two is not known.
    @inline(__always)
    func squaredChord(_ document: Int) -> Float {
        guard let near else { return .infinity }
        return view.squaredChord(document, to: near)
    }

    /// True when an allowed document is near enough and open.
    @inline(__always)
    mutating func passes(_ document: Int) -> Bool {
        if farthest < .infinity, squaredChord(document) > farthest, !serves(document) { return false }
        return patterns == nil || isOpen(document)
    }

    private mutating func isOpen(_ document: Int) -> Bool {
        guard let patterns, let number = view.pattern(of: document) else { return false }
        if answers[number] == 0 { answers[number] = patterns.isOpen(view.pattern(number)) ? 1 : 2 }
        return answers[number] == 1
    }
}

/// The asker's answers about opening patterns, so that a pattern in two segments is asked about once.
final class OpenPatterns {
    private let ask: @Sendable (String) -> Bool
    private var answers: [String: Bool] = [:]

    init(_ ask: @escaping @Sendable (String) -> Bool) { self.ask = ask }

    func isOpen(_ pattern: String) -> Bool {
        if let known = answers[pattern] { return known }
        let answer = ask(pattern)
        answers[pattern] = answer
        return answer
    }
}
