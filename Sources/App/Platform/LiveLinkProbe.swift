package import Directory
import Foundation
import FoundationNetworking
import Glibc
package import Kernel

extension LinkProbe {
    /// Seconds until a site that says nothing counts as gone.
    private static let patience = 10.0

    /// Asks over the network. Addresses of this machine and of private networks are never asked.
    package static func live(_ world: World) -> LinkProbe {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = patience
        configuration.timeoutIntervalForResource = patience
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.urlCache = nil
        let session = URLSession(configuration: configuration, delegate: Staying(), delegateQueue: nil)
        return LinkProbe(
            ask: { method, url in await ask(session, method, url) },
            pause: { try? await Task.sleep(for: .seconds($0)) },
            seconds: { Double(world.uptime()) / 1e9 })
    }

    private static func ask(_ session: URLSession, _ method: Method, _ url: URL) async -> Answer {
        switch OutsideAddress(host: url.host() ?? "") {
        case .inside: return .inside
        case .unknown: return .noAnswer
        case .outside: break
        }
        var request = URLRequest(url: url)
        request.httpMethod = method.rawValue
        request.setValue(userAgent, forHTTPHeaderField: "User-Agent")
        request.setValue("bytes=0-100000", forHTTPHeaderField: "Range")
        guard let (body, response) = try? await session.data(for: request),
            let http = response as? HTTPURLResponse
        else { return .noAnswer }
        let isRobots = url.path() == "/robots.txt"
        let status = http.statusCode == 206 ? 200 : http.statusCode
        return .status(
            status, location: http.value(forHTTPHeaderField: "Location"),
            text: isRobots ? String(decoding: body.prefix(100_000), as: UTF8.self) : nil)
    }
}

/// Follows no redirect: each step is judged before it is taken.
private final class Staying: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) { completionHandler(nil) }
}

/// Whether a host lies outside this machine and outside private networks, by every address its name has.
package enum OutsideAddress: Sendable, Equatable {
    case outside, inside, unknown

    package init(host: String) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        guard getaddrinfo(bare, nil, &hints, &first) == 0 else {
            self = .unknown
            return
        }
        defer { freeaddrinfo(first) }
        var found = OutsideAddress.unknown
        var next = first
        while let entry = next {
            guard Self.isOutside(entry.pointee) else {
                self = .inside
                return
            }
            found = .outside
            next = entry.pointee.ai_next
        }
        self = found
    }

    private static func isOutside(_ entry: addrinfo) -> Bool {
        guard let address = entry.ai_addr else { return false }
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                isOutside(four: UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { isOutside(six: Array($0)) }
            }
        default: return false
        }
    }

    /// Networks that RFC 6890 keeps from the open Internet: first address and length of the prefix.
    private static let reserved: [(first: UInt32, bits: UInt32)] = [
        (0x0000_0000, 8), (0x0a00_0000, 8), (0x6440_0000, 10), (0x7f00_0000, 8), (0xa9fe_0000, 16),
        (0xac10_0000, 12), (0xc000_0000, 24), (0xc000_0200, 24), (0xc0a8_0000, 16), (0xc612_0000, 15),
        (0xc633_6400, 24), (0xcb00_7100, 24), (0xe000_0000, 3),
    ]

    static func isOutside(four address: UInt32) -> Bool {
        !reserved.contains { address >> (32 - $0.bits) == $0.first >> (32 - $0.bits) }
    }

    /// Only global unicast (2000::/3), and of that neither documentation nor a wrapped address of the older kind.
    static func isOutside(six bytes: [UInt8]) -> Bool {
        if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff {
            return isOutside(four: bytes[12...].reduce(0) { $0 << 8 | UInt32($1) })
        }
        let isWrapped = bytes[0] == 0x20 && bytes[1] == 0x02 || bytes[0...3] == [0x20, 0x01, 0, 0]
        let isExample = bytes[0...3] == [0x20, 0x01, 0x0d, 0xb8]
        return bytes[0] >> 5 == 1 && !isWrapped && !isExample
    }
}
