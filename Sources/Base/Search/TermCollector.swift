/// The words of a segment's texts with their stems, and which documents have them how prominently.
struct TermCollector {
    private var words = WordTable()
    private var lists = PostingLists()
    private let stemmers = Stemmers()
    private var tokeniser = Tokeniser()
    /// The stems of a word; nil for a term that so far is only the stem of others.
    private var stems: [[Int]?] = []
    /// How prominent each term is in the document being read: strongest field, and further occurrences.
    private var strongest: [UInt8] = []
    private var further: [UInt8] = []
    private var touched: [Int] = []

    mutating func read(_ text: String, weight: UInt8) {
        var text = text
        var tokeniser = tokeniser
        text.withUTF8 { bytes in
            tokeniser.read(bytes) { word, elision, _ in
                note(word, weight)
                if elision > 0 { note(Array(word[elision...]), weight) }
            }
        }
        self.tokeniser = tokeniser
    }

    mutating func finish(document: Int) {
        for term in touched {
            let weight = strongest[term] * 16 + min(further[term], 8) * 4
            lists.add(document, to: term, weight: weight)
            strongest[term] = 0
            further[term] = 0
        }
        touched.removeAll(keepingCapacity: true)
    }

    /// The sections of the terms, and for each term a sign of its letters (0 for one that is only a stem).
    func sections(documents: Int) -> [[UInt8]] {
        let order = words.sortedNumbers()
        var signs: [UInt8] = []
        for term in order { signs.appendNumber(stems[term] == nil ? 0 : LetterSign(words.word(term)).bits) }
        return lists.sections(of: words, order: order, documents: documents, weighted: true) + [signs]
    }

    private mutating func note(_ word: [UInt8], _ weight: UInt8) {
        let term = number(of: word)
        mark(term, weight)
        if let known = stems[term] {
            for stem in known { mark(stem, weight) }
            return
        }
        let found = stemmers.stems(of: word).map { number(of: $0) }
        stems[term] = found
        for stem in found { mark(stem, weight) }
    }

    private mutating func mark(_ term: Int, _ weight: UInt8) {
        if strongest[term] == 0 {
            touched.append(term)
        } else {
            further[term] = min(further[term] + 1, 8)
        }
        strongest[term] = max(strongest[term], weight)
    }

    private mutating func number(of word: [UInt8]) -> Int {
        let number = words.number(of: word)
        if number == strongest.count {
            strongest.append(0)
            further.append(0)
            stems.append(nil)
        }
        return number
    }
}
