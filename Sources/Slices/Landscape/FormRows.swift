import Kernel
import Web

/// The rows of a form that is drawn again as it was typed: label, hint, fault and control of each field.
struct FormRows {
    let texts: [String: String]
    let labels: [String: String]
    let faults: FormFaults

    init(_ texts: [String: String], labels: [String: String], _ problems: Problems, _ words: Words) {
        self.texts = texts
        self.labels = labels
        faults = FormFaults(problems, labels: labels, words)
    }

    func input(_ name: String, type: String = "text", hint: String? = nil) -> HTML {
        row(
            name, hint,
            "<input id=\"f-\(name)\" name=\"\(name)\" type=\"\(type)\" value=\"\(texts[name] ?? "")\" autocomplete=\"off\"\(ties(name, hint))>"
        )
    }

    func area(_ name: String, rows: Int = 3, hint: String? = nil) -> HTML {
        row(
            name, hint,
            "<textarea id=\"f-\(name)\" name=\"\(name)\" rows=\"\(rows)\"\(ties(name, hint))>\(texts[name] ?? "")</textarea>"
        )
    }

    /// - Parameter none: what stands for no choice, first in the list; nil where there is always one.
    func choice(
        _ name: String, _ choices: [(value: String, name: String)], hint: String? = nil, none: String? = "–"
    ) -> HTML {
        row(
            name, hint,
            "<select id=\"f-\(name)\" name=\"\(name)\"\(ties(name, hint))>\(none.map { "<option value=\"\">\($0)</option>" })\(choices, { "<option value=\"\($0.value)\"\(if: $0.value == texts[name], " selected")>\($0.name)</option>" })</select>"
        )
    }

    private func ties(_ name: String, _ hint: String?) -> HTML {
        faults.ties(name, hint: hint == nil ? nil : "f-\(name)-hint")
    }

    private func row(_ name: String, _ hint: String?, _ control: HTML) -> HTML {
        """
        <div><label for="f-\(name)">\(labels[name] ?? name)</label>\(hint.map { "<p class=\"hint\" id=\"f-\(name)-hint\">\($0)</p>" })\(faults.error(name))
        \(control)</div>

        """
    }
}
