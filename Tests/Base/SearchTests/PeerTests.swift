import Foundation
import Kernel
import Testing

@testable import Search

/// The index against a plain reading of every document.
@Suite struct PeerTests {
    private let documents = randomDocuments(1000, seed: 5)

    @Test func `no document with all words is ever lost`() throws {
        let index = try index(documents)
        var chance = SeededChance(21)
        for _ in 0..<60 {
            let words = (0..<Int.random(in: 1...3, using: &chance)).compactMap { _ in
                townWords.randomElement(using: &chance)
            }
            let query = randomQuery(words.joined(separator: " "), &chance)
            let answer = index.answer(query)
            let found = Set(answer.hits.map(\.key))
            let expected = documents.filter { passes($0, query) && Set(words).isSubset(of: self.words($0)) }
            #expect(found.count == answer.total)
            #expect(found.isSuperset(of: expected.map(\.key)))
            let some = documents.filter { passes($0, query) && !self.words($0).isDisjoint(with: words) }
            #expect(found.isSubset(of: some.map(\.key)))
        }
    }

    @Test func `without words exactly what passes the filters is found`() throws {
        let index = try index(documents)
        var chance = SeededChance(22)
        for _ in 0..<60 {
            let query = randomQuery("", &chance)
            let answer = index.answer(query)
            #expect(Set(answer.hits.map(\.key)) == Set(documents.filter { passes($0, query) }.map(\.key)))
            #expect(answer.total == answer.hits.count)
        }
    }

    @Test func `pages neither overlap nor leave gaps`() throws {
        let index = try index(documents)
        for text in ["", "zebra", "lotus amber"] {
            var query = SearchQuery(text, today: today)
            query.limit = 10_000
            let whole = index.answer(query)
            query.limit = 37
            var pages: [SearchHit] = []
            repeat {
                query.offset = pages.count
                pages += index.answer(query).hits
            } while pages.count < whole.total
            #expect(pages == whole.hits)
            query.offset = whole.total + 5
            #expect(index.answer(query).hits.isEmpty)
        }
    }

    @Test func `absurd pages are empty and not an error`() throws {
        let index = try index(documents)
        for (offset, limit) in [(Int.max, Int.max), (-5, -5), (Int.min, 1), (0, 0)] {
            var query = SearchQuery("zebra", today: today)
            (query.offset, query.limit) = (offset, limit)
            #expect(index.answer(query).hits.count <= 1)
        }
    }

    @Test func `the order depends on the documents and not on how they came in`() throws {
        var chance = SeededChance(23)
        let (first, second) = (try index(documents), try index(documents.shuffled(using: &chance)))
        for text in ["", "zebra", "lotus amber viper"] {
            var query = SearchQuery(text, today: today)
            query.near = vancouver
            query.limit = 500
            #expect(first.answer(query).hits == second.answer(query).hits)
            #expect(first.answer(query).hits == first.answer(query).hits)
        }
    }

    @Test func `a frequent word ranks its documents as a rare one does`() throws {
        var chance = SeededChance(31)
        let found = (0..<600).map { number in
            let times = Array(repeating: "rope", count: Int.random(in: 1...6, using: &chance)).joined(separator: " ")
            let isName = Bool.random(using: &chance)
            return document(
                number * 7, isName ? times : "knot", text: isName ? "" : times, facets: ["side:\(number % 3)"])
        }
        let others = (0..<30_000).filter { $0 % 7 > 0 }.map { document($0, "sail") }
        func order(_ documents: [SearchDocument], _ side: Int) throws -> [UUID] {
            var query = SearchQuery("rope", today: today)
            (query.limit, query.filters) = (1000, [["side:\(side)"]])
            return try index(documents.sorted { $0.key < $1.key }).answer(query).hits.map(\.key)
        }
        for side in 0..<3 {
            let frequent = try order(found + others.prefix(4000), side)
            #expect(frequent.count == 200)
            #expect(try order(found + others, side) == frequent)
        }
    }

    private func randomQuery(_ text: String, _ chance: inout SeededChance) -> SearchQuery {
        var query = SearchQuery(text, today: today)
        query.limit = 10_000
        for _ in 0..<Int.random(in: 0...2, using: &chance) {
            query.filters.append(Array(townFacets.shuffled(using: &chance).prefix(2)))
        }
        if Bool.random(using: &chance) { query.near = vancouver }
        if Bool.random(using: &chance) { query.within = Double.random(in: 5...400, using: &chance) }
        if Bool.random(using: &chance) { query.nearAreas = ["north", "nobody"] }
        if Bool.random(using: &chance) { query.isOpen = { $0 != "night" } }
        return query
    }

    private func words(_ document: SearchDocument) -> Set<String> {
        Set(document.texts.flatMap { $0.text.split(separator: " ").map(String.init) })
    }

    private func passes(_ document: SearchDocument, _ query: SearchQuery) -> Bool {
        guard query.filters.allSatisfy({ !Set($0).isDisjoint(with: document.facets) }) else { return false }
        if let isOpen = query.isOpen, document.hours.map(isOpen) != true { return false }
        guard let near = query.near, let within = query.within else { return true }
        return !Set(query.nearAreas).isDisjoint(with: document.areas)
            || document.points.contains { $0.kilometres(to: near) <= within }
    }
}
