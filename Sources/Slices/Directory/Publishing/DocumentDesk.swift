import Formats
import Foundation
import Kernel
import Storage
import Synchronization

/// Keeps the published documents true to the records: opens or makes their file, then follows the change sequence.
actor DocumentDesk {
    private struct Opened {
        let file: DocumentFile
        var state: DocumentFile.State
        var isReady = false
    }

    /// In the order in which documents may point to each other.
    private static let kinds: [RecordKind] = [.taxonomy, .taxonomyTerm, .organization, .service]
    private static let batch = 500

    private let database: any Database
    private let place: URL
    private let world: World
    private let opened = Mutex<Opened?>(nil)
    private var turn: Task<Void, any Error>?

    init(database: any Database, world: World, file: URL) {
        self.database = database
        self.world = world
        place = file
    }

    /// Nil in a process that only edits: whoever serves follows the change sequence.
    nonisolated var file: DocumentFile? { opened.withLock { $0?.file } }
    /// What the documents stand at; changes only when they do.
    nonisolated var state: DocumentFile.State { opened.withLock { $0?.state } ?? DocumentFile.State() }

    /// False until the documents say what is public now: a file half made or from before is shown to nobody.
    nonisolated var isReady: Bool { opened.withLock { $0?.isReady } ?? false }

    /// Opens the file or makes an empty one; `fill` makes it true.
    func prepare() async throws {
        let file = try await usableFile()
        let state = try await file.database.read(DocumentFile.state)
        opened.withLock { $0 = Opened(file: file, state: state) }
    }

    /// Takes in what changed since, or makes all documents, which takes minutes where there are very many.
    func fill() async throws {
        let latest = try await ChangeFeed(database: database).latest()
        if let change = state.change, change <= latest { try await catchUp() } else { try await rebuild() }
        opened.withLock { $0?.isReady = true }
        try await catchUp()
    }

    /// A file that is no database, or a damaged one, is made anew; with it goes the memory of what was public.
    private func usableFile() async throws -> DocumentFile {
        do {
            let file = try DocumentFile(place)
            try await file.prepare(at: world.now())
            return file
        } catch StorageFailure.notADatabase {
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place.path + suffix) }
            let file = try DocumentFile(place)
            try await file.prepare(at: world.now())
            return file
        }
    }

    /// Looks at every record again, and at everything that was public.
    func rebuild() async throws {
        try await inTurn {
            guard let file = self.file else { return }
            let change = try await ChangeFeed(database: self.database).latest()
            for kind in Self.kinds { try await self.rebuild(kind, in: file) }
            try await self.write([:], upTo: change, in: file)
        }
        try await catchUp()
    }

    private func rebuild(_ kind: RecordKind, in file: DocumentFile) async throws {
        var last: Identifier<Record>?
        while true {
            let after = last
            let ids = try await database.read {
                try DirectoryStore($0).page(kind, after: after, limit: Self.batch).map(\.id)
            }
            if ids.isEmpty { break }
            try await write([kind: ids], upTo: nil, in: file)
            last = ids.last
        }
        last = nil
        while true {
            let after = last
            let ids = try await file.database.read { try DocumentReader($0).ids(kind, after: after, limit: Self.batch) }
            guard let end = ids.last else { return }
            let there = try await database.read { transaction in
                try DirectoryStore(transaction).records(kind, where: "id", in: ids.map(\.description)).map(\.id)
            }
            try await write([kind: Set(ids).subtracting(there).sorted()], upTo: nil, in: file)
            last = end
        }
    }

    /// Takes in the changes since. While the documents are being made nobody waits for them: that ends with the changes.
    func follow() async throws {
        if isReady { try await catchUp() }
    }

    /// Takes in the changes after the documents' own number, a batch at a time.
    private func catchUp() async throws {
        try await inTurn {
            guard let file = self.file else { return }
            let feed = ChangeFeed(database: self.database)
            while let batch = try await feed.batch(after: self.state.change ?? 0) {
                try await self.write(batch.records, upTo: batch.newest, in: file)
            }
        }
    }

    /// One after another, so that an older reading never overwrites a newer one.
    private func inTurn(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let before = turn
        let mine = Task {
            _ = await before?.result
            try await work()
        }
        turn = mine
        try await mine.value
    }

    private func write(
        _ records: [RecordKind: [Identifier<Record>]], upTo change: Int?, in file: DocumentFile
    ) async throws {
        var looked: [(kind: RecordKind, ids: [Identifier<Record>], documents: [PublishedDocument])] = []
        for kind in Self.kinds {
            guard let ids = records[kind], !ids.isEmpty else { continue }
            looked.append((kind, ids, try await documents(kind, ids)))
        }
        if looked.isEmpty, change == nil { return }
        let (now, batches) = (world.now(), looked)
        let state = try await file.database.write { transaction in
            var writer = DocumentWriter(transaction, at: now)
            for batch in batches { try writer.replace(batch.kind, batch.ids, with: batch.documents) }
            let edition = try DocumentFile.state(in: transaction).edition
            if writer.hasChanged { try DocumentFile.set("edition", edition + 1, in: transaction) }
            if let change { try DocumentFile.set("change", change, in: transaction) }
            return try DocumentFile.state(in: transaction)
        }
        opened.withLock { $0?.state = state }
    }

    private func documents(_ kind: RecordKind, _ ids: [Identifier<Record>]) async throws -> [PublishedDocument] {
        let listings = try await database.read { transaction in
            try ListingLoader(transaction, nesting: .standard).listings(kind, ids)
        }
        return listings.compactMap { $0.projected(for: .visitor) }.compactMap(PublishedDocument.init)
    }
}
