import Kernel
import Web

/// Several needs, one place; for each need the nearest services, to be put on a list and printed.
struct NavigatorPage {
    let question: NeedsQuestion
    /// Those that can be looked for.
    let needs: [(id: String, name: String)]
    let languages: [(code: String, name: String)]
    /// Kilometres that can be chosen.
    let distances: [Int]
    /// By the name of the need; nil before anything was asked.
    var found: [(need: String, items: [HTML])]?
    var problems = Problems()

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(problems, labels: ["need": words(.servicesNeeds)], words)
        return setting.page(
            words(.servicesTitle), path: "desk/services",
            """
            \(faults.summary())<p class="lead">\(words(.servicesLead))</p>
            \(setting.form("desk/services", """
            <fieldset id="f-need"\(faults.ties("need"))><legend>\(words(.servicesNeeds))</legend>\(faults.error("need"))
            \(needs, { HTML.tick(.checkbox, "need", $0.id, $0.name, question.needs.contains($0.id)) })</fieldset>
            <div class="fields"><div><label for="f-near">\(words(.servicesNear))</label><input id="f-near" name="near" value="\(question.near)" maxlength="100" autocomplete="off"></div>
            \(select("within", words(.servicesWithin), kilometres(words), question.within.map(String.init) ?? ""))
            \(if: !languages.isEmpty, select("language", words(.servicesLanguage), [("", words(.servicesAny))] + languages, question.language))
            \(select("open", words(.servicesOpen), [("", words(.servicesAny)), ("after-hours", words(.servicesAfterHours))], question.isAfterHours ? "after-hours" : ""))</div>
            <p class="tools"><button>\(words(.servicesGo))</button></p>
            """))
            \(found.map { answer($0, words) })
            """)
    }

    private func kilometres(_ words: Words) -> [(code: String, name: String)] {
        [("", words(.servicesAny))]
            + distances.map { ("\($0)", words(.servicesKilometres, ["count": words.number($0)])) }
    }

    private func select(
        _ name: String, _ label: String, _ choices: [(code: String, name: String)], _ chosen: String
    ) -> HTML {
        """
        <div><label for="f-\(name)">\(label)</label><select id="f-\(name)" name="\(name)">\(choices, { "<option value=\"\($0.code)\"\(if: $0.code == chosen, " selected")>\($0.name)</option>" })</select></div>
        """
    }

    /// The list to print is the one that every visitor has: it takes ids of services and knows nothing of who asks.
    private func answer(_ found: [(need: String, items: [HTML])], _ words: Words) -> HTML {
        """
        <form method="post" action="/\(words.language.code)/saved" data-plain>
        \(found, { part in
        "<section><h2>\(part.need)</h2>\(if: part.items.isEmpty, "<p>\(words(.servicesNone))</p>")<ol class=\"cards\">\(part.items, { $0 })</ol></section>\n" })
        \(if: found.contains { !$0.items.isEmpty }, "<p class=\"tools\"><button class=\"second\">\(words(.servicesList))</button></p>")</form>
        """
    }
}
