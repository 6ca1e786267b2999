package import Crypto

/// A point of a polynomial whose value at zero is the secret (Shamir). Fewer points than its threshold tell nothing.
package struct SecretShare: Sendable, Hashable {
    package let x: ShareNumber
    package let y: ShareNumber

    package init(x: ShareNumber, y: ShareNumber) {
        self.x = x
        self.y = y
    }

    /// The point at `x` of the polynomial with these coefficients, the secret first.
    package init(at x: ShareNumber, of coefficients: [ShareNumber]) {
        self.x = x
        y = coefficients.reversed().reduce(.zero) { $0 * x + $1 }
    }

    /// One share for each of `count` holders, any `threshold` of whom give the secret back. Coefficients come from `chance`,
    /// which gives as many random bytes as asked.
    package static func split(
        _ secret: SymmetricKey, among count: Int, threshold: Int, chance: (Int) -> [UInt8]
    ) throws(SealingFault) -> [SecretShare] {
        guard secret.bitCount == 256, threshold >= 2, count >= threshold,
            let constant = ShareNumber(bigEndian: secret.bytes)
        else { throw .unusable }
        let others = (1..<threshold).compactMap { _ in ShareNumber(bigEndian: chance(32)) }
        return (1...count).map { SecretShare(at: ShareNumber(small: UInt64($0)), of: [constant] + others) }
    }

    /// The value at zero of the polynomial through `shares`, all at different places; nil for two at the same.
    package static func joined(_ shares: [SecretShare]) -> ShareNumber? {
        guard Set(shares.map(\.x)).count == shares.count, !shares.isEmpty else { return nil }
        return shares.reduce(.zero) { sum, share in
            let others = shares.map(\.x).filter { $0 != share.x }
            let above = others.reduce(ShareNumber.one) { $0 * $1 }
            let below = others.reduce(ShareNumber.one) { $0 * ($1 - share.x) }
            return sum + share.y * above * below.inverse
        }
    }

    /// The secret that `split` shared. Throws `broken` for shares that do not belong together as far as that shows.
    package static func secret(from shares: [SecretShare]) throws(SealingFault) -> SymmetricKey {
        guard let joined = joined(shares)?.bigEndian, joined.first == 0 else { throw .broken }
        return SymmetricKey(data: joined.dropFirst())
    }
}
