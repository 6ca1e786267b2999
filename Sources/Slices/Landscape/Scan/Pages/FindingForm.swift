import Kernel
import Web

/// The form of one finding, new or to be corrected. What was typed stays when something is wrong.
struct FindingForm {
    /// What it is for.
    enum Purpose {
        /// - Parameters:
        ///   - id: of the finding that it will be: sent twice it is one.
        ///   - scans: it can be put into.
        case new(id: Identifier<Finding>, scans: [Scan], chosen: String?)
        case correction(OpenFinding)
    }

    let purpose: Purpose
    let draft: FindingDraft
    let needs: [(id: String, name: String)]
    let themes: [String]
    let languages: [(code: String, name: String)]
    let problems: Problems
    var refusal: ScanRefusal?
    /// Names of desks by their ids, for the history.
    var desks: [String: String] = [:]
    /// What is typed to open a scan; nil for who may not.
    var opening: ScanOpening?

    static func path(_ id: Identifier<Finding>) -> String { "desk/landscape/findings/\(id)/correction" }

    private var path: String {
        switch purpose {
        case .new: "desk/landscape/findings"
        case .correction(let open): Self.path(open.finding.id)
        }
    }

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(problems, labels: labels(words), words)
        return switch purpose {
        case .new(let id, let scans, let chosen):
            setting.page(
                words(.scanDeskNew), path: "desk/landscape/findings/new",
                """
                \(HTML.alert(refusal.map { words($0) }))\(faults.summary())<p class="lead">\(words(.scanDeskNewLead))</p>
                \(if: scans.isEmpty, "<p>\(words(.scanDeskNoScan))</p>")\(if: !scans.isEmpty, setting.form(path, """
                \(HTML.hidden("id", id.description))
                \(select("scan", scans.map { ($0.code, $0.title) }, chosen ?? scans.last?.code ?? "", faults, words))
                \(fields(faults, words))
                <p class="tools"><button>\(words(.scanDeskKeep))</button></p>
                """))
                \(opening?.html(setting, isOpen: scans.isEmpty))
                """)
        case .correction(let open):
            setting.page(
                words(.scanDeskCorrect), path: path,
                """
                \(HTML.alert(refusal.map { words($0) }))\(faults.summary())<p class="lead">\(open.finding.code) · \(words(CodingPhrase(state: open.finding.state)))</p>
                <p>\(words(open.isSeen ? .scanDeskCorrectSeen : .scanDeskCorrectDraft))</p>
                \(setting.form(path, """
                \(HTML.hidden("seen", open.finding.mark))
                \(fields(faults, words))
                <p class="tools"><button>\(words(.scanDeskCorrectKeep))</button></p>
                """))
                \(if: !open.changes.isEmpty, history(open, words))
                <p>\(setting.link(LandscapeDeskPage.path, words(.scanDeskTitle)))</p>
                """)
        }
    }

    private func fields(_ faults: FormFaults, _ words: Words) -> HTML {
        func kinds<Value: RawRepresentable<String>>(_ all: [Value], _ key: String) -> [(String, String)] {
            all.map { ($0.rawValue, words.text(key: "scan.\(key).\($0.rawValue)") ?? $0.rawValue) }
        }
        func input(_ name: String, _ value: String, list: String? = nil, hint: String? = nil) -> HTML {
            let ties = faults.ties(name, hint: hint == nil ? nil : "f-\(name)-hint")
            return row(
                name, faults, words, hint: hint,
                "<input id=\"f-\(name)\" name=\"\(name)\" value=\"\(value)\" autocomplete=\"off\"\(list.map { " list=\"\($0)\"" })\(ties)>"
            )
        }
        func area(_ name: String, _ value: String) -> HTML {
            row(
                name, faults, words,
                "<textarea id=\"f-\(name)\" name=\"\(name)\" rows=\"4\"\(faults.ties(name))>\n\(value)</textarea>")
        }
        let known = languages.contains { $0.code == draft.language } || draft.language.isEmpty
        let spoken = languages.map { ($0.code, $0.name) } + (known ? [] : [(draft.language, draft.language)])
        return """
            \(area("text", draft.text))
            \(select("kind", kinds(Finding.Kind.allCases, "kind"), draft.kind, faults, words))
            \(select("focus", kinds(Finding.Focus.allCases, "focus"), draft.focus, faults, words))
            \(input("theme", draft.theme, list: "themes"))<datalist id="themes">\(themes, { "<option value=\"\($0)\"></option>" })</datalist>
            \(input("subtheme", draft.subtheme))
            \(input("places", draft.places.joined(separator: ", ")))
            \(area("facts", draft.facts.joined(separator: "\n")))
            <fieldset id="f-need"\(faults.ties("need"))><legend>\(words(.scanNeed))</legend>\(faults.error("need"))\(needs, { HTML.tick(.checkbox, "need", $0.id, $0.name, draft.needs.contains($0.id)) })</fieldset>
            \(input("source", draft.source))
            \(select("language", spoken, draft.language.isEmpty ? words.language.code : draft.language, faults, words))
            \(input("flag", draft.flag))
            \(input("continues", draft.continues))
            \(HTML.tick(.checkbox, "small", "yes", words(.scanSmall), draft.small == "yes"))
            \(input("review", draft.review, hint: words(.scanReviewHint)))
            """
    }

    private func labels(_ words: Words) -> [String: String] {
        [
            "scan": words(.scanDeskScan), "kind": words(.scanKind), "focus": words(.scanFocus),
            "theme": words(.scanTheme), "subtheme": words(.scanDeskSubtheme), "text": words(.scanDeskText),
            "places": words(.scanDeskPlaces), "facts": words(.scanDeskFacts), "need": words(.scanNeed),
            "source": words(.scanDeskSource), "language": words(.scanDeskLanguage), "flag": words(.scanFlag),
            "continues": words(.scanDeskContinues), "small": words(.scanSmall), "review": words(.scanReview),
        ]
    }

    /// What stood there before, the newest change first.
    private func history(_ open: OpenFinding, _ words: Words) -> HTML {
        """
        <section><h2>\(words(.scanDeskHistory))</h2><ol class="listing">\(open.changes, { change in
        "<li>\(change.at.day.description) · \(words.text(key: "role.\(change.actor)") ?? change.actor)\(change.desk.flatMap { desks[$0] }.map { ", \($0)" })<p>\(name(change.field, words))\(words(WebPhrase.colon)) \(shown(change.before, change.field, open, words)) → \(shown(change.after, change.field, open, words))</p></li>\n" })</ol></section>
        """
    }

    private func name(_ field: FindingChange.Field, _ words: Words) -> String {
        field == .state ? words(.scanDeskState) : labels(words)[field.rawValue] ?? field.rawValue
    }

    private func shown(
        _ text: String, _ field: FindingChange.Field, _ open: OpenFinding, _ words: Words
    ) -> String {
        if text.isEmpty { return "–" }
        return switch field {
        case .kind, .focus: words.text(key: "scan.\(field.rawValue).\(text)") ?? text
        case .small: words.answer(Action.Answer(rawValue: text) ?? .unknown)
        case .state: Finding.State(rawValue: text).map { words(CodingPhrase(state: $0)) } ?? text
        case .continues: open.codes[text] ?? text
        default: text
        }
    }

    private func row(
        _ name: String, _ faults: FormFaults, _ words: Words, hint: String? = nil, _ control: HTML
    ) -> HTML {
        """
        <div><label for="f-\(name)">\(labels(words)[name] ?? name)</label>\(hint.map { "<p class=\"hint\" id=\"f-\(name)-hint\">\($0)</p>" })\(faults.error(name))\(control)</div>

        """
    }

    private func select(
        _ name: String, _ choices: [(String, String)], _ chosen: String, _ faults: FormFaults, _ words: Words
    ) -> HTML {
        row(
            name, faults, words,
            "<select id=\"f-\(name)\" name=\"\(name)\"\(faults.ties(name))>\(choices, { "<option value=\"\($0.0)\"\(if: $0.0 == chosen, " selected")>\($0.1)</option>" })</select>"
        )
    }
}

/// What somebody types to open an empty scan, to write findings into.
struct ScanOpening {
    var code = ""
    var title = ""
    var published = ""
    var problems = Problems()
    var refusal: ScanRefusal?

    func html(_ setting: StaffFrame, isOpen: Bool) -> HTML {
        let words = setting.words
        let labels = [
            "code": words(.scanOpenCode), "title": words(.scanOpenTitle), "published": words(.scanOpenDate),
        ]
        let faults = FormFaults(problems, labels: labels, words)
        return """
            <details\(if: isOpen || !problems.isEmpty || refusal != nil, " open")><summary>\(words(.scanOpening))</summary>\(HTML.alert(refusal.map { words($0) }))\(faults.summary())
            \(setting.form("desk/landscape/scans", """
            \(setting.field("code", labels["code"] ?? "", code, faults, longest: 20))
            \(setting.field("title", labels["title"] ?? "", title, faults, longest: 300))
            \(setting.field("published", labels["published"] ?? "", published, faults, longest: 10))
            <p class="tools"><button class="second">\(words(.scanOpenGo))</button></p>
            """))</details>
            """
    }
}
