import Crypto
import Foundation
package import Kernel
import Sealing
import Storage

extension Accounts {
    /// Uses an invitation up: makes the account, and the desk's key when there is none yet. Throws `Problems` by field, and
    /// the invitation stays open.
    package func join(_ secret: String, _ joining: Joining, in language: Language) async throws -> Welcome {
        let (invitation, needsPieces) = try await invitation(secret)
        guard let token = Token(secret) else { throw AccountsRefusal.noInvitation }
        let now = world.now()
        var problems = joining.problems(at: now)
        let deskSecret = try deskSecret(of: invitation, token, needsPieces, joining.pieces, &problems)
        if try await isTaken(joining.name, by: invitation.worker) { problems.add("name", "taken") }
        try problems.check()

        let worker = Worker(
            id: invitation.worker ?? Identifier(world.newUUID()), desk: invitation.desk, name: joining.name,
            role: invitation.role, leads: invitation.leads, state: .active, seenOn: today)
        let salt = world.randomBytes(PassphraseGuard.saltBytes)
        let stretched = try await stretch(joining.passphrase, salt)
        guard let code = OneTimeCode(base32: joining.codeSecret),
            let step = code.step(of: joining.code, at: now, after: 0)
        else { throw AccountsRefusal.notSignedIn }
        let opening = try SealingKey.Opening()
        let credentials = try Credentials(stretched, salt: salt, opening: opening, code: code, of: worker.id)
        let holds = Worker.holdsDeskKey(worker.role, leads: worker.leads)
        let deskKey = try holds ? opening.sealing.seal(deskSecret, for: Self.deskBinding(worker)) : nil
        let codes = recoveryCodes()
        let (session, device) = (Token(world.randomBytes), Token(world.randomBytes))
        let stay = try newSession(session, worker.id, opening, at: now)
        let isNewDesk = try await database.write { [today] transaction -> Bool in
            let store = AccountsStore(transaction)
            guard try store.use(invitation, at: now) else { throw AccountsRefusal.noInvitation }
            let before = try store.deskKey(worker.desk)
            let sealing = try SealingKey.Opening(deskSecret).sealing.bytes
            if before != sealing { try store.writeDesk(worker.desk, sealingKey: sealing, on: today) }
            try store.write(worker, credentials, deskKey: deskKey, step: step, on: today)
            try store.writeRecoveryCodes(codes.map(stretched.digest), of: worker.id)
            try store.endSessions(of: worker.id, but: nil)
            try store.write(stay)
            try store.know(device.digest, of: worker.id, on: today)
            try AuditChain(transaction).append(
                .init(actor: worker.actor, verb: "join", kind: "worker", record: worker.id.description), at: now)
            return before != sealing
        }
        return Welcome(
            worker: worker, session: session, device: device, recoveryCodes: codes,
            pieces: isNewDesk && holds ? try pieces(of: deskSecret, in: language) : [])
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
        guard needsPieces, !typed.isEmpty else { return try SealingKey.Opening().secret }
        let shares = typed.compactMap { PaperPiece.read($0, WordList.all) }
        guard shares.count == 2, let secret = try? SecretShare.secret(from: shares) else {
            problems.add("pieces", "wrong-pieces")
            return try SealingKey.Opening().secret
        }
        return secret
    }

    private func pieces(of secret: SymmetricKey, in language: Language) throws -> [String] {
        guard let list = WordList.of(language) else { return [] }
        return try SecretShare.split(secret, among: 3, threshold: 2, chance: world.randomBytes).enumerated()
            .map { PaperPiece.printed($1, number: $0 + 1, list) }
    }

    private func isTaken(_ name: String, by worker: Identifier<Worker>?) async throws -> Bool {
        let other = try await database.read { try AccountsStore($0).worker(named: name) }
        return other != nil && other?.id != worker
    }

    /// Ten codes of ten digits, each for one sign-in without the phone.
    func recoveryCodes() -> [String] {
        (0..<10).map { _ in
            world.randomBytes(40).filter { $0 < 250 }.prefix(10).map { String($0 % 10) }.joined()
        }
    }

    func stretch(_ passphrase: String, _ salt: [UInt8]) async throws -> Credentials.Stretched {
        do {
            let phrase = Array(passphrase.precomposedStringWithCompatibilityMapping.utf8)
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
            openingKey: try Envelope.seal(opening.secret.bytes, under: token.key, for: Session.binding(worker)),
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
