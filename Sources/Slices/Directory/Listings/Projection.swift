import Formats
package import Kernel

/// What a viewer may see of a `Value`. Made by `project` alone, so a page, an export or a search document that takes one
/// cannot be given a withheld field.
package struct Projected<Value: Sendable>: Sendable {
    package let value: Value

    fileprivate init(_ value: Value) { self.value = value }
}

extension Listing {
    /// The one place that decides who sees what. Nil when the record itself is not for `viewer`; then nothing under it is.
    package func projected(for viewer: Actor) -> Projected<Listing>? {
        visible(to: viewer, placeIsHidden: false).map(Projected.init)
    }

    private func visible(to viewer: Actor, placeIsHidden: Bool) -> Listing? {
        guard viewer.sees(audience(of: "")) else { return nil }
        let placeIsHidden = placeIsHidden || hidesPlace(from: viewer)
        var seen = Listing(record)
        for field in record.values.keys where !isVisible(field, to: viewer, placeIsHidden: placeIsHidden) {
            seen.record.values[field] = nil
        }
        if missesIdentity(seen.record) { return nil }
        let visibleFields = { (field: String) in field.isEmpty || seen.record.values[field] != nil }
        seen.facts = facts.filter { visibleFields($0.key) }.mapValues { fact in
            var fact = fact
            if !viewer.may(.seeWithheld) { fact.note = nil }
            return fact
        }
        if viewer.may(.seeWithheld) { seen.audiences = audiences }
        seen.translations = translations.filter { visibleFields($0.key) }
        seen.steward = steward
        for (name, listings) in members {
            seen.members[name] = listings.compactMap { $0.visible(to: viewer, placeIsHidden: placeIsHidden) }
            if seen.members[name]?.isEmpty == true { seen.record.values[HSDSMember.reference(of: name)] = nil }
        }
        return seen
    }

    /// The circle that may see `field`; an empty name stands for the whole record.
    func audience(of field: String) -> Audience {
        let chosen = audiences[field] ?? Self.usualAudience(record.kind, field)
        if facts[field]?.standing == .conflict { return max(chosen, .nobody) }
        if field.isEmpty, steward?.permission == .ask { return .nobody }
        return chosen
    }

    private func isVisible(_ field: String, to viewer: Actor, placeIsHidden: Bool) -> Bool {
        guard viewer.sees(audience(of: field)) else { return false }
        return !(placeIsHidden && Self.placeFields[record.kind, default: []].contains(field))
    }

    /// A site whose position or street is withheld loses all that leads to its door, not only the withheld field.
    private func hidesPlace(from viewer: Actor) -> Bool {
        guard record.kind == .location else { return false }
        let own = ["latitude", "longitude"].contains { !viewer.sees(audience(of: $0)) }
        let addresses = members["addresses"] ?? []
        return own
            || addresses.contains { address in
                ["", "address_1", "address_2", "postal_code"].contains { !viewer.sees(address.audience(of: $0)) }
            }
    }

    private static let placeFields: [RecordKind: Set<String>] = [
        .location: ["latitude", "longitude", "transportation", "url", "external_identifier"],
        .address: ["attention", "address_1", "address_2", "postal_code"],
        .accessibility: ["description", "details", "url"],
    ]

    /// A record without what makes it one (a phone without its number) is absent. Addresses keep city and province.
    private func missesIdentity(_ seen: Record) -> Bool {
        let identity: [RecordKind: String] = [
            .service: "name", .organization: "name", .program: "name", .phone: "number", .url: "url",
        ]
        return identity[record.kind].map { seen.values[$0] == nil } ?? false
    }

    /// Names of people who work at a place, and histories of values, are not public unless somebody says so.
    private static func usualAudience(_ kind: RecordKind, _ field: String) -> Audience {
        switch (kind, field) {
        case (.contact, _): .partner
        case (.metadata, _): .vetted
        case (.service, "assurer_email"): .vetted
        default: .everyone
        }
    }
}
