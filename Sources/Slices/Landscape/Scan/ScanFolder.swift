import Crypto
import Formats
package import Foundation
import Kernel

/// A scan as files: `findings.json` and `scan_meta.json`, with `finding_places.json`, `finding_needs.json` and
/// `positions.json` where they are.
package struct ScanFolder: Sendable {
    let scan: Scan
    private let rows: [Finding]
    /// The baseline's codes that rows say something new about, by the row's own.
    private let continues: [String: String]
    private let path: String

    private struct Entry: Decodable {
        let id: String
        let focus: String
        let table: Int?
        let tableTitle: String?
        let section: String?
        let theme: String?
        let subtheme: String?
        let kind: String
        let text: String
        let facts: [String]?
        let flag: String?
        let continues: String?
        let small: Bool?
        let review: String?
        let source: ScanLibrary.Source
    }

    private struct PositionEntry: Decodable {
        let author: String
        let date: String?
        let source: String
        let text: String
    }

    /// What the data says of a row that nobody may see before somebody checked it.
    private static let unchecked = "as named in source; verify"

    /// - Parameters:
    ///   - folder: of the region's scan.
    ///   - isBaseline: what later scans are compared with.
    package init(_ folder: URL, isBaseline: Bool) throws {
        guard let entries: [Entry] = try ScanLibrary.read("findings.json", in: folder),
            let meta: ScanLibrary.Meta = try ScanLibrary.read("scan_meta.json", in: folder)
        else { throw ScanFault(file: folder.path, what: "findings.json or scan_meta.json is not there") }
        let places: [String: [String]] = try ScanLibrary.read("finding_places.json", in: folder) ?? [:]
        let needs: [String: [String]] = try ScanLibrary.read("finding_needs.json", in: folder) ?? [:]
        let positions: [String: [PositionEntry]] = try ScanLibrary.read("positions.json", in: folder) ?? [:]
        var digest = SHA256()
        for name in ["findings.json", "scan_meta.json"] {
            digest.update(data: try Data(contentsOf: folder.appending(path: name)))
        }
        let code = meta.code ?? String(meta.published.prefix { $0 != "-" })
        do throws(Problems) {
            try Landscape.checkScan(code, meta.title, meta.published)
        } catch {
            let faults = error.faults.map { "\($0.field) \($0.code)" }.joined(separator: ", ")
            throw ScanFault(file: folder.appending(path: "scan_meta.json").path, what: faults)
        }
        let scan = Scan(
            id: .named("scan/\(code)"), code: code, title: meta.title, published: meta.published,
            isBaseline: isBaseline, digest: hexadecimal(digest.finalize()))
        self.scan = scan
        path = folder.path
        continues = Dictionary(entries.compactMap { entry in entry.continues.map { (entry.id, $0) } }) { one, _ in one }
        if isBaseline, let row = continues.keys.min() {
            throw ScanFault(
                file: folder.path, what: "\(row) continues an earlier row, and a baseline has none before it")
        }
        var codes: Set<String> = []
        rows = try entries.enumerated().map { index, entry in
            guard Finding.isCode(entry.id), codes.insert(entry.id).inserted else {
                throw ScanFault(
                    file: folder.path, what: "“\(entry.id.prefix(60))” is no name of a row, or stands there twice")
            }
            guard let focus = Finding.Focus(rawValue: entry.focus), let kind = Finding.Kind(rawValue: entry.kind) else {
                throw ScanFault(file: folder.path, what: "\(entry.id) has a focus or kind that is none")
            }
            guard entry.text.utf8.count <= Finding.longestText else {
                throw ScanFault(
                    file: folder.path, what: "the text of \(entry.id) is longer than \(Finding.longestText) bytes")
            }
            var finding = Finding(
                id: .named("scan/\(code)/\(entry.id)"), scan: scan.id, code: entry.id, number: index + 1,
                focus: focus, theme: entry.theme ?? "", subtheme: entry.subtheme, kind: kind, text: entry.text,
                printed: Finding.Printed(
                    document: entry.source.document, table: entry.table, title: entry.tableTitle,
                    section: entry.section, under: entry.source.printedUnder),
                origin: isBaseline ? .baseline : .file)
            finding.facts = entry.facts ?? []
            (finding.isSmall, finding.review) = (entry.small ?? false, entry.review)
            finding.places = (places[entry.id] ?? []).sorted()
            finding.needs = (needs[entry.id] ?? []).sorted()
            finding.positions = (positions[entry.id] ?? []).map {
                Finding.Position(author: $0.author, date: $0.date, source: $0.source, text: $0.text)
            }
            finding.isContested = entry.flag == "contested"
            finding.flag = finding.isContested ? nil : entry.flag
            let isHeld = entry.flag == Self.unchecked || (finding.isContested && !finding.hasTwoSides)
            finding.state = isHeld ? .draft : .published
            return finding
        }
    }

    /// The rows, each with the finding that it continues.
    /// - Parameter earlier: ids of the baseline's findings by their codes.
    /// - Throws: a `ScanFault` that names the row whose earlier one is not there.
    func findings(earlier: [String: Identifier<Finding>]) throws -> [Finding] {
        try rows.map { row in
            guard let code = continues[row.code] else { return row }
            guard let id = earlier[code] else {
                throw ScanFault(file: path, what: "\(row.code) continues “\(code)”, which the baseline does not have")
            }
            var finding = row
            finding.continues = id
            return finding
        }
    }
}
