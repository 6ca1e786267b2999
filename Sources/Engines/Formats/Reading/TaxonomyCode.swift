import Kernel

/// A code of a taxonomy whose terms the file does not name: carried through as a term that is called by its code, and as
/// an attribute of the service.
struct TaxonomyCode {
    private let code: String
    private let name: String
    private let taxonomy: String

    init(_ code: String, name: String? = nil, taxonomy: String) {
        self.code = code
        self.name = name ?? code
        self.taxonomy = taxonomy
    }

    /// The term comes anew with every service that has it: the same term is the same record.
    func take(of service: String, _ intake: Intake, audience: Audience, at origin: Origin) throws {
        let term = "\(taxonomy)/\(code)"
        try intake.take(
            RawRecord(.taxonomyTerm, id: term, ["code": code, "name": name, "taxonomy": taxonomy], at: origin))
        var link = RawRecord(
            .attribute, id: "\(service)/term/\(term)",
            ["link_id": service, "link_entity": "service", "taxonomy_term_id": term], at: origin)
        if audience > .everyone { link.audiences[""] = audience }
        try intake.take(link)
    }
}
