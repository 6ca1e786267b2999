import Glibc

/// Adds up the scores of all documents with a word of the plan, a window of 2,048 document numbers at a time, so
/// that the sums stay in the processor's nearest memory however many documents there are.
struct WindowScorer {
    private static let size = 2048

    private struct Stream {
        var cursor: PostingCursor
        /// Set for a frequent word or facet, and how many of its documents came before the window.
        var bits: PostingBits?
        var passed = 0
        var slot: UInt64
        var factor: Float
    }

    private let documents: Int
    private var streams: [Stream] = []

    init(_ plan: QueryPlan, _ view: SegmentView) {
        documents = view.count
        for (index, slot) in plan.slots.enumerated() {
            var lists: [UnsafeRawBufferPointer] = []
            for source in slot.sources {
                let lexicon = source.isFacet ? view.facets : view.terms
                guard let number = lexicon.find(source.word) else { continue }
                let list = lexicon.list(number)
                // A word and its stem often have the very same documents; the heavier of them stands first.
                if !source.isFacet, lists.contains(where: { Self.isSame($0, list) }) { continue }
                if !source.isFacet { lists.append(list) }
                let factor = source.weight * slot.share * plan.units[slot.unit].worth / 16
                add(list, isFacet: source.isFacet, slot: 1 << UInt64(index), factor: factor)
            }
        }
    }

    private static func isSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count, let one = left.baseAddress, let other = right.baseAddress else { return false }
        return memcmp(one, other, left.count) == 0
    }

    private mutating func add(_ list: UnsafeRawBufferPointer, isFacet: Bool, slot: UInt64, factor: Float) {
        let bits = PostingBits(list, documents: documents)
        var cursor = PostingCursor(list.dropFirst(), weighted: !isFacet, documents: documents)
        guard bits != nil || cursor.next() else { return }
        streams.append(Stream(cursor: cursor, bits: bits, slot: slot, factor: factor))
    }

    /// Gives every allowed document with at least one slot, in the order of their numbers.
    mutating func run(_ allowed: DocumentSet, _ body: (_ document: Int, _ score: Float, _ slots: UInt64) -> Void) {
        withUnsafeTemporaryAllocation(of: Cell.self, capacity: Self.size) { cells in
            cells.initialize(repeating: Cell())
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.size / 32) { bits in
                bits.initialize(repeating: 0)
                let (touched, permitted) = (bits.prefix(Self.size / 64), bits.suffix(Self.size / 64))
                let window = Window(
                    cells: cells, touched: UnsafeMutableBufferPointer(rebasing: touched),
                    permitted: UnsafeMutableBufferPointer(rebasing: permitted))
                var base = nextWindow(from: 0)
                while base < documents {
                    let end = min(base + Self.size, documents)
                    window.permit(allowed.words, base, end)
                    fill(window, base, end)
                    window.empty(base, body)
                    base = nextWindow(from: base + Self.size)
                }
            }
        }
    }

    /// The next window in which a stream has a document.
    private func nextWindow(from base: Int) -> Int {
        if streams.contains(where: { $0.bits != nil }) { return base }
        let next = streams.lazy.map(\.cursor.document).min() ?? documents
        return next < documents ? max(base, next / Self.size * Self.size) : documents
    }

    private mutating func fill(_ window: Window, _ base: Int, _ end: Int) {
        for index in streams.indices {
            let (slot, factor) = (streams[index].slot, streams[index].factor)
            if let bits = streams[index].bits {
                streams[index].passed += window.add(bits, after: streams[index].passed, slot, factor, base, end)
                continue
            }
            var cursor = streams[index].cursor
            while cursor.document < end {
                window.offer(factor * Float(cursor.weight), slot, cursor.document - base)
                if !cursor.next() { break }
            }
            streams[index].cursor = cursor
        }
    }
}

/// The sum of one document while its window is open.
private struct Cell {
    var score: Float = 0
    /// What the slot met last has brought; only its best source counts.
    var latest: Float = 0
    var slots: UInt64 = 0
}

/// The sums of the documents of one window; which of them are permitted and which were touched, one bit each.
private struct Window {
    let cells: UnsafeMutableBufferPointer<Cell>
    let touched: UnsafeMutableBufferPointer<UInt64>
    let permitted: UnsafeMutableBufferPointer<UInt64>

    func permit(_ words: [UInt64], _ base: Int, _ end: Int) {
        for word in 0..<(end - base + 63) / 64 { permitted[word] = words[base / 64 + word] }
    }

    @inline(__always)
    func offer(_ value: Float, _ slot: UInt64, _ place: Int) {
        let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: place & 63)
        guard permitted[place >> 6] & bit != 0 else { return }
        touched[place >> 6] |= bit
        add(value, slot, place)
    }

    /// Adds the permitted documents of a frequent word or facet. How many it has in this window, permitted or not.
    func add(
        _ bits: PostingBits, after passed: Int, _ slot: UInt64, _ factor: Float, _ base: Int, _ end: Int
    ) -> Int {
        var rank = passed
        for word in 0..<(end - base + 63) / 64 {
            let all = bits.word(base / 64 + word)
            var wanted = all & permitted[word]
            touched[word] |= wanted
            while wanted != 0 {
                let lowest = wanted & (~wanted &+ 1)
                let weight = bits.weight(rank + (all & (lowest &- 1)).nonzeroBitCount)
                add(factor * Float(weight), slot, word * 64 + wanted.trailingZeroBitCount)
                wanted ^= lowest
            }
            rank += all.nonzeroBitCount
        }
        return rank - passed
    }

    @inline(__always)
    private func add(_ value: Float, _ slot: UInt64, _ place: Int) {
        if cells[place].slots & slot == 0 {
            cells[place].slots |= slot
            cells[place].score += value
            cells[place].latest = value
        } else if value > cells[place].latest {
            cells[place].score += value - cells[place].latest
            cells[place].latest = value
        }
    }

    /// Hands out what was touched and leaves the window clean for the next.
    func empty(_ base: Int, _ body: (_ document: Int, _ score: Float, _ slots: UInt64) -> Void) {
        for word in touched.indices where touched[word] != 0 {
            var bits = touched[word]
            touched[word] = 0
            while bits != 0 {
                let place = word * 64 + bits.trailingZeroBitCount
                bits &= bits - 1
                let cell = cells[place]
                cells[place] = Cell()
                body(base + place, cell.score, cell.slots)
            }
        }
    }
}
