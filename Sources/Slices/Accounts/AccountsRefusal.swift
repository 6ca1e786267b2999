import Kernel

/// What the rules of Accounts forbid.
package enum AccountsRefusal: String, Refusal {
    /// Wrong name, passphrase or code, or too many tries: one answer for all, so that none can be told from another.
    case notSignedIn = "not-signed-in"
    /// An invitation that is wrong, used or too old.
    case noInvitation = "not-found"
    case notAllowed = "not-allowed"
    case noOrganization = "no-organization"
    case lastLead = "last-lead"
    /// A desk gets another key only when nobody holds its own.
    case deskIsHeld = "desk-is-held"
    case busy

    package var code: String { rawValue }

    package var status: Int {
        switch self {
        case .notSignedIn, .notAllowed: 403
        case .noInvitation, .noOrganization: 404
        case .lastLead, .deskIsHeld: 409
        case .busy: 503
        }
    }

    package var description: String {
        switch self {
        case .notSignedIn: "The name, the passphrase or the code is not right, or there were too many tries."
        case .noInvitation: "There is no such invitation, or it was used or is too old."
        case .notAllowed: "This role may not do that."
        case .noOrganization: "There is no organization with that id in the Directory."
        case .lastLead: "The desk would have nobody left who leads it; name another first."
        case .deskIsHeld: "Somebody at this desk still holds its key; ask them for a link."
        case .busy: "Too many people are signing in at once; try again in a minute."
        }
    }
}
