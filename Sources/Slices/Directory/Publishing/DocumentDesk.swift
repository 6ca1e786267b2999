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
        var isDamaged = false
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
    /// The file for whoever reads; nil while it is made.
    nonisolated var published: DocumentFile? { opened.withLock { $0?.isReady == true ? $0?.file : nil } }
    /// What the documents stand at; changes only when they do.
    nonisolated var state: DocumentFile.State { opened.withLock { $0?.state } ?? DocumentFile.State() }

    /// False until the documents say what is public now: a file half made or from before is shown to nobody.
    nonisolated var isReady: Bool { opened.withLock { $0?.isReady } ?? false }

    /// Opens the file or makes an empty one; `fill` makes it true. What was shown while the database was away is shown on.
    func prepare() async throws {
        let file = try await usableFile()
        let state = try await file.database.read(DocumentFile.state)
        opened.withLock { opened in
            let isShown = opened?.isReady == true && opened?.isDamaged == false && state.change != nil
            opened = Opened(file: file, state: state, isReady: isShown)
        }
    }

    /// Takes in what changed since, or makes all documents, which takes minutes where there are very many.
    func fill() async throws {
        let latest = try await ChangeFeed(database: database).latest()
        if let change = state.change, change <= latest {
            try await takeIn()
        } else {
            opened.withLock { $0?.isReady = false }
            try await rebuild()
        }
        opened.withLock { $0?.isReady = true }
        try await takeIn()
    }

    /// Somebody found the file damaged: the follower makes it anew.
    nonisolated func noteDamage() {
        opened.withLock { opened in
            if opened?.isReady == true { opened?.isDamaged = true }
        }
    }

    /// Opens the file as it is, without asking the database. False without a good file.
    func openAlone() async throws -> Bool {
        guard FileManager.default.fileExists(atPath: place.path) else { return false }
        let file = try DocumentFile(place)
        guard let state = try await file.database.read(DocumentFile.currentState), state.change != nil else {
            return false
        }
        opened.withLock { $0 = Opened(file: file, state: state, isReady: true) }
        return true
    }

    /// A file that is no database, or a damaged one, is made anew; with it goes the memory of what was public.
    private func usableFile() async throws -> DocumentFile {
        do {
            let file = try DocumentFile(place)
            try await file.prepare(at: world.now())
            return file
        } catch StorageFailure.notADatabase {
            removeFile()
            let file = try DocumentFile(place)
            try await file.prepare(at: world.now())
            return file
        }
    }

    private func removeFile() {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place.path + suffix) }
    }

    /// Looks at every record again, and at everything that was public.
    func rebuild() async throws {
        try await inTurn {
            guard let file = self.file else { return }
            let change = try await ChangeFeed(database: self.database).latest()
            for kind in Self.kinds { try await self.rebuild(kind, in: file) }
            try await self.write([:], upTo: change, in: file)
        }
        try await takeIn()
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

    /// Takes in the changes after the documents' own number. Readers keep what they had until all of it is there: of an
    /// import they see nothing or everything.
    func follow() async throws {
        if opened.withLock({ $0?.isDamaged == true }) {
            // Only the memory of what was public goes with it.
            removeFile()
            try await prepare()
            return try await fill()
        }
        // While the documents are being made nobody waits for them: that ends with the changes.
        guard isReady else { return }
        do {
            try await takeIn()
        } catch let failure as StorageFailure where failure.isDamage {
            noteDamage()
            throw failure
        }
    }

    private func takeIn() async throws {
        try await inTurn {
            guard let file = self.file else { return }
            let feed = ChangeFeed(database: self.database)
            while let batch = try await feed.batch(after: self.state.change ?? 0) {
                guard try await feed.latest() > batch.newest else {
                    try await self.write(batch.records, upTo: batch.newest, in: file)
                    continue
                }
                try await self.catchUp(from: batch, of: feed, in: file)
            }
        }
    }

    /// Many batches in one transaction of the file, read one after the other while it is open.
    private func catchUp(from first: ChangeFeed.Batch, of feed: ChangeFeed, in file: DocumentFile) async throws {
        let line = Handover<Piece>()
        let now = world.now()
        async let written = Self.write(line, at: now, in: file)
        do {
            var next: ChangeFeed.Batch? = first
            while let batch = next {
                let piece = Piece(looked: try await looked(at: batch.records), change: batch.newest)
                guard await line.put(piece) else { break }
                next = try await feed.batch(after: batch.newest)
            }
            line.finish()
        } catch {
            line.giveUp()
            _ = try? await written
            throw error
        }
        let state = try await written
        opened.withLock { $0?.state = state }
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
        let looked = try await looked(at: records)
        if looked.isEmpty, change == nil { return }
        let line = Handover<Piece>()
        _ = await line.put(Piece(looked: looked, change: change))
        line.finish()
        let state = try await Self.write(line, at: world.now(), in: file)
        opened.withLock { $0?.state = state }
    }

    private struct Piece: Sendable {
        let looked: [Looked]
        let change: Int?
    }

    private func looked(at records: [RecordKind: [Identifier<Record>]]) async throws -> [Looked] {
        var looked: [Looked] = []
        for kind in Self.kinds {
            guard let ids = records[kind], !ids.isEmpty else { continue }
            looked.append(try await look(kind, ids))
        }
        return looked
    }

    private static func write(
        _ line: Handover<Piece>, at now: Instant, in file: DocumentFile
    ) async throws -> DocumentFile.State {
        try await file.database.write { transaction in
            defer { line.leave() }
            var writer = DocumentWriter(transaction, at: now)
            while let piece = try line.take() {
                for part in piece.looked {
                    try writer.replace(part.kind, part.ids, with: part.documents)
                    try writer.replacePages(part.kind, part.ids, with: part.pages)
                }
                if let change = piece.change { try DocumentFile.set("change", change, in: transaction) }
            }
            let edition = try DocumentFile.state(in: transaction).edition
            if writer.hasChanged { try DocumentFile.set("edition", edition + 1, in: transaction) }
            return try DocumentFile.state(in: transaction)
        }
    }

    /// Records that were looked at, and what is public of them.
    private struct Looked: Sendable {
        let kind: RecordKind
        let ids: [Identifier<Record>]
        let documents: [PublishedDocument]
        let pages: [PageForm]
    }

    private func look(_ kind: RecordKind, _ ids: [Identifier<Record>]) async throws -> Looked {
        let listings = try await database.read { transaction in
            try ListingLoader(transaction, nesting: .standard).listings(kind, ids)
        }
        let seen = listings.compactMap { $0.projected(for: .visitor) }
        return Looked(
            kind: kind, ids: ids, documents: seen.compactMap(PublishedDocument.init),
            pages: [.service, .organization].contains(kind) ? seen.map(PageForm.init) : [])
    }
}

extension StorageFailure {
    /// The file is not what was written: of a read model, that it must be made anew.
    var isDamage: Bool {
        // SQLITE_IOERR_SHORT_READ: the file ends before a page that it should have.
        if case .statement(let code) = self { return code == "522" }
        if case .notADatabase = self { return true }
        return false
    }
}
