import Kernel
import Web

/// Where the desks that take part in an initiative talk and agree on steps, such as groups of men that act together. Nobody
/// else reads it but the coordinator, who answers for what is kept.
struct Space: Sendable {
    /// Something said; with a step also what somebody does, until when.
    struct Note: Sendable, Equatable {
        let id: Identifier<Note>
        let desk: String
        let at: Instant
        let text: String
        var step: Step?
    }

    struct Step: Sendable, Equatable {
        let desk: String
        let due: Day?
        var doneOn: Day?
    }

    /// A desk that takes part; the one that keeps the initiative always did.
    struct Member: Sendable, Equatable {
        let desk: String
        let since: Day?
    }

    let initiative: Initiative
    let members: [Member]
    /// Open steps, what is due first in front; of all pages.
    let open: [Note]
    /// A page of all that was said, the newest first; for who does not take part only what the own desk said.
    let notes: [Note]
    let page: Int
    let count: Int

    static let pageSize = 50
    /// In characters.
    static let longestNote = 2000

    var desks: [String] { members.map(\.desk) }

    /// Only groups take others in.
    static func takesIn(_ initiative: Initiative, on today: Day) -> Bool {
        initiative[.kind] == "group" && initiative.withdrawal == nil && initiative.standing(on: today) != .ended
    }

    func takesPart(_ desk: String) -> Bool { desks.contains(desk) }
    func mayRead(_ signedIn: SignedIn) -> Bool {
        takesPart(signedIn.organization) || signedIn.actor.may(.keepLandscape)
    }
    /// Who said it, who keeps the initiative, and the coordinator.
    static func mayRemove(_ note: Note, of initiative: Initiative, _ signedIn: SignedIn) -> Bool {
        [note.desk, initiative.keeper].contains(signedIn.organization) || signedIn.actor.may(.keepLandscape)
    }
}

/// A space as a list names it.
struct SpaceLine: Sendable {
    let initiative: Initiative
    let takesPart: Bool
    /// The day of the newest note; nil for none, and for who may not read it.
    let newest: Day?
    /// Open steps of the own desk.
    let open: Int
}

/// What was typed to say something.
struct SpaceDraft: Sendable {
    var text = ""
    /// The desk that does it; empty for something said and no step.
    var desk = ""
    var due = ""

    init() {}

    init(_ form: FormFields) {
        (text, desk, due) = (form.value("text") ?? "", form.value("desk") ?? "", form.value("due") ?? "")
    }

    /// - Throws: every fault at once.
    func checked(_ desks: [String]) throws(Problems) -> (text: String, step: Space.Step?) {
        var problems = Problems()
        let text = text.replacing("\r\n", with: "\n")
        if text.isEmpty { problems.add("text", "required") }
        if text.count > Space.longestNote { problems.add("text", "too-long") }
        if !desk.isEmpty, !desks.contains(desk) { problems.add("desk", "unknown-choice") }
        let day = Day(due)
        if !due.isEmpty, day == nil { problems.add("due", "not-a-day") }
        if !due.isEmpty, desk.isEmpty { problems.add("desk", "who-does-it") }
        try problems.check()
        return (text, desk.isEmpty ? nil : Space.Step(desk: desk, due: day))
    }
}
