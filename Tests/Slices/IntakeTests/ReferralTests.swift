import Kernel
import Testing

@testable import Intake

@Suite struct ReferralTests {
    private static let start = Instant(seconds: 1_746_126_000)
    private static let hour: Int64 = 3600
    private static let promise: Int64 = 48 * hour
    private static let consentEnd = Instant(seconds: start.seconds + 90 * 24 * hour)

    private static func after(hours: Int64) -> Instant { Instant(seconds: start.seconds + hours * hour) }

    private static func referral(_ state: Referral.State, promise: Int64? = promise) -> Referral {
        Referral(
            state: state, reason: nil, changedAt: start, requestedAt: state == .draft ? nil : start, place: nil,
            promise: promise, consentEndsAt: consentEnd)
    }

    private static func fault(_ body: () throws(ReferralFault) -> Referral) -> ReferralFault? {
        do throws(ReferralFault) {
            _ = try body()
            return nil
        } catch { return error }
    }

    /// From, to, and who may with which reason; what is not here is refused.
    private static let table = """
        draft       requested        person
        draft       cancelled        person person:consent-withdrawn clock:consent-expired
        requested   requested        recipient:seen
        requested   accepted         recipient
        requested   rejected         recipient
        requested   cancelled        person recipient person:consent-withdrawn clock:consent-expired clock:no-response
        accepted    in-progress      recipient
        accepted    on-hold          recipient
        accepted    cancelled        person recipient person:consent-withdrawn clock:consent-expired
        in-progress on-hold          recipient
        in-progress completed        recipient
        in-progress failed           recipient
        in-progress cancelled        person recipient person:consent-withdrawn clock:consent-expired
        on-hold     accepted         recipient
        on-hold     in-progress      recipient
        on-hold     cancelled        person recipient person:consent-withdrawn clock:consent-expired
        """

    private static var allowed: Set<String> {
        Set(
            table.split(separator: "\n").flatMap { line in
                let words = line.split(separator: " ")
                return words.dropFirst(2).map { "\(words[0]) \(words[1]) \($0)" }
            })
    }

    @Test func `every move of every state to every state by everyone for every reason is as the table says`() {
        let reasons: [Referral.Reason?] = [nil] + Referral.Reason.allCases
        var (walked, open) = (0, 0)
        for from in Referral.State.allCases {
            for to in Referral.State.allCases {
                for party in Referral.Party.allCases {
                    for reason in reasons {
                        // Late enough for the clock, and while the consent holds for everybody else.
                        let now = reason == .consentExpired ? Self.consentEnd : Self.after(hours: 48)
                        let name =
                            "\(from.rawValue) \(to.rawValue) \(party.rawValue)\(reason.map { ":\($0.rawValue)" } ?? "")"
                        let isAllowed = Self.allowed.contains(name)
                        let moved = try? Self.referral(from).moved(to: to, by: party, reason: reason, at: now)
                        #expect((moved != nil) == isAllowed, "\(name)")
                        #expect(moved.map { $0.state == to && $0.reason == reason } ?? true, "\(name)")
                        walked += 1
                        open += isAllowed ? 1 : 0
                    }
                }
            }
        }
        #expect(walked == 9 * 9 * 3 * 5 && open == Self.allowed.count)
    }

    @Test func `what has ended is over for everybody`() {
        for state in Referral.State.allCases where !state.isLive {
            for party in Referral.Party.allCases {
                #expect(
                    Self.fault { () throws(ReferralFault) in
                        try Self.referral(state).moved(to: .cancelled, by: party, at: Self.start)
                    } == .over)
            }
        }
    }

    @Test func `no answer is late from the promised moment on, and never without a promise`() throws {
        let sent = try Referral(draftedAt: Self.start, promise: Self.promise, consentEndsAt: Self.consentEnd)
            .moved(to: .requested, by: .person, at: Self.after(hours: 1))
        #expect(sent.answerDueAt == Self.after(hours: 49))
        let early = Instant(seconds: Self.after(hours: 49).seconds - 1)
        #expect(
            Self.fault { () throws(ReferralFault) in
                try sent.moved(to: .cancelled, by: .clock, reason: .noResponse, at: early)
            } == .tooEarly)
        let late = try sent.moved(to: .cancelled, by: .clock, reason: .noResponse, at: Self.after(hours: 49))
        #expect(late.reason == .noResponse && late.answerDueAt == nil)
        #expect(
            Self.fault { () throws(ReferralFault) in
                try Self.referral(.requested, promise: nil)
                    .moved(to: .cancelled, by: .clock, reason: .noResponse, at: Self.after(hours: 1000))
            } == .tooEarly)
    }

    @Test func `looking is no answer: seen does not put the promised moment off`() throws {
        let seen = try Self.referral(.requested)
            .moved(to: .requested, by: .recipient, reason: .seen, at: Self.after(hours: 47))
        #expect(seen.reason == .seen && seen.answerDueAt == Self.after(hours: 48))
        #expect(
            try seen.moved(to: .cancelled, by: .clock, reason: .noResponse, at: Self.after(hours: 48)).reason
                == .noResponse)
        #expect(try seen.moved(to: .accepted, by: .recipient, at: Self.after(hours: 60)).reason == nil)
    }

    @Test func `a late answer is still an answer while nobody else took the referral away`() throws {
        #expect(
            try Self.referral(.requested).moved(to: .accepted, by: .recipient, at: Self.after(hours: 50)).state
                == .accepted)
    }

    @Test func `from the end of the consent on a referral can only be ended`() throws {
        for move in Referral.moves {
            for party in move.by {
                let fault = Self.fault { () throws(ReferralFault) in
                    try Self.referral(move.from).moved(to: move.to, by: party, reason: move.reason, at: Self.consentEnd)
                }
                #expect(fault == (move.to == .cancelled ? nil : .consentOver), "\(move)")
            }
        }
        let before = Instant(seconds: Self.consentEnd.seconds - 1)
        for state in Referral.State.allCases where state.isLive {
            #expect(
                Self.fault { () throws(ReferralFault) in
                    try Self.referral(state).moved(to: .cancelled, by: .clock, reason: .consentExpired, at: before)
                } == .tooEarly)
        }
    }

    @Test func `a place on the wait list is told by the recipient, and goes with the wait`() throws {
        let waiting = try Self.referral(.accepted).moved(to: .onHold, by: .recipient, at: Self.after(hours: 1))
        #expect(waiting.place == nil)
        let third = try waiting.placed(3, by: .recipient, at: Self.after(hours: 2))
        #expect(third.place == 3 && third.state == .onHold)
        #expect(try third.placed(1, by: .recipient, at: Self.after(hours: 3)).place == 1)
        #expect(try third.moved(to: .inProgress, by: .recipient, at: Self.after(hours: 3)).place == nil)
        for party in Referral.Party.allCases where party != .recipient {
            #expect(
                Self.fault { () throws(ReferralFault) in try third.placed(2, by: party, at: Self.start) } == .notAllowed
            )
        }
        for place in [0, -1, 10_000, .max] {
            #expect(
                Self.fault { () throws(ReferralFault) in
                    try third.placed(place, by: .recipient, at: Self.start)
                } == .noSuchPlace)
        }
        #expect(
            Self.fault { () throws(ReferralFault) in
                try third.placed(2, by: .recipient, at: Self.consentEnd)
            } == .consentOver)
        for state in Referral.State.allCases where state != .onHold {
            #expect(
                Self.fault { () throws(ReferralFault) in
                    try Self.referral(state).placed(2, by: .recipient, at: Self.start)
                } == .notWaiting)
        }
    }

    @Test func `a clock that was set back does not take the referral's time back`() throws {
        let before = Instant(seconds: Self.start.seconds - 1000 * Self.hour)
        let sent = try Self.referral(.draft).moved(to: .requested, by: .person, at: before)
        #expect(sent.changedAt == Self.start && sent.requestedAt == Self.start)
    }

    @Test func `every fault has its code, status and sentence`() {
        #expect(Set(ReferralFault.allCases.map(\.code)).count == ReferralFault.allCases.count)
        for fault in ReferralFault.allCases {
            #expect((400..<500).contains(fault.status) && fault.description.hasSuffix("."))
        }
    }
}
