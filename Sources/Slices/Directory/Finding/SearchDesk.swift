import Formats
import Foundation
import Kernel
import Search
import Storage
import Synchronization

/// Keeps the public search index true to the records: opens or makes its file, then follows the change sequence.
actor SearchDesk {
    private struct State {
        var index: SearchIndex
        var change = 0
        var languages: [String] = []
    }

    /// More listings changed than this since the file was made, and it is made anew at once.
    private static let overlayLimit = 2000
    /// A directory up to this size is made anew on every change: it takes less than a second.
    private static let smallDirectory = 5000
    private static let batch = 500

    private let database: any Database
    private let data: DataSet
    private let file: URL
    private let maker: DocumentMaker
    private nonisolated let state: Mutex<State>
    nonisolated let hours = HoursCache()

    init(database: any Database, data: DataSet, file: URL) throws {
        state = Mutex(State(index: SearchIndex(try SearchSegment(building: []))))
        self.database = database
        self.data = data
        self.file = file
        maker = DocumentMaker(vocabulary: data.vocabulary, gazetteer: data.gazetteer)
    }

    /// False for a process that only edits: whoever serves follows the change sequence.
    private var isOpened = false
    /// The one that makes the file now.
    private var building: Task<Void, any Error>?
    /// How often the index was replaced, to notice that somebody else did.
    private var shown = 0

    nonisolated var index: SearchIndex { state.withLock(\.index) }
    nonisolated var change: Int { state.withLock(\.change) }

    /// A search made before the vocabulary or gazetteer changed serves until the new one is ready.
    func open() async throws {
        isOpened = true
        guard let segment = try? SearchSegment(mapping: file), let stamp = Stamp(segment.stamp),
            stamp.change <= (try await database.read { try ChangeSequence($0).latest() })
        else { return try await rebuild() }
        let (index, change) = try await caughtUp(SearchIndex(segment), stamp.change)
        if index.changedCount > Self.overlayLimit { return try await rebuild() }
        show(index, change)
        if isOld {
            // A failure leaves the old search, and `settle` tries again.
            Task(priority: .utility) { try? await rebuild() }
        } else if index.changedCount > Self.limit(of: index) {
            try await rebuild()
        }
    }

    /// Shows what the file holds, without asking the database. When that was true at the latest; nil without a good file.
    func openAlone() -> Instant? {
        guard let segment = try? SearchSegment(mapping: file), let stamp = Stamp(segment.stamp),
            let attributes = try? FileManager.default.attributesOfItem(atPath: file.path),
            let written = attributes[.modificationDate] as? Date
        else { return nil }
        show(SearchIndex(segment), stamp.change)
        return Instant(seconds: Int64(written.timeIntervalSince1970))
    }

    /// Notes on the file when it was last known to be true.
    func note(_ moment: Instant) throws {
        let date = Date(timeIntervalSince1970: Double(moment.seconds))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path)
    }

    /// Makes the file anew while the old index serves and follows. Whoever asks meanwhile waits for the same file, and
    /// makes it when the first could not.
    func rebuild() async throws {
        isOpened = true
        while let building {
            if case .success = await building.result { return }
        }
        let task = Task {
            defer { building = nil }
            try await build()
        }
        building = task
        try await task.value
    }

    private func build() async throws {
        for _ in 0..<3 {
            let start = try await database.read { try ChangeSequence($0).latest() }
            try await Self.write(file, stamp: Stamp(digest: data.digest, change: start), from: database, with: maker)
            var (index, reached) = (SearchIndex(try SearchSegment(mapping: file)), start)
            repeat { (index, reached) = try await caughtUp(index, reached) } while reached < change
            show(index, reached)
            if index.changedCount <= Self.limit(of: index) { break }
        }
    }

    /// Off the actor, so that changes are followed meanwhile.
    @concurrent private nonisolated static func write(
        _ file: URL, stamp: Stamp, from database: any Database, with maker: DocumentMaker
    ) async throws {
        var builder = try SegmentBuilder(writingTo: file)
        for kind in [RecordKind.service, .organization] {
            var last: Identifier<Record>?
            while true {
                let after = last
                let (listings, next) = try await database.read { transaction in
                    let ids = try DirectoryStore(transaction).page(kind, after: after, limit: batch).map(\.id)
                    return (try self.listings(kind, ids, in: transaction), ids.last)
                }
                guard let next else { break }
                for listing in listings {
                    if let seen = listing.projected(for: .visitor) { try builder.add(maker.document(seen)) }
                }
                last = next
            }
        }
        try builder.finish(stamp: stamp.text)
    }

    /// Takes in the changes after the index's own number.
    func follow() async throws {
        while isOpened {
            let before = shown
            let (index, reached) = try await caughtUp(index, change)
            if before == shown {
                if reached > change { show(index, reached) }
                break
            }
        }
        // Beyond a few thousand changes nobody waits: listings that changed are hidden until the new file is ready.
        if isOpened, index.changedCount > Self.limit(of: index), building == nil { try await rebuild() }
    }

    /// The index with the changes after `change`, a batch at a time. When more listings changed than may lie over the
    /// file, the rest is only taken out.
    private func caughtUp(_ index: SearchIndex, _ change: Int) async throws -> (SearchIndex, Int) {
        var (index, reached) = (index, change)
        while let batch = try await ChangeFeed(database: database).batch(after: reached) {
            let hasRoom = index.changedCount <= Self.overlayLimit
            let listings = try await database.read { transaction in
                guard hasRoom else { return [] as [Listing] }
                return try [RecordKind.service, .organization].flatMap { kind in
                    try Self.listings(kind, batch.records[kind] ?? [], in: transaction)
                }
            }
            let documents = listings.compactMap { $0.projected(for: .visitor) }.map(maker.document)
            let touched = Set(batch.records.values.joined().map(\.uuid))
            index = try index.replacing(documents, removing: touched.subtracting(documents.map(\.key)))
            reached = batch.newest
        }
        return (index, reached)
    }

    /// Makes the index anew when anything changed since, so that a withheld listing stops weighing in the statistics of
    /// words and in corrections, and when the vocabulary did. For large directories, which do not do so on every change.
    func settle() async throws {
        if isOpened, isOld || index.changedCount > 0 { try await rebuild() }
    }

    private var isOld: Bool { Stamp(index.stamp)?.digest != data.digest }

    private static func limit(of index: SearchIndex) -> Int {
        index.count <= smallDirectory ? 0 : overlayLimit
    }

    /// An organization stands for itself only while it has no service to find.
    private static func listings(
        _ kind: RecordKind, _ ids: [Identifier<Record>], in transaction: any Transaction
    ) throws -> [Listing] {
        let listings = try ListingLoader(transaction, withHistory: false).listings(kind, ids)
        guard kind == .organization, !ids.isEmpty else { return listings }
        let store = DirectoryStore(transaction)
        let services = try store.records(.service, where: "organization_id", in: ids.map(\.description))
        let notes = try store.annotations(of: services.map(\.id.description))
        let visible = services.map { Listing($0).annotated(notes) }.filter { $0.projected(for: .visitor) != nil }
        let served = Set(visible.compactMap { $0.record["organization_id"] })
        return listings.filter { !served.contains($0.record.id.description) }
    }

    private func show(_ index: SearchIndex, _ change: Int) {
        shown += 1
        let languages = LanguageNames.codes.filter { index.count(of: "language:\($0)") > 0 }
        state.withLock { $0 = State(index: index, change: change, languages: languages) }
    }

    /// What a search file was made of: the data files and the change number.
    private struct Stamp: Sendable {
        let digest: UInt64
        let change: Int

        init(digest: UInt64, change: Int) { (self.digest, self.change) = (digest, change) }

        init?(_ text: String) {
            let parts = text.split(separator: " ")
            guard parts.count == 3, parts[0] == "directory-3", let digest = UInt64(parts[1]),
                let change = Int(parts[2])
            else { return nil }
            self.init(digest: digest, change: change)
        }

        var text: String { "directory-3 \(digest) \(change)" }
    }

    // MARK: Counts

    nonisolated func countsByPlace(_ gazetteer: Gazetteer) -> [(place: Gazetteer.Place, count: Int)] {
        let index = index
        return gazetteer.places.compactMap { place in
            let count = index.count(of: "place:\(place.id)")
            return count > 0 ? (place, count) : nil
        }
    }

    nonisolated func serviceLanguages() -> [String] { state.withLock(\.languages) }
}

extension SearchIndex {
    /// How many documents carry `facet`.
    func count(of facet: String) -> Int {
        var query = SearchQuery(today: Day(number: 0))
        query.filters = [[facet]]
        query.limit = 0
        return answer(query).total
    }
}
