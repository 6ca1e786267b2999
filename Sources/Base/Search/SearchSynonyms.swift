/// Groups of words and phrases that mean the same; looking for one finds the others at a lower rank.
/// Build once and hand the same value to every query.
package struct SearchSynonyms: Sendable {
    private var groups: [[[[UInt8]]]] = []
    private var groupsOf: [String: [Int]] = [:]
    private(set) var longest = 0

    /// No synonyms.
    package init() {}

    /// Each group holds words or phrases of equal meaning; empty ones are passed over.
    package init(groups: [[String]]) {
        let stemmers = Stemmers()
        for group in groups {
            let phrases = group.map { SearchText.tokens(of: $0).map(\.core) }.filter { !$0.isEmpty }
            guard phrases.count > 1 else { continue }
            for phrase in phrases {
                longest = max(longest, phrase.count)
                groupsOf[Self.key(phrase.map(stemmers.key)), default: []].append(self.groups.count)
            }
            self.groups.append(phrases)
        }
    }

    /// The other phrases of every group that holds the phrase with these stems.
    func others(than stems: ArraySlice<String>, _ stemmers: Stemmers) -> [[[UInt8]]] {
        let wanted = Self.key(stems)
        guard let numbers = groupsOf[wanted] else { return [] }
        return numbers.flatMap { groups[$0] }.filter { phrase in
            Self.key(phrase.map(stemmers.key)) != wanted
        }
    }

    func knows(_ stems: ArraySlice<String>) -> Bool { groupsOf[Self.key(stems)] != nil }

    private static func key(_ stems: some Sequence<String>) -> String { stems.joined(separator: " ") }
}
