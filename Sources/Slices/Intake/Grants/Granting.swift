import Crypto
package import Kernel
import Sealing
import Storage

extension Intake {
    /// The role that stands in the audit chain for what a person does.
    static let person = Actor(name: "person", clearance: .everyone)

    /// Gives parts to an organization: seals their keys to it. The same once more changes nothing.
    package func grant(_ offer: Offer, by stay: Stay) async throws -> Grant {
        guard Grant.offeredDays.contains(offer.days), !offer.parts.isEmpty,
            let found = try await recipients.find(offer.recipient, .english)
        else { throw IntakeRefusal.notFound }
        let (today, now) = (today, world.now())
        let grant = Grant(
            id: Identifier(world.newUUID()), file: stay.file, recipient: offer.recipient, parts: offer.parts,
            purpose: offer.purpose, givenOn: today, endsOn: today + offer.days)
        let mark = exclusionMark(offer.recipient)
        return try await database.write { transaction in
            let store = IntakeStore(transaction)
            guard try store.isThere(stay.file) else { throw IntakeRefusal.stayOver }
            guard try !ExclusionStore(transaction).excludes(mark, in: stay.file) else { throw IntakeRefusal.notFound }
            if let same = try store.grants(of: stay.file).map(\.grant).first(where: { $0.isSame(as: grant) }) {
                return same
            }
            try Self.give(grant, found.sealingKey, by: stay, at: now, transaction)
            return grant
        }
    }

    /// Writes a grant and seals the keys of its parts, as they stand, to who it is for.
    static func give(
        _ grant: Grant, _ sealingKey: SealingKey, by stay: Stay, at now: Instant, _ transaction: any Transaction
    ) throws {
        let store = IntakeStore(transaction)
        let parts = try store.parts(of: stay.file).filter { grant.parts.contains($0.id) }
        guard parts.count == grant.parts.count else { throw IntakeRefusal.notFound }
        try store.write(StoredGrant(grant, sealingKey, by: stay.opening))
        let holder = KeyHolder.recipient(grant.recipient)
        for part in parts {
            guard let own = try store.key(of: part.id, for: .person) else { throw SealingFault.broken }
            let key = try stay.opening.open(own, for: part.keyBinding(.person))
            try store.writeKey(try sealingKey.seal(key, for: part.keyBinding(holder)), of: part.id, for: holder)
        }
        try AuditChain(transaction).append(
            .init(actor: Self.person, verb: "grant", kind: "grant", record: grant.id.description), at: now)
    }

    /// Takes a grant back. What only it gave is sealed to the organization no longer.
    package func revoke(_ id: Identifier<Grant>, by stay: Stay) async throws {
        let (today, now) = (today, world.now())
        try await database.write { transaction in
            let store = IntakeStore(transaction)
            guard let grant = try store.grant(id)?.grant, grant.file == stay.file else { throw IntakeRefusal.notFound }
            guard grant.endedOn == nil else { return }
            try Self.endGrant(grant, on: today, at: now, transaction)
            let given = try store.grants(of: stay.file).filter {
                $0.grant.recipient == grant.recipient && $0.grant.isLive(on: today) && $0.isGiven(by: stay.opening)
            }
            for part in grant.parts where !given.contains(where: { $0.grant.parts.contains(part) }) {
                try store.removeKey(of: part, for: .recipient(grant.recipient))
            }
        }
        await clearTraces()
    }
}

extension Grant {
    /// True for a live grant of the same to the same for the same, given on the same day.
    fileprivate func isSame(as other: Grant) -> Bool {
        endedOn == nil && recipient == other.recipient && parts == other.parts && purpose == other.purpose
            && givenOn == other.givenOn && endsOn == other.endsOn
    }
}
