import Kernel

/// What the rules of scans and findings forbid.
package enum ScanRefusal: String, Refusal {
    case notAllowed = "not-allowed"
    case noScan = "no-scan"
    case noFinding = "not-found"
    /// There is a baseline, and it is another one.
    case otherBaseline = "other-baseline"
    /// A scan of that name is there, and it was not loaded from this file.
    case scanExists = "scan-exists"
    /// Its state does not allow it, such as publishing what was merged.
    case wrongState = "wrong-state"
    /// A contested finding goes out only with two positions or more, each with an author and a source.
    case oneSided = "one-sided"
    /// It is about a small community, of which nobody looked whether it could harm.
    case unreviewed = "finding-unreviewed"
    /// A comment on it is still open.
    case openRemarks = "open-remarks"
    /// The baseline is not written to: its rows stay as they were printed.
    case printed = "finding-printed"
    /// The form was sent before, with other words, and what it made is no draft any more.
    case entered = "finding-entered"

    package var code: String { rawValue }

    package var status: Int {
        switch self {
        case .notAllowed: 403
        case .noScan, .noFinding: 404
        case .otherBaseline, .scanExists, .wrongState, .oneSided, .unreviewed, .openRemarks, .printed, .entered: 409
        }
    }

    package var description: String {
        switch self {
        case .notAllowed: "This role may not do that."
        case .noScan: "There is no scan of that name; see `waymark scan list`."
        case .noFinding: "There is no such finding."
        case .otherBaseline:
            "There is a baseline already, and it is another one; load this as a later scan. Nothing was changed."
        case .scanExists: "A scan of that name is there already, and it is another one. Nothing was changed."
        case .wrongState: "The finding's state does not allow that; nothing was changed."
        case .openRemarks: CodingRefusal.openRemarks.description
        case .printed:
            "The baseline stands as it was printed; write this into a later scan. Nothing was changed."
        case .entered: "This form was sent before, and what it made is no draft any more; nothing was changed."
        case .unreviewed:
            "It is about a small community: say first who of it looked whether it could harm. Nothing was changed."
        case .oneSided:
            "A contested finding is published with two positions or more, each with author and source; nothing was changed."
        }
    }
}
