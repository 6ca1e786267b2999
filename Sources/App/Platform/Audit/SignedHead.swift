import Foundation
import Kernel
import Storage

/// A head of the audit chain with the day it was signed on, to be kept away from the server. Its text is six lines, of which
/// the first five are what is signed.
package struct SignedHead: Sendable, Equatable {
    let head: AuditHead
    let day: Day
    /// Ed25519, in base64, as is the signature.
    package let publicKey: String
    private let signature: String

    private static let title = "waymark audit head 1"
    private static let names = ["entry", "digest", "day", "key", "signature"]

    init(_ head: AuditHead, on day: Day, by key: NodeKey) throws {
        self.head = head
        self.day = day
        publicKey = key.publicKey
        let signed = Self.signed(head, day, key: key.publicKey)
        signature = Data(try key.signature(of: Array(signed.utf8))).base64EncodedString()
    }

    /// Reads what `text` wrote; nil for anything else. Spaces and line ends that a mail or a pen adds do not matter.
    package init?(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline)
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }.filter { !$0.isEmpty }
        guard lines.count == 1 + Self.names.count, lines[0] == Self.title else { return nil }
        var values: [String] = []
        for (name, line) in zip(Self.names, lines.dropFirst()) {
            guard line == name || line.hasPrefix(name + " ") else { return nil }
            values.append(String(line.dropFirst(name.count + 1)))
        }
        guard let entry = Int(values[0]), entry >= 0, let day = Day(values[2]) else { return nil }
        head = AuditHead(entry: entry, digest: values[1])
        self.day = day
        (publicKey, signature) = (values[3], values[4])
    }

    package var text: String {
        Self.signed(head, day, key: publicKey) + "signature \(signature)"
    }

    private static func signed(_ head: AuditHead, _ day: Day, key: String) -> String {
        "\(title)\nentry \(head.entry)\ndigest \(head.digest)\nday \(day)\nkey \(key)\n"
    }

    /// Why this is no word of the server with `expected` as its public key, after the name of its file; nil when it is.
    func fault(expecting expected: String) -> String? {
        guard publicKey == expected else {
            return "was signed by another server: with the key \(publicKey), and \(expected) was expected"
        }
        let signed = Array(Self.signed(head, day, key: publicKey).utf8)
        // Base64 has several spellings of the same bytes; only ours counts.
        guard let signature = Data(base64Encoded: signature), signature.base64EncodedString() == self.signature,
            NodeKey.isSigned(signed, with: Array(signature), by: publicKey)
        else { return "was altered after it was signed: its signature does not fit" }
        return nil
    }
}
