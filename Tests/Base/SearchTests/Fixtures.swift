import Foundation
import Kernel

@testable import Search

let today = Day(number: 20_500)
let vancouver = place(49.28, -123.12)
let surrey = place(49.19, -122.85)
let kelowna = place(49.89, -119.50)

func place(_ latitude: Double, _ longitude: Double) -> Coordinate? {
    Coordinate(latitude: latitude, longitude: longitude)
}

func key(_ number: Int) -> UUID {
    UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(number >> 8), UInt8(number & 255)))
}

/// A document whose card is its name.
func document(
    _ number: Int, _ name: String, text: String = "", facets: [String] = [], at point: Coordinate? = nil,
    areas: [String] = [], checked: Day? = today, hours: String? = nil
) -> SearchDocument {
    SearchDocument(
        key: key(number), texts: [(.name, name), (.text, text)], facets: facets, points: [point].compactMap { $0 },
        areas: areas, checkedOn: checked, hours: hours, card: [name, text])
}

func index(_ documents: [SearchDocument]) throws -> SearchIndex {
    SearchIndex(try SearchSegment(building: documents))
}

extension SearchIndex {
    /// The names of what is found.
    func names(_ text: String, _ change: (inout SearchQuery) -> Void = { _ in }) -> [String] {
        var query = SearchQuery(text, today: today)
        change(&query)
        return answer(query).hits.compactMap(\.card.first)
    }
}

/// Chance that is the same in every run (xorshift).
struct SeededChance: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

/// A small made-up town of documents with few words, so that queries meet them often.
func randomDocuments(_ count: Int, seed: UInt64, words: [String] = townWords) -> [SearchDocument] {
    var chance = SeededChance(seed)
    func some(_ list: [String], _ range: ClosedRange<Int>) -> [String] {
        (0..<Int.random(in: range, using: &chance)).compactMap { _ in list.randomElement(using: &chance) }
    }
    return (0..<count).map { number in
        let north = Double.random(in: 48.5...50, using: &chance)
        let west = Double.random(in: -124 ... -119, using: &chance)
        return SearchDocument(
            key: key(number),
            texts: [
                (.name, some(words, 1...3).joined(separator: " ")),
                (.text, some(words, 0...6).joined(separator: " ")),
            ],
            facets: some(townFacets, 0...3),
            points: (0..<Int.random(in: 0...2, using: &chance)).compactMap { place(north + Double($0), west) },
            areas: some(["north", "south", "east"], 0...1),
            checkedOn: Bool.random(using: &chance)
                ? Day(number: 20_500 - Int.random(in: 0...900, using: &chance)) : nil,
            hours: some(["day", "night", "always"], 0...1).first, card: ["\(number)"])
    }
}

let townWords = ["zebra", "quartz", "lotus", "amber", "viper", "ocean", "piano", "tulip", "cobalt", "raven"]
let townFacets = ["need:housing", "need:food", "population:men", "language:fr", "access:online"]
