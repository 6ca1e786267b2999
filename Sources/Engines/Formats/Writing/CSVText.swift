/// Writes rows of comma-separated values (RFC 4180: quoted where needed, lines end with CR LF) to bytes.
package struct CSVText: Sendable {
    package enum Cell: Sendable {
        case text(String?)
        case number(Double?)
    }

    package private(set) var bytes: [UInt8] = []
    private let guardsFormulas: Bool

    /// - Parameter guardsFormulas: true for files that people open in a spreadsheet: a text that would be taken for a
    ///   formula gets an apostrophe before it. False for files that programs read back.
    package init(guardsFormulas: Bool) { self.guardsFormulas = guardsFormulas }

    package mutating func row(_ cells: [Cell]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(0x2c) }
            switch cell {
            case .text(let text): write(text ?? "")
            case .number(let number): if let number, number.isFinite { write(number) }
            }
        }
        bytes.append(0x0d)
        bytes.append(0x0a)
    }

    package mutating func row(_ texts: [String]) { row(texts.map(Cell.text)) }

    /// The bytes written since the last call.
    package mutating func taken() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func write(_ number: Double) {
        bytes.append(contentsOf: (Int(exactly: number).map(String.init) ?? "\(number)").utf8)
    }

    /// Control characters but tab and line ends are left out: no reader of tables takes them.
    private mutating func write(_ text: String) {
        let isFormula = guardsFormulas && Self.looksLikeFormula(text)
        let quotes =
            isFormula || text.utf8.first == 0x20 || text.utf8.last == 0x20
            || text.utf8.contains { $0 == 0x22 || $0 == 0x2c || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
        if quotes { bytes.append(0x22) }
        if isFormula { bytes.append(0x27) }
        for byte in text.utf8 {
            if byte < 0x20, byte != 0x09, byte != 0x0a, byte != 0x0d { continue }
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        if quotes { bytes.append(0x22) }
    }

    /// After the list of OWASP's page on CSV injection, with the wide forms of the four signs. Looks behind what a
    /// spreadsheet leaves out at the start.
    static func looksLikeFormula(_ text: String) -> Bool {
        if let first = text.utf8.first, first == 0x09 || first == 0x0d || first == 0x0a { return true }
        let start = text.unicodeScalars.first { $0.value > 0x20 && $0 != "\u{feff}" && $0 != "\u{a0}" }
        return start.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
    }
}
