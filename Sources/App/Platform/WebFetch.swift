package import Formats
import Foundation
import FoundationNetworking

/// Fetches what a validation asks of a live API: 20 seconds and 64 MB an answer, no cookie, no cache, redirects within
/// the same host alone.
package struct WebFetch: Sendable {
    private static let largest = 64 << 20
    private let session: URLSession

    package init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 20
        configuration.timeoutIntervalForResource = 60
        configuration.httpCookieAcceptPolicy = .never
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        session = URLSession(configuration: configuration, delegate: SameHost(), delegateQueue: nil)
    }

    package func answer(_ address: String) async throws -> FetchedAnswer {
        guard let url = URL(string: address), let host = url.host(), ["http", "https"].contains(url.scheme) else {
            throw ValidationFault("“\(address.prefix(80))” is not a web address.")
        }
        var request = URLRequest(url: url)
        request.setValue("application/json", forHTTPHeaderField: "Accept")
        do {
            let (data, response) = try await session.data(for: request)
            guard data.count <= Self.largest else {
                throw ValidationFault("\(host) sent an answer of more than 64 MB.")
            }
            return FetchedAnswer(status: (response as? HTTPURLResponse)?.statusCode ?? 0, bytes: Array(data))
        } catch let fault as ValidationFault {
            throw fault
        } catch let error as URLError where error.code == .timedOut {
            throw ValidationFault("\(host) did not answer within 20 seconds.")
        } catch {
            throw ValidationFault("\(host) does not answer.")
        }
    }

    /// Follows a redirect only to the host that was asked.
    private final class SameHost: NSObject, URLSessionTaskDelegate {
        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
        ) {
            let isSame = request.url?.host() == task.originalRequest?.url?.host()
            completionHandler(isSame ? request : nil)
        }
    }
}
