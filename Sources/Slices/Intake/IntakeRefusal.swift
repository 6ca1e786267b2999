import Kernel

/// What the rules of Intake forbid.
package enum IntakeRefusal: String, Refusal {
    /// No file has this receipt: a wrong half, an unknown one and a deleted file are the same.
    case noFile = "no-file"
    /// The stay ended by itself or was left.
    case stayOver = "stay-over"
    /// The form of beginning is too old or was used.
    case staleForm = "stale-form"
    case notAllowed = "not-allowed"
    /// A part, a grant or an organization that is not there, or not for who asks.
    case notFound = "not-found"
    case busy
    /// The node's secret is not the one that the files of this database are found with.
    case closed = "away"

    package var code: String { rawValue }

    package var status: Int {
        switch self {
        case .noFile, .stayOver, .notAllowed: 403
        case .notFound: 404
        case .staleForm: 409
        case .busy, .closed: 503
        }
    }

    package var description: String {
        switch self {
        case .noFile: "No file opens with this receipt."
        case .stayOver: "The file was closed; open it again with the receipt."
        case .staleForm: "The form is too old or was used; take a new one."
        case .notAllowed: "This role may not do that."
        case .notFound: "There is nothing here."
        case .busy: "Too many files are being opened at once; try again in a minute."
        case .closed: "The node's intake.key is not the one that this database's files were begun with."
        }
    }
}
