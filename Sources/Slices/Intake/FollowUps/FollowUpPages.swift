import Kernel
import Web

/// Those whom somebody follows up on, by code, what is due first; those whom nobody took on; and whom colleagues have, so that
/// somebody can stand in.
struct PeoplePage {
    let mine: [Followed]
    let nobodys: [Followed]
    let colleagues: [Followed]
    /// What the workers of the desk are called, by id.
    let names: [String: String]
    let services: [Identifier<AskedService>: String]
    let today: Day

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return setting.page(
            words(WebPhrase.deskPeople), path: "desk/people",
            """
            <p class="lead">\(words(.peopleLead))</p>
            <section><h2>\(words(.peopleMine))</h2>\(list(mine, .peopleNone, setting))</section>
            <section><h2>\(words(.peopleNobody))</h2>\(list(nobodys, .peopleNobodyNone, setting))</section>
            \(if: !colleagues.isEmpty, "<section><h2>\(words(.peopleColleagues))</h2>\(list(colleagues, .peopleNone, setting))</section>")
            """)
    }

    private func list(_ people: [Followed], _ none: FollowUpPhrase, _ setting: StaffFrame) -> HTML {
        people.isEmpty
            ? "<p>\(setting.words(none))</p>" : "<ul class=\"plain\">\(people, { line($0, setting) })</ul>"
    }

    private func line(_ followed: Followed, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let what = followed.sent.map { services[$0.service] ?? words(.somePlace) } ?? words.name(followed.purpose)
        return """
            <li class="card"><h3>\(followed.code)</h3><p>\(what)</p>\(followed.sent.map { "<p>\(setting.state($0))</p>" })
            \(followed.followUp.worker.flatMap { names[$0] }.map { "<p>\(words(.followWorker)): \($0)</p>" })
            \(next(followed.followUp, words))
            \(if: followed.unread > 0, "<p class=\"note\">\(words(.deskUnread, ["count": words.number(followed.unread)]))</p>")
            <div class="row">\(button("desk/people/form", "grant", followed.followUp.grant.description, words(.peoplePlan), followed.code, setting))\
            \(followed.sent.map { button("desk/referrals/card", "referral", $0.id.description, words(.deskOpen), followed.code, setting) })</div></li>

            """
    }

    private func next(_ followUp: FollowUp, _ words: Words) -> HTML? {
        guard followUp.step != nil || followUp.dueOn != nil else { return nil }
        let parts = [followUp.step.map(words.name), followUp.dueOn.map { words(.peopleDue, ["date": "\($0)"]) }]
        let sentence = parts.compactMap(\.self).joined(separator: " · ")
        let isLate = followUp.dueOn.map { $0 < today } ?? false
        return isLate ? "<p class=\"alert\">\(sentence) · \(words(.peopleLate))</p>" : "<p>\(sentence)</p>"
    }

    private func button(
        _ action: String, _ field: String, _ id: String, _ label: String, _ code: String, _ setting: StaffFrame
    ) -> HTML {
        let name = setting.words(.fileNamed, ["action": label, "name": code])
        return setting.form(
            action, isStep: true,
            "\(HTML.hidden(field, id))<button class=\"second\" aria-label=\"\(name)\">\(label)</button>")
    }
}

/// A follow-up as a form sends it, perhaps not whole.
struct FollowUpDraft {
    let version: Int
    let worker: String
    let step: String
    let due: String
    let note: String

    init(_ form: FormFields) {
        version = form.value("version").flatMap(Int.init) ?? -1
        worker = form.value("worker") ?? ""
        step = form.value("step") ?? ""
        due = Message.trimmed(form.value("due") ?? "")
        note = form.value("note") ?? ""
    }

    init(_ open: OpenFollowUp) {
        let followUp = open.followed.followUp
        version = followUp.version
        worker = followUp.worker ?? ""
        step = followUp.step?.rawValue ?? ""
        due = followUp.dueOn?.description ?? ""
        note = open.note ?? ""
    }

    /// - Throws: `Problems` for a day that is none, and for somebody or a step that is not there any more.
    func followUp(of grant: Identifier<Grant>, among team: Set<String>) throws(Problems) -> FollowUp {
        var problems = Problems()
        let day = Day(due)
        if !due.isEmpty, day == nil { problems.add("due", "not-a-day") }
        if !worker.isEmpty, !team.contains(worker) { problems.add("worker", "choose-one") }
        let next = FollowUp.Step(rawValue: step)
        if !step.isEmpty, next == nil { problems.add("step", "choose-one") }
        try problems.check()
        return FollowUp(
            grant: grant, version: version, worker: worker.isEmpty ? nil : worker, step: next, dueOn: day)
    }
}

/// Whose somebody is, what comes next, by when, and what whoever takes over should know.
struct FollowUpPage {
    let open: OpenFollowUp
    let draft: FollowUpDraft
    let team: [(id: String, name: String)]
    let problems: Problems
    let isChanged: Bool

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let labels = [
            "worker": words(.followWorker), "step": words(.followStep), "due": words(.followDue),
            "note": words(.followNote),
        ]
        let faults = FormFaults(problems, labels: labels, words)
        let followUp = open.followed.followUp
        return setting.page(
            open.followed.code, path: nil,
            """
            \(faults.summary())
            \(if: isChanged, "<div class=\"alert\" role=\"alert\"><p>\(words(.followChanged))</p>\(standing(words))</div>")
            \(setting.form("desk/people", """
            \(HTML.hidden("grant", followUp.grant.description))\(HTML.hidden("version", "\(followUp.version)"))
            <div><label for="f-worker">\(words(.followWorker))</label>\(faults.error("worker"))<select id="f-worker" name="worker"\(faults.ties("worker"))>\(option("", words(.followNobody), draft.worker))\(team, { option($0.id, $0.name, draft.worker) })</select></div>
            <div><label for="f-step">\(words(.followStep))</label>\(faults.error("step"))<select id="f-step" name="step"\(faults.ties("step"))>\(option("", words(.followNothing), draft.step))\(FollowUp.Step.allCases, { option($0.rawValue, words.name($0), draft.step) })</select></div>
            <div><label for="f-due">\(words(.followDue))</label>\(faults.error("due"))
            <input id="f-due" name="due" type="date" value="\(draft.due)"\(faults.ties("due"))></div>
            <div><label for="f-note">\(words(.followNote))</label><p class="hint" id="f-note-hint">\(words(.followNoteHint))</p>\(if: open.note == nil, "<p class=\"note\">\(words(.followNoteShut))</p>")\(faults.error("note"))
            <textarea id="f-note" name="note" rows="5" maxlength="\(FollowUp.longestNote)"\(faults.ties("note", hint: "f-note-hint"))>
            \(draft.note)</textarea></div>
            <p class="tools"><button>\(words(.followGo))</button></p>
            """))
            <p><a href="\(setting.path("desk/people"))">\(words(WebPhrase.deskPeople))</a></p>
            """)
    }

    /// What somebody else kept while this form was open.
    private func standing(_ words: Words) -> HTML {
        let followUp = open.followed.followUp
        let said = [
            team.first { $0.id == followUp.worker }?.name ?? words(.followNobody), followUp.step.map(words.name),
            followUp.dueOn?.description,
        ].compactMap(\.self)
        return """
            <p>\(said.joined(separator: " · "))</p>\(open.note.flatMap { $0.isEmpty ? nil : "<blockquote>\($0)</blockquote>" })
            """
    }

    private func option(_ value: String, _ name: String, _ chosen: String) -> HTML {
        "<option value=\"\(value)\"\(if: value == chosen, " selected")>\(name)</option>"
    }
}

/// Who of a desk has how much to do, and in how many days the desk promises an answer.
struct WorkloadPage {
    let rows: [(name: String, load: Workload)]
    let nobody: Workload
    let answerDays: Int
    let maySetPromise: Bool
    let typed: String?
    let problems: Problems

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(problems, labels: ["days": words(.promiseLabel)], words)
        let heads: [FollowUpPhrase] = [.loadWho, .loadPeople, .loadSoon, .loadLate]
        return setting.page(
            words(WebPhrase.deskWorkload), path: "desk/workload",
            """
            \(faults.summary())
            <p class="lead">\(words(.loadLead))</p>
            \(HTML.wide(words(WebPhrase.deskWorkload), """
            <table><thead><tr>\(heads, { "<th scope=\"col\">\(words($0))</th>" })</tr></thead>
            <tbody>\(rows, { row($0.name, $0.load, words) })\(row(words(.followNobody), nobody, words))</tbody></table>
            """))
            <section><h2>\(words(.promiseTitle))</h2><p>\(words(.promiseNow, ["count": words.number(answerDays)]))</p>
            \(if: maySetPromise, setting.form("desk/workload/promise", """
            <div><label for="f-days">\(words(.promiseLabel))</label>\(faults.error("days"))
            <input id="f-days" name="days" inputmode="numeric" maxlength="2" size="4" value="\(typed ?? "\(answerDays)")"\(faults.ties("days"))></div>
            <p class="tools"><button class="second">\(words(.promiseGo))</button></p>
            """))</section>
            """)
    }

    private func row(_ name: String, _ load: Workload, _ words: Words) -> HTML {
        """
        <tr><th scope="row">\(name)</th><td>\(words.number(load.people))</td><td>\(words.number(load.dueSoon))</td><td>\(words.number(load.overdue))</td></tr>
        """
    }
}
