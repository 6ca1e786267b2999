import CStemmer

/// The Snowball stemmers of English and French. Not thread safe, so every build and every query makes its own.
final class Stemmers {
    private let english = sb_stemmer_new("english", "UTF_8")
    private let french = sb_stemmer_new("french", "UTF_8")

    deinit {
        sb_stemmer_delete(english)
        sb_stemmer_delete(french)
    }

    /// The stems of a folded word that differ from it and from each other.
    func stems(of word: [UInt8]) -> [[UInt8]] {
        guard Self.canStem(word) else { return [] }
        let first = Self.stem(word, with: english)
        let second = Self.stem(word, with: french)
        return (first == word ? [] : [first]) + (second == word || second == first ? [] : [second])
    }

    /// What two forms of one word share, for comparing phrases.
    func key(_ word: [UInt8]) -> String {
        String(decoding: Self.canStem(word) ? Self.stem(word, with: english) : word, as: UTF8.self)
    }

    private static func canStem(_ word: [UInt8]) -> Bool {
        word.count > 2 && word.allSatisfy { 0x61...0x7A ~= $0 }
    }

    private static func stem(_ word: [UInt8], with stemmer: OpaquePointer?) -> [UInt8] {
        guard let stemmer, let stem = sb_stemmer_stem(stemmer, word, Int32(word.count)) else { return word }
        let length = Int(sb_stemmer_length(stemmer))
        return length > 0 ? Array(UnsafeBufferPointer(start: stem, count: length)) : word
    }
}
