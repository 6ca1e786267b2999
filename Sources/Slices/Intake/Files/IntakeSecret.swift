import Crypto
import Foundation
import Kernel
import Sealing

/// The server's own secret for finding files: 32 bytes in a file of the data folder, the same on all nodes of a database and
/// never in it. Without it a stolen database does not tell which receipt could belong to which file.
package struct IntakeSecret: Sendable {
    private let key: SymmetricKey

    package init(_ bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    /// Under which a file is found.
    func locator(_ receipt: Receipt) -> String { code(receipt.locator, for: "locator") }

    /// Tells, in the database, which secret its files are found with; tells nothing about it.
    var mark: String { code([], for: "mark") }

    func code(_ bytes: [UInt8], for use: String) -> String {
        hexadecimal(
            Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key.derived(for: "waymark/intake/\(use)"))))
    }

    /// Takes as long for a wrong code as for a right one.
    func confirms(_ code: String, of bytes: [UInt8], for use: String) -> Bool {
        let right = self.code(bytes, for: use).utf8
        return zip(right, code.utf8).reduce(UInt8(right.count == code.utf8.count ? 0 : 1)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// What a form of beginning carries. Its receipt follows from it, so that the form sent twice makes one file.
struct BeginToken: Sendable {
    let text: String
    /// What the receipt is made of. It takes the server's key: the form alone, which may stay in a browser, gives no receipt.
    private let seed: SymmetricKey
    private let made: Instant

    static let longestSeconds: Int64 = 12 * 3600

    init(_ secret: IntakeSecret, _ chance: Token, at now: Instant) {
        seed = Self.seed(secret, chance)
        made = now
        let front = Self.front(now, chance)
        text = "\(front).\(secret.code(Array(front.utf8), for: "begin"))"
    }

    /// Nil for what no server of this network wrote.
    init?(_ text: String?, _ secret: IntakeSecret) {
        let parts = (text ?? "").split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let text, parts.count == 3, let seconds = Int64(parts[0]), let chance = Token(parts[1]),
            secret.confirms(parts[2], of: Array(Self.front(Instant(seconds: seconds), chance).utf8), for: "begin")
        else { return nil }
        self.text = text
        seed = Self.seed(secret, chance)
        made = Instant(seconds: seconds)
    }

    private static func seed(_ secret: IntakeSecret, _ chance: Token) -> SymmetricKey {
        SymmetricKey(data: Data(secret.code(Array(chance.text.utf8), for: "receipt").utf8))
    }

    private static func front(_ made: Instant, _ chance: Token) -> String { "\(made.seconds).\(chance.text)" }

    func isStale(at now: Instant) -> Bool { now < made || now.seconds - made.seconds > Self.longestSeconds }

    var receipt: Receipt {
        Receipt { count in
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: seed, info: Data("waymark/intake/receipt".utf8), outputByteCount: count
            ).bytes
        }
    }
}
