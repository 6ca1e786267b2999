package import Crypto
import Foundation

/// Whom something can be sealed to: a person, a worker or an organization. HPKE (RFC 9180) with X-Wing, which is X25519
/// and ML-KEM-768 together.
package struct SealingKey: Sendable {
    /// 1,216 bytes, kept beside the data.
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    private static let suite = HPKE.Ciphersuite.XWingMLKEM768X25519_SHA256_AES_GCM_256
    private static let label = Data("waymark/sealed/1".utf8)
    private static let encapsulatedBytes = 1120

    /// Seals `secret`, such as the key of a part, so that only the holder of the opening key reads it, and only as `binding`.
    package func seal(_ secret: SymmetricKey, for binding: Envelope.Binding) throws(SealingFault) -> [UInt8] {
        do {
            let key = try XWingMLKEM768X25519.PublicKey(rawRepresentation: Data(bytes))
            var sender = try HPKE.Sender(recipientKey: key, ciphersuite: Self.suite, info: Self.label)
            let sealed = try sender.seal(Data(secret.bytes), authenticating: binding.bytes)
            return Array(sender.encapsulatedKey + sealed)
        } catch {
            throw .unusable
        }
    }

    /// The other half, which opens. Never stored as it is.
    package struct Opening: Sendable {
        private let key: XWingMLKEM768X25519.PrivateKey

        /// A new pair from the system's random generator.
        package init() throws(SealingFault) {
            guard let key = try? XWingMLKEM768X25519.PrivateKey() else { throw .unusable }
            self.key = key
        }

        /// - Parameter secret: what `secret` gave.
        package init(_ secret: SymmetricKey) throws(SealingFault) {
            guard
                let key = try? XWingMLKEM768X25519.PrivateKey(
                    seedRepresentation: Data(secret.bytes), publicKey: nil)
            else { throw .broken }
            self.key = key
        }

        /// Opens what `sealed` gave.
        package init(
            sealed: [UInt8], under key: SymmetricKey, for binding: Envelope.Binding
        ) throws(SealingFault) {
            try self.init(SymmetricKey(data: Envelope.open(sealed, under: key, for: binding)))
        }

        /// The whole key in an envelope.
        package func sealed(under key: SymmetricKey, for binding: Envelope.Binding) throws(SealingFault) -> [UInt8] {
            try Envelope.seal(secret.bytes, under: key, for: binding)
        }

        /// 32 bytes that are the whole key, to be sealed in turn.
        package var secret: SymmetricKey { SymmetricKey(data: key.seedRepresentation) }

        package var sealing: SealingKey { SealingKey(Array(key.publicKey.rawRepresentation)) }

        /// Throws `broken` for what was sealed to somebody else, as something else, or was changed.
        package func open(_ sealed: [UInt8], for binding: Envelope.Binding) throws(SealingFault) -> SymmetricKey {
            do {
                var recipient = try HPKE.Recipient(
                    privateKey: key, ciphersuite: SealingKey.suite, info: SealingKey.label,
                    encapsulatedKey: Data(sealed.prefix(SealingKey.encapsulatedBytes)))
                let secret = try recipient.open(
                    Data(sealed.dropFirst(SealingKey.encapsulatedBytes)), authenticating: binding.bytes)
                guard secret.count == 32 else { throw SealingFault.broken }
                return SymmetricKey(data: secret)
            } catch {
                throw .broken
            }
        }
    }
}

extension SymmetricKey {
    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// A key for one use of this secret, which tells nothing about those for others (HKDF-SHA256).
    package func derived(for use: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: self, info: Data(use.utf8), outputByteCount: 32)
    }
}
