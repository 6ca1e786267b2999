import Foundation
import HTTPTypes
import Synchronization

/// A browser of staff: keeps cookies and sends the form token of the last page it saw along, as a form would.
package final class StaffBrowser: Sendable {
    private let browser: Browser
    private let kept = Mutex<(cookies: [String: String], token: String)>(([:], ""))

    package init(_ browser: Browser) { self.browser = browser }

    package var cookies: [String: String] { kept.withLock { $0.cookies } }

    package func forget(_ cookie: String) { kept.withLock { $0.cookies["__Host-" + cookie] = nil } }

    package func get(_ path: String) async throws -> Browser.Reply {
        remember(try await browser.send(.get, path, headers: headers))
    }

    package func post(_ path: String, _ fields: [(String, String)], token: String? = nil) async throws -> Browser.Reply
    {
        let all = fields + [("form-token", token ?? kept.withLock { $0.token })]
        let body = all.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
        return remember(try await browser.send(.post, path, headers: headers, body: body))
    }

    package func upload(
        _ path: String, _ fields: [(String, String)] = [], file: (field: String, name: String, bytes: [UInt8])
    ) async throws -> Browser.Reply {
        let token = kept.withLock { $0.token }
        return remember(
            try await browser.upload(path, fields + [("form-token", token)], file: file, headers: headers))
    }

    private func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private var headers: [String: String] {
        ["Cookie": cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")]
    }

    private func remember(_ reply: Browser.Reply) -> Browser.Reply {
        kept.withLock { kept in
            for field in reply.headers where field.name == .setCookie {
                let pair = field.value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
                kept.cookies[String(pair[0])] = pair.count == 2 ? String(pair[1]) : nil
            }
            if let token = reply.hidden("form-token") { kept.token = token }
        }
        return reply
    }
}
