/// Who may see a fact, from the widest circle to none. A viewer of one circle sees it and all wider ones.
package enum Audience: String, Sendable, CaseIterable, Comparable {
    case everyone = "public"
    case partner
    case vetted
    case nobody

    private var depth: Int {
        switch self {
        case .everyone: 0
        case .partner: 1
        case .vetted: 2
        case .nobody: 3
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.depth < right.depth }
}

/// A right to do something; a route or a verb names the one it needs.
package enum Permission: String, Sendable, CaseIterable {
    case editListings
    case seeWithheld
    case inviteOrganizations
    case inviteWorkers
    case openFiles
    case keepLandscape
}

/// Whoever is asking: the circle they stand in and what they may do. `name` is a role, never a person's name.
package struct Actor: Sendable, Equatable {
    package let name: String
    package let clearance: Audience
    package let permissions: Set<Permission>

    package init(name: String, clearance: Audience, permissions: Set<Permission> = []) {
        self.name = name
        self.clearance = clearance
        self.permissions = permissions
    }

    /// Anybody on the public pages.
    package static let visitor = Actor(name: "visitor", clearance: .everyone)

    /// Whoever holds the machine's command line. Sees withheld facts, because they must be able to correct them; opens no
    /// file of a person, because the machine holds no key.
    package static func commandLine(_ role: String) -> Actor {
        Actor(
            name: role, clearance: .vetted,
            permissions: [.editListings, .seeWithheld, .inviteOrganizations, .keepLandscape])
    }

    package func may(_ permission: Permission) -> Bool { permissions.contains(permission) }

    /// True when a fact kept for `audience` is visible to this actor.
    package func sees(_ audience: Audience) -> Bool {
        audience <= clearance || may(.seeWithheld)
    }
}
