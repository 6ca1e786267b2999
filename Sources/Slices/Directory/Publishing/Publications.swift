import Formats
import Kernel
import Storage
import Synchronization

/// Published documents for whoever asks. Knows nothing that is not for everybody.
struct Publications: Sendable {
    let desk: DocumentDesk
    let hours: HoursCache
    private let cache = ResultCache()

    init(desk: DocumentDesk, hours: HoursCache) {
        self.desk = desk
        self.hours = hours
    }

    /// Which part of an answer: by number of page, or after the record somebody saw last.
    enum Window: Sendable, Hashable {
        case page(Int, size: Int)
        case after(Identifier<Record>?, size: Int)
        case all
    }

    struct Page: Sendable {
        var total = 0
        var start = 0
        var numbers: [Int] = []
        /// Documents with commas between them.
        var contents: [UInt8] = []
        /// The id after which the next page begins; nil at the end, and in an order that is not that of ids.
        var next: String?
    }

    private func opened() throws -> DocumentFile {
        guard let file = desk.published else { throw NotServing() }
        return file
    }

    func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Transaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await opened().database.read(body)
        } catch let failure as StorageFailure where failure.isDamage {
            desk.noteDamage()
            throw NotServing()
        }
    }

    /// - Parameter form: nil for the numbers alone.
    func page(_ query: DocumentQuery, _ window: Window, _ form: DocumentForm?) async throws -> Page {
        let inOrderOfIds = if case .after = window { true } else { query.isInOrderOfIds }
        return try await read { transaction in
            let reader = DocumentReader(transaction)
            let edition = try DocumentFile.edition(in: transaction)
            let numbers = try cache.numbers(query, inOrderOfIds: inOrderOfIds, edition: edition) {
                try reader.numbers(query, inOrderOfIds: inOrderOfIds, hours: hours)
            }
            var page = Page(total: numbers.count)
            let range = try Self.range(window, of: numbers, reader)
            page.start = range.lowerBound
            page.numbers = Array(numbers[range.clamped(to: 0..<numbers.count)])
            if let form { page.contents = try DocumentForms(transaction).joined(page.numbers, query.kind, form) }
            if inOrderOfIds, range.upperBound < numbers.count, let last = page.numbers.last {
                page.next = try reader.id(of: last)
            }
            return page
        }
    }

    private static func range(_ window: Window, of numbers: [Int], _ reader: DocumentReader) throws -> Range<Int> {
        switch window {
        case .all: return 0..<numbers.count
        case .page(let page, let size): return (page - 1) * size..<page * size
        case .after(let id, let size):
            let start = try id.map { try reader.count(of: numbers, upTo: $0) } ?? 0
            return start..<start + size
        }
    }

    /// Nil when there is no such document for everybody.
    func document(_ kind: RecordKind, _ id: Identifier<Record>, _ form: DocumentForm) async throws -> [UInt8]? {
        try await read { transaction in
            guard let number = try DocumentReader(transaction).number(kind, id) else { return nil }
            return try DocumentForms(transaction).joined([number], kind, form)
        }
    }

    func stream(_ numbers: [Int], _ kind: RecordKind, _ form: DocumentForm) throws -> DocumentStream {
        DocumentStream(file: try opened(), numbers: numbers, kind: kind, form: form)
    }

    func tombstones(
        since moment: Instant?, _ window: Window
    ) async throws -> (total: Int, start: Int, found: [DocumentReader.Tombstone]) {
        try await read { transaction in
            let reader = DocumentReader(transaction)
            let total = try reader.tombstoneCount(since: moment)
            let (start, limit) =
                switch window {
                case .page(let page, let size): ((page - 1) * size, size)
                case .after(let id, let size):
                    (try id.map { try reader.tombstoneCount(since: moment, upTo: $0) } ?? 0, size)
                case .all: (0, total)
                }
            let found = try reader.tombstones(since: moment, limit: limit, offset: start)
            return (total, start, found)
        }
    }
}

/// The documents are not ready, or not open in this process.
struct NotServing: Refusal {
    let code = "not-serving"
    let status = 503
    let description = "The open data is being made ready after a start, which can take minutes; ask again later."
}

/// Answers found once per edition. Words and positions of people are not kept.
private final class ResultCache: Sendable {
    private struct Key: Hashable {
        let query: DocumentQuery
        let inOrderOfIds: Bool
    }

    private struct State {
        var edition = -1
        var results: [Key: [Int]] = [:]
    }

    /// How many results, and how many numbers in all of them.
    private static let (capacity, size) = (32, 4_000_000)
    private let state = Mutex(State())

    func numbers(
        _ query: DocumentQuery, inOrderOfIds: Bool, edition: Int, make: () throws -> [Int]
    ) rethrows -> [Int] {
        guard query.isInOrderOfIds else { return try make() }
        let key = Key(query: query, inOrderOfIds: inOrderOfIds)
        let kept = state.withLock { state -> [Int]? in
            if state.edition != edition { state = State(edition: edition) }
            return state.results[key]
        }
        if let kept { return kept }
        let made = try make()
        state.withLock { state in
            let size = state.results.values.reduce(made.count) { $0 + $1.count }
            if state.results.count >= Self.capacity || size > Self.size { state.results.removeAll() }
            if state.edition == edition { state.results[key] = made }
        }
        return made
    }
}
