import Kernel
import Web

/// What somebody does now, told so that it is not done twice and others can do it too. Only what was accepted is in it.
struct Initiative: Sendable, Equatable {
    enum Field: String, Sendable, CaseIterable {
        /// `member` is the id of its organization where the network has it; else only the name is known.
        case name, member, organization, state, sector, kind, focus, theme, province, place, does
        case costLow = "cost-low", costHigh = "cost-high"
        case steps, contact, languages, result, link, meetings
        /// The ids of the principles that it keeps to, with spaces.
        case principles
        case small, review

        /// The longest text, in characters.
        var longest: Int { [.does, .steps, .result, .meetings, .review].contains(self) ? 4000 : 300 }
        var isRequired: Bool {
            [.name, .organization, .state, .sector, .kind, .focus, .province, .does, .small].contains(self)
        }
        /// The values it may have; empty where it is free.
        var choices: [String] {
            switch self {
            case .state: ["planned", "running", "paused", "ended"]
            case .sector:
                [
                    "community", "indigenous", "company", "association", "government", "police", "health", "education",
                    "faith",
                ]
            case .kind: ["service", "training", "group", "campaign", "policy", "research"]
            case .focus: Proposal.focuses
            case .small: ["no", "yes"]
            case .province: ["ab", "bc", "mb", "nb", "nl", "ns", "nt", "nu", "on", "pe", "qc", "sk", "yt"]
            default: []
            }
        }
    }

    /// The same rule as for listings: marked half a year after it was confirmed, off the map after a year.
    enum Standing: String, Sendable {
        case current, ageing, old, ended
        /// The desk that keeps it never said that it is so.
        case unconfirmed

        /// On the map, in the count and in the calendar.
        var isCounted: Bool { [.current, .ageing].contains(self) }
    }

    /// A desk said that all of it is so.
    struct Confirmation: Sendable, Equatable {
        let day: Day
        let desk: String
    }

    /// A desk took it off every public page.
    struct Withdrawal: Sendable, Equatable {
        let day: Day
        let desk: String
        let reason: String
    }

    let id: Identifier<Initiative>
    /// Whose desk wrote it.
    let desk: String
    /// Counts what was accepted; 0 where nothing was yet.
    var version: Int
    var confirmation: Confirmation?
    var withdrawal: Withdrawal?
    var texts: [Field: String] = [:]

    subscript(field: Field) -> String { texts[field] ?? "" }

    /// Whose desk confirms it: its organization's, or where that has none, who wrote it.
    var keeper: String { self[.member].isEmpty ? desk : self[.member] }

    /// Nobody but its own desk and the coordinator finds what was taken off the public pages.
    func isThere(for signedIn: SignedIn) -> Bool {
        if version == 0 { return desk == signedIn.organization }
        return withdrawal == nil || mayWithdraw(signedIn)
    }

    func mayWithdraw(_ signedIn: SignedIn) -> Bool {
        keeper == signedIn.organization || signedIn.actor.may(.keepLandscape)
    }

    /// What its own desk took off, only that desk puts back.
    func mayRestore(_ signedIn: SignedIn) -> Bool {
        guard let withdrawal else { return false }
        return withdrawal.desk == signedIn.organization
            || (withdrawal.desk != keeper && signedIn.actor.may(.keepLandscape))
    }

    static let ageingDays = 183
    static let oldDays = 365

    func standing(on today: Day) -> Standing {
        guard let confirmation else { return .unconfirmed }
        if self[.state] == "ended" { return .ended }
        let days = today - confirmation.day
        return days > Self.oldDays ? .old : days > Self.ageingDays ? .ageing : .current
    }

    /// When it is marked unless somebody confirms it.
    var confirmBy: Day? { confirmation.map { $0.day + Self.ageingDays } }

    var cost: ClosedRange<Int>? {
        guard let low = Int(self[.costLow]), let high = Int(self[.costHigh]), low <= high else { return nil }
        return low...high
    }

    func lines(_ field: Field) -> [String] { self[field].split(separator: "\n").map(String.init) }
    var principles: [String] { self[.principles].split(separator: " ").map(String.init) }
}

/// A new initiative, or what somebody would change of one. Decided once, by the coordinator.
struct InitiativeProposal: Sendable, Equatable {
    enum State: String, Sendable { case open, accepted, refused, replaced }

    let id: Identifier<InitiativeProposal>
    let initiative: Identifier<Initiative>
    let desk: String
    let at: Instant
    var state = State.open
    /// Why it was refused, for who proposed it.
    var reason: String?
    var changes: [Initiative.Field: String] = [:]
}

/// What the rules of initiatives forbid.
enum InitiativeRefusal: String, Refusal {
    case noInitiative = "not-found"
    case notYours = "initiative-not-yours"
    /// Another coordinator was first.
    case decided = "initiative-decided"
    /// Somebody else took it off, who alone can put it back.
    case takenOff = "initiative-taken-off"
    /// It is not what the page showed any more.
    case changed = "initiative-changed"
    /// Somebody took the note away.
    case noteGone = "initiative-note-gone"
    /// What was proposed contradicts what was accepted meanwhile.
    case doesNotFit = "initiative-does-not-fit"

    var code: String { rawValue }

    var status: Int {
        switch self {
        case .noInitiative: 404
        case .notYours: 403
        case .decided, .takenOff, .changed, .noteGone, .doesNotFit: 409
        }
    }

    var description: String {
        switch self {
        case .noInitiative: "There is no such initiative."
        case .notYours: "Another desk keeps this initiative; nothing was changed."
        case .decided: "Somebody decided on this already; nothing was changed."
        case .takenOff: "Only who took it off can put it back; nothing was changed."
        case .changed: "The initiative changed after the page was opened; nothing was changed."
        case .noteGone: "Somebody took this note away; nothing was changed."
        case .doesNotFit: "This does not fit what was accepted meanwhile; nothing was changed."
        }
    }
}
