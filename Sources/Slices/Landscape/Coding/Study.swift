import Formats
package import Kernel

/// Texts that several coders mark with the codes of one codebook.
package struct Study: Sendable, Hashable {
    package let id: Identifier<Study>
    package let name: String
    package let description: String
    /// The program whose file it was read from; nil for one that was opened here.
    package let origin: String?
    package let openedOn: Day
}

/// Somebody who codes in a study, under a name that the study's files may carry.
package struct Coder: Sendable, Hashable {
    package let id: Identifier<Coder>
    package let name: String
    /// Who of the staff it is; nil for a coder that came with a file.
    let worker: String?
}

/// A code of a study's codebook. One that was used is retired, not deleted.
package struct StudyCode: Sendable, Hashable {
    package let id: Identifier<StudyCode>
    package var parent: Identifier<StudyCode>?
    package var name: String
    var text: CodeText
    /// `#rgb` or `#rrggbb`.
    var color: String?
    var isCodable = true
    package var retiredOn: Day?
    package var mergedInto: Identifier<StudyCode>?
    /// Counts its changes, so that a form made before the last one is told from a fresh one.
    var version = 1

    var isOffered: Bool { isCodable && retiredOn == nil }

    /// Every fault of what was typed, by field.
    var problems: Problems {
        var problems = Problems()
        if name.isEmpty { problems.add("name", "required") }
        if name.utf8.count > Self.longestName { problems.add("name", "too-long") }
        for (field, part) in [
            ("definition", text.definition), ("use", text.whenToUse), ("not", text.whenNot), ("example", text.example),
        ] where part.utf8.count > Self.longestText { problems.add(field, "too-long") }
        if let color, !Codebook.isColor(color) { problems.add("color", "color") }
        return problems
    }

    static let longestName = 200
    static let longestText = 4000
}

/// A text of a study, without its content. Positions count its code points.
package struct StudySource: Sendable, Hashable {
    package let id: Identifier<StudySource>
    package let name: String
    let description: String?
    package let length: Int
    /// The coders that have finished it.
    var finishedBy: Set<Identifier<Coder>> = []

    static let longestName = 200
    /// Bytes of one text that comes through a page.
    static let largest = 4 << 20
}

/// A stretch of a source that one coder marked, with codes and a memo.
package struct Highlight: Sendable, Hashable {
    struct Mark: Sendable, Hashable {
        let id: Identifier<Mark>
        let code: Identifier<StudyCode>
        let coder: Identifier<Coder>?
        var made: String?
    }

    package let id: Identifier<Highlight>
    package let source: Identifier<StudySource>
    /// Nil where the file it came from named nobody.
    package let coder: Identifier<Coder>?
    package let start: Int
    package let end: Int
    var name: String?
    package var memo: String?
    /// As xsd:dateTime writes it.
    var made: String?
    var marks: [Mark] = []

    static let longestMemo = 4000

    func overlaps(_ range: Range<Int>) -> Bool { start < range.upperBound && range.lowerBound < end }
}

/// Something said beside a source, a highlight or a finding, never in it. Open until somebody resolves it.
package struct Remark: Sendable, Hashable {
    enum Subject: String, Sendable { case source, highlight, finding }

    package let id: Identifier<Remark>
    let subject: Subject
    let subjectId: String
    /// Who of the staff said it.
    let worker: String
    package let author: String
    /// Empty once its words were taken away.
    package let text: String
    package let madeOn: Day
    package let resolvedOn: Day?

    static let longest = 4000
}

/// What the rules of coding forbid.
package enum CodingRefusal: String, Refusal {
    case notAllowed = "not-allowed"
    case notFound = "not-found"
    case notACoder = "not-a-coder"
    case finished
    case beyond
    case cycle
    case stale
    case retired
    case openRemarks = "open-remarks"
    /// A published finding would be about a small community of which nobody looked whether it could harm.
    case unreviewed
    case notMergeable = "not-mergeable"
    /// The code of a form is not there any more.
    case gone
    /// Phones can still change the notes of the workshop.
    case stillOpen = "still-open"
    /// Who keeps the landscape could see what others marked, and cannot code apart from them any more.
    case sawOthers = "saw-others"
    /// Too many codes, or too many one under the other.
    case tooMany = "too-many"
    /// The baseline is neither drafted into nor merged.
    case printed
    /// A published finding that is contested keeps two sides.
    case oneSided = "one-sided"
    /// Somebody could see others' work in a text, and does not go on in it.
    case seen

    package var code: String { rawValue }

    package var status: Int {
        switch self {
        case .notAllowed: 403
        case .notFound: 404
        case .beyond: 422
        case .notACoder, .finished, .cycle, .stale, .retired, .openRemarks, .unreviewed, .notMergeable, .gone,
            .stillOpen, .sawOthers, .tooMany, .printed, .oneSided, .seen:
            409
        }
    }

    package var description: String {
        switch self {
        case .notAllowed: "This role may not do that."
        case .notFound: "There is no such thing."
        case .notACoder: "Join the study as a coder first."
        case .finished: "This text is finished; what was marked in it stays as it is."
        case .beyond: "The highlight lies beyond the end of the text."
        case .cycle: "A code cannot stand under itself."
        case .stale: "Somebody else changed this code in the meantime."
        case .retired: "The code is retired or groups others; it is not given any more."
        case .openRemarks: "A comment on it is still open."
        case .unreviewed: ScanRefusal.unreviewed.description
        case .notMergeable: "These two cannot be made one."
        case .gone: "Somebody took this code away in the meantime."
        case .stillOpen: "The workshop is still open; its notes can still be taken back."
        case .sawOthers: "Somebody has finished a text, and who keeps the landscape could see what was marked in it."
        case .tooMany: "A codebook holds 5,000 codes at most, 32 one under the other."
        case .printed: ScanRefusal.printed.description
        case .oneSided: "A published finding that is contested keeps two sides; nothing was changed."
        case .seen: "What others marked in this text could be seen; it stays finished."
        }
    }
}
