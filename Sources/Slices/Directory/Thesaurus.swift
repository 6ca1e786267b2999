import Kernel
import Search

/// What people type and what it means, from a file that people edit.
package struct Thesaurus: Sendable {
    struct File: Decodable {
        struct Meaning: Decodable {
            let facet: String
            let en: [String]?
            let fr: [String]?
        }

        struct Equal: Decodable {
            let words: [String]
        }

        let means: [Meaning]
        let same: [Equal]
    }

    private let facets: [String: [String]]
    private let longest: Int
    let synonyms: SearchSynonyms

    init(file: File) {
        var facets: [String: [String]] = [:]
        for meaning in file.means {
            for phrase in (meaning.en ?? []) + (meaning.fr ?? []) {
                let words = SearchText.words(of: phrase).joined(separator: " ")
                if !words.isEmpty, facets[words]?.contains(meaning.facet) != true {
                    facets[words, default: []].append(meaning.facet)
                }
            }
        }
        self.facets = facets
        longest = facets.keys.map { $0.split(separator: " ").count }.max() ?? 1
        synonyms = SearchSynonyms(groups: file.same.map(\.words))
    }

    /// The phrases among `words` that the file knows, longest first, none overlapping.
    func meanings(in words: [String]) -> [(phrase: String, facets: [String], range: Range<Int>)] {
        var found: [(phrase: String, facets: [String], range: Range<Int>)] = []
        for length in stride(from: min(longest, words.count), to: 0, by: -1) {
            for start in 0...(words.count - length) {
                let range = start..<start + length
                guard !found.contains(where: { $0.range.overlaps(range) }) else { continue }
                let phrase = words[range].joined(separator: " ")
                if let facets = facets[phrase] { found.append((phrase, facets, range)) }
            }
        }
        return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }
}
