import Kernel

/// What somebody does in the network; each has the least rights that the work takes.
package enum Role: String, Sendable, CaseIterable {
    case survivorAdvisor = "survivor-advisor"
    case navigator
    case provider
    case peerCounsellor = "peer-counsellor"
    case companyLiaison = "company-liaison"
    case funder
    case municipality
    case coordinator

    private static let rights: [Role: Set<Permission>] = [
        .navigator: [.openFiles], .provider: [.openFiles], .coordinator: [.inviteOrganizations, .keepLandscape],
    ]

    /// Whom somebody who leads a desk may invite to it: never into a role with rights that the desk has not.
    var mayInvite: [Role] {
        switch self {
        case .coordinator: Role.allCases
        case .navigator, .provider: [.navigator, .provider, .survivorAdvisor]
        case .peerCounsellor: [.peerCounsellor, .survivorAdvisor]
        case .survivorAdvisor, .companyLiaison, .funder, .municipality: [self]
        }
    }

    /// The circle a role sees the Directory from.
    private var clearance: Audience {
        switch self {
        case .navigator, .provider, .peerCounsellor, .coordinator: .vetted
        case .survivorAdvisor, .companyLiaison, .funder, .municipality: .partner
        }
    }

    /// Who leads an organization's desk invites its staff besides.
    func actor(leads: Bool) -> Actor {
        let own = Self.rights[self] ?? []
        return Actor(
            name: rawValue, clearance: clearance, permissions: leads ? own.union([.inviteWorkers]) : own)
    }

    /// True where the work is with people's files, so that the role holds a share of the organization's key.
    var opensFiles: Bool { Self.rights[self]?.contains(.openFiles) ?? false }
}
