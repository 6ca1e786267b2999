import Foundation
package import Kernel

/// What alone opens a file or an answer: 132 random bits, written as twelve words or as forty digits that look like any
/// reference. The first half finds, the second half opens; neither tells anything about the other.
package struct Receipt: Sendable, Hashable {
    /// Twelve numbers below 2,048.
    private let numbers: [Int]

    private static let count = 12
    private static let base = 2048
    private static let digitCount = 40

    package init(chance: (Int) -> [UInt8]) {
        let bytes = chance(Self.count * 2)
        numbers = (0..<Self.count).map { (Int(bytes[$0 * 2]) << 8 | Int(bytes[$0 * 2 + 1])) % Self.base }
    }

    /// Twelve bytes for finding what the receipt belongs to; kept only as a keyed digest.
    package var locator: [UInt8] { Self.bytes(numbers.prefix(Self.count / 2)) }

    /// Twelve bytes for the key; kept nowhere.
    package var opener: [UInt8] { Self.bytes(numbers.suffix(Self.count / 2)) }

    private static func bytes(_ numbers: some Sequence<Int>) -> [UInt8] {
        numbers.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    }

    // MARK: As words

    package func words(_ list: WordList) -> [String] { numbers.map { list.words[$0] } }

    /// Reads what a person typed: twelve words of one of `lists` in any case and spacing, each by its first four letters, or
    /// forty digits. Says which word is not in the list, which tells nothing about any receipt.
    package init(typed: String, _ lists: [WordList]) throws(ReceiptFault) {
        let digits = typed.unicodeScalars.filter { ("0"..."9").contains($0) }
        let letters = typed.unicodeScalars.contains(where: \.properties.isAlphabetic)
        if !letters {
            numbers = try Self.numbers(digits: digits.map { Int($0.value) - 48 })
            return
        }
        let plain = typed.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
        let words = plain.split { !$0.isLetter }.map(String.init)
        guard words.count == Self.count else { throw .wordCount(words.count) }
        let readings = lists.map { list in words.map(list.number) }
        if let whole = readings.first(where: { !$0.contains(nil) }) {
            numbers = whole.compactMap(\.self)
            return
        }
        let nearest = readings.max { $0.count(where: { $0 != nil }) < $1.count(where: { $0 != nil }) } ?? []
        throw .unknownWords(nearest.indices.filter { nearest[$0] == nil }.map { $0 + 1 })
    }

    // MARK: As digits

    /// Forty digits, of which the first is 5 or less.
    package var digits: String {
        var digits = [Int](repeating: 0, count: Self.digitCount)
        for number in numbers { Self.shift(&digits, adding: number) }
        return digits.map(String.init).joined()
    }

    /// In groups of four, as references are printed.
    package var printedDigits: String {
        let digits = Array(digits)
        return stride(from: 0, to: digits.count, by: 4).map { String(digits[$0..<($0 + 4)]) }.joined(separator: " ")
    }

    /// `digits` × 2,048 + `number`, in place.
    private static func shift(_ digits: inout [Int], adding number: Int) {
        var carry = number
        for place in digits.indices.reversed() {
            let value = digits[place] * base + carry
            (digits[place], carry) = (value % 10, value / 10)
        }
    }

    private static func numbers(digits: [Int]) throws(ReceiptFault) -> [Int] {
        guard digits.count == digitCount else { throw .digitCount(digits.count) }
        var rest = digits
        var numbers: [Int] = []
        for _ in 0..<count {
            var remainder = 0
            for place in rest.indices {
                let value = remainder * 10 + rest[place]
                (rest[place], remainder) = (value / base, value % base)
            }
            numbers.append(remainder)
        }
        guard rest.allSatisfy({ $0 == 0 }) else { throw .noReceipt }
        return numbers.reversed()
    }
}

/// What is wrong with a typed receipt, as far as its form shows.
package enum ReceiptFault: Error, Equatable {
    case wordCount(Int)
    case digitCount(Int)
    /// Places of the words that are in no list, from 1.
    case unknownWords([Int])
    case noReceipt
}

/// The words of receipts in one language: 2,048, told apart by their first four letters.
package struct WordList: Sendable {
    package let language: Language
    package let words: [String]
    private let numbers: [String: Int]

    package init?(_ language: Language, _ words: [String]) {
        guard words.count == 2048 else { return nil }
        self.language = language
        self.words = words
        numbers = Dictionary(
            words.enumerated().map { (String($1.prefix(4)), $0) }, uniquingKeysWith: { first, _ in first })
        guard numbers.count == words.count else { return nil }
    }

    /// The list of `language`, or the English one where there is none yet.
    package static func of(_ language: Language) -> WordList? { all.first { $0.language == language } ?? all.first }

    /// The lists there are, English first.
    package static let all: [WordList] = [Language.english, .french].compactMap { language in
        guard let folder = Bundle.module.url(forResource: "WordLists", withExtension: nil),
            let text = try? String(contentsOf: folder.appending(path: "\(language.code).txt"), encoding: .utf8)
        else { return nil }
        return WordList(language, text.split(separator: "\n").map(String.init))
    }

    /// Where `word` stands; a word cut off after four letters or more is enough.
    package func number(of word: String) -> Int? {
        let word = word.lowercased()
        guard let number = numbers[String(word.prefix(4))], words[number].hasPrefix(word)
        else { return nil }
        return number
    }
}
