import Formats
import Kernel
import Storage

/// Pages of listings out of the node's own file, for everybody.
extension Publications {
    func listing(_ kind: RecordKind, _ id: Identifier<Record>) async throws -> Projected<Listing>? {
        try await read { transaction in
            try transaction.row("SELECT json FROM page_form WHERE kind = \(kind.rawValue) AND id = \(id)")
                .map { try Projected(PageForm.Bytes($0)) }
        }
    }

    /// Services and organizations in the order of `ids`; those that are not there are left out.
    func listings(_ ids: [Identifier<Record>]) async throws -> [Projected<Listing>] {
        try await read { transaction in
            try ids.compactMap { id in
                try transaction.row(
                    "SELECT json FROM page_form WHERE kind IN ('service', 'organization') AND id = \(id)"
                ).map { try Projected(PageForm.Bytes($0)) }
            }
        }
    }

    /// The services of an organization by name.
    func services(of organization: Identifier<Record>) async throws -> [Projected<Listing>] {
        try await read { transaction in
            try transaction.rows(
                "SELECT json FROM page_form WHERE organization = \(organization) AND kind = 'service'"
            ).map { try Projected(PageForm.Bytes($0)) }
        }.sorted { ($0.record["name"] ?? "", $0.id) < ($1.record["name"] ?? "", $1.id) }
    }
}

extension DocumentWriter {
    /// - Parameter ids: all that were looked at; those without a form are not public.
    func replacePages(_ kind: RecordKind, _ ids: [Identifier<Record>], with forms: [PageForm]) throws {
        guard kind == .service || kind == .organization else { return }
        for id in ids { try transaction.run("DELETE FROM page_form WHERE kind = \(kind.rawValue) AND id = \(id)") }
        for form in forms {
            try transaction.run(
                """
                INSERT INTO page_form (kind, id, organization, json)
                VALUES (\(form.kind.rawValue), \(form.id), \(form.organization?.description), \(SQLValue.blob(form.json)))
                """)
        }
    }
}
