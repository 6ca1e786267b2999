/// Adds up the scores of all documents with a word of the plan, a window of 4,096 document numbers at a time, so
/// that the sums stay in the processor's nearest memory however many documents there are.
struct WindowScorer {
    private static let size = 4096

    private struct Stream {
        var cursor: PostingCursor
        /// Set for a frequent facet, kept as one bit per document.
        var bits: UnsafeRawBufferPointer?
        var slot: UInt64
        var factor: Float
    }

    private let documents: Int
    private var streams: [Stream] = []

    init(_ plan: QueryPlan, _ view: SegmentView) {
        documents = view.count
        for (index, slot) in plan.slots.enumerated() {
            for source in slot.sources {
                let lexicon = source.isFacet ? view.facets : view.terms
                guard let number = lexicon.find(source.word) else { continue }
                let factor = source.weight * slot.share * plan.units[slot.unit].worth / 16
                add(lexicon.list(number), isFacet: source.isFacet, slot: 1 << UInt64(index), factor: factor)
            }
        }
    }

    private mutating func add(_ list: UnsafeRawBufferPointer, isFacet: Bool, slot: UInt64, factor: Float) {
        let isBits = isFacet && list.first == 1
        let body = isFacet ? UnsafeRawBufferPointer(rebasing: list.dropFirst()) : list
        var cursor = PostingCursor(body, weighted: !isFacet, documents: documents)
        guard isBits || cursor.next() else { return }
        streams.append(Stream(cursor: cursor, bits: isBits ? body : nil, slot: slot, factor: factor))
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
                window.add(bits, slot, factor * 16, base, end)
                continue
            }
            var cursor = streams[index].cursor
            while cursor.document < end {
                window.add(factor * Float(cursor.weight), slot, cursor.document - base)
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
    func add(_ value: Float, _ slot: UInt64, _ place: Int) {
        let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: place & 63)
        guard permitted[place >> 6] & bit != 0 else { return }
        touched[place >> 6] |= bit
        if cells[place].slots & slot == 0 {
            cells[place].slots |= slot
            cells[place].score += value
            cells[place].latest = value
        } else if value > cells[place].latest {
            cells[place].score += value - cells[place].latest
            cells[place].latest = value
        }
    }

    /// Adds the documents of a frequent facet.
    func add(_ bits: UnsafeRawBufferPointer, _ slot: UInt64, _ value: Float, _ base: Int, _ end: Int) {
        for word in 0..<(end - base + 63) / 64 {
            var set = UInt64(littleEndian: bits.number(base / 8 + word * 8, as: UInt64.self)) & permitted[word]
            while set != 0 {
                add(value, slot, word * 64 + set.trailingZeroBitCount)
                set &= set - 1
            }
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
