package import Foundation
package import Kernel

/// All texts of the program in all its languages. English is complete and stands in where another language lacks a text.
package struct Strings: Sendable {
    private var catalogues: [Language: Catalogue] = [:]

    /// Languages offered to visitors, in the order of the menu.
    package let offered: [Language] = [.english, .french]

    /// - Parameter folders: folders with one `<language>.po` each, one folder per slice; a key stands in one of them alone.
    package init(folders: [URL]) throws {
        for folder in folders {
            for language in offered {
                let text = try String(contentsOf: folder.appending(path: "\(language.code).po"), encoding: .utf8)
                try catalogues[language, default: Catalogue()].add(Catalogue(po: text))
            }
        }
        catalogues[.mirrored] = catalogues[.english]?.mapped(Self.mirrored)
    }

    /// The language that a path names: an offered one, or the mirrored one for those who test layouts.
    package func language(_ code: String) -> Language? {
        let language = Language(code)
        return catalogues[language] == nil ? nil : language
    }

    package func words(_ language: Language) -> Words {
        Words(
            language: language, own: catalogues[language] ?? Catalogue(), english: catalogues[.english] ?? Catalogue())
    }

    package func catalogue(_ language: Language) -> Catalogue { catalogues[language] ?? Catalogue() }

    /// The offered language a browser likes best, from its Accept-Language header; English when it likes none.
    package func preferred(_ header: String?) -> Language {
        let wishes = (header ?? "").prefix(200).split(separator: ",").prefix(20).map { wish in
            let parts = wish.split(separator: ";")
            let quality = parts.dropFirst().first.flatMap { Double($0.drop { $0 != "=" }.dropFirst()) } ?? 1
            let code = String((parts.first ?? "").prefix { $0 != "-" }).trimmingCharacters(in: .whitespaces)
            return (code: code, quality: quality)
        }
        let known = wishes.filter { wish in wish.quality > 0 && offered.contains { $0.code == wish.code.lowercased() } }
        return known.max { $0.quality < $1.quality }.map { Language($0.code.lowercased()) } ?? .english
    }

    /// Every word backwards and behind a right-to-left mark; placeholders stay readable to the program.
    private static func mirrored(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false)
            .map { $0.contains("{") ? String($0) : "\u{200f}" + String($0.reversed()) }
            .joined(separator: " ")
    }
}

/// The texts of one language, spoken by calling it with a phrase: `words(DirectoryPhrase.home)`.
package struct Words: Sendable {
    package let language: Language
    private let own: Catalogue
    private let english: Catalogue

    init(language: Language, own: Catalogue, english: Catalogue) {
        self.language = language
        self.own = own
        self.english = english
    }

    /// The text of `phrase` with `{name}` replaced by the arguments; `count` picks the plural form and fills `{count}`.
    package func callAsFunction(
        _ phrase: some Phrase, count: Int? = nil, _ arguments: KeyValuePairs<String, String> = [:]
    ) -> String {
        self[phrase.rawValue, count: count, arguments]
    }

    /// The text of a key made from data, such as `need.housing`; nil when no catalogue has it.
    package func text(key: String) -> String? {
        own.entries[key]?.forms.first ?? english.entries[key]?.forms.first
    }

    private subscript(key: String, count count: Int?, arguments: KeyValuePairs<String, String>) -> String {
        guard let template = own.form(key, count: count) ?? english.form(key, count: count) else { return key }
        return template.filled { name in
            name == "count" && count != nil ? number(count ?? 0) : arguments.first { $0.key == name }?.value ?? ""
        }
    }

    /// `12,345` or `12 345`, as this language groups digits.
    package func number(_ number: Int) -> String {
        guard number >= 1000 else { return String(number) }
        let separator = language == .french ? "\u{202f}" : ","
        let digits = Array(String(number))
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { grouped += separator }
            grouped.append(digit)
        }
        return grouped
    }
}
