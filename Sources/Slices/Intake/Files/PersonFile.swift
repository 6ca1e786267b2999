import Crypto
import Foundation
package import Kernel
package import Sealing

/// What one person wrote, for as long as they want it. Holds no content: that lies in its parts, and only the receipt opens
/// them.
package struct PersonFile: Sendable {
    let id: Identifier<PersonFile>
    let salt: [UInt8]
    /// The person's opening secret under what Argon2id makes of the receipt. Empty once the file is being destroyed.
    let openingKey: [UInt8]
    let sealingKey: SealingKey
    let begunOn: Day
    let seenOn: Day
    let announcedOn: Day?

    /// Days without a visit or a grant after which a file is announced to go, and days from then until it goes.
    package static let quietDays = 180
    package static let noticeDays = 30

    /// One that no receipt opens and no database holds.
    static func decoy(_ secret: IntakeSecret) -> PersonFile {
        PersonFile(
            id: Identifier(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))),
            salt: Array(secret.code([], for: "decoy").utf8.prefix(PassphraseGuard.saltBytes)),
            openingKey: [UInt8](repeating: 0, count: wrappedBytes), sealingKey: SealingKey([]), begunOn: Day(number: 0),
            seenOn: Day(number: 0), announcedOn: nil)
    }

    /// Nonce, the smallest size class and the tag.
    private static let wrappedBytes = 12 + 256 + 16

    func opening(_ stretched: SymmetricKey) throws(SealingFault) -> SealingKey.Opening {
        try SealingKey.Opening(sealed: openingKey, under: Self.wrapping(stretched), for: Self.binding(id))
    }

    static func wrapped(
        _ opening: SealingKey.Opening, _ stretched: SymmetricKey, _ id: Identifier<PersonFile>
    ) throws(SealingFault) -> [UInt8] {
        try opening.sealed(under: wrapping(stretched), for: binding(id))
    }

    private static func wrapping(_ stretched: SymmetricKey) -> SymmetricKey {
        stretched.derived(for: "waymark/file/opening")
    }

    private static func binding(_ id: Identifier<PersonFile>) -> Envelope.Binding {
        Envelope.Binding("file", id.description)
    }
}

/// A person with their file open, in one tab: the page holds the token, the database its digest.
package struct Stay: Sendable {
    package let file: Identifier<PersonFile>
    package let token: Token
    let opening: SealingKey.Opening

    static let idleSeconds: Int64 = 20 * 60
    static let longestSeconds: Int64 = 4 * 3600

    static func binding(_ file: Identifier<PersonFile>) -> Envelope.Binding {
        Envelope.Binding("stay", file.description)
    }
}

/// A stay as it is stored.
struct StoredStay: Sendable {
    let digest: String
    let file: Identifier<PersonFile>
    /// The person's opening secret under the token's own key.
    let openingKey: [UInt8]
    let began: Instant
    let used: Instant

    func isOver(at now: Instant) -> Bool {
        now.seconds - used.seconds > Stay.idleSeconds || now.seconds - began.seconds > Stay.longestSeconds
            || used.isAhead(of: now)
    }
}
