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
        let plain: [String: [String]]?
    }

    private let facets: [String: [String]]
    private let longest: Int
    private let singleWords: [String]
    let synonyms: SearchSynonyms
    /// Words that mean themselves, though a place is spelled almost like them.
    let plainWords: Set<String>

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
        singleWords = facets.keys.filter { !$0.contains(" ") && $0.utf8.count >= 5 }.sorted()
        longest = facets.keys.map { $0.split(separator: " ").count }.max() ?? 1
        synonyms = SearchSynonyms(groups: file.same.map(\.words))
        plainWords = Set((file.plain ?? [:]).values.joined().flatMap(SearchText.words))
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

    func knows(_ word: String) -> Bool { facets[word] != nil }

    /// The known word that is one letter off a longer one.
    func nearest(to word: String) -> String? {
        let typed = Array(word.utf8)
        guard typed.count >= 5 else { return nil }
        return singleWords.first { isOneEditApart(Array($0.utf8), typed) }
    }

    /// `text` with each longer word that is one letter off a known one put right; nil when there is none.
    func corrected(_ text: String) -> (words: [String], corrections: [(from: String, to: String)])? {
        var corrections: [(from: String, to: String)] = []
        let words = text.split(separator: " ").map(String.init).map { word -> String in
            guard facets[word] == nil, !plainWords.contains(word), let better = nearest(to: word) else { return word }
            corrections.append((word, better))
            return better
        }
        return corrections.isEmpty ? nil : (words, corrections)
    }
}
