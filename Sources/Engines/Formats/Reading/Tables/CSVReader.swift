/// One row of a table; `line` is the line of the file on which it begins.
package struct CSVRow: Equatable {
    package var line: Int
    package var fields: [String]
}

/// Rows of RFC 4180 out of text in chunks: quotes, line ends within them, CRLF or LF; the separator (comma, semicolon or
/// tab) is the one that the first line has most of.
package struct CSVReader {
    /// What keeps a table from being read further; each names a line.
    package enum Refusal: Error, Equatable {
        case openQuote(line: Int), longField(line: Int), manyColumns(line: Int)
        /// Only of a strict reader.
        case textAfterQuote(line: Int), notUTF8(line: Int)
    }

    private enum State { case start, plain, quoted, quoteInQuotes }

    private let next: () throws -> [UInt8]?
    private let fieldLimit: Int
    private let rowLimit: Int
    private let columnLimit: Int
    private let isStrict: Bool
    private var taken = 0
    private var chunk: [UInt8] = []
    private var at = 0
    private var separator: UInt8?
    private var line = 1
    private var isAfterReturn = false

    /// - Parameter isStrict: takes nothing but commas and UTF-8, and no text after a closing quote, as a judge of files must.
    package init(
        fieldLimit: Int, rowLimit: Int, columnLimit: Int, isStrict: Bool = false,
        next: @escaping () throws -> [UInt8]?
    ) {
        self.next = next
        self.fieldLimit = fieldLimit
        self.rowLimit = rowLimit
        self.columnLimit = columnLimit
        self.isStrict = isStrict
        if isStrict { separator = 0x2c }
    }

    private mutating func refill() throws -> Bool {
        guard let more = try next() else { return false }
        (chunk, at) = (more, 0)
        return true
    }

    /// The next row that is not blank; nil at the end.
    package mutating func row() throws -> CSVRow? {
        if separator == nil { try sniff() }
        while let row = try anyRow() {
            if row.fields.count > 1 || row.fields.first?.isEmpty == false { return row }
        }
        return nil
    }

    private mutating func anyRow() throws -> CSVRow? {
        var row = CSVRow(line: line, fields: [])
        var field: [UInt8] = []
        var state = State.start
        taken = 0
        var quoteLine = line
        while true {
            if at >= chunk.count, try !refill() {
                if state == .quoted { throw Refusal.openQuote(line: quoteLine) }
                if state == .start, row.fields.isEmpty { return nil }
                row.fields.append(try text(field, of: row))
                return row
            }
            if isAfterReturn {
                isAfterReturn = false
                if chunk[at] == 0x0a {
                    at += 1
                    continue
                }
            }
            try copy(into: &field, state, line: row.line)
            guard at < chunk.count else { continue }
            let byte = chunk[at]
            at += 1
            switch (state, byte) {
            case (.quoted, _): state = .quoteInQuotes
            case (.quoteInQuotes, 0x22):
                field.append(0x22)
                state = .quoted
            case (.start, 0x22) where field.isEmpty:
                state = .quoted
                quoteLine = line
            case (_, separator):
                row.fields.append(try text(field, of: row))
                field.removeAll(keepingCapacity: true)
                state = .start
                if row.fields.count >= columnLimit { throw Refusal.manyColumns(line: row.line) }
            case (_, 0x0a), (_, 0x0d):
                isAfterReturn = byte == 0x0d
                line += 1
                row.fields.append(try text(field, of: row))
                return row
            default:
                if isStrict, state == .quoteInQuotes { throw Refusal.textAfterQuote(line: line) }
                field.append(byte)
                state = .plain
            }
        }
    }

    private func text(_ field: [UInt8], of row: CSVRow) throws -> String {
        guard isStrict else { return String(decoding: field, as: UTF8.self) }
        guard let text = String(validating: field, as: UTF8.self) else { throw Refusal.notUTF8(line: row.line) }
        return text
    }

    /// Copies what has no meaning in this state, up to the next byte that has.
    private mutating func copy(into field: inout [UInt8], _ state: State, line first: Int) throws {
        guard state == .plain || state == .quoted else { return }
        let start = at
        let separator = separator ?? 0x2c
        let ends = chunk.withUnsafeBufferPointer { bytes -> (at: Int, lines: Int) in
            var (at, lines) = (start, 0)
            if state == .quoted {
                while at < bytes.count, bytes[at] != 0x22 {
                    if bytes[at] == 0x0a { lines += 1 }
                    at += 1
                }
            } else {
                while at < bytes.count, bytes[at] != separator, bytes[at] != 0x0a, bytes[at] != 0x0d { at += 1 }
            }
            return (at, lines)
        }
        at = ends.at
        line += ends.lines
        taken += at - start
        guard field.count + at - start <= fieldLimit, taken <= rowLimit else { throw Refusal.longField(line: first) }
        field += chunk[start..<at]
    }

    /// Looks at the first line, at most at the first chunk.
    private mutating func sniff() throws {
        separator = 0x2c
        guard try at < chunk.count || refill() else { return }
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in chunk[at...] {
            if byte == 0x22 { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0a || byte == 0x0d { break }
            if byte == 0x2c || byte == 0x3b || byte == 0x09 { counts[byte, default: 0] += 1 }
        }
        let commas = counts[0x2c] ?? 0
        let best = counts.filter { $0.value > commas }.max { ($0.value, $0.key) < ($1.value, $1.key) }
        separator = best?.key ?? 0x2c
    }
}
