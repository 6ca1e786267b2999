package import Kernel

/// One organization is asked to help, under a consent that covers it and the parts it is shown. Where it stands, who may move
/// it on, and why it ended. The words are those of a Task of FHIR R4.
package struct Referral: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        case draft, requested, accepted
        case inProgress = "in-progress"
        /// On the wait list.
        case onHold = "on-hold"
        case completed, failed, rejected, cancelled

        package var isLive: Bool { Self.live.contains(self) }

        fileprivate static let live: [State] = [.draft, .requested, .accepted, .inProgress, .onHold]
    }

    package enum Reason: String, Sendable, CaseIterable {
        case consentWithdrawn = "consent-withdrawn"
        case consentExpired = "consent-expired"
        /// The time that the service promised to answer in went by.
        case noResponse = "no-response"
        /// The organization looked and has not answered yet.
        case seen
    }

    /// Who moves a referral.
    package enum Party: String, Sendable, CaseIterable { case person, recipient, clock }

    struct Move: Sendable {
        let from: State
        let to: State
        let by: [Party]
        let reason: Reason?

        init(_ from: State, _ to: State, _ by: Party..., because reason: Reason? = nil) {
            self.from = from
            self.to = to
            self.by = by
            self.reason = reason
        }
    }

    /// All that is allowed. A draft is unknown to the recipient, so it cannot cancel one.
    static let moves: [Move] =
        [
            Move(.draft, .requested, .person),
            Move(.requested, .requested, .recipient, because: .seen),
            Move(.requested, .accepted, .recipient),
            Move(.requested, .rejected, .recipient),
            Move(.requested, .cancelled, .clock, because: .noResponse),
            Move(.accepted, .inProgress, .recipient),
            Move(.accepted, .onHold, .recipient),
            Move(.inProgress, .onHold, .recipient),
            Move(.onHold, .accepted, .recipient),
            Move(.onHold, .inProgress, .recipient),
            Move(.inProgress, .completed, .recipient),
            Move(.inProgress, .failed, .recipient),
        ]
        + State.live.flatMap { live in
            [
                Move(live, .cancelled, .person),
                Move(live, .cancelled, .person, because: .consentWithdrawn),
                Move(live, .cancelled, .clock, because: .consentExpired),
            ]
        }
        + State.live.filter { $0 != .draft }.map { Move($0, .cancelled, .recipient) }

    package private(set) var state: State
    package private(set) var reason: Reason?
    package private(set) var changedAt: Instant
    package private(set) var requestedAt: Instant?
    /// The place on the wait list, from 1, when the organization told it.
    package private(set) var place: Int?
    /// Seconds in which the service promised to answer; nil when it promised none, and then no answer is never late.
    package let promise: Int64?
    /// The first moment at which the consent holds no more.
    package let consentEndsAt: Instant
}

extension Referral {
    package init(draftedAt now: Instant, promise: Int64?, consentEndsAt: Instant) {
        self.init(
            state: .draft, reason: nil, changedAt: now, requestedAt: nil, place: nil, promise: promise,
            consentEndsAt: consentEndsAt)
    }

    /// The moment from which a missing answer is late; nil when none is awaited.
    package var answerDueAt: Instant? {
        guard state == .requested, let requestedAt, let promise else { return nil }
        return Instant(seconds: requestedAt.seconds + promise)
    }

    /// The same referral after `party` moved it.
    /// - Parameter now: a clock that was set back does not take the referral's own time back.
    package func moved(
        to next: State, by party: Party, reason: Reason? = nil, at now: Instant
    ) throws(ReferralFault) -> Referral {
        guard state.isLive else { throw .over }
        let open = Self.moves.filter { $0.from == state && $0.to == next && $0.by.contains(party) }
        guard !open.isEmpty else { throw .notAllowed }
        guard open.contains(where: { $0.reason == reason }) else { throw .wrongReason }
        // Whoever finds the consent at its end may end the referral, and do nothing else with it.
        if next != .cancelled { try checkConsent(at: now) }
        switch reason {
        case .consentExpired where now < consentEndsAt: throw .tooEarly
        case .noResponse:
            guard let answerDueAt, now >= answerDueAt else { throw .tooEarly }
        case .consentExpired, .consentWithdrawn, .seen, nil: break
        }
        var moved = self
        moved.state = next
        moved.reason = reason
        moved.changedAt = max(changedAt, now)
        moved.place = nil
        if state == .draft, next == .requested { moved.requestedAt = moved.changedAt }
        return moved
    }

    /// The same referral with another place on the wait list, which only the organization that keeps the list can tell.
    package func placed(_ place: Int, by party: Party, at now: Instant) throws(ReferralFault) -> Referral {
        guard party == .recipient else { throw .notAllowed }
        guard state == .onHold else { throw .notWaiting }
        guard (1...9999).contains(place) else { throw .noSuchPlace }
        try checkConsent(at: now)
        var moved = self
        moved.place = place
        moved.changedAt = max(changedAt, now)
        return moved
    }

    private func checkConsent(at now: Instant) throws(ReferralFault) {
        if now >= consentEndsAt { throw .consentOver }
    }
}

/// Why a referral was not moved.
package enum ReferralFault: String, Refusal, CaseIterable {
    case over
    case notAllowed = "not-allowed"
    case wrongReason = "wrong-reason"
    case consentOver = "consent-over"
    case tooEarly = "too-early"
    case notWaiting = "not-waiting"
    case noSuchPlace = "no-such-place"

    package var code: String { rawValue }

    package var status: Int {
        switch self {
        case .notAllowed: 403
        case .over, .consentOver, .tooEarly, .notWaiting: 409
        case .wrongReason, .noSuchPlace: 422
        }
    }

    package var description: String {
        switch self {
        case .over: "The referral has ended."
        case .notAllowed: "From where the referral stands, this is not theirs to do."
        case .wrongReason: "This reason does not go with this step."
        case .consentOver: "The consent that the referral stands on has ended."
        case .tooEarly: "The time for this has not come."
        case .notWaiting: "The referral is not on a wait list."
        case .noSuchPlace: "A place on a wait list is a number from 1 to 9999."
        }
    }
}
