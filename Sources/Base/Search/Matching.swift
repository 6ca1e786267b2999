/// One query being answered: finds the documents, counts them and keeps the best.
struct Matching {
    private struct Candidate {
        var document: Int32
        var segment: Int32
        var score: Float
        var worth: Float
        var units: UInt64
    }

    private let query: SearchQuery
    private let plan: QueryPlan
    private var sieves: [Sieve]
    private let ranking: Ranking
    private var best: BestRanked
    private var total = 0

    init(_ query: SearchQuery, _ plan: QueryPlan, _ sieves: [Sieve]) {
        self.query = query
        self.plan = plan
        self.sieves = sieves
        ranking = Ranking(query)
        let (wanted, isTooMany) = max(0, query.offset).addingReportingOverflow(max(0, query.limit))
        best = BestRanked(limit: isTooMany ? .max : wanted, views: sieves.map(\.view))
    }

    /// Every document that passes the sieve.
    mutating func findAll() {
        for isClose in [true, false] {
            for segment in sieves.indices {
                for index in sieves[segment].allowed.words.indices {
                    var bits = sieves[segment].allowed(index, close: isClose)
                    while bits != 0 {
                        let document = index * 64 + bits.trailingZeroBitCount
                        bits &= bits - 1
                        guard sieves[segment].passes(document) else { continue }
                        count(document, in: segment, score: 1, units: 0, isClose: isClose)
                    }
                }
            }
        }
    }

    /// The documents that match the words, without those that match less than half of what the best one does.
    mutating func findByWords() {
        guard !plan.units.isEmpty else { return }
        let (candidates, threshold) = candidates()
        let worth = plan.worth
        for isClose in [true, false] {
            for candidate in candidates where candidate.worth >= threshold {
                let (document, segment) = (Int(candidate.document), Int(candidate.segment))
                guard sieves[segment].isClose(document) == isClose else { continue }
                let coverage = Double(candidate.worth / worth)
                let score = Double(candidate.score) * coverage * coverage
                count(document, in: segment, score: score, units: candidate.units, isClose: isClose)
            }
        }
    }

    private mutating func candidates() -> ([Candidate], threshold: Float) {
        var candidates: [Candidate] = []
        var threshold: Float = 0
        var resolved = ResolvedSlots(plan)
        for segment in sieves.indices {
            var sieve = sieves[segment]
            var scorer = WindowScorer(plan, sieve.view)
            scorer.run(sieve.allowed) { document, score, slots in
                let found = resolved[slots]
                guard found.units != 0, found.worth >= threshold, sieve.passes(document) else { return }
                threshold = max(threshold, found.worth * 0.5)
                candidates.append(
                    Candidate(
                        document: Int32(document), segment: Int32(segment), score: score + found.extra,
                        worth: found.worth, units: found.units))
            }
            sieves[segment] = sieve
        }
        return (candidates, threshold)
    }

    /// The close ones come first, so that most of the others need no look at where they are: the factor of their nearness
    /// cannot be above `nearnessBeyond`, and that of freshness is at most 1.
    @inline(__always)
    private mutating func count(_ document: Int, in segment: Int, score: Double, units: UInt64, isClose: Bool) {
        total += 1
        guard best.keeps(isClose ? score : score * Ranking.nearnessBeyond) else { return }
        let nearness = ranking.nearness(
            sieves[segment].squaredChord(document), serves: sieves[segment].serves(document))
        let freshness = ranking.freshness(sieves[segment].view.checkedOn(document))
        best.offer(Ranked(score: score * nearness * freshness, segment: segment, document: document, units: units))
    }

    /// The page asked for.
    func answer() -> SearchAnswer {
        let hits = best.sorted.dropFirst(max(0, query.offset)).map { ranked in
            let sieve = sieves[ranked.segment]
            let chord = sieve.squaredChord(ranked.document)
            return SearchHit(
                key: sieve.view.key(ranked.document), card: sieve.view.card(ranked.document),
                kilometres: chord < .infinity ? SpherePoint.kilometres(chord) : nil,
                servesArea: sieve.serves(ranked.document), matched: plan.labels(ranked.units), score: ranked.score)
        }
        return SearchAnswer(total: total, hits: hits, corrections: plan.corrections)
    }
}
