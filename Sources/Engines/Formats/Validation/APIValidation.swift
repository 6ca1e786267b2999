/// An answer of a web server.
package struct FetchedAnswer: Sendable {
    package let status: Int
    package let bytes: [UInt8]

    package init(status: Int, bytes: [UInt8]) {
        self.status = status
        self.bytes = bytes
    }
}

extension Validation {
    /// Asks an address; throws `ValidationFault` when there is no answer.
    package typealias Fetch = @Sendable (_ url: String) async throws -> FetchedAnswer

    private static let lists: [(path: String, kind: RecordKind)] = [
        ("services", .service), ("organizations", .organization), ("service_at_locations", .serviceAtLocation),
        ("taxonomies", .taxonomy), ("taxonomy_terms", .taxonomyTerm),
    ]

    /// Checks a live HSDS API: its first answer, up to `pages` pages of each list, and one record of each.
    /// - Parameter base: the address that the paths of the standard follow.
    package mutating func check(api base: String, pages: Int, fetch: Fetch) async throws {
        let base = base.hasSuffix("/") ? String(base.dropLast()) : base
        if let root = try await document("", of: base, fetch) {
            check(document: root, file: "/")
            if root["openapi_url"] == nil { check(document: .object(["version": .null, "profile": .null]), file: "/") }
            for name in ["profile", "openapi_url"] {
                guard let url = root[name]?.text, url.hasPrefix("http") else { continue }
                let status = try? await fetch(url).status
                place = Place(file: "/")
                if status != 200 { add(.profileGone, .warning, nil, name, "The address in \(name) does not answer.") }
            }
        }
        for (path, kind) in Self.lists { try await check(list: path, kind, of: base, pages: pages, fetch) }
    }

    private mutating func check(
        list path: String, _ kind: RecordKind, of base: String, pages: Int, _ fetch: Fetch
    ) async throws {
        var total: Double?
        var first: String?
        for page in 1...max(1, pages) {
            let file = "\(path)?page=\(page)&per_page=50"
            guard let document = try await document(file, of: base, fetch) else { return }
            check(document: document, file: "/" + file, kind: kind)
            guard let contents = document["contents"]?.array else {
                add(.pageField, .error, nil, "contents", "The answer is not a page with contents.")
                return
            }
            first = first ?? contents.first?["id"]?.text
            if let number = document["page_number"]?.number, number != Double(page) {
                add(.pageCount, .error, nil, "page_number", "The answer is another page than the one asked for.")
            }
            let items = document["total_items"]?.number
            if let total, let items, total != items {
                add(.pageCount, .warning, nil, "total_items", "total_items changed between two pages.")
            }
            total = items ?? total
            let pagesThere = document["total_pages"]?.number ?? 0
            if contents.isEmpty || document["last_page"]?.boolean == true || Double(page) >= pagesThere { break }
        }
        guard let first, TextForms.uuid(first) != nil else { return }
        try await check(record: first, path, kind, of: base, fetch)
    }

    /// The full form of a record. Its ids were noted with the list already and are not noted twice.
    private mutating func check(
        record id: String, _ path: String, _ kind: RecordKind, of base: String, _ fetch: Fetch
    ) async throws {
        let file = "\(path)/\(id)"
        guard let document = try await document(file, of: base, fetch) else { return }
        if document["id"]?.text != id {
            add(.wrongStatus, .error, kind, "id", "The answer is another record than the one asked for.")
            return
        }
        place = Place(file: "/" + file)
        checkAgain(document, kind)
    }

    private mutating func document(_ path: String, of base: String, _ fetch: Fetch) async throws -> JSONValue? {
        let answer = try await fetch("\(base)/\(path)")
        place = Place(file: "/" + path)
        guard answer.status == 200 else {
            add(.wrongStatus, .error, nil, nil, "The answer has status \(answer.status) instead of 200.")
            return nil
        }
        do {
            return try JSONValue.parse(answer.bytes)
        } catch {
            add(.unreadable, .error, nil, nil, (error as? JSONFault)?.description ?? "The answer is not JSON.")
            return nil
        }
    }
}
