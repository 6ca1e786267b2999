import Kernel

/// What changed in a workshop after a number, as the database has it.
struct RoomNews: Sendable {
    let workshop: Workshop
    /// Those that changed, in the order of their changes; one that was taken away has no content.
    let notes: [WorkshopNote]
    /// The number up to which this is everything: less than the workshop's newest where there was more than is read at once.
    let upTo: Int
}

/// Who watches which workshop on this node. Nothing is kept here: what somebody missed is read again from the database, after
/// the number that they saw last, so that a restart or another node makes no difference.
actor Rooms {
    typealias Stream = AsyncThrowingStream<[UInt8], any Error>
    /// The events of what is new, each with its number.
    typealias Encoding = @Sendable (RoomNews) -> [(number: Int, bytes: [UInt8])]

    /// How somebody came in, and how they are told what is new.
    struct Seat: Sendable {
        /// The address of the room that they came by: with another code they are let go.
        let room: String
        let language: Language
        /// The last that they are told then.
        var farewell: [UInt8] = []
        let encode: Encoding
    }

    private struct Watcher {
        let seat: Seat
        var seen: Int
        let out: Stream.Continuation
        /// The sizes of the chunks that wait, the oldest first.
        private var waiting: [Int] = []

        init(seat: Seat, seen: Int, out: Stream.Continuation) {
            (self.seat, self.seen, self.out) = (seat, seen, out)
        }

        /// Lets a phone go that is too far behind; it asks again after what it saw last.
        mutating func send(_ bytes: [UInt8]) {
            guard case .enqueued(let remaining) = out.yield(bytes) else { return out.finish() }
            waiting.append(bytes.count)
            waiting.removeFirst(max(0, waiting.count - (Rooms.longestQueue - remaining)))
            if waiting.count > 1, waiting.reduce(0, +) > Rooms.largestQueue { out.finish() }
        }
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
    /// Chunks, and bytes of them, that wait for a slow phone.
    private static let longestQueue = 256
    private static let largestQueue = 1 << 20
    private static let turnsPerBeat = 15

    private let news: @Sendable (Identifier<Workshop>, _ after: Int) async throws -> RoomNews
    private var rooms: [Identifier<Workshop>: Room] = [:]
    private var count = 0
    private var nextWatcher = 0
    private var turns = 0
    private var isOver = false

    init(news: @escaping @Sendable (Identifier<Workshop>, _ after: Int) async throws -> RoomNews) { self.news = news }

    /// Everything that changes in the workshop after `number`, until it is closed, has another code, or the server stops.
    func watch(_ id: Identifier<Workshop>, after number: Int, from seat: Seat) async throws -> Stream {
        guard !isOver, count < Self.most else { throw WorkshopRefusal.busy }
        let (stream, out) = Stream.makeStream(bufferingPolicy: .bufferingOldest(Self.longestQueue))
        let key = nextWatcher
        nextWatcher += 1
        count += 1
        out.onTermination = { [weak self] _ in Task { await self?.leave(id, key) } }
        var room = rooms[id] ?? Room(read: number)
        var watcher = Watcher(seat: seat, seen: number, out: out)
        watcher.send(Array("retry: 1000\n\n".utf8))
        room.watchers[key] = watcher
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
            tell(news, after: after, to: id)
        }
        rooms[id]?.isReading = false
    }

    /// Only those who had seen everything up to `after`: who came in meanwhile with less is read for again.
    private func tell(_ news: RoomNews, after: Int, to id: Identifier<Workshop>) {
        guard var room = rooms[id] else { return }
        if let door = news.workshop.door { letGo(room.watchers.values.filter { $0.seat.room != door.room }) }
        room.read = max(room.read, news.upTo)
        if news.upTo < news.workshop.latest {
            (room.wanted, room.mustReadAgain) = (min(room.wanted ?? news.upTo, news.upTo), true)
        }
        var encoded: [Language: [(number: Int, bytes: [UInt8])]] = [:]
        var joined: [Place: [UInt8]] = [:]
        for (key, watcher) in room.watchers where watcher.seen >= after && watcher.seen < news.upTo {
            let place = Place(language: watcher.seat.language, seen: watcher.seen)
            let events = encoded[place.language] ?? watcher.seat.encode(news).filter { $0.number <= news.upTo }
            encoded[place.language] = events
            let bytes = joined[place] ?? events.filter { $0.number > watcher.seen }.flatMap(\.bytes)
            joined[place] = bytes
            room.watchers[key]?.seen = news.upTo
            room.watchers[key]?.send(bytes)
        }
        rooms[id] = room
        if news.workshop.door == nil, news.upTo == news.workshop.latest {
            for watcher in room.watchers.values where watcher.seen >= news.upTo { watcher.out.finish() }
        }
    }

    /// Who came by a code that was renewed: nothing is sent to them any more.
    private func letGo(_ watchers: [Watcher]) {
        for watcher in watchers {
            _ = watcher.out.yield(watcher.seat.farewell)
            watcher.out.finish()
        }
    }

    /// Once a second: what other processes wrote, also where the database cannot tell; and a sign of life now and then, by
    /// which a phone that went away is noticed. True with each sign of life.
    func turn() async -> Bool {
        turns += 1
        let isBeat = turns % Self.turnsPerBeat == 0
        if isBeat {
            for (id, room) in rooms {
                for key in room.watchers.keys { rooms[id]?.watchers[key]?.send(Array(":\n\n".utf8)) }
            }
        }
        await lookEverywhere()
        return isBeat
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
