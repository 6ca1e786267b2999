import Formats
import Kernel
import Web

/// A visitor says what is wrong with a listing, and nothing about themselves.
struct ReportPage {
    let listing: Projected<Listing>
    let report: VisitorReport
    let problems: Problems
    /// Why no report is taken now.
    let refusal: DirectoryRefusal?

    /// A field that people do not see; what fills it in is a program.
    static let trap = "website"

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let path = "\(listing.record.kind.rawValue)s/\(listing.id)/report"
        let faults = FormFaults(
            problems, labels: ["what": words(.reportWhat), "note": words(.reportNote)], words)
        return setting.page(
            .reportPage, path: path,
            """
            <h1>\(words(.reportTitle))</h1>
            \(faults.summary())
            \(HTML.alert(refusal.map { sentence($0, setting) }))
            <p class="lead">\(words(.reportLead, ["name": listing.text("name", in: setting.language) ?? ""]))</p>
            <form method="post" action="\(setting.path(path))">
            <fieldset id="f-what"\(faults.ties("what"))><legend>\(words(.reportWhat))</legend>\(faults.error("what"))
            \(VisitorReport.topics, { choice($0.topic, $0.label, setting) })</fieldset>
            <div><label for="f-note">\(words(.reportNote))</label><p class="hint" id="note-hint">\(words(.reportNoteHint))</p>
            \(faults.error("note"))
            <textarea id="f-note" name="note" rows="4" maxlength="1000"\(faults.ties("note", hint: "note-hint"))>\(report.note)</textarea></div>
            <div class="trap" aria-hidden="true"><label for="trap">\(words(.reportTrap))</label><input id="trap" name="\(Self.trap)" tabindex="-1" autocomplete="off"></div>
            <p class="tools"><button>\(words(.reportSend))</button></p></form>
            <p><a href="\(setting.path("reports/answer"))">\(words(.answerTitle))</a></p>
            """)
    }

    private func choice(_ topic: Proposal.Topic, _ label: DirectoryPhrase, _ setting: PageSetting) -> HTML {
        """
        <label class="tick"><input type="radio" name="what" value="\(topic.rawValue)"\(if: report.topic == topic, " checked")> \(setting.words(label))</label>

        """
    }

    private func sentence(_ refusal: DirectoryRefusal, _ setting: PageSetting) -> String {
        switch refusal {
        case .away: setting.words(WebPhrase.faultAway)
        case .reportsEnough: setting.words(.reportEnough)
        default: setting.words(.reportPaused)
        }
    }
}

/// The report was taken; the receipt is shown this once.
struct ReportThanksPage {
    let receipt: Receipt

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        return setting.page(
            .reportPage, path: nil,
            """
            <h1>\(words(.reportThanksTitle))</h1><p class="lead">\(words(.reportThanks))</p>
            <p>\(words(.reportReceipt))</p>
            <p class="number receipt">\(receipt.printed)</p>
            <p>\(words(.reportReceiptNote))</p>
            <p><a href="\(setting.path("reports/answer"))">\(words(.answerTitle))</a></p>
            """)
    }
}

/// What became of a report, for whoever has its number.
struct ReportAnswerPage {
    let answer: ReportAnswer?
    let typed: String
    let problems: Problems

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let faults = FormFaults(problems, labels: ["receipt": words(.answerNumber)], words)
        return setting.page(
            .answerPage, path: "reports/answer",
            """
            <h1>\(words(.answerTitle))</h1>
            \(faults.summary())
            \(answer.map { shown($0, setting) })
            \(if: answer == nil, form(faults, setting))
            """)
    }

    private func form(_ faults: FormFaults, _ setting: PageSetting) -> HTML {
        let words = setting.words
        return """
            <form method="post" action="\(setting.path("reports/answer"))">
            <div><label for="f-receipt">\(words(.answerNumber))</label><p class="hint" id="receipt-hint">\(words(.answerLead))</p>
            \(faults.error("receipt"))
            <input id="f-receipt" name="receipt" value="\(typed)" inputmode="numeric" autocomplete="off" maxlength="80"\(faults.ties("receipt", hint: "receipt-hint"))></div>
            <p class="tools"><button>\(words(.answerGo))</button></p></form>
            """
    }

    private func shown(_ answer: ReportAnswer, _ setting: PageSetting) -> HTML {
        let words = setting.words
        let sentences: [Proposal.State: DirectoryPhrase] = [.open: .answerOpen, .refused: .answerRefused]
        return """
            <p class="lead">\(words(sentences[answer.state] ?? .answerAccepted))</p>
            \(answer.reply.map { reply -> HTML in "<p>\(words(.answerReply))</p><blockquote>\(reply)</blockquote>" })
            """
    }
}
