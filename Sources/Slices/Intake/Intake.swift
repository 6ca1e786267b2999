package import Foundation
package import Kernel
package import Sealing
package import Storage

/// What Intake asks of the Directory: the needs that can be ticked.
package struct NeedLookup: Sendable {
    let all: @Sendable (Language) -> [(id: String, name: String)]

    package init(all: @escaping @Sendable (Language) -> [(id: String, name: String)]) { self.all = all }
}

/// What Intake asks of Accounts and the Directory: to whom something can be given.
package struct RecipientLookup: Sendable {
    package struct Found: Sendable {
        let name: String
        let sealingKey: SealingKey
        /// How many people there can read what is given.
        let readers: Int

        package init(name: String, sealingKey: SealingKey, readers: Int) {
            self.name = name
            self.sealingKey = sealingKey
            self.readers = readers
        }
    }

    /// The organizations that have a desk at which files are read.
    let all: @Sendable (Language) async throws -> [(id: Identifier<Recipient>, name: String)]
    /// What an organization is called, also when nothing can be given to it any more; nil when it is gone.
    let name: @Sendable (Identifier<Recipient>, Language) async throws -> String?
    /// Nil for one that nothing can be given to.
    let find: @Sendable (Identifier<Recipient>, Language) async throws -> Found?

    package init(
        all: @escaping @Sendable (Language) async throws -> [(id: Identifier<Recipient>, name: String)],
        name: @escaping @Sendable (Identifier<Recipient>, Language) async throws -> String?,
        find: @escaping @Sendable (Identifier<Recipient>, Language) async throws -> Found?
    ) {
        self.all = all
        self.name = name
        self.find = find
    }
}

/// The file of a person and who may read what of it: begin, open, read, write, grant, revoke, delete; and what the desks of
/// organizations see.
package struct Intake: Sendable {
    let database: any Database
    let world: World
    let guardian: PassphraseGuard
    let cost: PassphraseGuard.Cost
    let secret: IntakeSecret
    let needs: NeedLookup
    let recipients: RecipientLookup
    let services: ServiceLookup
    let uses = FormUses()
    let leftovers = Leftovers()
    /// What receipts that nobody has are tried on, so that they take the same work as others.
    let decoy: PersonFile

    package init(
        database: any Database, world: World, guardian: PassphraseGuard, cost: PassphraseGuard.Cost = .receipt,
        secret: IntakeSecret, needs: NeedLookup, recipients: RecipientLookup,
        services: ServiceLookup
    ) {
        self.database = database
        self.world = world
        self.guardian = guardian
        self.cost = cost
        self.secret = secret
        self.needs = needs
        self.recipients = recipients
        self.services = services
        decoy = .decoy(secret)
    }

    var today: Day { world.today }

    /// Where this slice's texts lie.
    package static var strings: URL? { Bundle.module.url(forResource: "Strings", withExtension: nil) }
}
