package import Kernel

/// A form's faults, summed up at the top and said again at each field. The sentence of a code is the text `problem.<code>`.
package struct FormFaults {
    private let words: Words
    private let problems: Problems
    /// What each field is called on the page; faults of the form as a whole have no label.
    private let labels: [String: String]

    package init(_ problems: Problems, labels: [String: String], _ words: Words) {
        self.problems = problems
        self.labels = labels
        self.words = words
    }

    package func summary() -> HTML {
        guard !problems.isEmpty else { return "" }
        return """
            <div class="alert" role="alert"><h2>\(words(WebPhrase.problemTitle))</h2><ul>\(problems.faults, { line($0) })</ul></div>
            """
    }

    private func line(_ fault: (field: String, code: String)) -> HTML {
        let sentence = sentence(fault.code)
        guard let label = labels[fault.field] else { return "<li>\(sentence)</li>" }
        return "<li><a href=\"#\(Self.id(fault.field))\">\(label)</a>\(words(WebPhrase.colon)) \(sentence)</li>"
    }

    package func error(_ field: String) -> HTML? {
        problems.faults.first { $0.field == field }.map { fault in
            "<p class=\"error\" id=\"\(Self.id(field))-error\">\(sentence(fault.code))</p>"
        }
    }

    /// Attributes that tie an input to its hint and its fault.
    package func ties(_ field: String, hint: String? = nil) -> HTML {
        let isWrong = problems.faults.contains { $0.field == field }
        let ids = [hint, isWrong ? "\(Self.id(field))-error" : nil].compactMap(\.self)
        return """
            \(if: !ids.isEmpty, " aria-describedby=\"\(ids.joined(separator: " "))\"")\(if: isWrong, " aria-invalid=\"true\"")
            """
    }

    package static func id(_ field: String) -> String { "f-\(field)" }

    private func sentence(_ code: String) -> String {
        words.text(key: "problem.\(code)") ?? words(WebPhrase.problemRequired)
    }
}
