import Crypto
import Foundation
package import Kernel
import Sealing
import Storage

/// What somebody who was invited fills in.
package struct Joining: Sendable {
    package var name: String
    package var passphrase: String
    /// In letters, as the page showed it.
    package var codeSecret: String
    package var code: String
    /// Pieces of the desk's key, each a number and twenty-four words; empty without.
    package var pieces: [String]

    /// Every fault at once, by field.
    func problems(at now: Instant) -> Problems {
        var problems = Problems()
        if let fault = SignInName(name).fault { problems.add("name", fault) }
        if let fault = Passphrase.fault(passphrase, name: name) { problems.add("passphrase", fault) }
        if code.isEmpty {
            problems.add("code", "required")
        } else if OneTimeCode(base32: codeSecret)?.step(of: code, at: now, after: 0) == nil {
            problems.add("code", "wrong-code")
        }
        return problems
    }
}

/// What is shown once, when somebody has joined.
package struct Welcome: Sendable {
    package let worker: Worker
    let session: Token
    let device: Token
    package let recoveryCodes: [String]
    /// Three pieces of a new desk's key, any two of which give it back; empty for a desk that had one.
    package let pieces: [String]
}

extension Accounts {
    /// Uses an invitation up: makes the account, and the desk's key when there is none yet. Throws `Problems` by field, and
    /// the invitation stays open.
    package func join(_ secret: String, _ joining: Joining, in language: Language) async throws -> Welcome {
        let (invitation, needsPieces) = try await invitation(secret)
        guard let token = Token(secret) else { throw AccountsRefusal.noInvitation }
        let now = world.now()
        var problems = joining.problems(at: now)
        let holds = Worker.holdsDeskKey(invitation.role, leads: invitation.leads)
        let deskSecret =
            holds ? try deskSecret(of: invitation, token, needsPieces, joining.pieces, &problems) : nil
        try problems.check()

        let worker = Worker(
            id: invitation.worker ?? Identifier(world.newUUID()), desk: invitation.desk,
            name: SignInName(joining.name).shown, role: invitation.role, leads: invitation.leads, state: .active,
            seenOn: today)
        let salt = world.randomBytes(PassphraseGuard.saltBytes)
        let stretched = try await stretch(joining.passphrase, salt)
        guard let code = OneTimeCode(base32: joining.codeSecret),
            let step = code.step(of: joining.code, at: now, after: 0)
        else { throw AccountsRefusal.notSignedIn }
        let opening = try SealingKey.Opening()
        let credentials = try Credentials(stretched, salt: salt, opening: opening, code: code, of: worker.id)
        let deskKey = try deskSecret.map { try opening.sealing.seal($0, for: Self.deskBinding(worker)) }
        let codes = recoveryCodes()
        let (session, device) = (Token(world.randomBytes), Token(world.randomBytes))
        let stay = try newSession(session, worker.id, opening, at: now)
        let isNewKey = try await database.write { [today] transaction -> Bool in
            let store = AccountsStore(transaction)
            guard try store.use(invitation) else { throw AccountsRefusal.noInvitation }
            try Self.refuseTaken(worker, in: store)
            let isNewKey = try Self.settle(deskSecret, of: invitation, in: store, on: today)
            try store.write(worker, credentials, deskKey: deskKey, step: step, on: today)
            try store.writeRecoveryCodes(codes.map(stretched.digest), of: worker.id)
            try store.endSessions(of: worker.id, but: nil)
            try store.forgetDevices(of: worker.id)
            try store.write(stay)
            try store.know(device.digest, of: worker.id, on: today)
            try AuditChain(transaction).append(
                .init(
                    actor: worker.actor, verb: invitation.worker == nil ? "join" : "renew", kind: "worker",
                    record: worker.id.description, field: invitation.invitedBy?.description ?? ""), at: now)
            return isNewKey
        }
        return Welcome(
            worker: worker, session: session, device: device, recoveryCodes: codes,
            pieces: try isNewKey ? deskSecret.map { try pieces(of: $0, in: language) } ?? [] : [])
    }

    private static func refuseTaken(_ worker: Worker, in store: AccountsStore) throws {
        let other = try store.worker(named: SignInName(worker.name))
        guard let other, other.id != worker.id else { return }
        var problems = Problems()
        problems.add("name", "taken")
        throw problems
    }

    /// Sees to it that who joins holds the key that the desk has, whatever their link or their pieces gave. True when the desk
    /// has its key from now on.
    private static func settle(
        _ secret: SymmetricKey?, of invitation: Invitation, in store: AccountsStore, on today: Day
    ) throws -> Bool {
        let known = try store.deskKey(invitation.desk)
        guard let secret else {
            if known == nil { throw AccountsRefusal.noInvitation }
            return false
        }
        let sealing = try SealingKey.Opening(secret).sealing.bytes
        switch known {
        case sealing: return false
        case nil where invitation.deskKey == nil:
            try store.openDesk(invitation.desk, sealingKey: sealing, on: today)
            return true
        case .some where invitation.beginsAnew:
            if try store.isHeld(invitation.desk) { throw AccountsRefusal.deskIsHeld }
            try store.beginAnew(invitation.desk, sealingKey: sealing)
            return true
        default:
            // A link with an older key has nothing to offer; pieces can be typed again.
            if invitation.deskKey != nil { throw AccountsRefusal.noInvitation }
            var problems = Problems()
            problems.add("pieces", "wrong-pieces")
            throw problems
        }
    }

    static func deskBinding(_ worker: Worker) -> Envelope.Binding {
        Envelope.Binding("desk", worker.desk.description, worker.id.description)
    }

    /// The desk's opening secret: from the link, from the pieces on paper, or new.
    private func deskSecret(
        of invitation: Invitation, _ token: Token, _ needsPieces: Bool, _ pieces: [String], _ problems: inout Problems
    ) throws -> SymmetricKey {
        if let sealed = invitation.deskKey {
            return SymmetricKey(
                data: try Envelope.open(sealed, under: token.key, for: Self.link(invitation.desk)))
        }
        let typed = pieces.filter { !$0.isEmpty }
        guard needsPieces else { return try SealingKey.Opening().secret }
        let shares = typed.compactMap { PaperPiece.read($0, WordList.all) }
        guard shares.count == 2, let secret = try? SecretShare.secret(from: shares) else {
            problems.add("pieces", "wrong-pieces")
            return try SealingKey.Opening().secret
        }
        return secret
    }

    /// Three pieces for paper, any two of which give the secret back. Each time others: those of two times do not go together.
    func pieces(of secret: SymmetricKey, in language: Language) throws -> [String] {
        guard let list = WordList.of(language) else { return [] }
        return try SecretShare.split(secret, among: 3, threshold: 2, chance: world.randomBytes).enumerated()
            .map { PaperPiece.printed($1, number: $0 + 1, list) }
    }

    /// Ten codes of ten digits, each for one sign-in without the phone.
    func recoveryCodes() -> [String] {
        (0..<10).map { _ in
            world.randomBytes(40).filter { $0 < 250 }.prefix(10).map { String($0 % 10) }.joined()
        }
    }

    func stretch(_ passphrase: String, _ salt: [UInt8]) async throws -> Credentials.Stretched {
        do {
            let phrase = Array(
                String(passphrase.prefix(Passphrase.longest)).precomposedStringWithCompatibilityMapping.utf8)
            return Credentials.Stretched(try await guardian.key(phrase, salt: salt, .passphrase))
        } catch SealingFault.unusable {
            throw AccountsRefusal.busy
        }
    }

    func newSession(
        _ token: Token, _ worker: Identifier<Worker>, _ opening: SealingKey.Opening, at now: Instant
    ) throws -> Session {
        Session(
            digest: token.digest, worker: worker,
            openingKey: try opening.sealed(under: token.key, for: Session.binding(worker)),
            began: now, used: now)
    }
}

extension Accounts {
    /// Six words that chance picked: 66 bits, for who wants a passphrase made.
    func suggestion(in language: Language) -> String {
        guard let list = WordList.of(language) else { return "" }
        return Receipt(chance: world.randomBytes).words(list).prefix(6).joined(separator: " ")
    }
}
