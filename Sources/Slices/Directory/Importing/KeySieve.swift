import Formats
import Foundation
import Kernel

/// Remembers which keys were there in a fixed room of eight megabytes. What it never saw it always tells; of what it did not
/// see it takes a few for seen, so those have to be looked up.
struct KeySieve {
    private static let bits: UInt64 = 1 << 26

    private var words = [UInt64](repeating: 0, count: Int(bits / 64))

    mutating func insert(_ key: RecordKey) {
        for place in Self.places(key) { words[Int(place >> 6)] |= 1 << (place & 63) }
    }

    func mayHold(_ key: RecordKey) -> Bool {
        Self.places(key).allSatisfy { words[Int($0 >> 6)] & 1 << ($0 & 63) != 0 }
    }

    /// Four places from the two halves of the id, which ids of ours fill with chance.
    private static func places(_ key: RecordKey) -> [UInt64] {
        let (first, second) = withUnsafeBytes(of: key.id.uuid.uuid) {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        let step = (second ^ UInt64(key.kind.rank)) &* 0x9e37_79b9_7f4a_7c15 | 1
        return (0..<4).map { (first &+ step &* $0) >> 7 & (bits - 1) }
    }
}
