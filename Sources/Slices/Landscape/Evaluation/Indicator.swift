import Kernel

/// Something by which the network sees whether its work changes anything, as who decides what counts wants it seen.
struct Indicator: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable { case number, milestone, change, story }

    enum Field: String, Sendable, CaseIterable {
        case name, kind, about, decides, source, unit, people, outOf = "out-of", partOf = "part-of"
        case baseline, baselineOn = "baseline-on", target, targetOn = "target-on"
        case actions, findings, small, review, state

        var isRequired: Bool { [.name, .kind, .decides, .source, .people, .small, .state].contains(self) }
        var longest: Int { [.about, .review].contains(self) ? 4000 : 500 }
        /// The values it may have; empty where it is free.
        var choices: [String] {
            switch self {
            case .kind: Kind.allCases.map(\.rawValue)
            case .people, .small: ["no", "yes"]
            case .state: ["open", "closed"]
            default: []
            }
        }
    }

    let id: Identifier<Indicator>
    /// In the order in which they were added.
    let number: Int
    var version = 1
    var texts: [Field: String] = [:]

    subscript(field: Field) -> String { texts[field] ?? "" }

    var kind: Kind { Kind(rawValue: self[.kind]) ?? .story }
    var countsPeople: Bool { self[.people] == "yes" }
    var parent: Identifier<Indicator>? { Identifier(self[.partOf]) }
    func links(_ field: Field) -> [String] { self[field].split(separator: ", ").map(String.init) }

    /// Nothing about a small community goes out before somebody of it looked whether it could harm.
    var awaitsReview: Bool { self[.small] == "yes" && self[.review].isEmpty }
}

/// What was seen on a day.
struct Measurement: Sendable, Equatable {
    /// To how many it mattered, in words: one person is enough.
    enum Reach: String, Sendable, CaseIterable { case one, some, many }
    /// For what the teller gave a text.
    enum Use: String, Sendable, CaseIterable { case page, data }

    let id: Identifier<Measurement>
    let indicator: Identifier<Indicator>
    var day: Day
    /// Of a number, as it is kept: `12.5`.
    var value: String?
    var outOf: String?
    /// Of a milestone.
    var isReached: Bool?
    var reach: Reach?
    /// The note of a number or milestone, the text of a change or story.
    var body = ""
    var source = ""
    /// Empty where the text is nobody's own.
    var uses: [Use] = []
    var agreedOn: Day?
    /// The desk that wrote it down.
    var desk = ""
    var isWithdrawn = false
    var reason: String?

    /// The text belongs to who told it.
    var isTold: Bool { agreedOn != nil }
}

/// One change of an indicator, as its history keeps it. What was told never stands in it.
struct IndicatorChange: Sendable, Equatable {
    let at: Instant
    /// A role, never a person.
    let actor: String
    let desk: String
    /// The raw value of a field, or `measured`, `withdrawn`, or of what somebody told `told`, `taken-back`.
    let what: String
    let before: String
    let after: String

    /// What was told leaves no line for anybody but staff, so that taking it back takes all of it.
    var isPublic: Bool { !["told", "taken-back"].contains(what) }
}

/// A number as forms, tables and exports have it.
enum Amount {
    /// `12.5` of `12,5` or ` 1 200 `; nil for what is no number.
    static func read(_ text: String) -> String? {
        var text = text.filter { !" \u{a0}\u{202f}".contains($0) }.replacing(",", with: ".")
        let sign = text.hasPrefix("-") ? "-" : ""
        if text.hasPrefix("-") { text.removeFirst() }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { 48...57 ~= $0 } }),
            parts[0].utf8.count <= 12, parts.count == 1 || parts[1].utf8.count <= 4
        else { return nil }
        let whole = parts[0].drop { $0 == "0" }
        let rest = parts.count == 2 ? String(parts[1].reversed().drop { $0 == "0" }.reversed()) : ""
        let amount = "\(whole.isEmpty ? "0" : whole)\(rest.isEmpty ? "" : ".\(rest)")"
        return amount == "0" ? amount : sign + amount
    }

    /// Nil where it is no whole number from 0.
    static func count(_ text: String) -> Int? { Int(text).flatMap { $0 >= 0 ? $0 : nil } }
}

/// What the rules of evaluation forbid.
enum EvaluationRefusal: String, Refusal {
    case noIndicator = "not-found"
    case notYours = "measurement-not-yours"
    /// It is measured no more.
    case closed = "indicator-closed"

    var code: String { rawValue }

    var status: Int {
        switch self {
        case .noIndicator: 404
        case .notYours: 403
        case .closed: 409
        }
    }

    var description: String {
        switch self {
        case .noIndicator: "There is no such indicator."
        case .notYours: "Another desk wrote this down; nothing was changed."
        case .closed: "This indicator is closed; nothing was changed."
        }
    }
}
