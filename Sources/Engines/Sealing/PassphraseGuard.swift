import CSodium
package import Crypto
import Dispatch
import Synchronization

/// Makes keys of what people remember, slowly, one after the other on a few queues: Argon2id would hold up every other request
/// on the threads of the concurrency runtime, and so would a concurrent queue, which shares them.
package final class PassphraseGuard: Sendable {
    /// How dear one guess is.
    package struct Cost: Sendable {
        package let bytes: Int
        package let passes: UInt64

        package init(bytes: Int, passes: UInt64) {
            self.bytes = bytes
            self.passes = passes
        }

        /// For half a receipt, which nobody can guess anyway: 19 MiB, twice (OWASP's first choice for Argon2id).
        package static let receipt = Cost(bytes: 19 << 20, passes: 2)
        /// For a passphrase that a person chose: 64 MiB, three times (RFC 9106, second choice).
        package static let passphrase = Cost(bytes: 64 << 20, passes: 3)
    }

    package static let saltBytes = Int(crypto_pwhash_SALTBYTES)

    private let queues: [DispatchQueue]
    private let longestLine: Int
    private let line = Mutex((waiting: 0, last: 0))

    /// - Parameters:
    ///   - width: how many run at once; each takes the memory of its cost.
    ///   - longestLine: how many there may be at most; who stands in line takes no memory yet, but should not wait for long.
    package init(width: Int, longestLine: Int = 32) throws(SealingFault) {
        guard sodium_init() >= 0 else { throw .unusable }
        self.longestLine = longestLine
        queues = (0..<max(1, width)).map { DispatchQueue(label: "passphrase \($0)") }
    }

    /// 32 bytes out of `phrase`; the same for the same salt and cost. Throws `unusable` when the line is too long or there is
    /// no memory for it.
    package func key(_ phrase: [UInt8], salt: [UInt8], _ cost: Cost) async throws(SealingFault) -> SymmetricKey {
        guard salt.count == Self.saltBytes else { throw .unusable }
        let place = line.withLock { line -> Int? in
            guard line.waiting < longestLine else { return nil }
            line.waiting += 1
            line.last = (line.last + 1) % queues.count
            return line.last
        }
        guard let place else { throw .unusable }
        let made: [UInt8]? = await withCheckedContinuation { continuation in
            queues[place].async {
                continuation.resume(returning: Self.stretched(phrase, salt, cost))
            }
        }
        line.withLock { $0.waiting -= 1 }
        guard let made else { throw .unusable }
        return SymmetricKey(data: made)
    }

    private static func stretched(_ phrase: [UInt8], _ salt: [UInt8], _ cost: Cost) -> [UInt8]? {
        var key = [UInt8](repeating: 0, count: 32)
        let failed = crypto_pwhash(
            &key, 32, phrase.map(CChar.init(bitPattern:)), UInt64(phrase.count), salt, cost.passes, cost.bytes,
            crypto_pwhash_ALG_ARGON2ID13)
        return failed == 0 ? key : nil
    }
}
