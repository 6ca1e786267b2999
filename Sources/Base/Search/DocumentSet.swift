/// A set of document numbers, one bit each.
struct DocumentSet: Sendable {
    private(set) var words: [UInt64]

    init(count: Int, all: Bool = false) {
        words = [UInt64](repeating: all ? .max : 0, count: (count + 63) / 64)
        if all, count % 64 > 0 { words[words.count - 1] = 1 << UInt64(count % 64) - 1 }
    }

    func contains(_ document: Int) -> Bool {
        document >> 6 < words.count && words[document >> 6] >> UInt64(document & 63) & 1 == 1
    }

    mutating func insert(_ document: Int) { words[document >> 6] |= 1 << UInt64(document & 63) }

    mutating func remove(_ document: Int) { words[document >> 6] &= ~(1 << UInt64(document & 63)) }

    mutating func formIntersection(_ other: DocumentSet) {
        for index in 0..<min(words.count, other.words.count) { words[index] &= other.words[index] }
    }

    mutating func formUnion(_ other: DocumentSet) {
        for index in 0..<min(words.count, other.words.count) { words[index] |= other.words[index] }
    }

    /// Adds the documents of one facet, stored as a list or as bits.
    mutating func formUnion(packed: UnsafeRawBufferPointer, documents: Int) {
        if let bits = PostingBits(packed, documents: documents) {
            for index in words.indices { words[index] |= bits.word(index) }
            if documents % 64 > 0, let last = words.indices.last { words[last] &= 1 << UInt64(documents % 64) - 1 }
        } else {
            var cursor = PostingCursor(packed.dropFirst(), weighted: false, documents: documents)
            while cursor.next() { insert(cursor.document) }
        }
    }
}
