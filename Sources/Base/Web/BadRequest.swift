import Kernel

/// A request that cannot be read, whatever it was for.
package enum BadRequest: Refusal {
    case unreadable
    case tooManyFields
    /// More bytes than this.
    case tooLong(Int)
    /// A body that is neither a form nor JSON.
    case unknownType
    case badValue(field: String)
    /// `rule` says what the value must be, as the end of a sentence: `a whole number from 1 to 1000`.
    case brokenRule(field: String, rule: String)
    case unknownField(String)
    case givenTwice(field: String)

    package var code: String {
        switch self {
        case .unreadable: "unreadable"
        case .tooManyFields: "too-many-fields"
        case .tooLong: "too-long"
        case .unknownType: "unknown-type"
        case .badValue, .brokenRule: "bad-value"
        case .unknownField: "unknown-parameter"
        case .givenTwice: "given-twice"
        }
    }

    package var status: Int {
        switch self {
        case .tooLong: 413
        case .unknownType: 415
        default: 400
        }
    }

    /// The name of what cannot be used, at most 60 characters of it.
    package var field: String? {
        switch self {
        case .badValue(let field), .brokenRule(let field, _), .unknownField(let field), .givenTwice(let field):
            String(field.prefix(60))
        case .unreadable, .tooManyFields, .tooLong, .unknownType: nil
        }
    }

    package var description: String {
        switch self {
        case .unreadable: "The request has characters that cannot be read."
        case .tooManyFields: "The request has more than \(FormFields.maximumFields) fields."
        case .tooLong(let bytes): "The request is longer than \(bytes / 1024) KB."
        case .unknownType: "The body must be a JSON object or a form."
        case .badValue(let field): "The value of \(field) cannot be used."
        case .brokenRule(let field, let rule): "\(field) must be \(rule)."
        case .unknownField: "There is no parameter \(field ?? "") here."
        case .givenTwice(let field): "\(field) is given more than once."
        }
    }
}
