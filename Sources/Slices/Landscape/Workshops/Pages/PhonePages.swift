import Kernel
import Web

/// What every page of a workshop for phones and the wall is drawn with.
struct PhoneSetting {
    let words: Words
    let frame: PageFrame
    var phone: PhoneSecret?

    static let phoneField = "phone"
    static let formField = "form"

    func path(_ rest: String) -> String { "/\(words.language.code)/workshops\(rest.isEmpty ? "" : "/")\(rest)" }

    /// - Parameter path: after `workshops`; nil for a page that only a form leads to.
    func page(_ heading: String, path: String? = nil, _ main: HTML) -> HTML {
        frame.page(
            words, title: words(.workshopPage), path: "workshops\(path.map { "/\($0)" } ?? "")",
            scripts: ["workshop.js"], styles: ["workshop.css"], promise: words(.workshopPromise),
            """
            <h1>\(heading)</h1>
            \(main)
            """)
    }

    /// A form of this phone. With script it is sent again by itself until the server has it.
    func form(_ action: String, isStep: Bool = false, _ content: HTML) -> HTML {
        """
        <form method="post" action="\(path(action))" autocomplete="off" data-again\(if: isStep, " class=\"tools\"")>\(phone.map { HTML.hidden(Self.phoneField, $0.text) })\(content)<p class="note" role="status" data-waiting hidden>\(words(.phoneWaiting))</p></form>

        """
    }

}

/// Where a code is typed.
struct JoinPage {
    var code = ""
    var fault: String?
    /// What could not be taken: it comes along.
    var kept: NoteForm?

    func html(_ setting: PhoneSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.joinTitle),
            """
            \(HTML.alert(fault))
            \(kept.map { kept -> HTML in "<section><h2>\(words(.joinKept))</h2><blockquote>\(kept.text)</blockquote></section>" })
            <p class="lead">\(words(.joinLead))</p>
            \(setting.form("", """
            \(kept?.hidden)<label for="f-code">\(words(.joinCode))</label><p class="hint" id="f-code-hint">\(words(.joinCodeHint))</p>
            <div class="row"><input id="f-code" name="code" value="\(code)" maxlength="20" autocapitalize="characters" autocomplete="off" spellcheck="false" aria-describedby="f-code-hint"><button>\(words(.joinGo))</button></div>
            """))
            <form method="post" action="\(setting.path("room"))" data-back hidden><input type="hidden" name="\(PhoneSetting.phoneField)"><button class="second">\(words(.joinBack))</button></form>
            <h2>\(words(.joinKeptTitle))</h2><p>\(words(.joinNoNames))</p><p>\(words(.joinSeen))</p>
            """)
    }
}

/// One choice of group, and the phone is in.
struct GroupsPage {
    let workshop: Workshop
    let room: String
    var kept: NoteForm?
    var fault: String?

    func html(_ setting: PhoneSetting) -> HTML {
        let words = setting.words
        return setting.page(
            workshop.title, path: "join/\(room)",
            """
            \(HTML.alert(fault))
            <p class="lead">\(words(.groupsLead))</p>
            \(setting.form("entry", """
            \(HTML.hidden("room", room))\(kept?.hidden)<fieldset><legend>\(words(.groupsWhich))</legend>\(workshop.groupButtons)</fieldset>
            """))
            <p>\(words(.joinNoNames))</p><p>\(words(.joinSeen))</p>
            """)
    }
}

/// The page that a phone stays on: add a note, see all others.
struct RoomPage {
    let room: PhoneRoom
    let now: Instant
    /// What the next note is sent with.
    let form: String
    var typed = NoteForm()
    var problems = Problems()
    var said: String?

    func html(_ setting: PhoneSetting) -> HTML {
        let words = setting.words
        let workshop = room.workshop
        let fields = NoteFields(typed: typed, problems: problems, words: words)
        return setting.page(
            workshop.title,
            """
            <p class="quiet">\(words(.roomGroup, ["name": workshop.group(room.group) ?? ""]))</p>
            \(said.map { "<p class=\"note\" role=\"status\">\($0)</p>" })\(fields.faults.summary())
            \(NowBanner(workshop: workshop, now: now, words: words).html)
            <section><h2>\(words(.roomAdd))</h2><p>\(words(.joinNoNames))</p>
            \(setting.form("notes", "\(HTML.hidden(PhoneSetting.formField, form))\(fields.html)<p class=\"tools\"><button>\(words(.roomSend))</button><button class=\"second\" formaction=\"\(setting.path("room"))\">\(words(.roomRefresh))</button></p>"))</section>
            \(if: !room.own.isEmpty, "<section><h2>\(words(.roomOwn))</h2><ul class=\"plain\">\(room.own.reversed(), { own($0, setting) })</ul></section>")
            <section\(if: room.all.before == nil, " data-live=\"\(setting.path("live/\(workshop.door?.room ?? "")"))\" data-after=\"\(workshop.latest)\" data-phone=\"\(setting.phone?.text ?? "")\"")><h2>\(words(.roomAll))</h2>
            \(NotesBoard(workshop: workshop, notes: room.all.notes, words: words).html)
            \(room.all.older.map { older in setting.form("room", isStep: true, "\(HTML.hidden(NoteSheet.field, "\(older)"))<button class=\"second\">\(words(.notesOlder))</button>") })</section>
            \(if: room.own.isEmpty && workshop.groups.count > 1, otherGroup(setting))
            """)
    }

    /// Until the first note.
    private func otherGroup(_ setting: PhoneSetting) -> HTML {
        """
        <details><summary>\(setting.words(.groupsOther))</summary>\(setting.form("entry", "\(HTML.hidden("room", room.workshop.door?.room ?? ""))\(room.workshop.groupButtons)"))</details>
        """
    }

    private func own(_ note: WorkshopNote, _ setting: PhoneSetting) -> HTML {
        let words = setting.words
        let id = HTML.hidden("note", note.id.description)
        let text = String((note.content?.text ?? "").prefix(40))
        func button(_ action: String, _ label: String) -> HTML {
            setting.form(
                action, isStep: true,
                "\(id)<button class=\"second\" aria-label=\"\(words(.roomNamed, ["action": label, "name": text]))\">\(label)</button>"
            )
        }
        return """
            <li class="card"><p class="written" lang="\(note.language.code)">\(note.content?.text ?? "")</p><div class="row">\(button("notes/form", words(.roomChange)))\(button("notes/removal", words(.roomTakeBack)))</div></li>

            """
    }
}

/// One note by itself: to change it, or to send what could not be taken once more.
struct NotePage {
    /// The note that is changed; nil for a new one.
    let note: Identifier<WorkshopNote>?
    let form: String
    let typed: NoteForm
    var problems = Problems()
    var fault: String?

    func html(_ setting: PhoneSetting) -> HTML {
        let words = setting.words
        let fields = NoteFields(typed: typed, problems: problems, words: words)
        let carried = note.map { HTML.hidden("note", $0.description) } ?? HTML.hidden(PhoneSetting.formField, form)
        return setting.page(
            words(note == nil ? .roomAdd : .noteChangeTitle),
            """
            \(HTML.alert(fault))\(fields.faults.summary())<p>\(words(.joinNoNames))</p>
            \(setting.form(note == nil ? "notes" : "notes/change", "\(carried)\(fields.html)<p class=\"tools\"><button>\(words(note == nil ? .roomSend : .noteChangeGo))</button></p>"))
            \(setting.form("room", isStep: true, "<button class=\"second\">\(words(.noteChangeBack))</button>"))
            """)
    }
}

extension Workshop {
    /// A press chooses.
    fileprivate var groupButtons: HTML {
        let groups = groups.enumerated().map { (number: $0.offset + 1, name: $0.element) }
        return """
            <div class="groups">\(groups, { "<button name=\"group\" value=\"\($0.number)\">\($0.name)</button>\n" })</div>
            """
    }
}
