import Formats
import Kernel
import Storage

/// Turns a region's data set into records. Ids come from the entries' keys, so loading twice adds nothing.
struct DataSetLoader {
    private let data: DataSet
    private let region: String
    private let store: DirectoryStore
    private(set) var added: [Record] = []

    init(_ data: DataSet, region: String, into transaction: any Transaction) {
        self.data = data
        self.region = region
        store = DirectoryStore(transaction)
    }

    mutating func load() throws {
        for source in data.sources { try insert(source) }
        for taxonomy in data.vocabulary.taxonomies { try insert(taxonomy) }
        for entry in data.organizations { try insert(entry) }
        for line in data.lines { try insert(line) }
    }

    private func id(_ kind: RecordKind, _ key: String) -> Identifier<Record> {
        .named("\(region)/\(kind.rawValue)/\(key)")
    }

    /// True when the record is new; only then is anything said about it.
    private mutating func insert(_ record: Record) throws -> Bool {
        let isNew = try store.insert(record)
        if isNew { added.append(record) }
        return isNew
    }

    private func insert(_ source: SourceEntry) throws {
        try store.transaction.run(
            """
            INSERT INTO source (key, title, author, published, licence, url)
            VALUES (\(source.key), \(source.title), \(source.author), \(source.published), \(source.licence), \(source.url))
            ON CONFLICT (key) DO NOTHING
            """)
    }

    private mutating func insert(_ taxonomy: Vocabulary.Taxonomy) throws {
        let parent = id(.taxonomy, taxonomy.key)
        _ = try insert(
            Record(
                .taxonomy, id: parent, texts(["name": taxonomy.name["en"], "description": taxonomy.description["en"]])))
        for term in taxonomy.terms {
            let code = "\(taxonomy.key):\(term.code)"
            let record = Record(
                .taxonomyTerm, id: id(.taxonomyTerm, code),
                texts([
                    "code": code, "name": term.name["en"], "description": term.description["en"],
                    "taxonomy": taxonomy.key, "taxonomy_id": parent.description, "language": "en",
                ]))
            guard try insert(record) else { continue }
            for (field, text) in [("name", term.name["fr"]), ("description", term.description["fr"])] {
                try translate(field, text, of: record.id)
            }
        }
    }

    // MARK: Organizations, programs, services

    private mutating func insert(_ entry: OrganizationEntry) throws {
        let key = id(.organization, entry.key)
        let record = Record(
            .organization, id: key,
            texts([
                "name": entry.name, "alternate_name": entry.alternateNames.joined(separator: "; "),
                "description": entry.description ?? Self.noDescription.en, "website": entry.website, "kind": entry.kind,
            ]))
        guard try insert(record) else { return }
        try cite(entry.sources, key, note: entry.staffNote)
        if entry.description == nil { try translate("description", Self.noDescription.fr, of: key) }
        try translate("description", entry.descriptionFr, .machine, of: key)
        if let audience = entry.websiteAudience.flatMap(Audience.init), audience != .everyone {
            try store.write(audience, "website", of: key)
        }
        try describe(record, by: entry.terms)
        for place in entry.places { _ = try location(of: place, for: entry.key, organization: key) }
        for program in entry.programs { try insert(program, of: key) }
        for service in entry.services { try insert(service, of: entry, organization: key) }
    }

    private mutating func insert(_ entry: ProgramEntry, of organization: Identifier<Record>) throws {
        let record = Record(
            .program, id: id(.program, entry.key),
            texts(["organization_id": organization.description, "name": entry.name, "description": entry.description]))
        guard try insert(record) else { return }
        try cite(entry.sources, record.id)
        try translate("description", entry.descriptionFr, .machine, of: record.id)
        try describe(record, by: entry.terms)
    }

    private mutating func insert(
        _ entry: ServiceEntry, of parent: OrganizationEntry, organization: Identifier<Record>
    ) throws {
        let record = Record(
            .service, id: id(.service, entry.key),
            texts([
                "organization_id": organization.description,
                "program_id": entry.program.map { id(.program, $0).description },
                "name": entry.name, "description": entry.description, "status": "active",
            ]))
        guard try insert(record) else { return }
        let program = parent.programs.first { $0.key == entry.program }
        try cite(program?.sources ?? parent.sources, record.id, note: parent.staffNote)
        try translate("name", entry.nameFr, .machine, of: record.id)
        try translate("description", entry.descriptionFr, .machine, of: record.id)
        try describe(record, by: entry.terms + entry.access)
        for area in entry.areas { try serve(area, by: record) }
        for place in entry.places {
            guard entry.confidentialLocation != true else {
                try serve(place, by: record)
                continue
            }
            let location = try location(of: place, for: parent.key, organization: organization)
            _ = try insert(
                Record(
                    .serviceAtLocation, id: id(.serviceAtLocation, "\(entry.key)/\(place)"),
                    texts(["service_id": record.id.description, "location_id": location.description])))
        }
    }

    /// A place stated for an organization: the town, with the middle of the town as its position, and no address.
    private mutating func location(
        of place: String, for owner: String, organization: Identifier<Record>
    ) throws -> Identifier<Record> {
        let known = data.gazetteer[place]
        var record = Record(
            .location, id: id(.location, "\(owner)/\(place)"),
            texts([
                "organization_id": organization.description, "location_type": "physical",
                "name": known?.name ?? place, "external_identifier": place, "external_identifier_type": "waymark-place",
            ]))
        if let coordinate = known?.coordinate {
            record.values["latitude"] = .number(coordinate.latitude)
            record.values["longitude"] = .number(coordinate.longitude)
        }
        if try insert(record), known?.coordinate != nil {
            let fact = Fact(source: "geonames", note: "Middle of the town, not an address.")
            for field in ["latitude", "longitude"] { try store.write(fact, field, of: record.id) }
        }
        return record.id
    }

    private mutating func serve(_ area: String, by service: Record) throws {
        _ = try insert(
            Record(
                .serviceArea, id: id(.serviceArea, "\(service.id)/\(area)"),
                texts([
                    "service_id": service.id.description, "name": data.gazetteer[area]?.name ?? area, "extent": area,
                    "extent_type": "waymark-place",
                ])))
    }

    /// Terms are HSDS attributes, so that every export carries them.
    private mutating func describe(_ record: Record, by terms: [String]) throws {
        for term in Set(terms).sorted() where data.vocabulary.knows(term) {
            _ = try insert(
                Record(
                    .attribute, id: id(.attribute, "\(record.id)/\(term)"),
                    texts([
                        "link_id": record.id.description, "link_entity": record.kind.rawValue, "link_type": "taxonomy",
                        "taxonomy_term_id": id(.taxonomyTerm, term).description, "value": term,
                    ])))
        }
    }

    // MARK: Lines

    private mutating func insert(_ line: LineEntry) throws {
        guard let owner = line.organization,
            let service = data.organizations.first(where: { $0.key == owner })?.services.first
        else { return }
        let serviceId = id(.service, service.key)
        let phone = Record(
            .phone, id: id(.phone, line.key),
            texts([
                "service_id": serviceId.description, "number": line.number, "type": "voice",
                "description": line.purpose["en"],
            ]))
        guard try insert(phone) else { return }
        try translate("description", line.purpose["fr"], of: phone.id)
        try store.write(fact(of: line), "number", of: phone.id)
        if let audience = Audience(rawValue: line.audience), audience != .everyone {
            try store.write(audience, "number", of: phone.id)
        }
        for area in line.areas { try serve(area, by: Record(.service, id: serviceId)) }
        guard line.hours == "24/7" else { return }
        _ = try insert(
            Record(
                .schedule, id: id(.schedule, line.key),
                texts([
                    "service_id": serviceId.description, "freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR,SA,SU",
                    "opens_at": "00:00", "closes_at": "24:00", "zone": "America/Vancouver",
                ])))
    }

    /// Two sources that agree are the two checks the data set can show; later ones are made by people.
    private func fact(of line: LineEntry) -> Fact {
        let checks = line.checks.map { "\($0.by), from \($0.source)" }
        switch line.standing {
        case "confirmed" where checks.count >= 2:
            return Fact(source: line.key, checkedBy: checks[0], secondCheckedBy: checks[1], standing: .confirmed)
        case "conflict": return Fact(source: line.key, standing: .conflict, note: line.conflict)
        default: return Fact(source: line.key, checkedBy: checks.first)
        }
    }

    // MARK: What is said

    private func cite(_ sources: [CitationEntry], _ id: Identifier<Record>, note: String? = nil) throws {
        let published = sources.compactMap { source in data.sources.first { $0.key == source.document }?.published }
            .max()
        let text = sources.map(\.text).joined(separator: "; ")
        try store.write(Fact(source: text, asOf: published, note: note), "", of: id)
    }

    private func translate(
        _ field: String, _ text: String?, _ standing: Translation.Standing = .written, of id: Identifier<Record>
    ) throws {
        guard let text else { return }
        try store.write(Translation(text: text, standing: standing), field, .french, of: id)
    }

    private func texts(_ values: [String: String?]) -> [String: FieldValue] {
        values.compactMapValues { $0.flatMap { $0.isEmpty ? nil : .text($0) } }
    }

    private static let noDescription = (
        en: "Named in the network’s own documents. What it offers is not described there.",
        fr: "Nommé dans les documents du réseau. Ce qu’il offre n’y est pas décrit."
    )
}
