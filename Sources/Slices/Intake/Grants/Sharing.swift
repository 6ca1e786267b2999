import Crypto
package import Kernel
import Sealing
import Storage

/// What a desk sees of a grant to it: which parts there are, nothing of what stands in them. Two desks cannot tell whether they
/// were given parts of one file.
package struct SharedFile: Sendable, Equatable {
    package struct SharedPart: Sendable, Equatable {
        package let id: Identifier<Part>
        package let kind: PartKind
        package let version: Int
        package let changedOn: Day
    }

    package let grant: Identifier<Grant>
    package let purpose: Purpose
    package let givenOn: Day
    package let endsOn: Day
    package let parts: [SharedPart]
}

/// Somebody at work at a desk: what it opens, and under which marks a person could have kept them or it out.
package struct AtDesk: Sendable {
    let id: Identifier<Recipient>
    let opening: SealingKey.Opening
    let reader: Reader
    let marks: [String]
}

extension Intake {
    /// Throws `notAllowed` for who may not open files.
    /// - Parameter secret: the 32 bytes that open what is sealed to the desk.
    package func atDesk(_ id: Identifier<Recipient>, secret: [UInt8], _ reader: Reader) throws -> AtDesk {
        guard reader.actor.may(.openFiles) else { throw IntakeRefusal.notAllowed }
        return AtDesk(
            id: id, opening: try SealingKey.Opening(SymmetricKey(data: secret)), reader: reader,
            marks: exclusionMarks(id, called: reader.name))
    }

    /// The live grants to a desk, newest first.
    package func filesSharedWith(_ desk: AtDesk) async throws -> [SharedFile] {
        let today = today
        return try await database.read { transaction in
            let (store, exclusions) = (IntakeStore(transaction), ExclusionStore(transaction))
            return try store.liveGrants(to: desk.id, on: today).filter { stored in
                try !exclusions.excludes(desk.marks, in: stored.grant.file)
            }.map { stored in
                let grant = stored.grant
                let parts = try store.listedParts(of: grant.file).filter { grant.parts.contains($0.id) }
                return SharedFile(
                    grant: grant.id, purpose: grant.purpose, givenOn: grant.givenOn, endsOn: grant.endsOn, parts: parts)
            }
        }
    }

    /// Opens one part under a live grant to the desk and notes that it was read, in one transaction: nothing is read unseen.
    package func openPart(
        _ part: Identifier<Part>, under grant: Identifier<Grant>, at desk: AtDesk
    ) async throws -> Part {
        let now = world.now()
        return try await database.write { [world] transaction in
            try Self.openPart(part, under: grant, at: desk, world, now, transaction)
        }
    }

    /// The same for a document, bytes and all.
    package func openDocument(
        _ part: Identifier<Part>, under grant: Identifier<Grant>, at desk: AtDesk
    ) async throws -> Document {
        let now = world.now()
        return try await database.write { [world] transaction in
            let (sealed, key) = try Self.unlock(part, under: grant, at: desk, world, now, transaction)
            return try Self.document(sealed, key, in: IntakeStore(transaction))
        }
    }

    static func openPart(
        _ part: Identifier<Part>, under grant: Identifier<Grant>, at desk: AtDesk, _ world: World, _ now: Instant,
        _ transaction: any Transaction
    ) throws -> Part {
        let (sealed, key) = try unlock(part, under: grant, at: desk, world, now, transaction)
        return try sealed.open(key)
    }

    private static func unlock(
        _ part: Identifier<Part>, under grant: Identifier<Grant>, at desk: AtDesk, _ world: World, _ now: Instant,
        _ transaction: any Transaction
    ) throws -> (SealedPart, SymmetricKey) {
        let (store, holder) = (IntakeStore(transaction), KeyHolder.recipient(desk.id))
        guard let given = try store.grant(grant)?.grant, given.recipient == desk.id, given.isLive(on: now.day),
            given.parts.contains(part), try store.isThere(given.file),
            try !ExclusionStore(transaction).excludes(desk.marks, in: given.file),
            let sealed = try store.part(part, of: given.file),
            let key = try store.key(of: part, for: holder)
        else { throw IntakeRefusal.notFound }
        let opened = try desk.opening.open(key, for: sealed.keyBinding(holder))
        let reader = desk.reader
        try store.write(
            Reading(
                id: Identifier(world.newUUID()), part: part, kind: sealed.kind, recipient: desk.id,
                role: reader.actor.name, at: now),
            of: given.file, worker: reader.worker)
        try AuditChain(transaction).append(
            .init(
                actor: reader.actor, verb: "open", kind: "grant", record: grant.description,
                field: sealed.kind.rawValue), at: now)
        return (sealed, opened)
    }
}
