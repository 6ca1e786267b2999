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

    /// Yes where it is about a small community, which its places may not tell.
    package var small = ""
    /// Who of the community looked whether it could harm, and when.
    package var review = ""
    package var isContested = ""
    /// Each as `author | date | source | text`.
    package var positions: [String] = []
    package var tableTitle = ""
    package var printedUnder = ""

    /// Of a row of a file, as `FindingSheet` names its columns.
    init(_ values: [String: String]) {
        func text(_ name: String) -> String { ListText.trimmed(values[name] ?? "") }
        func list(_ name: String) -> [String] { ListText.texts(values[name] ?? "", by: ";") }
        (focus, kind, theme) = (text("focus"), text("kind"), text("theme"))
        (subtheme, self.text, code) = (text("subtheme"), text("text"), text("code"))
        (places, needs, facts) = (list("places"), list("needs"), list("facts"))
        (source, table, section) = (text("source"), text("table"), text("section"))
        (flag, language, continues) = (text("flag"), text("language"), text("continues"))
        (isContested, positions) = (text("contested"), list("positions"))
        (tableTitle, printedUnder) = (text("table title"), text("printed under"))
        (small, review) = (text("small community"), text("review"))
    }

    init(_ form: FormFields) {
        func text(_ name: String) -> String { form.value(name) ?? "" }
        func list(_ name: String, by separator: Character) -> [String] {
            text(name).split(separator: separator).map { ListText.trimmed(String($0)) }.filter { !$0.isEmpty }
        }
        (focus, kind, theme, self.text) = (text("focus"), text("kind"), text("theme"), text("text"))
        (subtheme, flag, language) = (text("subtheme"), text("flag"), text("language"))
        (places, facts) = (list("places", by: ","), list("facts", by: "\n"))
        (needs, source, continues) = (form.values("need"), text("source"), text("continues"))
        (small, review) = (text("small"), text("review"))
    }

    /// What a form shows of a finding that is there.
    /// - Parameters:
    ///   - places: their names.
    ///   - continues: the code of the earlier finding.
    init(_ finding: Finding, places: [String], continues: String?) {
        (focus, kind, theme) = (finding.focus.rawValue, finding.kind.rawValue, finding.theme)
        (subtheme, text, self.places) = (finding.subtheme ?? "", finding.text, places)
        (needs, facts, source) = (finding.needs, finding.facts, finding.printed.document)
        (flag, language, self.continues) = (finding.flag ?? "", finding.language.code, continues ?? "")
        (small, review) = (finding.isSmall ? "yes" : "", finding.review ?? "")
    }

    static let longestName = 300
    private static let mostFacts = 100
    private static let mostPositions = 50

    /// The finding that it becomes.
    /// - Parameters:
    ///   - code: of a row without its own.
    ///   - earlier: ids of the baseline's findings by their codes.
    /// - Throws: every fault at once, by field.
    func finding(
        id: Identifier<Finding>, scan: Identifier<Scan>, code free: String, number: Int, origin: Finding.Origin,
        _ region: RegionLookup, earlier: [String: Identifier<Finding>]
    ) throws(Problems) -> Finding {
        var problems = lengths
        let (focus, kind) = (Finding.Focus(rawValue: focus), Finding.Kind(rawValue: kind))
        if focus == nil { problems.add("focus", self.focus.isEmpty ? "required" : "unknown-choice") }
        if kind == nil { problems.add("kind", self.kind.isEmpty ? "required" : "unknown-choice") }
        if !code.isEmpty, !Finding.isCode(code) { problems.add("code", "not-a-name") }
        if !language.isEmpty, !Finding.isLanguage(language) { problems.add("language", "unknown-choice") }
        let known = places.map { region.placeCalled($0) }
        if known.contains(nil) { problems.add("places", "unknown-place") }
        let all = Set(region.needs(.english).map(\.id))
        if !all.isSuperset(of: needs) { problems.add("need", "unknown-choice") }
        if !continues.isEmpty, earlier[continues] == nil { problems.add("continues", "unknown-finding") }
        if !table.isEmpty, Int(table) == nil { problems.add("table", "unknown-choice") }
        for (field, answer) in [("contested", isContested), ("small", small)]
        where !Self.yes.contains(answer) && !Self.no.contains(answer) {
            problems.add(field, "unknown-choice")
        }
        let sides = positions.map { Finding.Position(cell: $0) }
        if sides.contains(where: { $0?.isWellFormed != true }) || sides.count > Self.mostPositions {
            problems.add("positions", "unknown-choice")
        }
        guard let focus, let kind, problems.isEmpty else { throw problems }
        func optional(_ text: String) -> String? { text.isEmpty ? nil : text }
        var finding = Finding(
            id: id, scan: scan, code: optional(code) ?? free, number: number, focus: focus,
            theme: theme, subtheme: optional(subtheme), kind: kind, text: text,
            printed: Finding.Printed(
                document: source, table: Int(table), title: optional(tableTitle), section: optional(section),
                under: optional(printedUnder)), origin: origin)
        finding.facts = facts
        finding.places = Set(known.compactMap(\.self)).sorted()
        finding.needs = Set(needs).sorted()
        finding.flag = optional(flag)
        if !language.isEmpty { finding.language = Language(language) }
        finding.continues = earlier[continues]
        (finding.isSmall, finding.review) = (Self.yes.contains(small), optional(review))
        finding.isContested = Self.yes.contains(isContested)
        finding.positions = sides.compactMap(\.self)
        return finding
    }

    /// `old` with what was written anew; what no form asks for stays.
    func correction(
        of old: Finding, _ region: RegionLookup, earlier: [String: Identifier<Finding>]
    ) throws(Problems) -> Finding {
        var finding = try finding(
            id: old.id, scan: old.scan, code: old.code, number: old.number, origin: old.origin, region,
            earlier: earlier)
        finding.printed = old.printed
        finding.printed.document = source
        (finding.isContested, finding.positions) = (old.isContested, old.positions)
        (finding.state, finding.originId, finding.mergedInto) = (old.state, old.originId, old.mergedInto)
        if finding.state == .published, finding.awaitsReview(region) { throw Problems("review", "small-community") }
        return finding
    }

    private static let yes: Set = ["yes", "true", "1"]
    private static let no: Set = ["", "no", "false", "0"]

    private var lengths: Problems {
        var problems = Problems()
        for (field, text) in [("text", text), ("source", source)] where text.isEmpty { problems.add(field, "required") }
        for (field, text) in [("text", text), ("review", review)] where text.utf8.count > Finding.longestText {
            problems.add(field, "too-long")
        }
        let short = [
            ("theme", theme), ("subtheme", subtheme), ("source", source), ("section", section), ("flag", flag),
            ("table title", tableTitle), ("printed under", printedUnder),
        ]
        for (field, text) in short where text.utf8.count > Self.longestName { problems.add(field, "too-long") }
        if facts.contains(where: { $0.utf8.count > Self.longestName }) || facts.count > Self.mostFacts {
            problems.add("facts", "too-long")
        }
        return problems
    }
}

extension Finding {
    /// Small letters, digits, points and hyphens, at most 60, and never the name of an action or a priority, which are named
    /// beside findings.
    static func isCode(_ code: String) -> Bool {
        (1...60).contains(code.utf8.count) && !code.hasPrefix("act-") && !code.hasPrefix("pri-")
            && code.utf8.allSatisfy { 0x61...0x7a ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x2d || $0 == 0x2e }
    }

    /// A tag of the form of BCP 47: people of the region write in languages that the pages are not offered in.
    static func isLanguage(_ tag: String) -> Bool { tag.wholeMatch(of: /[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}/) != nil }

    /// The first of `fnd-12`, `fnd-13` and so on that is not taken; `number` stands at it then.
    static func freeCode(
        _ prefix: String = "fnd", from number: inout Int, isTaken: (String) throws -> Bool
    ) rethrows -> String {
        while try isTaken("\(prefix)-\(number)") { number += 1 }
        return "\(prefix)-\(number)"
    }

    /// Two positions or more that say different things.
    var hasTwoSides: Bool { Set(positions.map { Vote.folded($0.text) }).count >= 2 }
}

extension Finding.Position {
    /// A year, a month or a day.
    static func isDate(_ text: String) -> Bool {
        Day(text) != nil || Day("\(text)-01") != nil || Day("\(text)-01-01") != nil
    }

    fileprivate var isWellFormed: Bool {
        author.utf8.count <= 200 && source.utf8.count <= 500 && text.utf8.count <= 4000
            && date.map(Self.isDate) ?? true
    }
}
