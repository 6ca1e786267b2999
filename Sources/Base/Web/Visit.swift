package import Foundation
package import Kernel

/// One request of anybody, read and ready: no name, no address; a cookie only where staff come in.
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
    package let method: RouteTable.Method
    /// The tags of answers the asker has already, as sent.
    package let knownTags: String?
    /// Scheme and host the asker used, such as `https://desk.example`, for links in data.
    package let origin: String
    /// The cookies that staff's browsers sent, by name; empty on every page for everyone.
    package let cookies: [String: String]
    /// What a browser that was cut off saw last of what it is sent live.
    package let lastEvent: String?
    /// True when the browser says that a page of another site sent this.
    package let isFromAnotherSite: Bool

    package init(
        words: Words, form: FormFields, path: String, parameters: [String: String], now: Instant,
        acceptLanguage: String? = nil, method: RouteTable.Method = .get, knownTags: String? = nil,
        origin: String = "", cookies: [String: String] = [:], isFromAnotherSite: Bool = false,
        lastEvent: String? = nil
    ) {
        self.words = words
        self.form = form
        self.path = path
        self.parameters = parameters
        self.now = now
        self.acceptLanguage = acceptLanguage
        self.method = method
        self.knownTags = knownTags
        self.origin = origin
        self.cookies = cookies
        self.isFromAnotherSite = isFromAnotherSite
        self.lastEvent = lastEvent
    }

    package var language: Language { words.language }

    /// True when the asker has the answer with `tag` already (RFC 9110, weak comparison).
    package func has(_ tag: String) -> Bool {
        guard method == .get, let knownTags else { return false }
        return knownTags.split(separator: ",").contains { known in
            let bare = known.drop { $0 == " " }
            return (bare.hasPrefix("W/") ? bare.dropFirst(2) : bare).prefix { $0 != " " } == tag
        }
    }
}

/// An answer before it becomes bytes on a wire.
package struct Reply: Sendable {
    package enum Body: Sendable {
        case plain([UInt8])
        /// Both forms made once, for answers given many times.
        case prepared(plain: [UInt8], gzip: [UInt8])
        /// A file on the disk, sent piece by piece as it is.
        case file(URL)
        /// Made piece by piece while it is sent, never compressed; a fault on the way breaks the connection off.
        case chunks(any AsyncSequence<[UInt8], any Error> & Sendable)
    }

    package var status = 200
    package var type = "text/html; charset=utf-8"
    package var body: Body
    package var location: String?
    /// What the answer is connected with (RFC 8288), such as its licence.
    package var link: String?
    /// Assets named by their digest may be kept; everything else is never stored.
    package var mayBeKept = false
    package var clearsTraces = false
    /// True where the browser forgets pages it was shown before.
    package var clearsPages = false
    /// Where the page goes by itself, after so many seconds.
    package var leaves: (seconds: Int, to: String)?
    /// Cookies that staff's browsers are asked to keep; never on a page for everyone.
    package var cookies: [Cookie] = []
    /// The name to save it under; nil for what is shown.
    package var savedAs: String?
    /// Why a page says that something cannot be done now, for the log.
    package var outage: (any Outage)?
    /// With a tag an answer may be kept but is asked after every time; in quotes, as RFC 9110 writes it.
    package var entityTag: String?
    /// The methods of an address, for who asks after them or used another.
    var methods: [RouteTable.Method] = []

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

    /// Sent as it happens (`text/event-stream`), until the asker goes or the server stops.
    package static func events(_ events: any AsyncSequence<[UInt8], any Error> & Sendable) -> Reply {
        Reply(type: eventStream, .chunks(events))
    }

    static let eventStream = "text/event-stream; charset=utf-8"

    /// 301: what was here lives at `location` for good.
    package static func moved(to location: String) -> Reply {
        var reply = redirect(to: location)
        reply.status = 301
        return reply
    }

    /// 303: the browser asks again with GET. The page leads on too, where a plain file stands for the answer.
    package static func redirect(to location: String) -> Reply {
        let page: HTML = """
            <!doctype html>
            <html><head><meta charset="utf-8"><title>…</title><meta name="referrer" content="no-referrer">
            <meta http-equiv="refresh" content="0; url=\(location)"></head>
            <body><p><a href="\(location)">→</a></p></body></html>

            """
        return redirect(to: location, page)
    }

    /// - Parameter page: what a plain file says in the place of the redirect.
    package static func redirect(to location: String, _ page: HTML) -> Reply {
        var reply = Reply.page(page, status: 303)
        reply.location = location
        return reply
    }

    /// A redirect to a page of staff that says there what was done: the text `done.kept` for `kept`. One that says it already,
    /// and any other answer, stays as it is.
    package func done(_ what: String, in language: Language) -> Reply {
        guard status == 303, let location, location.hasPrefix("/\(language)/desk"), !location.contains("done=") else {
            return self
        }
        let parts = location.split(separator: "#", maxSplits: 1)
        let query = parts[0].contains("?") ? "&" : "?"
        let place = "\(parts[0])\(query)done=\(what)\(parts.count > 1 ? "#\(parts[1])" : "")"
        var reply = self
        (reply.location, reply.body) = (place, Reply.redirect(to: place).body)
        return reply
    }

    /// 304: what the asker has is still so.
    package static func unchanged(_ tag: String) -> Reply {
        var reply = Reply(type: "application/json", .plain([]))
        reply.status = 304
        reply.entityTag = tag
        return reply
    }

    static func preflight(_ methods: [RouteTable.Method]) -> Reply {
        var reply = Reply(type: "text/plain; charset=utf-8", .plain([]))
        reply.status = 204
        reply.methods = methods
        return reply
    }
}
