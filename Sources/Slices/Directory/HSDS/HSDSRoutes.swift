import Formats
import Kernel
package import Web

/// The open data of the Directory, as HSDS 3.2.3 describes it. Everything comes from the published documents.
package struct HSDSRoutes: Sendable {
    private let publications: Publications
    private let gazetteer: Gazetteer
    private let parameters: [HSDSEndpoint: [HSDSParameter]]
    private let description: HSDSDescription
    private let node: @Sendable () async throws -> String

    package init(_ directory: Directory) {
        publications = directory.publications
        node = directory.node
        let vocabulary = directory.data.vocabulary
        gazetteer = directory.data.gazetteer
        parameters = Dictionary(uniqueKeysWithValues: HSDSEndpoint.allCases.map { ($0, $0.parameters(vocabulary)) })
        description = HSDSDescription(vocabulary: vocabulary)
    }

    package func declare(in table: inout RouteTable) {
        table.everyone { routes in
            for endpoint in HSDSEndpoint.allCases {
                routes.api(
                    endpoint.isList ? [.get, .post] : [.get], endpoint.path, publishing: publishing(endpoint)
                ) { visit in
                    try await reply(endpoint, visit)
                }
            }
        }
    }

    private func publishing(_ endpoint: HSDSEndpoint) -> RouteTable.Publishing {
        switch endpoint {
        case .about, .openapi, .profile: .once
        case .serviceAtLocation: .parts(of: "service") { try await publications.places(of: $0) }
        case .service, .organization, .taxonomy, .taxonomyTerm: .records(endpoint.kind?.rawValue ?? "")
        case .services, .organizations, .serviceAtLocations, .taxonomies, .taxonomyTerms, .tombstones:
            .pages { try await publications.pageCount(endpoint.kind, size: HSDSRequest.perPage) }
        }
    }

    /// A GET is tagged by what is public and by what was asked, so nothing is looked up for who has the answer already.
    private func reply(_ endpoint: HSDSEndpoint, _ visit: Visit) async throws -> Reply {
        let values = try HSDSRequest.values(visit.form, parameters[endpoint] ?? [])
        if ![.about, .openapi, .profile].contains(endpoint), !publications.desk.isReady { throw NotServing() }
        let tag = tag(visit)
        if visit.has(tag) { return .unchanged(tag) }
        var reply = try await answer(endpoint, values, visit)
        if visit.method == .get { reply.entityTag = tag }
        return reply
    }

    private func answer(_ endpoint: HSDSEndpoint, _ values: [String: String], _ visit: Visit) async throws -> Reply {
        switch endpoint {
        case .tombstones: return try await tombstones(values, visit)
        case .services, .organizations, .serviceAtLocations, .taxonomies, .taxonomyTerms:
            return try await list(endpoint.kind ?? .service, values, visit)
        case .service, .organization, .serviceAtLocation, .taxonomy, .taxonomyTerm:
            return try await record(endpoint.kind ?? .service, values, visit)
        case .about, .openapi, .profile:
            return .json(description.json(endpoint, origin: visit.origin, node: try await node()))
        }
    }

    private func list(_ kind: RecordKind, _ values: [String: String], _ visit: Visit) async throws -> Reply {
        let request = try HSDSRequest(values, about: kind, gazetteer, now: visit.now)
        if request.isStream || request.form == .fullWithServices {
            let found = try await publications.page(request.query, request.window, nil)
            var stream = try publications.stream(found.numbers, kind, request.form)
            guard !request.isStream else { return Reply(type: "application/x-ndjson", .chunks(stream)) }
            stream.head = HSDSPage(found, size: request.size(ofTotal: found.total)).head
            (stream.separator, stream.tail) = (",", HSDSPage.tail)
            return Reply(type: "application/json", .chunks(stream))
        }
        let found = try await publications.page(request.query, request.window, request.form)
        return .json(HSDSPage(found, size: request.size(ofTotal: found.total)).json(found.contents))
    }

    private func record(_ kind: RecordKind, _ values: [String: String], _ visit: Visit) async throws -> Reply {
        guard let id = visit.parameters["id"].flatMap(Identifier<Record>.init) else { throw NotFound() }
        let form = values["full_service"] == "true" ? DocumentForm.fullWithServices : .full
        guard let document = try await publications.document(kind, id, form) else { throw NotFound() }
        return .json(document)
    }

    private func tombstones(_ values: [String: String], _ visit: Visit) async throws -> Reply {
        let request = try HSDSRequest(values, about: .service, gazetteer, now: visit.now)
        let (total, start, found) = try await publications.tombstones(
            since: request.query.modifiedAfter, request.window)
        let contents = found.map(\.json)
        if request.isStream {
            return Reply(type: "application/x-ndjson", .plain(contents.flatMap { $0 + [0x0a] }))
        }
        let size = request.size(ofTotal: total)
        let next = start + found.count < total ? found.last?.id : nil
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
    fileprivate func size(ofTotal total: Int) -> Int {
        switch window {
        case .page(_, let size), .after(_, let size): size
        case .all: total
        }
    }
}
