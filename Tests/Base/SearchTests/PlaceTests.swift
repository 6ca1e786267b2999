import Foundation
import Kernel
import Synchronization
import Testing

@testable import Search

@Suite struct PlaceTests {
    private let town: SearchIndex

    init() throws {
        town = try index([
            document(1, "Kelowna Clinic", at: kelowna, hours: "day"),
            document(2, "Surrey Clinic", facets: ["language:fr"], at: surrey, hours: "night"),
            document(3, "Province Clinic", areas: ["ca-bc"], hours: "day"),
            document(4, "Nowhere Clinic", facets: ["language:fr", "population:men"]),
            document(5, "Vancouver Clinic", facets: ["population:men"], at: vancouver, hours: "day"),
        ])
    }

    @Test func `nearer is better and a served area lies between near and far`() {
        let names = town.names("clinic") {
            $0.near = vancouver
            $0.nearAreas = ["ca-bc", "vancouver"]
        }
        #expect(names == ["Vancouver Clinic", "Surrey Clinic", "Province Clinic", "Kelowna Clinic", "Nowhere Clinic"])
    }

    @Test func `within a distance stay points inside and those who serve the area`() {
        let names = town.names("") {
            $0.near = vancouver
            $0.within = 40
            $0.nearAreas = ["ca-bc"]
        }
        #expect(names == ["Vancouver Clinic", "Surrey Clinic", "Province Clinic"])
        #expect(town.names("clinic") { ($0.near, $0.within) = (vancouver, 5) } == ["Vancouver Clinic"])
        #expect(town.names("clinic") { ($0.near, $0.within) = (vancouver, 0) } == ["Vancouver Clinic"])
        #expect(town.names("clinic") { ($0.near, $0.within) = (vancouver, .infinity) }.count == 3 + 2)
    }

    @Test func `kilometres are those of the great circle`() throws {
        let query = query("kelowna") { $0.near = vancouver }
        let expected = try #require(vancouver).kilometres(to: try #require(kelowna))
        let found = try #require(town.answer(query).hits.first?.kilometres)
        #expect(abs(found - expected) < 0.005)
        #expect(town.answer(SearchQuery("kelowna", today: today)).hits.first?.kilometres == nil)
    }

    @Test func `place cells agree with distances everywhere on the globe`() throws {
        var chance = SeededChance(3)
        let documents = (0..<600).map { number in
            let latitude = Double.random(in: -90...90, using: &chance)
            let longitude = Double.random(in: -180...180, using: &chance)
            return document(number, "Clinic", at: place(number % 3 == 0 ? latitude * 0.1 + 81 : latitude, longitude))
        }
        let index = try index(documents)
        for _ in 0..<300 {
            let latitude = Double.random(in: -90...90, using: &chance)
            let centre = place(latitude, Double.random(in: -180...180, using: &chance))
            let within = Double.random(in: 0...1500, using: &chance)
            let inside = documents.filter { document in
                guard let centre, let point = document.points.first else { return false }
                return point.kilometres(to: centre) <= within
            }
            #expect(index.answer(query("") { ($0.near, $0.within) = (centre, within) }).total == inside.count)
        }
    }

    @Test func `filters are groups of which one facet each must fit`() {
        #expect(town.names("") { $0.filters = [["language:fr"]] } == ["Surrey Clinic", "Nowhere Clinic"])
        #expect(town.names("clinic") { $0.filters = [["language:fr"], ["population:men"]] } == ["Nowhere Clinic"])
        #expect(town.names("") { $0.filters = [["language:fr", "population:men"]] }.count == 3)
        #expect(town.names("") { $0.filters = [[]] }.isEmpty)
        #expect(town.names("") { $0.filters = [["language:xx"]] }.isEmpty)
    }

    @Test func `only open places stay and a pattern is asked about once`() throws {
        let changed = try town.replacing([document(9, "New Clinic", hours: "day")])
        let asked = Mutex<[String]>([])
        var query = SearchQuery("clinic", today: today)
        query.isOpen = { pattern in
            asked.withLock { $0.append(pattern) }
            return pattern == "day"
        }
        let answer = changed.answer(query)
        #expect(
            Set(answer.hits.map(\.card.first)) == [
                "Kelowna Clinic", "Province Clinic", "Vancouver Clinic", "New Clinic",
            ])
        #expect(asked.withLock { $0.sorted() } == ["day", "night"])
    }

    @Test func `what was checked lately comes first`() throws {
        let index = try index([
            document(1, "Never", checked: nil), document(2, "Old", checked: today + -700),
            document(3, "Year", checked: today + -300), document(4, "New", checked: today + -20),
        ])
        #expect(index.names("") == ["New", "Year", "Old", "Never"])
    }

    private func query(_ text: String, _ change: (inout SearchQuery) -> Void) -> SearchQuery {
        var query = SearchQuery(text, today: today)
        change(&query)
        return query
    }
}
