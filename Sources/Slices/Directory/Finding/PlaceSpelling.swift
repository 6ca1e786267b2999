import Search

/// Finds a misspelled place among the words of a question.
struct PlaceSpelling {
    let gazetteer: Gazetteer
    let thesaurus: Thesaurus
    let index: SearchIndex

    /// Words of the question that were read as a place: where they stand, as typed, and the place's name, folded.
    struct Reading {
        let place: Gazetteer.Place
        let name: String
        let range: Range<Int>
        let typed: String
    }

    /// The longest run of words that is near a place's name and has a word nobody knows. One edit, two when the unknown
    /// word has eight letters; a known word that is as near goes first.
    func place(in words: [String]) -> Reading? {
        let unknown = words.indices.filter { isUnknown(words[$0]) && !isPlain(words, $0) }
        guard !unknown.isEmpty else { return nil }
        for length in stride(from: min(3, words.count), to: 0, by: -1) {
            for start in 0...(words.count - length) {
                let range = start..<start + length
                let strange = unknown.filter(range.contains).map { words[$0] }
                if !strange.isEmpty, let reading = reading(of: words, range, strange) { return reading }
            }
        }
        return nil
    }

    private func reading(of words: [String], _ range: Range<Int>, _ strange: [String]) -> Reading? {
        let limit = strange.contains { $0.utf8.count >= 8 } ? 2 : 1
        guard let found = gazetteer.nearest(to: words[range], limit: limit) else { return nil }
        let names = found.name.split(separator: " ").map(String.init)
        for word in strange {
            for rival in [index.nearest(to: word), thesaurus.nearest(to: word)].compactMap(\.self)
            where !names.contains(rival) && SearchText.edits(word, rival, limit: found.edits) != nil { return nil }
        }
        let typed = words[range].joined(separator: " ")
        return Reading(place: found.place, name: found.name, range: range, typed: typed)
    }

    /// A landlord is no town called Langford; "shelter in survey" is a town all the same.
    private func isPlain(_ words: [String], _ index: Int) -> Bool {
        guard thesaurus.plainWords.contains(words[index]) else { return false }
        let before = words[..<index].suffix(2)
        return !(Self.beforePlaces.contains(before.last ?? "") || before.elementsEqual(["pres", "de"]))
    }

    private static let beforePlaces: Set<String> = ["in", "near", "around", "pres", "vers"]

    private func isUnknown(_ word: String) -> Bool {
        word.utf8.count >= 5 && !SearchText.isOnlyStopWords([word]) && !thesaurus.knows(word) && !index.knows(word)
    }
}
