import Formats
import Kernel
import Storage

extension DirectoryStore {
    /// The services, organizations, taxonomies and terms that show `record`: where a change of it must be seen.
    func owners(of record: Record) throws -> [Record] {
        try holders(of: record) + pointers(to: record)
    }

    /// What shows no more of a service or organization than its id, which must go when the record is withheld: a place of
    /// one organization where another gives a service, a phone of two services.
    private func pointers(to record: Record) throws -> [Record] {
        guard [.service, .organization].contains(record.kind) else { return [] }
        return try RecordKind.allCases.flatMap { kind -> [Record] in
            let references = Reference.all[kind] ?? []
            guard !Reference.standing.contains(kind), kind != .serviceAtLocation,
                let reference = references.first(where: { $0.target == record.kind }),
                references.count > 1 || [.location, .program].contains(kind)
            else { return [] }
            return try children(of: record, kind, by: reference.field).filter { child in
                references.count == 1 || references.contains { $0.field != reference.field && child[$0.field] != nil }
            }.flatMap(holders)
        }
    }

    private func holders(of record: Record) throws -> [Record] {
        switch record.kind {
        case .service:
            // Without a service to find, its organization stands for itself.
            return try [record]
                + (record.reference("organization_id").flatMap { try self.record(.organization, $0) }.map { [$0] } ?? [])
        case .organization:
            let below = try children(of: record, .organization, by: "parent_organization_id")
            return try [record] + below
                + ([record] + below).flatMap { try children(of: $0, .service, by: "organization_id") }
        case .program:
            return try children(of: record, .service, by: "program_id")
                + parents(of: record, by: [("organization_id", .organization)])
        case .taxonomy:
            return try [record] + children(of: record, .taxonomyTerm, by: "taxonomy_id").flatMap(holders)
        case .taxonomyTerm:
            let below = try children(of: record, .taxonomyTerm, by: "parent_id")
            return try [record] + below
                + ([record] + below).flatMap { try children(of: $0, .attribute, by: "taxonomy_term_id") }
                .flatMap(holders)
        case .unit: return try children(of: record, .serviceCapacity, by: "unit_id").flatMap(holders)
        case .location:
            return try children(of: record, .serviceAtLocation, by: "location_id").flatMap(holders)
                + parents(of: record, by: [("organization_id", .organization)])
        case .serviceAtLocation: return try parents(of: record, by: [("service_id", .service)])
        case .attribute, .metadata: return try linked(record)
        default:
            return try parents(
                of: record,
                by: [
                    ("service_id", .service), ("service_at_location_id", .serviceAtLocation),
                    ("location_id", .location),
                    ("organization_id", .organization), ("contact_id", .contact), ("phone_id", .phone),
                ])
        }
    }

    private func children(of record: Record, _ kind: RecordKind, by reference: String) throws -> [Record] {
        try records(kind, where: reference, in: [record.id.description])
    }

    private func parents(of record: Record, by references: [(field: String, kind: RecordKind)]) throws -> [Record] {
        var found: [Record] = []
        for (field, kind) in references {
            guard let id = record.reference(field), let parent = try self.record(kind, id) else { continue }
            found += try holders(of: parent)
        }
        return found
    }

    private func linked(_ record: Record) throws -> [Record] {
        let id = record.reference("link_id") ?? record.reference("resource_id")
        let kind = (record["link_entity"] ?? record["resource_type"]).flatMap(RecordKind.init)
        guard let id, let kind, let target = try self.record(kind, id) else { return [] }
        return try holders(of: target)
    }
}
