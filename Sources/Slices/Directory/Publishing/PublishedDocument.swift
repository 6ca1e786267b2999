import Formats
import Kernel

/// What everybody may read of one record, ready to send, and what it can be found by. Made of projections alone.
struct PublishedDocument: Sendable {
    struct Facet: Hashable, Sendable {
        enum Name: String, Sendable { case term, taxonomy, language, vocabulary, area }

        let name: Name
        let value: String
    }

    let kind: RecordKind
    let id: Identifier<Record>
    private let list: [UInt8]
    private let full: [UInt8]
    /// Where the moment of the last change stands, which is not known before the document is compared with the one before.
    private let momentInList: Range<Int>?
    private let momentInFull: Range<Int>?
    /// Where members stand in `full` that some answers leave out.
    let organizationRange: Range<Int>
    let placesRange: Range<Int>
    var organization: Identifier<Record>?
    var parent: Identifier<Record>?
    var facets: Set<Facet> = []
    var points: [Coordinate] = []
    /// In the form of `OpeningHours.pattern`.
    var hours: String?
    var text = ""
    /// The services at locations of a service.
    var places: [PublishedDocument] = []

    private init(_ tree: RecordTree, adding: [(name: String, text: String)] = []) {
        (kind, id) = (tree.record.kind, tree.record.id)
        let (list, listMarks) = HSDSJSON.marked(tree, isList: true, adding: adding)
        let (full, marks) = HSDSJSON.marked(tree, isList: false, adding: adding)
        (self.list, self.full) = (list, full)
        momentInList = listMarks["last_modified"]
        momentInFull = marks["last_modified"]
        organizationRange = marks["organization"] ?? 0..<0
        placesRange = marks["service_at_locations"] ?? 0..<0
    }

    /// Nil for what would not be HSDS without its withheld fields.
    init?(_ listing: Projected<Listing>) {
        guard var tree = listing.tree.conforming else { return nil }
        if tree.record.kind == .service { tree.record["last_modified"] = Self.unknownMoment }
        let (origin, steward) = (listing.value.origin, listing.value.steward?.name)
        self.init(
            tree,
            adding: [("origin", origin), ("steward", steward)].compactMap { name, text in text.map { (name, $0) } })
        organization = tree.record.reference("organization_id")
        parent = tree.record.reference("parent_id")
        hours = listing.hours?.pattern
        points = listing.locations.compactMap(\.coordinate)
        facets = Self.facets(listing)
        var texts = Self.texts(listing)
        texts += listing.locations.flatMap(Self.texts)
        text = texts.joined(separator: "\n")
        let trees = Dictionary(
            uniqueKeysWithValues: (tree.members["service_at_locations"] ?? []).map { ($0.record.id, $0) })
        for place in listing.members("service_at_locations") {
            guard let tree = trees[place.record.id] else { continue }
            places.append(Self(place, tree, of: self, texts: Self.texts(listing), hours: listing.hours(at: place)))
        }
    }

    private init(
        _ place: Listing, _ tree: RecordTree, of service: PublishedDocument, texts: [String], hours: OpeningHours?
    ) {
        self.init(tree)
        organization = service.organization
        let locations = place.members["location"] ?? []
        points = locations.compactMap(\.coordinate)
        self.hours = hours?.pattern
        text = (texts + locations.flatMap(Self.texts)).joined(separator: "\n")
    }

    private static func facets(_ listing: Projected<Listing>) -> Set<Facet> {
        var facets = Set((listing.areas + listing.places).map { Facet(name: .area, value: $0) })
        let attributes =
            listing.members("attributes")
            + listing.members("service_at_locations").flatMap { $0.members["attributes"] ?? [] }
        for attribute in attributes {
            if let value = attribute.record["value"] { facets.insert(Facet(name: .vocabulary, value: value)) }
            guard let term = attribute.members["taxonomy_term"]?.first?.record else { continue }
            facets.insert(Facet(name: .term, value: term.id.description))
            if let taxonomy = term["taxonomy_id"] { facets.insert(Facet(name: .taxonomy, value: taxonomy)) }
        }
        if listing.record.kind == .taxonomyTerm, let taxonomy = listing.record["taxonomy_id"] {
            facets.insert(Facet(name: .taxonomy, value: taxonomy))
        }
        for language in listing.members("languages") {
            guard let code = language.record["code"] else { continue }
            facets.insert(Facet(name: .language, value: code.lowercased()))
        }
        return facets
    }

    private static let searched = [
        "name", "alternate_name", "description", "eligibility_description", "code", "city", "region",
    ]

    private static func texts(_ listing: Projected<Listing>) -> [String] {
        let terms = listing.members("attributes").flatMap { $0.members["taxonomy_term"] ?? [] }
        return texts(listing.value) + (listing.organization.map { [$0.record["name"] ?? ""] } ?? [])
            + terms.compactMap { $0.record["name"] }
    }

    private static func texts(_ listing: Listing) -> [String] {
        searched.flatMap { field in
            [listing.record[field]].compactMap(\.self)
                + (listing.translations[field] ?? [:]).values.map(\.text).sorted()
        } + (listing.members["addresses"] ?? []).flatMap(texts)
    }

    // MARK: When it changed

    private static let unknownMoment = "0000-00-00T00:00:00Z"

    /// The same for the same content, whenever it was published.
    var fingerprint: Int64 {
        var fingerprint = Fingerprint()
        fingerprint.add(full)
        fingerprint.add(list)
        fingerprint.add(text.utf8)
        fingerprint.add((hours ?? "").utf8)
        for facet in facets.map({ "\($0.name.rawValue) \($0.value)" }).sorted() { fingerprint.add(facet.utf8) }
        return fingerprint.number
    }

    func list(at moment: Instant) -> [UInt8] { Self.stamped(list, momentInList, moment) }
    func full(at moment: Instant) -> [UInt8] { Self.stamped(full, momentInFull, moment) }

    /// The moment has the length of the one it replaces, so that ranges stay true.
    private static func stamped(_ bytes: [UInt8], _ range: Range<Int>?, _ moment: Instant) -> [UInt8] {
        guard let end = range?.upperBound else { return bytes }
        var stamped = bytes
        stamped.replaceSubrange(end - 1 - unknownMoment.utf8.count..<end - 1, with: moment.description.utf8)
        return stamped
    }
}

extension Projected<Listing> {
    /// The hours of one place: its own, else those of its location, else those of the service itself.
    func hours(at place: Listing) -> OpeningHours? {
        let levels = [[place], place.members["location"] ?? [], [value]]
        let stated = levels.first { owners in
            owners.contains { $0.hoursAreUntold || $0.members["schedules"]?.isEmpty == false }
        }
        guard let stated, !stated.contains(where: \.hoursAreUntold) else { return nil }
        let schedules = stated.flatMap { $0.members["schedules"] ?? [] }
        let rules = schedules.compactMap { OpeningRule(schedule: $0.record) }
        return rules.count == schedules.count ? try? OpeningHours(rules: rules) : nil
    }
}
