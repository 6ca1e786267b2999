import Dispatch
import Glibc
import Web

/// After SIGTERM or SIGINT the server takes no more connections and finishes the requests it has. This ends the program when
/// one of them takes longer than `patience` seconds.
struct ShutdownWatch {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter endLive: ends requests that would never end by themselves.
    init(patience: Int, log: RequestLog, endLive: @escaping @Sendable () async -> Void) {
        sources = [SIGTERM, SIGINT].map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
            source.setEventHandler {
                Task { await endLive() }
                DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(patience)) {
                    log.event("stopped-before-all-was-answered")
                    log.flush()
                    exit(0)
                }
            }
            source.resume()
            return source
        }
    }

    func end() { for source in sources { source.cancel() } }
}
