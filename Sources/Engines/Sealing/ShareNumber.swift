/// A number of the field of 2²⁵⁶ + 297 elements, in which secrets of 256 bits are shared. The one arithmetic written here;
/// its known answers are those of `vectors/escrow.json`. Takes the same steps whatever the numbers are.
package struct ShareNumber: Sendable, Hashable {
    /// Least significant first; the fifth is 0 or 1, below the prime.
    private var limbs: [UInt64]

    private static let offset: UInt64 = 297
    private static let prime: [UInt64] = [297, 0, 0, 0, 1]

    package static let zero = ShareNumber(small: 0)
    package static let one = ShareNumber(small: 1)

    package init(small: UInt64) { limbs = [small, 0, 0, 0, 0] }

    /// Reads up to 33 bytes, the most significant first; nil for more bytes or a number not below the prime.
    package init?(bigEndian bytes: [UInt8]) {
        guard bytes.count <= 33 else { return nil }
        limbs = [0, 0, 0, 0, 0]
        for (place, byte) in bytes.reversed().enumerated() { limbs[place / 8] |= UInt64(byte) << (place % 8 * 8) }
        let (_, below) = Self.difference(limbs, Self.prime)
        if !below { return nil }
    }

    /// 33 bytes, the most significant first.
    package var bigEndian: [UInt8] {
        (0..<33).reversed().map { UInt8(truncatingIfNeeded: limbs[$0 / 8] >> ($0 % 8 * 8)) }
    }

    package static func + (left: Self, right: Self) -> Self {
        var sum = left
        var carry: UInt64 = 0
        for place in 0..<5 {
            let (low, first) = left.limbs[place].addingReportingOverflow(right.limbs[place])
            let (all, second) = low.addingReportingOverflow(carry)
            sum.limbs[place] = all
            carry = (first ? 1 : 0) + (second ? 1 : 0)
        }
        sum.limbs = reducedOnce(sum.limbs)
        return sum
    }

    package static func - (left: Self, right: Self) -> Self {
        let (complement, _) = difference(prime, right.limbs)
        var negative = Self.zero
        negative.limbs = reducedOnce(complement)
        return left + negative
    }

    /// Schoolbook product, then 2²⁵⁶ = −297 twice.
    package static func * (left: Self, right: Self) -> Self {
        var product = [UInt64](repeating: 0, count: 10)
        for low in 0..<5 {
            var carry: UInt64 = 0
            for high in 0..<5 {
                let (upper, lower) = left.limbs[low].multipliedFullWidth(by: right.limbs[high])
                let (first, over) = product[low + high].addingReportingOverflow(lower)
                let (second, again) = first.addingReportingOverflow(carry)
                product[low + high] = second
                carry = upper &+ (over ? 1 : 0) &+ (again ? 1 : 0)
            }
            product[low + 5] = carry
        }
        return lowPart(product) - times297(Array(product[4...8]))
    }

    /// `high` × 297 below the prime; `high` has 320 bits of which at most 258 are set.
    private static func times297(_ high: [UInt64]) -> Self {
        var scaled = [UInt64](repeating: 0, count: 6)
        var carry: UInt64 = 0
        for place in 0..<5 {
            let (upper, lower) = high[place].multipliedFullWidth(by: offset)
            let (sum, over) = lower.addingReportingOverflow(carry)
            scaled[place] = sum
            carry = upper + (over ? 1 : 0)
        }
        scaled[5] = carry
        // What stands above 2²⁵⁶ is small now and comes back once more.
        let rest = Self(small: scaled[4] &* offset)
        return lowPart(scaled) - rest
    }

    private static func lowPart(_ limbs: [UInt64]) -> Self {
        var low = Self.zero
        low.limbs = [limbs[0], limbs[1], limbs[2], limbs[3], 0]
        return low
    }

    /// The number whose product with this one is 1; zero for zero. By Fermat: to the power of the prime less two.
    package var inverse: Self {
        var result = Self.one
        var square = self
        // 2²⁵⁶ + 295: the bits of 295, and the one at 256.
        for bit in 0...256 {
            if bit == 256 || (bit < 9 && 295 >> bit & 1 == 1) { result = result * square }
            square = square * square
        }
        return result
    }

    private static func reducedOnce(_ limbs: [UInt64]) -> [UInt64] {
        let (reduced, below) = difference(limbs, prime)
        let keep: UInt64 = below ? .max : 0
        return (0..<5).map { limbs[$0] & keep | reduced[$0] & ~keep }
    }

    /// `left` − `right`, and whether it fell below zero.
    private static func difference(_ left: [UInt64], _ right: [UInt64]) -> ([UInt64], Bool) {
        var result = left
        var borrow: UInt64 = 0
        for place in 0..<5 {
            let (first, under) = left[place].subtractingReportingOverflow(right[place])
            let (second, again) = first.subtractingReportingOverflow(borrow)
            result[place] = second
            borrow = (under ? 1 : 0) + (again ? 1 : 0)
        }
        return (result, borrow == 1)
    }
}
