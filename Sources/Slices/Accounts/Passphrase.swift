import Foundation

/// What a passphrase must be. After a theft of the database nothing but the passphrase keeps a key shut.
enum Passphrase {
    static let shortest = 16
    static let longest = 200

    /// Guessed first.
    private static let common = [
        "password", "passphrase", "motdepasse", "phrasedepasse", "qwertyuiop", "qwerty", "azertyuiop", "azerty",
        "asdfghjkl",
        "zxcvbnm", "letmein", "iloveyou", "welcome", "bienvenue", "waymark", "admin",
    ]
    private static let leastLeft = 10
    private static let leastDifferent = 8

    /// Why somebody called `name` may not take `typed`.
    static func fault(_ typed: String, name: String) -> String? {
        if typed.isEmpty { return "required" }
        if typed.count < shortest { return "too-short" }
        if typed.count > longest { return "too-long" }
        if isEasy(typed) { return "too-easy" }
        return name.count > 3 && typed.lowercased().contains(name.lowercased()) ? "holds-name" : nil
    }

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
