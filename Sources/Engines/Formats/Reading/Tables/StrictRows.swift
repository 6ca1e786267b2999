import Foundation

/// Rows of a table that is judged, or that we wrote ourselves: what an import would mend stops it here.
struct StrictRows {
    /// Why a table cannot be read on, without what stands there.
    struct Fault: Error, Hashable, CustomStringConvertible {
        let line: Int
        let description: String
    }

    private static let limits = ReadingLimits.usual
    private var rows: CSVReader

    init(_ bytes: ByteStream) {
        var isStart = true
        rows = CSVReader(
            fieldLimit: Self.limits.field, rowLimit: Self.limits.record, columnLimit: Self.limits.columns,
            isStrict: true
        ) {
            guard let chunk = try bytes.next() else { return nil }
            defer { isStart = false }
            return isStart && chunk.starts(with: [0xef, 0xbb, 0xbf]) ? Array(chunk.dropFirst(3)) : chunk
        }
    }

    init(file: URL) throws {
        let name = file.lastPathComponent
        self.init(ByteStream(name: name, next: try OpenFile(file, name: name, limits: Self.limits).next))
    }

    /// The next row that is not empty; nil at the end.
    mutating func next() throws -> CSVRow? {
        do {
            return try rows.row()
        } catch let refusal as CSVReader.Refusal {
            let (line, what) =
                switch refusal {
                case .openQuote(let line): (line, "a quoted cell that never ends")
                case .longField(let line): (line, "a cell of more than a million bytes")
                case .manyColumns(let line): (line, "more than \(Self.limits.columns) columns")
                case .textAfterQuote(let line): (line, "text after a quoted cell")
                case .notUTF8(let line): (line, "text that is not UTF-8")
                }
            throw Fault(line: line, description: "Line \(line): \(what).")
        }
    }
}
