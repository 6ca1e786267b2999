/// A sorted table of words and, for each, the documents that have it.
struct Lexicon {
    private let starts: UnsafeRawBufferPointer
    private let bytes: UnsafeRawBufferPointer
    private let counts: UnsafeRawBufferPointer
    private let places: UnsafeRawBufferPointer
    private let lists: UnsafeRawBufferPointer

    /// The five parts of a segment that begin with `first`.
    init(_ part: (SegmentPart) -> UnsafeRawBufferPointer, from first: SegmentPart) {
        func following(_ distance: Int) -> UnsafeRawBufferPointer {
            SegmentPart(rawValue: first.rawValue + distance).map(part) ?? UnsafeRawBufferPointer(start: nil, count: 0)
        }
        starts = part(first)
        bytes = following(1)
        counts = following(2)
        places = following(3)
        lists = following(4)
    }

    var count: Int { counts.count / 4 }

    /// True when the lengths of the parts agree.
    var isWhole: Bool {
        counts.count % 4 == 0 && starts.count == counts.count + 4 && places.count == counts.count + 4
    }

    func word(_ number: Int) -> UnsafeRawBufferPointer { Self.slice(bytes, starts, number) }

    func list(_ number: Int) -> UnsafeRawBufferPointer { Self.slice(lists, places, number) }

    func documentCount(_ number: Int) -> Int { Int(counts.number(number * 4, as: UInt32.self)) }

    func find(_ word: [UInt8]) -> Int? {
        let number = firstNumber(notBefore: word)
        return number < count && word.withUnsafeBytes { compareBytes($0, self.word(number)) == 0 } ? number : nil
    }

    func firstNumber(notBefore word: [UInt8]) -> Int {
        word.withUnsafeBytes { word in
            var (low, high) = (0, count)
            while low < high {
                let middle = (low + high) / 2
                if compareBytes(self.word(middle), word) < 0 { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    /// Every document with one of these words.
    func documents(with words: [String], of count: Int) -> DocumentSet {
        var set = DocumentSet(count: count)
        for word in words {
            if let number = find(Array(word.utf8)) { set.formUnion(packed: list(number), documents: count) }
        }
        return set
    }

    private static func slice(
        _ bytes: UnsafeRawBufferPointer, _ starts: UnsafeRawBufferPointer, _ number: Int
    ) -> UnsafeRawBufferPointer {
        let start = Int(starts.number(number * 4, as: UInt32.self))
        let end = Int(starts.number(number * 4 + 4, as: UInt32.self))
        guard start <= end, end <= bytes.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }
}
