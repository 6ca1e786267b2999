/// The columns of a table by name; upper and lower case are the same.
struct TableHeader {
    let names: [String]
    /// The names in lower case.
    let folded: [String]
    private let places: [String: Int]

    init(_ names: [String]) {
        self.names = names
        folded = names.map { $0.lowercased() }
        places = Dictionary(folded.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    func place(of name: String) -> Int? { places[name] ?? places[name.lowercased()] }
    func has(_ name: String) -> Bool { place(of: name) != nil }
}

/// A row whose fields go by the names of the columns.
struct TableRow {
    let header: TableHeader
    let fields: [String]
    let origin: Origin

    /// The value without white space around; nil when it is empty or there is no such column.
    subscript(_ name: String) -> String? {
        guard let place = header.place(of: name) else { return nil }
        let text = FieldCheck.tidy(fields[place])
        return text.isEmpty ? nil : text
    }

    /// Every value that is not empty, under its column as written.
    var values: [String: String] {
        var values: [String: String] = [:]
        for (place, name) in header.names.enumerated() where !fields[place].isEmpty && values[name] == nil {
            values[name] = FieldCheck.tidy(fields[place])
        }
        return values
    }
}

/// Reads a table with a header row. A row of the wrong length is a fault that names its line, and the next row is read.
enum TableReader {
    static func read(_ bytes: ByteStream, _ intake: Intake, _ body: (TableRow) throws -> Void) throws {
        var text = UTF8Stream(bytes, intake: intake)
        let limits = intake.limits
        var rows = CSVReader(fieldLimit: limits.field, rowLimit: limits.record, columnLimit: limits.columns) {
            try text.next()
        }
        do {
            guard let first = try rows.row() else { return }
            let header = TableHeader(first.fields.map(FieldCheck.tidy))
            try reportRepeated(header, bytes.name, intake)
            while let row = try rows.row() {
                let origin = Origin(file: bytes.name, line: row.line)
                if let fields = fitted(row.fields, header.names.count) {
                    try body(TableRow(header: header, fields: fields, origin: origin))
                } else {
                    try intake.fault(
                        "wrong-columns",
                        """
                        Line \(row.line) has \(row.fields.count) fields and the header \(header.names.count); \
                        the row is left out.
                        """,
                        at: origin)
                }
            }
        } catch let refusal as CSVReader.Refusal {
            throw explained(refusal, bytes.name, limits)
        }
    }

    /// The row, without empty fields too many at its end; nil when its length is wrong.
    private static func fitted(_ fields: [String], _ count: Int) -> [String]? {
        if fields.count == count { return fields }
        guard fields.count > count, fields[count...].allSatisfy(\.isEmpty) else { return nil }
        return Array(fields[..<count])
    }

    private static func reportRepeated(_ header: TableHeader, _ name: String, _ intake: Intake) throws {
        for (place, column) in header.names.enumerated() where !column.isEmpty && header.place(of: column) != place {
            try intake.fault(
                "repeated-column", "\(name) has the column “\(column.prefix(80))” twice; the first one counts.",
                field: String(column.prefix(80)), at: Origin(file: name, line: 1))
        }
    }

    private static func explained(_ refusal: CSVReader.Refusal, _ name: String, _ limits: ReadingLimits) -> ReadingFault
    {
        switch refusal {
        case .openQuote(let line), .textAfterQuote(let line), .notUTF8(let line):
            ReadingFault(
                "open-quote", "A quote that opens on line \(line) of \(name) is never closed.",
                at: Origin(file: name, line: line))
        case .longField(let line):
            ReadingFault(
                "long-field",
                """
                A field of the row on line \(line) of \(name) is longer than \(limits.field) bytes; \
                is a quote not closed?
                """,
                at: Origin(file: name, line: line))
        case .manyColumns(let line):
            ReadingFault(
                "many-columns",
                "Line \(line) of \(name) has more than \(limits.columns) columns, which no directory has.",
                at: Origin(file: name, line: line))
        }
    }
}
