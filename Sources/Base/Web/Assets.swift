import Crypto
package import Foundation

/// The style sheet, scripts and icon, served under names with their digest, so that a browser never holds an old one.
package struct Assets: Sendable {
    private var replies: [String: Reply] = [:]
    private var names: [String: String] = [:]

    /// - Parameter files: a file that is not there is left out.
    package init(files: [URL]) {
        for url in files {
            guard let data = try? Data(contentsOf: url) else { continue }
            let name = url.deletingPathExtension().lastPathComponent
            let kind = url.pathExtension
            let digest = SHA256.hash(data: data).prefix(4).map { String($0, radix: 16) }.joined()
            var reply = Reply(type: Self.types[kind] ?? "application/octet-stream", .plain(Array(data)))
            reply.mayBeKept = true
            replies["\(name).\(digest).\(kind)"] = reply.prepared()
            names[url.lastPathComponent] = "/assets/\(name).\(digest).\(kind)"
        }
    }

    /// The address of the file called `name`; nil when it is not there.
    package func path(_ name: String) -> String? { names[name] }

    /// The bytes of the file called `name`, for an address without digest.
    package func bytes(_ name: String) -> [UInt8]? {
        names[name].flatMap { replies[String($0.dropFirst("/assets/".count))] }.flatMap { reply in
            switch reply.body {
            case .prepared(let plain, _), .plain(let plain): plain
            case .file, .chunks: nil
            }
        }
    }

    /// The names under which the files are served, with their digests.
    package var servedNames: [String] { replies.keys.sorted() }

    package func reply(_ servedName: String) throws -> Reply {
        guard let reply = replies[servedName] else { throw NotFound() }
        return reply
    }

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
        "json": "application/json", "png": "image/png", "webmanifest": "application/manifest+json",
    ]
}
