import Formats
package import Foundation
import Kernel

/// Rows of a file of findings, as they stand there: CSV with the headings of `FindingSheet`, or a JSON list of objects with the
/// same names.
package struct FindingFile: Sendable {
    /// One row and where it stands in the file, from 1 in JSON, by the line in CSV.
    struct Line: Sendable {
        let place: Int
        let values: [String: String]
    }

    let lines: [Line]

    private static let longestField = 200_000
    private static let mostBytes = 64 << 20

    /// - Throws: `ScanFault` where it is not a table that can be read at all.
    package init(_ url: URL) throws {
        guard let bytes = try? Data(contentsOf: url) else { throw ScanFault(file: url.path, what: "it is not there") }
        guard bytes.count <= Self.mostBytes else { throw ScanFault(file: url.path, what: "it is larger than 64 MB") }
        let isJSON = bytes.first { ![0x20, 0x0a, 0x0d, 0x09].contains($0) } == 0x5b
        lines = try isJSON ? Self.json(Array(bytes), url) : Self.csv(Array(bytes), url)
        guard !lines.isEmpty else { throw ScanFault(file: url.path, what: "there is no row in it") }
    }

    private static func json(_ bytes: [UInt8], _ url: URL) throws -> [Line] {
        let value: JSONValue
        do { value = try JSONValue.parse(bytes) } catch { throw ScanFault(file: url.path, what: "\(error)") }
        return try (value.array ?? []).enumerated().map { index, item in
            guard let object = item.object else {
                throw ScanFault(file: url.path, what: "item \(index + 1) of the list is no object")
            }
            let values = object.compactMapValues { value in
                value.array.map { ListText.joined($0.compactMap(\.plain), by: ";") } ?? value.plain
            }
            return Line(place: index + 1, values: values)
        }
    }

    private static func csv(_ bytes: [UInt8], _ url: URL) throws -> [Line] {
        var rest: [UInt8]? = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
        var reader = CSVReader(fieldLimit: longestField, rowLimit: 4 * longestField, columnLimit: 200) {
            defer { rest = nil }
            return rest
        }
        do {
            guard let head = try reader.row() else { return [] }
            let names = head.fields.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            guard names.contains("text"), names.contains("kind") else {
                throw ScanFault(file: url.path, what: "the first line names no columns “text” and “kind”")
            }
            var lines: [Line] = []
            while let row = try reader.row() {
                if lines.isEmpty, row.fields.allSatisfy({ $0.isEmpty || $0.hasPrefix("#") }) { continue }
                let pairs = zip(names, row.fields.map(Self.unguarded)).filter { !$0.1.isEmpty }
                lines.append(Line(place: row.line, values: Dictionary(pairs) { first, _ in first }))
            }
            return lines
        } catch let refusal as CSVReader.Refusal {
            throw ScanFault(file: url.path, what: sentence(refusal))
        }
    }

    /// Without the apostrophe that our own tables put before what a spreadsheet would calculate.
    private static func unguarded(_ text: String) -> String {
        guard text.hasPrefix("'"), let next = text.dropFirst().unicodeScalars.first,
            "=+-@＝＋－＠".unicodeScalars.contains(next)
        else { return text }
        return String(text.dropFirst())
    }

    private static func sentence(_ refusal: CSVReader.Refusal) -> String {
        switch refusal {
        case .openQuote(let line): "a quote that is never closed begins in line \(line)"
        case .longField(let line): "line \(line) is longer than a finding can be"
        case .manyColumns(let line): "line \(line) has more than 200 columns"
        case .textAfterQuote(let line), .notUTF8(let line): "line \(line) is no CSV in UTF-8"
        }
    }
}
