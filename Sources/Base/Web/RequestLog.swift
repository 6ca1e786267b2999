import Foundation
package import Kernel
import Synchronization

/// One line per request: method, route pattern, status, duration class, and for failures the error's type and a
/// correlation id. There is no way to put a path, a query, an address or a form into it.
package final class RequestLog: Sendable {
    private let lines = Mutex<[UInt8]>([])
    private let write: @Sendable ([UInt8]) -> Void
    private let isJSON: Bool
    /// The same requests, for the metrics.
    package let counts = RequestCounts()

    /// - Parameter isJSON: true for lines of JSON.
    package init(isJSON: Bool = false, write: @escaping @Sendable ([UInt8]) -> Void) {
        (self.isJSON, self.write) = (isJSON, write)
    }

    /// To standard error, in blocks.
    package static func standardError(isJSON: Bool = false) -> RequestLog {
        RequestLog(isJSON: isJSON) { bytes in FileHandle.standardError.write(Data(bytes)) }
    }

    func request(method: String, pattern: String, status: Int, microseconds: Int) {
        counts.add(method: method, pattern: pattern, status: status, microseconds: microseconds)
        let duration = Self.durationClass(microseconds)
        append(
            isJSON
                ? #"{"request":"\#(method)","route":"\#(pattern)","status":\#(status),"duration":"\#(duration)"}"#
                : "\(method) \(pattern) \(status) \(duration)")
    }

    /// - Parameter outage: adds its sentence, which names the cause.
    func failure(type: String, correlation: String, outage: (any Outage)? = nil) {
        append(
            isJSON
                ? #"{"failure":"\#(type)","correlation":"\#(correlation)"\#(causeMember(outage))}"#
                : "failure \(type) \(correlation)\(Self.cause(outage))")
    }

    /// Writes what has gathered. Called every second by the program, and at its end.
    package func flush() {
        let bytes = lines.withLock { lines in
            defer { lines.removeAll(keepingCapacity: true) }
            return lines
        }
        if !bytes.isEmpty { write(bytes) }
    }

    /// Something the program noticed by itself, by a fixed code.
    package func event(_ code: StaticString, _ outage: (any Outage)? = nil) {
        append(isJSON ? #"{"event":"\#(code)"\#(causeMember(outage))}"# : "event \(code)\(Self.cause(outage))")
    }

    private static func cause(_ outage: (any Outage)?) -> String { outage.map { " \($0.description)" } ?? "" }

    private func causeMember(_ outage: (any Outage)?) -> String {
        guard let outage else { return "" }
        let text = outage.description.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return #","cause":"\#(text)""#
    }

    private func append(_ line: String) {
        let isFull = lines.withLock { lines in
            lines.append(contentsOf: line.utf8)
            lines.append(0x0a)
            return lines.count > 64 * 1024
        }
        if isFull { flush() }
    }

    /// Exact durations could tell what was asked.
    private static func durationClass(_ microseconds: Int) -> String {
        switch microseconds {
        case ..<1000: "<1ms"
        case ..<10_000: "<10ms"
        case ..<100_000: "<100ms"
        case ..<1_000_000: "<1s"
        default: ">=1s"
        }
    }
}
