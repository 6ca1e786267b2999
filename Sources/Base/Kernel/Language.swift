/// A language a page or a text is written in, as the first part of a public path: `en`, `fr`, or a longer BCP 47 tag.
package struct Language: Hashable, Sendable, CustomStringConvertible {
    package let code: String

    package init(_ code: String) { self.code = code }

    package static let english = Language("en")
    package static let french = Language("fr")
    /// English text turned right to left, to prove layouts without a speaker. Never offered to visitors.
    package static let mirrored = Language("ar-xb")

    package var isRightToLeft: Bool {
        ["ar", "fa", "he", "ps", "ur"].contains(String(code.prefix { $0 != "-" }))
    }

    package var description: String { code }
}
