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

    nonisolated var index: SearchIndex { state.withLock(\.index) }
    nonisolated var change: Int { state.withLock(\.change) }

    func open() async throws {
        isOpened = true
        if let segment = try? SearchSegment(mapping: file), let change = readStamp(segment.stamp) {
            let latest = try await database.read { try ChangeSequence($0).latest() }
            if change <= latest {
                show(SearchIndex(segment), change)
                return try await follow()
            }
        }
        try await rebuild()
    }

    func rebuild() async throws {
        isOpened = true
        let change = try await database.read { try ChangeSequence($0).latest() }
        var builder = try SegmentBuilder(writingTo: file)
        for kind in [RecordKind.service, .organization] {
            var last: Identifier<Record>?
            while true {
                let after = last
                let (listings, next) = try await database.read { transaction in
                    let ids = try DirectoryStore(transaction).page(kind, after: after, limit: Self.batch).map(\.id)
                    return (try Self.listings(kind, ids, in: transaction), ids.last)
                }
                guard let next else { break }
                for listing in listings {
                    if let seen = listing.projected(for: .visitor) { try builder.add(maker.document(seen)) }
                }
                last = next
            }
        }
        try builder.finish(stamp: stamp(change))
        show(SearchIndex(try SearchSegment(mapping: file)), change)
        try await follow()
    }

    /// Takes in the changes after the index's own number, a batch at a time.
    func follow() async throws {
        while isOpened {
            let known = change
            let (changes, listings) = try await database.read { transaction in
                let changes = try ChangeSequence(transaction).after(known, limit: Self.batch)
                var listings: [Listing] = []
                for kind in [RecordKind.service, .organization] {
                    let ids = Set(
                        changes.filter { $0.kind == kind.rawValue }.compactMap { Identifier<Record>($0.record) })
                    listings += try Self.listings(kind, ids.sorted(), in: transaction)
                }
                return (changes, listings)
            }
            guard let newest = changes.last else { return }
            let documents = listings.compactMap { $0.projected(for: .visitor) }.map(maker.document)
            let touched = Set(changes.compactMap { UUID(uuidString: $0.record) })
            show(try index.replacing(documents, removing: touched.subtracting(documents.map(\.key))), newest.number)
            let limit = index.count <= Self.smallDirectory ? 0 : Self.overlayLimit
            if index.changedCount > limit { return try await rebuild() }
        }
    }

    /// Makes the index anew when anything changed since, so that a withheld listing stops weighing in the statistics of
    /// words and in corrections. For large directories, which do not do so on every change.
    func settle() async throws {
        if isOpened, index.changedCount > 0 { try await rebuild() }
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
        let languages = LanguageNames.codes.filter { index.count(of: "language:\($0)") > 0 }
        state.withLock { $0 = State(index: index, change: change, languages: languages) }
    }

    private func stamp(_ change: Int) -> String { "directory-1 \(data.digest) \(change)" }

    private func readStamp(_ stamp: String) -> Int? {
        let parts = stamp.split(separator: " ")
        guard parts.count == 3, parts[0] == "directory-1", parts[1] == "\(data.digest)" else { return nil }
        return Int(parts[2])
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
