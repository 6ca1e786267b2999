/// What the program answers, as data: mounted on the router, printed by `waymark routes`, kept in a golden file.
package struct RouteTable: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST" }
    package enum Form: String, Sendable { case page, json, file }

    package struct Route: Sendable {
        package let method: Method
        /// With `:language` as its first part for pages; `:name` for a parameter.
        package let path: String
        package let form: Form
        package let audience: String
        package let handler: @Sendable (Visit) async throws -> Reply
    }

    package private(set) var routes: [Route] = []

    package init() {}

    /// Declares routes that anybody may use. Their handlers get a `Visit`, which holds no identity.
    package mutating func everyone(_ declare: (inout PublicRoutes) -> Void) {
        var block = PublicRoutes()
        declare(&block)
        routes += block.routes
    }

    package struct PublicRoutes {
        fileprivate var routes: [Route] = []

        /// A page in every language, at `/<language>/<path>`.
        package mutating func page(
            _ methods: [Method], _ path: String, _ handler: @escaping @Sendable (Visit) async throws -> Reply
        ) {
            add(methods, path.isEmpty ? "/:language" : "/:language/\(path)", .page, handler)
        }

        /// Data for programs in every language, with faults as problem+json.
        package mutating func json(
            _ methods: [Method], _ path: String, _ handler: @escaping @Sendable (Visit) async throws -> Reply
        ) {
            add(methods, "/:language/\(path)", .json, handler)
        }

        /// Anything outside the languages.
        package mutating func file(_ path: String, _ handler: @escaping @Sendable (Visit) async throws -> Reply) {
            add([.get], path, .file, handler)
        }

        private mutating func add(
            _ methods: [Method], _ path: String, _ form: Form,
            _ handler: @escaping @Sendable (Visit) async throws -> Reply
        ) {
            for method in methods {
                routes.append(Route(method: method, path: path, form: form, audience: "everyone", handler: handler))
            }
        }
    }

    /// One line per route: method, path, form, audience.
    package var printed: String {
        routes.map { "\($0.method.rawValue) \($0.path) \($0.form.rawValue) \($0.audience)" }
            .sorted().joined(separator: "\n") + "\n"
    }
}
