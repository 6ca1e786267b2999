import Formats
import Kernel
package import Web

/// The open data of the Directory, as HSDS 3.2.3 describes it. Everything comes from the published documents.
package struct HSDSRoutes: Sendable {
    private let publications: Publications
    private let data: DataSet
    private let description: HSDSDescription

    package init(_ directory: Directory) {
        publications = directory.publications
        data = directory.data
        description = HSDSDescription(vocabulary: directory.data.vocabulary)
    }

    package func declare(in table: inout RouteTable) {
        table.everyone { routes in
            for endpoint in HSDSEndpoint.allCases {
                routes.api(endpoint.isList ? [.get, .post] : [.get], endpoint.path) { visit in
                    try await reply(endpoint, visit)
                }
            }
        }
    }

    /// A GET is tagged by what is public and by what was asked, so nothing is looked up for who has the answer already.
    private func reply(_ endpoint: HSDSEndpoint, _ visit: Visit) async throws -> Reply {
        let tag = tag(visit)
        if visit.has(tag) {
            _ = try HSDSRequest.values(visit.form, endpoint, data.vocabulary)
            return .unchanged(tag)
        }
        var reply = try await answer(endpoint, visit)
        if visit.method == .get { reply.entityTag = tag }
        return reply
    }

    private func answer(_ endpoint: HSDSEndpoint, _ visit: Visit) async throws -> Reply {
        switch endpoint {
        case .tombstones: return try await tombstones(visit)
        case .services, .organizations, .serviceAtLocations, .taxonomies, .taxonomyTerms:
            return try await list(endpoint, visit)
        case .service, .organization, .serviceAtLocation, .taxonomy, .taxonomyTerm:
            return try await record(endpoint, visit)
        case .about, .openapi, .profile:
            _ = try HSDSRequest.values(visit.form, endpoint, data.vocabulary)
            return .json(description.json(endpoint, origin: visit.origin))
        }
    }

    private func list(_ endpoint: HSDSEndpoint, _ visit: Visit) async throws -> Reply {
        let request = try HSDSRequest(visit.form, endpoint, data, now: visit.now)
        let kind = request.query.kind
        if request.isStream || request.form == .fullWithServices {
            let found = try await publications.page(request.query, request.window, nil)
            var stream = try publications.stream(found.numbers, kind, request.form)
            guard !request.isStream else { return Reply(type: "application/x-ndjson", .chunks(stream)) }
            stream.head = HSDSPage(found, size: request.size(of: found)).head
            (stream.separator, stream.tail) = (",", HSDSPage.tail)
            return Reply(type: "application/json", .chunks(stream))
        }
        let found = try await publications.page(request.query, request.window, request.form)
        return .json(HSDSPage(found, size: request.size(of: found)).json(found.contents))
    }

    private func record(_ endpoint: HSDSEndpoint, _ visit: Visit) async throws -> Reply {
        let values = try HSDSRequest.values(visit.form, endpoint, data.vocabulary)
        guard let kind = endpoint.kind, let id = visit.parameters["id"].flatMap(Identifier<Record>.init) else {
            throw NotFound()
        }
        let form = values["full_service"] == "true" ? DocumentForm.fullWithServices : .full
        guard let document = try await publications.document(kind, id, form) else { throw NotFound() }
        return .json(document)
    }

    private func tombstones(_ visit: Visit) async throws -> Reply {
        let request = try HSDSRequest(visit.form, .tombstones, data, now: visit.now)
        let (total, start, found) = try await publications.tombstones(
            since: request.query.modifiedAfter, request.window)
        let contents = found.map(\.json)
        if request.isStream {
            return Reply(type: "application/x-ndjson", .plain(contents.flatMap { $0 + [0x0a] }))
        }
        let size = request.size(ofTotal: total)
        let next = start + found.count < total && found.count == size ? found.last?.id : nil
        let page = HSDSPage(total: total, start: start, count: found.count, size: size, next: next)
        return .json(page.json(Array(contents.joined(separator: [0x2c]))))
    }

    private func tag(_ visit: Visit) -> String {
        let state = publications.desk.state
        var asked = visit.path + "|" + visit.origin
        for (name, value) in visit.form.fields { asked += "|\(name)=\(value)" }
        if visit.form.value("open") != nil { asked += "|\(visit.now.seconds / 60)" }
        let hash = Fingerprint(asked).text
        return "\"\(String(state.made, radix: 36))-\(String(state.edition, radix: 36))-\(hash)\""
    }
}

extension HSDSRequest {
    fileprivate func size(of page: Publications.Page) -> Int { size(ofTotal: page.total) }

    fileprivate func size(ofTotal total: Int) -> Int {
        switch window {
        case .page(_, let size), .after(_, let size): size
        case .all: total
        }
    }
}
