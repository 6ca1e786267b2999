import Formats
import Kernel
import Storage

extension DirectoryStore {
    /// The services, organizations, taxonomies and terms that show `record`: where a change of it must be seen.
    func owners(of record: Record) throws -> [Record] { try owners(of: [record]) }

    func owners(of records: [Record]) throws -> [Record] {
        try holders(of: records) + pointers(to: records)
    }

    /// What shows no more of a service or organization than its id, which must go when the record is withheld: a place of
    /// one organization where another gives a service, a phone of two services.
    private func pointers(to records: [Record]) throws -> [Record] {
        try [RecordKind.service, .organization].flatMap { target -> [Record] in
            let records = records.filter { $0.kind == target }
            return try RecordKind.allCases.flatMap { kind -> [Record] in
                let references = Reference.all[kind] ?? []
                guard !Reference.standing.contains(kind), kind != .serviceAtLocation,
                    let reference = references.first(where: { $0.target == target }),
                    references.count > 1 || [.location, .program].contains(kind)
                else { return [] }
                let children = try children(of: records, kind, by: reference.field).filter { child in
                    references.count == 1
                        || references.contains { $0.field != reference.field && child[$0.field] != nil }
                }
                return try holders(of: children)
            }
        }
    }

    /// The same of what is above each record alone: enough for records that nothing can point to yet.
    func holders(of records: [Record]) throws -> [Record] {
        try Dictionary(grouping: records, by: \.kind).sorted { $0.key.rank < $1.key.rank }
            .flatMap { try holders(of: $1, all: $0) }
    }

    private func holders(of records: [Record], all kind: RecordKind) throws -> [Record] {
        switch kind {
        case .service:
            // Without a service to find, its organization stands for itself.
            return try records + above(records, by: "organization_id", .organization)
        case .organization:
            let all = try records + children(of: records, .organization, by: "parent_organization_id")
            return try all + children(of: all, .service, by: "organization_id")
        case .program:
            return try children(of: records, .service, by: "program_id")
                + parents(of: records, by: [("organization_id", .organization)])
        case .taxonomy:
            return try records + holders(of: children(of: records, .taxonomyTerm, by: "taxonomy_id"))
        case .taxonomyTerm:
            let all = try records + children(of: records, .taxonomyTerm, by: "parent_id")
            return try all + holders(of: children(of: all, .attribute, by: "taxonomy_term_id"))
        case .unit: return try holders(of: children(of: records, .serviceCapacity, by: "unit_id"))
        case .location:
            return try holders(of: children(of: records, .serviceAtLocation, by: "location_id"))
                + parents(of: records, by: [("organization_id", .organization)])
        case .serviceAtLocation: return try parents(of: records, by: [("service_id", .service)])
        case .attribute, .metadata: return try linked(records)
        default:
            return try parents(
                of: records,
                by: [
                    ("service_id", .service), ("service_at_location_id", .serviceAtLocation),
                    ("location_id", .location),
                    ("organization_id", .organization), ("contact_id", .contact), ("phone_id", .phone),
                ])
        }
    }

    private func children(of records: [Record], _ kind: RecordKind, by reference: String) throws -> [Record] {
        try self.records(kind, where: reference, in: records.map(\.id.description))
    }

    private func above(_ records: [Record], by field: String, _ kind: RecordKind) throws -> [Record] {
        let ids = Set(records.compactMap { $0.reference(field)?.description })
        return try self.records(kind, where: "id", in: ids.sorted())
    }

    private func parents(of records: [Record], by references: [(field: String, kind: RecordKind)]) throws -> [Record] {
        try references.flatMap { try holders(of: above(records, by: $0.field, $0.kind)) }
    }

    private func linked(_ records: [Record]) throws -> [Record] {
        var ids: [RecordKind: Set<String>] = [:]
        for record in records {
            guard let id = record.reference("link_id") ?? record.reference("resource_id"),
                let kind = (record["link_entity"] ?? record["resource_type"]).flatMap(RecordKind.init)
            else { continue }
            ids[kind, default: []].insert(id.description)
        }
        return try ids.sorted { $0.key.rank < $1.key.rank }.flatMap { kind, ids in
            try holders(of: self.records(kind, where: "id", in: ids.sorted()))
        }
    }
}
