import Kernel
import Sealing
import Web

/// What every page of Intake is drawn with.
struct IntakeSetting: Sendable {
    let words: Words
    let frame: PageFrame
    let needs: [(id: String, name: String)]
    /// Nil where no file is open.
    var stay: Token?

    static let stayField = "stay"
    /// Where the browser itself must ask: it forgets what it holds, and saves what it is given, only for its own navigation.
    private static let plain = ["closing", "deletion", "documents/content"]

    func path(_ rest: String) -> String { "/\(words.language.code)/notes\(rest.isEmpty ? "" : "/")\(rest)" }

    /// The title is the same on all, and says nothing.
    func page(_ main: HTML) -> HTML {
        let close: HTML? = stay.map { _ in step("closing", words(.fileClose)) }
        return frame.page(
            words, title: words(.notesPage), path: "notes", promise: words(.notesPromise), "\(close)\(main)")
    }

    /// A form of this stay, if there is one.
    /// - Parameter takesFiles: a browser sends its files only by itself, never through a script.
    func form(_ action: String, isStep: Bool = false, takesFiles: Bool = false, _ content: HTML) -> HTML {
        """
        <form method="post" action="\(path(action))" autocomplete="off"\(if: isStep, " class=\"tools\"")\(if: takesFiles, " enctype=\"multipart/form-data\"")\(if: takesFiles || Self.plain.contains(action), " data-plain")>\(stay.map { HTML.hidden(Self.stayField, $0.text) })\(content)</form>

        """
    }

    /// A button that leads on with this stay and `fields`.
    func step(
        _ action: String, _ label: String, _ fields: KeyValuePairs<String, String> = [:], named name: String? = nil,
        isSecond: Bool = true
    ) -> HTML {
        let spoken = name.map { words(.fileNamed, ["action": label, "name": $0]) }
        return form(
            action, isStep: true,
            """
            \(fields, { HTML.hidden($0.key, $0.value) })<button\(if: isSecond, " class=\"second\"")\(spoken.map { spoken -> HTML in " aria-label=\"\(spoken)\"" })>\(label)</button>
            """)
    }

    func note(_ sentence: String?) -> HTML? {
        sentence.map { "<p class=\"note\" role=\"status\">\($0)</p>" }
    }

    // MARK: Questions and answers

    /// The fields of a part's questions, filled with `answers`.
    func fields(_ kind: PartKind, _ answers: Answers, _ faults: FormFaults) -> HTML {
        "\(kind.questions, { field($0, answers, faults) })"
    }

    private func field(_ question: Question, _ answers: Answers, _ faults: FormFaults) -> HTML {
        switch question.form {
        case .needs: choices(question, answers, .checkbox, needs, faults)
        case .several(let values): choices(question, answers, .checkbox, named(question, values), faults)
        case .one(let values): choices(question, answers, .radio, named(question, values), faults)
        case .line:
            typed(question, faults) { id, ties in
                """
                <input id="\(id)" name="\(question.name)" value="\(answers.text(question))" maxlength="\(question.longest)"\(ties)>
                """
            }
        case .text(let rows):
            typed(question, faults) { id, ties in
                """
                <textarea id="\(id)" name="\(question.name)" rows="\(rows)" maxlength="\(question.longest)"\(ties)>
                \(answers.text(question))</textarea>
                """
            }
        }
    }

    private func named(_ question: Question, _ values: [String]) -> [(id: String, name: String)] {
        values.map { ($0, words.choice(question, $0)) }
    }

    private func choices(
        _ question: Question, _ answers: Answers, _ tick: HTML.Tick, _ offered: [(id: String, name: String)],
        _ faults: FormFaults
    ) -> HTML {
        """
        <fieldset id="\(FormFaults.id(question.name))"><legend>\(words.ask(question))</legend>\(faults.error(question.name))
        \(offered, { HTML.tick(tick, question.name, $0.id, $0.name, answers.has(question, $0.id)) })</fieldset>

        """
    }

    private func typed(
        _ question: Question, _ faults: FormFaults, _ input: (_ id: String, _ ties: HTML) -> HTML
    ) -> HTML {
        let id = FormFaults.id(question.name)
        let hint = words.hint(question)
        return """
            <div><label for="\(id)">\(words.ask(question))</label>\(hint.map { hint -> HTML in "<p class=\"hint\" id=\"\(id)-hint\">\(hint)</p>" })\(faults.error(question.name))
            \(input(id, faults.ties(question.name, hint: hint == nil ? nil : "\(id)-hint")))</div>

            """
    }

    func faults(_ problems: Problems, _ kinds: [PartKind]) -> FormFaults {
        let labels = kinds.flatMap(\.questions).map { ($0.name, words.ask($0)) }
        return FormFaults(problems, labels: Dictionary(uniqueKeysWithValues: labels), words)
    }

    /// What a part is called where several stand together: a document by its own name.
    func label(_ part: Part) -> String {
        guard part.kind == .document, let name = part.answers.documentName else {
            return words.name(part.kind)
        }
        return words(.documentNamed, ["kind": words.name(part.kind), "name": name])
    }

    func said(_ kind: PartKind, _ answers: Answers) -> HTML {
        SaidAnswers(words: words, needs: needs).html(kind, answers)
    }
}
