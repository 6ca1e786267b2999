import Crypto
import Foundation
import Synchronization
import Testing

@testable import Sealing

@Suite struct SealingTests {
    let binding = Envelope.Binding("needs", "file-1", "3")

    @Test func `an envelope gives back what was put in, whatever its length`() throws {
        let key = SymmetricKey(size: .bits256)
        for length in [0, 1, 251, 252, 253, 508, 509, 5_000] {
            let content = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            let envelope = try Envelope.seal(content, under: key, for: binding)
            #expect(try Envelope.open(envelope, under: key, for: binding) == content)
        }
    }

    @Test func `two lists of bytes are the same only when every byte is, whatever their lengths`() {
        let bytes = [UInt8](repeating: 7, count: 32)
        #expect(isSame(bytes, bytes) && isSame([], []))
        for place in bytes.indices {
            var other = bytes
            other[place] ^= 1
            #expect(!isSame(bytes, other))
        }
        for length in [0, 1, 31, 33, 64, 255, 256, 288, 10_000] {
            let other = [UInt8](repeating: 7, count: length)
            #expect(!isSame(bytes, other) && !isSame(other, bytes), "\(length)")
        }
    }

    @Test func `contents of one size class cannot be told apart by length`() throws {
        let key = SymmetricKey(size: .bits256)
        func size(_ length: Int) throws -> Int {
            try Envelope.seal([UInt8](repeating: 7, count: length), under: key, for: binding).count
        }
        #expect(try Set([0, 1, 100, 252].map(size)).count == 1)
        #expect(try Set([253, 508].map(size)).count == 1)
        #expect(try size(252) < size(253))
    }

    @Test func `every changed bit and every cut of an envelope is refused`() throws {
        let key = SymmetricKey(size: .bits256)
        let envelope = try Envelope.seal(Array("three words".utf8), under: key, for: binding)
        for bit in 0..<(envelope.count * 8) {
            var changed = envelope
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: SealingFault.broken) { try Envelope.open(changed, under: key, for: binding) }
        }
        for length in 0..<envelope.count {
            #expect(throws: SealingFault.broken) {
                try Envelope.open(Array(envelope.prefix(length)), under: key, for: binding)
            }
        }
        #expect(throws: SealingFault.broken) { try Envelope.open(envelope + [0], under: key, for: binding) }
    }

    @Test func `an envelope opens only as what it was sealed for`() throws {
        let key = SymmetricKey(size: .bits256)
        let envelope = try Envelope.seal([1], under: key, for: Envelope.Binding("a", "bc"))
        for other in [Envelope.Binding("ab", "c"), Envelope.Binding("a"), Envelope.Binding("a", "bc", "")] {
            #expect(throws: SealingFault.broken) { try Envelope.open(envelope, under: key, for: other) }
        }
        #expect(throws: SealingFault.broken) {
            try Envelope.open(envelope, under: SymmetricKey(size: .bits256), for: Envelope.Binding("a", "bc"))
        }
    }

    @Test func `a key sealed to one holder opens for that one alone, also after the opening key was kept as a secret`()
        throws
    {
        let (mine, other) = (try SealingKey.Opening(), try SealingKey.Opening())
        let secret = SymmetricKey(size: .bits256)
        let sealed = try SealingKey(mine.sealing.bytes).seal(secret, for: binding)
        #expect(try SealingKey.Opening(mine.secret).open(sealed, for: binding) == secret)
        #expect(throws: SealingFault.broken) { try other.open(sealed, for: binding) }
        #expect(throws: SealingFault.broken) { try mine.open(sealed, for: Envelope.Binding("story")) }
    }

    @Test func `a changed bit in every byte and every cut of a sealed key are refused`() throws {
        let mine = try SealingKey.Opening()
        let sealed = try mine.sealing.seal(SymmetricKey(size: .bits256), for: binding)
        for byte in sealed.indices {
            var changed = sealed
            changed[byte] ^= 1 << (byte % 8)
            #expect(throws: SealingFault.broken) { try mine.open(changed, for: binding) }
        }
        for length in 0..<sealed.count {
            #expect(throws: SealingFault.broken) { try mine.open(Array(sealed.prefix(length)), for: binding) }
        }
    }

    @Test func `a number that is no key is not sealed to`() {
        #expect(throws: SealingFault.unusable) {
            try SealingKey([1, 2, 3]).seal(SymmetricKey(size: .bits256), for: binding)
        }
    }

    @Test func `a passphrase gives the same key for the same salt and another for another`() async throws {
        let guardian = try PassphraseGuard(width: 2)
        let (salt, other) = ([UInt8](repeating: 1, count: 16), [UInt8](repeating: 2, count: 16))
        let key = try await guardian.key(Array("correct horse".utf8), salt: salt, .receipt)
        #expect(try await guardian.key(Array("correct horse".utf8), salt: salt, .receipt) == key)
        #expect(try await guardian.key(Array("correct horse".utf8), salt: other, .receipt) != key)
        #expect(try await guardian.key(Array("correct hors".utf8), salt: salt, .receipt) != key)
        await #expect(throws: SealingFault.unusable) { try await guardian.key([1], salt: [1], .receipt) }
    }

    @Test func `who has the lowest rank goes first, and a full line turns the highest away`() async throws {
        let guardian = try PassphraseGuard(width: 1, longestLine: 3)
        let queue = try #require(await guardian.turn(0))
        let (served, turnedAway) = (Ranks(), Ranks())
        await withTaskGroup { group in
            // 20 and 5 take the places of the two 30, and 40 gets none.
            for (number, rank) in ([30, 10, 30, 20, 5, 40] as [Int64]).enumerated() {
                group.addTask {
                    guard let queue = await guardian.turn(rank) else { return turnedAway.add(rank) }
                    served.add(rank)
                    guardian.pass(on: queue)
                }
                while guardian.waiting < min(3, number + 1) || turnedAway.all.count < number - 2 {
                    await Task.yield()
                }
            }
            guardian.pass(on: queue)
        }
        #expect(turnedAway.all == [30, 30, 40])
        #expect(served.all == [5, 10, 20])
    }

    /// Made once with Debian's `argon2` program: `echo -n password | argon2 somesaltsomesalt -id -t 2 -k 19456 -p 1 -l 32 -r`.
    @Test func `keys of passphrases are those of another program`() async throws {
        let key = try await PassphraseGuard(width: 1)
            .key(Array("password".utf8), salt: Array("somesaltsomesalt".utf8), .receipt)
        #expect(
            key.bytes.map { String(format: "%02x", $0) }.joined()
                == "2b5dc4054886ec957ef59c73b661c54dd6fb274590b278f657c6d96aac8fa6d1")
    }
}

private final class Ranks: Sendable {
    private let ranks = Mutex<[Int64]>([])
    var all: [Int64] { ranks.withLock { $0 } }
    func add(_ rank: Int64) { ranks.withLock { $0.append(rank) } }
}
