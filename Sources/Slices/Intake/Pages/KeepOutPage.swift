import Kernel
import Web

/// Whom the person keeps out.
struct KeepOutPage {
    let recipients: [(id: Identifier<Recipient>, name: String)]
    let exclusions: [Exclusion]
    let names: RecipientNames
    var problems = Problems()
    var typed = ""
    var note: String?

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let faults = FormFaults(
            problems, labels: ["recipient": words(.keepOutWhich), "name": words(.keepOutName)], words)
        return setting.page(
            """
            <h1>\(words(.keepOutTitle))</h1>
            \(setting.note(note))\(faults.summary())
            <p class="lead">\(words(.keepOutLead))</p>
            \(if: !exclusions.isEmpty, "<section><h2>\(words(.keepOutList))</h2><ul class=\"plain\">\(exclusions, { line($0, setting) })</ul></section>")
            \(recipients.isEmpty ? "<p>\(words(.giveNoPlace))</p>" : form(setting, faults))
            \(setting.step("file", words(.back)))
            """)
    }

    private func form(_ setting: IntakeSetting, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return setting.form(
            "exclusions",
            """
            <fieldset id="f-recipient"\(faults.ties("recipient"))><legend>\(words(.keepOutWhich))</legend>\(faults.error("recipient"))
            \(recipients, { HTML.tick(.radio, "recipient", $0.id.description, $0.name) })</fieldset>
            <div><label for="f-name">\(words(.keepOutName))</label><p class="hint" id="f-name-hint">\(words(.keepOutNameHint))</p>\(faults.error("name"))
            <input id="f-name" name="name" value="\(typed)" maxlength="\(Intake.longestName)"\(faults.ties("name", hint: "f-name-hint"))></div>
            <ul><li>\(words(.keepOutNameLimit))</li><li>\(words(.keepOutEnds))</li></ul>
            <p class="tools"><button>\(words(.keepOutGo))</button></p>
            """)
    }

    private func line(_ exclusion: Exclusion, _ setting: IntakeSetting) -> HTML {
        let (words, place) = (setting.words, names[exclusion.recipient, setting])
        let name =
            exclusion.name.isEmpty ? place : words(.keepOutPerson, ["person": exclusion.name, "name": place])
        return """
            <li class="card"><p>\(name)</p>\(setting.step("exclusions/end", words(.keepOutEnd), ["exclusion": exclusion.id.description], named: name))</li>

            """
    }
}
