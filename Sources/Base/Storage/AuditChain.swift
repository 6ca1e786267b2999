import Crypto
import Foundation
package import Kernel

/// Who did what to which record, each entry sealed by the digest of the one before it, so that an edit, a removal or a
/// reorder of stored entries is found. Holds names of roles, verbs and fields; never a value.
package struct AuditChain {
    let transaction: any Transaction

    package init(_ transaction: any Transaction) { self.transaction = transaction }

    package struct Deed: Sendable {
        let actor: String
        let verb: String
        let kind: String
        let record: String
        let field: String

        package init(actor: Actor, verb: String, kind: String, record: String, field: String = "") {
            self.actor = actor.name
            self.verb = verb
            self.kind = kind
            self.record = record
            self.field = field
        }
    }

    /// Appends `deed`, inside the transaction that does it.
    package func append(_ deed: Deed, at now: Instant) throws {
        let number = try next("audit", in: transaction)
        let previous = try transaction.row("SELECT digest FROM audit WHERE number = \(number - 1)")?.text("digest")
        let digest = Self.digest(after: previous ?? "", number: number, at: now, deed)
        try transaction.run(
            """
            INSERT INTO audit (number, at, actor, verb, kind, record, field, digest)
            VALUES (\(number), \(now), \(deed.actor), \(deed.verb), \(deed.kind), \(deed.record), \(deed.field), \(digest))
            """)
    }

    static func digest(after previous: String, number: Int, at: Instant, _ deed: Deed) -> String {
        let fields = [
            previous, String(number), String(at.seconds), deed.actor, deed.verb, deed.kind, deed.record, deed.field,
        ]
        return sha256(fields.map { "\($0.utf8.count):\($0)" }.joined())
    }
}

/// The SHA-256 of `text` in 64 hexadecimal digits.
package func sha256(_ text: String) -> String { hexadecimal(SHA256.hash(data: Data(text.utf8))) }
