import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Connections whose requests are answered on the thread that reads them. An answer that needs no database takes no turn
/// through the queue of another thread; one that does comes back to its own.
struct LoopBoundConnections: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    private let connections: HTTP1Channel

    init(_ connections: HTTP1Channel) { self.connections = connections }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        connections.setup(channel: channel, logger: logger)
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(loop: value.channel.eventLoop)) {
            await connections.handle(value: value, logger: logger)
        }
    }
}

private final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
