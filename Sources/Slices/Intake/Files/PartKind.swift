/// What a part of a file is about. Each is asked, kept, given and taken back on its own.
package enum PartKind: String, Sendable, CaseIterable {
    case needs
    case safeContact = "safe-contact"
    case language
    case wishes
    case access
    case companions
    case story
    /// One document that the person added; a file has any number of them, and no question asks for one.
    case document

    /// The parts that are asked for, in the order of the form; one of each at most.
    static let asked = allCases.filter { $0 != .document }

    /// Of a form: a part that is written by answering.
    init?(asked text: String) {
        guard let kind = Self(rawValue: text), kind != .document else { return nil }
        self = kind
    }

    /// The questions of the part. A name is a field of forms and a key of answers, so it never changes once shipped.
    var questions: [Question] {
        switch self {
        case .needs: [Question("needs", .needs), Question("needs-more", .text(rows: 2))]
        case .safeContact:
            [
                Question("ways", .several(["call", "text", "email", "app", "meet", "through"])),
                Question("reach", .text(rows: 2)), Question("times", .text(rows: 2)),
                Question("never", .text(rows: 2)), Question("must-not-know", .text(rows: 2)),
            ]
        case .language:
            [
                Question("languages", .line), Question("interpreter", .one(["yes", "no"])),
                Question("interpreter-wish", .line),
            ]
        case .wishes: [Question("next", .text(rows: 3))]
        case .access: [Question("access", .text(rows: 2))]
        case .companions:
            [
                Question("companions", .several(["children", "baby", "pets", "adult"])),
                Question("companions-more", .text(rows: 2)),
            ]
        case .story: [Question("own-words", .text(rows: 8))]
        case .document: []
        }
    }
}

/// One question of the intake. None has to be answered.
struct Question: Sendable {
    enum Form: Sendable {
        /// The needs of the Directory, any number of them.
        case needs
        case several([String])
        case one([String])
        case line
        case text(rows: Int)
    }

    let name: String
    let form: Form

    init(_ name: String, _ form: Form) {
        self.name = name
        self.form = form
    }

    /// In Unicode scalars.
    var longest: Int {
        switch form {
        case .text(let rows) where rows > 4: 6000
        case .text: 2000
        case .line: 200
        case .needs, .several, .one: 60
        }
    }
}
