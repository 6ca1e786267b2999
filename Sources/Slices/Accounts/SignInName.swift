import Foundation

/// The name somebody signs in with. However it is typed, composed or not, large or small, it is one name.
struct SignInName: Sendable {
    private static let longest = 60

    /// As the desk sees it.
    let shown: String

    init(_ typed: String) {
        shown = typed.precomposedStringWithCompatibilityMapping
            .split(separator: " ").joined(separator: " ")
    }

    /// What two names must not share.
    var key: String { shown.folding(options: .caseInsensitive, locale: nil) }

    /// Why nobody may be called so.
    var fault: String? {
        if shown.isEmpty { return "required" }
        if shown.unicodeScalars.count > Self.longest { return "too-long" }
        // What cannot be seen, or turns what stands beside it around, makes one name look like another.
        let hidden: Set<Unicode.GeneralCategory> = [
            .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
        ]
        let isPlain = shown.unicodeScalars.allSatisfy { !hidden.contains($0.properties.generalCategory) }
        return isPlain && shown.contains(where: { $0.isLetter || $0.isNumber }) ? nil : "not-plain"
    }
}

/// Passphrases that are guessed first. After a theft of the database nothing but the passphrase keeps a key shut.
enum Passphrase {
    private static let common = [
        "password", "passphrase", "motdepasse", "phrasedepasse", "qwertyuiop", "qwerty", "azertyuiop", "azerty",
        "asdfghjkl",
        "zxcvbnm", "letmein", "iloveyou", "welcome", "bienvenue", "waymark", "admin",
    ]
    private static let leastLeft = 10
    private static let leastDifferent = 8

    /// True for what is mostly well-known words, runs such as 12345, or few different signs.
    static func isEasy(_ typed: String) -> Bool {
        var plain = typed.precomposedStringWithCompatibilityMapping.lowercased()
        plain.removeAll { $0.isWhitespace || $0.isPunctuation }
        for word in common { plain = plain.replacing(word, with: "") }
        let values = plain.unicodeScalars.map { Int($0.value) }
        let steps = zip(values, values.dropFirst()).filter { abs($0 - $1) <= 1 }.count
        return plain.count - steps < leastLeft || Set(plain).count < leastDifferent
    }
}
