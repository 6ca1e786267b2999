import Kernel

/// Who does what where: one row per service and place, with a row of HXL 1.1 hashtags under the headings. Source of the
/// tags: the HXL hashtag dictionary, hxlstandard.org/standard/1-1final/dictionary.
package struct WhoWhatWhereSheet: TreeWriter {
    private var csv = CSVText(guardsFormulas: true)

    package init() {}

    package static let columns = [
        ("Organization", "#org+name"), ("Organization id", "#org+id"), ("Service", "#service+name"),
        ("Service id", "#service+id"), ("Needs", "#sector+list"), ("Activities", "#activity+list"),
        ("For whom", "#beneficiary+type+list"), ("Status", "#status"), ("Country", "#country+code"),
        ("Province", "#adm1+name"), ("Region", "#adm2+name"), ("City", "#loc+city+name"), ("Place", "#loc+name"),
        ("Address", "#loc+address"), ("Area served", "#region+name+list"), ("Latitude", "#geo+lat"),
        ("Longitude", "#geo+lon"), ("Phone", "#contact+phone"), ("E-mail", "#contact+email"),
        ("Website", "#contact+url"), ("Last checked", "#date+verified"),
    ]

    package mutating func opening() -> [UInt8] {
        // Tags begin with `#` and are no formulas.
        csv.row(Self.columns.map(\.0))
        csv.row(Self.columns.map(\.1))
        return csv.taken()
    }

    package mutating func bytes(of tree: RecordTree) -> [UInt8] {
        let places = tree.spots.map(\.place)
        if places.isEmpty { row(tree, at: nil) }
        for place in places { row(tree, at: place) }
        return csv.taken()
    }

    package func closing() -> [UInt8] { [] }

    private mutating func row(_ tree: RecordTree, at place: RecordTree?) {
        let address = place?.address
        let street = ["address_1", "address_2"].compactMap { address?.text($0) }.joined(separator: ", ")
        let activities = tree.terms.filter { !$0.hasPrefix("need:") && !$0.hasPrefix("population:") }
        func joined(_ texts: [String]) -> CSVText.Cell { .text(texts.joined(separator: "; ")) }
        csv.row([
            .text(tree.organization?.text("name")),
            .text(tree.organization?.record.id.description ?? tree.text("organization_id")), .text(tree.text("name")),
            .text(tree.record.id.description), joined(tree.terms(of: "need")), joined(activities),
            joined(tree.terms(of: "population")), .text(tree.text("status")), .text(address?.text("country")),
            .text(address?.text("state_province")), .text(address?.text("region")), .text(address?.text("city")),
            .text(place?.text("name")), .text(street), joined(tree.areas), .number(place?.coordinate?.latitude),
            .number(place?.coordinate?.longitude), joined(tree.phones.compactMap(\.dialled)), .text(tree.email),
            .text(tree.website), .text(tree.verified),
        ])
    }
}
