import Kernel
import Web

/// The facilitator's page of one workshop: before, during and after the day.
struct WorkshopPage {
    let view: WorkshopView
    let now: Instant
    /// On the clock of the region.
    let today: Day
    let origin: String
    /// What the form for notes from paper is sent with.
    let form: String
    /// Notes by the group that wrote them, else by what they say.
    var isByGroup = false
    var typed = NoteForm()
    var group = 0
    /// What was typed over those who were missing; nil for what stands there.
    var absent: String?
    var problems = Problems()
    var said: String?

    private var workshop: Workshop { view.workshop }
    private var path: String { "\(WorkshopDeskRoutes.path)/\(workshop.id)" }

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(
            problems, labels: NoteFields.labels(words).merging(["absent": words(.absentTitle)]) { $1 }, words)
        return setting.page(
            words(.workshopsTitle), heading: workshop.title, path: path, scripts: ["workshop.js"],
            styles: ["workshop.css"],
            """
            \(faults.summary())\(said.map { "<p class=\"note\" role=\"status\">\($0)</p>" })
            <p class="lead">\(workshop.heldOn.description) · \(workshop.venue) · \(words(workshop.door == nil ? .workshopClosed : .workshopOpen))</p>
            \(workshop.door.map { door($0, setting) })
            \(agenda(setting))
            \(notes(setting))
            \(paper(setting))
            \(absent(setting, faults))
            \(workshop.door == nil ? findings(setting) : closing(setting))
            """)
    }

    private func door(_ door: Workshop.Door, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.doorTitle))</h2><div class="way-in">\(JoinPicture(origin: origin, path: setting.path("workshops/join/\(door.room)"), label: words(.wallPicture)).html)<div><p>\(words(.doorCode))</p><p class="code">\(door.code.description)</p>\(if: today < workshop.opensOn, "<p>\(words(.doorFrom, ["date": workshop.opensOn.description]))</p>")<p>\(words(.doorPhones, count: view.phones))</p></div></div>
            <p class="tools"><a class="button" href="\(setting.path("workshops/wall/\(door.room)"))">\(words(.doorWall))</a><a class="button second" href="\(setting.path(path + "/sheet"))">\(words(.workshopSheet))</a><a class="button second" href="\(setting.path(path + "/plan"))">\(words(.changingTitle))</a></p>
            <details><summary>\(words(.codeRenewTitle))</summary><p>\(words(.codeRenewLead))</p>\(setting.form("\(path)/code", isStep: true, "<button class=\"second\">\(words(.codeRenewGo))</button>"))</details></section>
            """
    }

    // MARK: The day

    private func agenda(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.openingAgenda))</h2>\(if: workshop.door != nil, NowBanner(workshop: workshop, now: now, words: words).html)
            <ol class="steps">\(workshop.agenda, { item($0, setting) })</ol></section>
            """
    }

    private func item(_ item: AgendaItem, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let label = words(item.isRunning ? .agendaEnd : .agendaStart)
        let button: HTML = setting.form(
            "\(path)/activities", isStep: true,
            """
            \(HTML.hidden("part", item.part.rawValue))\(if: item.isRunning, HTML.hidden("end", "1"))<button class="second" aria-label="\(words(.roomNamed, ["action": label, "name": words.name(item.part)]))">\(label)</button>
            """)
        let more = words(.agendaMore, ["count": words.number(AgendaItem.extraMinutes)])
        return """
            <li>\(words.name(item.part)) · \(words(.agendaMinutes, count: item.minutes))\(if: item.endedAt != nil, " · \(words(.agendaDone))")\(if: workshop.door != nil, button)\(if: workshop.door != nil && item.isRunning, setting.form("\(path)/activities", isStep: true, "\(HTML.hidden("more", "1"))<button class=\"second\">\(more)</button>"))</li>

            """
    }

    private func notes(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let board = NotesBoard(workshop: workshop, notes: view.notes.notes, words: words, isByGroup: isByGroup) {
            tools($0, setting)
        }
        let address = setting.path(path)
        let ways = "\(address)\(isByGroup ? "" : "?by=group")"
        let older = view.notes.older.map { "\(address)?\(NoteSheet.field)=\($0)\(isByGroup ? "&by=group" : "")" }
        return """
            <section><h2>\(words(.notesTitle, count: view.count.all))</h2><p>\(words(.notesModerate))</p>
            <p class="tools"><a class="button second" href="\(address)">\(words(.roomRefresh))</a><a class="button second" href="\(ways)">\(words(isByGroup ? .notesByKind : .notesByGroup))</a></p>
            \(board.html)\(older.map { older -> HTML in "<p class=\"tools\"><a class=\"button second\" href=\"\(older)\">\(words(.notesOlder))</a></p>" })</section>
            """
    }

    /// What it became, and how it is taken away: alone, or with all of its phone.
    private func tools(_ note: WorkshopNote, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let made = note.finding.map { finding -> HTML in
            """
            <p class="mark good">\(words(.notesMade))</p><p><a href="\(setting.path("desk/landscape/findings/\(finding)/talk"))">\(words(.notesMadeWay))</a></p>

            """
        }
        let (text, id) = (String((note.content?.text ?? "").prefix(40)), HTML.hidden("note", note.id.description))
        func button(_ action: String, _ label: String) -> HTML {
            setting.form(
                "\(path)/\(action)", isStep: true,
                "\(id)<button class=\"second\" aria-label=\"\(words(.roomNamed, ["action": label, "name": text]))\">\(label)</button>"
            )
        }
        return """
            \(made)\(button("removals", words(.notesRemove)))\(if: workshop.door != nil && note.source == .phone, "<details><summary>\(words(.phoneRemoveTitle))</summary><p>\(words(.phoneRemoveLead))</p>\(button("phones", words(.phoneRemoveGo)))</details>")
            """
    }

    // MARK: Afterwards

    private func paper(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let fields = NoteFields(typed: typed, problems: problems, words: words)
        let groups = workshop.groups.enumerated().map { (number: $0.offset + 1, name: $0.element) }
        return """
            <section><h2>\(words(.paperTitle))</h2><p>\(words(.paperLead))</p>
            \(setting.form("\(path)/notes", """
            \(HTML.hidden(PhoneSetting.formField, form))<fieldset id="f-group"\(fields.faults.ties("group"))><legend>\(words(.noteGroup))</legend>\(fields.faults.error("group"))\(groups, { HTML.tick(.radio, "group", "\($0.number)", $0.name, $0.number == group) })</fieldset>
            \(fields.html)<p class="tools"><button>\(words(.paperGo))</button></p>
            """))</section>
            """
    }

    private func absent(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.absentTitle))</h2>
            \(setting.form("\(path)/absent", """
            <div><label for="f-absent">\(words(.absentLabel))</label><p class="hint" id="f-absent-hint">\(words(.absentHint))</p>\(faults.error("absent"))
            <textarea id="f-absent" name="absent" rows="4" maxlength="\(WorkshopForm.longestAbsent)"\(faults.ties("absent", hint: "f-absent-hint"))>
            \(absent ?? workshop.absent)</textarea></div><p class="tools"><button class="second">\(words(.absentGo))</button></p>
            """))</section>
            """
    }

    private func closing(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.endTitle))</h2><p>\(words(.endLead))</p>
            \(setting.form("\(path)/closing", isStep: true, "<button>\(words(.endGo))</button>"))</section>
            """
    }

    private func findings(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let left = view.count.undrafted
        let offered = Landscape.offeredScan(for: workshop, of: view.scans)
        let codes = view.scans.filter { !$0.isBaseline }.map(\.code)
        let choices = codes.contains(offered) ? codes : [offered] + codes
        let isTimeLeft = today <= workshop.heldOn + Workshop.daysAfter
        return """
            <section><h2>\(words(.draftsTitle))</h2><p>\(words(.draftsLead))</p>
            \(if: left > 0, setting.form("\(path)/findings", isStep: true, """
            <label for="f-scan">\(words(.draftsScan))</label><select id="f-scan" name="scan">\(choices, { "<option\(if: $0 == offered, " selected")>\($0)</option>" })</select> <button>\(words(.draftsGo, count: left))</button>
            """))</section>
            \(if: isTimeLeft, "<section><h2>\(words(.reopenTitle))</h2><p>\(words(.reopenLead))</p>\(setting.form("\(path)/reopening", isStep: true, "<button class=\"second\">\(words(.reopenGo))</button>"))</section>")
            """
    }
}
