import Formats
import Foundation
import Testing

@Suite struct LiveFeedTests {
    private static func service(_ number: Int, isWhole: Bool) -> String {
        let id = "00000000-0000-4000-8000-\(String(repeating: "0", count: 12 - "\(number)".count))\(number)"
        let name = "Fictional service \(number)"
        return #"{"id":"\#(id)","name":"\#(name)","status":"active"\#(isWhole ? #","phones":[]"# : "")}"#
    }

    private static func page(_ contents: [String], isLast: Bool) -> FetchedAnswer {
        let text = #"{"total_pages":2,"last_page":\#(isLast),"contents":[\#(contents.joined(separator: ","))]}"#
        return FetchedAnswer(status: 200, bytes: Array(text.utf8))
    }

    private func copied(_ fetch: @escaping Validation.Fetch) async throws -> [Reading] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-feed-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await LiveFeed("https://feed.example.org/hsds/", fetch: fetch).copy(to: folder)
        var found: [Reading] = []
        try FileReader(path: folder, format: .hsds3).read { found.append($0) }
        return found
    }

    private func services(_ found: [Reading]) -> Int {
        found.count { if case .draft(let draft) = $0 { draft.kind == .service } else { false } }
    }

    @Test func `a feed that knows full gives whole records by the page`() async throws {
        let found = try await copied { address in
            guard address.contains("/services?") else { return Self.page([], isLast: true) }
            let page = address.contains("page=2&") ? 2 : 1
            return Self.page([Self.service(page, isWhole: true)], isLast: page == 2)
        }
        #expect(services(found) == 2)
    }

    @Test func `a feed that does not is asked for each record`() async throws {
        let found = try await copied { address in
            if address.contains("full=true") { return FetchedAnswer(status: 400, bytes: []) }
            if address.contains("/organizations?") { return Self.page([], isLast: true) }
            if address.contains("?") { return Self.page([Self.service(7, isWhole: false)], isLast: true) }
            return FetchedAnswer(status: 200, bytes: Array(Self.service(7, isWhole: true).utf8))
        }
        #expect(services(found) == 1)
    }

    @Test(arguments: ["repeats", "no-answer", "not-json", "missing-id"])
    func `a feed that cannot be trusted is not taken over`(code: String) async throws {
        await #expect {
            _ = try await copied { address in
                switch code {
                case "repeats": return Self.page([Self.service(1, isWhole: true)], isLast: false)
                case "no-answer": return FetchedAnswer(status: 500, bytes: [])
                case "not-json": return FetchedAnswer(status: 200, bytes: Array("<html>".utf8))
                default: return Self.page([#"{"name":"x"}"#], isLast: true)
                }
            }
        } throws: { ($0 as? ReadingFault)?.code == code }
    }
}
