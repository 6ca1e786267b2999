import Kernel
import Web

/// A referral with the names that it is shown by.
struct AskedLine {
    let sent: SentReferral
    let service: String
    let organization: String
    var unread = 0
    var asks = 0
    var instead: [ServiceLookup.Found] = []

    /// Where it stands, in plain words.
    func sentences(_ words: Words) -> [String] {
        let referral = sent.referral
        let day: KeyValuePairs = ["date": "\(sent.changedOn)"]
        switch referral.state {
        case .draft: return []
        case .requested:
            let first =
                referral.reason == .seen ? words(.askedSeen) : words(.askedRequested, ["date": "\(sent.sentOn)"])
            return [first] + (sent.answerBy.map { [words(.askedBy, ["date": "\($0)"])] } ?? [])
        case .accepted: return [words(.askedAccepted, ["date": "\(sent.acceptedOn ?? sent.changedOn)"])]
        case .inProgress: return [words(.askedInProgress)]
        case .onHold:
            return [words(.askedOnHold)]
                + (referral.place.map { [words(.askedPlace, ["place": words.number($0)])] } ?? [])
        case .completed: return [words(.askedCompleted)]
        case .failed: return [words(.askedFailed)]
        case .rejected: return [words(.askedRejected, day)] + (sent.rejection.map { [words.name($0)] } ?? [])
        case .cancelled:
            switch referral.reason {
            case .consentWithdrawn: return [words(.askedWithdrawn, day)]
            case .consentExpired: return [words(.askedExpired)]
            case .noResponse: return [words(.askedNoResponse)]
            case .seen, nil: return [words(.askedCancelled, day)]
            }
        }
    }

    func name(_ words: Words) -> String { words(.askedLine, ["service": service, "name": organization]) }
}

/// The places that were asked, on the page of the file.
struct AskedSection {
    let lines: [AskedLine]

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.askedTitle))</h2>
            \(if: lines.isEmpty, "<p>\(words(.askedNone))</p>")
            <ul class="plain">\(lines, { line($0, setting) })</ul>
            \(setting.step("referrals/form", words(.askedGo), isSecond: false))
            \(setting.step("exclusions/form", words(.keepOutTitle)))</section>
            """
    }

    private func line(_ line: AskedLine, _ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let name = line.name(words)
        return """
            <li class="card"><h3>\(name)</h3>\(line.sentences(words), { "<p>\($0)</p>" })
            \(if: line.unread > 0, "<p class=\"note\">\(words(.askedUnread))</p>")\(if: line.asks > 0, "<p class=\"note\">\(words(.askedWants))</p>")
            \(setting.step("referrals/one", words(.askedOpen), ["referral": line.sent.id.description], named: name))
            \(if: !line.instead.isEmpty, "<p>\(words(.askedNext))</p>\(line.instead, { suggestion($0, setting) })")</li>

            """
    }

    private func suggestion(_ found: ServiceLookup.Found, _ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let name = words(.askedLine, ["service": found.name, "name": found.organization])
        return setting.step("referrals/form", name, ["service": found.id.description])
    }
}

/// What is asked of whom, as a form sends it, perhaps not whole.
struct ReferralDraft: Sendable {
    let text: String
    let service: Identifier<AskedService>?
    let parts: Set<Identifier<Part>>
    let days: Int
    let note: String

    init(_ form: FormFields) {
        text = form.value("find") ?? ""
        service = form.value("service").flatMap(Identifier.init)
        parts = Set(form.values("part").compactMap(Identifier<Part>.init))
        days =
            form.value("days").flatMap(Int.init).flatMap { Grant.offeredDays.contains($0) ? $0 : nil }
            ?? Grant.usualDays
        note = form.value("message") ?? ""
    }

    /// - Throws: `Problems` for what was not chosen.
    func wish() throws(Problems) -> ReferralWish {
        var problems = Problems()
        if service == nil { problems.add("service", "choose-one") }
        if parts.isEmpty { problems.add("part", "choose-one") }
        if note.unicodeScalars.count > Message.longest { problems.add("message", "too-long") }
        guard let service, problems.isEmpty else { throw problems }
        return ReferralWish(service: service, parts: parts, days: days, note: note)
    }
}

/// Whom to ask, with what, for how long. The service is found by its words first.
struct AskPage {
    let draft: ReferralDraft
    let services: [ServiceLookup.Found]
    let parts: [Part]
    var problems = Problems()

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let faults = FormFaults(
            problems,
            labels: ["service": words(.askedWhich), "part": words(.askedWhat), "message": words(.askedNote)], words)
        return setting.page(
            """
            <h1>\(words(.askedGo))</h1>
            \(faults.summary())
            \(parts.isEmpty ? "<p class=\"lead\">\(words(.giveNothing))</p>" : body(setting, faults))
            \(setting.step("file", words(.back)))
            """)
    }

    private func body(_ setting: IntakeSetting, _ faults: FormFaults) -> HTML {
        let words = setting.words
        let isSearched = !draft.text.isEmpty || draft.service != nil
        return """
            \(setting.form("referrals/form", """
            <div><label for="f-find">\(words(.askedFind))</label><p class="hint" id="f-find-hint">\(words(.askedFindHint))</p>
            <input id="f-find" name="find" value="\(draft.text)" maxlength="200" aria-describedby="f-find-hint"></div>
            <p class="tools"><button\(if: !services.isEmpty, " class=\"second\"")>\(words(.askedFindGo))</button></p>
            """))
            \(if: isSearched && services.isEmpty, "<p role=\"status\">\(words(.askedNoPlace))</p>")
            \(if: !services.isEmpty, choice(setting, faults))
            """
    }

    private func choice(_ setting: IntakeSetting, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return setting.form(
            "referrals/question",
            """
            \(HTML.hidden("find", draft.text))
            <fieldset id="f-service"\(faults.ties("service"))><legend>\(words(.askedWhich))</legend>\(faults.error("service"))
            \(services, { HTML.tick(.radio, "service", $0.id.description, words(.askedLine, ["service": $0.name, "name": $0.organization]), draft.service == $0.id) })</fieldset>
            <fieldset id="f-part"\(faults.ties("part"))><legend>\(words(.askedWhat))</legend>\(faults.error("part"))
            \(parts, { HTML.tick(.checkbox, "part", $0.id.description, setting.label($0), draft.parts.contains($0.id)) })</fieldset>
            <fieldset><legend>\(words(.giveDays))</legend>
            \(Grant.offeredDays, { HTML.tick(.radio, "days", "\($0)", words(.giveDaysCount, ["count": words.number($0)]), draft.days == $0) })</fieldset>
            <div><label for="f-message">\(words(.askedNote))</label><p class="hint" id="f-message-hint">\(words(.askedNoteHint))</p>\(faults.error("message"))
            <textarea id="f-message" name="message" rows="3" maxlength="\(Message.longest)"\(faults.ties("message", hint: "f-message-hint"))>
            \(draft.note)</textarea></div>
            <p class="tools"><button>\(words(.giveNext))</button></p>
            """)
    }
}

/// What will be seen, by how many, for how long, and what taking it back cannot undo, before it is sent.
struct AskConfirmPage {
    let wish: ReferralWish
    let service: ServiceLookup.Found
    let readers: Int
    let parts: [Part]
    let answerDays: Int
    let today: Day

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let answerBy = today + answerDays
        let fields: HTML = """
            \(HTML.hidden("service", wish.service.description))\(wish.parts.sorted(), { HTML.hidden("part", $0.description) })\
            \(HTML.hidden("days", "\(wish.days)"))\(HTML.hidden("message", wish.note))
            """
        return setting.page(
            """
            <h1>\(words(.askedConfirmTitle))</h1>
            <p class="lead">\(words(.askedConfirmWho, ["service": service.name, "name": service.organization]))</p>
            \(parts, { "<section class=\"card\"><h2>\(words.name($0.kind))</h2>\(setting.said($0.kind, $0.answers))</section>" })
            \(if: !wish.note.isEmpty, "<section class=\"card said\"><h2>\(words(.messageWrite))</h2><blockquote>\(wish.note)</blockquote></section>")
            <ul><li>\(words(.confirmPeople, ["count": words.number(readers)]))</li>
            <li>\(words(.confirmUntil, ["date": "\(today + wish.days)"]))</li>
            <li>\(words(.askedConfirmAnswer, ["date": "\(answerBy)"]))</li><li>\(words(.askedConfirmEnd))</li>
            <li>\(words(.confirmChanges))</li><li>\(words(.givenDuty))</li></ul>
            <p class="alert">\(words(.confirmUndo))</p>
            \(setting.form("referrals", "\(fields)<p class=\"tools\"><button>\(words(.askedConfirmGo))</button></p>"))
            \(setting.form("referrals/form", "\(fields)<button class=\"second\">\(words(.confirmBack))</button>"))
            """)
    }
}
