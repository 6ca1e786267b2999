import Kernel
import Web

/// Whom to give what, for what, for how long. Nothing is ticked beforehand but the usual time.
struct GivePage {
    let recipients: [(id: Identifier<Recipient>, name: String)]
    let parts: [Part]
    var draft = OfferDraft()
    var problems = Problems()

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        guard !recipients.isEmpty, !parts.isEmpty else {
            let sentence = words(parts.isEmpty ? .giveNothing : .giveNoPlace)
            return setting.page(
                "<h1>\(words(.giveTitle))</h1><p class=\"lead\">\(sentence)</p>\(setting.step("file", words(.back)))")
        }
        let labels = ["recipient": words(.giveWho), "part": words(.giveWhat), "purpose": words(.giveWhy)]
        let faults = FormFaults(problems, labels: labels, words)
        return setting.page(
            """
            <h1>\(words(.giveTitle))</h1>
            \(faults.summary())
            \(setting.form("grants/question", """
            <fieldset id="f-recipient"\(faults.ties("recipient"))><legend>\(words(.giveWho))</legend>\(faults.error("recipient"))
            \(recipients, { HTML.tick(.radio, "recipient", $0.id.description, $0.name, draft.recipient == $0.id) })</fieldset>
            <fieldset id="f-part"\(faults.ties("part"))><legend>\(words(.giveWhat))</legend>\(faults.error("part"))
            \(parts, { HTML.tick(.checkbox, "part", $0.id.description, setting.label($0), draft.parts.contains($0.id)) })</fieldset>
            <fieldset id="f-purpose"\(faults.ties("purpose"))><legend>\(words(.giveWhy))</legend>\(faults.error("purpose"))
            \(Purpose.allCases, { HTML.tick(.radio, "purpose", $0.rawValue, words.name($0), draft.purpose == $0) })</fieldset>
            <fieldset><legend>\(words(.giveDays))</legend>
            \(Grant.offeredDays, { HTML.tick(.radio, "days", "\($0)", words(.giveDaysCount, ["count": words.number($0)]), draft.days == $0) })</fieldset>
            <p class="tools"><button>\(words(.giveNext))</button></p>
            """))
            \(setting.step("file", words(.back)))
            """)
    }
}

/// An offer as a form sends it, perhaps not whole.
struct OfferDraft: Sendable {
    var recipient: Identifier<Recipient>?
    var parts: Set<Identifier<Part>> = []
    var purpose: Purpose?
    var days = Grant.usualDays

    init() {}

    init(_ form: FormFields) {
        recipient = form.value("recipient").flatMap(Identifier.init)
        parts = Set(form.values("part").compactMap(Identifier<Part>.init))
        purpose = form.value("purpose").flatMap(Purpose.init)
        days =
            form.value("days").flatMap(Int.init).flatMap { Grant.offeredDays.contains($0) ? $0 : nil }
            ?? Grant.usualDays
    }

    /// - Throws: `Problems` for what was not chosen.
    func offer() throws(Problems) -> Offer {
        var problems = Problems()
        if recipient == nil { problems.add("recipient", "choose-one") }
        if parts.isEmpty { problems.add("part", "choose-one") }
        if purpose == nil { problems.add("purpose", "choose-one") }
        guard let recipient, let purpose, problems.isEmpty else { throw problems }
        return Offer(recipient: recipient, parts: parts, purpose: purpose, days: days)
    }
}

/// What will be seen, by how many, for how long, and what taking it back cannot undo.
struct ConfirmPage {
    let offer: Offer
    let name: String
    let readers: Int
    /// The parts of the offer that there are.
    let parts: [Part]
    let endsOn: Day

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let fields: HTML = """
            \(HTML.hidden("recipient", offer.recipient.description))\(offer.parts.sorted(), { HTML.hidden("part", $0.description) })\
            \(HTML.hidden("purpose", offer.purpose.rawValue))\(HTML.hidden("days", "\(offer.days)"))
            """
        return setting.page(
            """
            <h1>\(words(.confirmTitle))</h1>
            <p class="lead">\(words(.confirmWho, ["name": name]))</p>
            \(parts, { "<section class=\"card\"><h2>\(words.name($0.kind))</h2>\(setting.said($0.kind, $0.answers))</section>" })
            <ul><li>\(words(.confirmPeople, ["count": words.number(readers)]))</li>
            <li>\(words(.confirmWhy, ["purpose": words.name(offer.purpose)]))</li>
            <li>\(words(.confirmUntil, ["date": "\(endsOn)"]))</li>
            <li>\(words(.confirmChanges))</li><li>\(words(.givenDuty))</li></ul>
            <p class="alert">\(words(.confirmUndo))</p>
            \(setting.form("grants", "\(fields)<p class=\"tools\"><button>\(words(.confirmGo))</button></p>"))
            \(setting.form("grants/form", "\(fields)<button class=\"second\">\(words(.confirmBack))</button>"))
            """)
    }
}
