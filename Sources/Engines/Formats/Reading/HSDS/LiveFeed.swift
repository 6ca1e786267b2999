package import Foundation
package import Kernel

/// Copies what a live HSDS 3 API has into a folder of JSON lines, which is then read like any other file. Nothing is taken
/// over from a feed that breaks off: what it no longer has could not be told from what it did not get to send.
package struct LiveFeed: Sendable {
    /// How much of a feed is taken before it is refused.
    package struct Limits: Sendable {
        package var pages = 20_000
        package var records = 1_000_000
        package var bytes = 4 << 30

        package init() {}
    }

    /// How a feed is asked.
    package struct Way: Sendable {
        /// Only what was modified at or after this moment; nil for all.
        package var since: Instant?
        /// Another Waymark: pages by cursor, which stay true while records come and go, and tombstones.
        package var isWaymark = false

        package init() {}
    }

    private static let perPage = 100

    private let base: String
    private let fetch: Validation.Fetch
    private let limits: Limits
    private let way: Way
    private let change: @Sendable (_ record: JSONValue) throws -> JSONValue?

    /// - Parameter change: sees each record first and may leave it out with nil.
    package init(
        _ base: String, way: Way = Way(), limits: Limits = Limits(), fetch: @escaping Validation.Fetch,
        change: @escaping @Sendable (_ record: JSONValue) throws -> JSONValue? = { $0 }
    ) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        (self.fetch, self.limits, self.way, self.change) = (fetch, limits, way, change)
    }

    /// The id that another Waymark gives itself; nil for any other HSDS 3 feed.
    /// - Throws: `ReadingFault` for what is no such feed.
    package func node() async throws -> String? {
        let origin = Origin(file: "/", line: 1)
        let answer = try await fetch(base)
        guard answer.status == 200 else {
            throw ReadingFault("no-answer", "The feed answers with \(answer.status).", at: origin)
        }
        guard let about = try? JSONValue.parse(answer.bytes), let version = about["version"]?.plain else {
            throw ReadingFault("no-feed", "The address is no HSDS feed: it does not say its version.", at: origin)
        }
        guard version.hasPrefix("3") else {
            throw ReadingFault("old-feed", "The feed is of another HSDS than 3; import its files instead.", at: origin)
        }
        return about["node"]?.text.flatMap(Identifier<Record>.init)?.description
    }

    /// - Throws: `ReadingFault` naming the page that could not be had, or whatever `fetch` throws.
    package func copy(to folder: URL) async throws {
        var taken = Taken()
        for list in ["organizations", "services"] { try await copy(list, to: folder, &taken) }
        if way.isWaymark, way.since != nil { try await copy("tombstones", to: folder, &taken) }
    }

    /// What came so far, of all lists.
    private struct Taken {
        var bytes = 0
        var records = 0
    }

    private func copy(_ list: String, to folder: URL, _ taken: inout Taken) async throws {
        let file = folder.appending(path: "\(list).ndjson")
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        var turn = FeedPages(list, isByCursor: way.isWaymark)
        repeat {
            guard turn.number <= limits.pages else { throw turn.fault("never-ends", "has no end") }
            let (document, isFull) = try await page(turn)
            let contents = document["contents"]?.array ?? []
            for element in contents {
                let record = isFull ? element : try await whole(element, turn)
                guard let kept = try list == "tombstones" ? Self.removal(record) : change(record) else { continue }
                let bytes = Self.line(kept)
                taken.bytes += bytes.count
                taken.records += 1
                guard taken.bytes <= limits.bytes else { throw turn.fault("too-large", "brings more than 4 GB") }
                guard taken.records <= limits.records else {
                    throw turn.fault("too-many", "brings more than \(limits.records) records")
                }
                try handle.write(contentsOf: bytes)
            }
            try turn.next(document)
        } while !turn.isOver
        if way.since == nil { try turn.refuseLies() }
    }

    /// A page with whole records if the server knows `full`, else with the short ones.
    private func page(_ turn: FeedPages) async throws -> (JSONValue, isFull: Bool) {
        var address = "\(base)/\(turn.list)?\(turn.query)&per_page=\(Self.perPage)"
        if let since = way.since { address += "&modified_after=\(since)" }
        if turn.list == "tombstones" { return (try await document(address, turn), true) }
        if way.isWaymark { return (try await document(address + "&full=true", turn), true) }
        do {
            let document = try await document(address + "&full=true", turn)
            if document["contents"]?.array?.allSatisfy(Self.isWhole) == true { return (document, true) }
        } catch is ReadingFault {
            // Some servers refuse a parameter that they do not know.
        }
        return (try await document(address, turn), false)
    }

    /// A short form has no list within.
    private static func isWhole(_ element: JSONValue) -> Bool {
        element.object?.values.contains { $0.array != nil } ?? false
    }

    private func whole(_ element: JSONValue, _ turn: FeedPages) async throws -> JSONValue {
        guard let id = element["id"]?.text, Identifier<Record>(id) != nil else {
            throw turn.fault("missing-id", "has a record without an id")
        }
        let record = try await document("\(base)/\(turn.list)/\(id)", turn)
        guard record["id"]?.text == id else { throw turn.fault("changed-id", "gives another record than its list") }
        return record
    }

    private func document(_ address: String, _ turn: FeedPages) async throws -> JSONValue {
        let answer = try await fetch(address)
        guard answer.status == 200 else { throw turn.fault("no-answer", "answers with \(answer.status)") }
        guard let document = try? JSONValue.parse(answer.bytes), document.object != nil else {
            throw turn.fault("not-json", "is no JSON")
        }
        return document
    }

    /// As readers know it.
    private static func removal(_ tombstone: JSONValue) -> JSONValue {
        .object(["id": tombstone["id"] ?? .null, "kind": tombstone["kind"] ?? .null, "deleted": .boolean(true)])
    }

    private static func line(_ element: JSONValue) -> [UInt8] {
        var text = JSONText()
        text.value(element)
        return text.bytes + [0x0a]
    }
}

/// Goes through the pages of one list and notices when they cannot be true.
struct FeedPages {
    let list: String
    private(set) var number = 1
    private(set) var isOver = false
    private let isByCursor: Bool
    private var cursor = ""
    private var first: String?
    private var last = ""
    private var ids: Set<String> = []
    private var total: Double?

    init(_ list: String, isByCursor: Bool) { (self.list, self.isByCursor) = (list, isByCursor) }

    var query: String { isByCursor ? "cursor=\(cursor)" : "page=\(number)" }

    mutating func next(_ page: JSONValue) throws {
        guard let contents = page["contents"]?.array else { throw fault("no-contents", "has no contents") }
        let start = contents.first?["id"]?.plain
        if start != nil, start == first { throw fault("repeats", "is the one before again") }
        first = start
        for record in contents {
            guard let id = record["id"]?.plain, Identifier<Record>(id) != nil || !isByCursor, id.utf8.count <= 200
            else {
                throw fault("missing-id", "has a record without an id")
            }
            if isByCursor {
                guard id > last else { throw fault("out-of-order", "is not in the order of ids") }
                last = id
            } else {
                ids.insert(id)
            }
        }
        total = page["total_items"]?.number ?? total
        if isByCursor {
            isOver = page["next_cursor"]?.text == nil || contents.isEmpty
            cursor = last
        } else {
            let isLast = page["last_page"]?.boolean
            isOver = contents.isEmpty || isLast ?? page["total_pages"]?.number.map { Double(number) >= $0 } ?? false
        }
        number += 1
    }

    /// A feed that says how much it has and sends something else would make us remove what it did not send.
    func refuseLies() throws {
        guard !isByCursor, let total, total != Double(ids.count) else { return }
        let said = Int(exactly: total.rounded()).map(String.init) ?? "a number"
        throw ReadingFault(
            "wrong-total", "The feed says that it has \(said) \(list) and sent \(ids.count); nothing was taken over.",
            at: Origin(file: list, line: number))
    }

    func fault(_ code: String, _ what: String) -> ReadingFault {
        ReadingFault(
            code, "Page \(number) of \(list) \(what); nothing was taken over.", at: Origin(file: list, line: number))
    }
}
