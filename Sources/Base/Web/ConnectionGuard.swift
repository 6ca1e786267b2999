import HTTPTypes
import Kernel
package import NIOCore
import NIOHTTP1
import NIOHTTPTypes

extension Site {
    /// For each connection: answers unreadable requests with a page of this site, and closes the connection when a
    /// request that began is not whole after `patience`.
    package func connectionGuard(patience: TimeAmount) -> any RemovableChannelHandler {
        ConnectionGuard(site: self, patience: patience)
    }

    /// What somebody gets whose request never became one. Its language is not known, so all are spoken.
    fileprivate func refusal(_ error: any Error) -> (head: HTTPResponse, body: ByteBuffer) {
        let isTooLong = (error as? HTTPParserError) == .headerOverflow
        let words = strings.offered.map(strings.words)
        let fault = Fault(
            words: words.first ?? strings.words(.english), status: isTooLong ? 431 : 400,
            code: isTooLong ? "too-long" : "bad-request", correlation: "", also: Array(words.dropFirst()))
        log.request(method: "-", pattern: "-", status: fault.status, microseconds: 0)
        let page = faultPage(fault).bytes
        var headers = SafeHeaders.all
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers[.contentLength] = "\(page.count)"
        headers[.connection] = "close"
        return (
            HTTPResponse(status: .init(code: fault.status), headerFields: headers), ByteBuffer(bytes: page)
        )
    }
}

/// Stands in each connection before the router. What the decoder cannot read between two requests gets a page; what
/// breaks inside a request is told to whoever reads its body. A request must be whole in time, or bring enough of it in each
/// `patience`: a file takes long on a slow phone, a trickle is cut.
private final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let site: Site
    private let patience: TimeAmount
    private var isReading = false
    private var unanswered = 0
    private var unreadable: (any Error)?
    private var hasRefused = false
    private var deadline: Scheduled<Void>?
    /// How much of a body came since the deadline was set.
    private var cameBytes = 0

    /// What buys another `patience`: about 8 KB a second.
    private static let enoughBytes = 256 * 1024
    /// How long a refused sender may go on sending, so that it gets to read the answer before the line is cut.
    private static let farewell = TimeAmount.seconds(2)

    init(site: Site, patience: TimeAmount) {
        self.site = site
        self.patience = patience
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard unreadable == nil else { return }
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            unanswered += 1
        case .body(let bytes): cameBytes += bytes.readableBytes
        case .end:
            isReading = false
            deadline?.cancel()
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isReading, deadline == nil || cameBytes >= Self.enoughBytes {
            deadline?.cancel()
            deadline = closing(context, in: patience)
            cameBytes = 0
        }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        guard case .end = unwrapOutboundIn(data) else { return }
        unanswered -= 1
        if unreadable != nil { refuse(context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isReading, !(error is IOError), !(error is ChannelError) else { return context.fireErrorCaught(error) }
        if unreadable == nil { unreadable = error }
        refuse(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if hasRefused, case ChannelEvent.inputClosed? = event as? ChannelEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    /// Once all earlier requests of the connection have their answers.
    private func refuse(_ context: ChannelHandlerContext) {
        guard let unreadable, unanswered == 0, !hasRefused else { return }
        hasRefused = true
        let (head, body) = site.refusal(unreadable)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        deadline?.cancel()
        deadline = closing(context, in: Self.farewell)
    }

    private func closing(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        let channel = context.channel
        return context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
