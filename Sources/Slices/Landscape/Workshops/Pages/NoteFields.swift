import Kernel
import Web

/// The fields of one note, on a phone and where a facilitator copies paper.
struct NoteFields {
    let typed: NoteForm
    let problems: Problems
    let words: Words

    static func labels(_ words: Words) -> [String: String] {
        [
            "kind": words(.noteKind), "focus": words(.noteFocus), "text": words(.noteText),
            "place": words(.notePlace), "group": words(.noteGroup),
        ]
    }

    var faults: FormFaults { FormFaults(problems, labels: Self.labels(words), words) }

    var html: HTML {
        let faults = faults
        let kinds = Finding.Kind.allCases.map { ($0.rawValue, words.note($0)) }
        let focuses = Finding.Focus.allCases.map { ($0.rawValue, words.workshopName($0)) }
        return """
            \(choices("kind", kinds, typed.kind, faults))
            \(choices("focus", focuses, typed.focus, faults))
            <div><label for="f-text">\(words(.noteText))</label><p class="hint" id="f-text-hint">\(words(.noteTextHint, ["count": words.number(NoteForm.longestText)]))</p>\(faults.error("text"))
            <textarea id="f-text" name="text" rows="4" maxlength="\(NoteForm.longestText)"\(faults.ties("text", hint: "f-text-hint"))>
            \(typed.text)</textarea></div>
            <div><label for="f-place">\(words(.notePlace))</label>\(faults.error("place"))
            <input id="f-place" name="place" value="\(typed.place)" maxlength="\(NoteForm.longestPlace)" autocomplete="off"\(faults.ties("place"))></div>
            """
    }

    private func choices(
        _ name: String, _ offered: [(String, String)], _ chosen: String, _ faults: FormFaults
    ) -> HTML {
        """
        <fieldset id="f-\(name)"\(faults.ties(name))><legend>\(Self.labels(words)[name] ?? name)</legend>\(faults.error(name))
        \(offered, { HTML.tick(.radio, name, $0.0, $0.1, $0.0 == chosen) })</fieldset>
        """
    }
}

extension NoteForm {
    /// What a form sent.
    init(_ form: FormFields) {
        self.init(
            kind: form.value("kind") ?? "", focus: form.value("focus") ?? "", place: form.value("place") ?? "",
            text: form.value("text") ?? "")
    }

    /// The same again in fields that do not show, to travel through a page that asks something else first.
    var hidden: HTML {
        let fields = [("kind", kind), ("focus", focus), ("place", place), ("text", text)]
        return "\(fields.filter { !$0.1.isEmpty }, { HTML.hidden($0.0, $0.1) })"
    }

    /// The next note is often of the same kind.
    var next: NoteForm { NoteForm(kind: kind, focus: focus) }
}
