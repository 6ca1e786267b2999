import Formats
import Kernel

/// Findings as a table: a row of headings, one of HXL 1.1 hashtags, one for each finding. What it writes can be read back.
/// Source of the tags: the HXL hashtag dictionary, hxlstandard.org/standard/1-1final/dictionary.
struct FindingSheet {
    static let columns = [
        ("scan", "#meta+scan"), ("code", "#meta+id"), ("focus", "#sector+focus"), ("theme", "#subsector+theme"),
        ("subtheme", "#subsector+subtheme"), ("kind", "#indicator+kind"), ("text", "#description+finding"),
        ("facts", "#description+list+facts"), ("places", "#loc+name+list"), ("needs", "#need+list"),
        ("contested", "#status+contested"), ("flag", "#status+flag"), ("source", "#meta+source"),
        ("table", "#meta+source+table"), ("section", "#meta+source+section"), ("language", "#meta+lang"),
        ("continues", "#meta+id+continues"), ("positions", "#description+list+positions"),
        ("table title", "#meta+source+title"), ("printed under", "#meta+source+heading"),
        ("small community", "#status+small"), ("review", "#meta+review"),
    ]

    private var csv = CSVText(guardsFormulas: true)

    init() {
        csv.row(Self.columns.map(\.0))
        csv.row(Self.columns.map(\.1))
    }

    /// - Parameter continues: the code of the finding that this one says something new about.
    mutating func add(_ finding: Finding, scan: Scan, places: [String], continues: String?) {
        let printed = finding.printed
        csv.row([
            scan.code, finding.code, finding.focus.rawValue, finding.theme, finding.subtheme ?? "",
            finding.kind.rawValue, finding.text, ListText.joined(finding.facts, by: ";"),
            ListText.joined(places, by: ";"), ListText.joined(finding.needs, by: ";"),
            finding.isContested ? "yes" : "", finding.flag ?? "", printed.document,
            printed.table.map(String.init) ?? "", printed.section ?? "", finding.language.code, continues ?? "",
            ListText.joined(finding.positions.map(\.cell), by: ";"), printed.title ?? "", printed.under ?? "",
            finding.isSmall ? "yes" : "", finding.review ?? "",
        ])
    }

    var bytes: [UInt8] { csv.bytes }
}

extension Finding.Position {
    /// `author | date | source | text`, the date empty where there is none.
    var cell: String { ListText.joined([author, date ?? "", source, text], by: "|") }

    /// - Returns: nil where it has not four parts, or none for one of author, source and text.
    init?(cell: String) {
        let parts = ListText.texts(cell, by: "|", keepsEmpty: true)
        guard parts.count == 4, !parts[0].isEmpty, !parts[2].isEmpty, !parts[3].isEmpty else { return nil }
        self.init(author: parts[0], date: parts[1].isEmpty ? nil : parts[1], source: parts[2], text: parts[3])
    }
}
