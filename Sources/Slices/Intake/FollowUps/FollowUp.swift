import Crypto
package import Kernel
import Sealing
import Storage

/// What somebody at a desk does next for one who gave it something to read, known to the desk by a code.
package struct FollowUp: Sendable, Equatable {
    /// Words of a list, so that nothing of a person stands in them.
    package enum Step: String, Sendable, CaseIterable { case call, meet, accompany, arrange, check }

    package let grant: Identifier<Grant>
    /// How often it was changed; a form made from an older one changes nothing.
    package var version = 0
    /// The id of the worker whose it is; nil while nobody took it on.
    package var worker: String?
    package var step: Step?
    package var dueOn: Day?

    /// What is typed for who takes over.
    static let longestNote = 2000
}

/// One whom a desk follows up on.
package struct Followed: Sendable {
    package let followUp: FollowUp
    /// Nil for what was given without asking for anything.
    package let sent: SentReferral?
    package let purpose: Purpose
    package let unread: Int

    package var code: String { sent?.code ?? SentReferral.code(followUp.grant.description) }
}

/// A follow-up with its note open.
package struct OpenFollowUp: Sendable {
    package let followed: Followed
    /// Empty for none; nil for one that the desk's key of today does not open.
    package let note: String?
}

/// How much somebody has to do.
package struct Workload: Sendable, Equatable {
    package var people = 0
    /// Next steps of today and the six days after.
    package var dueSoon = 0
    package var overdue = 0

    mutating func add(_ followUp: FollowUp, on today: Day) {
        people += 1
        guard let dueOn = followUp.dueOn else { return }
        if dueOn < today { overdue += 1 } else if dueOn < today + 7 { dueSoon += 1 }
    }
}

/// The follow-up stands otherwise than where the form was made.
package struct FollowUpChanged: Error {}

extension Intake {
    /// All whom a worker may follow up on, what is due first; who kept them out is not among them, so that no count tells it.
    package func followed(at desk: AtDesk) async throws -> [Followed] {
        let today = today
        let (referrals, shared) = (try await referrals(to: desk), try await filesSharedWith(desk))
        let known = try await database.read { try FollowUpStore($0).followUps(of: desk.id) }
        let ofReferrals = Set(referrals.flatMap { [$0.sent.grant] + $0.asks.compactMap(\.grant) })
        let asking = referrals.filter { $0.sent.referral.state.isLive && !$0.parts.isEmpty }.map {
            Followed(
                followUp: known[$0.sent.grant] ?? FollowUp(grant: $0.sent.grant), sent: $0.sent, purpose: .help,
                unread: $0.unread)
        }
        let given = shared.filter { !ofReferrals.contains($0.grant) && $0.endsOn >= today }.map {
            Followed(
                followUp: known[$0.grant] ?? FollowUp(grant: $0.grant), sent: nil, purpose: $0.purpose, unread: 0)
        }
        return (asking + given).sorted {
            ($0.followUp.dueOn?.description ?? "9999", $0.code) < ($1.followUp.dueOn?.description ?? "9999", $1.code)
        }
    }

    /// One of those with its note open. Throws `notFound` for whom this worker may not follow up on.
    package func followUp(_ grant: Identifier<Grant>, at desk: AtDesk) async throws -> OpenFollowUp {
        guard let followed = try await followed(at: desk).first(where: { $0.followUp.grant == grant }) else {
            throw IntakeRefusal.notFound
        }
        guard let stored = try await database.read({ try FollowUpStore($0).note(of: grant) }) else {
            return OpenFollowUp(followed: followed, note: "")
        }
        let binding = Self.binding(grant, version: stored.version)
        let note = try? Envelope.open(stored.content, under: desk.opening.open(stored.key, for: binding), for: binding)
        return OpenFollowUp(followed: followed, note: note.map { String(decoding: $0, as: UTF8.self) })
    }

    /// Sets whose somebody is, what comes next and what whoever takes over should know. The note is sealed to the desk. Sent
    /// twice it is set once.
    /// - Parameter change: with the version it was made from; throws `FollowUpChanged` when another came before.
    package func follow(_ change: FollowUp, note: String, at desk: AtDesk) async throws {
        let note = Message.trimmed(note)
        var problems = Problems()
        if note.unicodeScalars.count > FollowUp.longestNote { problems.add("note", "too-long") }
        try problems.check()
        let standing = try await followUp(change.grant, at: desk)
        var next = change
        next.version += 1
        if standing.followed.followUp == next, standing.note == note { return }
        let (now, today, key) = (world.now(), today, SymmetricKey(size: .bits256))
        let binding = Self.binding(next.grant, version: next.version)
        let sealed =
            try note.isEmpty
            ? nil
            : (
                content: Envelope.seal(Array(note.utf8), under: key, for: binding),
                key: desk.opening.sealing.seal(key, for: binding)
            )
        try await database.write { [next] transaction in
            let store = FollowUpStore(transaction)
            guard let grant = try IntakeStore(transaction).grant(next.grant)?.grant, grant.isLive(on: today) else {
                throw IntakeRefusal.notFound
            }
            guard try store.version(of: next.grant) == change.version else { throw FollowUpChanged() }
            try store.write(next, of: desk.id, note: sealed)
            try AuditChain(transaction).append(
                .init(
                    actor: desk.reader.actor, verb: "follow", kind: "grant", record: next.grant.description,
                    field: next.step?.rawValue ?? ""), at: now)
        }
        await clearTraces()
    }

    private static func binding(_ grant: Identifier<Grant>, version: Int) -> Envelope.Binding {
        Envelope.Binding("follow-up", grant.description, "\(version)")
    }

    // MARK: Promises

    /// Days in which a desk answers a request: what it promised, or the usual week.
    package func answerDays(of desk: Identifier<Recipient>) async throws -> Int {
        try await database.read { try FollowUpStore($0).answerDays(of: desk) } ?? SentReferral.usualAnswerDays
    }

    /// Promises an answer within so many days; what was asked before keeps the promise that it was asked under. Throws
    /// `notAllowed` for who does not lead the desk.
    package func promise(answerWithin days: Int, at desk: AtDesk) async throws {
        guard desk.reader.actor.may(.inviteWorkers) else { throw IntakeRefusal.notAllowed }
        var problems = Problems()
        if !SentReferral.promisedDays.contains(days) { problems.add("days", "not-a-promise") }
        try problems.check()
        let now = world.now()
        try await database.write { transaction in
            try FollowUpStore(transaction).promise(days, of: desk.id)
            try AuditChain(transaction).append(
                .init(actor: desk.reader.actor, verb: "promise", kind: "desk", record: desk.id.description), at: now)
        }
    }
}
