import Foundation

/// Turns the words of a query into a plan against the words that the documents have.
struct QueryPlanner {
    private let query: SearchQuery
    private let views: [SegmentView]
    private let stemmers = Stemmers()
    private let tokens: [Token]
    private let stems: [String]
    private var taken: [Bool]
    private var plan = QueryPlan()

    init(_ query: SearchQuery, views: [SegmentView]) {
        self.query = query
        self.views = views
        tokens = SearchText.tokens(of: query.text, bytes: 300, count: 24)
        stems = tokens.map { [stemmers] in stemmers.key($0.core) }
        taken = tokens.map { _ in false }
    }

    consuming func planned() -> QueryPlan {
        plan.asksForWords = !tokens.isEmpty || !query.concepts.isEmpty
        for concept in query.concepts.prefix(16) { add(concept) }
        let concepts = plan.units.count
        addPhrases()
        let rest = tokens.indices.filter { !taken[$0] }
        let telling = rest.filter { !StopWords.contains(tokens[$0].core) }
        for index in telling.isEmpty && plan.units.isEmpty ? rest : telling { addWord(index) }
        let rarest = plan.units.map(\.worth).max() ?? 0
        for unit in 0..<concepts where plan.units[unit].isMain { plan.units[unit].worth = rarest }
        let order = plan.units.indices.sorted {
            (plan.units[$0].position, $0) < (plan.units[$1].position, $1)
        }
        plan.units = order.map { plan.units[$0] }
        for unit in plan.units.indices {
            for slot in plan.slots.indices where plan.units[unit].ways.contains(where: { $0 >> UInt64(slot) & 1 == 1 })
            {
                plan.slots[slot].unit = unit
            }
        }
        return plan
    }

    // MARK: - Units

    private mutating func add(_ concept: SearchConcept) {
        let facets = concept.facets.compactMap { facet in
            source(Array(facet.utf8), weight: 5 * Float(max(0, concept.weight)), isFacet: true)
        }
        let phrase = SearchText.tokens(of: concept.phrase, bytes: 300, count: 8)
        let run = freeRun(of: phrase.map { stemmers.key($0.core) })
        guard !facets.isEmpty, let range = run ?? (isInText(phrase) ? nil : tokens.count..<tokens.count) else { return }
        let words = Self.telling(phrase.map(\.core))
        var ways: [UInt64] = []
        var primary = facets
        if words.count == 1 {
            primary += sources(words[0], weight: 1)
        } else if let way = slots(for: words, share: 1 / Float(max(1, words.count))) {
            ways.append(way)
        }
        for index in range { taken[index] = true }
        let typed = tokens[range].map(\.source).joined(separator: " ")
        let units = plan.units.count
        addUnit(typed.isEmpty ? concept.phrase : typed, at: range.lowerBound, primary, ways: ways)
        if plan.units.count > units { plan.units[units].isMain = concept.weight >= 1 }
    }

    /// Groups of several words that have synonyms count as one unit.
    private mutating func addPhrases() {
        guard query.synonyms.longest > 1, tokens.count > 1 else { return }
        for length in (2...max(2, min(query.synonyms.longest, tokens.count))).reversed() where length <= tokens.count {
            for start in 0...tokens.count - length {
                let range = start..<start + length
                guard !taken[range].contains(true), query.synonyms.knows(stems[range]) else { continue }
                addPhrase(range)
            }
        }
    }

    private mutating func addPhrase(_ range: Range<Int>) {
        var ways: [UInt64] = []
        let primary = synonyms(of: range, ways: &ways)
        guard !primary.isEmpty || !ways.isEmpty else { return }
        let words = Self.telling(tokens[range].map(\.core))
        if let way = slots(for: words, share: 1 / Float(words.count)) { ways.append(way) }
        for index in range { taken[index] = true }
        addUnit(tokens[range].map(\.source).joined(separator: " "), at: range.lowerBound, primary, ways: ways)
    }

    private mutating func addWord(_ index: Int) {
        let token = tokens[index]
        var ways: [UInt64] = []
        var found = token.forms.flatMap { sources($0, weight: 1) }
        found += synonyms(of: index..<index + 1, ways: &ways)
        if found.isEmpty, ways.isEmpty {
            if index == tokens.count - 1, token.word.count > 2 { found = completions(of: token.word) }
            if found.isEmpty, query.correctsSpelling,
                !query.wellSpelled.contains(String(decoding: token.core, as: UTF8.self)),
                let better = Spelling.correction(of: token.core, in: views)
            {
                found = sources(better, weight: 0.6)
                plan.corrections.append((token.source, String(decoding: better, as: UTF8.self)))
            }
        }
        guard !found.isEmpty || !ways.isEmpty else { return }
        addUnit(token.source, at: index, found, ways: ways)
    }

    private mutating func addUnit(_ label: String, at position: Int, _ primary: [QueryPlan.Source], ways: [UInt64]) {
        var ways = ways
        if !primary.isEmpty, let slot = addSlot(primary, share: 1) { ways.append(slot) }
        guard !ways.isEmpty else { return }
        let documents = ways.map { way in slotNumbers(way).map { self.documents(in: $0) }.min() ?? 0 }.max() ?? 0
        let all = Float(views.reduce(0) { $0 + $1.count })
        let frequency = min(Float(documents), all)
        let scoring = ways.flatMap(slotNumbers).filter { plan.slots[$0].share > 0 }
        plan.units.append(
            QueryPlan.Unit(
                label: label, position: position, ways: ways,
                scoring: scoring.reduce(0) { $0 | 1 << UInt64($1) },
                worth: log(1 + (all - frequency + 0.5) / (frequency + 0.5))))
    }

    // MARK: - Slots

    private mutating func addSlot(_ sources: [QueryPlan.Source], share: Float) -> UInt64? {
        guard plan.slots.count < QueryPlan.mostSlots else { return nil }
        var distinct: [QueryPlan.Source] = []
        for source in sources.sorted(by: { $0.weight > $1.weight })
        where !distinct.contains(where: { $0.word == source.word && $0.isFacet == source.isFacet }) {
            distinct.append(source)
        }
        plan.slots.append(QueryPlan.Slot(sources: distinct, share: share))
        return 1 << UInt64(plan.slots.count - 1)
    }

    /// One slot per word; nil when a word is in no document, so that not all of them can be met.
    private mutating func slots(for words: [[UInt8]], share: Float) -> UInt64? {
        let found = words.map { sources($0, weight: 1) }
        guard !found.isEmpty, !found.contains(where: \.isEmpty), plan.slots.count + found.count <= QueryPlan.mostSlots
        else { return nil }
        return found.reduce(0) { $0 | (addSlot($1, share: share) ?? 0) }
    }

    private func slotNumbers(_ way: UInt64) -> [Int] { plan.slots.indices.filter { way >> UInt64($0) & 1 == 1 } }

    private func documents(in slot: Int) -> Int { plan.slots[slot].sources.map(\.documents).max() ?? 0 }

    /// Words of one part for the unit's own slot; those of several get slots of their own and a way.
    private mutating func synonyms(of range: Range<Int>, ways: inout [UInt64]) -> [QueryPlan.Source] {
        var found: [QueryPlan.Source] = []
        for phrase in query.synonyms.others(than: stems[range], stemmers) {
            if phrase.count == 1 {
                found += sources(phrase[0], weight: 0.8)
            } else if let way = slots(for: Self.telling(phrase), share: 0) {
                ways.append(way)
            }
        }
        return found
    }

    // MARK: - Known words

    /// The word itself and its stems, where documents have them.
    private func sources(_ word: [UInt8], weight: Float) -> [QueryPlan.Source] {
        [source(word, weight: weight)].compactMap { $0 }
            + stemmers.stems(of: word).compactMap { source($0, weight: weight * 0.85) }
    }

    private func source(_ word: [UInt8], weight: Float, isFacet: Bool = false) -> QueryPlan.Source? {
        let documents = views.reduce(0) { sum, view in
            let lexicon = isFacet ? view.facets : view.terms
            return sum + (lexicon.find(word).map(lexicon.documentCount) ?? 0)
        }
        guard documents > 0, weight > 0 else { return nil }
        return QueryPlan.Source(word: word, isFacet: isFacet, weight: weight, documents: documents)
    }

    /// The sixteen most frequent words that begin like this one.
    private func completions(of word: [UInt8]) -> [QueryPlan.Source] {
        var counts: [[UInt8]: Int] = [:]
        for view in views {
            let first = view.terms.firstNumber(notBefore: word)
            for number in first..<max(first, min(view.terms.count, first + 2000)) {
                let known = view.terms.word(number)
                guard known.starts(with: word) else { break }
                if view.sign(of: number).isWord { counts[Array(known), default: 0] += view.terms.documentCount(number) }
            }
        }
        let frequent = counts.sorted { left, right in
            left.value == right.value ? left.key.lexicographicallyPrecedes(right.key) : left.value > right.value
        }
        return frequent.prefix(16).map { QueryPlan.Source(word: $0.key, weight: 0.6, documents: $0.value) }
    }

    private static func telling(_ words: [[UInt8]]) -> [[UInt8]] {
        let telling = words.filter { !StopWords.contains($0) }
        return telling.isEmpty ? words : telling
    }

    // MARK: - Phrases

    private func freeRun(of wanted: [String]) -> Range<Int>? {
        guard !wanted.isEmpty, wanted.count <= tokens.count else { return nil }
        return (0...tokens.count - wanted.count).lazy.map { $0..<$0 + wanted.count }.first { range in
            !taken[range].contains(true) && stems[range].elementsEqual(wanted)
        }
    }

    private func isInText(_ phrase: [Token]) -> Bool {
        let wanted = phrase.map { stemmers.key($0.core) }
        guard !wanted.isEmpty, wanted.count <= tokens.count else { return false }
        return (0...tokens.count - wanted.count).contains { stems[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
