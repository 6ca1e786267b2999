import Crypto
import Foundation
package import Kernel
import Sealing
import Storage
package import Web

/// What a browser holds after signing in.
package struct SignInResult: Sendable {
    let session: Token
    let device: Token
    /// Recovery codes left, when one of them was used in place of the phone; nil otherwise.
    let codesLeft: Int?
}

extension Accounts {
    /// Failures in a row before tries have to wait, and the longest wait in seconds.
    private static let freeTries = 5
    private static let longestWait: Int64 = 900

    /// Opens a session for who knows the name, the passphrase and the code of the moment or a recovery code. Every other
    /// case is the same refusal after the same work.
    /// - Parameter device: what the browser kept from an earlier sign-in.
    package func signIn(
        name: String, passphrase: String, code typed: String, device known: String?
    ) async throws -> SignInResult {
        let found = try await database.read { transaction -> (Worker, Credentials, Int)? in
            let store = AccountsStore(transaction)
            guard let worker = try store.worker(named: name), let kept = try store.credentials(of: worker.id) else {
                return nil
            }
            return (worker, kept.0, kept.step)
        }
        let stretched = try await stretch(
            String(passphrase.prefix(Joining.longestPassphrase)), found?.1.salt ?? noSalt)
        guard let (worker, credentials, lastStep) = found else { throw AccountsRefusal.notSignedIn }
        let known = Token(known)
        let device = try await database.read { transaction -> String in
            guard let known, try AccountsStore(transaction).isKnown(known.digest, to: worker.id) else { return "" }
            return known.digest
        }
        let now = world.now()
        let waits = try await database.read { try AccountsStore($0).waits(worker.id, device) }
        guard waits.until <= now, worker.state == .active, credentials.isProved(by: stretched),
            let opening = try? credentials.opening(stretched, of: worker.id),
            let code = try? credentials.code(stretched, of: worker.id)
        else {
            try await fail(worker, device, waits, at: now)
        }
        let step = code.step(of: typed, at: now, after: lastStep)
        let digits = typed.filter { $0 != " " && $0 != "-" }
        let (session, kept) = (Token(world.randomBytes), (device.isEmpty ? nil : known) ?? Token(world.randomBytes))
        let stay = try newSession(session, worker.id, opening, at: now)
        let outcome = try await database.write { [today] transaction -> (isTaken: Bool, codesLeft: Int?) in
            let store = AccountsStore(transaction)
            var left: Int?
            if let step {
                guard try store.seen(worker.id, on: today, step: step) else { return (false, nil) }
            } else {
                guard try store.useRecoveryCode(stretched.digest(ofRecovery: digits), of: worker.id) else {
                    return (false, nil)
                }
                try store.seen(worker.id, on: today)
                left = try store.recoveryCodes(of: worker.id)
            }
            try store.clearFailures(worker.id, device)
            try store.endSessions(before: now)
            try store.write(stay)
            try store.know(kept.digest, of: worker.id, on: today)
            try AuditChain(transaction).append(
                .init(actor: worker.actor, verb: "sign-in", kind: "worker", record: worker.id.description), at: now)
            return (true, left)
        }
        guard outcome.isTaken else { try await fail(worker, device, waits, at: now) }
        return SignInResult(session: session, device: kept, codesLeft: outcome.codesLeft)
    }

    /// Counts a failure, of this device alone when it is known. Tries while waiting do not make the wait longer.
    private func fail(
        _ worker: Worker, _ device: String, _ waits: (count: Int, until: Instant), at now: Instant
    ) async throws -> Never {
        if waits.until <= now {
            let count = waits.count + 1
            let doublings = max(0, min(count - Self.freeTries, 5))
            let wait = count < Self.freeTries ? 0 : min(Self.longestWait, 30 << Int64(doublings))
            try await database.write { transaction in
                let store = AccountsStore(transaction)
                try store.write(failures: count, until: Instant(seconds: now.seconds + wait), worker.id, device)
            }
        }
        throw AccountsRefusal.notSignedIn
    }

    /// Who is signed in with the cookies of `visit`; nil when nobody is or the stay is over. Keeps the stay alive.
    package func signedIn(_ visit: Visit) async throws -> SignedIn? {
        guard let token = Token(visit.cookies[AccountsCookie.session]) else { return nil }
        let now = world.now()
        let found = try await database.read { transaction -> (Session, Worker, [UInt8]?)? in
            let store = AccountsStore(transaction)
            guard let session = try store.session(token.digest), !session.isOver(at: now),
                let worker = try store.worker(session.worker), worker.state == .active
            else { return nil }
            return (session, worker, try store.credentials(of: worker.id)?.deskKey)
        }
        guard let (session, worker, deskKey) = found else { return nil }
        if now.seconds - session.used.seconds >= 60 {
            try await database.write { try AccountsStore($0).use(session, at: now) }
        }
        let secret = try deskKey.map { sealed in
            try opening(session, token).open(sealed, for: Self.deskBinding(worker)).bytes
        }
        return SignedIn(
            actor: worker.actor, worker: worker.id.description, organization: worker.desk.description,
            formToken: token.formToken, organizationSecret: secret)
    }

    private func opening(_ session: Session, _ token: Token) throws -> SealingKey.Opening {
        let secret = try Envelope.open(session.openingKey, under: token.key, for: Session.binding(session.worker))
        return try SealingKey.Opening(SymmetricKey(data: secret))
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
    package func changePassphrase(
        of worker: Worker, from old: String, to new: String, kept: String?
    ) async throws -> [String] {
        let now = world.now()
        guard
            let (credentials, step, deskKey) = try await database.read({
                try AccountsStore($0).credentials(of: worker.id)
            })
        else { throw AccountsRefusal.notAllowed }
        let before = try await stretch(old, credentials.salt)
        guard credentials.isProved(by: before) else {
            var problems = Problems()
            problems.add("old", "wrong-passphrase")
            throw problems
        }
        let code = try credentials.code(before, of: worker.id)
        let joining = Joining(
            name: worker.name, passphrase: new, codeSecret: code.base32, code: code.code(at: now), pieces: [])
        try joining.problems(at: now).check()
        let salt = world.randomBytes(PassphraseGuard.saltBytes)
        let after = try await stretch(new, salt)
        let renewed = try Credentials(
            after, salt: salt, opening: credentials.opening(before, of: worker.id), code: code, of: worker.id)
        let codes = recoveryCodes()
        try await database.write { [today] transaction in
            let store = AccountsStore(transaction)
            try store.write(worker, renewed, deskKey: deskKey, step: step, on: today)
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
