import Formats
import Foundation
import Kernel
import Web

/// What the pages of coding have in common.
extension StaffFrame {
    static var coding: String { "desk/landscape/coding" }

    func link(_ rest: String, _ text: String) -> HTML { "<a href=\"\(path(rest))\">\(text)</a>" }

    func field(
        _ name: String, _ label: String, _ value: String = "", _ faults: FormFaults, type: String = "text",
        longest: Int = 200
    ) -> HTML {
        """
        <div><label for="f-\(name)">\(label)</label>\(faults.error(name))
        <input id="f-\(name)" name="\(name)" type="\(type)" value="\(value)" maxlength="\(longest)"\(faults.ties(name))></div>
        """
    }

    func area(
        _ name: String, _ label: String, _ value: String = "", _ faults: FormFaults, rows: Int = 3, longest: Int = 4000
    ) -> HTML {
        """
        <div><label for="f-\(name)">\(label)</label>\(faults.error(name))
        <textarea id="f-\(name)" name="\(name)" rows="\(rows)" maxlength="\(longest)"\(faults.ties(name))>
        \(value)</textarea></div>
        """
    }

    func choice(
        _ name: String, _ label: String, _ choices: [(value: String, name: String)], _ chosen: String,
        _ faults: FormFaults
    ) -> HTML {
        """
        <div><label for="f-\(name)">\(label)</label>\(faults.error(name))
        <select id="f-\(name)" name="\(name)"\(faults.ties(name))>\(choices, { "<option value=\"\($0.value)\"\(if: $0.value == chosen, " selected")>\($0.name)</option>" })</select></div>
        """
    }

    /// A file and two ways to send it: to see what is in it, or to keep it.
    func upload(
        _ action: String, _ label: String, accept: String, _ faults: FormFaults, _ hidden: HTML? = nil
    ) -> HTML {
        form(
            action, takesFiles: true,
            """
            \(hidden)<div><label for="f-file">\(label)</label>\(faults.error("file"))
            <input id="f-file" name="file" type="file" accept="\(accept)"\(faults.ties("file"))></div>
            <p class="tools"><button class="second" name="go" value="try">\(words(.codingTry))</button> <button name="go" value="keep">\(words(.codingImport))</button></p>
            """)
    }

    /// What a file held.
    func counts(_ counts: CarriedCounts, kept: Bool) -> HTML {
        let numbers: [(CodingPhrase, Int)] = [
            (.codingCodersTitle, counts.coders), (.codingCodes, counts.codes), (.codingKnown, counts.known),
            (.codingTexts, counts.sources), (.codingHighlights, counts.highlights), (.codingMarks, counts.marks),
            (.codingNotes, counts.notes),
        ]
        return """
            <section class="note" role="status"><h2>\(words(kept ? .codingKept : .codingTried))</h2>
            <dl class="facts">\(numbers.filter { $0.1 > 0 }, { "<div><dt>\(words($0.0))</dt><dd>\(words.number($0.1))</dd></div>" })</dl>
            \(if: !counts.left.list.isEmpty, "<h3>\(words(.codingLeft))</h3><ul>\(counts.left.list, { "<li>\(words.number($0.count)) × \($0.what)</li>" })</ul>")</section>
            """
    }

    /// Comments about one thing, and the form for another.
    /// - Parameter action: where a new one goes; it carries `subject`.
    func remarks(_ remarks: [Remark], about subject: String, _ action: String, back: String, typed: String = "") -> HTML
    {
        let open = remarks.filter { $0.resolvedOn == nil }.count
        return """
            <details\(if: open > 0 || !typed.isEmpty, " open")><summary>\(words(.codingComments, ["count": words.number(remarks.count), "open": words.number(open)]))</summary>
            \(remarks, { remark -> HTML in
            """
            <div class="card"><p class="by">\(author(remark.author)), \("\(remark.madeOn)")\(remark.resolvedOn.map { day -> HTML in " · \(words(.codingResolved, ["date": "\(day)"]))" })</p>\(words(remark))
            \(if: remark.resolvedOn == nil && mayResolve(remark), form("desk/landscape/remarks/resolution", isStep: true, "\(HTML.hidden("remark", remark.id.description))\(HTML.hidden("back", back))<button class=\"second\">\(words(.codingResolve))</button>"))
            \(if: !remark.text.isEmpty && mayResolve(remark), "<details><summary>\(words(.codingRemarkEmpty))</summary><p>\(words(.codingRemarkEmptyLead))</p>\(form("desk/landscape/remarks/removal", isStep: true, "\(HTML.hidden("remark", remark.id.description))\(HTML.hidden("back", back))<button class=\"second\">\(words(.codingRemarkEmptyGo))</button>"))</details>")</div>
            """
            })
            \(form(action, """
            \(HTML.hidden("subject", subject))\(HTML.hidden("back", back))<div><label for="f-comment-\(subject)">\(words(.codingComment))</label>
            <textarea id="f-comment-\(subject)" name="comment" rows="2" maxlength="\(Remark.longest)" required>
            \(typed)</textarea></div><p class="tools"><button class="second">\(words(.codingCommentGo))</button></p>
            """))</details>

            """
    }

    private func words(_ remark: Remark) -> HTML {
        remark.text.isEmpty
            ? "<p class=\"quiet\">\(words(.codingRemarkEmptied))</p>" : "<blockquote><p>\(remark.text)</p></blockquote>"
    }

    /// Whoever said it, and who keeps the landscape.
    private func mayResolve(_ remark: Remark) -> Bool {
        signedIn.map { $0.worker == remark.worker || $0.actor.may(.keepLandscape) } ?? false
    }

    /// A coder's name, or what somebody does in the network.
    func author(_ name: String) -> String { words.text(key: "role.\(name)") ?? name }

    func swatch(_ color: String?) -> HTML? {
        color.map {
            "<svg width=\"14\" height=\"14\" aria-hidden=\"true\"><rect width=\"14\" height=\"14\" fill=\"\($0)\"/></svg> "
        }
    }

    /// `0.74`, as the language writes it.
    func number(_ agreement: Agreement) -> String {
        switch agreement {
        case .value(let value):
            let text = String(format: "%.3f", value)
            return words.language == .french ? text.replacing(".", with: ",") : text
        case .noUnits: return words(.codingNoUnits)
        case .noVariation: return words(.codingNoVariation)
        }
    }
}
