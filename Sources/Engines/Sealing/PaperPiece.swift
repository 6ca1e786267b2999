/// A share of a key on paper: its number and twenty-four words.
package enum PaperPiece {
    /// - Parameter list: the words it is printed in.
    package static func printed(_ share: SecretShare, number: Int, _ list: WordList) -> String {
        let bits = share.y.bigEndian.flatMap { byte in (0..<8).reversed().map { Int(byte >> $0 & 1) } }
        let words = stride(from: 0, to: bits.count, by: 11).map { start in
            list.words[bits[start..<(start + 11)].reduce(0) { $0 << 1 | $1 }]
        }
        return "\(number) " + words.joined(separator: " ")
    }

    /// Nil for what was not printed so, in any list.
    package static func read(_ text: String, _ lists: [WordList]) -> SecretShare? {
        let parts = text.lowercased().split(whereSeparator: { $0.isWhitespace || $0 == "." || $0 == "," })
            .map(String.init)
        guard parts.count == 25, let number = UInt64(parts[0]), (1...3).contains(number) else { return nil }
        for list in lists {
            let numbers = parts.dropFirst().compactMap(list.number)
            guard numbers.count == 24 else { continue }
            let bits = numbers.flatMap { number in (0..<11).reversed().map { UInt8(number >> $0 & 1) } }
            let bytes = stride(from: 0, to: bits.count, by: 8).map { start in
                bits[start..<(start + 8)].reduce(UInt8(0)) { $0 << 1 | $1 }
            }
            guard let y = ShareNumber(bigEndian: bytes) else { return nil }
            return SecretShare(x: ShareNumber(small: number), y: y)
        }
        return nil
    }
}
