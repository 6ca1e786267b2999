import Kernel

/// RFC 7946: one feature per service and place, at the place; a service without a place, or a place without a position that
/// may be shown, has `geometry: null`. Positions are WGS 84, longitude first.
package struct GeoJSONFeatures: TreeWriter {
    private var isFirst = true

    package init() {}

    package func opening() -> [UInt8] { Array(#"{"type":"FeatureCollection","features":["#.utf8) }

    package mutating func bytes(of tree: RecordTree) -> [UInt8] {
        var bytes: [UInt8] = []
        let spots: [(at: RecordTree?, place: RecordTree?)] = tree.spots.map { ($0.at, $0.place) }
        for spot in spots.isEmpty ? [(nil, nil)] : spots {
            bytes += Array((isFirst ? "\n" : ",\n").utf8)
            isFirst = false
            bytes += Self.feature(of: tree, at: spot.at, spot.place)
        }
        return bytes
    }

    package func closing() -> [UInt8] { Array("\n]}\n".utf8) }

    private static func feature(of tree: RecordTree, at: RecordTree?, _ place: RecordTree?) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("type", "Feature")
            json.member("id", (at ?? tree).record.id.description)
            json.key("geometry")
            if let position = place?.coordinate {
                json.object { json in
                    json.member("type", "Point")
                    json.key("coordinates")
                    json.array { json in
                        json.number(position.longitude)
                        json.number(position.latitude)
                    }
                }
            } else {
                json.raw("null".utf8)
            }
            json.key("properties")
            json.object { properties(of: tree, place, &$0) }
        }
        return json.bytes
    }

    private static func properties(of tree: RecordTree, _ place: RecordTree?, _ json: inout JSONText) {
        json.member("service_id", tree.record.id.description)
        json.member("name", tree.text("name"))
        json.member("organization", tree.organization?.text("name"))
        json.member("description", tree.text("description"))
        json.member("status", tree.text("status"))
        json.member("place", place?.text("name"))
        for field in ["address_1", "address_2", "city", "state_province", "postal_code", "country"] {
            json.member(field, place?.address?.text(field))
        }
        json.member("phone", tree.phones.first?.dialled)
        json.member("email", tree.email)
        json.member("url", tree.website)
        json.member("hours", tree.hours.isEmpty ? nil : tree.hours.joined(separator: "; "))
        json.member("last_checked", tree.verified)
        guard !tree.terms.isEmpty else { return }
        json.key("terms")
        json.array { json in
            for term in tree.terms { json.text(term) }
        }
    }
}
