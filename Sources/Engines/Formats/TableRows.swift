package import Foundation

/// Why a table cannot be read on. It never repeats what stands there.
package struct TableFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let line: Int
    package let description: String
}

/// The rows of a CSV file (RFC 4180, also with bare line feeds), read piece by piece.
package struct TableRows {
    private static let widest = 1000
    private static let longestCell = 1 << 20
    private let handle: FileHandle
    private var piece: [UInt8] = []
    private var at = 0
    private var line = 1

    package init(file: URL) throws {
        handle = try FileHandle(forReadingFrom: file)
        _ = try peek()
        if piece.starts(with: [0xef, 0xbb, 0xbf]) { at = 3 }
    }

    /// The next row with the line on which it begins; nil at the end. Empty lines are no rows.
    package mutating func next() throws -> (line: Int, cells: [String])? {
        while let byte = try peek(), byte == 0x0a || byte == 0x0d { try skip() }
        guard try peek() != nil else {
            try handle.close()
            return nil
        }
        let start = line
        var cells: [String] = []
        repeat {
            cells.append(try cell())
            if cells.count > Self.widest { throw fault("more than \(Self.widest) columns") }
        } while try takesComma()
        return (start, cells)
    }

    private func fault(_ what: String) -> TableFault { TableFault(line: line, description: "Line \(line): \(what).") }

    private mutating func peek() throws -> UInt8? {
        if at == piece.count {
            piece = try handle.read(upToCount: 1 << 16).map(Array.init) ?? []
            at = 0
        }
        return at < piece.count ? piece[at] : nil
    }

    private mutating func skip() throws {
        if try peek() == 0x0a { line += 1 }
        at += 1
    }

    private mutating func takesComma() throws -> Bool {
        guard try peek() == 0x2c else { return false }
        at += 1
        return true
    }

    private mutating func cell() throws -> String {
        var bytes: [UInt8] = []
        var isQuoted = false
        if try peek() == 0x22 {
            isQuoted = true
            at += 1
        }
        while let byte = try peek() {
            if isQuoted {
                try skip()
                if byte == 0x22 {
                    guard try peek() == 0x22 else {
                        isQuoted = false
                        break
                    }
                    at += 1
                }
            } else {
                if byte == 0x2c || byte == 0x0a || byte == 0x0d { break }
                at += 1
            }
            bytes.append(byte)
            if bytes.count > Self.longestCell { throw fault("a cell of more than a million bytes") }
        }
        if isQuoted { throw fault("a quoted cell that never ends") }
        if let byte = try peek(), byte != 0x2c, byte != 0x0a, byte != 0x0d { throw fault("text after a quoted cell") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("text that is not UTF-8") }
        return text
    }
}
