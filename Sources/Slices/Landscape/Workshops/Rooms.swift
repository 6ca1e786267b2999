import Kernel

/// What changed in a workshop after a number, as the database has it.
struct RoomNews: Sendable {
    let workshop: Workshop
    /// Those that changed, in the order of their changes; one that was taken away has no content.
    let notes: [WorkshopNote]
}

/// Who watches which workshop on this node. Nothing is kept here: what somebody missed is read again from the database, after
/// the number that they saw last, so that a restart or another node makes no difference.
actor Rooms {
    typealias Stream = AsyncThrowingStream<[UInt8], any Error>
    /// The events of what is new, each with its number.
    typealias Encoding = @Sendable (RoomNews) -> [(number: Int, bytes: [UInt8])]

    private struct Watcher {
        let language: Language
        let encode: Encoding
        var seen: Int
        let out: Stream.Continuation
    }

    private struct Room {
        var watchers: [Int: Watcher] = [:]
        var read: Int
        /// What a newcomer saw last, where that is less than was read.
        var wanted: Int?
        var isReading = false
        var mustReadAgain = false
    }

    /// Watchers who get the same bytes.
    private struct Place: Hashable {
        let language: Language
        let seen: Int
    }

    /// Watchers on one node; more are asked to look at the page again instead.
    static let most = 5000
    /// Chunks that wait for a slow phone; one that is further behind begins again where it stopped.
    private static let longestQueue = 256
    private static let turnsPerBeat = 15

    private let news: @Sendable (Identifier<Workshop>, _ after: Int) async throws -> RoomNews
    private var rooms: [Identifier<Workshop>: Room] = [:]
    private var count = 0
    private var nextWatcher = 0
    private var turns = 0
    private var isOver = false

    init(news: @escaping @Sendable (Identifier<Workshop>, _ after: Int) async throws -> RoomNews) { self.news = news }

    /// Everything that changes in the workshop after `number`, until it is closed or the server stops.
    func watch(
        _ id: Identifier<Workshop>, after number: Int, in language: Language, _ encode: @escaping Encoding
    ) async throws -> Stream {
        guard !isOver, count < Self.most else { throw WorkshopRefusal.busy }
        let (stream, out) = Stream.makeStream(bufferingPolicy: .bufferingOldest(Self.longestQueue))
        let key = nextWatcher
        nextWatcher += 1
        count += 1
        out.onTermination = { [weak self] _ in Task { await self?.leave(id, key) } }
        out.yield(Array("retry: 1000\n\n".utf8))
        var room = rooms[id] ?? Room(read: number)
        room.watchers[key] = Watcher(language: language, encode: encode, seen: number, out: out)
        room.wanted = min(room.wanted ?? number, number)
        rooms[id] = room
        await look(at: id)
        return stream
    }

    private func leave(_ id: Identifier<Workshop>, _ key: Int) {
        guard rooms[id]?.watchers.removeValue(forKey: key) != nil else { return }
        count -= 1
        if rooms[id]?.watchers.isEmpty == true { rooms[id] = nil }
    }

    /// Reads what is new, once for all who watch; changes that come meanwhile are read together afterwards.
    func look(at id: Identifier<Workshop>) async {
        guard rooms[id] != nil else { return }
        rooms[id]?.mustReadAgain = true
        guard rooms[id]?.isReading == false else { return }
        rooms[id]?.isReading = true
        while let room = rooms[id], room.mustReadAgain {
            rooms[id]?.mustReadAgain = false
            rooms[id]?.wanted = nil
            let after = min(room.read, room.wanted ?? room.read)
            // When it cannot be read now, the next turn tries again.
            guard let news = try? await news(id, after) else {
                rooms[id]?.wanted = min(after, rooms[id]?.wanted ?? after)
                break
            }
            tell(news, to: id)
        }
        rooms[id]?.isReading = false
    }

    private func tell(_ news: RoomNews, to id: Identifier<Workshop>) {
        guard var room = rooms[id] else { return }
        room.read = news.workshop.latest
        var encoded: [Language: [(number: Int, bytes: [UInt8])]] = [:]
        var joined: [Place: [UInt8]] = [:]
        for (key, watcher) in room.watchers where watcher.seen < news.workshop.latest {
            let place = Place(language: watcher.language, seen: watcher.seen)
            let events = encoded[watcher.language] ?? watcher.encode(news)
            encoded[watcher.language] = events
            let bytes = joined[place] ?? events.filter { $0.number > watcher.seen }.flatMap(\.bytes)
            joined[place] = bytes
            room.watchers[key]?.seen = news.workshop.latest
            if case .dropped = watcher.out.yield(bytes) { watcher.out.finish() }
        }
        rooms[id] = room
        if news.workshop.door == nil { room.watchers.values.forEach { $0.out.finish() } }
    }

    /// Once a second: what other processes wrote, also where the database cannot tell; and a sign of life now and then, by
    /// which a phone that went away is noticed.
    func turn() async {
        turns += 1
        if turns % Self.turnsPerBeat == 0 {
            for watcher in rooms.values.flatMap(\.watchers.values) { watcher.out.yield(Array(":\n\n".utf8)) }
        }
        await lookEverywhere()
    }

    func lookEverywhere() async {
        for id in rooms.keys { await look(at: id) }
    }

    /// Lets everybody go, and nobody in: the server stops.
    func end() {
        isOver = true
        for watcher in rooms.values.flatMap(\.watchers.values) { watcher.out.finish() }
    }
}
