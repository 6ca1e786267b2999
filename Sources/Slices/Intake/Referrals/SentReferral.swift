import Crypto
import Foundation
package import Kernel

/// A service that can be asked for help; its id is that of its Directory record.
package enum AskedService {}

/// What Intake asks of the Directory about services.
package struct ServiceLookup: Sendable {
    package struct Found: Sendable, Equatable {
        let id: Identifier<AskedService>
        let name: String
        let recipient: Identifier<Recipient>
        let organization: String

        package init(
            id: Identifier<AskedService>, name: String, recipient: Identifier<Recipient>, organization: String
        ) {
            self.id = id
            self.name = name
            self.recipient = recipient
            self.organization = organization
        }
    }

    /// Services that everybody may see, by the words of their listings.
    let named: @Sendable (String, Language) async throws -> [Found]
    let find: @Sendable (Identifier<AskedService>, Language) async throws -> Found?
    /// Others for the same needs, nearest in kind first.
    let like: @Sendable (Identifier<AskedService>, Language) async throws -> [Found]

    package init(
        named: @escaping @Sendable (String, Language) async throws -> [Found],
        find: @escaping @Sendable (Identifier<AskedService>, Language) async throws -> Found?,
        like: @escaping @Sendable (Identifier<AskedService>, Language) async throws -> [Found]
    ) {
        self.named = named
        self.find = find
        self.like = like
    }
}

/// Why an organization did not take somebody: words of a list, so that nothing of a person stands beside it.
package enum Rejection: String, Sendable, CaseIterable {
    case full
    case notForUs = "not-for-us"
    case tooFar = "too-far"
    case unsafe
    case other
}

/// What the organization says of how it ended.
package enum Outcome: String, Sendable, CaseIterable {
    case given, partly
    case handedOn = "handed-on"
    case lostTouch = "lost-touch"
}

/// What the person says: did they get what they needed?
package enum Helped: String, Sendable, CaseIterable { case yes, partly, no }

/// A referral as it is stored: whose, to which service of whom, under which grant.
package struct SentReferral: Sendable, Equatable {
    package let id: Identifier<Referral>
    let file: Identifier<PersonFile>
    let grant: Identifier<Grant>
    package let service: Identifier<AskedService>
    package let recipient: Identifier<Recipient>
    /// Whole days that an answer may take.
    package let answerDays: Int
    package let sentOn: Day
    package var referral: Referral
    package var acceptedOn: Day?
    package var rejection: Rejection?
    package var outcome: Outcome?
    package var helped: Helped?

    /// When a desk promised nothing.
    package static let usualAnswerDays = 7
    /// What a desk can promise.
    static let promisedDays = 1...30

    /// Seconds from the day of asking until after the last day of `answerDays`.
    static func promise(_ answerDays: Int) -> Int64 { Int64(answerDays + 1) * 86_400 }

    var changedOn: Day { referral.changedAt.day }
    /// The last day on which an answer is in time; nil when none is awaited.
    var answerBy: Day? { referral.answerDueAt.map { $0.day + -1 } }

    /// What the desk and the person call it; tells nothing, and is the key of nothing.
    package var code: String { Self.code(id.description) }

    static func code(_ id: String) -> String {
        let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
        let letters = SHA256.hash(data: Data("waymark/referral/\(id)".utf8)).prefix(6).map { alphabet[Int($0) % 32] }
        return "\(String(letters[0..<3]))-\(String(letters[3..<6]))"
    }

    /// The same, moved on `day`.
    func moved(
        to next: Referral.State, by party: Referral.Party, because reason: Referral.Reason? = nil, on day: Day
    ) throws(ReferralFault) -> SentReferral {
        var moved = self
        moved.referral = try referral.moved(to: next, by: party, reason: reason, at: day.start)
        if next == .accepted, acceptedOn == nil { moved.acceptedOn = day }
        return moved
    }

    /// As it stands on `day`, also before the clock told it: after the last day of its consent it has ended.
    func standing(on day: Day) -> SentReferral {
        (try? moved(to: .cancelled, by: .clock, because: .consentExpired, on: day)) ?? self
    }
}

/// What a desk asks for besides: kinds of parts, answered by a grant or by a no.
package struct Ask: Sendable, Equatable {
    package let id: Identifier<Ask>
    let referral: Identifier<Referral>
    package let kinds: [PartKind]
    package let askedOn: Day
    package var answeredOn: Day?
    var grant: Identifier<Grant>?
}
