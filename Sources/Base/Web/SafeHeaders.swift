import HTTPTypes

/// On every answer, whatever it is.
enum SafeHeaders {
    static let all: HTTPFields = {
        var headers = HTTPFields()
        for (name, value) in [
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
                    + "worker-src 'self'; manifest-src 'self'; "
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

    /// For data that scripts of other sites may read; it is the same for everybody and knows no cookie.
    static let open: HTTPFields = {
        var headers = all
        for (name, value) in [
            ("Cross-Origin-Resource-Policy", "cross-origin"), ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Expose-Headers", "ETag"),
        ] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return headers
    }()

    static func name(_ methods: [RouteTable.Method], in headers: inout HTTPFields) {
        let names = methods.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }
        for (name, value) in [
            ("Allow", names.contains("OPTIONS") ? names : names + ["OPTIONS"]), ("Access-Control-Allow-Methods", names),
            ("Access-Control-Allow-Headers", ["Content-Type", "If-None-Match"]),
        ] {
            if let name = HTTPField.Name(name) { headers[name] = value.joined(separator: ", ") }
        }
    }
}
