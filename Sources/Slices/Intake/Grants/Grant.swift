import Crypto
import Foundation
package import Kernel
import Sealing

/// An organization that something can be given to; its id is that of its Directory record.
package enum Recipient {}

/// A person's consent: one organization may read these parts, for this, until the end of that day. What makes it true is
/// that the keys of the parts are sealed to the organization; nothing else opens a part.
package struct Grant: Sendable, Equatable {
    package let id: Identifier<Grant>
    package let file: Identifier<PersonFile>
    package let recipient: Identifier<Recipient>
    package let parts: Set<Identifier<Part>>
    package let purpose: Purpose
    package let givenOn: Day
    /// The last day of it.
    package let endsOn: Day
    /// The day it was taken back or was over.
    package var endedOn: Day?

    package static let usualDays = 90
    package static let offeredDays = [7, 30, 90, 180]

    func isLive(on day: Day) -> Bool { endedOn == nil && day <= endsOn }
}

/// What a grant is for: words of a list, so that nothing of a person stands beside it.
package enum Purpose: String, Sendable, CaseIterable {
    case help
    case contact
    case advice
}

/// A grant with the key of the organization as it was when it was given. What is written later is sealed to that key alone, and
/// only while the person's own mark shows that nobody else wrote the grant.
struct StoredGrant: Sendable {
    var grant: Grant
    let sealingKey: SealingKey
    let mark: [UInt8]

    init(_ grant: Grant, _ sealingKey: SealingKey, by opening: SealingKey.Opening) {
        self.init(grant, sealingKey, mark: Array(Self.code(grant, sealingKey, opening)))
    }

    init(_ grant: Grant, _ sealingKey: SealingKey, mark: [UInt8]) {
        self.grant = grant
        self.sealingKey = sealingKey
        self.mark = mark
    }

    func isGiven(by opening: SealingKey.Opening) -> Bool {
        isSame(Array(Self.code(grant, sealingKey, opening)), mark)
    }

    private static func code(
        _ grant: Grant, _ sealingKey: SealingKey, _ opening: SealingKey.Opening
    ) -> HMAC<SHA256>.MAC {
        let fields =
            [
                grant.id.description, grant.file.description, grant.recipient.description, grant.purpose.rawValue,
                grant.givenOn.description, grant.endsOn.description, hexadecimal(sealingKey.bytes),
            ] + grant.parts.map(\.description).sorted()
        let text = fields.map { "\($0.utf8.count):\($0)" }.joined()
        return HMAC<SHA256>.authenticationCode(
            for: Data(text.utf8), using: opening.secret.derived(for: "waymark/intake/grant"))
    }
}

/// What a person is about to give.
package struct Offer: Sendable, Equatable {
    package let recipient: Identifier<Recipient>
    package let parts: Set<Identifier<Part>>
    package let purpose: Purpose
    package let days: Int

    package init(
        recipient: Identifier<Recipient>, parts: Set<Identifier<Part>>, purpose: Purpose,
        days: Int = Grant.usualDays
    ) {
        self.recipient = recipient
        self.parts = parts
        self.purpose = purpose
        self.days = days
    }
}

/// One time that an organization read a part. The person sees each.
package struct Reading: Sendable, Equatable {
    package let id: Identifier<Reading>
    package let part: Identifier<Part>
    package let kind: PartKind
    package let recipient: Identifier<Recipient>
    /// The role of who read.
    package let role: String
    package let at: Instant
}

/// Who read: a worker of the organization, by the id of the account and the role.
package struct Reader: Sendable {
    package let actor: Actor
    package let worker: String
    /// What they are called at their desk, so that a person can exclude them. Kept nowhere.
    let name: String

    package init(actor: Actor, worker: String, name: String) {
        self.actor = actor
        self.worker = worker
        self.name = name
    }
}
