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
