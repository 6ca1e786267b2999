import Crypto
import Foundation
import Testing

@testable import Sealing

@Suite struct ShareTests {
    struct Vectors: Decodable {
        struct Vector: Decodable {
            struct Share: Decodable {
                let x: String
                let y: String
            }
            let threshold: Int
            let k: String
            let a: [String]
            let shares: [Share]
            let recovered_k: String
        }
        let vectors: [Vector]
    }

    static let vectors: [Vectors.Vector] = {
        let root = URL(filePath: #filePath).pathComponents.dropLast(5).joined(separator: "/").dropFirst()
        let file = URL(filePath: "\(root)/shared/vectors/escrow.json")
        guard let data = try? Data(contentsOf: file) else { return [] }
        return (try? JSONDecoder().decode(Vectors.self, from: data))?.vectors ?? []
    }()

    @Test func `shares and the secret they give are the known answers`() throws {
        #expect(Self.vectors.count == 5)
        for vector in Self.vectors {
            let coefficients = try ([vector.k] + vector.a).map { try #require(number($0)) }
            let shares = try vector.shares.map { share in
                SecretShare(x: try #require(number(share.x)), y: try #require(number(share.y)))
            }
            for share in shares { #expect(SecretShare(at: share.x, of: coefficients) == share) }
            let joined = SecretShare.joined(Array(shares.suffix(vector.threshold)))
            #expect(joined == number(vector.recovered_k))
        }
    }

    @Test func `any two of three shares give the secret back, one does not`() throws {
        let secret = SymmetricKey(size: .bits256)
        let shares = try SecretShare.split(secret, among: 3, threshold: 2, chance: bytes)
        for pair in [[0, 1], [1, 2], [2, 0]] {
            #expect(try SecretShare.secret(from: pair.map { shares[$0] }) == secret)
        }
        #expect(SecretShare.joined([shares[0]]) != ShareNumber(bigEndian: secret.bytes))
        #expect(SecretShare.joined([shares[0], shares[0]]) == nil)
    }

    @Test func `the field keeps its laws at its edges and anywhere`() throws {
        let edge = [UInt8](repeating: 0, count: 32)
        var prime = [1] + edge
        (prime[31], prime[32]) = (1, 41)
        #expect(ShareNumber(bigEndian: prime) == nil)
        prime[32] = 40
        let largest = try #require(ShareNumber(bigEndian: prime))
        #expect(largest + .one == .zero)
        #expect(.zero - .one == largest)
        #expect(largest * largest == .one)
        for _ in 0..<200 {
            let (a, b, c) = (random(), random(), random())
            #expect((a + b) * c == a * c + b * c)
            #expect(a - b + b == a)
            #expect(a * a.inverse == .one)
            #expect(ShareNumber(bigEndian: a.bigEndian) == a)
        }
    }

    private func number(_ hexadecimal: String) -> ShareNumber? {
        let digits = Array(hexadecimal)
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
        return ShareNumber(bigEndian: bytes)
    }

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255) } }

    private func random() -> ShareNumber { ShareNumber(bigEndian: bytes(32)) ?? .zero }
}
