import Testing

@testable import Search

@Suite struct TextAnalysisTests {
    @Test(arguments: [
        ("Hébergement d'urgence", ["hebergement", "durgence"]),
        ("xʷməθkʷəy̓əm", ["xwmethkweyem"]),
        ("Sḵwx̱wú7mesh", ["skwxwu7mesh"]),
        ("səlilwətaɬ", ["selilwetal"]),
        ("ƛəmən ǥ λ χ", ["tlemen", "g", "l", "x"]),
        ("q̓ic̓əy̓ Kʷantlen", ["qicey", "kwantlen"]),
        ("Ucluelet—Huu-ay-aht", ["ucluelet", "huu", "ay", "aht"]),
        ("K’ómoks and K'omoks", ["komoks", "and", "komoks"]),
        ("Straße, cœur, ŁÓDŹ", ["strasse", "coeur", "lodz"]),
        ("24/7 LGBTQ2S+", ["24", "7", "lgbtq2s"]),
        ("ＦＵＬＬ ½", ["full", "12"]),
        ("مرحبا 世界", ["مرحبا", "世界"]),
        ("' '' - ʔ", []),
    ])
    func `text becomes plain lower-case words`(text: String, words: [String]) {
        #expect(SearchText.words(of: text) == words)
    }

    @Test func `a French elision is indexed with and without its article`() {
        #expect(
            SearchText.tokens(of: "l'aide")[0].forms.map { String(decoding: $0, as: UTF8.self) } == ["laide", "aide"])
        #expect(SearchText.tokens(of: "o'brien")[0].forms.count == 1)
    }

    @Test func `broken bytes separate words and never trap`() {
        var chance = SeededChance(7)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...40, using: &chance)).map { _ in
                UInt8.random(in: 0...255, using: &chance)
            }
            bytes.withUnsafeBufferPointer { buffer in
                var tokeniser = Tokeniser()
                tokeniser.read(buffer) { word, elision, source in
                    #expect(!word.isEmpty && elision < word.count && source.upperBound <= buffer.count)
                }
            }
        }
    }

    @Test func `two megabytes of query are cut and answered`() throws {
        let index = try index([document(1, "Shelter")])
        #expect(index.names("shelter " + String(repeating: "é\u{301}x ", count: 400_000)) == ["Shelter"])
        #expect(SearchText.tokens(of: String(repeating: "a", count: 5000))[0].word.count == Tokeniser.longestWord)
    }

    @Test(arguments: [
        ("shelter", "shetler", 1), ("shelter", "shelters", 1), ("shelter", "shlter", 1), ("shelter", "shalter", 1),
        ("counselling", "conseling", 2), ("abc", "abc", 0), ("kitten", "sitting", nil),
    ])
    func `edits are counted with swaps as one`(left: String, right: String, edits: Int?) {
        let distance = Array(right.utf8).withUnsafeBytes { Spelling.distance(Array(left.utf8), $0, limit: 2) }
        #expect(distance == edits)
    }

    @Test func `letter signs never refuse a word within reach`() {
        var chance = SeededChance(11)
        let letters = Array("abcdefgh".utf8)
        for _ in 0..<3000 {
            let word = (0..<Int.random(in: 4...9, using: &chance)).compactMap { _ in
                letters.randomElement(using: &chance)
            }
            var other = word
            for _ in 0..<2 { other[Int.random(in: 0..<other.count, using: &chance)] = letters[0] }
            #expect(LetterSign(word).isWithin(2, of: LetterSign(other)))
            other.removeLast()
            other.swapAt(0, 1)
            if let distance = other.withUnsafeBytes({ Spelling.distance(word, $0, limit: 2) }) {
                #expect(LetterSign(word).isWithin(distance, of: LetterSign(other)))
            }
        }
    }
}
