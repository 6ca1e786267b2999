import Formats
import Kernel
import Storage

extension DirectoryStore {
    /// The services, organizations, taxonomies and terms that show `record`: where a change of it must be seen.
    func owners(of record: Record) throws -> [Record] {
        switch record.kind {
        case .service:
            // Without a service to find, its organization stands for itself.
            return try [record]
                + (record.reference("organization_id").flatMap { try self.record(.organization, $0) }.map { [$0] } ?? [])
        case .organization:
            return try [record] + children(of: record, .service, by: "organization_id")
                + children(of: record, .organization, by: "parent_organization_id")
        case .program:
            return try children(of: record, .service, by: "program_id")
                + parents(of: record, by: [("organization_id", .organization)])
        case .taxonomy:
            return try [record] + children(of: record, .taxonomyTerm, by: "taxonomy_id").flatMap(owners)
        case .taxonomyTerm:
            return try [record] + children(of: record, .taxonomyTerm, by: "parent_id")
                + children(of: record, .attribute, by: "taxonomy_term_id").flatMap(owners)
        case .unit: return try children(of: record, .serviceCapacity, by: "unit_id").flatMap(owners)
        case .location:
            return try children(of: record, .serviceAtLocation, by: "location_id").flatMap(owners)
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
            found += try owners(of: parent)
        }
        return found
    }

    private func linked(_ record: Record) throws -> [Record] {
        let id = record.reference("link_id") ?? record.reference("resource_id")
        let kind = (record["link_entity"] ?? record["resource_type"]).flatMap(RecordKind.init)
        guard let id, let kind, let target = try self.record(kind, id) else { return [] }
        return try owners(of: target)
    }
}
