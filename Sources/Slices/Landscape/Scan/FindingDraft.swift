import Formats
import Kernel
import Web

/// A finding as somebody writes it down: in a form or in a row of a file.
package struct FindingDraft: Sendable {
    package var focus = ""
    package var kind = ""
    package var theme = ""
    package var subtheme = ""
    package var text = ""
    /// Names or ids of the gazetteer.
    package var places: [String] = []
    package var needs: [String] = []
    package var facts: [String] = []
    package var source = ""
    package var table = ""
    package var section = ""
    package var flag = ""
    package var language = ""
    /// The code of a finding of the baseline.
    package var continues = ""
    package var code = ""

    package init() {}

    init(_ values: [String: String]) {
        func list(_ name: String) -> [String] { Self.list(values[name] ?? "", by: ";") }
        (focus, kind, theme) = (values["focus"] ?? "", values["kind"] ?? "", values["theme"] ?? "")
        (subtheme, text, code) = (values["subtheme"] ?? "", values["text"] ?? "", values["code"] ?? "")
        (places, needs, facts) = (list("places"), list("needs"), list("facts"))
        (source, table, section) = (values["source"] ?? "", values["table"] ?? "", values["section"] ?? "")
        (flag, language) = (values["flag"] ?? "", values["language"] ?? "")
        continues = values["continues"] ?? ""
    }

    init(_ form: FormFields) {
        func text(_ name: String) -> String { form.value(name) ?? "" }
        (focus, kind, theme, self.text) = (text("focus"), text("kind"), text("theme"), text("text"))
        (places, facts) = (Self.list(text("places"), by: ","), Self.list(text("facts"), by: "\n"))
        (needs, source, continues) = (form.values("need"), text("source"), text("continues"))
    }

    static func list(_ text: String, by separator: Character) -> [String] {
        text.split(separator: separator).map { part in
            String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }.filter { !$0.isEmpty }
    }

    static let longestName = 300

    /// The finding that it becomes.
    /// - Parameters:
    ///   - earlier: ids of the baseline's findings by their codes.
    /// - Throws: every fault at once, by field.
    func finding(
        id: Identifier<Finding>, scan: Identifier<Scan>, number: Int, origin: Finding.Origin, _ region: RegionLookup,
        earlier: [String: Identifier<Finding>]
    ) throws(Problems) -> Finding {
        var problems = Problems()
        let focus = Finding.Focus(rawValue: focus)
        let kind = Finding.Kind(rawValue: kind)
        if focus == nil { problems.add("focus", self.focus.isEmpty ? "required" : "unknown-choice") }
        if kind == nil { problems.add("kind", self.kind.isEmpty ? "required" : "unknown-choice") }
        for (field, text) in [("text", text), ("source", source)] where text.isEmpty { problems.add(field, "required") }
        if text.utf8.count > Finding.longestText { problems.add("text", "too-long") }
        let short = [
            ("theme", theme), ("subtheme", subtheme), ("source", source), ("section", section), ("flag", flag),
        ]
        for (field, text) in short where text.utf8.count > Self.longestName { problems.add(field, "too-long") }
        if facts.contains(where: { $0.utf8.count > Self.longestName }) || facts.count > 100 {
            problems.add("facts", "too-long")
        }
        let known = places.map { region.placeCalled($0) }
        if known.contains(nil) { problems.add("places", "unknown-place") }
        let all = Set(region.needs(.english).map(\.id))
        if !all.isSuperset(of: needs) { problems.add("need", "unknown-choice") }
        if !continues.isEmpty, earlier[continues] == nil { problems.add("continues", "unknown-finding") }
        if !table.isEmpty, Int(table) == nil { problems.add("table", "unknown-choice") }
        guard let focus, let kind, problems.isEmpty else { throw problems }
        var finding = Finding(
            id: id, scan: scan, code: code.isEmpty ? "fnd-\(number)" : code, number: number, focus: focus,
            theme: theme, subtheme: subtheme.isEmpty ? nil : subtheme, kind: kind, text: text,
            printed: Finding.Printed(
                document: source, table: Int(table), section: section.isEmpty ? nil : section), origin: origin)
        finding.facts = facts
        finding.places = Set(known.compactMap(\.self)).sorted()
        finding.needs = Set(needs).sorted()
        finding.flag = flag.isEmpty ? nil : flag
        if !language.isEmpty { finding.language = Language(language) }
        finding.continues = earlier[continues]
        return finding
    }
}
