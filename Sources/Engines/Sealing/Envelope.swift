package import Crypto
import Foundation

/// A content sealed under a key of its own: ChaCha20-Poly1305 over the padded content, bound to what it belongs to.
package enum Envelope {
    /// What an envelope belongs to; opening it as anything else fails. Parts are joined so that no two lists look alike.
    package struct Binding: Sendable, Hashable {
        let bytes: Data

        /// - Parameter parts: such as the kind, the id of the record and its version.
        package init(_ parts: String...) {
            bytes = Data(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8)
        }
    }

    /// Nonce, ciphertext and tag of `content`, padded to its size class before.
    package static func seal(
        _ content: [UInt8], under key: SymmetricKey, for binding: Binding
    ) throws(SealingFault) -> [UInt8] {
        guard
            let box = try? ChaChaPoly.seal(SizeClass.padded(content), using: key, authenticating: binding.bytes)
        else { throw .unusable }
        return Array(box.combined)
    }

    /// The content of `envelope`. Throws `broken` for a wrong key, another binding, a changed bit or a cut end.
    package static func open(
        _ envelope: [UInt8], under key: SymmetricKey, for binding: Binding
    ) throws(SealingFault) -> [UInt8] {
        guard let box = try? ChaChaPoly.SealedBox(combined: envelope),
            let padded = try? ChaChaPoly.open(box, using: key, authenticating: binding.bytes),
            let content = SizeClass.content(of: Array(padded))
        else { throw .broken }
        return content
    }
}

/// Why something sealed stays shut. Says nothing about its content.
package enum SealingFault: Error, Equatable {
    case broken
    case unusable
}

/// Contents of one class look the same from outside: powers of two from 256 bytes, so at most half of an envelope is empty.
enum SizeClass {
    static let smallest = 256
    private static let prefix = 4

    static func padded(_ content: [UInt8]) -> [UInt8] {
        var size = smallest
        while size < content.count + prefix { size *= 2 }
        var padded: [UInt8] = []
        padded.reserveCapacity(size)
        for shift in [24, 16, 8, 0] { padded.append(UInt8(truncatingIfNeeded: content.count >> shift)) }
        padded += content
        padded += repeatElement(0, count: size - padded.count)
        return padded
    }

    static func content(of padded: [UInt8]) -> [UInt8]? {
        guard padded.count >= smallest else { return nil }
        let count = padded.prefix(prefix).reduce(0) { $0 << 8 | Int($1) }
        guard count <= padded.count - prefix else { return nil }
        return Array(padded[prefix..<(prefix + count)])
    }
}
