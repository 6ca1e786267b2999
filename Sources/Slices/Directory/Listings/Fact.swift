package import Kernel

/// Where one fact comes from and how far it was checked. `confirmed` means that two different people checked it.
package struct Fact: Sendable, Hashable {
    package enum Standing: String, Sendable, CaseIterable { case reported, confirmed, conflict }

    package var source: String?
    package var asOf: String?
    package var checkedOn: Day?
    package var checkedBy: String?
    package var secondCheckedOn: Day?
    package var secondCheckedBy: String?
    package var standing: Standing
    /// For staff only, such as both statements of a conflict.
    package var note: String?

    package init(
        source: String? = nil, asOf: String? = nil, checkedOn: Day? = nil, checkedBy: String? = nil,
        secondCheckedOn: Day? = nil, secondCheckedBy: String? = nil, standing: Standing = .reported, note: String? = nil
    ) {
        self.source = source
        self.asOf = asOf
        self.checkedOn = checkedOn
        self.checkedBy = checkedBy
        self.secondCheckedOn = secondCheckedOn
        self.secondCheckedBy = secondCheckedBy
        self.standing = standing
        self.note = note
    }

    /// The first or the second check by `role`. The same role cannot check twice, and a conflict is not settled by a check.
    package mutating func check(by role: String, on day: Day, second: Bool) throws(DirectoryRefusal) {
        if standing == .conflict { throw .conflict }
        guard second else {
            checkedBy = role
            checkedOn = day
            (secondCheckedBy, secondCheckedOn) = (nil, nil)
            standing = .reported
            return
        }
        guard let checkedBy else { throw .noFirstCheck }
        if checkedBy == role { throw .sameChecker }
        secondCheckedBy = role
        secondCheckedOn = day
        standing = .confirmed
    }

    /// `role` says again that it is right. What two roles confirmed stays confirmed: theirs takes the place of their own
    /// older check, else of the first; the other check stands. Anything else is a first check.
    package mutating func renew(by role: String, on day: Day) throws(DirectoryRefusal) {
        guard standing == .confirmed, let second = secondCheckedBy else {
            return try check(by: role, on: day, second: false)
        }
        if second == role { (secondCheckedBy, secondCheckedOn) = (checkedBy, checkedOn) }
        (checkedBy, checkedOn) = (role, day)
    }
}

/// A field's text in another language and how far it can be trusted.
package struct Translation: Sendable, Hashable {
    package enum Standing: String, Sendable, CaseIterable { case written, machine, reviewed }

    package var text: String
    package var standing: Standing
}

/// The Nation or community whose fact this is. `ask`: publishing and exporting need their permission first.
package struct Steward: Sendable, Hashable {
    package enum Permission: String, Sendable, CaseIterable { case open, ask }

    package var name: String
    package var permission: Permission
    package var note: String?

    package init(name: String, permission: Permission, note: String? = nil) {
        self.name = name
        self.permission = permission
        self.note = note
    }
}
