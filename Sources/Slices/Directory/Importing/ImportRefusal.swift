import Kernel

/// Why an import as a whole was not done; nothing of it is kept.
package enum ImportRefusal: Refusal, Equatable {
    case tooManyRemoved(missing: Int, all: Int)
    case tooManyMissing(Int)
    case badSource(String)
    case noSpool(folder: String)

    package var code: String {
        switch self {
        case .tooManyRemoved: "too-many-removed"
        case .tooManyMissing: "too-many-missing"
        case .badSource: "bad-source"
        case .noSpool: "no-spool"
        }
    }

    package var status: Int { 422 }

    package var description: String {
        switch self {
        case .tooManyRemoved(let missing, let all):
            """
            The file lacks \(missing) of the \(all) records its source brought before, as if it were cut off; nothing was \
            changed. Say --allow-removals if they are to go.
            """
        case .tooManyMissing(let most):
            "More than \(most) keys point to records that have not come; put parents before what hangs under them. Nothing was changed."
        case .noSpool(let folder):
            "The folder \(folder) for temporary files cannot be written; name another with TMPDIR. Nothing was changed."
        case .badSource(let name):
            "“\(name)” cannot name a source; use small letters, digits, dots and dashes, such as bc211."
        }
    }
}
