import Foundation

/// The key of one text of a slice. Each slice has one enum of them; a test compares it with the slice's catalogues.
package protocol Phrase: RawRepresentable<String>, CaseIterable, Sendable {}

/// The texts of one language: gettext PO entries by key. A fuzzy entry is stale and counts as absent.
package struct Catalogue: Sendable {
    package struct Entry: Sendable, Equatable {
        /// One text, or one per plural form.
        package let forms: [String]
        /// `written`, `machine` or `reviewed`, from the extracted comment `#. standing: …`.
        package let standing: String
        let templates: [Template]

        init(forms: [String], standing: String) {
            self.forms = forms
            self.standing = standing
            templates = forms.map(Template.init)
        }
    }

    /// A text taken apart at its `{name}` places.
    struct Template: Sendable, Equatable {
        private struct Gap: Sendable, Equatable {
            let before: String
            let name: String
        }

        private let gaps: [Gap]
        private let rest: String

        init(_ text: String) {
            var gaps: [Gap] = []
            var rest = Substring(text)
            while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
                gaps.append(
                    Gap(before: String(rest[..<open]), name: String(rest[rest.index(after: open)..<close])))
                rest = rest[rest.index(after: close)...]
            }
            self.gaps = gaps
            self.rest = String(rest)
        }

        /// The text with what `value` gives for each name.
        func filled(_ value: (String) -> String) -> String {
            guard !gaps.isEmpty else { return rest }
            var text = ""
            for gap in gaps {
                text += gap.before
                text += value(gap.name)
            }
            return text + rest
        }
    }

    package private(set) var entries: [String: Entry] = [:]
    private var plural = PluralRule.other

    package init() {}

    /// Reads a PO file. Throws `CatalogueFault` with the line of the first thing it cannot read.
    package init(po text: String) throws {
        var reader = POReader()
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            try reader.read(line.trimmingCharacters(in: .whitespaces), at: number + 1)
        }
        try reader.finish()
        entries = reader.entries
        plural = try PluralRule(header: reader.header)
    }

    package mutating func add(_ other: Catalogue) throws {
        if let key = other.entries.keys.filter({ entries[$0] != nil }).min() {
            throw CatalogueFault(line: 1, what: "the key \(key) is another catalogue's already")
        }
        entries.merge(other.entries) { own, _ in own }
        plural = other.plural
    }

    func form(_ key: String, count: Int?) -> Template? {
        guard let forms = entries[key]?.templates else { return nil }
        guard let count, forms.count > 1 else { return forms.first }
        return forms[min(plural.form(count), forms.count - 1)]
    }

    /// The same texts as another language's, each changed by `change`.
    func mapped(_ change: (String) -> String) -> Catalogue {
        var copy = self
        copy.entries = entries.mapValues { Entry(forms: $0.forms.map(change), standing: "machine") }
        return copy
    }
}

package struct CatalogueFault: Error, CustomStringConvertible {
    package let line: Int
    package let what: String

    package var description: String { "Line \(line) of the catalogue: \(what)." }
}

/// Which form a count takes, from the `Plural-Forms` header; the rules of English and French in CLDR 42, integers only.
enum PluralRule: String, Sendable {
    case other = "nplurals=1; plural=0;"
    case notOne = "nplurals=2; plural=(n != 1);"
    case moreThanOne = "nplurals=2; plural=(n > 1);"

    init(header: String) throws {
        let line = header.split(separator: "\n").first { $0.hasPrefix("Plural-Forms:") }
        guard let line else {
            self = .other
            return
        }
        let rule = line.dropFirst("Plural-Forms:".count).trimmingCharacters(in: .whitespaces)
        guard let known = PluralRule(rawValue: rule) else {
            throw CatalogueFault(line: 1, what: "the plural rule \(rule) is not known")
        }
        self = known
    }

    func form(_ count: Int) -> Int {
        switch self {
        case .other: 0
        case .notOne: count == 1 ? 0 : 1
        case .moreThanOne: count > 1 ? 1 : 0
        }
    }
}

private struct POReader {
    var entries: [String: Catalogue.Entry] = [:]
    var header = ""
    private var key = ""
    private var forms: [String] = []
    private var standing = "written"
    private var isFuzzy = false
    private var target = Target.none

    private enum Target { case none, key, plural, form(Int) }

    mutating func read(_ line: String, at number: Int) throws {
        if line.isEmpty { return try finish() }
        if line.hasPrefix("#") { return comment(line) }
        if line.hasPrefix("\"") { return try append(line[...], at: number) }
        guard let space = line.firstIndex(of: " ") else { throw CatalogueFault(line: number, what: "no text") }
        let word = line[..<space]
        switch word {
        case "msgid": target = .key
        case "msgid_plural": target = .plural
        case "msgstr": target = .form(0)
        default:
            guard word.hasPrefix("msgstr["), let index = Int(word.dropFirst(7).dropLast()), (0..<6).contains(index)
            else { throw CatalogueFault(line: number, what: "unknown word \(word)") }
            target = .form(index)
        }
        try append(line[space...].drop { $0 == " " }, at: number)
    }

    private mutating func comment(_ line: String) {
        if line.hasPrefix("#. standing: ") { standing = String(line.dropFirst(13)) }
        if line.hasPrefix("#,"), line.contains("fuzzy") { isFuzzy = true }
    }

    private mutating func append(_ quoted: Substring, at number: Int) throws {
        guard quoted.count >= 2, quoted.hasPrefix("\""), quoted.hasSuffix("\"") else {
            throw CatalogueFault(line: number, what: "a text without its quotes")
        }
        let text = quoted.dropFirst().dropLast()
            .replacing("\\n", with: "\n").replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
        switch target {
        case .none: throw CatalogueFault(line: number, what: "a text without a key")
        case .key: key += text
        case .plural: break
        case .form(let index):
            while forms.count <= index { forms.append("") }
            forms[index] += text
        }
    }

    mutating func finish() throws {
        if case .none = target { return }
        if key.isEmpty {
            header = forms.first ?? ""
        } else if !isFuzzy, forms.allSatisfy({ !$0.isEmpty }) {
            entries[key] = Catalogue.Entry(forms: forms, standing: standing)
        }
        (key, forms, standing, isFuzzy, target) = ("", [], "written", false, .none)
    }
}
