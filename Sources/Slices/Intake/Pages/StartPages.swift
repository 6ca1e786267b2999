import Kernel
import Sealing
import Web

/// The way in: begin, or open with a receipt. Says before anything is written what is kept and who could read it.
struct StartPage {
    /// What its form of opening carries.
    let form: String
    /// What went wrong with opening, in one sentence.
    var fault: String?

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let kept: [IntakePhrase] = [.keptOnly, .keptLocked, .keptServer, .keptGone]
        let given: [IntakePhrase] = [.givenNobody, .givenSeen, .givenPolice, .givenDuty]
        return setting.page(
            """
            <h1>\(words(.startTitle))</h1>
            \(HTML.alert(fault))
            <p class="lead">\(words(.startLead))</p>
            <p class="tools"><a class="button" href="\(setting.path("new"))">\(words(.startGo))</a></p>
            <section><h2>\(words(.openTitle))</h2>\(OpenForm(form: form).html(setting))</section>
            <section><h2>\(words(.keptTitle))</h2><ul>\(kept, { "<li>\(words($0))</li>" })</ul></section>
            <section><h2>\(words(.givenTitle))</h2><ul>\(given, { "<li>\(words($0))</li>" })</ul></section>
            """)
    }
}

/// Where the receipt is typed. What was typed before is never shown again.
struct OpenForm {
    let form: String
    /// What a form held that came after its stay was over.
    var carried: [(name: String, value: String)] = []

    /// The same on the form of beginning.
    static let field = "form"

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        return setting.form(
            "opening",
            """
            \(HTML.hidden(Self.field, form))\(carried, { HTML.hidden($0.name, $0.value) })
            <div><label for="f-receipt">\(words(.openLabel))</label><p class="hint" id="receipt-hint">\(words(.openHint))</p>
            <textarea id="f-receipt" name="receipt" rows="3" maxlength="400" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="receipt-hint"></textarea></div>
            <p class="tools"><button>\(words(.openGo))</button></p>
            """)
    }
}

/// The stay is over; what the form held is kept on the page until the file is open again.
struct OverPage {
    let form: String
    let kept: KeptTyping?
    /// What went wrong with opening it again, in one sentence.
    var fault: String?

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        return setting.page(
            """
            <h1>\(words(.overTitle))</h1>
            \(HTML.alert(fault))
            <p class="lead">\(words(.overLead))</p>
            \(kept?.part.map { part -> HTML in "<p>\(words(.overTyped))</p>\(setting.said(part.kind, part.answers))" })
            \(kept?.message.map { message -> HTML in "<p>\(words(.overTyped))</p><blockquote>\(message)</blockquote>" })
            \(OpenForm(form: form, carried: kept?.fields ?? []).html(setting))
            """)
    }
}

/// Nothing can be taken now; what the form held is kept on the page, to be sent once more.
struct AgainPage {
    /// Where the form goes.
    let path: String
    let kept: KeptTyping
    let fault: String

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        return setting.page(
            """
            <h1>\(words(WebPhrase.faultTitle))</h1>
            \(HTML.alert(fault))
            \(kept.message.map { message -> HTML in "<blockquote>\(message)</blockquote>" })
            \(setting.form(path, "\(kept.fields, { HTML.hidden($0.name, $0.value) })<p class=\"tools\"><button>\(words(.againGo))</button></p>"))
            """)
    }
}

/// The short intake. No question has to be answered; each part can be skipped.
struct NewPage {
    let form: String
    var answers: [PartKind: Answers] = [:]
    var problems = Problems()
    var fault: String?

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let faults = setting.faults(problems, PartKind.asked)
        return setting.page(
            """
            <h1>\(words(.newTitle))</h1>
            \(HTML.alert(fault))\(faults.summary())
            <p class="lead">\(words(.newLead))</p>
            \(setting.form("new", """
            \(HTML.hidden(OpenForm.field, form))
            \(Array(PartKind.asked.enumerated()), { part($0.offset, $0.element, setting, faults) })
            <p class="tools" id="end"><button>\(words(.newGo))</button></p>
            """))
            """)
    }

    private func part(_ number: Int, _ kind: PartKind, _ setting: IntakeSetting, _ faults: FormFaults) -> HTML {
        let name = setting.words.name(kind)
        let next = number + 1 < PartKind.asked.count ? "part-\(number + 1)" : "end"
        return """
            <section id="part-\(number)"><h2>\(name)</h2>
            <p><a href="#\(next)">\(setting.words(.newSkip, ["name": name]))</a></p>
            \(setting.fields(kind, answers[kind] ?? Answers(), faults))</section>

            """
    }
}

/// The receipt, shown this once: to write down, or as a card that looks like one of a shop.
struct ReceiptPage {
    let receipt: Receipt

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let list = WordList.of(words.language).map(receipt.words) ?? []
        return setting.page(
            """
            <h1 class="screen">\(words(.receiptTitle))</h1>
            <p class="lead screen">\(words(.receiptLead))</p>
            <ol class="receipt screen" dir="ltr">\(list, { "<li>\($0)</li>" })</ol>
            <p class="screen">\(words(.receiptDigits))</p>
            <p class="screen">\(words(.receiptWatched))</p>
            <h2 class="screen">\(words(.receiptCard))</h2>
            <ul class="pocket"><li><p>\(words(.receiptCardOrder))</p><p class="receipt" dir="ltr">\(receipt.printedDigits)</p></li></ul>
            <p class="tools"><button type="button" class="second" data-print hidden>\(words(.receiptCard))</button></p>
            \(setting.step("file", words(.receiptGo), isSecond: false))
            """)
    }
}

/// The file is closed or gone; the browser is asked to forget.
struct ClosedPage {
    let isDeleted: Bool

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        return setting.page(
            """
            <h1>\(words(.closedTitle))</h1>
            \(if: isDeleted, "<p class=\"lead\">\(words(.closedDeleted))</p>")
            <p>\(words(.closedLead))</p>
            <p class="tools"><a class="button" href="/exit" rel="noreferrer">\(words(.closedExit))</a></p>
            """)
    }
}
