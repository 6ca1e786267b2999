import Foundation
import Kernel
import Testing

@testable import Search

@Suite struct ChangeTests {
    @Test func `a replaced document is found as it is now and counted once`() throws {
        let old = try index([document(1, "Amber House"), document(2, "Lotus House")])
        let new = try old.replacing([document(1, "Viper House"), document(3, "Raven House")])
        #expect(new.names("amber").isEmpty)
        #expect(new.names("viper") == ["Viper House"])
        #expect(Set(new.names("house")) == ["Viper House", "Lotus House", "Raven House"])
        #expect(new.answer(SearchQuery("", today: today)).total == 3)
        #expect((new.count, new.changedCount) == (3, 2))
        #expect(old.names("amber") == ["Amber House"])
    }

    @Test func `a removed document is gone and can come back`() throws {
        let old = try index([document(1, "Amber House"), document(2, "Lotus House")])
        let gone = try old.replacing([document(4, "Zebra")]).replacing([], removing: [key(1), key(4), key(99)])
        #expect(gone.names("") == ["Lotus House"])
        #expect(gone.names("zebra").isEmpty)
        #expect(try gone.replacing([document(1, "Amber Home")]).names("amber") == ["Amber Home"])
    }

    @Test func `changes over a base answer like one new base`() throws {
        let before = randomDocuments(300, seed: 1)
        let after = Array(randomDocuments(400, seed: 2)[200...])
        let removed = Set(before[100..<130].map(\.key))
        let changed = try index(before).replacing(after, removing: removed)
        let kept = before[..<200].filter { !removed.contains($0.key) }
        let fresh = try index(kept + after)
        for word in townWords {
            let (left, right) = (all(changed, word), all(fresh, word))
            #expect(Set(left.hits.map(\.key)) == Set(right.hits.map(\.key)))
            #expect(left.total == right.total)
        }
    }

    @Test func `of two documents with one key the later counts`() throws {
        #expect(try index([document(1, "Amber"), document(1, "Lotus")]).names("") == ["Lotus"])
    }

    @Test func `an empty index answers with nothing and takes additions`() throws {
        let empty = try index([])
        #expect(empty.names("") == [])
        #expect(empty.names("amber") { ($0.near, $0.within, $0.filters) = (vancouver, 5, [["a"]]) } == [])
        #expect(try empty.replacing([document(1, "Amber")]).names("amber") == ["Amber"])
    }

    private func all(_ index: SearchIndex, _ text: String) -> SearchAnswer {
        var query = SearchQuery(text, today: today)
        query.limit = 1000
        return index.answer(query)
    }
}
