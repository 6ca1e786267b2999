import Kernel
import Web

/// Where desks that take part in an initiative talk and agree on steps.
struct SpacePage {
    let space: Space
    let signedIn: SignedIn
    let desks: [(id: String, name: String)]
    let today: Day
    /// Of the note that is said next: sent twice it is one.
    let next: Identifier<Space.Note>
    var draft = SpaceDraft()
    var problems = Problems()
    var refusal: InitiativeRefusal?

    static func path(_ id: Identifier<Initiative>) -> String { "desk/landscape/initiatives/\(id)/space" }
    private var path: String { Self.path(space.initiative.id) }

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let labels = ["text": words(.spaceText), "desk": words(.spaceWho), "due": words(.spaceDue)]
        let texts = ["text": draft.text, "desk": draft.desk, "due": draft.due]
        let rows = FormRows(texts, labels: labels, problems, words)
        let takesPart = space.takesPart(signedIn.organization)
        return setting.page(
            words(.spaceTitle), heading: space.initiative[.name], path: path,
            """
            \(HTML.alert(refusal.map { words.text(key: "fault.\($0.code)") ?? $0.description }))\(rows.faults.summary())
            <p class="lead">\(words(.spaceLead))</p>
            <section><h2>\(words(.spaceDesks))</h2><ul>\(space.members, { member($0, words) })</ul>\(membership(takesPart, setting))</section>
            \(if: !space.mayRead(signedIn) && Space.takesIn(space.initiative, on: today), "<p>\(words(.spaceClosed))</p>")
            \(if: space.mayRead(signedIn), steps(takesPart, setting))
            \(if: takesPart, "<section><h2>\(words(.spaceSay))</h2>\(form(rows, setting))</section>")
            \(if: space.mayRead(signedIn) || !space.notes.isEmpty, said(takesPart, setting))
            <p>\(setting.link("desk/landscape/initiatives", words(.initiativesTitle)))</p>
            <p><a href="\(setting.path("landscape/initiatives/\(space.initiative.id)"))">\(words(.spaceSee))</a></p>
            """)
    }

    private func name(_ desk: String, _ words: Words) -> String {
        desks.first { $0.id == desk }?.name ?? words(.spaceGone)
    }

    private func member(_ member: Space.Member, _ words: Words) -> HTML {
        "<li>\(name(member.desk, words))\(member.since.map { " <span class=\"quiet\">\(words(.spaceSince, ["day": $0.description]))</span>" })</li>"
    }

    private func membership(_ takesPart: Bool, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        guard space.initiative.keeper != signedIn.organization, takesPart || Space.takesIn(space.initiative, on: today)
        else { return "" }
        return setting.form(
            "\(path)/\(takesPart ? "leaving" : "joining")", isStep: true,
            "<button class=\"second\">\(words(takesPart ? .spaceLeave : .spaceJoin))</button>")
    }

    private func form(_ rows: FormRows, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        return setting.form(
            "\(path)/notes",
            """
            \(HTML.hidden("id", next.description))\(rows.area("text", rows: 4, hint: words(.spaceTextHint)))
            <div class="fields">\(rows.choice("desk", space.desks.map { ($0, name($0, words)) }, none: words(.spaceNoStep)))
            \(rows.input("due", type: "date"))</div>
            <p class="tools"><button>\(words(.spaceSayGo))</button></p>
            """)
    }

    private func steps(_ takesPart: Bool, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.spaceSteps))</h2>\(if: space.open.isEmpty, "<p>\(words(.spaceNoSteps))</p>")
            \(if: !space.open.isEmpty, "<ul class=\"listing\">\(space.open, { note($0, takesPart, setting, isStep: true) })</ul>")</section>
            """
    }

    private func said(_ takesPart: Bool, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let hasMore = space.page * Space.pageSize < space.count
        func way(_ page: Int, _ phrase: ScanPhrase) -> HTML { setting.link("\(path)?page=\(page)", words(phrase)) }
        return """
            <section><h2>\(words(.spaceSaid))</h2>\(if: space.notes.isEmpty, "<p>\(words(.spaceNothing))</p>")
            \(if: !space.notes.isEmpty, "<ul class=\"listing\">\(space.notes, { note($0, takesPart, setting, isStep: false) })</ul>")
            \(if: space.page > 1 || hasMore, "<p class=\"tools\">\(if: space.page > 1, way(space.page - 1, .scanPrevious)) \(if: hasMore, way(space.page + 1, .scanNext))</p>")</section>
            """
    }

    /// - Parameter isStep: among the open steps, with the way to finish it and not to take it away.
    private func note(_ note: Space.Note, _ takesPart: Bool, _ setting: StaffFrame, isStep: Bool) -> HTML {
        let words = setting.words
        func button(_ action: String, _ phrase: InitiativesPhrase) -> HTML {
            setting.form(
                "\(path)/\(action)", isStep: true,
                "\(HTML.hidden("note", note.id.description))<button class=\"second\">\(words(phrase))</button>")
        }
        let isLate = note.step?.doneOn == nil && note.step?.due.map { $0 < today } ?? false
        return """
            <li><blockquote><p>\(note.text)</p></blockquote><p class="quiet">\(name(note.desk, words)) · \(note.at.day.description)</p>
            \(note.step.map { "<p>\(line($0, words))\(if: isLate, " · <strong class=\"mark\">\(words(.planOverdue))</strong>")</p>" })
            \(if: isStep && takesPart, button("done", .spaceFinish))\(if: !isStep && takesPart && note.step?.doneOn != nil, button("reopened", .spaceReopen))\(if: !isStep && Space.mayRemove(note, of: space.initiative, signedIn), removal(button("removal", .spaceRemoveGo), words))</li>

            """
    }

    private func removal(_ button: HTML, _ words: Words) -> HTML {
        "<details><summary>\(words(.spaceRemove))</summary><p>\(words(.spaceRemoveLead))</p>\(button)</details>"
    }

    private func line(_ step: Space.Step, _ words: Words) -> String {
        let who = words(.spaceDoes, ["desk": name(step.desk, words)])
        let due = step.due.map { words(.spaceUntil, ["day": $0.description]) }
        let done = step.doneOn.map { words(.spaceDoneOn, ["day": $0.description]) }
        return [who, due, done].compactMap(\.self).joined(separator: " · ")
    }
}
