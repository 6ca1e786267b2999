import Crypto
import Foundation
import Kernel

/// The number of rows of a table and a digest of all their values, the same on every driver.
struct TableDigest: Sendable, Equatable {
    private(set) var count = 0
    private var hash = SHA256()

    /// In hexadecimal digits.
    var text: String { hexadecimal(hash.finalize()) }

    mutating func take(_ rows: [Row]) {
        guard let columns = rows.first?.columns else { return }
        // Columns may lie in another order where a step added one.
        let order = columns.indices.sorted { columns[$0] < columns[$1] }
        var encoded = Data()
        for row in rows {
            for column in order { Self.append(row.values[column], to: &encoded) }
        }
        hash.update(data: encoded)
        count += rows.count
    }

    private static func append(_ value: SQLValue, to encoded: inout Data) {
        switch value {
        case .null: encoded.append(0)
        case .integer(let number): append(1, withUnsafeBytes(of: number.bigEndian, Array.init), to: &encoded)
        case .real(let number): append(2, withUnsafeBytes(of: number.bitPattern.bigEndian, Array.init), to: &encoded)
        case .text(let text): append(3, Array(text.utf8), to: &encoded)
        case .blob(let bytes): append(4, bytes, to: &encoded)
        }
    }

    private static func append(_ kind: UInt8, _ bytes: [UInt8], to encoded: inout Data) {
        encoded.append(kind)
        encoded.append(contentsOf: withUnsafeBytes(of: UInt64(bytes.count).bigEndian, Array.init))
        encoded.append(contentsOf: bytes)
    }

    static func == (left: Self, right: Self) -> Bool { left.count == right.count && left.text == right.text }
}
