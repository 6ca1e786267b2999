package import Kernel

/// One request of anybody, read and ready: no name, no address, no cookie.
package struct Visit: Sendable {
    package let words: Words
    /// Query and form body together, the query first.
    package let form: FormFields
    /// The path after the language, such as `find`; what a language switch links to.
    package let path: String
    package let parameters: [String: String]
    package let now: Instant
    /// The browser's wish, for the way in alone.
    package let acceptLanguage: String?

    package init(
        words: Words, form: FormFields, path: String, parameters: [String: String], now: Instant,
        acceptLanguage: String? = nil
    ) {
        self.words = words
        self.form = form
        self.path = path
        self.parameters = parameters
        self.now = now
        self.acceptLanguage = acceptLanguage
    }

    package var language: Language { words.language }
}

/// An answer before it becomes bytes on a wire.
package struct Reply: Sendable {
    package enum Body: Sendable {
        case plain([UInt8])
        /// Both forms made once, for answers given many times.
        case prepared(plain: [UInt8], gzip: [UInt8])
    }

    package var status = 200
    package var type = "text/html; charset=utf-8"
    package var body: Body
    package var location: String?
    /// Assets named by their digest may be kept; everything else is never stored.
    package var mayBeKept = false
    package var clearsTraces = false

    package init(type: String, _ body: Body) {
        self.type = type
        self.body = body
    }

    package static func page(_ html: HTML, status: Int = 200) -> Reply {
        var reply = Reply(type: "text/html; charset=utf-8", .plain(html.bytes))
        reply.status = status
        return reply
    }

    package static func json(_ bytes: [UInt8]) -> Reply { Reply(type: "application/json", .plain(bytes)) }

    /// An answer that will be given again: compressed now, as well as it goes.
    package func prepared() -> Reply {
        guard case .plain(let bytes) = body, let gzip = gzipped(bytes, level: 9) else { return self }
        var reply = self
        reply.body = .prepared(plain: bytes, gzip: gzip)
        return reply
    }

    /// 301: what was here lives at `location` for good.
    package static func moved(to location: String) -> Reply {
        var reply = redirect(to: location)
        reply.status = 301
        return reply
    }

    /// 303: the browser asks again with GET.
    package static func redirect(to location: String) -> Reply {
        var reply = Reply(type: "text/plain; charset=utf-8", .plain([]))
        reply.status = 303
        reply.location = location
        return reply
    }
}
