import Kernel
import Web

/// The documents of a file, and the form that adds one.
struct DocumentsSection {
    let parts: [Part]
    var problems = Problems()

    func html(_ setting: IntakeSetting) -> HTML {
        let words = setting.words
        let documents = parts.filter { $0.kind == .document }
        let faults = FormFaults(problems, labels: ["document": words(.documentChoose)], words)
        return """
            <section id="documents"><h2>\(words(.documentsTitle))</h2>\(faults.summary())
            \(documents, { document($0, setting) })
            \(setting.form("documents", takesFiles: true, """
            <div><label for="f-document">\(words(.documentChoose))</label><p class="hint" id="document-hint">\(words(.documentHint))</p>\(faults.error("document"))
            <input id="f-document" name="document" type="file" accept="\(Self.accepted)"\(faults.ties("document", hint: "document-hint"))></div>
            <p class="tools"><button class="second">\(words(.documentAdd))</button></p>
            """))</section>

            """
    }

    private static let accepted = "application/pdf,image/jpeg,image/png,text/plain"

    private func document(_ part: Part, _ setting: IntakeSetting) -> HTML {
        let (words, fields) = (setting.words, ["part": part.id.description] as KeyValuePairs)
        let name = part.answers.documentName
        return """
            <div class="card">\(setting.said(part.kind, part.answers))
            <div class="row">\(setting.step("documents/content", words(.documentRead), fields, named: name))
            \(setting.step("documents/removal", words(.fileRemove), fields, named: name))</div></div>

            """
    }
}

/// The documents alone, when one could not be added.
struct DocumentsPage {
    let section: DocumentsSection

    func html(_ setting: IntakeSetting) -> HTML {
        setting.page(
            "<h1>\(setting.words(.fileTitle))</h1>\(section.html(setting))\(setting.step("file", setting.words(.back)))"
        )
    }
}
