/// Something that a validation found. It says what and where, never the value: that may be confidential.
package struct Flaw: Sendable, Hashable {
    /// Only an error makes data invalid.
    package enum Severity: String, Sendable, CaseIterable { case error, warning, note }
    package enum Group: String, Sendable, CaseIterable {
        case reading, schema, keys, paging, profile, confidentiality, freshness
    }

    package let code: Code
    package let severity: Severity
    package let message: String
    /// File name, or path of an API.
    package let file: String
    /// Counted from 1; nil where the form has no lines.
    package let line: Int?
    /// A JSON pointer (RFC 6901) within the document, or empty.
    package let path: String
    package let kind: RecordKind?
    package let field: String?

    /// What can be wrong, each with a stable name.
    package enum Code: String, Sendable, CaseIterable {
        case unreadable, unknownForm = "unknown-form", unknownTable = "unknown-table", wrongColumns = "wrong-columns"
        case required, wrongType = "wrong-type", notInList = "not-in-list", notUUID = "not-a-uuid", notURI = "not-a-uri"
        case notEmail = "not-an-email", notDay = "not-a-date", notTime = "not-a-time", notInstant = "not-a-date-time"
        case unknownField = "unknown-field"
        case duplicateId = "duplicate-id", idOfTwoKinds = "id-of-two-kinds", unresolved
        case otherParent = "other-parent", cyclicParent = "cyclic-parent"
        case pageField = "page-field", pageCount = "page-count", wrongStatus = "wrong-status"
        case noProfile = "no-profile", profileGone = "profile-gone"
        case confidentialPlace = "confidential-place", personNamed = "person-named"
        case stale, neverChecked = "never-checked"

        package var group: Group {
            switch self {
            case .unreadable, .unknownForm, .unknownTable, .wrongColumns: .reading
            case .required, .wrongType, .notInList, .notUUID, .notURI, .notEmail, .notDay, .notTime, .notInstant,
                .unknownField:
                .schema
            case .duplicateId, .idOfTwoKinds, .unresolved, .otherParent, .cyclicParent: .keys
            case .pageField, .pageCount, .wrongStatus: .paging
            case .noProfile, .profileGone: .profile
            case .confidentialPlace, .personNamed: .confidentiality
            case .stale, .neverChecked: .freshness
            }
        }

        /// What the rule asks for, in one sentence.
        package var rule: String {
            switch self {
            case .unreadable: "The data can be read."
            case .unknownForm: "The data is an HSDS record, a list or page of them, a data package or an API."
            case .unknownTable: "A table of the package is one of HSDS."
            case .wrongColumns: "Every row has the columns of its heading."
            case .required: "A field that HSDS requires is there."
            case .wrongType: "A value has the type that HSDS says; what is not known is left out, never null."
            case .notInList: "A value is one of those that HSDS lists."
            case .notUUID: "An id is a UUID."
            case .notURI: "A web address is an absolute URI."
            case .notEmail: "An e-mail address has a name and a host."
            case .notDay: "A date is a day of the calendar, YYYY-MM-DD."
            case .notTime: "A time is HH:MM, with seconds and offset if need be."
            case .notInstant: "A date-time has day, time and offset (RFC 3339)."
            case .unknownField: "A field is one of HSDS; readers will pass over others."
            case .duplicateId: "An id is given once."
            case .idOfTwoKinds: "An id belongs to one kind of record."
            case .unresolved: "A reference leads to a record that is there."
            case .otherParent: "A record inside another belongs to that one."
            case .cyclicParent: "Nothing is its own ancestor."
            case .pageField: "A page of a list has the paging fields."
            case .pageCount: "The paging fields agree with each other and with the contents."
            case .wrongStatus: "The API answers what the standard asks of it."
            case .noProfile: "The first answer of an API names version, profile and description."
            case .profileGone: "The addresses of profile and description answer."
            case .confidentialPlace: "A place that is said to be confidential has neither position nor street."
            case .personNamed: "The name of a person is published only on purpose."
            case .stale: "A listing was checked within the last twelve months."
            case .neverChecked: "A listing says when it was last checked."
            }
        }
    }
}
