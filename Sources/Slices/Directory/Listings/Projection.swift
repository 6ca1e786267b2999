import Formats
package import Kernel

/// What a viewer may see of a `Value`. Made by `project` alone, so a page, an export or a search document that takes one
/// cannot be given a withheld field.
package struct Projected<Value: Sendable>: Sendable {
    package let value: Value

    fileprivate init(_ value: Value) { self.value = value }
}

extension Projected<Listing> {
    /// Without what stands in it for the standard alone.
    var ofPage: Projected<Listing> { Projected(value.ofPage(under: nil)) }

    /// What `PageForm` wrote of a projection.
    init(_ form: PageForm.Bytes) throws { self.init(try form.listing()) }
}

extension Listing {
    fileprivate func ofPage(under parent: RecordKind?) -> Listing {
        let kind = record.kind
        var listing = self
        listing.members = [:]
        for member in kind.object.members where ListingLoader.isOnPage(member, kind, parent) {
            listing.members[member.name] = members[member.name]?.map { $0.ofPage(under: kind) }
        }
        return listing
    }
}

extension Proposal {
    /// A proposal is seen by whoever sees the field it is about. One that names another record shows no more than its id.
    func projected(in listing: Listing, for viewer: Actor) -> Projected<ReviewItem>? {
        guard listing.shows(field, of: record, to: viewer), let part = listing.part(record) else { return nil }
        let names = listing.projected(for: viewer)?.value.record
        let now = topic == .value ? part.record.values[field]?.written : valueThen
        return Projected(ReviewItem(proposal: self, valueNow: now, listing: names?["name"] ?? ""))
    }

    /// Its record is gone: for those who see everything.
    func orphaned(for viewer: Actor) -> Projected<ReviewItem>? {
        guard viewer.may(.seeWithheld) else { return nil }
        return Projected(ReviewItem(proposal: self, valueNow: nil, listing: ""))
    }
}

extension Listing {
    /// The one place that decides who sees what. Nil when the record itself is not for `viewer`; then nothing under it is.
    package func projected(for viewer: Actor) -> Projected<Listing>? {
        // A history entry by itself has lost the field it is about, so nobody can say who may see it.
        if record.kind == .metadata, !viewer.may(.seeWithheld) { return nil }
        guard let seen = visible(to: viewer, placeIsHidden: false) else { return nil }
        if viewer.may(.seeWithheld) { return Projected(seen) }
        let there = Set(seen.ids)
        return Projected(
            seen.keepingReferences { id in
                there.contains(id) || pointed[id]?.visible(to: viewer, placeIsHidden: false) != nil
            })
    }

    /// True when `viewer` sees `field` of the record `id` in this listing, whether or not it has a value; an empty name asks
    /// for the record.
    func shows(_ field: String, of id: Identifier<Record>, to viewer: Actor) -> Bool {
        guard let seen = having(field, of: id).projected(for: viewer)?.value.part(id) else { return false }
        return field.isEmpty || seen.record.values[field] != nil
    }

    /// The record `id` in this listing.
    func part(_ id: Identifier<Record>) -> Listing? {
        if record.id == id { return self }
        for member in members.values.joined() {
            if let part = member.part(id) { return part }
        }
        return nil
    }

    private func having(_ field: String, of id: Identifier<Record>) -> Listing {
        var copy = self
        if record.id == id, !field.isEmpty, record.values[field] == nil { copy.record.values[field] = .text("?") }
        copy.members = members.mapValues { $0.map { $0.having(field, of: id) } }
        return copy
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
        (seen.steward, seen.origin) = (steward, origin)
        let told = (members["metadata"] ?? []).filter { entry in
            entry.record["field_name"].map { isVisible($0, to: viewer, placeIsHidden: placeIsHidden) } ?? true
        }
        seen.changes = told.compactMap { $0.dated(for: viewer) }
        for (name, listings) in members {
            let told = name == "metadata" ? told : listings
            seen.members[name] = told.compactMap { $0.visible(to: viewer, placeIsHidden: placeIsHidden) }
            if seen.members[name]?.isEmpty == true { seen.record.values[HSDSMember.reference(of: name)] = nil }
        }
        if withholdsHours(from: viewer) {
            seen.members["schedules"] = nil
            seen.hoursAreUntold = true
        }
        return seen
    }

    /// Half of the hours would be wrong ones, such as those of a row whose last day is withheld. A row that is withheld
    /// altogether leaves the others as they are, unless it is an exception to them or none is left.
    private func withholdsHours(from viewer: Actor) -> Bool {
        let rows = members["schedules"] ?? []
        let told = rows.filter { viewer.sees($0.audience(of: "")) }
        if told.isEmpty { return !rows.isEmpty }
        return rows.contains { row in
            guard viewer.sees(row.audience(of: "")) else { return row.record["exception"] != nil }
            return row.record.values.keys.contains { field in
                !Self.scheduleRemarks.contains(field) && !viewer.sees(row.audience(of: field))
            }
        }
    }

    private static let scheduleRemarks: Set<String> = ["description", "notes", "schedule_link", "attending_type"]

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

    /// The day of a history entry, without its values, unless somebody withheld the entry itself.
    private func dated(for viewer: Actor) -> DatedChange? {
        let isWithheld = ["", "field_name", "last_action_date"].contains { field in
            audiences[field].map { !viewer.sees($0) } ?? false
        }
        guard !isWithheld, let kind = record["resource_type"].flatMap(RecordKind.init),
            let field = record["field_name"], kind.object.field(field) != nil,
            let day = record["last_action_date"].flatMap(Day.init)
        else { return nil }
        return DatedChange(kind: kind, field: field, day: day)
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
