import Foundation
import HTTPTypes
package import Hummingbird
package import Kernel
import NIOCore

package typealias SiteContext = BasicRequestContext

/// Mounts a route table on the router and stands in front of it: reads requests, writes answers, turns faults into pages,
/// keeps one log line per request.
package struct Site: Sendable {
    /// When to ask again what is not to be had now.
    private static let retrySeconds = 10
    private static let droppedBytes = 64 << 20

    let strings: Strings
    let world: World
    let log: RequestLog
    /// What the node is called; nil for what each request names.
    let address: String?
    /// The page of a fault, made by whoever knows the frame: words, status, code, sentence, correlation id.
    let faultPage: @Sendable (Fault) -> HTML

    /// What a person is told when something did not work.
    package struct Fault: Sendable {
        package let words: Words
        package let status: Int
        package let code: String
        package let correlation: String
        /// Languages to say the sentence in besides, where nobody knows which one was asked for.
        package var also: [Words] = []
    }

    package init(
        strings: Strings, world: World, log: RequestLog, address: String? = nil,
        faultPage: @escaping @Sendable (Fault) -> HTML
    ) {
        self.strings = strings
        self.world = world
        self.log = log
        self.address = address
        self.faultPage = faultPage
    }

    package func router(for table: RouteTable) -> Router<SiteContext> {
        let router = Router(context: SiteContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: FrontDoor(site: self, table: table))
        for route in table.routes {
            router.on(RouterPath(route.path), method: HTTPRequest.Method(route.method)) { request, context in
                await respond(request, context, route)
            }
        }
        return router
    }

    private func respond(_ request: Request, _ context: SiteContext, _ route: RouteTable.Route) async -> Response {
        let zipped = request.headers[.acceptEncoding]?.contains("gzip") ?? false
        do {
            let reply = try await route.handler(visit(request, context, route))
            if let outage = reply.outage { _ = note(outage, outage) }
            if case .file(let url) = reply.body { return try await response(reply, file: url, route.form, context) }
            return response(reply, zipped: zipped, route.form)
        } catch {
            return fault(error, request.uri.path, route.form, zipped: zipped)
        }
    }

    private func visit(_ request: Request, _ context: SiteContext, _ route: RouteTable.Route) async throws -> Visit {
        var parameters: [String: String] = [:]
        for (name, value) in context.parameters { parameters[String(name)] = String(value) }
        guard let language = strings.language(parameters["language"] ?? "en") else { throw NotFound() }
        // What a page's form sends stands in its body: an address can be kept by a browser or sent by anybody.
        let isRead = route.method != .post || route.form == .api
        var form = try FormFields(encoded: (isRead ? request.uri.query ?? "" : "").utf8)
        if route.method == .post { try form.append(contentsOf: await body(request, route)) }
        return Visit(
            words: strings.words(language), form: form, path: pathAfterLanguage(request.uri.path),
            parameters: parameters, now: world.now(),
            acceptLanguage: request.headers[.acceptLanguage], method: route.method,
            knownTags: request.headers[.ifNoneMatch], origin: address ?? Self.origin(request.head.authority),
            cookies: route.circle == .everyone ? [:] : Cookie.read(request.headers[.cookie]),
            isFromAnotherSite: HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] }
                .map { ["cross-site", "same-site"].contains($0) } ?? false,
            lastEvent: HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] })
    }

    private func body(_ request: Request, _ route: RouteTable.Route) async throws -> FormFields {
        do {
            let buffer = try await bytes(of: request, atMost: route.maximumBytes)
            let type = request.headers[.contentType] ?? ""
            if route.form == .page, let boundary = Self.boundary(type) {
                return try FormFields(multipart: Array(buffer.readableBytesView), boundary: boundary)
            }
            guard route.form == .api, buffer.readableBytes > 0 else {
                return try FormFields(encoded: buffer.readableBytesView, atMost: route.maximumBytes)
            }
            switch type.prefix(while: { $0 != ";" && $0 != " " }).lowercased() {
            case "application/json": return try FormFields(json: Array(buffer.readableBytesView))
            case "application/x-www-form-urlencoded": return try FormFields(encoded: buffer.readableBytesView)
            default: throw BadRequest.unknownType
            }
        } catch let refusal as BadRequest {
            throw refusal
        } catch {
            throw BadRequest.unreadable
        }
    }

    /// Of a body that is too long the rest is read for a while and dropped: a browser that is cut off while it sends shows no page.
    private func bytes(of request: Request, atMost maximumBytes: Int) async throws -> ByteBuffer {
        var (buffer, count) = (ByteBuffer(), 0)
        for try await chunk in request.body {
            count += chunk.readableBytes
            if count > min(16 * maximumBytes, Self.droppedBytes) { break }
            if count <= maximumBytes { buffer.writeImmutableBuffer(chunk) }
        }
        guard count <= maximumBytes else { throw BadRequest.tooLong(maximumBytes) }
        return buffer
    }

    /// The boundary of a `multipart/form-data`; nil for any other type.
    private static func boundary(_ type: String) -> String? {
        guard type.lowercased().hasPrefix("multipart/form-data"), let start = type.range(of: "boundary=")?.upperBound
        else { return nil }
        let value = type[start...].prefix { $0 != ";" && $0 != " " }
        return value.hasPrefix("\"") ? String(value.dropFirst().prefix { $0 != "\"" }) : String(value)
    }

    /// A host that is no plain name is not repeated; only this machine itself is reached without TLS.
    private static func origin(_ authority: String?) -> String {
        let host = authority ?? ""
        let isPlain =
            host.utf8.count < 256
            && host.utf8.allSatisfy { byte in
                (48...58).contains(byte) || (97...122).contains(byte | 32) || [45, 46, 91, 93].contains(byte)
            }
        guard isPlain, !host.isEmpty else { return "http://localhost" }
        let isHere = ["localhost", "127.0.0.1", "[::1]"].contains { host == $0 || host.hasPrefix($0 + ":") }
        return (isHere ? "http://" : "https://") + host
    }

    func pathAfterLanguage(_ path: String) -> String {
        String(path.dropFirst().drop { $0 != "/" }.dropFirst())
    }

    // MARK: Answers

    func response(_ reply: Reply, zipped: Bool, _ form: RouteTable.Form) -> Response {
        var headers = form == .api ? SafeHeaders.open : SafeHeaders.all
        headers[.contentType] = reply.type
        headers[.cacheControl] = reply.mayBeKept ? "public, max-age=31536000, immutable" : "no-store"
        if let tag = reply.entityTag {
            headers[.eTag] = tag
            headers[.cacheControl] = "no-cache"
        }
        if let location = reply.location { headers[.location] = location }
        if let link = reply.link, let name = HTTPField.Name("Link") { headers[name] = link }
        if let name = reply.savedAs { headers[.contentDisposition] = "attachment; filename=\"\(name)\"" }
        if reply.clearsTraces, let name = HTTPField.Name("Clear-Site-Data") {
            headers[name] = "\"cache\", \"cookies\", \"storage\""
        } else if reply.clearsPages, let name = HTTPField.Name("Clear-Site-Data") {
            headers[name] = "\"cache\""
        }
        if let leaves = reply.leaves, let name = HTTPField.Name("Refresh") {
            headers[name] = "\(leaves.seconds); url=\(leaves.to)"
        }
        // A server in front must not gather what is sent as it happens.
        if reply.type == Reply.eventStream, let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
        for cookie in reply.cookies { headers.append(HTTPField(name: .setCookie, value: cookie.header)) }
        if !reply.methods.isEmpty { SafeHeaders.name(reply.methods, in: &headers) }
        if reply.status == 503 { headers[.retryAfter] = "\(Self.retrySeconds)" }
        let body = body(of: reply, zipped: zipped && form != .api, &headers)
        var response = Response(status: HTTPResponse.Status(code: reply.status), headers: headers, body: body)
        if [204, 304].contains(reply.status) { response.headers[.contentLength] = nil }
        return response
    }

    private func body(of reply: Reply, zipped: Bool, _ headers: inout HTTPFields) -> ResponseBody {
        switch reply.body {
        case .file: return ResponseBody()
        case .prepared(let plain, let gzip):
            if zipped { headers[.contentEncoding] = "gzip" }
            return ResponseBody(byteBuffer: ByteBuffer(bytes: zipped ? gzip : plain))
        case .plain(let plain):
            guard zipped, plain.count > 600, let gzip = gzipped(plain, level: 1) else {
                return ResponseBody(byteBuffer: ByteBuffer(bytes: plain))
            }
            headers[.contentEncoding] = "gzip"
            return ResponseBody(byteBuffer: ByteBuffer(bytes: gzip))
        case .chunks(let chunks):
            return ResponseBody { writer in
                for try await chunk in chunks { try await writer.write(ByteBuffer(bytes: chunk)) }
                try await writer.finish(nil)
            }
        }
    }

    func fault(_ error: any Error, _ path: String, _ form: RouteTable.Form, zipped: Bool) -> Response {
        let outage = error as? any Outage
        let answer = (error as? any HTTPResponseError)?.status.code ?? (outage?.code == nil ? 500 : 503)
        let known: (any Refusal)? = answer == 404 ? NotFound() : answer < 500 ? BadRequest.unreadable : nil
        let refusal = error as? any Refusal ?? known
        let status = refusal?.status ?? answer
        let code = refusal?.code ?? outage?.code ?? "failure"
        let correlation = status >= 500 ? note(error, outage) : newCorrelation()
        if form == .json || form == .api {
            var reply = Reply(
                type: "application/problem+json",
                .plain(
                    problem(
                        status: status, code: code, refusal: refusal, isAway: outage?.code != nil,
                        correlation: correlation)))
            reply.status = status
            reply.methods = (error as? WrongMethod)?.methods ?? []
            return response(reply, zipped: zipped, form)
        }
        let language = strings.language(String(path.dropFirst().prefix { $0 != "/" })) ?? .english
        let page = faultPage(
            Fault(words: strings.words(language), status: status, code: code, correlation: correlation))
        return response(.page(page, status: status), zipped: zipped, form)
    }

    private func newCorrelation() -> String { String(world.newUUID().uuidString.prefix(8)).lowercased() }

    /// The reference that leads from a page to the line of the log.
    private func note(_ error: any Error, _ outage: (any Outage)?) -> String {
        let correlation = newCorrelation()
        log.failure(type: "\(type(of: error))", correlation: correlation, outage: outage)
        return correlation
    }

    /// RFC 9457, with the name of the parameter at fault; the detail of a failure stays inside.
    private func problem(
        status: Int, code: String, refusal: (any Refusal)?, isAway: Bool, correlation: String
    ) -> [UInt8] {
        let detail = isAway ? "The records cannot be reached now; try again later." : refusal?.description ?? ""
        let named = (refusal as? BadRequest)?.field.map { ",\"parameter\":\(quoted($0))" } ?? ""
        let text = """
            {"type":"urn:waymark:problem:\(code)","title":"\(code)","status":\(status),\
            "detail":\(quoted(detail)),"instance":"urn:waymark:request:\(correlation)"\(named)}
            """
        return Array(text.utf8)
    }

    /// A JSON string; control characters, which no sentence of ours has, become spaces.
    private func quoted(_ text: String) -> String {
        let plain = text.unicodeScalars.map { $0.value < 32 ? " " : String($0) }.joined()
        return "\"" + plain.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

/// There is nothing at that address, or nothing that may be seen.
package struct NotFound: Refusal {
    package init() {}

    package var code: String { "not-found" }
    package var status: Int { 404 }
    package var description: String { "There is nothing here." }
}

/// What no route answers, and the log line of every request.
private struct FrontDoor: RouterMiddleware {
    let site: Site
    let table: RouteTable

    func handle(
        _ request: Request, context: SiteContext, next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        let started = site.world.uptime()
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let methods = table.methods(at: request.uri.path, .api)
            let fault: any Error = methods.isEmpty ? error : WrongMethod(methods: methods)
            response = site.fault(fault, request.uri.path, table.form(near: request.uri.path), zipped: false)
        }
        // Hummingbird states 0 for an answer whose length is not known beforehand.
        if request.method == .head, response.headers[.contentLength] == "0" { response.headers[.contentLength] = nil }
        let microseconds = Int((site.world.uptime() - started) / 1000)
        site.log.request(
            method: request.method.rawValue, pattern: context.endpointPath ?? "-", status: response.status.code,
            microseconds: microseconds)
        return response
    }
}

extension HTTPRequest.Method {
    init(_ method: RouteTable.Method) {
        self =
            switch method {
            case .get: .get
            case .post: .post
            case .options: .options
            }
    }
}
