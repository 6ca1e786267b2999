import Formats
import Kernel

/// What the HSDS API answers, as data: mounted by the routes, described by `/hsds/openapi.json`.
enum HSDSEndpoint: String, Sendable, CaseIterable {
    case about = ""
    case openapi = "openapi.json"
    case profile
    case services
    case service = "services/:id"
    case organizations
    case organization = "organizations/:id"
    case serviceAtLocations = "service_at_locations"
    case serviceAtLocation = "service_at_locations/:id"
    case taxonomies
    case taxonomy = "taxonomies/:id"
    case taxonomyTerms = "taxonomy_terms"
    case taxonomyTerm = "taxonomy_terms/:id"
    case tombstones

    var path: String { rawValue.isEmpty ? "/hsds" : "/hsds/\(rawValue)" }

    /// Nil for what is not about one kind of record.
    var kind: RecordKind? {
        switch self {
        case .services, .service: .service
        case .organizations, .organization: .organization
        case .serviceAtLocations, .serviceAtLocation: .serviceAtLocation
        case .taxonomies, .taxonomy: .taxonomy
        case .taxonomyTerms, .taxonomyTerm: .taxonomyTerm
        case .about, .openapi, .profile, .tombstones: nil
        }
    }

    var isList: Bool {
        switch self {
        case .services, .organizations, .serviceAtLocations, .taxonomies, .taxonomyTerms, .tombstones: true
        default: false
        }
    }

    /// The standard's own name of the operation.
    var operation: String {
        switch self {
        case .about: "getAPIMetaInformation"
        case .openapi: "getDescription"
        case .profile: "getProfile"
        case .services: "getPaginatedListOfServices"
        case .service: "getFullyNestedServiceById"
        case .organizations: "getPaginatedListOfOrganizations"
        case .organization: "getOrganizationById"
        case .serviceAtLocations: "getPaginatedListOfServiceAtLocation"
        case .serviceAtLocation: "getServiceAtLocationWithNestedDataById"
        case .taxonomies: "getPaginatedListOfTaxonomies"
        case .taxonomy: "getTaxonomyById"
        case .taxonomyTerms: "getPaginatedListOfTaxonomyTerms"
        case .taxonomyTerm: "getTaxonomyTermById"
        case .tombstones: "getPaginatedListOfTombstones"
        }
    }

    var summary: String {
        switch self {
        case .about: "Information about this API and its relationship with HSDS."
        case .openapi: "This document."
        case .profile: "What this API adds to HSDS 3.2.3."
        case .services: "Pages of services with one-to-one fields, or fully nested."
        case .service: "One service, fully nested with all related data."
        case .organizations: "Pages of organizations, basic or fully nested."
        case .organization: "One organization with all related data."
        case .serviceAtLocations: "Pages of services at locations with one-to-one fields, or fully nested."
        case .serviceAtLocation: "One service at a location, fully nested with all related data."
        case .taxonomies: "Pages of taxonomies."
        case .taxonomy: "Full information on a taxonomy."
        case .taxonomyTerms: "Pages of taxonomy terms."
        case .taxonomyTerm: "Full information on a taxonomy term."
        case .tombstones: "Pages of records that were public here and are no longer."
        }
    }

    /// `required` and `optional` are the standard's; `added` is ours.
    var tag: String {
        switch self {
        case .about, .services, .service: "required"
        case .openapi, .profile, .tombstones: "added"
        default: "optional"
        }
    }

    func parameters(_ vocabulary: Vocabulary) -> [HSDSParameter] {
        let all = HSDSParameter.all(vocabulary)
        return parameterNames.compactMap { all[$0] }
    }

    private static let paging = ["page", "per_page", "format", "cursor", "modified_after"]
    private static let position = ["postcode", "proximity", "near", "latitude", "longitude"]
    private static let seeking = position + ["open", "language", "population", "need"]
    private static let terms = ["taxonomy_term_id", "taxonomy_id"]

    private var parameterNames: [String] {
        switch self {
        case .services:
            ["search"] + Self.paging + Self.terms + ["organization_id", "minimal", "full"] + Self.seeking
        case .organizations: ["search", "full_service", "full"] + Self.paging + Self.terms + Self.position
        case .serviceAtLocations:
            ["search"] + Self.terms + ["organization_id", "full"] + Self.paging + Self.seeking
        case .taxonomies: ["search"] + Self.paging
        case .taxonomyTerms: ["search"] + Self.paging + ["taxonomy_id", "top_only", "parent_id"]
        case .tombstones: Self.paging
        case .organization: ["full_service"]
        case .about, .openapi, .profile, .service, .serviceAtLocation, .taxonomy, .taxonomyTerm: []
        }
    }
}

extension HSDSParameter {
    static let largestPage = 1000

    static func all(_ vocabulary: Vocabulary) -> [String: HSDSParameter] {
        let codes = { (taxonomy: String) in
            vocabulary.facets(of: taxonomy).map { String($0.dropFirst(taxonomy.count + 1)) }
        }
        let list =
            official + [
                .init(
                    name: "near", form: .text,
                    about:
                        "A place of this region by name, such as a town: what serves or lies in it, or with `proximity` what lies that near.",
                    isOurs: true),
                .init(
                    name: "latitude", form: .degrees(90),
                    about: "With `longitude` and `proximity`: a point to be near to, in degrees of WGS 84.",
                    isOurs: true),
                .init(name: "longitude", form: .degrees(180), about: "See `latitude`.", isOurs: true),
                .init(
                    name: "open", form: .choice(["now"]),
                    about: "Only what is open at this moment by its stated hours.", isOurs: true),
                .init(
                    name: "language", form: .languageCode, about: "Only services given in this language (ISO 639).",
                    isOurs: true),
                .init(
                    name: "population", form: .choice(codes("population")), about: "Only services for these people.",
                    isOurs: true),
                .init(
                    name: "need", form: .choice(codes("need")), about: "Only services that answer this need.",
                    isOurs: true),
                .init(
                    name: "cursor", form: .cursor,
                    about:
                        "Pages in the order of ids that stay true while records come and go: empty for the first, then each answer's `next_cursor`. `page` is then passed over.",
                    isOurs: true),
                .init(name: "top_only", form: .boolean, about: "Only terms without a parent.", isOurs: true),
                .init(name: "parent_id", form: .identifier, about: "Only terms directly under this one.", isOurs: true),
            ]
        return Dictionary(list.map { ($0.name, $0) }) { first, _ in first }
    }

    private static let official: [HSDSParameter] = [
        .init(name: "search", form: .text, about: "Full text search: all words, in any order."),
        .init(name: "page", form: .integer(1...1_000_000), about: "Page number of paginated result."),
        .init(
            name: "per_page", form: .integer(1...largestPage),
            about: "Number of results requested in a single page; 50 when it is left out, and all with `minimal`."),
        .init(
            name: "format", form: .choice(["json", "ndjson"]),
            about: "`json`, or `ndjson`, which streams all results without pages."),
        .init(
            name: "minimal", form: .boolean,
            about: "Only `id` and when it was modified, as `last_modified` and as `modified_date`."),
        .init(name: "full", form: .boolean, about: "Fully nested records."),
        .init(
            name: "modified_after", form: .moment,
            about: "Only results modified on or after this moment, as published here."),
        .init(name: "taxonomy_term_id", form: .identifier, about: "Only records with this taxonomy term."),
        .init(name: "taxonomy_id", form: .identifier, about: "Only records with any term of this taxonomy."),
        .init(name: "organization_id", form: .identifier, about: "Only services that this organization provides."),
        .init(
            name: "full_service", form: .boolean,
            about: "Fully nested organization with a service array that contains full service information."),
        .init(
            name: "postcode", form: .text,
            about:
                "A postcode of this region, if it has any: what serves it, or with `proximity` what lies that near to its centre."
        ),
        .init(
            name: "proximity", form: .integer(1...20_100_000),
            about: "Metres around `postcode`, `near`, or `latitude` and `longitude`, one of which it needs."),
    ]
}
