import Formats
import Kernel
import Search
import Synchronization

/// Turns a question into a query of the index: takes places and meanings out of the words, the rest is looked up as text.
struct Finder: Sendable {
    let gazetteer: Gazetteer
    let thesaurus: Thesaurus
    let hours: HoursCache

    /// Fewer results than this, and the lines that always help are shown too.
    private static let few = 4

    func answer(_ question: Question, in index: SearchIndex, now: Instant) -> Findings {
        var findings = Findings(question: question, now: now)
        var query = query(question, in: index, now: now, &findings)
        var answer = index.answer(query)
        if answer.total == 0, findings.place != nil, gazetteer.place(named: query.text) != nil {
            query.text = ""
            answer = index.answer(query)
        }
        if answer.total == 0, !question.isExact, let corrected = thesaurus.corrected(query.text) {
            query.text = corrected.words.joined(separator: " ")
            query.concepts = concepts(in: corrected.words)
            answer = index.answer(query)
            if answer.total > 0 { answer.corrections += corrected.corrections }
        }
        findings.total = answer.total
        findings.corrections = answer.corrections
        findings.results = answer.hits.compactMap { result($0, now: now) }
        let isUrgent = query.concepts.contains { $0.facets.contains("need:crisis") }
        let inReach = Self.countInReach(findings)
        findings.noneIsNear = inReach == 0 && answer.total > 0 && answer.total <= Question.perPage
        findings.linesComeFirst = question.page == 1 && (isUrgent || inReach == 0)
        if answer.total < Self.few || inReach < Self.few || findings.linesComeFirst || findings.nearIsUnknown {
            query.text = ""
            query.concepts = []
            findings.always = always(
                query, in: index, now: now, besides: findings.linesComeFirst ? [] : Set(findings.results.map(\.card.id))
            )
            if findings.linesComeFirst {
                let first = Set(findings.always.map(\.card.id))
                findings.results.removeAll { first.contains($0.card.id) }
            }
        }
        return findings
    }

    private func query(
        _ question: Question, in index: SearchIndex, now: Instant, _ findings: inout Findings
    ) -> SearchQuery {
        var query = SearchQuery(today: now.day)
        query.correctsSpelling = !question.isExact
        query.wellSpelled = thesaurus.plainWords
        query.synonyms = thesaurus.synonyms
        query.limit = Question.perPage
        query.offset = (question.page - 1) * Question.perPage
        var words = SearchText.words(of: String(question.text.prefix(300)))
        findings.place = question.near.isEmpty ? nil : gazetteer.place(named: question.near)
        if findings.place == nil, !question.near.isEmpty {
            findings.nearIsUnknown = true
            findings.suggestions = gazetteer.suggestions(for: question.near)
        }
        if question.near.isEmpty, let found = gazetteer.place(in: words) {
            findings.place = found.place
            // Nothing but a place may also be the name of a Nation or an organization: it stays text as well.
            if found.range.count < words.count { words.removeSubrange(found.range) }
        } else if question.near.isEmpty, !question.isExact {
            readPlace(in: &words, index, &findings)
        }
        words = withoutTimes(words)
        query.text = words.joined(separator: " ")
        query.concepts = concepts(in: words)
        if let place = findings.place {
            query.near = place.coordinate
            query.nearAreas = gazetteer.areas(around: place.id)
        }
        query.within = question.within.map(Double.init)
        query.filters = filters(question)
        if question.open == "now" {
            query.isOpen = { [hours] pattern in hours.isOpen(pattern, at: now) }
        }
        return query
    }

    /// Nobody's place by name: perhaps one that is misspelled.
    private func readPlace(in words: inout [String], _ index: SearchIndex, _ findings: inout Findings) {
        let spelling = PlaceSpelling(gazetteer: gazetteer, thesaurus: thesaurus, index: index)
        guard let reading = spelling.place(in: words) else { return }
        findings.place = reading.place
        findings.placeReadFrom = reading.typed
        let isAll = reading.range.count == words.count
        words.replaceSubrange(reading.range, with: isAll ? reading.name.split(separator: " ").map(String.init) : [])
    }

    private func concepts(in words: [String]) -> [SearchConcept] {
        thesaurus.meanings(in: words).map { meaning in
            SearchConcept(phrase: meaning.phrase, facets: meaning.facets, weight: Self.weight(of: meaning.facets))
        }
    }

    /// "tonight" alone is a question; beside a need it says when, and opening hours on each result answer that.
    private func withoutTimes(_ words: [String]) -> [String] {
        let times = thesaurus.meanings(in: words).filter { $0.facets.allSatisfy { $0.hasPrefix("when:") } }
        let covered = Set(times.flatMap(\.range))
        let rest = words.indices.filter { !covered.contains($0) }.map { words[$0] }
        return SearchText.isOnlyStopWords(rest) ? words : rest
    }

    /// How many results of the first page serve the place asked for or lie within 100 km; all when none was asked for.
    private static func countInReach(_ findings: Findings) -> Int {
        guard findings.place != nil, findings.question.page == 1 else { return .max }
        return findings.results.count { $0.servesPlace || ($0.kilometres ?? .infinity) < 100 }
    }

    /// What somebody needs counts for more than when or how they can be helped.
    private static func weight(of facets: [String]) -> Double {
        let weights = ["need": 1.0, "population": 0.7, "feature": 0.5, "access": 0.3, "when": 0.2]
        return facets.map { weights[String($0.prefix { $0 != ":" })] ?? 1 }.max() ?? 1
    }

    private func filters(_ question: Question) -> [[String]] {
        var filters: [[String]] = []
        if !question.region.isEmpty { filters += gazetteer.services(in: gazetteer.ids(inside: question.region)) }
        if !question.need.isEmpty { filters.append(["need:\(question.need)"]) }
        if !question.population.isEmpty { filters.append(["population:\(question.population)"]) }
        if !question.language.isEmpty { filters.append(["language:\(question.language)"]) }
        if question.open == "after-hours" { filters.append(["when:after-hours", "when:24h"]) }
        if question.isOnline { filters.append(["access:online"]) }
        if question.isPeerLed { filters.append(["feature:peer-led"]) }
        return filters
    }

    /// The lines anybody can call, then the nearest place that helps with finding the right help.
    private func always(
        _ query: SearchQuery, in index: SearchIndex, now: Instant, besides shown: Set<Identifier<Record>>
    ) -> [Findings.Result] {
        var results: [Findings.Result] = []
        var query = query
        (query.within, query.isOpen, query.offset) = (nil, nil, 0)
        for (filters, limit) in [([["kind:line"]], 3), ([["need:guidance", "need:drop-in"], ["kind:service"]], 2)] {
            query.filters = filters
            query.limit = max(Self.mostLines, limit + shown.count + results.count)
            let taken = shown.union(results.map(\.card.id))
            let found = index.answer(query).hits.compactMap { result($0, now: now) }
                .filter { !taken.contains($0.card.id) }
            let isOfLines = results.isEmpty
            results += (isOfLines ? Self.checkedFirst(found) : found).prefix(limit)
        }
        return results
    }

    /// More lines than any region has.
    private static let mostLines = 20

    /// A number that two people checked comes before one that everybody knows; else the order stays.
    private static func checkedFirst(_ results: [Findings.Result]) -> [Findings.Result] {
        results.filter(\.card.phoneIsConfirmed) + results.filter { !$0.card.phoneIsConfirmed }
    }

    /// Lines that serve the whole province or country.
    func lines(in index: SearchIndex, now: Instant) -> [Findings.Result] {
        var query = SearchQuery(today: now.day)
        query.filters = [["kind:line"]]
        return index.answer(query).hits.compactMap { result($0, now: now) }
    }

    private func result(_ hit: SearchHit, now: Instant) -> Findings.Result? {
        guard let card = Card(id: Identifier(hit.key), columns: hit.card) else { return nil }
        let hours = card.hours.isEmpty ? nil : hours.hours(card.hours)
        return Findings.Result(
            card: card, kilometres: hit.kilometres, servesPlace: hit.servesArea, matched: hit.matched,
            opening: hours?.status(at: now) ?? .unknown, zone: hours?.zone, today: now.day)
    }
}

/// Opening hours read once per distinct pattern.
final class HoursCache: Sendable {
    private let known = Mutex<[String: OpeningHours]>([:])

    func isOpen(_ pattern: String, at now: Instant) -> Bool {
        if case .open = hours(pattern)?.status(at: now) { true } else { false }
    }

    func hours(_ pattern: String) -> OpeningHours? {
        if let hours = known.withLock({ $0[pattern] }) { return hours }
        guard let read = OpeningHours(pattern: pattern) else { return nil }
        known.withLock { known in
            if known.count > 50_000 { known.removeAll() }
            known[pattern] = read
        }
        return read
    }
}
