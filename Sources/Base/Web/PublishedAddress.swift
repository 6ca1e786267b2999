package import Foundation
package import Kernel

/// One address of the public site that a plain file can stand for.
package struct PublishedAddress: Sendable {
    package let route: RouteTable.Route
    package let language: Language
    /// The value of the route's one parameter besides the language.
    package let value: String?
    /// Above 1 for the further pages of a list.
    package let page: Int

    package init(_ route: RouteTable.Route, _ language: Language, value: String? = nil, page: Int = 1) {
        self.route = route
        self.language = language
        self.value = value
        self.page = page
    }

    private var parts: [String] {
        route.path.split(separator: "/").map { part in
            part == ":language" ? language.code : part.hasPrefix(":") ? value ?? "" : String(part)
        }
    }

    /// As a browser asks for it.
    package var target: String {
        let isHome = route.path == "/:language"
        return "/" + parts.joined(separator: "/") + (isHome ? "/" : "") + (page > 1 ? "?page=\(page)" : "")
    }

    /// The file for it, from the folder of the site: a page is the index of a folder of its own, data has its ending.
    package func file(isPage: Bool) -> String {
        let path = parts.joined(separator: "/")
        if isPage, !path.hasSuffix(".html") { return path.isEmpty ? "index.html" : path + "/index.html" }
        if page > 1 { return "\(path)/page-\(page).json" }
        return route.form == .api && !path.hasSuffix(".json") ? path + ".json" : path
    }
}

extension Site {
    /// What the handler of `address` answers to a visitor who sends nothing but the address, as both kinds of bytes that the
    /// server would send. Nil where there is nothing to see.
    /// - Parameter origin: scheme and host of the published site.
    package func answer(_ address: PublishedAddress, origin: String, now: Instant) async throws -> PublishedAnswer? {
        var parameters: [String: String] = [:]
        for part in address.route.path.split(separator: "/") where part.hasPrefix(":") {
            parameters[String(part.dropFirst())] = part == ":language" ? address.language.code : address.value
        }
        let form = address.page > 1 ? try FormFields(encoded: "page=\(address.page)".utf8) : FormFields()
        let visit = Visit(
            words: strings.words(address.language), form: form,
            path: pathAfterLanguage(address.target), parameters: parameters, now: now, origin: origin)
        let reply: Reply
        do {
            reply = try await address.route.handler(visit)
        } catch let refusal as any Refusal where refusal.status == 404 {
            return nil
        }
        return try await published(reply, address.route.form)
    }

    /// The page that stands for every address without a file.
    package var answerToUnknown: PublishedAnswer {
        get async throws {
            let page = faultPage(
                Fault(words: strings.words(.english), status: 404, code: "not-found", correlation: ""))
            return try await published(.page(page, status: 404), .page)
        }
    }

    private func published(_ reply: Reply, _ form: RouteTable.Form) async throws -> PublishedAnswer {
        let isPage = reply.type.hasPrefix("text/html")
        switch reply.body {
        case .prepared(let plain, let gzip):
            return PublishedAnswer(isPage: isPage, body: .bytes(plain: plain, gzip: gzip))
        case .plain(let plain):
            let gzip = plain.count > 600 ? gzipped(plain, level: form == .api ? 6 : 1) : nil
            return PublishedAnswer(isPage: isPage, body: .bytes(plain: plain, gzip: gzip))
        case .file(let url):
            return PublishedAnswer(isPage: isPage, body: .file(url))
        case .chunks(let chunks):
            var plain: [UInt8] = []
            for try await chunk in chunks { plain += chunk }
            return PublishedAnswer(isPage: isPage, body: .bytes(plain: plain, gzip: gzipped(plain)))
        }
    }
}

/// The bytes of an answer, for a file and for the compressed one beside it.
package struct PublishedAnswer: Sendable {
    package enum Body: Sendable {
        /// Without gzip where it would not help.
        case bytes(plain: [UInt8], gzip: [UInt8]?)
        case file(URL)
    }

    package let isPage: Bool
    package let body: Body
}
