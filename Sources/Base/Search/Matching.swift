/// One query being answered: finds the documents, counts them and keeps the best.
struct Matching {
    private struct Candidate {
        var document: Int32
        var segment: Int32
        var score: Float
        var worth: Float
        var units: UInt64
    }

    /// A document that would be kept if it were at the place asked for and just checked.
    private struct Contender {
        var document: Int
        var segment: Int
        var score: Double
        var units: UInt64
        var squaredChord: Float = .infinity
    }

    private let query: SearchQuery
    private let plan: QueryPlan
    private var sieves: [Sieve]
    private let ranking: Ranking
    private var best: BestRanked
    private var contenders: [Contender] = []
    private var total = 0

    private static let mostContenders = 64

    init(_ query: SearchQuery, _ plan: QueryPlan, _ sieves: [Sieve]) {
        self.query = query
        self.plan = plan
        self.sieves = sieves
        ranking = Ranking(query)
        let (wanted, isTooMany) = max(0, query.offset).addingReportingOverflow(max(0, query.limit))
        best = BestRanked(limit: isTooMany ? .max : wanted, views: sieves.map(\.view))
        contenders.reserveCapacity(Self.mostContenders)
    }

    /// Every document that passes the sieve.
    mutating func findAll() {
        for segment in sieves.indices {
            for (index, word) in sieves[segment].allowed.words.enumerated() {
                var bits = word
                while bits != 0 {
                    let document = index * 64 + bits.trailingZeroBitCount
                    bits &= bits - 1
                    guard sieves[segment].passes(document) else { continue }
                    count(document, in: segment, score: 1, units: 0)
                }
            }
        }
        rankContenders()
    }

    /// The documents that match the words, without those that match less than half of what the best one does.
    mutating func findByWords() {
        guard !plan.units.isEmpty else { return }
        let (candidates, threshold) = candidates()
        let worth = plan.worth
        for candidate in candidates where candidate.worth >= threshold {
            let coverage = Double(candidate.worth / worth)
            let score = Double(candidate.score) * coverage * coverage
            count(Int(candidate.document), in: Int(candidate.segment), score: score, units: candidate.units)
        }
        rankContenders()
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

    @inline(__always)
    private mutating func count(_ document: Int, in segment: Int, score: Double, units: UInt64) {
        total += 1
        guard best.keeps(score) else { return }
        contenders.append(Contender(document: document, segment: segment, score: score, units: units))
        if contenders.count == Self.mostContenders { rankContenders() }
    }

    /// Where documents are lies far apart in memory; looked up for many in a row, the look-ups overlap.
    private mutating func rankContenders() {
        for index in contenders.indices {
            let (document, segment) = (contenders[index].document, contenders[index].segment)
            contenders[index].squaredChord = sieves[segment].squaredChord(document)
        }
        for contender in contenders {
            let (document, segment) = (contender.document, contender.segment)
            let serves = sieves[segment].serves(document)
            let score = contender.score * ranking.nearness(contender.squaredChord, serves: serves)
            guard best.keeps(score) else { continue }
            let freshness = ranking.freshness(sieves[segment].view.checkedOn(document))
            best.offer(Ranked(score: score * freshness, segment: segment, document: document, units: contender.units))
        }
        contenders.removeAll(keepingCapacity: true)
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
