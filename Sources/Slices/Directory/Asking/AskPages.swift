import Formats
import Kernel
import Web

/// What a provider's link opens: everything people see about it, one button when all is right, a form when not.
struct AskPage {
    let asked: AskedListing
    /// After the language; holds the link's secret, so the page is never kept.
    let path: String
    let answer: ProviderAnswer?
    let problems: Problems

    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        return setting.page(
            .askPage, path: path,
            """
            <h1>\(words(.askTitle))</h1>
            \(faults(setting).summary())
            <p class="lead">\(words(.askLead))</p>
            \(asked.parts, { facts($0, setting) })
            \(if: asked.leftOut > 0, "<p class=\"note\">\(words(DirectoryPhrase.askLeftOut, count: asked.leftOut))</p>")
            <form method="post" action="\(setting.path(path))">
            <input type="hidden" name="seen" value="\(asked.fingerprint)">
            <p class="tools"><button name="answer" value="right">\(words(.askRight))</button></p></form>
            <details\(if: answer != nil, " open")><summary>\(words(.askCorrect))</summary>
            \(corrections(setting))</details>
            """)
    }

    private func faults(_ setting: PageSetting) -> FormFaults {
        var labels = ["note": setting.words(.askNote)]
        for field in asked.fields { labels[field.name] = setting.words(field.label) }
        return FormFaults(problems, labels: labels, setting.words)
    }

    private func facts(_ part: AskedListing.Part, _ setting: PageSetting) -> HTML {
        let known = part.fields.filter { !$0.value.isEmpty }
        return """
            <section><h2>\(part.listing.text("name", in: setting.language) ?? "")</h2>
            <dl class="facts said">\(known, { "<div><dt>\(setting.words($0.label))</dt><dd>\($0.value)</dd></div>\n" })</dl></section>
            """
    }

    private func corrections(_ setting: PageSetting) -> HTML {
        let words = setting.words
        let faults = faults(setting)
        return """
            <form class="correct" method="post" action="\(setting.path(path))">
            <input type="hidden" name="seen" value="\(asked.fingerprint)">
            <p>\(words(.askCorrectLead))</p>
            \(asked.parts, { part in
            "<fieldset><legend>\(part.listing.text("name", in: setting.language) ?? "")</legend>\(part.fields, { input($0, faults, setting) })</fieldset>\n" })
            <div><label for="f-note">\(words(.askNote))</label><p class="hint" id="note-hint">\(words(.askNoteHint))</p>
            \(faults.error("note"))
            <textarea id="f-note" name="note" rows="3" maxlength="1000"\(faults.ties("note", hint: "note-hint"))>\(answer?.note ?? "")</textarea></div>
            <p><label class="tick"><input type="checkbox" name="rest" value="1"\(if: answer?.confirmsTheRest ?? true, " checked")> \(words(.askRest))</label></p>
            <p class="tools"><button name="answer" value="corrections">\(words(.askSend))</button></p></form>
            """
    }

    private func input(_ field: AskedField, _ faults: FormFaults, _ setting: PageSetting) -> HTML {
        let value = answer?.value(of: field) ?? field.value
        let id = FormFaults.id(field.name)
        let control: HTML =
            field.isLong
            ? "<textarea id=\"\(id)\" name=\"\(field.name)\" rows=\"4\"\(faults.ties(field.name))>\(value)</textarea>"
            : "<input id=\"\(id)\" name=\"\(field.name)\" value=\"\(value)\" autocomplete=\"off\"\(keyboard(field))\(faults.ties(field.name))>"
        return """
            <div><label for="\(id)">\(setting.words(field.label))</label>\(faults.error(field.name))\(control)</div>

            """
    }

    private func keyboard(_ field: AskedField) -> HTML? {
        switch field.form {
        case _ where field.kind == .phone: " inputmode=\"tel\""
        case .uri: " inputmode=\"url\""
        case .email: " inputmode=\"email\""
        default: nil
        }
    }
}

/// The answer was taken.
struct AskThanksPage {
    func html(_ setting: PageSetting) -> HTML {
        let words = setting.words
        return setting.page(
            .askPage, path: nil, "<h1>\(words(.askThanksTitle))</h1><p class=\"lead\">\(words(.askThanks))</p>")
    }
}
