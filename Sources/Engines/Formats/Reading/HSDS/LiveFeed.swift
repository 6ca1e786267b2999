package import Foundation
import Kernel

/// Copies what a live HSDS 3 API has into a folder of JSON lines, which is then read like any other file. Nothing is taken
/// over from a feed that breaks off: what it no longer has could not be told from what it did not get to send.
package struct LiveFeed: Sendable {
    private static let lists = ["organizations", "services"]
    private static let mostPages = 20_000
    private static let mostBytes = 4 << 30
    private static let perPage = 100

    private let base: String
    private let fetch: Validation.Fetch

    package init(_ base: String, fetch: @escaping Validation.Fetch) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.fetch = fetch
    }

    /// - Throws: `ReadingFault` naming the page that could not be had, or whatever `fetch` throws.
    package func copy(to folder: URL) async throws {
        var written = 0
        for list in Self.lists {
            let file = folder.appending(path: "\(list).ndjson")
            try Data().write(to: file)
            let handle = try FileHandle(forWritingTo: file)
            defer { try? handle.close() }
            var last: String?
            for page in 1...Self.mostPages + 1 {
                guard page <= Self.mostPages else { throw fault(list, page, "never-ends", "has no end") }
                let (document, isFull) = try await self.page(list, page)
                let contents = document["contents"]?.array ?? []
                let start = contents.first?["id"]?.text
                if start != nil, start == last { throw fault(list, page, "repeats", "is the one before again") }
                last = start
                for element in contents {
                    let line = isFull ? element : try await whole(list, element, page)
                    let bytes = Self.line(line)
                    written += bytes.count
                    guard written <= Self.mostBytes else {
                        throw fault(list, page, "too-large", "brings more than 4 GB")
                    }
                    try handle.write(contentsOf: bytes)
                }
                if contents.isEmpty || isLast(document, page) { break }
            }
        }
    }

    private func isLast(_ document: JSONValue, _ page: Int) -> Bool {
        if let isLast = document["last_page"]?.boolean { return isLast }
        return document["total_pages"]?.number.map { Double(page) >= $0 } ?? false
    }

    /// A page with whole records if the server knows `full`, else with the short ones.
    private func page(_ list: String, _ page: Int) async throws -> (JSONValue, isFull: Bool) {
        let address = "\(base)/\(list)?page=\(page)&per_page=\(Self.perPage)"
        if let document = try? await document(address + "&full=true", list, page),
            document["contents"]?.array?.allSatisfy(Self.isWhole) == true
        {
            return (document, true)
        }
        return (try await document(address, list, page), false)
    }

    /// A short form has no list within.
    private static func isWhole(_ element: JSONValue) -> Bool {
        element.object?.values.contains { $0.array != nil } ?? false
    }

    private func whole(_ list: String, _ element: JSONValue, _ page: Int) async throws -> JSONValue {
        guard let id = element["id"]?.text, Identifier<Record>(id) != nil else {
            throw fault(list, page, "missing-id", "has a record without an id")
        }
        return try await document("\(base)/\(list)/\(id)", list, page)
    }

    private func document(_ address: String, _ list: String, _ page: Int) async throws -> JSONValue {
        let answer = try await fetch(address)
        guard answer.status == 200 else { throw fault(list, page, "no-answer", "answers with \(answer.status)") }
        guard let document = try? JSONValue.parse(answer.bytes), document.object != nil else {
            throw fault(list, page, "not-json", "is no JSON")
        }
        return document
    }

    private static func line(_ element: JSONValue) -> [UInt8] {
        var text = JSONText()
        text.value(element)
        return text.bytes + [0x0a]
    }

    private func fault(_ list: String, _ page: Int, _ code: String, _ what: String) -> ReadingFault {
        ReadingFault(
            code, "Page \(page) of \(list) \(what); nothing was taken over.", at: Origin(file: list, line: page))
    }
}
