import Kernel
import Web

/// What a person said to the questions of a part, as their own page and that of a desk show it.
struct SaidAnswers: Sendable {
    let words: Words
    let needs: [(id: String, name: String)]

    /// Questions that were answered, and the answers; of a document its name and size.
    func html(_ kind: PartKind, _ answers: Answers) -> HTML {
        if kind == .document { return document(answers) }
        let answered = kind.questions.filter { answers.values[$0.name] != nil }
        return """
            <dl class="facts said">\(answered, { question in
            "<div><dt>\(words.ask(question))</dt><dd>\(spoken(question, answers))</dd></div>" })</dl>
            """
    }

    private func document(_ answers: Answers) -> HTML {
        let kilobytes = ((answers.documentBytes ?? 0) + 1023) / 1024
        return """
            <p>\(answers.documentName ?? "") · \(words(.documentSize, ["count": words.number(kilobytes)]))</p>
            """
    }

    func card(_ part: Part) -> HTML {
        """
        <section class="card"><h2>\(words.name(part.kind))</h2>\(html(part.kind, part.answers))</section>

        """
    }

    private func spoken(_ question: Question, _ answers: Answers) -> String {
        let values = answers.values[question.name] ?? []
        switch question.form {
        case .needs:
            return values.map { value in needs.first { $0.id == value }?.name ?? value }.joined(separator: ", ")
        case .several, .one: return values.map { words.choice(question, $0) }.joined(separator: ", ")
        case .line, .text: return values.joined(separator: ", ")
        }
    }
}
