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

extension Intake {
    /// The live grants to a desk, newest first.
    package func filesSharedWith(_ desk: Identifier<Recipient>, by reader: Reader) async throws -> [SharedFile] {
        guard reader.actor.may(.openFiles) else { throw IntakeRefusal.notAllowed }
        let (today, marks) = (today, exclusionMarks(desk, reader))
        return try await database.read { transaction in
            let (store, exclusions) = (IntakeStore(transaction), ExclusionStore(transaction))
            return try store.liveGrants(to: desk, on: today).filter { stored in
                try !exclusions.excludes(marks, in: stored.grant.file)
            }.map { stored in
                let grant = stored.grant
                let parts = try store.listedParts(of: grant.file).filter { grant.parts.contains($0.id) }
                return SharedFile(
                    grant: grant.id, purpose: grant.purpose, givenOn: grant.givenOn, endsOn: grant.endsOn, parts: parts)
            }
        }
    }

    /// Opens one part under a live grant to `desk` and notes that it was read, in one transaction: nothing is read unseen.
    /// - Parameter deskSecret: the 32 bytes that open what is sealed to the desk.
    package func openPart(
        _ part: Identifier<Part>, under grant: Identifier<Grant>, for desk: Identifier<Recipient>, deskSecret: [UInt8],
        by reader: Reader
    ) async throws -> Part {
        guard reader.actor.may(.openFiles) else { throw IntakeRefusal.notAllowed }
        let opening = try SealingKey.Opening(SymmetricKey(data: deskSecret))
        let (today, now) = (today, world.now())
        let id = Identifier<Reading>(world.newUUID())
        let (holder, marks) = (KeyHolder.recipient(desk), exclusionMarks(desk, reader))
        return try await database.write { transaction in
            let store = IntakeStore(transaction)
            guard let given = try store.grant(grant)?.grant, given.recipient == desk, given.isLive(on: today),
                given.parts.contains(part), try store.isThere(given.file),
                try !ExclusionStore(transaction).excludes(marks, in: given.file),
                let sealed = try store.part(part, of: given.file),
                let key = try store.key(of: part, for: holder)
            else { throw IntakeRefusal.notFound }
            let open = try sealed.open(opening.open(key, for: sealed.keyBinding(holder)))
            try store.write(
                Reading(
                    id: id, part: part, kind: sealed.kind, recipient: desk, role: reader.actor.name, at: now),
                of: given.file, worker: reader.worker)
            try AuditChain(transaction).append(
                .init(
                    actor: reader.actor, verb: "open", kind: "grant", record: grant.description,
                    field: sealed.kind.rawValue), at: now)
            return open
        }
    }
}
