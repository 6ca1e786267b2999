import Directory
import Formats
import Foundation
import Glibc
import Kernel
import Synchronization
import Web

/// One way through the addresses of the site: asks for each, and writes what differs from what is there.
final class SitePass: Sendable {
    private let publication: Publication
    private let run: Int
    /// False when it is not known what lies in the folder.
    private let isTrusted: Bool
    private let routes: [RouteTable.Route]
    private let counts = Mutex((written: 0, removed: 0))
    private static let batch = 100
    /// Larger files are left uncompressed: the whole of one must fit in memory.
    private static let largestZipped = 32 << 20

    init(publication: Publication, run: Int, isTrusted: Bool) {
        self.publication = publication
        self.run = run
        self.isTrusted = isTrusted
        routes = publication.platform.routes.routes
    }

    var written: Int { counts.withLock(\.written) }
    var removed: Int { counts.withLock(\.removed) }

    private var directory: Directory { publication.platform.directory }

    // MARK: What to write

    func writeAll() async throws {
        for kind in Set(routes.compactMap { Self.kind(of: $0) }).sorted() {
            let batches = Batches { [directory] last in
                try await directory.addresses(kind, after: last, limit: Self.batch)
            }
            try await withThrowingTaskGroup { group in
                for writer in 0..<Publication.writers {
                    group.addTask { [self] in
                        while let ids = try await batches.next() {
                            try await write(kind, ids, part: "\(Publication.part)-\(writer)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        try await writeShared()
    }

    /// The addresses of these records.
    func write(_ kind: String, _ ids: [Identifier<Record>]) async throws {
        for start in stride(from: 0, to: ids.count, by: Self.batch) {
            try await write(kind, Array(ids[start..<min(start + Self.batch, ids.count)]), part: Publication.part)
        }
    }

    private func write(_ kind: String, _ ids: [Identifier<Record>], part: String) async throws {
        try await directory.readAhead(kind, ids)
        defer { directory.forgetListings(kind, ids) }
        var files: [MadeFile] = []
        for id in ids {
            let record = "\(kind)/\(id)"
            for route in routes where Self.kind(of: route) == kind {
                var values = [id.description]
                if case .parts(_, let find) = route.publishing { values = try await find(id.description) }
                for value in values {
                    for language in languages(of: route) {
                        files += try await made(
                            PublishedAddress(route, language, value: value), record: record, part: part)
                    }
                }
            }
        }
        try await keep(files, part: part)
    }

    /// What is of no one record: lists, maps, texts, downloads.
    func writeShared() async throws {
        var addresses: [PublishedAddress] = []
        for route in routes {
            for language in languages(of: route) { addresses += try await sharedAddresses(route, language) }
        }
        // Downloads take longest, and begin first.
        let downloads = addresses.filter { $0.route.path.hasPrefix("/data/") }
        let queue = Addresses(addresses.filter { !$0.route.path.hasPrefix("/data/") } + downloads)
        try await withThrowingTaskGroup { group in
            for writer in 0..<Publication.writers {
                group.addTask { [self] in
                    let part = "\(Publication.part)-\(writer)"
                    while let address = await queue.next() {
                        try await keep(made(address, record: nil, part: part), part: part)
                    }
                }
            }
            try await group.waitForAll()
        }
        let unknown = try await publication.platform.site.answerToUnknown
        guard case .bytes(let plain, let gzip) = unknown.body else { return }
        try await keep([MadeFile(path: "404.html", record: nil, plain: plain, gzip: gzip)], part: Publication.part)
    }

    private func sharedAddresses(_ route: RouteTable.Route, _ language: Language) async throws -> [PublishedAddress] {
        switch route.publishing {
        case .never, .records, .parts: []
        case .once: [PublishedAddress(route, language)]
        case .named(let names): try await names().map { PublishedAddress(route, language, value: $0) }
        case .pages(let count):
            try await (1...max(1, count())).map { PublishedAddress(route, language, page: $0) }
        }
    }

    private func languages(of route: RouteTable.Route) -> [Language] {
        route.path.hasPrefix("/:language") ? publication.platform.strings.offered : [.english]
    }

    private static func kind(of route: RouteTable.Route) -> String? {
        switch route.publishing {
        case .records(let kind), .parts(let kind, _): kind
        case .never, .once, .named, .pages: nil
        }
    }

    // MARK: Files

    private struct MadeFile {
        let path: String
        let record: String?
        let plain: [UInt8]
        let gzip: [UInt8]?
    }

    /// None where there is nothing to see; a large file is written at once and not returned.
    private func made(
        _ address: PublishedAddress, record: String?, part: String
    ) async throws -> [MadeFile] {
        let site = publication.platform.site
        guard let answer = try await site.answer(address, origin: publication.origin, now: publication.now) else {
            return []
        }
        let path = address.file(isPage: answer.isPage)
        switch answer.body {
        case .bytes(let plain, let gzip): return [MadeFile(path: path, record: record, plain: plain, gzip: gzip)]
        case .file(let url):
            let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
            guard size > Self.largestZipped else {
                let plain = Array(try Data(contentsOf: url))
                let gzip = path.hasSuffix(".zip") ? nil : gzipped(plain)
                return [MadeFile(path: path, record: record, plain: plain, gzip: gzip)]
            }
            try await keepLarge(url, as: path, part: part)
            return []
        }
    }

    private func keep(_ files: [MadeFile], part: String) async throws {
        let known = isTrusted ? try await publication.ledger.digests(files.map(\.path)) : [:]
        var entries: [SiteLedger.Entry] = []
        var written = 0
        for file in files {
            let digest = FileDigest.of(file.plain)
            let zipped = file.gzip.map(FileDigest.of)
            let old = known[file.path]
            if old?.plain != digest {
                try publication.folder.write(file.plain, to: file.path, part: part)
                written += 1
            }
            if let gzip = file.gzip, old?.zipped != zipped {
                try publication.folder.write(gzip, to: file.path + ".gz", part: part)
                written += 1
            } else if file.gzip == nil, old?.zipped != nil {
                try publication.folder.remove(file.path + ".gz")
            }
            entries.append(.init(path: file.path, digest: digest, zipped: zipped, record: file.record))
        }
        try await publication.ledger.keep(entries, run: run)
        counts.withLock { [written] in $0.written += written }
    }

    private func keepLarge(_ url: URL, as path: String, part: String) async throws {
        guard let digest = FileDigest.of(fileAt: url.path) else { throw PublishFault(url.path, errno: EIO) }
        let old = isTrusted ? try await publication.ledger.digests([path])[path] : nil
        if old?.plain != digest {
            let copy = publication.folder.path + "/" + part
            unlink(copy)
            do {
                try FileManager.default.copyItem(atPath: url.path, toPath: copy)
            } catch {
                unlink(copy)
                throw PublishFault(publication.folder.path + "/" + path, errno: ENOSPC)
            }
            chmod(copy, 0o644)
            try publication.folder.keep(part, as: path)
            counts.withLock { $0.written += 1 }
        }
        if old?.zipped != nil { try publication.folder.remove(path + ".gz") }
        try await publication.ledger.keep(
            [.init(path: path, digest: digest, zipped: nil, record: nil)], run: run)
    }

    // MARK: Taking away

    /// Removes the files that this pass did not come by.
    func takeOut(of records: [String]?) async throws {
        let gone = try await publication.ledger.takeOut(before: run, of: records)
        for file in gone {
            try publication.folder.remove(file.path)
            if file.isZipped { try publication.folder.remove(file.path + ".gz") }
        }
        counts.withLock { $0.removed += gone.reduce(0) { $0 + ($1.isZipped ? 2 : 1) } }
    }

    /// Removes what an unfinished publishing left: all that the site does not have, wherever the site has files.
    func sweep() async throws {
        var tops: Set<String> = [Publication.part]
        tops.formUnion((0..<Publication.writers).map { "\(Publication.part)-\($0)" })
        var (last, known) = ("", Set<String>())
        while true {
            let entries = try await publication.ledger.entries(after: last, limit: 5000)
            guard let end = entries.last else { break }
            for entry in entries {
                tops.insert(String(entry.path.prefix { $0 != "/" }))
                known.insert(entry.path)
                if entry.zipped != nil { known.insert(entry.path + ".gz") }
            }
            last = end.path
        }
        for top in tops {
            for file in publication.folder.files(under: top) where !known.contains(file) {
                try publication.folder.remove(file)
                counts.withLock { $0.removed += 1 }
            }
        }
    }
}

/// Addresses for several who work at once, the last first.
private actor Addresses {
    private var left: [PublishedAddress]

    init(_ addresses: [PublishedAddress]) { left = addresses }

    func next() -> PublishedAddress? { left.popLast() }
}

/// Ids in batches, for several who work at once.
private actor Batches {
    private let read: @Sendable (Identifier<Record>?) async throws -> [Identifier<Record>]
    private var ahead: Task<[Identifier<Record>], any Error>?

    init(_ read: @escaping @Sendable (Identifier<Record>?) async throws -> [Identifier<Record>]) { self.read = read }

    func next() async throws -> [Identifier<Record>]? {
        let before = ahead
        let mine = Task { [read] in
            if let before {
                guard let last = try await before.value.last else { return [Identifier<Record>]() }
                return try await read(last)
            }
            return try await read(nil)
        }
        ahead = mine
        let ids = try await mine.value
        return ids.isEmpty ? nil : ids
    }
}
