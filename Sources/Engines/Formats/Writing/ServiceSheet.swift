import Kernel

/// One row per service for people with a spreadsheet: UTF-8 with a byte order mark, which Excel needs; several values of one
/// kind are joined by `; `. Formulas are guarded.
package struct ServiceSheet: TreeWriter {
    private var csv = CSVText(guardsFormulas: true)

    package init() {}

    package static let columns = [
        "Service", "Organization", "What it is", "Status", "Needs", "For whom", "Other terms", "Who may come",
        "From age", "To age", "Languages", "Phone", "E-mail", "Website", "Place", "Address", "City", "Province",
        "Postal code", "Country", "Latitude", "Longitude", "Area served", "Hours", "How to apply", "Cost", "Alert",
        "Last checked", "Service id", "Organization id",
    ]

    package mutating func opening() -> [UInt8] {
        csv.row(Self.columns)
        return [0xef, 0xbb, 0xbf] + csv.taken()
    }

    package mutating func bytes(of tree: RecordTree) -> [UInt8] {
        let places = tree.spots.map(\.place)
        let addresses = places.compactMap(\.address)
        func each(_ field: String) -> CSVText.Cell { Self.joined(addresses.compactMap { $0.text(field) }) }
        let streets = addresses.map { address in
            ["attention", "address_1", "address_2"].compactMap { address.text($0) }.joined(separator: ", ")
        }
        let position = places.compactMap(\.coordinate).first
        let others = tree.terms.filter { !$0.hasPrefix("need:") && !$0.hasPrefix("population:") }
        csv.row([
            .text(tree.text("name")), .text(tree.organization?.text("name")), .text(tree.text("description")),
            .text(tree.text("status")), Self.joined(tree.terms(of: "need")), Self.joined(tree.terms(of: "population")),
            Self.joined(others), .text(tree.text("eligibility_description")),
            .number(tree.record.number("minimum_age")), .number(tree.record.number("maximum_age")),
            Self.joined(tree.languages), Self.joined(tree.phones.compactMap(\.dialled)), .text(tree.email),
            .text(tree.website), Self.joined(places.compactMap { $0.text("name") }), Self.joined(streets),
            each("city"), each("state_province"), each("postal_code"), each("country"),
            .number(position?.latitude), .number(position?.longitude), Self.joined(tree.areas),
            Self.joined(tree.hours), .text(tree.text("application_process")),
            .text(tree.text("fees_description") ?? tree.text("fees")), .text(tree.text("alert")),
            .text(tree.verified), .text(tree.record.id.description),
            .text(tree.organization?.record.id.description ?? tree.text("organization_id")),
        ])
        return csv.taken()
    }

    package func closing() -> [UInt8] { [] }

    private static func joined(_ texts: [String]) -> CSVText.Cell {
        var seen: Set<String> = []
        return .text(texts.filter { !$0.isEmpty && seen.insert($0).inserted }.joined(separator: "; "))
    }
}
