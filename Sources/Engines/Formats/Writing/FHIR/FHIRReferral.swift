package import Foundation
package import Kernel

/// What an organization may take to another system about one referral that it holds. Nothing in it was written by the person
/// or says who they are.
package struct FHIRReferral: Sendable {
    /// The words of FHIR R4's value set task-status.
    package enum State: String, Sendable, CaseIterable {
        case draft, requested, received, accepted, rejected, ready, cancelled
        case inProgress = "in-progress"
        case onHold = "on-hold"
        case failed, completed
        case enteredInError = "entered-in-error"

        /// The word of value set request-status that says the same of the request.
        var requestStatus: String {
            switch self {
            case .draft: "draft"
            case .requested, .received, .accepted, .ready, .inProgress: "active"
            case .onHold: "on-hold"
            case .rejected, .cancelled, .failed: "revoked"
            case .completed: "completed"
            case .enteredInError: "entered-in-error"
            }
        }
    }

    /// A record of the Directory.
    package struct Listing: Sendable {
        package let id: UUID
        package let name: String

        package init(id: UUID, name: String) {
            self.id = id
            self.name = name
        }
    }

    package struct Consent: Sendable {
        package let id: UUID
        package let isLive: Bool
        package let givenOn: Day
        /// The last day of it.
        package let endsOn: Day
        package let parts: [FHIRCode]
        package let purpose: FHIRCode

        package init(id: UUID, isLive: Bool, givenOn: Day, endsOn: Day, parts: [FHIRCode], purpose: FHIRCode) {
            self.id = id
            self.isLive = isLive
            self.givenOn = givenOn
            self.endsOn = endsOn
            self.parts = parts
            self.purpose = purpose
        }
    }

    package let id: UUID
    /// Stands for the person; random, and known to the organization alone.
    package let subject: UUID
    package let state: State
    package let reason: FHIRCode?
    package let authoredOn: Day
    package let modifiedOn: Day
    package let recipient: Listing
    package let service: Listing
    package let consent: Consent

    package init(
        id: UUID, subject: UUID, state: State, reason: FHIRCode?, authoredOn: Day, modifiedOn: Day, recipient: Listing,
        service: Listing, consent: Consent
    ) {
        self.id = id
        self.subject = subject
        self.state = state
        self.reason = reason
        self.authoredOn = authoredOn
        self.modifiedOn = modifiedOn
        self.recipient = recipient
        self.service = service
        self.consent = consent
    }
}

/// A word of one of our own lists. Refuses whatever a person could have typed: small letters, digits and dashes alone.
package struct FHIRCode: Sendable, Hashable {
    package let word: String

    package init?(_ word: String) {
        let isWord =
            (1...40).contains(word.utf8.count) && word.utf8.allSatisfy { 97...122 ~= $0 || 48...57 ~= $0 || $0 == 45 }
        guard isWord else { return nil }
        self.word = word
    }
}
