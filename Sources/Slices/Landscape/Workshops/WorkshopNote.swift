import Kernel
import Storage

/// One note of a group. Who of the group wrote it is not known.
struct WorkshopNote: Sendable, Equatable {
    /// Sent from a phone, or copied from paper by the facilitator afterwards.
    enum Source: String, Sendable { case phone, paper }

    struct Content: Sendable, Equatable {
        let kind: Finding.Kind
        let focus: Finding.Focus
        /// As it was written: a town, a region, a road.
        let place: String?
        let text: String
    }

    let id: Identifier<WorkshopNote>
    /// Of its newest change, among those of its workshop.
    let number: Int
    let group: Int
    /// Nil once it was taken away while the workshop was open or after a finding was made of it; then nothing of what it said
    /// is left.
    let content: Content?
    let language: Language
    let source: Source
    /// The finding that was made from it.
    let finding: Identifier<Finding>?
}

/// As many notes as one page shows, in the order of their changes.
struct NoteSheet: Sendable {
    static let most = 200

    let notes: [WorkshopNote]
    /// The number that all of these come before; nil for the newest.
    let before: Int?
    /// Before which number there are older ones.
    let older: Int?
}

/// What somebody typed for a note, before it is known to be one.
struct NoteForm: Sendable, Equatable {
    var kind = ""
    var focus = ""
    var place = ""
    var text = ""

    /// UTF-16 units, as a browser counts them.
    static let longestText = 600
    static let longestPlace = 80

    init(kind: String = "", focus: String = "", place: String = "", text: String = "") {
        self.kind = kind
        self.focus = focus
        self.place = place
        self.text = text
    }

    init(_ content: WorkshopNote.Content) {
        self.init(
            kind: content.kind.rawValue, focus: content.focus.rawValue, place: content.place ?? "", text: content.text)
    }

    func content() throws(Problems) -> WorkshopNote.Content {
        var problems = Problems()
        if text.isEmpty { problems.add("text", "required") }
        if text.utf16.count > Self.longestText { problems.add("text", "note-too-long") }
        let (kind, focus) = (Finding.Kind(rawValue: kind), Finding.Focus(rawValue: focus))
        if kind == nil { problems.add("kind", "choose-one") }
        if focus == nil { problems.add("focus", "choose-one") }
        if place.utf16.count > Self.longestPlace { problems.add("place", "too-long") }
        try problems.check()
        guard let kind, let focus else { throw problems }
        return WorkshopNote.Content(
            kind: kind, focus: focus, place: place.isEmpty ? nil : oneLine(place),
            text: text.replacing("\r", with: "\n"))
    }

    private func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
}

/// What one form holds: sent twice it is one note; sent again with other words it is another, so that nothing typed is lost.
struct NoteKey: Sendable {
    let digest: String

    /// - Parameter form: what the page gave the form; anything else is kept apart as well.
    init(_ form: String, _ content: WorkshopNote.Content, _ owner: String) {
        let parts = [
            owner, form, content.kind.rawValue, content.focus.rawValue, content.place ?? "", content.text,
        ]
        digest = sha256(parts.map { "\($0.utf8.count):\($0)" }.joined())
    }
}
