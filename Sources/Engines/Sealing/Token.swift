package import Crypto
import Foundation
import Kernel

/// A secret that only its holder has; stored as its digest. 256 bits in 64 hexadecimal digits.
package struct Token: Sendable, Hashable {
    package let text: String

    package init(_ chance: (Int) -> [UInt8]) { text = hexadecimal(chance(32)) }

    /// Nil for what cannot be a token.
    package init?(_ text: String?) {
        guard let text, text.utf8.count == 64,
            text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.text = text
    }

    package var digest: String { derived("digest") }
    /// What forms of the session carry: tells nothing about the token.
    package var formToken: String { derived("form") }
    /// Seals what only the holder may open.
    package var key: SymmetricKey { SymmetricKey(data: Data(text.utf8)).derived(for: "waymark/token/key") }

    private func derived(_ use: String) -> String {
        hexadecimal(SymmetricKey(data: Data(text.utf8)).derived(for: "waymark/token/\(use)").bytes)
    }
}

/// Whether two lists of bytes are the same. Takes as long wherever they differ; only a wrong length shows.
package func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
