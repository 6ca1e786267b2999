import CSodium
package import Crypto
import Dispatch
import Synchronization

/// Makes keys of what people remember, slowly, a few at once on queues of their own: Argon2id would hold up every other request
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
    private let line: Mutex<Line>

    /// Who waits, in the order of their turns, and which queues have nothing to do.
    private struct Line {
        var idle: [Int]
        var waiting: [(rank: Int64, turn: CheckedContinuation<Int?, Never>)] = []
    }

    /// - Parameters:
    ///   - width: how many run at once; each takes the memory of its cost.
    ///   - longestLine: how many may wait besides; who stands in line takes no memory yet, but should not wait for long.
    package init(width: Int, longestLine: Int = 32) throws(SealingFault) {
        guard sodium_init() >= 0 else { throw .unusable }
        self.longestLine = longestLine
        queues = (0..<max(1, width)).map { DispatchQueue(label: "passphrase \($0)") }
        line = Mutex(Line(idle: Array(queues.indices)))
    }

    /// 32 bytes out of `phrase`; the same for the same salt and cost. Throws `unusable` when the line is too long or there is
    /// no memory for it.
    /// - Parameter rank: the lowest goes first, those of one rank as they came. When the line is full, a lower rank takes the
    ///   place of the last.
    package func key(
        _ phrase: [UInt8], salt: [UInt8], _ cost: Cost, rank: Int64 = 0
    ) async throws(SealingFault) -> SymmetricKey {
        guard salt.count == Self.saltBytes else { throw .unusable }
        guard let queue = await turn(rank) else { throw .unusable }
        let made: [UInt8]? = await withCheckedContinuation { continuation in
            queues[queue].async {
                continuation.resume(returning: Self.stretched(phrase, salt, cost))
            }
        }
        pass(on: queue)
        guard let made else { throw .unusable }
        return SymmetricKey(data: made)
    }

    /// How many stand in line.
    var waiting: Int { line.withLock(\.waiting.count) }

    /// The queue to work on, once it is free; nil for who does not get a turn.
    func turn(_ rank: Int64) async -> Int? {
        await withCheckedContinuation { turn in
            let answer: (CheckedContinuation<Int?, Never>, Int?)? = line.withLock { line in
                if let queue = line.idle.popLast() { return (turn, queue) }
                let isFull = line.waiting.count >= longestLine
                if isFull, line.waiting.last.map({ rank >= $0.rank }) ?? true { return (turn, nil) }
                let last = isFull ? line.waiting.removeLast().turn : nil
                let place = line.waiting.firstIndex { rank < $0.rank } ?? line.waiting.endIndex
                line.waiting.insert((rank, turn), at: place)
                return last.map { ($0, nil) }
            }
            answer?.0.resume(returning: answer?.1)
        }
    }

    func pass(on queue: Int) {
        let next = line.withLock { line in
            guard line.waiting.isEmpty else {
                return line.waiting.removeFirst().turn as CheckedContinuation<Int?, Never>?
            }
            line.idle.append(queue)
            return nil
        }
        next?.resume(returning: queue)
    }

    private static func stretched(_ phrase: [UInt8], _ salt: [UInt8], _ cost: Cost) -> [UInt8]? {
        var key = [UInt8](repeating: 0, count: 32)
        let failed = crypto_pwhash(
            &key, 32, phrase.map(CChar.init(bitPattern:)), UInt64(phrase.count), salt, cost.passes, cost.bytes,
            crypto_pwhash_ALG_ARGON2ID13)
        return failed == 0 ? key : nil
    }
}
