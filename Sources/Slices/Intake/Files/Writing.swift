import Crypto
package import Kernel
import Sealing
import Storage

/// A file as its person sees it.
package struct FileView: Sendable {
    package let parts: [Part]
    package let grants: [Grant]
    package let readings: [Reading]
    /// The day after which nobody keeps it, when no visit and no grant comes.
    package let keptUntil: Day

    package subscript(_ kind: PartKind) -> Part? { parts.first { $0.kind == kind } }
}

/// What became of a change.
package enum Written: Sendable, Equatable {
    case kept
    /// Somebody else changed the part meanwhile; this is what stands there now. Nil when they took it away.
    case changedMeanwhile(Part?)
}

extension Intake {
    /// The whole file, open.
    package func read(_ stay: Stay) async throws -> FileView {
        try await database.read { transaction in
            let store = IntakeStore(transaction)
            guard let file = try store.file(stay.file) else { throw IntakeRefusal.stayOver }
            let parts = try store.parts(of: stay.file).map { try Self.opened($0, by: stay, in: store) }
            let order = Dictionary(uniqueKeysWithValues: PartKind.allCases.enumerated().map { ($1, $0) })
            let grants = try store.grants(of: stay.file).map(\.grant)
            let last = grants.map { min($0.endedOn ?? $0.endsOn, $0.endsOn) }.max() ?? file.seenOn
            return FileView(
                parts: parts.sorted { order[$0.kind] ?? 0 < order[$1.kind] ?? 0 }, grants: grants,
                readings: try store.readings(of: stay.file),
                keptUntil: max(file.seenOn, last) + (PersonFile.quietDays + PersonFile.noticeDays))
        }
    }

    static func opened(_ sealed: SealedPart, by stay: Stay, in store: IntakeStore) throws -> Part {
        guard let key = try store.key(of: sealed.id, for: .person) else { throw SealingFault.broken }
        return try sealed.open(stay.opening.open(key, for: sealed.keyBinding(.person)))
    }

    func newPart(
        _ answers: Answers, _ kind: PartKind, _ person: SealingKey, of file: Identifier<PersonFile>
    ) throws -> (SealedPart, key: [UInt8]) {
        let (part, key) = try SealedPart.seal(
            answers, kind, version: 1, id: Identifier(world.newUUID()), of: file, on: today)
        return (part, try person.seal(key, for: part.keyBinding(.person)))
    }

    /// Writes a part, over the version that the person saw; 0 for none. Without answers the part goes. Each version has a key of
    /// its own, sealed to the person and to each organization with a live grant.
    package func write(
        _ answers: Answers, _ kind: PartKind, over seen: Int, by stay: Stay
    ) async throws -> Written {
        try answers.problems(of: kind).check()
        let today = today
        let newId = Identifier<Part>(world.newUUID())
        let written = try await database.write { transaction -> Written in
            let store = IntakeStore(transaction)
            guard try store.isThere(stay.file) else { throw IntakeRefusal.stayOver }
            let sealed = try store.part(kind, of: stay.file)
            let current = try sealed.map { try Self.opened($0, by: stay, in: store) }
            if (current?.answers ?? Answers()) == answers { return .kept }
            guard (current?.version ?? 0) == seen else { return .changedMeanwhile(current) }
            guard !answers.isEmpty else {
                if let current { try store.remove(current.id) }
                return .kept
            }
            let (next, key) = try SealedPart.seal(
                answers, kind, version: seen + 1, id: current?.id ?? newId, of: stay.file, on: today)
            try store.removeKeys(of: next.id)
            try store.write(next)
            try store.writeKey(
                try stay.opening.sealing.seal(key, for: next.keyBinding(.person)), of: next.id, for: .person)
            for grant in try store.grants(of: stay.file)
            where grant.grant.isLive(on: today) && grant.grant.parts.contains(next.id)
                && grant.isGiven(by: stay.opening)
            {
                let holder = KeyHolder.recipient(grant.grant.recipient)
                try store.writeKey(
                    try grant.sealingKey.seal(key, for: next.keyBinding(holder)), of: next.id, for: holder)
            }
            return .kept
        }
        if answers.isEmpty { await clearTraces() } else { leftovers.add() }
        return written
    }

    /// Takes a part away, with its keys.
    package func remove(_ kind: PartKind, by stay: Stay) async throws {
        try await database.write { transaction in
            let store = IntakeStore(transaction)
            if let part = try store.part(kind, of: stay.file) { try store.remove(part.id) }
        }
        await clearTraces()
    }
}
