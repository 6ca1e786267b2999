import Kernel
import Web

/// One place that was asked: where it stands, what they ask for, what was said, and the ways to stop it.
struct AskedPage {
    let line: AskedLine
    let view: ReferralView
    /// The parts that the file has.
    let parts: [Part]
    /// True while the organization can read and be written to.
    let isOpen: Bool
    var typed = ""
    var problems = Problems()
    var note: String?

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let id = HTML.hidden("referral", line.sent.id.description)
        let isLive = line.sent.referral.state.isLive
        let faults = FormFaults(problems, labels: ["message": words(.messageWrite)], words)
        return setting.page(
            """
            <h1>\(line.name(words))</h1>
            \(setting.note(note))\(faults.summary())
            \(line.sentences(words), { "<p class=\"lead\">\($0)</p>" })
            \(if: isLive, "\(view.asks.filter { $0.answeredOn == nil }, { ask($0, id, setting) })")
            <section><h2>\(words(.messagesTitle))</h2>
            \(if: view.messages.isEmpty, "<p>\(words(.messagesNone))</p>")
            \(view.messages, { message($0, words) })
            \(if: isOpen, write(id, setting, faults))</section>
            \(if: hasOutcome, helped(id, setting))
            \(setting.step("file", words(.back)))
            \(if: isLive, setting.form("referrals/cancellation", isStep: true, "\(id)<button class=\"second\">\(words(.askedCancel))</button>"))
            """)
    }

    /// Asked once something came of it, or nothing will.
    private var hasOutcome: Bool {
        [.accepted, .inProgress, .completed, .failed, .rejected, .cancelled].contains(line.sent.referral.state)
    }

    private func ask(_ ask: Ask, _ id: HTML, _ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let there = parts.filter { ask.kinds.contains($0.kind) }
        let missing = ask.kinds.filter { kind in !there.contains { $0.kind == kind } }
        let askId = HTML.hidden("ask", ask.id.description)
        return """
            <section class="card"><h2>\(words(.askedMore, ["parts": words.names(ask.kinds)]))</h2><p>\(words(.askedMoreLead))</p>
            \(if: !missing.isEmpty, "<p>\(words(.askedMoreMissing, ["parts": words.names(missing)]))</p>")
            \(missing, { setting.step("parts/form", words.name($0), ["kind": $0.rawValue]) })
            \(if: !there.isEmpty, setting.form("referrals/answers", """
            \(id)\(askId)
            \(there, { "<div class=\"card\">\(HTML.tick(.checkbox, "part", $0.id.description, words.name($0.kind)))\(setting.said($0.kind, $0.answers))</div>" })
            <p>\(words(.confirmUntil, ["date": "\(view.endsOn)"]))</p><p class="alert">\(words(.confirmUndo))</p>
            <p class="tools"><button>\(words(.askedMoreGo))</button></p>
            """))
            \(setting.form("referrals/refusals", isStep: true, "\(id)\(askId)<button class=\"second\">\(words(.askedMoreNo))</button>"))</section>

            """
    }

    private func message(_ message: Message, _ words: Words) -> HTML {
        let day = "\(message.sentOn)"
        let who =
            message.side == .person
            ? words(.messageYou, ["date": day]) : words(.messageThey, ["name": line.organization, "date": day])
        let read = message.side == .person ? message.readOn : nil
        return """
            <div class="card"><h3>\(who)</h3><blockquote>\(message.text)</blockquote>
            \(read.map { day -> HTML in "<p class=\"quiet\">\(words(.messageRead, ["date": "\(day)"]))</p>" })</div>

            """
    }

    private func write(_ id: HTML, _ setting: IntakeSetting, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return setting.form(
            "referrals/messages",
            """
            \(id)<div><label for="f-message">\(words(.messageWrite))</label>\(faults.error("message"))
            <textarea id="f-message" name="message" rows="4" maxlength="\(Message.longest)"\(faults.ties("message"))>
            \(typed)</textarea></div><p class="tools"><button>\(words(.messageGo))</button></p>
            """)
    }

    private func helped(_ id: HTML, _ setting: IntakeSetting) -> HTML {
        let words = setting.words
        return setting.form(
            "referrals/outcome",
            """
            \(id)<fieldset><legend>\(words(.askedHelped))</legend><p class="hint">\(words(.askedHelpedHint))</p>
            \(Helped.allCases, { HTML.tick(.radio, "helped", $0.rawValue, words.name($0), line.sent.helped == $0) })</fieldset>
            <p class="tools"><button class="second">\(words(.askedHelpedGo))</button></p>
            """)
    }
}
