import Foundation

/// What a character is to the tokeniser.
enum FoldedLetter {
    case separator
    /// Takes no room and does not end a word.
    case nothing
    case apostrophe
    case letters([UInt8])
}

/// Folds characters to plain lower-case letters: no case, no marks, and the letters of First Nations
/// orthographies as they are typed on a keyboard without them.
enum LetterFolding {
    /// `character replacement` pairs beyond what Unicode decomposition gives.
    private static let replacements: [UInt32: [UInt8]] = {
        let pairs = """
            ʷ w ᵂ w ʰ h ʸ y ˣ x ə e ɘ e Ə e ǝ e Ǝ e ɛ e Ɛ e ɔ o Ɔ o θ th Θ th ɬ l ł l Ł l ƚ l λ l Λ l ƛ tl ꭓ x χ x Χ x
            ǥ g Ǥ g ɡ g ɣ g Ɣ g ŋ ng Ŋ ng š s č c ž z ɨ i Ɨ i ʉ u Ʉ u ɵ o Ɵ o ƀ b đ d Đ d ð d Ð d þ th Þ th ħ h Ħ h ı i ĸ k
            ø o Ø o œ oe Œ oe æ ae Æ ae ß ss ẞ ss ſ s ᑊ p ƙ k Ƙ k ɓ b ɗ d ƴ y ɐ a ɑ a ʊ u ɩ i ɪ i ʃ sh ʒ zh ƶ z Ƶ z ⱪ k
            ꞓ c ꞷ o
            """.split { $0 == " " || $0 == "\n" }
        var table: [UInt32: [UInt8]] = [:]
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            guard let scalar = pairs[index].unicodeScalars.first else { continue }
            table[scalar.value] = Array(pairs[index + 1].utf8)
        }
        return table
    }()

    /// Glottal stops, length marks, modifier marks, soft hyphen and joiners: part of a word, but not typed.
    private static let silent: Set<UInt32> = [
        0xAD, 0xB7, 0x241, 0x242, 0x294, 0x295, 0x2B9, 0x2BA, 0x2BB, 0x2BC, 0x2BD, 0x2BE, 0x2BF, 0x2C0, 0x2C1, 0x2C8,
        0x2CA, 0x2CB, 0x2D0, 0x2D1, 0x2EE, 0x200B, 0x200C, 0x200D, 0x2060, 0x2E0, 0x2D9, 0x2C7, 0x2D0, 0xA78F, 0xA789,
        0xFEFF,
    ]

    private static let apostrophes: Set<UInt32> = [0x27, 0x60, 0xB4, 0x2018, 0x2019, 0x201B, 0x2032, 0xFF07]

    private static let common: [FoldedLetter] = (0x80..<0x2100).map { work(out: $0) }

    static func fold(_ scalar: UInt32) -> FoldedLetter {
        let index = Int(scalar) - 0x80
        return common.indices.contains(index) ? common[index] : work(out: scalar)
    }

    private static func work(out value: UInt32) -> FoldedLetter {
        if let known = replacements[value] { return .letters(known) }
        if silent.contains(value) { return .nothing }
        if apostrophes.contains(value) { return .apostrophe }
        guard let scalar = Unicode.Scalar(value) else { return .separator }
        let decomposed = String(Character(scalar)).decomposedStringWithCompatibilityMapping.lowercased()
        var letters: [UInt8] = []
        var onlyMarks = true
        for part in decomposed.unicodeScalars {
            if part.properties.generalCategory.isMark { continue }
            onlyMarks = false
            if let known = replacements[part.value] {
                letters += known
            } else if part.properties.isAlphabetic || part.properties.numericType != nil {
                letters += Array(String(Character(part)).utf8)
            }
        }
        if onlyMarks { return .nothing }
        return letters.isEmpty ? .separator : .letters(letters)
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isMark: Bool { self == .nonspacingMark || self == .enclosingMark }
}
