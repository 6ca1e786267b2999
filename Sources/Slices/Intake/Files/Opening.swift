import Crypto
import Foundation
package import Kernel
package import Sealing
import Storage

/// A file that was just begun, or begun twice with one form.
package struct Begun: Sendable {
    package let stay: Stay
    /// Shown once; kept nowhere.
    package let receipt: Receipt
}

extension Intake {
    // MARK: Begin and open

    /// What the next form of beginning or opening carries.
    package func newForm() -> String { FormToken(secret, Token(world.randomBytes), at: world.now()).text }

    /// Begins a file with `answers`. The same form sent again at once finds the same file; later it is refused.
    package func begin(_ answers: [PartKind: Answers], form: String?) async throws -> Begun {
        for (kind, answers) in answers { try answers.problems(of: kind).check() }
        let (form, wasUsed) = try await usable(form)
        let receipt = form.receipt
        guard !wasUsed else { return try await beginAgain(receipt, answers, form) }
        let (opening, salt) = (try SealingKey.Opening(), world.randomBytes(PassphraseGuard.saltBytes))
        let id = Identifier<PersonFile>(world.newUUID())
        let stretched = try await stretch(receipt, salt, form)
        let file = PersonFile(
            id: id, salt: salt, openingKey: try PersonFile.wrapped(opening, stretched, id), sealingKey: opening.sealing,
            begunOn: today, seenOn: today, announcedOn: nil)
        let stay = Stay(file: id, token: Token(world.randomBytes), opening: opening)
        let parts = try answers.filter { !$0.value.isEmpty }.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { try newPart($0.value, $0.key, opening.sealing, of: id) }
        let (stored, now) = (try self.stored(stay), world.now())
        let isNew = try await database.write { [secret] transaction in
            let store = IntakeStore(transaction)
            guard try store.settle(secret.mark) == secret.mark else { throw IntakeRefusal.closed }
            guard try store.use(form.digest, for: id, at: now) else { return false }
            try store.write(file, at: secret.locator(receipt))
            for (part, key) in parts {
                try store.write(part)
                try store.writeKey(key, of: part.id, for: .person)
            }
            try store.write(stored)
            return true
        }
        return isNew ? Begun(stay: stay, receipt: receipt) : try await beginAgain(receipt, answers, form)
    }

    /// What is new in the answers is added; what was changed since stays.
    private func beginAgain(
        _ receipt: Receipt, _ answers: [PartKind: Answers], _ form: FormToken
    ) async throws -> Begun {
        do {
            let (file, opening) = try await unlocked(receipt, form)
            let stay = try await enter(file, opening, form)
            let kept = try await read(stay).parts
            for (kind, answers) in answers where !answers.isEmpty {
                let part = kept.first { $0.kind == kind }
                guard part == nil || part?.version == 1 && part?.answers != answers else { continue }
                _ = try await write(answers, kind, over: part?.version ?? 0, by: stay)
            }
            return Begun(stay: stay, receipt: receipt)
        } catch IntakeRefusal.noFile {
            throw IntakeRefusal.staleForm
        }
    }

    /// Opens the file of a receipt. Every case without one is the same refusal after the same work. The same form sent again at
    /// once opens it again, as long as it was not closed since; later it is refused.
    /// - Returns: besides the stay, the day on which the file was announced to go; it stays now.
    package func open(_ receipt: Receipt, form: String?) async throws -> (stay: Stay, announcedOn: Day?) {
        let form = try await usable(form).form
        let (file, opening) = try await unlocked(receipt, form)
        return (try await enter(file, opening, form), file.announcedOn)
    }

    /// The form, if it may still be sent, and whether it was sent before.
    private func usable(_ text: String?) async throws -> (form: FormToken, wasUsed: Bool) {
        let now = world.now()
        guard let form = FormToken(text, secret), !form.isStale(at: now) else { throw IntakeRefusal.staleForm }
        let wasUsed = try await database.read { transaction in
            let store = IntakeStore(transaction)
            guard let use = try store.use(of: form.digest) else { return false }
            guard let file = use.file, (-Instant.skew...FormToken.repeatSeconds).contains(now.seconds - use.at.seconds),
                try store.stays(in: file).contains(where: { !$0.isOver(at: now) })
            else { throw IntakeRefusal.staleForm }
            return true
        }
        return (form, wasUsed)
    }

    private func unlocked(_ receipt: Receipt, _ form: FormToken) async throws -> (PersonFile, SealingKey.Opening) {
        let locator = secret.locator(receipt)
        let (file, mark) = try await database.read { transaction in
            let store = IntakeStore(transaction)
            return (try store.file(at: locator), try store.mark())
        }
        guard mark == nil || mark == secret.mark else { throw IntakeRefusal.closed }
        let tried = file ?? decoy
        let stretched = try await stretch(receipt, tried.salt, form)
        guard let opening = try? tried.opening(stretched), let file else { throw IntakeRefusal.noFile }
        return (file, opening)
    }

    private func enter(_ file: PersonFile, _ opening: SealingKey.Opening, _ form: FormToken) async throws -> Stay {
        let stay = Stay(file: file.id, token: Token(world.randomBytes), opening: opening)
        let (stored, now) = (try self.stored(stay), world.now())
        try await database.write { [today] transaction in
            let store = IntakeStore(transaction)
            guard try store.isThere(file.id) else { throw IntakeRefusal.noFile }
            _ = try store.use(form.digest, for: file.id, at: now)
            try store.write(stored)
            try store.see(file.id, on: today)
        }
        return stay
    }

    private func stored(_ stay: Stay) throws -> StoredStay {
        let now = world.now()
        let sealed = try stay.opening.sealed(under: stay.token.key, for: Stay.binding(stay.file))
        return StoredStay(digest: stay.token.digest, file: stay.file, openingKey: sealed, began: now, used: now)
    }

    /// Under load, who took the form first goes first: a person needs minutes for it, a flood takes its forms as it comes.
    private func stretch(_ receipt: Receipt, _ salt: [UInt8], _ form: FormToken) async throws -> SymmetricKey {
        guard uses.take(form) else { throw IntakeRefusal.staleForm }
        do {
            return try await guardian.key(receipt.opener, salt: salt, cost, rank: form.made.seconds)
        } catch SealingFault.unusable {
            uses.giveBack(form)
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
            let opening = try? SealingKey.Opening(
                sealed: found.openingKey, under: token.key, for: Stay.binding(found.file))
        else { throw IntakeRefusal.stayOver }
        if now.seconds - found.used.seconds >= 60 {
            try await database.write { [today] transaction in
                let store = IntakeStore(transaction)
                try store.use(found, at: now)
                try store.see(found.file, on: today)
            }
        }
        return Stay(file: found.file, token: token, opening: opening)
    }

    /// Ends the stay of a token; nothing when there is none.
    package func leave(_ token: String?) async throws {
        guard let token = Token(token) else { return }
        try await database.write { try IntakeStore($0).endStay(token.digest) }
        leftovers.add()
    }
}
