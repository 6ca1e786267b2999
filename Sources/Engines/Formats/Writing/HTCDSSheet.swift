package import Kernel

/// One person's intake as a row of the Human Trafficking Case Data Standard 2.0 (IOM, CC BY 4.0), of the parts that the person
/// allowed for it. Who somebody is (names, birth, citizenship, numbers, gender, home) has no way into a row, nor has how they
/// can be reached: HTCDS has no field for the ways that are unsafe, and a number without those is a danger.
package struct HTCDSCase: Sendable {
    /// Part, question, what was answered; in the words of the intake.
    package let answers: [String: [String: [String]]]
    /// The parts that the person allowed to be written so. Of others nothing is.
    package let allowed: Set<String>
    package let referringOrganization: String?
    /// The day on which the organization accepted the referral.
    package let acceptedOn: Day?

    package init(
        answers: [String: [String: [String]]], allowed: Set<String>, referringOrganization: String? = nil,
        acceptedOn: Day? = nil
    ) {
        self.answers = answers
        self.allowed = allowed
        self.referringOrganization = referringOrganization
        self.acceptedOn = acceptedOn
    }
}

/// Rows of HTCDS as a table: UTF-8 with a byte order mark, as the other sheets. Formulas are guarded.
package struct HTCDSSheet {
    private struct Source {
        let part: String
        let question: String
        let field: String
        /// What the field takes; an answer that is not of it is left out.
        var takes: Takes = .text
    }

    private enum Takes { case text, languageCode }

    /// In the order in which several answers to one field are written. A question that is not named here is never written.
    private static let sources = [
        Source(part: "needs", question: "needs", field: details),
        Source(part: "needs", question: "needs-more", field: details),
        Source(part: "language", question: "languages", field: "prs_PrimaryLanguage", takes: .languageCode),
        Source(part: "language", question: "languages", field: details),
        Source(part: "language", question: "interpreter", field: details),
        Source(part: "language", question: "interpreter-wish", field: details),
        Source(part: "access", question: "access", field: details),
        Source(part: "companions", question: "companions", field: details),
        Source(part: "companions", question: "companions-more", field: details),
        Source(part: "wishes", question: "next", field: "spl_Objectives"),
        Source(part: "story", question: "own-words", field: "hte_Description"),
    ]

    private static let details = "cas_IncomingReferralDetails"
    private static let severalAnswers: Set = [details]

    /// Every field that is ever written, in the order of the standard.
    package static let columns = [
        "prs_PrimaryLanguage", "cas_ReferringOrganisation", "cas_IncomingReferralDate", details, "hte_Description",
        "spl_Objectives", "con_Consent",
    ]

    private var csv = CSVText(guardsFormulas: true)

    package init() {}

    package mutating func opening() -> [UInt8] {
        csv.row(Self.columns)
        return [0xef, 0xbb, 0xbf] + csv.taken()
    }

    package mutating func bytes(of person: HTCDSCase) -> [UInt8] {
        let values = Self.values(of: person)
        csv.row(Self.columns.map { values[$0] ?? "" })
        return csv.taken()
    }

    /// Field to value, before formulas are guarded.
    static func values(of person: HTCDSCase) -> [String: String] {
        // A row is made under a consent only.
        var values = ["con_Consent": "true"]
        values["cas_ReferringOrganisation"] = person.referringOrganization
        values["cas_IncomingReferralDate"] = person.acceptedOn?.description
        for source in sources where person.allowed.contains(source.part) {
            let given = (person.answers[source.part]?[source.question] ?? []).filter { !$0.isEmpty }
            let text = given.joined(separator: ", ")
            guard !text.isEmpty, source.takes == .text || isLanguageCode(text) else { continue }
            let line = severalAnswers.contains(source.field) ? "\(source.question): \(text)" : text
            values[source.field] = values[source.field].map { "\($0)\n\(line)" } ?? line
        }
        return values
    }

    /// ISO 639-1 or 639-2: two or three small letters.
    private static func isLanguageCode(_ text: String) -> Bool {
        (2...3).contains(text.utf8.count) && text.utf8.allSatisfy { 97...122 ~= $0 }
    }
}
