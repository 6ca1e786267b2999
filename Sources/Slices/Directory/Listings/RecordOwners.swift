import Formats
import Kernel
import Storage

extension DirectoryStore {
    /// The services and organizations that show `record`: where a change of it must be seen.
    func owners(of record: Record) throws -> [Record] {
        switch record.kind {
        case .service: return [record]
        case .organization:
            return [record] + (try records(.service, where: "organization_id", in: [record.id.description]))
        case .program: return try records(.service, where: "program_id", in: [record.id.description])
        case .location:
            let here = try records(.serviceAtLocation, where: "location_id", in: [record.id.description])
            return try here.flatMap(owners) + parents(of: record, by: [("organization_id", .organization)])
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
