package import Kernel

/// What the program answers, as data: mounted on the router, printed by `waymark routes`, kept in a golden file.
package struct RouteTable: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST", options = "OPTIONS" }
    /// `api` is data that scripts of other sites may read too.
    package enum Form: String, Sendable { case page, json, file, api }

    /// Whom a route is for.
    package enum Circle: Sendable, Hashable, CustomStringConvertible {
        case everyone
        /// Staff who come in: cookies are read, but nobody is signed in yet.
        case door
        /// Who signed in; with a permission, who has it.
        case staff(Permission?)

        package var description: String {
            switch self {
            case .everyone: "everyone"
            case .door: "door"
            case .staff(let permission): permission.map { "staff that may \($0.rawValue)" } ?? "staff"
            }
        }
    }

    package struct Route: Sendable {
        package let method: Method
        /// With `:language` as its first part for pages; `:name` for a parameter.
        package let path: String
        package let form: Form
        package let circle: Circle
        package let publishing: Publishing
        /// The longest body that is read.
        package var maximumBytes = FormFields.maximumBytes
        package let handler: @Sendable (Visit) async throws -> Reply
    }

    /// Which addresses of a GET route stand as plain files in a published site.
    package enum Publishing: Sendable {
        /// Left to the program: forms, answers to one person, checks of health.
        case never
        case once
        /// Once for each of these values of its parameter.
        case named(@Sendable () async throws -> [String])
        /// For each record of this kind that may be seen; its id is the parameter.
        case records(String)
        /// For each part of a record of this kind, given by the id of the record.
        case parts(of: String, @Sendable (_ record: String) async throws -> [String])
        /// As often as there are pages, each but the first asked for with `page`.
        case pages(@Sendable () async throws -> Int)
    }

    package private(set) var routes: [Route] = []
    let sessions: SessionReader

    /// - Parameter sessions: finds who signed in, for the routes of staff.
    package init(sessions: @escaping SessionReader) { self.sessions = sessions }

    /// Declares routes that anybody may use. Their handlers get a `Visit`, which holds no identity.
    package mutating func everyone(_ declare: (inout PublicRoutes) -> Void) {
        var block = PublicRoutes()
        declare(&block)
        routes += block.routes
    }

    mutating func mount(_ more: [Route]) { routes += more }

    package struct PublicRoutes {
        fileprivate var routes: [Route] = []

        /// A page in every language, at `/<language>/<path>`.
        package mutating func page(
            _ methods: [Method], _ path: String, publishing: Publishing = .never,
            atMost maximumBytes: Int = FormFields.maximumBytes,
            _ handler: @escaping @Sendable (Visit) async throws -> Reply
        ) {
            add(
                methods, path.isEmpty ? "/:language" : "/:language/\(path)", .page, publishing, atMost: maximumBytes,
                handler)
        }

        /// Data for programs in every language, with faults as problem+json.
        package mutating func json(
            _ methods: [Method], _ path: String, _ handler: @escaping @Sendable (Visit) async throws -> Reply
        ) {
            add(methods, "/:language/\(path)", .json, .never, handler)
        }

        /// Anything outside the languages.
        package mutating func file(
            _ path: String, publishing: Publishing = .never,
            _ handler: @escaping @Sendable (Visit) async throws -> Reply
        ) {
            add([.get], path, .file, publishing, handler)
        }

        /// Data for programs of anybody, outside the languages: faults are problem+json, scripts of other sites may read it,
        /// other methods are refused by name.
        package mutating func api(
            _ methods: [Method], _ path: String, publishing: Publishing = .never,
            _ handler: @escaping @Sendable (Visit) async throws -> Reply
        ) {
            add(methods, path, .api, publishing, handler)
            add([.options], path, .api, .never) { _ in .preflight(methods) }
        }

        private mutating func add(
            _ methods: [Method], _ path: String, _ form: Form, _ publishing: Publishing,
            atMost maximumBytes: Int = FormFields.maximumBytes,
            _ handler: @escaping @Sendable (Visit) async throws -> Reply
        ) {
            for method in methods {
                routes.append(
                    Route(
                        method: method, path: path, form: form, circle: .everyone,
                        publishing: method == .get ? publishing : .never, maximumBytes: maximumBytes, handler: handler))
            }
        }
    }

    /// The methods that `path`, as a request has it, answers to.
    func methods(at path: String, _ form: Form) -> [Method] {
        let parts = path.split(separator: "/")
        return routes.filter { route in
            let pattern = route.path.split(separator: "/")
            return route.form == form && pattern.count == parts.count
                && zip(pattern, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
        }.map(\.method)
    }

    /// What a fault at an address without a route looks like: the form of its neighbours.
    func form(near path: String) -> Form {
        let first = path.split(separator: "/").first
        let isAPI = routes.contains { $0.form == .api && $0.path.split(separator: "/").first == first }
        return isAPI ? .api : path.hasSuffix(".json") ? .json : .page
    }

    /// One line per route: method, path, form, circle.
    package var printed: String {
        routes.map { "\($0.method.rawValue) \($0.path) \($0.form.rawValue) \($0.circle)" }
            .sorted().joined(separator: "\n") + "\n"
    }
}
