import Foundation
import HTTPTypes
package import Hummingbird
package import Kernel
import NIOCore

package typealias SiteContext = BasicRequestContext

/// Mounts a route table on the router and stands in front of it: reads requests, writes answers, turns faults into pages,
/// keeps one log line per request.
package struct Site: Sendable {
    let strings: Strings
    let world: World
    let log: RequestLog
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
        strings: Strings, world: World, log: RequestLog, faultPage: @escaping @Sendable (Fault) -> HTML
    ) {
        self.strings = strings
        self.world = world
        self.log = log
        self.faultPage = faultPage
    }

    package func router(for table: RouteTable) -> Router<SiteContext> {
        let router = Router(context: SiteContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: FrontDoor(site: self))
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
            return response(reply, zipped: zipped)
        } catch {
            return fault(error, request.uri.path, route.form, zipped: zipped)
        }
    }

    private func visit(_ request: Request, _ context: SiteContext, _ route: RouteTable.Route) async throws -> Visit {
        var parameters: [String: String] = [:]
        for (name, value) in context.parameters { parameters[String(name)] = String(value) }
        guard let language = strings.language(parameters["language"] ?? "en") else { throw NotFound() }
        var form = try FormFields(encoded: (request.uri.query ?? "").utf8)
        if route.method == .post { try form.append(contentsOf: await body(request)) }
        return Visit(
            words: strings.words(language), form: form, path: pathAfterLanguage(request.uri.path),
            parameters: parameters, now: world.now(),
            acceptLanguage: request.headers[.acceptLanguage])
    }

    private func body(_ request: Request) async throws -> FormFields {
        do {
            let buffer = try await request.body.collect(upTo: FormFields.maximumBytes)
            return try FormFields(encoded: buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw BadRequest.tooLong
        } catch let refusal as BadRequest {
            throw refusal
        } catch {
            throw BadRequest.unreadable
        }
    }

    private func pathAfterLanguage(_ path: String) -> String {
        String(path.dropFirst().drop { $0 != "/" }.dropFirst())
    }

    // MARK: Answers

    func response(_ reply: Reply, zipped: Bool) -> Response {
        var headers = SafeHeaders.all
        headers[.contentType] = reply.type
        headers[.cacheControl] = reply.mayBeKept ? "public, max-age=31536000, immutable" : "no-store"
        if let location = reply.location { headers[.location] = location }
        if reply.clearsTraces, let name = HTTPField.Name("Clear-Site-Data") {
            headers[name] = "\"cache\", \"cookies\", \"storage\""
        }
        let bytes = encoded(reply, zipped: zipped, &headers)
        let status = HTTPResponse.Status(code: reply.status)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func encoded(_ reply: Reply, zipped: Bool, _ headers: inout HTTPFields) -> [UInt8] {
        switch reply.body {
        case .prepared(let plain, let gzip):
            if zipped { headers[.contentEncoding] = "gzip" }
            return zipped ? gzip : plain
        case .plain(let plain):
            guard zipped, plain.count > 600, let gzip = gzipped(plain, level: 1) else { return plain }
            headers[.contentEncoding] = "gzip"
            return gzip
        }
    }

    func fault(_ error: any Error, _ path: String, _ form: RouteTable.Form, zipped: Bool) -> Response {
        let refusal = error as? any Refusal
        let status = refusal?.status ?? (error as? any HTTPResponseError)?.status.code ?? 500
        let code = refusal?.code ?? (status == 404 ? "not-found" : status < 500 ? "bad-request" : "failure")
        let correlation = String(world.newUUID().uuidString.prefix(8)).lowercased()
        if status >= 500 { log.failure(type: "\(type(of: error))", correlation: correlation) }
        if form == .json {
            var reply = Reply(
                type: "application/problem+json",
                .plain(problem(status: status, code: code, detail: refusal?.description, correlation: correlation)))
            reply.status = status
            return response(reply, zipped: zipped)
        }
        let language = strings.language(String(path.dropFirst().prefix { $0 != "/" })) ?? .english
        let page = faultPage(
            Fault(words: strings.words(language), status: status, code: code, correlation: correlation))
        return response(.page(page, status: status), zipped: zipped)
    }

    /// RFC 9457; the detail of a failure stays inside.
    private func problem(status: Int, code: String, detail: String?, correlation: String) -> [UInt8] {
        let quoted = (detail ?? "").replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let text = """
            {"type":"urn:waymark:problem:\(code)","title":"\(code)","status":\(status),"detail":"\(quoted)",\
            "instance":"urn:waymark:request:\(correlation)"}
            """
        return Array(text.utf8)
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

    func handle(
        _ request: Request, context: SiteContext, next: (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        let started = site.world.uptime()
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let form: RouteTable.Form = request.uri.path.hasSuffix(".json") ? .json : .page
            response = site.fault(error, request.uri.path, form, zipped: false)
        }
        let microseconds = Int((site.world.uptime() - started) / 1000)
        site.log.request(
            method: request.method.rawValue, pattern: context.endpointPath ?? "-", status: response.status.code,
            microseconds: microseconds)
        return response
    }
}

extension HTTPRequest.Method {
    init(_ method: RouteTable.Method) {
        self = method == .post ? .post : .get
    }
}

/// On every answer, whatever it is.
enum SafeHeaders {
    static let all: HTTPFields = {
        var headers = HTTPFields()
        for (name, value) in [
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
                    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            ),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Permissions-Policy", "geolocation=(), camera=(), microphone=(), browsing-topics=()"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("X-Robots-Tag", "noarchive"),
            ("Vary", "Accept-Encoding"),
        ] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return headers
    }()
}
