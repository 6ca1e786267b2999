package import Directory
import Dispatch
import Formats
import Foundation
import FoundationNetworking
import Glibc
import Synchronization

/// What one answer of a feed may cost, in bytes as they are after unpacking, and seconds.
package struct AnswerLimits: Sendable {
    package var bytes = 64 << 20
    package var seconds = 60

    package init() {}
}

extension FeedPort {
    /// Asks over the network. A host is resolved once: http goes to that very address, and https checks the certificate, so
    /// that a name which means something else a moment later leads nowhere.
    package static func live(_ limits: AnswerLimits = AnswerLimits()) -> FeedPort {
        FeedPort { address, inside in
            guard let url = URL(string: address), let host = url.host(), ["http", "https"].contains(url.scheme) else {
                throw FeedFault.notWeb
            }
            let found = await addresses(of: host)
            guard let first = found.first else { throw FeedFault.unknownHost }
            if !inside, found.contains(where: { OutsideAddress(host: $0) != .outside }) { throw FeedFault.inside }
            var request = URLRequest(url: url.scheme == "http" ? pinned(url, to: first) : url)
            request.setValue(url.port.map { "\(host):\($0)" } ?? host, forHTTPHeaderField: "Host")
            request.setValue("application/json", forHTTPHeaderField: "Accept")
            request.setValue("Waymark/1 (follows open data)", forHTTPHeaderField: "User-Agent")
            return try await FeedAnswer(limits).ask(request)
        }
    }

    private static func pinned(_ url: URL, to address: String) -> URL {
        var parts = URLComponents(url: url, resolvingAgainstBaseURL: false)
        parts?.percentEncodedHost = address.contains(":") ? "[\(address)]" : address
        return parts?.url ?? url
    }

    /// In digits; empty for a name that nobody knows. Waits on a thread of its own: a slow name server must hold up nobody.
    private static func addresses(of host: String) async -> [String] {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: resolved(host)) }
        }
    }

    private static func resolved(_ host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        guard getaddrinfo(bare, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var (found, next) = ([String](), first)
        while let entry = next {
            var text = [CChar](repeating: 0, count: 64)
            if getnameinfo(entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, 64, nil, 0, NI_NUMERICHOST) == 0 {
                found.append(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
            }
            next = entry.pointee.ai_next
        }
        return found
    }
}

/// One answer as it comes in, cut off as soon as it is too large or too slow.
private final class FeedAnswer: NSObject, URLSessionDataDelegate {
    private struct State {
        var bytes: [UInt8] = []
        var status = 0
        var fault: FeedFault?
        var continuation: CheckedContinuation<FetchedAnswer, any Error>?
    }

    private let limits: AnswerLimits
    private let state = Mutex(State())

    init(_ limits: AnswerLimits) { self.limits = limits }

    func ask(_ request: URLRequest) async throws -> FetchedAnswer {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = Double(limits.seconds)
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.urlCache = nil
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: request)
        let clock = Task { [limits] in
            try await Task.sleep(for: .seconds(limits.seconds))
            end(task, .tooSlow(seconds: limits.seconds))
        }
        defer { clock.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                state.withLock { $0.continuation = continuation }
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
    }

    /// Answers with `fault` at once: a cancelled transfer may take its time to end.
    private func end(_ task: URLSessionTask, _ fault: FeedFault) {
        state.withLock { $0.fault = $0.fault ?? fault }
        task.cancel()
        finish(nil)
    }

    private func finish(_ error: (any Error)?) {
        let (continuation, outcome) = state.withLock {
            state -> (CheckedContinuation<FetchedAnswer, any Error>?, State) in
            defer { (state.continuation, state.bytes) = (nil, []) }
            return (state.continuation, state)
        }
        guard let continuation else { return }
        if let fault = outcome.fault { return continuation.resume(throwing: fault) }
        if (error as? URLError)?.code == .timedOut {
            return continuation.resume(throwing: FeedFault.tooSlow(seconds: limits.seconds))
        }
        if error != nil || outcome.status == 0 { return continuation.resume(throwing: FeedFault.noAnswer) }
        continuation.resume(returning: FetchedAnswer(status: outcome.status, bytes: outcome.bytes))
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        state.withLock { $0.status = status }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooMuch = state.withLock { state in
            guard state.bytes.count + data.count <= limits.bytes else { return true }
            state.bytes += data
            return false
        }
        if isTooMuch { end(dataTask, .tooLarge(megabytes: limits.bytes >> 20)) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        finish(error)
    }

    /// Each step is judged before it is taken: none is.
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        state.withLock { $0.fault = $0.fault ?? .redirect }
        completionHandler(nil)
    }
}
