import Kernel
import Web

/// All workshops, the newest first.
struct WorkshopsPage {
    let workshops: [Workshop]

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return setting.page(
            words(.workshopsTitle), path: WorkshopDeskRoutes.path,
            """
            <p class="lead">\(words(.workshopsLead))</p>
            <p class="tools"><a class="button" href="\(setting.path(WorkshopDeskRoutes.path + "/new"))">\(words(.workshopsNew))</a></p>
            \(if: workshops.isEmpty, "<p>\(words(.workshopsNone))</p>")
            <ul class="plain">\(workshops, { line($0, setting) })</ul>
            """)
    }

    private func line(_ workshop: Workshop, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <li class="card"><h2><a href="\(setting.path("\(WorkshopDeskRoutes.path)/\(workshop.id)"))">\(workshop.title)</a></h2>
            <p class="by">\(workshop.heldOn.description) · \(workshop.venue) · \(words(workshop.door == nil ? .workshopClosed : .workshopOpen))</p></li>

            """
    }
}

/// The form that opens a workshop, or changes one.
struct NewWorkshopPage {
    let typed: WorkshopForm
    let form: String
    /// What it changes; nil for a new one.
    var known: Workshop?
    var problems = Problems()

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        var labels = [
            "title": words(.openingName), "date": words(.openingDate), "venue": words(.openingVenue),
            "starts": words(.openingStarts), "groups": words(.openingGroups),
        ]
        for part in AgendaItem.Part.allCases { labels["minutes-\(part.rawValue)"] = words.name(part) }
        let faults = FormFaults(problems, labels: labels, words)
        func line(_ name: String, _ value: String, type: String = "text") -> HTML {
            """
            <div><label for="f-\(name)">\(labels[name] ?? "")</label>\(faults.error(name))<input id="f-\(name)" name="\(name)" type="\(type)" value="\(value)" maxlength="\(WorkshopForm.longestLine)"\(faults.ties(name))></div>

            """
        }
        func minutes(_ part: AgendaItem.Part) -> HTML {
            let name = "minutes-\(part.rawValue)"
            return """
                <div><label for="f-\(name)">\(words.name(part))</label>\(faults.error(name))<input id="f-\(name)" name="\(name)" inputmode="numeric" maxlength="3" value="\(typed.minutes[part] ?? "")"\(faults.ties(name))></div>

                """
        }
        let own = known.map { "\(WorkshopDeskRoutes.path)/\($0.id)" }
        return setting.page(
            words(known == nil ? .openingTitle : .changingTitle),
            path: own.map { "\($0)/plan" } ?? WorkshopDeskRoutes.path + "/new",
            """
            \(faults.summary())<p class="lead">\(words(known == nil ? .openingLead : .changingLead))</p>
            \(setting.form(own.map { "\($0)/plan" } ?? WorkshopDeskRoutes.path, """
            \(HTML.hidden(PhoneSetting.formField, form))<div class="fields">\(line("title", typed.title))\(line("venue", typed.venue))\(line("date", typed.heldOn, type: "date"))\(line("starts", typed.startsAt, type: "time"))</div>
            <div><label for="f-groups">\(words(.openingGroups))</label><p class="hint" id="f-groups-hint">\(words(.openingGroupsHint))</p>\(faults.error("groups"))
            <textarea id="f-groups" name="groups" rows="5"\(faults.ties("groups", hint: "f-groups-hint"))>
            \(typed.groups)</textarea></div>
            <fieldset><legend>\(words(.openingAgenda))</legend><p class="hint">\(words(.openingAgendaHint))</p><div class="fields">\(AgendaItem.Part.allCases, minutes)</div></fieldset>
            <p class="tools"><button>\(words(known == nil ? .openingGo : .changingGo))</button></p>
            """))
            \(own.map { own -> HTML in "<p><a href=\"\(setting.path(own))\">\(words(.noteChangeBack))</a></p>" })
            """)
    }
}

/// The agenda with its times, for the facilitator's hand.
struct SheetPage {
    let workshop: Workshop
    let origin: String

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        var start = workshop.startsAt
        let rows = workshop.agenda.map { item in
            defer { start += item.minutes }
            return row(item, start, words)
        }
        return setting.page(
            words(.workshopSheet), heading: workshop.title, path: "\(WorkshopDeskRoutes.path)/\(workshop.id)/sheet",
            styles: ["workshop.css"],
            """
            <p>\(workshop.heldOn.description) · \(workshop.venue)</p>
            <p class="tools"><button class="second" data-print hidden>\(words(.sheetPrint))</button></p>
            <table class="agenda"><caption>\(words(.sheetGroups, ["names": workshop.groups.joined(separator: ", ")]))</caption>
            <thead><tr><th scope="col">\(words(.sheetTime))</th><th scope="col">\(words(.sheetWhat))</th><th scope="col">\(words(.sheetCheck))</th></tr></thead>
            <tbody>\(rows, { $0 })</tbody></table>
            \(workshop.door.map { way($0, setting) })
            <h2>\(words(.sheetRules))</h2><ul><li>\(words(.joinNoNames))</li><li>\(words(.sheetPositions))</li><li>\(words(.sheetPaper))</li></ul>
            """)
    }

    private func row(_ item: AgendaItem, _ start: Int, _ words: Words) -> HTML {
        let end = start + item.minutes
        let checks = item.timeChecks.map {
            words(WorkshopPhrase.sheetLeft, count: $0, ["time": clock(end - $0)])
        }
        return """
            <tr><td>\(clock(start)) – \(clock(end))</td><td><strong>\(words.name(item.part))</strong>\(if: item.part.isActivity, "<br>\(words.ask(item.part))")</td><td>\(checks, { "\($0)<br>" })</td></tr>

            """
    }

    private func clock(_ minute: Int) -> String {
        let (hour, minute) = (minute / 60 % 24, minute % 60)
        return "\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    private func way(_ door: Workshop.Door, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <h2>\(words(.sheetJoin))</h2><div class="way-in">\(JoinPicture(origin: origin, path: setting.path("workshops/join/\(door.room)"), label: words(.wallPicture)).html)<p class="code">\(door.code.description)</p></div>
            """
    }
}
