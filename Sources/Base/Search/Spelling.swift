/// Which letters a word has and how long it is: words that differ too much here need not be compared.
struct LetterSign {
    let bits: UInt32

    init(bits: UInt32) { self.bits = bits }

    init(_ word: some Collection<UInt8>) {
        bits = word.reduce(UInt32(min(word.count, 63)) << 26) { $0 | 1 << UInt32(($1 &- 0x61) % 26) }
    }

    /// False for a term that stands in no text and is only the stem of others.
    var isWord: Bool { bits != 0 }

    /// False when `edits` edits surely do not lead from one word to the other.
    @inline(__always)
    func isWithin(_ edits: Int, of other: LetterSign) -> Bool {
        let letters = (bits ^ other.bits) & 0x3FF_FFFF
        return letters.nonzeroBitCount <= 2 * edits && abs(Int(bits >> 26) - Int(other.bits >> 26)) <= edits
    }
}

/// Finds the known word that an unknown one was probably meant to be.
enum Spelling {
    private struct Guess {
        var word: [UInt8]
        /// Twice the edits, and one more for another first letter.
        var cost: Int
        var documents: Int
    }

    /// The nearest known word, among equals the most frequent; nil when none is near enough.
    static func correction(of word: [UInt8], in views: [SegmentView]) -> [UInt8]? {
        guard word.count >= 4, word.allSatisfy({ !(0x30...0x39 ~= $0) }) else { return nil }
        let edits = word.count >= 8 ? 2 : 1
        let sign = LetterSign(word)
        var guesses: [Guess] = []
        for view in views {
            for term in 0..<view.terms.count {
                let other = view.sign(of: term)
                guard other.isWord, other.isWithin(edits, of: sign) else { continue }
                let known = view.terms.word(term)
                guard known.count > 2, known.allSatisfy({ !(0x30...0x39 ~= $0) }),
                    let distance = distance(word, known, limit: edits)
                else { continue }
                let cost = distance * 2 + (known.first == word.first ? 0 : 1)
                guesses.append(Guess(word: Array(known), cost: cost, documents: view.terms.documentCount(term)))
            }
        }
        return best(of: guesses)?.word
    }

    private static func best(of guesses: [Guess]) -> Guess? {
        guard let least = guesses.map(\.cost).min() else { return nil }
        var merged: [[UInt8]: Guess] = [:]
        for guess in guesses where guess.cost == least {
            merged[guess.word, default: Guess(word: guess.word, cost: least, documents: 0)].documents += guess.documents
        }
        return merged.values.min { left, right in
            left.documents == right.documents
                ? left.word.lexicographicallyPrecedes(right.word) : left.documents > right.documents
        }
    }

    /// Insertions, deletions, substitutions and swaps of neighbours between two words; nil above the limit.
    static func distance(_ left: [UInt8], _ right: UnsafeRawBufferPointer, limit: Int) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        var before = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        var current = previous
        for row in 1...max(1, left.count) where row <= left.count {
            current[0] = row
            var least = row
            for column in 1...max(1, right.count) where column <= right.count {
                let same = left[row - 1] == right[column - 1]
                var cost = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    cost = min(cost, before[column - 2] + 1)
                }
                current[column] = cost
                least = min(least, cost)
            }
            if least > limit { return nil }
            (before, previous, current) = (previous, current, before)
        }
        return previous[right.count] <= limit ? previous[right.count] : nil
    }
}
