import Crypto
import Foundation
import Kernel

/// A stream sealed piece by piece, so that neither side holds it whole. Its key is random and sealed to a `BackupSeal` (HPKE,
/// RFC 9180); each piece is ChaCha20-Poly1305 under a nonce that counts the pieces and marks the last one, so that a changed
/// bit, a piece in another place, a missing end and anything after the end are all found. The way of the `age` file format.
package enum SealedStream {
    /// Bytes of content in every piece but the last, which has one to so many; the only piece of no content has none.
    package static let piece = 65_536
    /// What sealing adds to each piece.
    package static let tag = 16
    static let magic = Array("waymark backup 1\n".utf8)
    /// What stands before the first piece.
    package static let headerLength = magic.count + 8 + encapsulated + 32 + tag
    static let encapsulated = 1120
    static let suite = HPKE.Ciphersuite(kem: .XWingMLKEM768X25519, kdf: .HKDF_SHA256, aead: .chaChaPoly)

    package enum Fault: Error, Equatable {
        /// Not the beginning of a sealed stream.
        case foreign
        /// Sealed for the key of this name.
        case otherKey(name: String)
        /// Changed, cut off or continued.
        case broken
    }
}

/// Seals a stream. Holds its key, and so can read back what it sealed.
package struct StreamSealer {
    package let header: [UInt8]
    private let key: SymmetricKey
    private var counter = PieceCounter()
    private var hash = SHA256()

    /// - Parameter secret: 32 bytes that nobody can guess.
    package init(for seal: BackupSeal, secret: [UInt8]) throws {
        let start = SealedStream.magic + seal.mark
        var sender = try HPKE.Sender(recipientKey: seal.key, ciphersuite: SealedStream.suite, info: Data(start))
        let sealed = try sender.seal(Data(secret))
        header = start + Array(sender.encapsulatedKey) + Array(sealed)
        key = SymmetricKey(data: secret)
    }

    /// The sealed form of the next piece.
    package mutating func seal(_ content: [UInt8], isLast: Bool) throws -> [UInt8] {
        hash.update(data: content)
        let nonce = try counter.next(isLast: isLast)
        let box = try ChaChaPoly.seal(content, using: key, nonce: nonce)
        return Array(box.ciphertext) + Array(box.tag)
    }

    /// Of all content so far.
    package var digest: [UInt8] { Array(hash.finalize()) }

    /// Reads what this has sealed, from the first piece on.
    package var opener: StreamOpener { StreamOpener(key: key) }
}

/// Opens a stream.
package struct StreamOpener {
    private let key: SymmetricKey
    private var counter = PieceCounter()
    private var hash = SHA256()

    init(key: SymmetricKey) { self.key = key }

    package init(header: [UInt8], with backup: BackupKey) throws(SealedStream.Fault) {
        let magic = SealedStream.magic
        guard header.count == SealedStream.headerLength, header.starts(with: magic) else { throw .foreign }
        let mark = Array(header[magic.count..<magic.count + 8])
        guard mark == backup.seal.mark else { throw .otherKey(name: hexadecimal(mark)) }
        let rest = header.dropFirst(magic.count + 8)
        do {
            var recipient = try HPKE.Recipient(
                privateKey: backup.key, ciphersuite: SealedStream.suite, info: Data(magic + mark),
                encapsulatedKey: Data(rest.prefix(SealedStream.encapsulated)))
            key = SymmetricKey(data: try recipient.open(Data(rest.dropFirst(SealedStream.encapsulated))))
        } catch {
            throw .broken
        }
    }

    /// The content of the next piece.
    /// - Parameter isLast: true when nothing follows it.
    package mutating func open(_ sealed: [UInt8], isLast: Bool) throws(SealedStream.Fault) -> [UInt8] {
        let length = sealed.count - SealedStream.tag
        guard length >= 0, isLast || length == SealedStream.piece, length > 0 || counter.isAtStart else {
            throw .broken
        }
        do {
            let nonce = try counter.next(isLast: isLast)
            let box = try ChaChaPoly.SealedBox(
                nonce: nonce, ciphertext: sealed[..<length], tag: sealed[length...])
            let content = Array(try ChaChaPoly.open(box, using: key))
            hash.update(data: content)
            return content
        } catch {
            throw .broken
        }
    }

    /// Of all content so far.
    package var digest: [UInt8] { Array(hash.finalize()) }
}

private struct PieceCounter {
    private var number: UInt64 = 0
    private var hasEnded = false

    var isAtStart: Bool { number == 0 }

    /// Three zeros, the number of the piece in eight bytes, one for the last piece.
    mutating func next(isLast: Bool) throws -> ChaChaPoly.Nonce {
        if hasEnded { throw SealedStream.Fault.broken }
        let bytes = [0, 0, 0] + withUnsafeBytes(of: number.bigEndian, Array.init) + [isLast ? 1 : 0]
        number += 1
        hasEnded = isLast
        return try ChaChaPoly.Nonce(data: bytes)
    }
}
