import Crypto
import Foundation
package import Kernel
package import Sealing
import Storage
package import Web

extension Accounts {
    /// Opens a session for who knows the name, the passphrase and the code of the moment or a recovery code. Every other
    /// case is the same refusal after the same work, for names that nobody has too.
    /// - Parameters:
    ///   - device: what the browser kept from an earlier sign-in.
    ///   - stay: what the browser has of a stay before, which ends.
    /// - Returns: what the browser holds from now on.
    package func signIn(
        name: String, passphrase: String, code typed: String, device known: String?, stay before: String? = nil
    ) async throws -> (session: Token, device: Token) {
        let name = SignInName(String(name.prefix(Passphrase.longest)))
        let (found, tries) = try await sought(name, known)
        let stretched = try await stretch(passphrase, found?.credentials.salt ?? noSalt)
        let now = world.now()
        guard !tries.mustWait(at: now), let (worker, credentials, lastStep) = found, worker.state == .active,
            credentials.isProved(by: stretched), let opening = try? credentials.opening(stretched, of: worker.id),
            let code = try? credentials.code(stretched, of: worker.id)
        else { try await fail(tries, at: now) }
        let step = code.step(of: typed, at: now, after: lastStep)
        let digits = typed.filter { $0 != " " && $0 != "-" }
        let (session, kept) = (Token(world.randomBytes), tries.kept ?? Token(world.randomBytes))
        let stay = try newSession(session, worker.id, opening, at: now)
        let isIn = try await database.write { [today] transaction in
            let store = AccountsStore(transaction)
            // Meanwhile a passphrase may have changed or somebody may have been suspended.
            guard try store.isCurrent(credentials, of: worker.id) else { return false }
            if let step {
                guard try store.seen(worker.id, on: today, step: step) else { return false }
            } else {
                guard try store.useRecoveryCode(stretched.digest(ofRecovery: digits), of: worker.id) else {
                    return false
                }
                try store.seen(worker.id, on: today)
            }
            try store.clearFailures(tries.name, tries.device)
            try store.endSessions(before: now)
            if let before = Token(before) { try store.endSession(before.digest) }
            try store.write(stay)
            try store.know(kept.digest, of: worker.id, on: today)
            try AuditChain(transaction).append(
                .init(actor: worker.actor, verb: "sign-in", kind: "worker", record: worker.id.description), at: now)
            return true
        }
        guard isIn else { try await fail(tries, at: now) }
        return (session, kept)
    }

    private typealias Found = (worker: Worker, credentials: Credentials, step: Int)

    /// Whoever has the name, and how tries with it from this browser stand.
    private func sought(_ name: SignInName, _ known: String?) async throws -> (Found?, Tries) {
        let (digest, known) = (digest(of: name), Token(known))
        return try await database.read { transaction in
            let store = AccountsStore(transaction)
            let worker = try store.worker(named: name)
            let kept = try worker.flatMap { try store.credentials(of: $0.id) }
            var tries = Tries(name: digest)
            if let known {
                if try store.isKnown(known.digest) { tries.kept = known }
                if let worker, try store.isKnown(known.digest, to: worker.id) { tries.device = known.digest }
            }
            tries.waitsUntil = try store.waits(digest, tries.device)
            return (worker.flatMap { worker in kept.map { (worker, $0.0, $0.step) } }, tries)
        }
    }

    /// Who is signed in with the cookies of `visit`; nil when nobody is or the stay is over. Keeps the stay alive.
    package func signedIn(_ visit: Visit) async throws -> SignedIn? {
        guard let token = Token(visit.cookies[AccountsCookie.session]) else { return nil }
        let now = world.now()
        let found = try await database.read { transaction -> (Session, Worker, (worker: [UInt8], desk: [UInt8])?)? in
            let store = AccountsStore(transaction)
            guard let session = try store.session(token.digest), !session.isOver(at: now),
                let worker = try store.worker(session.worker), worker.state == .active
            else { return nil }
            guard let own = try store.credentials(of: worker.id)?.deskKey, let desk = try store.deskKey(worker.desk)
            else { return (session, worker, nil) }
            return (session, worker, (own, desk))
        }
        guard let (session, worker, deskKey) = found else { return nil }
        if now.seconds - session.used.seconds >= 60 {
            try await database.write { try AccountsStore($0).use(session, at: now) }
        }
        // A key that does not open, or that is no longer the desk's, is none: nothing else of the stay depends on it.
        let secret = deskKey.flatMap { sealed in
            try? SealingKey.Opening(sealed: session.openingKey, under: token.key, for: Session.binding(worker.id))
                .open(sealed.worker, for: Self.deskBinding(worker))
        }
        let isDesks = try secret.map { try SealingKey.Opening($0).sealing.bytes == deskKey?.desk } ?? false
        return SignedIn(
            actor: worker.actor, worker: worker.id.description, organization: worker.desk.description,
            formToken: token.formToken, organizationSecret: isDesks ? secret?.bytes : nil)
    }

    package func worker(_ signedIn: SignedIn) async throws -> Worker {
        guard let id = Identifier<Worker>(signedIn.worker),
            let worker = try await database.read({ try AccountsStore($0).worker(id) })
        else { throw AccountsRefusal.notAllowed }
        return worker
    }

    /// Ends the stay whose cookie is `secret`; nothing when there is none.
    package func signOut(_ secret: String?) async throws {
        guard let token = Token(secret) else { return }
        try await database.write { transaction in
            let store = AccountsStore(transaction)
            guard let session = try store.session(token.digest) else { return }
            try store.endSession(session.digest, of: session.worker)
        }
    }

    // MARK: The own account

    /// Stays, devices and recovery codes left of one worker.
    package func account(of worker: Identifier<Worker>) async throws -> Account {
        let now = world.now()
        return try await database.read { transaction in
            let store = AccountsStore(transaction)
            return Account(
                sessions: try store.sessions(of: worker).filter { !$0.isOver(at: now) },
                devices: try store.devices(of: worker), codesLeft: try store.recoveryCodes(of: worker))
        }
    }

    /// Ends one stay, or every stay but that of `kept`.
    package func endSessions(_ digest: String?, of worker: Identifier<Worker>, but kept: String?) async throws {
        let own = Token(kept)?.digest
        try await database.write { transaction in
            let store = AccountsStore(transaction)
            if let digest { return try store.endSession(digest, of: worker) }
            try store.endSessions(of: worker, but: own)
        }
    }

    package func forgetDevice(_ digest: String, of worker: Identifier<Worker>) async throws {
        try await database.write { try AccountsStore($0).forgetDevice(digest, of: worker) }
    }

    /// Takes another passphrase and gives new recovery codes; the old ones and all other stays end. The phone's code stays.
    /// A wrong old one counts as a try to sign in.
    package func changePassphrase(
        of worker: Worker, from old: String, to new: String, kept: String?, device: String?
    ) async throws -> [String] {
        let (found, tries) = try await sought(SignInName(worker.name), device)
        guard let (_, credentials, _) = found else { throw AccountsRefusal.notAllowed }
        let before = try await stretch(old, credentials.salt)
        let now = world.now()
        guard !tries.mustWait(at: now), credentials.isProved(by: before) else {
            try? await count(tries, at: now)
            var problems = Problems()
            problems.add("old", "wrong-passphrase")
            throw problems
        }
        if let fault = Passphrase.fault(new, name: worker.name) {
            var problems = Problems()
            problems.add("passphrase", fault)
            throw problems
        }
        let code = try credentials.code(before, of: worker.id)
        let salt = world.randomBytes(PassphraseGuard.saltBytes)
        let after = try await stretch(new, salt)
        let renewed = try Credentials(
            after, salt: salt, opening: credentials.opening(before, of: worker.id), code: code, of: worker.id)
        let codes = recoveryCodes()
        try await database.write { transaction in
            let store = AccountsStore(transaction)
            guard try store.replace(credentials, by: renewed, of: worker.id) else { throw AccountsRefusal.notAllowed }
            try store.writeRecoveryCodes(codes.map(after.digest), of: worker.id)
            try store.endSessions(of: worker.id, but: Token(kept)?.digest)
            try AuditChain(transaction).append(
                .init(actor: worker.actor, verb: "passphrase", kind: "worker", record: worker.id.description), at: now)
        }
        return codes
    }
}

/// What a worker sees of their own account.
package struct Account: Sendable {
    let sessions: [Session]
    let devices: [KnownDevice]
    let codesLeft: Int
}

/// The names of staff's two cookies.
enum AccountsCookie {
    static let session = "session"
    static let device = "device"
    /// A browser is known for ninety days.
    static let deviceSeconds = 90 * 86_400
}
