import Kernel

/// What the rules of workshops forbid.
enum WorkshopRefusal: String, Refusal {
    /// No open workshop has this code: one that was closed and one that never was are the same.
    case unknown = "no-workshop"
    /// The phone belongs to no open workshop, or to none any more.
    case phoneOver = "workshop-over"
    /// Too much at once; it ends by itself.
    case busy = "workshop-busy"
    case notAllowed = "not-allowed"
    case notFound = "not-found"
    /// Findings are made once nobody writes any more.
    case stillOpen = "workshop-open"
    /// Nobody comes in any more so long after its day.
    case past = "workshop-past"

    var code: String { rawValue }

    var status: Int {
        switch self {
        case .notAllowed, .phoneOver: 403
        case .unknown, .notFound: 404
        case .stillOpen, .past: 409
        case .busy: 503
        }
    }

    var description: String {
        switch self {
        case .unknown: "No open workshop has this code."
        case .phoneOver: "The workshop is over, or this page is too old."
        case .busy: "Too much comes in at once; try again in a few seconds."
        case .notAllowed: "This role may not do that."
        case .notFound: "There is nothing here."
        case .stillOpen: "Close the workshop first."
        case .past: "The two days after the workshop are over."
        }
    }
}
