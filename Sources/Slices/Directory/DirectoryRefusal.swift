package import Kernel

/// What the rules of the Directory forbid.
package enum DirectoryRefusal: Refusal, Equatable {
    case notFound
    case unknownField(String)
    case notAllowed
    case conflict
    case noFirstCheck
    case sameChecker
    case invalid(Problems)

    package var code: String {
        switch self {
        case .notFound: "not-found"
        case .unknownField: "unknown-field"
        case .notAllowed: "not-allowed"
        case .conflict: "conflict"
        case .noFirstCheck: "no-first-check"
        case .sameChecker: "same-checker"
        case .invalid: "invalid"
        }
    }

    package var status: Int {
        switch self {
        case .notFound: 404
        case .notAllowed: 403
        case .unknownField, .invalid: 422
        case .conflict, .noFirstCheck, .sameChecker: 409
        }
    }

    package var description: String {
        switch self {
        case .notFound: "There is no such record."
        case .unknownField(let field): "There is no field \(field) in this kind of record."
        case .notAllowed: "This role may not change listings."
        case .conflict:
            "Sources disagree about this fact; give it a new value with its source before anybody checks it."
        case .noFirstCheck: "Nobody has checked this fact yet; `confirm` comes before `second-check`."
        case .sameChecker: "The second check must be made by somebody else than the first."
        case .invalid(let problems):
            "Not kept: " + problems.faults.map { "\($0.field) is \($0.code)" }.joined(separator: ", ") + "."
        }
    }
}
