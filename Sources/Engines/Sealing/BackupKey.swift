import Crypto
import Foundation
import Kernel

/// The half of a backup key that opens, kept away from the server: 32 random bytes, X-Wing (X25519 and ML-KEM-768).
package struct BackupKey: Sendable {
    let key: XWingMLKEM768X25519.PrivateKey

    private static let prefix = "waymark-backup-opens-1:"

    /// - Parameter seed: 32 bytes that nobody can guess.
    package init(seed: [UInt8]) throws(BackupKeyFault) {
        guard let key = try? XWingMLKEM768X25519.PrivateKey(seedRepresentation: Data(seed), publicKey: nil) else {
            throw .unreadable
        }
        self.key = key
    }

    /// Reads what `text` wrote, from a file or from paper: the line that begins as it does, in any case.
    package init(_ text: String) throws(BackupKeyFault) {
        guard let digits = keyLine(of: text.lowercased(), Self.prefix), digits.utf8.count == 72,
            let bytes = Self.bytes(hex: digits), Array(bytes.suffix(4)) == Self.check(bytes.prefix(32))
        else { throw .unreadable }
        try self.init(seed: Array(bytes.prefix(32)))
    }

    /// One line: the seed and four bytes that find a slip of the pen, in hexadecimal digits.
    package var text: String {
        let seed = Array(key.seedRepresentation)
        return Self.prefix + hexadecimal(seed + Self.check(seed))
    }

    /// The other half.
    package var seal: BackupSeal { BackupSeal(key.publicKey) }

    private static func check(_ seed: some Sequence<UInt8>) -> [UInt8] {
        Array(SHA256.hash(data: Data(seed)).prefix(4))
    }

    private static func bytes(hex digits: String) -> [UInt8]? {
        let numbers = digits.utf8.map { Int(String(UnicodeScalar($0)), radix: 16) }
        guard !numbers.contains(nil) else { return nil }
        let known = numbers.compactMap(\.self)
        return stride(from: 0, to: known.count, by: 2).map { UInt8(known[$0] << 4 | known[$0 + 1]) }
    }
}

/// The half of a backup key that seals and opens nothing, kept on the server.
package struct BackupSeal: Sendable {
    let key: XWingMLKEM768X25519.PublicKey

    private static let prefix = "waymark-backup-seals-1:"

    init(_ key: XWingMLKEM768X25519.PublicKey) { self.key = key }

    /// Reads what `text` wrote.
    package init(_ text: String) throws(BackupKeyFault) {
        guard let line = keyLine(of: text, Self.prefix), let bytes = Data(base64Encoded: line),
            let key = try? XWingMLKEM768X25519.PublicKey(rawRepresentation: bytes)
        else { throw .unreadable }
        self.key = key
    }

    package var text: String { Self.prefix + key.rawRepresentation.base64EncodedString() }

    /// Eight bytes that tell keys apart; they stand in every backup.
    var mark: [UInt8] { Array(SHA256.hash(data: key.rawRepresentation).prefix(8)) }

    /// The same in hexadecimal digits, for people.
    package var name: String { hexadecimal(mark) }
}

/// A text that is no key.
package enum BackupKeyFault: Error, Equatable { case unreadable }

private func keyLine(of text: String, _ prefix: String) -> String? {
    text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        .first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
}
