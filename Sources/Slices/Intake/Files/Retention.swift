import Kernel
import Storage
import Synchronization

/// What a sweep did.
package struct Swept: Sendable, Equatable {
    package var expired = 0
    package var announced = 0
    package var destroyed = 0
    /// Referrals that nobody answered in the promised time.
    package var unanswered = 0
}

extension Intake {
    /// Deletes a file for good: its keys first, then its rows, then what the database's log still holds of them.
    package func delete(by stay: Stay) async throws {
        let (today, now) = (today, world.now())
        try await database.write { transaction in
            let store = IntakeStore(transaction)
            guard try store.isThere(stay.file) else { return }
            try store.destroyKeys(of: stay.file, on: today)
            try Self.note("delete", stay.file, by: Self.person, at: now, transaction)
        }
        try await database.write { try IntakeStore($0).removeRows(of: stay.file) }
        await clearTraces()
    }

    /// What the days bring: stays end, grants expire, quiet files are announced to go and go thirty days later, keys first. What a
    /// deletion began and did not end is ended.
    package func sweep() async throws -> Swept {
        let (today, now) = (today, world.now())
        let quiet = today + -PersonFile.quietDays
        let swept = try await database.write { transaction -> Swept in
            let store = IntakeStore(transaction)
            var swept = Swept()
            try store.endStays(before: now)
            try store.forgetForms(usedBefore: now)
            for stored in try store.grantsOver(on: today) {
                try Self.endGrant(stored.grant, on: today, at: now, transaction)
                swept.expired += 1
            }
            swept.unanswered = try Self.endUnanswered(on: today, transaction)
            for file in try store.files(announcedBy: today + -PersonFile.noticeDays, quietSince: quiet) {
                try store.destroyKeys(of: file, on: today)
                try Self.note("destroy", file, by: Self.server, at: now, transaction)
                swept.destroyed += 1
            }
            swept.announced = try store.announceThose(quietSince: quiet, on: today)
            return swept
        }
        let emptied = try await database.write { transaction in
            let store = IntakeStore(transaction)
            let files = try store.filesWithoutKeys()
            for file in files { try store.removeRows(of: file) }
            return files.count
        }
        if swept.expired + swept.unanswered + emptied > 0 { leftovers.add() }
        if leftovers.take() { await clearTraces() }
        return swept
    }

    private static let server = Actor(name: "server", clearance: .everyone)

    private static func note(
        _ verb: String, _ file: Identifier<PersonFile>, by actor: Actor, at now: Instant,
        _ transaction: any Transaction
    ) throws {
        try AuditChain(transaction).append(
            .init(actor: actor, verb: verb, kind: "file", record: file.description), at: now)
    }

    /// What was taken away is out of the database already; this empties its log, now or at the next sweep.
    func clearTraces() async {
        do { try await database.emptyLog() } catch { leftovers.add() }
    }

    /// What is wrong with this node's secret, in a sentence; nil when all is well.
    package func fault() async throws -> String? {
        let mark = try await database.read { try IntakeStore($0).mark() }
        return mark == nil || mark == secret.mark ? nil : IntakeRefusal.closed.description
    }
}

/// Whether something was taken away whose traces may still stand in the database's log.
final class Leftovers: Sendable {
    private let areThere = Mutex(false)

    func add() { areThere.withLock { $0 = true } }

    /// True when there are some; they count as cleared from now on.
    func take() -> Bool {
        areThere.withLock { areThere in
            defer { areThere = false }
            return areThere
        }
    }
}
