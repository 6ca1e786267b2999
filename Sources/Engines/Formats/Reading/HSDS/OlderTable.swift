/// The tables of HSDS 1.1 and 2.0. Source: `datapackage.json` of openreferral/specification, branches 1.1 and 2.0.
enum OlderTable: String, CaseIterable {
    case organization, program, service, location, phone, contact, schedule, funding, eligibility, language, taxonomy
    case metadata
    case serviceAtLocation = "service_at_location"
    case serviceAttribute = "service_attribute"
    case otherAttribute = "other_attribute"
    case serviceTaxonomy = "service_taxonomy"
    case physicalAddress = "physical_address"
    case postalAddress = "postal_address"
    case regularSchedule = "regular_schedule"
    case holidaySchedule = "holiday_schedule"
    case serviceArea = "service_area"
    case requiredDocument = "required_document"
    case paymentAccepted = "payment_accepted"
    case accessibility = "accessibility_for_disabilities"
    case taxonomyTerm = "taxonomy_term"
    case costOption = "cost_option"
    case metaTable = "meta_table_description"

    /// True for the tables that HSDS 3 has no more.
    var isGone: Bool { RecordKind(rawValue: rawValue) == nil }

    static func named(_ name: String) -> OlderTable? { byName[TableNames.stem(name)] }

    private static let byName: [String: OlderTable] = {
        var names: [String: OlderTable] = [
            "services_at_location": .serviceAtLocation, "services_at_locations": .serviceAtLocation,
            "services_taxonomy": .serviceTaxonomy, "service_taxonomys": .serviceTaxonomy,
            "payments_accepted": .paymentAccepted, "eligibilitys": .eligibility,
            "accessibility_for_disabilities": .accessibility, "taxonomys": .taxonomy,
        ]
        for table in OlderTable.allCases {
            for name in TableNames.spellings(of: table.rawValue) { names[name] = table }
        }
        return names
    }()
}

/// A row of such a table, its columns by name.
struct OlderRow {
    var table: OlderTable
    var values: [String: String]
    var origin: Origin

    subscript(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }
}
