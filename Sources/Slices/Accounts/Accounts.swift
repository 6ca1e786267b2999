package import Crypto
package import Foundation
package import Kernel
package import Sealing
package import Storage
package import Web

/// What Accounts asks of the Directory.
package struct OrganizationLookup: Sendable {
    /// The public name of an organization; nil when the Directory has none with that id.
    let name: @Sendable (String, Language) async throws -> String?

    package init(name: @escaping @Sendable (String, Language) async throws -> String?) { self.name = name }
}

/// Who works at which desk: invite, join, sign in and out, and who may do so no longer.
package struct Accounts: Sendable {
    let database: any Database
    let world: World
    let guardian: PassphraseGuard
    let organizations: OrganizationLookup
    /// What the passphrases of names that nobody has are stretched with, so that they take as long as others.
    let noSalt: [UInt8]
    /// What the names of tries are digested with.
    let tryKey: SymmetricKey
    /// What addresses of mail are sealed under; nil where no mail is sent.
    let noticeKey: SymmetricKey?

    package init(
        database: any Database, world: World, guardian: PassphraseGuard, organizations: OrganizationLookup,
        noticeKey: SymmetricKey? = nil
    ) {
        self.database = database
        self.world = world
        self.guardian = guardian
        self.organizations = organizations
        noSalt = world.randomBytes(PassphraseGuard.saltBytes)
        tryKey = SymmetricKey(size: .bits256)
        self.noticeKey = noticeKey
    }

    var today: Day { world.today }

    /// Where this slice's texts lie.
    package static var strings: URL? { Bundle.module.url(forResource: "Strings", withExtension: nil) }

    // MARK: Inviting

    /// A one-time link for somebody who will lead a desk, new or existing. Gives the link's secret, which is shown once.
    /// - Parameter beginsAnew: gives the desk another key, which works only where nobody holds its own any more.
    package func inviteDesk(
        _ organization: String, _ role: Role, beginsAnew: Bool = false, by actor: Actor, _ inviter: Worker? = nil
    ) async throws -> String {
        guard actor.may(.inviteOrganizations) else { throw AccountsRefusal.notAllowed }
        guard let desk = Identifier<Desk>(organization), try await organizations.name(organization, .english) != nil
        else { throw AccountsRefusal.noOrganization }
        return try await invite(
            Joins(desk: desk, role: role, leads: true, inviter: inviter?.id, beginsAnew: beginsAnew), deskSecret: nil,
            by: actor)
    }

    /// A one-time link to the own desk.
    package func inviteWorker(_ role: Role, leads: Bool, by signedIn: Worker, deskSecret: [UInt8]?) async throws
        -> String
    {
        guard signedIn.actor.may(.inviteWorkers), signedIn.role.mayInvite.contains(role) else {
            throw AccountsRefusal.notAllowed
        }
        return try await invite(
            Joins(desk: signedIn.desk, role: role, leads: leads, inviter: signedIn.id), deskSecret: deskSecret,
            by: signedIn.actor)
    }

    /// A one-time link by which a worker of the own desk begins anew with another passphrase.
    package func renew(
        _ worker: Identifier<Worker>, by signedIn: Worker, deskSecret: [UInt8]?
    ) async throws -> String {
        let known = try await colleague(worker, of: signedIn)
        // A stay that somebody stole must not become an account that they keep.
        guard known.id != signedIn.id else { throw AccountsRefusal.notAllowed }
        return try await invite(
            Joins(
                desk: known.desk, role: known.role, leads: known.leads, worker: known.id, inviter: signedIn.id),
            deskSecret: deskSecret, by: signedIn.actor)
    }

    private struct Joins: Sendable {
        let desk: Identifier<Desk>
        let role: Role
        let leads: Bool
        var worker: Identifier<Worker>?
        var inviter: Identifier<Worker>?
        var beginsAnew = false
    }

    private func invite(_ joins: Joins, deskSecret: [UInt8]?, by actor: Actor) async throws -> String {
        let token = Token(world.randomBytes)
        let holds = Worker.holdsDeskKey(joins.role, leads: joins.leads)
        let deskKey =
            try holds ? deskSecret.map { try Envelope.seal($0, under: token.key, for: Self.link(joins.desk)) } : nil
        let now = world.now()
        let invitation = Invitation(
            digest: token.digest, desk: joins.desk, worker: joins.worker, role: joins.role, leads: joins.leads,
            deskKey: deskKey, invitedBy: joins.inviter, beginsAnew: joins.beginsAnew,
            expires: Instant(seconds: now.seconds + Invitation.days * 86_400))
        try await database.write { [today] transaction in
            try AccountsStore(transaction).write(invitation, on: today)
            try AuditChain(transaction).append(
                .init(
                    actor: actor, verb: joins.beginsAnew ? "invite-anew" : "invite",
                    kind: joins.worker == nil ? "desk" : "worker",
                    record: joins.worker?.description ?? joins.desk.description,
                    field: joins.inviter?.description ?? ""), at: now)
        }
        return token.text
    }

    static func link(_ desk: Identifier<Desk>) -> Envelope.Binding { Envelope.Binding("invitation", desk.description) }

    /// The invitation behind a link's secret, and whether pieces of the desk's key are asked for.
    package func invitation(_ secret: String) async throws -> (Invitation, needsPieces: Bool) {
        guard let token = Token(secret) else { throw AccountsRefusal.noInvitation }
        let now = world.now()
        let found = try await database.read { transaction -> (Invitation, Bool)? in
            let store = AccountsStore(transaction)
            guard let invitation = try store.invitation(token.digest, at: now) else { return nil }
            return (invitation, invitation.needsPieces(deskExists: try store.deskKey(invitation.desk) != nil))
        }
        guard let found else { throw AccountsRefusal.noInvitation }
        return found
    }

    // MARK: The team

    package func team(of desk: Identifier<Desk>) async throws -> (workers: [Worker], invitations: [Invitation]) {
        let now = world.now()
        return try await database.read { transaction in
            let store = AccountsStore(transaction)
            return (try store.workers(of: desk), try store.openInvitations(to: desk, at: now))
        }
    }

    /// Those who open files now at the desk of who signed in, by id and name.
    package func readers(_ signedIn: SignedIn) async throws -> [(id: String, name: String)] {
        guard let desk = Identifier<Desk>(signedIn.organization) else { return [] }
        return try await database.read { transaction in
            try Self.readers(of: desk, in: AccountsStore(transaction)).map { ($0.id.description, $0.name) }
        }
    }

    package func desks() async throws -> [Identifier<Desk>] {
        try await database.read { try AccountsStore($0).desks() }
    }

    /// Everybody who may come in now, at any desk.
    package func activeWorkers() async throws -> [Worker] {
        try await database.read { try AccountsStore($0).activeWorkers() }
    }

    /// The desks at which somebody opens files.
    package func desksOpeningFiles() async throws -> [Identifier<Desk>] {
        let roles = try await database.read { try AccountsStore($0).activeRoles() }
        return roles.filter { $0.value.contains(where: \.opensFiles) }.keys.sorted()
    }

    /// What is sealed to a desk is sealed with this key, and so many people there open it; nil where nobody does.
    package func deskOpeningFiles(
        _ desk: Identifier<Desk>
    ) async throws -> (sealingKey: [UInt8], readers: Int)? {
        try await database.read { transaction in
            let store = AccountsStore(transaction)
            let readers = try Self.readers(of: desk, in: store).count
            guard readers > 0, let key = try store.deskKey(desk) else { return nil }
            return (key, readers)
        }
    }

    private static func readers(of desk: Identifier<Desk>, in store: AccountsStore) throws -> [Worker] {
        try store.workers(of: desk).filter { $0.state == .active && $0.actor.may(.openFiles) }
    }

    /// Lets a colleague in again, or no longer. A desk keeps one who leads it.
    package func setState(_ state: Worker.State, of id: Identifier<Worker>, by signedIn: Worker) async throws {
        let colleague = try await colleague(id, of: signedIn)
        let now = world.now()
        try await database.write { [today] transaction in
            let store = AccountsStore(transaction)
            let others = try store.workers(of: colleague.desk).filter { $0.id != id }
            if colleague.leads, state != .active, !others.contains(where: { $0.leads && $0.state == .active }) {
                throw AccountsRefusal.lastLead
            }
            if state == .active {
                // Who was suspended has no key of the desk any more, and begins anew by a link.
                guard try store.worker(id)?.state == .dormant else { throw AccountsRefusal.notAllowed }
                try store.setState(.active, of: id)
                try store.seen(id, on: today)
            } else {
                try store.suspend(id)
            }
            try AuditChain(transaction).append(
                .init(
                    actor: signedIn.actor, verb: state.rawValue, kind: "worker", record: id.description,
                    field: signedIn.id.description), at: now)
        }
    }

    package func withdrawInvitation(_ digest: String, by signedIn: Worker) async throws {
        guard signedIn.actor.may(.inviteWorkers) else { throw AccountsRefusal.notAllowed }
        try await database.write { try AccountsStore($0).withdraw(digest, to: signedIn.desk) }
    }

    /// New pieces of the desk's key on paper; the older ones go on working together.
    package func printPieces(
        by signedIn: Worker, deskSecret: [UInt8]?, in language: Language
    ) async throws -> [String] {
        guard signedIn.leads, let deskSecret else { throw AccountsRefusal.notAllowed }
        let now = world.now()
        try await database.write { transaction in
            try AuditChain(transaction).append(
                .init(
                    actor: signedIn.actor, verb: "print-pieces", kind: "desk", record: signedIn.desk.description,
                    field: signedIn.id.description), at: now)
        }
        return try pieces(of: SymmetricKey(data: deskSecret), in: language)
    }

    /// A worker of the same desk in a role that they may invite to it; anybody else's is not there.
    private func colleague(_ id: Identifier<Worker>, of signedIn: Worker) async throws -> Worker {
        guard signedIn.actor.may(.inviteWorkers) else { throw AccountsRefusal.notAllowed }
        let worker = try await database.read { try AccountsStore($0).worker(id) }
        guard let worker, worker.desk == signedIn.desk else { throw AccountsRefusal.noInvitation }
        guard signedIn.role.mayInvite.contains(worker.role) else { throw AccountsRefusal.notAllowed }
        return worker
    }

    /// Ends sessions that are over and lets accounts rest that nobody used for 90 days. Gives how many rest now.
    package func sweep() async throws -> Int {
        let now = world.now()
        return try await database.write { [today] transaction in
            let store = AccountsStore(transaction)
            try store.endSessions(before: now)
            try store.removeInvitations(before: now)
            try store.forgetDevices(notUsedSince: today + -Worker.dormantDays)
            try store.clearFailures(before: Instant(seconds: now.seconds - 3600))
            let resting = try store.restThose(notSeenSince: today + -Worker.dormantDays)
            for worker in resting {
                try AuditChain(transaction).append(
                    .init(
                        actor: Actor(name: "server", clearance: .everyone), verb: "dormant", kind: "worker",
                        record: worker.id.description), at: now)
            }
            return resting.count
        }
    }
}
