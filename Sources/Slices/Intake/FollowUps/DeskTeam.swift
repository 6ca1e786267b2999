import Kernel
package import Web

/// What Intake asks of Accounts about those who work at the desk of who signed in.
package struct DeskTeam: Sendable {
    /// What they are called there.
    let name: @Sendable (SignedIn) async throws -> String
    /// All who open files there now, by id and name.
    let readers: @Sendable (SignedIn) async throws -> [(id: String, name: String)]

    package init(
        name: @escaping @Sendable (SignedIn) async throws -> String,
        readers: @escaping @Sendable (SignedIn) async throws -> [(id: String, name: String)]
    ) {
        self.name = name
        self.readers = readers
    }
}

extension Intake {
    /// Throws `notAllowed` for who opens no files.
    func atDesk(_ signedIn: SignedIn, _ team: DeskTeam) async throws -> AtDesk {
        guard let id = Identifier<Recipient>(signedIn.organization), let secret = signedIn.organizationSecret else {
            throw IntakeRefusal.notAllowed
        }
        let reader = Reader(actor: signedIn.actor, worker: signedIn.worker, name: try await team.name(signedIn))
        return try atDesk(id, secret: secret, reader)
    }
}
