import Crypto
import Foundation
import Kernel
import Sealing

/// What a form of beginning or opening carries, good for one time. A receipt follows from it, so that a form of beginning that is
/// sent twice makes one file.
struct FormToken: Sendable {
    let text: String
    /// Under which it is remembered once it was used; tells nothing about its receipt.
    let digest: String
    /// What the receipt is made of. It takes the server's key: the form alone, which may stay in a browser, gives no receipt.
    private let seed: SymmetricKey
    let made: Instant

    static let longestSeconds: Int64 = 12 * 3600
    /// For how long a used form does once more what it did: a double click, an answer that was lost on the way.
    static let repeatSeconds: Int64 = 60

    init(_ secret: IntakeSecret, _ chance: Token, at now: Instant) {
        seed = Self.seed(secret, chance)
        digest = Self.digest(secret, chance)
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
        digest = Self.digest(secret, chance)
        made = Instant(seconds: seconds)
    }

    private static func seed(_ secret: IntakeSecret, _ chance: Token) -> SymmetricKey {
        SymmetricKey(data: Data(secret.code(Array(chance.text.utf8), for: "receipt").utf8))
    }

    private static func digest(_ secret: IntakeSecret, _ chance: Token) -> String {
        secret.code(Array(chance.text.utf8), for: "form")
    }

    private static func front(_ made: Instant, _ chance: Token) -> String { "\(made.seconds).\(chance.text)" }

    func isStale(at now: Instant) -> Bool {
        made.isAhead(of: now) || now.seconds - made.seconds > Self.longestSeconds
    }

    var receipt: Receipt {
        Receipt { count in
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: seed, info: Data("waymark/intake/receipt".utf8), outputByteCount: count
            ).bytes
        }
    }
}
