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
        ("continues", "#meta+id+continues"),
    ]

    private var csv = CSVText(guardsFormulas: true)

    init() {
        csv.row(Self.columns.map(\.0))
        csv.row(Self.columns.map(\.1))
    }

    /// - Parameter continues: the code of the finding that this one says something new about.
    mutating func add(_ finding: Finding, scan: Scan, places: [String], continues: String?) {
        csv.row([
            scan.code, finding.code, finding.focus.rawValue, finding.theme, finding.subtheme ?? "",
            finding.kind.rawValue, finding.text, finding.facts.joined(separator: "; "), places.joined(separator: "; "),
            finding.needs.joined(separator: "; "), finding.isContested ? "yes" : "", finding.flag ?? "",
            finding.printed.document, finding.printed.table.map(String.init) ?? "", finding.printed.section ?? "",
            finding.language.code, continues ?? "",
        ])
    }

    var bytes: [UInt8] { csv.bytes }
}
