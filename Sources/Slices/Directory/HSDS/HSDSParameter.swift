import Foundation
import Kernel
import Web

/// One parameter of the HSDS API. What the server accepts and what `/hsds/openapi.json` says are both read from here.
struct HSDSParameter: Sendable {
    enum Form: Sendable {
        case text
        case boolean
        case integer(ClosedRange<Int>)
        /// Degrees up to so many either side of 0.
        case degrees(Double)
        case choice([String])
        case identifier
        /// An id, or nothing for the beginning.
        case cursor
        /// RFC 3339, or a day.
        case moment
        case languageCode
    }

    let name: String
    let form: Form
    let about: String
    /// False for what the official document has.
    var isOurs = false

    /// The value of the parameter, once in the query or once in the body; the body's counts when both have it. Nil when it
    /// is not given.
    func value(in form: FormFields) throws(BadRequest) -> String? {
        let (query, body) = form.sent(name)
        if query.count > 1 || body.count > 1 { throw .givenTwice(field: name) }
        let isGood = query.allSatisfy(accepts) && body.allSatisfy { matches($0.spelling) && accepts($0.value) }
        guard isGood else { throw .brokenRule(field: name, rule: rule) }
        return body.first?.value ?? query.first
    }

    /// In a JSON body numbers and booleans are not written as text, nor text as a number.
    private func matches(_ spelling: FormFields.Spelling) -> Bool {
        switch (spelling, form) {
        case (.encoded, _), (.jsonLiteral, .boolean), (.jsonLiteral, .integer), (.jsonLiteral, .degrees): true
        case (.jsonText, .boolean), (.jsonText, .integer), (.jsonText, .degrees), (.jsonLiteral, _): false
        case (.jsonText, _): true
        }
    }

    private func accepts(_ value: String) -> Bool {
        switch form {
        case .text: value.unicodeScalars.count <= Self.longestText
        case .boolean: value == "true" || value == "false"
        case .integer(let range): Self.integer(value).map(range.contains) ?? false
        case .degrees(let most): Self.number(value).map { abs($0) <= most } ?? false
        case .choice(let values): values.contains(value)
        case .identifier: Identifier<HSDSParameter>(value) != nil
        case .cursor: value.isEmpty || Identifier<HSDSParameter>(value) != nil
        case .moment: Instant(rfc3339: value) != nil
        case .languageCode: (2...3).contains(value.utf8.count) && value.utf8.allSatisfy { (97...122).contains($0) }
        }
    }

    static let longestText = 300

    private static func integer(_ value: String) -> Int? {
        value.utf8.allSatisfy { (48...57).contains($0) || $0 == 45 } ? Int(value) : nil
    }

    /// Plain decimal notation; `nan`, `inf` and hexadecimal are no numbers of a person.
    static func number(_ value: String) -> Double? {
        let isPlain = value.utf8.allSatisfy { (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0) }
        return isPlain ? Double(value) : nil
    }

    /// The end of a sentence that begins with the name and “must be”.
    var rule: String {
        switch form {
        case .text: "text of at most \(Self.longestText) characters"
        case .boolean: "true or false"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .degrees(let most): "degrees from \(-Int(most)) to \(Int(most))"
        case .choice(let values) where values.count < 8: "one of \(values.joined(separator: ", "))"
        case .choice: "one of the values that /hsds/openapi.json lists"
        case .identifier: "a UUID"
        case .cursor: "the next_cursor of another answer, or empty"
        case .moment: "a moment such as 2026-01-31T08:00:00Z, or a day such as 2026-01-31"
        case .languageCode: "a language code of two or three small letters"
        }
    }
}

extension Instant {
    /// Reads `2026-01-31T08:00:00Z`, with a fraction, which is passed over, or an offset, or a day alone, which begins in UTC.
    init?(rfc3339 text: String) {
        let pattern =
            /(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d)))?/
            .asciiOnlyDigits()
        guard let found = text.wholeMatch(of: pattern), let day = Day(String(found.1)) else { return nil }
        let parts = [found.2, found.3, found.4, found.6, found.7].map { $0.flatMap { Int($0) } ?? 0 }
        guard parts[0] < 24, parts[1] < 60, parts[2] <= 60, parts[3] < 24, parts[4] < 60 else { return nil }
        let offset = (parts[3] * 60 + parts[4]) * (found.5 == "-" ? -60 : 60)
        self.init(seconds: Int64(day.number * 86_400 + parts[0] * 3600 + parts[1] * 60 + parts[2] - offset))
    }
}
