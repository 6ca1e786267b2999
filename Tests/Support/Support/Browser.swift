import Foundation
package import HTTPTypes
package import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
package import Web

/// Sends whole requests to the router in this process: what a browser without script does, minus the network.
package struct Browser: Sendable {
    private let responder: RouterResponder<SiteContext>

    package init(_ router: Router<SiteContext>) { responder = router.buildResponder() }

    package struct Reply: Sendable {
        package let status: Int
        package let headers: HTTPFields
        package let bytes: [UInt8]

        package var body: String { String(decoding: bytes, as: UTF8.self) }

        package func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

        /// Where it leads, without what it says there was done.
        package var place: String? { header("Location")?.replacing(/[?&]done=[a-z]+/, with: "") }

        /// The value of the first field of that name that holds one without being typed: a hidden one or a box to tick.
        package func hidden(_ name: String) -> String? {
            let body = body
            return body.firstRange(of: "name=\"\(name)\" value=\"").map { range in
                String(body[range.upperBound...].prefix { $0 != "\"" })
            }
        }
    }

    package func get(_ path: String, headers: [String: String] = [:]) async throws -> Reply {
        try await send(.get, path, headers: headers)
    }

    /// Submits a form.
    package func post(_ path: String, _ fields: [(String, String)]) async throws -> Reply {
        let body = fields.map { "\(encodedForQuery($0.0))=\(encodedForQuery($0.1))" }.joined(separator: "&")
        return try await send(.post, path, body: body)
    }

    /// Submits a form with a file, as a browser writes it.
    package func upload(
        _ path: String, _ fields: [(String, String)], file: (field: String, name: String, bytes: [UInt8]),
        headers: [String: String] = [:]
    ) async throws -> Reply {
        let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
        var body = fields.flatMap { name, value in
            Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        body +=
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(file.field)\"; filename=\"\(file.name)\"\r\n"
            .utf8
        body += "Content-Type: application/octet-stream\r\n\r\n".utf8
        body += file.bytes + "\r\n--\(boundary)--\r\n".utf8
        return try await send(
            .post, path,
            headers: headers.merging(["Content-Type": "multipart/form-data; boundary=\(boundary)"]) { _, new in new },
            bytes: ByteBuffer(bytes: body))
    }

    package func send(
        _ method: HTTPRequest.Method, _ path: String, headers: [String: String] = [:], body: String = ""
    ) async throws -> Reply {
        try await send(method, path, headers: headers, bytes: ByteBuffer(string: body))
    }

    /// Asks for an answer that is sent as it happens and does not end by itself.
    package func watch(_ path: String, headers: [String: String] = [:]) async throws -> LiveReply {
        let response = try await respond(.get, path, headers: headers, bytes: ByteBuffer())
        return LiveReply(response)
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, headers: [String: String], bytes: ByteBuffer
    ) async throws -> Reply {
        let response = try await respond(method, path, headers: headers, bytes: bytes)
        let collector = Collector()
        try await response.body.write(BodyWriter(collector: collector))
        return Reply(status: response.status.code, headers: response.headers, bytes: await collector.bytes)
    }

    private func respond(
        _ method: HTTPRequest.Method, _ path: String, headers: [String: String], bytes: ByteBuffer
    ) async throws -> Response {
        var fields = HTTPFields()
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields)
        let request = Request(head: head, body: .init(buffer: bytes))
        let context = SiteContext(
            source: ApplicationRequestContextSource(
                channel: NIOAsyncTestingChannel(), logger: Logger(label: "test")))
        return try await responder.respond(to: request, context: context)
    }
}

/// What came of an answer that is sent as it happens, so far.
package final class LiveReply: Sendable {
    struct Silence: Error { let came: String }

    package let status: Int
    package let headers: HTTPFields
    private let collector = Collector()
    private let reading: Task<Void, any Error>

    init(_ response: Response) {
        (status, headers) = (response.status.code, response.headers)
        let (body, collector) = (response.body, collector)
        reading = Task { try await body.write(BodyWriter(collector: collector)) }
    }

    deinit { reading.cancel() }

    package var text: String { get async { String(decoding: await collector.bytes, as: UTF8.self) } }

    /// What came until `text` did.
    package func wait(for text: String) async throws -> String {
        for _ in 0..<2000 {
            let came = await self.text
            if came.contains(text) { return came }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Silence(came: await self.text)
    }

    /// Waits for its end, which the server makes.
    package func end() async throws { try await reading.value }
    package func close() { reading.cancel() }
}

private actor Collector {
    private(set) var bytes: [UInt8] = []

    func append(_ buffer: ByteBuffer) { bytes.append(contentsOf: buffer.readableBytesView) }
}

private struct BodyWriter: ResponseBodyWriter {
    let collector: Collector

    mutating func write(_ buffer: ByteBuffer) async throws { await collector.append(buffer) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
