/// Adds up the scores of all documents with a word of the plan, a window of 4,096 document numbers at a time, so
/// that the sums stay in the processor's nearest memory however many documents there are.
struct WindowScorer {
    private static let window = 4096

    private struct Cell {
        var score: Float = 0
        /// What the slot met last has brought; only its best source counts.
        var latest: Float = 0
        var slots: UInt64 = 0
    }

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
        withUnsafeTemporaryAllocation(of: Cell.self, capacity: Self.window) { cells in
            cells.initialize(repeating: Cell())
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.window / 64) { touched in
                touched.initialize(repeating: 0)
                var base = nextWindow(from: 0)
                while base < documents {
                    fill(base, cells, touched)
                    for word in touched.indices where touched[word] != 0 {
                        var bits = touched[word]
                        let permitted = allowed.words[base / 64 + word]
                        touched[word] = 0
                        while bits != 0 {
                            let bit = bits.trailingZeroBitCount
                            bits &= bits - 1
                            let cell = cells[word * 64 + bit]
                            cells[word * 64 + bit] = Cell()
                            if permitted >> UInt64(bit) & 1 == 1 { body(base + word * 64 + bit, cell.score, cell.slots) }
                        }
                    }
                    base = nextWindow(from: base + Self.window)
                }
            }
        }
    }

    /// The next window in which a stream has a document.
    private func nextWindow(from base: Int) -> Int {
        if streams.contains(where: { $0.bits != nil }) { return base }
        let next = streams.lazy.map(\.cursor.document).min() ?? documents
        return next < documents ? max(base, next / Self.window * Self.window) : documents
    }

    private mutating func fill(
        _ base: Int, _ cells: UnsafeMutableBufferPointer<Cell>, _ touched: UnsafeMutableBufferPointer<UInt64>
    ) {
        let end = min(base + Self.window, documents)
        for index in streams.indices {
            let (slot, factor) = (streams[index].slot, streams[index].factor)
            if let bits = streams[index].bits {
                for word in 0..<(end - base + 63) / 64 {
                    var set = UInt64(littleEndian: bits.number(base / 8 + word * 8, as: UInt64.self))
                    while set != 0 {
                        let place = word * 64 + set.trailingZeroBitCount
                        set &= set - 1
                        if base + place < end { Self.add(factor * 16, slot, place, cells, touched) }
                    }
                }
                continue
            }
            var cursor = streams[index].cursor
            while cursor.document < end {
                Self.add(factor * Float(cursor.weight), slot, cursor.document - base, cells, touched)
                if !cursor.next() { break }
            }
            streams[index].cursor = cursor
        }
    }

    @inline(__always)
    private static func add(
        _ value: Float, _ slot: UInt64, _ place: Int, _ cells: UnsafeMutableBufferPointer<Cell>,
        _ touched: UnsafeMutableBufferPointer<UInt64>
    ) {
        touched[place >> 6] |= 1 << UInt64(place & 63)
        if cells[place].slots & slot == 0 {
            cells[place].slots |= slot
            cells[place].score += value
            cells[place].latest = value
        } else if value > cells[place].latest {
            cells[place].score += value - cells[place].latest
            cells[place].latest = value
        }
    }
}
