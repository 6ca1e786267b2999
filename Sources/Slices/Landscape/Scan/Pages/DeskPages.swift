import Kernel
import Web

/// Where staff come to the landscape: drafts of findings, and the ways to what else is done with them.
struct LandscapeDeskPage {
    let drafts: [Finding]
    let mayPublish: Bool
    let refusal: ScanRefusal?

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return setting.page(
            words(.scanDeskTitle), path: "desk/landscape",
            """
            \(setting.alert(refusal == .openRemarks ? words(CodingRefusal.openRemarks) : nil))\(if: refusal == .oneSided, "<p class=\"alert\" role=\"alert\">\(words(.scanDeskOneSided))</p>")
            <p class="lead">\(words(.scanDeskLead))</p>
            <ul><li><a href="\(setting.path("desk/landscape/findings/new"))">\(words(.scanDeskNew))</a></li>
            <li><a href="\(setting.path("desk/landscape/plan"))">\(words(.planTitle))</a></li>
            <li><a href="\(setting.path("desk/landscape/proposals"))">\(words(.proposeTitle))</a></li>
            <li><a href="\(setting.path("desk/landscape/votes"))">\(words(.votesTitle))</a></li>
            <li>\(setting.link(StaffFrame.coding, words(.codingHub)))</li>
            \(if: mayPublish, "<li><a href=\"\(setting.path(WorkshopDeskRoutes.path))\">\(words(.workshopsTitle))</a></li>")
            <li><a href="\(setting.path("landscape"))">\(words(.scanHeading))</a></li></ul>
            <section><h2>\(words(.scanDeskDrafts, ["count": words.number(drafts.count)]))</h2>
            \(if: drafts.isEmpty, "<p>\(words(.scanDeskNoDrafts))</p>")
            <ul class="listing">\(drafts, { item($0, setting) })</ul></section>
            """)
    }

    private func item(_ draft: Finding, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        func step(_ action: String, _ phrase: ScanPhrase) -> HTML {
            setting.form(
                "desk/landscape/findings/\(action)", isStep: true,
                "\(HTML.hidden("finding", draft.id.description))<button class=\"second\">\(words(phrase))</button>")
        }
        let kind = words.text(key: "scan.kind.\(draft.kind.rawValue)") ?? draft.kind.rawValue
        return """
            <li><p lang="\(draft.language.code)">\(draft.text)</p><p class="quiet">\(kind) · \(draft.theme) · \(draft.printed.document)\(draft.flag.map { " · \($0)" })</p>
            <p>\(setting.link(FindingTalkPage.path(draft.id), words(.codingBesideNamed, ["code": draft.code])))</p>
            \(if: mayPublish, "\(step("publications", .scanDeskPublish))\(step("withdrawals", .scanDeskWithdraw))")</li>

            """
    }
}

/// The form of one finding. What was typed stays when something is wrong.
struct FindingForm {
    let scans: [Scan]
    let scan: String?
    /// Of the finding that it will be: sent twice it is one.
    let id: Identifier<Finding>
    let draft: FindingDraft
    let needs: [(id: String, name: String)]
    let problems: Problems

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(problems, labels: labels(words), words)
        func kinds<Value: RawRepresentable<String>>(_ all: [Value], _ key: String) -> [(String, String)] {
            all.map { ($0.rawValue, words.text(key: "scan.\(key).\($0.rawValue)") ?? $0.rawValue) }
        }
        func input(_ name: String, _ value: String) -> HTML {
            row(
                name, faults, words,
                "<input id=\"f-\(name)\" name=\"\(name)\" value=\"\(value)\" autocomplete=\"off\"\(faults.ties(name))>")
        }
        func area(_ name: String, _ value: String) -> HTML {
            row(
                name, faults, words,
                "<textarea id=\"f-\(name)\" name=\"\(name)\" rows=\"4\"\(faults.ties(name))>\(value)</textarea>")
        }
        return setting.page(
            words(.scanDeskNew), path: "desk/landscape/findings/new",
            """
            \(faults.summary())<p class="lead">\(words(.scanDeskNewLead))</p>
            \(setting.form("desk/landscape/findings", """
            \(HTML.hidden("id", id.description))
            \(select("scan", scans.map { ($0.code, $0.title) }, scan ?? scans.last?.code ?? "", faults, words))
            \(select("kind", kinds(Finding.Kind.allCases, "kind"), draft.kind, faults, words))
            \(select("focus", kinds(Finding.Focus.allCases, "focus"), draft.focus, faults, words))
            \(input("theme", draft.theme))
            \(area("text", draft.text))
            \(input("places", draft.places.joined(separator: ", ")))
            \(area("facts", draft.facts.joined(separator: "\n")))
            \(select("need", [("", "–")] + needs.map { ($0.id, $0.name) }, draft.needs.first ?? "", faults, words))
            \(input("source", draft.source))
            \(input("continues", draft.continues))
            <p class="tools"><button>\(words(.scanDeskKeep))</button></p>
            """))
            """)
    }

    private func labels(_ words: Words) -> [String: String] {
        [
            "scan": words(.scanDeskScan), "kind": words(.scanKind), "focus": words(.scanFocus),
            "theme": words(.scanTheme), "text": words(.scanDeskText), "places": words(.scanDeskPlaces),
            "facts": words(.scanDeskFacts), "need": words(.scanNeed), "source": words(.scanDeskSource),
            "continues": words(.scanDeskContinues),
        ]
    }

    private func row(_ name: String, _ faults: FormFaults, _ words: Words, _ control: HTML) -> HTML {
        """
        <div><label for="f-\(name)">\(labels(words)[name] ?? name)</label>\(faults.error(name))\(control)</div>

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
