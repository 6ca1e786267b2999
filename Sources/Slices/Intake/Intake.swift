import Crypto
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
    let turns = Turns()
    let leftovers = Leftovers()
    /// What receipts that nobody has are tried on, so that they take the same work as others.
    private let decoy: PersonFile

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

    var today: Day { Day(number: Int(world.now().seconds.flooredQuotient(86_400))) }

    /// Where this slice's texts lie.
    package static var strings: URL? { Bundle.module.url(forResource: "Strings", withExtension: nil) }

    // MARK: Begin and open

    /// A file that was just begun, or begun twice with one form.
    package struct Begun: Sendable {
        package let stay: Stay
        /// Shown once; kept nowhere.
        package let receipt: Receipt
    }

    /// A new form of beginning.
    func newForm() -> BeginToken { BeginToken(secret, Token(world.randomBytes), at: world.now()) }

    /// What the next file is begun with, in place of a form.
    package func beginning() -> String { newForm().text }

    /// Begins a file with `answers`. The same form a second time finds the same file, as long as its stay lasts: what is new in
    /// the answers is added, what was changed since stays.
    package func begin(_ answers: [PartKind: Answers], form: String?) async throws -> Begun {
        for (kind, answers) in answers { try answers.problems(of: kind).check() }
        guard let form = BeginToken(form, secret), !form.isStale(at: world.now()) else { throw IntakeRefusal.staleForm }
        let receipt = form.receipt
        let locator = secret.locator(receipt)
        if try await database.read({ try IntakeStore($0).file(at: locator) }) != nil {
            return try await beginAgain(receipt, answers)
        }
        let (opening, salt) = (try SealingKey.Opening(), world.randomBytes(PassphraseGuard.saltBytes))
        let id = Identifier<PersonFile>(world.newUUID())
        let stretched = try await stretch(receipt, salt)
        let file = PersonFile(
            id: id, salt: salt, openingKey: try PersonFile.wrapped(opening, stretched, id), sealingKey: opening.sealing,
            begunOn: today, seenOn: today, announcedOn: nil)
        let stay = Stay(file: id, token: Token(world.randomBytes), opening: opening)
        let parts = try answers.filter { !$0.value.isEmpty }.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { try newPart($0.value, $0.key, opening.sealing, of: id) }
        let stored = try self.stored(stay)
        let isNew = try await database.write { [secret] transaction in
            let store = IntakeStore(transaction)
            guard try store.settle(secret.mark) == secret.mark else { throw IntakeRefusal.closed }
            guard try store.write(file, at: locator) else { return false }
            for (part, key) in parts {
                try store.write(part)
                try store.writeKey(key, of: part.id, for: .person)
            }
            try store.write(stored)
            return true
        }
        return isNew ? Begun(stay: stay, receipt: receipt) : try await beginAgain(receipt, answers)
    }

    private func beginAgain(_ receipt: Receipt, _ answers: [PartKind: Answers]) async throws -> Begun {
        let now = world.now()
        let (file, opening) = try await unlocked(receipt)
        let stays = try await database.read { try IntakeStore($0).stays(in: file.id) }
        guard stays.contains(where: { !$0.isOver(at: now) }) else { throw IntakeRefusal.staleForm }
        let stay = try await enter(file, opening)
        let kept = try await read(stay).parts
        for (kind, answers) in answers where !answers.isEmpty {
            let part = kept.first { $0.kind == kind }
            guard part == nil || part?.version == 1 && part?.answers != answers else { continue }
            _ = try await write(answers, kind, over: part?.version ?? 0, by: stay)
        }
        return Begun(stay: stay, receipt: receipt)
    }

    /// Opens the file of a receipt. Every case without one is the same refusal after the same work.
    /// - Returns: besides the stay, the day on which the file was announced to go; it stays now.
    package func open(_ receipt: Receipt) async throws -> (stay: Stay, announcedOn: Day?) {
        let (file, opening) = try await unlocked(receipt)
        return (try await enter(file, opening), file.announcedOn)
    }

    private func unlocked(_ receipt: Receipt) async throws -> (PersonFile, SealingKey.Opening) {
        let locator = secret.locator(receipt)
        let (file, mark) = try await database.read { transaction in
            let store = IntakeStore(transaction)
            return (try store.file(at: locator), try store.mark())
        }
        guard mark == nil || mark == secret.mark else { throw IntakeRefusal.closed }
        let tried = file ?? decoy
        let stretched = try await stretch(receipt, tried.salt)
        guard let opening = try? tried.opening(stretched), let file else { throw IntakeRefusal.noFile }
        return (file, opening)
    }

    private func enter(_ file: PersonFile, _ opening: SealingKey.Opening) async throws -> Stay {
        let stay = Stay(file: file.id, token: Token(world.randomBytes), opening: opening)
        let stored = try self.stored(stay)
        try await database.write { [today] transaction in
            let store = IntakeStore(transaction)
            guard try store.isThere(file.id) else { throw IntakeRefusal.noFile }
            try store.write(stored)
            try store.see(file.id, on: today)
        }
        return stay
    }

    private func stored(_ stay: Stay) throws -> StoredStay {
        let now = world.now()
        let sealed = try Envelope.seal(
            stay.opening.secret.bytes, under: stay.token.key, for: Stay.binding(stay.file))
        return StoredStay(digest: stay.token.digest, file: stay.file, openingKey: sealed, began: now, used: now)
    }

    private func stretch(_ receipt: Receipt, _ salt: [UInt8]) async throws -> SymmetricKey {
        guard turns.enter() else { throw IntakeRefusal.busy }
        defer { turns.leave() }
        do {
            return try await guardian.key(receipt.opener, salt: salt, cost)
        } catch SealingFault.unusable {
            throw IntakeRefusal.busy
        }
    }

    // MARK: The stay

    /// The stay whose token a page carries. Keeps it alive.
    package func stay(_ token: String?) async throws -> Stay {
        guard let token = Token(token) else { throw IntakeRefusal.stayOver }
        let now = world.now()
        let found = try await database.read { try IntakeStore($0).stay(token.digest) }
        guard let found, !found.isOver(at: now),
            let secret = try? Envelope.open(found.openingKey, under: token.key, for: Stay.binding(found.file))
        else { throw IntakeRefusal.stayOver }
        if now.seconds - found.used.seconds >= 60 {
            try await database.write { [today] transaction in
                let store = IntakeStore(transaction)
                try store.use(found, at: now)
                try store.see(found.file, on: today)
            }
        }
        return Stay(file: found.file, token: token, opening: try SealingKey.Opening(SymmetricKey(data: secret)))
    }

    /// Ends the stay of a token; nothing when there is none.
    package func leave(_ token: String?) async throws {
        guard let token = Token(token) else { return }
        try await database.write { try IntakeStore($0).endStay(token.digest) }
    }
}
