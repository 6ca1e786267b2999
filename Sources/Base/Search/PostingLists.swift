/// For every word of a table the documents that have it, compact enough to hold while a million are added.
struct PostingLists {
    private var lists: [[UInt8]] = []
    private var counts: [UInt32] = []
    private var latest: [Int32] = []

    /// Adds a document, once per word. Document numbers only grow.
    mutating func add(_ document: Int, to word: Int, weight: UInt8? = nil) {
        while lists.count <= word {
            lists.append([])
            counts.append(0)
            latest.append(-1)
        }
        guard latest[word] != Int32(document) else { return }
        var step = UInt32(document - Int(latest[word]))
        latest[word] = Int32(document)
        counts[word] += 1
        while step >= 0x80 {
            lists[word].append(UInt8(truncatingIfNeeded: step) | 0x80)
            step >>= 7
        }
        lists[word].append(UInt8(step))
        if let weight { lists[word].append(weight) }
    }

    /// The five sections of a lexicon; `signs` come after them where words are looked up by likeness.
    func sections(of words: WordTable, order: [Int], documents: Int, weighted: Bool) -> [[UInt8]] {
        var (starts, bytes, tallies, places, packed) = ([UInt8](), [UInt8](), [UInt8](), [UInt8](), [UInt8]())
        packed.reserveCapacity(lists.reduce(0) { $0 + $1.count + 1 })
        for number in order {
            starts.appendNumber(UInt32(bytes.count))
            bytes += words.word(number)
            tallies.appendNumber(counts[number])
            places.appendNumber(UInt32(truncatingIfNeeded: packed.count))
            packed += self.packed(number, documents: documents, weighted: weighted)
        }
        starts.appendNumber(UInt32(bytes.count))
        places.appendNumber(UInt32(truncatingIfNeeded: packed.count))
        return [starts, bytes, tallies, places, packed]
    }

    /// A leading 0 and the list as it is, or for a frequent word a leading 1, one bit per document, and the weights.
    private func packed(_ word: Int, documents: Int, weighted: Bool) -> [UInt8] {
        guard Int(counts[word]) * 16 > documents else { return [0] + lists[word] }
        var bits = [UInt8](repeating: 0, count: PostingBits.length(documents))
        var weights: [UInt8] = []
        lists[word].withUnsafeBytes { bytes in
            var cursor = PostingCursor(bytes, weighted: weighted, documents: documents)
            while cursor.next() {
                bits[cursor.document >> 3] |= 1 << UInt8(cursor.document & 7)
                if weighted { weights.append(cursor.weight) }
            }
        }
        return [1] + bits + weights
    }
}

/// The documents of a frequent word, one bit each, and in the same order how prominently they have it.
struct PostingBits {
    private let bits: UnsafeRawBufferPointer
    private let weights: UnsafeRawBufferPointer

    /// Nil for a list that is not packed this way.
    init?(_ list: UnsafeRawBufferPointer, documents: Int) {
        guard list.first == 1 else { return nil }
        let length = min(Self.length(documents), list.count - 1)
        bits = UnsafeRawBufferPointer(rebasing: list[1..<1 + length])
        weights = UnsafeRawBufferPointer(rebasing: list[(1 + length)...])
    }

    /// Whole words of eight bytes.
    static func length(_ documents: Int) -> Int { (documents + 63) / 64 * 8 }

    /// The 64 documents from `number * 64` on.
    @inline(__always)
    func word(_ number: Int) -> UInt64 { bits.number(number * 8, as: UInt64.self) }

    /// The weight of the document that has `rank` others before it; a facet has no weights, and so the middle one.
    @inline(__always)
    func weight(_ rank: Int) -> UInt8 { rank < weights.count ? weights[rank] : 16 }
}

/// Walks one posting list; a damaged list ends early and never leads outside.
struct PostingCursor {
    private let start: UnsafePointer<UInt8>?
    private let end: Int
    private let weighted: Bool
    private let documents: Int
    private var position = 0
    private(set) var document = -1
    private(set) var weight: UInt8 = 16

    init(_ bytes: Slice<UnsafeRawBufferPointer>, weighted: Bool, documents: Int) {
        self.init(UnsafeRawBufferPointer(rebasing: bytes), weighted: weighted, documents: documents)
    }

    init(_ bytes: UnsafeRawBufferPointer, weighted: Bool, documents: Int) {
        start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
        end = bytes.count
        self.weighted = weighted
        self.documents = documents
    }

    /// Moves on; false after the last document.
    @inline(__always)
    mutating func next() -> Bool {
        guard let start, position < end else { return stop() }
        var step = Int(start[position])
        position += 1
        if step >= 0x80 {
            step &= 0x7F
            var shift = 7
            while true {
                guard position < end, shift < 35 else { return stop() }
                let byte = Int(start[position])
                position += 1
                step |= (byte & 0x7F) << shift
                if byte < 0x80 { break }
                shift += 7
            }
        }
        document &+= step
        if weighted {
            guard position < end else { return stop() }
            weight = start[position]
            position += 1
        }
        return step > 0 && document < documents ? true : stop()
    }

    private mutating func stop() -> Bool {
        position = end
        document = documents
        return false
    }
}

extension [UInt8] {
    /// Little endian, whatever the machine.
    mutating func appendNumber(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
