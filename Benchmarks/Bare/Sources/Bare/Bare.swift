import Hummingbird

/// Answers `/` with a fixed string: `Bare PORT BYTES`. What Hummingbird can do at most for a page of that size.
@main
struct Bare {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard arguments.count == 2, (0...65535).contains(arguments[0]), arguments[1] >= 0 else {
            print("usage: Bare PORT BYTES")
            return
        }
        let text = String(repeating: "x", count: arguments[1])
        let router = Router()
        router.get("/") { _, _ in text }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: arguments[0]), serverName: nil, backlog: 1024))
        try await application.runService()
    }
}
