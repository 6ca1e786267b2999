import Formats
import Kernel
import Web

/// All studies; who keeps the landscape opens one or reads one from a file.
struct StudiesPage {
    let studies: [Study]
    /// What its forms are sent with.
    let form: String
    let mayKeep: Bool
    var name = ""
    var description = ""
    var problems = Problems()
    var alert: String?
    var counts: CarriedCounts?

    static let formField = "form"

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(
            problems,
            labels: ["name": words(.codingName), "description": words(.codingDescription), "file": words(.codingFile)],
            words)
        return setting.page(
            words(.codingTitle), path: StaffFrame.coding,
            """
            \(HTML.alert(alert))\(faults.summary())<p class="lead">\(words(.codingLead))</p>
            \(counts.map { setting.counts($0, kept: $0.study != nil) })
            \(if: studies.isEmpty, "<p>\(words(.codingNone))</p>")
            <ul class="plain">\(studies, { study -> HTML in
            """
            <li class="card"><h2>\(setting.link("\(StaffFrame.coding)/\(study.id)", study.name))</h2>\(if: !study.description.isEmpty, "<p>\(study.description)</p>")<p class="quiet">\("\(study.openedOn)")\(study.origin.map { origin -> HTML in " · \(words(.codingFrom, ["origin": origin.isEmpty ? "?" : origin]))" })</p></li>

            """
            })</ul>
            \(if: mayKeep, keeping(setting, faults))
            """)
    }

    private func keeping(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.codingOpen))</h2>\(setting.form("\(StaffFrame.coding)/studies", """
            \(HTML.hidden(Self.formField, form))\(setting.field("name", words(.codingName), name, faults))
            \(setting.area("description", words(.codingDescription), description, faults))
            <p class="tools"><button>\(words(.codingOpenGo))</button></p>
            """))</section>
            <section><h2>\(words(.codingImportTitle))</h2><p>\(words(.codingImportLead))</p>
            \(setting.upload("\(StaffFrame.coding)/imports", words(.codingFile), accept: ".qdpx", faults, HTML.hidden(Self.formField, form)))</section>
            """
    }
}

/// One study: its texts, its coders, and the ways to its codebook, its agreement and its files.
struct StudyPage {
    let open: OpenStudy
    let gatherings: [(gathering: Gathering, name: String)]
    /// How many came with its file.
    let notes: Int
    /// What a text is added with.
    let form: String
    let mayKeep: Bool
    var coderName = ""
    var textName = ""
    var text = ""
    var problems = Problems()
    var alert: String?

    private var path: String { "\(StaffFrame.coding)/\(open.study.id)" }

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let faults = FormFaults(
            problems,
            labels: [
                "coder": words(.codingCoderName), "name": words(.codingTextName), "text": words(.codingTextPaste),
                "file": words(.codingTextFile), "from": words(.codingTextFrom),
            ], words)
        let count = open.codes.filter { $0.mergedInto == nil }.count
        return setting.page(
            open.study.name, path: path,
            """
            \(HTML.alert(alert))\(faults.summary())\(if: !open.study.description.isEmpty, "<p class=\"lead\">\(open.study.description)</p>")
            <ul><li>\(setting.link("\(path)/codes", words(.codingCodebookCount, ["count": words.number(count)])))</li>
            \(if: open.mayRead, "<li>\(setting.link("\(path)/agreement", words(.codingAgreement)))</li>")
            <li>\(setting.link(StaffFrame.coding, words(.codingAll)))</li></ul>
            \(coding(setting, faults))
            <section><h2>\(words(.codingTexts))</h2>\(if: open.sources.isEmpty, "<p>\(words(.codingNoTexts))</p>")
            <ul class="plain">\(open.sources, { source($0, setting) })</ul></section>
            \(if: mayKeep, adding(setting, faults))
            <section><h2>\(words(.codingFiles))</h2><p>\(words(.codingFilesLead))</p>
            <ul>\([("qdpx", CodingPhrase.codingFileProject), ("qdc", .codingFileCodebook), ("csv", .codingFileTable)].filter { open.mayRead || $0.0 != "qdpx" }, { "<li>\(setting.link("\(path)/files/\($0.0)", words($0.1)))</li>" })</ul></section>
            \(if: mayKeep, removing(setting))
            """)
    }

    /// What nobody gets back again, behind one more press.
    private func removing(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        func step(_ action: String, _ label: String) -> HTML {
            setting.form("\(path)/\(action)", isStep: true, "<button class=\"second\">\(label)</button>")
        }
        return """
            <details><summary>\(words(.codingDeleteStudy))</summary><p>\(words(.codingDeleteStudyLead))</p>
            \(if: notes > 0, "<p>\(words(.codingDeleteNotesLead, ["count": words.number(notes)]))</p>\(step("notes/removal", words(.codingDeleteNotesGo)))")
            \(step("removal", words(.codingDeleteStudyGo)))</details>
            """
    }

    private func coding(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.codingCodersTitle))</h2>
            \(if: !open.coders.isEmpty, "<p>\(open.coders.map(\.name).joined(separator: ", "))</p>")<p>\(words(.codingApart))</p>
            \(open.own.map { own -> HTML in "<p>\(words(.codingYou, ["name": own.name]))</p>" } ?? setting.form("\(path)/coders", """
            \(setting.field("coder", words(.codingCoderName), coderName, faults, longest: 80))<p class="hint">\(words(.codingCoderHint))</p>
            <p class="tools"><button>\(words(.codingJoin))</button></p>
            """))</section>
            """
    }

    private func source(_ source: StudySource, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let isDone = open.own.map { source.finishedBy.contains($0.id) } ?? false
        return """
            <li class="card"><h3>\(if: open.mayRead, setting.link("\(path)/texts/\(source.id)", source.name))\(if: !open.mayRead, "\(source.name)")</h3>\(source.description.map { "<p>\($0)</p>" })
            <p class="quiet">\(words(.codingSigns, ["count": words.number(source.length)])) · \(words(.codingDoneBy, ["count": words.number(source.finishedBy.count)]))\(if: isDone, " · \(words(.codingDoneYou))")</p></li>

            """
    }

    private func adding(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        let none = [(value: "", name: words(.codingTextNowhere))]
        return """
            <section><h2>\(words(.codingAddText))</h2><p>\(words(.codingAddTextLead))</p>\(setting.form("\(path)/texts", takesFiles: true, """
            \(HTML.hidden(StudiesPage.formField, form))\(setting.field("name", words(.codingTextName), textName, faults))
            \(setting.area("text", words(.codingTextPaste), text, faults, rows: 6, longest: StudySource.largest))
            <div><label for="f-file">\(words(.codingTextFile))</label>\(faults.error("file"))<input id="f-file" name="file" type="file" accept="text/plain,.txt"\(faults.ties("file"))></div>
            \(if: !gatherings.isEmpty, setting.choice("from", words(.codingTextFrom), none + gatherings.map { ($0.gathering.description, $0.name) }, "", faults))
            <p class="tools"><button>\(words(.codingAddTextGo))</button></p>
            """))</section>
            """
    }
}

/// How far coders agree, with what was judged and how often.
struct AgreementPage {
    let agreement: StudyAgreement

    private var open: OpenStudy { agreement.open }

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let path = "\(StaffFrame.coding)/\(open.study.id)"
        let isParagraph = agreement.unit == .paragraph
        return setting.page(
            words(.codingAgreement), path: "\(path)/agreement",
            """
            <p class="lead">\(words(isParagraph ? .codingUnitParagraph : .codingUnitSentence))</p>
            <ul><li>\(setting.link("\(path)/agreement?unit=\(isParagraph ? "sentence" : "paragraph")", words(isParagraph ? .codingBySentence : .codingByParagraph)))</li>
            <li>\(setting.link(path, open.study.name))</li></ul>
            <p>\(words(.codingAgreementTexts, ["count": words.number(agreement.texts)]))</p>
            <section><h2>\(words(.codingAlpha))</h2><p>\(words(.codingAlphaLead))</p>
            <p class="number">\(setting.number(agreement.all.agreement))</p><p class="quiet">n = \(words.number(agreement.all.count))</p></section>
            <section><h2>\(words(.codingKappa))</h2><p>\(words(.codingKappaLead))</p>
            \(if: agreement.pairs.isEmpty, "<p>\(words(.codingNoPairs))</p>")\(if: !agreement.pairs.isEmpty, table(words(.codingPair), agreement.pairs.map { ("\($0.first.name) – \($0.second.name)", $0.line) }, "κ", setting))</section>
            <section><h2>\(words(.codingPerCode))</h2>\(table(words(.codingCode), agreement.codes.map { (open.trail(of: $0.code), $0.line) }, "α", setting))</section>
            """)
    }

    private func table(
        _ what: String, _ lines: [(name: String, line: StudyAgreement.Line)], _ sign: String, _ setting: StaffFrame
    ) -> HTML {
        """
        <table><thead><tr><th scope="col">\(what)</th><th scope="col">\(sign)</th><th scope="col">n</th></tr></thead><tbody>\(lines, { line -> HTML in
        "<tr><th scope=\"row\">\(line.name)</th><td>\(setting.number(line.line.agreement))</td><td>\(setting.words.number(line.line.count))</td></tr>\n"
        })</tbody></table>
        """
    }
}
