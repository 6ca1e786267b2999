import Foundation

/// The parts of a segment while it is being read. Every access is checked; what a damaged file points to outside
/// its bounds reads as nothing.
struct SegmentView {
    let count: Int
    let terms: Lexicon
    let facets: Lexicon
    let areas: Lexicon
    private let bytes: UnsafeRawBufferPointer
    private let ranges: [Range<Int>]
    private let keys: UnsafeRawBufferPointer
    private let days: UnsafeRawBufferPointer
    private let patternOf: UnsafeRawBufferPointer
    private let pointStarts: UnsafeRawBufferPointer
    private let points: UnsafeRawBufferPointer
    private let signs: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer, _ ranges: [Range<Int>], _ count: Int) {
        func part(_ part: SegmentPart) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: bytes[ranges[part.rawValue]])
        }
        self.bytes = bytes
        self.ranges = ranges
        self.count = count
        terms = Lexicon(
            starts: part(.termStarts), bytes: part(.termBytes), counts: part(.termCounts), places: part(.termPlaces),
            lists: part(.termLists))
        facets = Lexicon(
            starts: part(.facetStarts), bytes: part(.facetBytes), counts: part(.facetCounts),
            places: part(.facetPlaces), lists: part(.facetLists))
        areas = Lexicon(
            starts: part(.areaStarts), bytes: part(.areaBytes), counts: part(.areaCounts), places: part(.areaPlaces),
            lists: part(.areaLists))
        keys = part(.keys)
        days = part(.days)
        patternOf = part(.patternOf)
        pointStarts = part(.pointStarts)
        points = part(.points)
        signs = part(.termSigns)
    }

    private func part(_ part: SegmentPart) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[ranges[part.rawValue]])
    }

    /// Throws when the parts do not fit together.
    func check() throws(SearchFileDamaged) {
        let fits =
            keys.count == count * 16 && days.count == count * 4 && patternOf.count == count * 4
            && part(.keyOrder).count == count * 4 && pointStarts.count == (count + 1) * 4
            && part(.cardStarts).count == (count + 1) * 8 && points.count % SpherePoint.size == 0
            && part(.patternStarts).count % 4 == 0 && signs.count == terms.count * 4
            && terms.isWhole && facets.isWhole && areas.isWhole
        if !fits { throw SearchFileDamaged(fault: "parts") }
    }

    func key(_ document: Int) -> UUID {
        guard document >= 0, document < count else { return UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) }
        return UUID(uuid: keys.loadUnaligned(fromByteOffset: document * 16, as: uuid_t.self))
    }

    /// True when the key of `left` sorts before that of a document, perhaps of another segment.
    func key(_ left: Int, sortsBefore right: Int, in other: SegmentView) -> Bool {
        let a = keys.number(left * 16, as: UInt64.self).byteSwapped
        let b = other.keys.number(right * 16, as: UInt64.self).byteSwapped
        if a != b { return a < b }
        return keys.number(left * 16 + 8, as: UInt64.self).byteSwapped
            < other.keys.number(right * 16 + 8, as: UInt64.self).byteSwapped
    }

    func document(with key: UUID) -> Int? {
        let order = part(.keyOrder)
        var range = 0..<count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            let document = Int(order.number(middle * 4, as: UInt32.self))
            let found = self.key(document)
            if found == key { return document < count ? document : nil }
            range = found < key ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// The day number of the last check; nil when there was none.
    func checkedOn(_ document: Int) -> Int? {
        let day = days.number(document * 4, as: Int32.self)
        return day == .min ? nil : Int(day)
    }

    /// The squared chord to the document's nearest point; infinite when it has none.
    @inline(__always)
    func squaredChord(_ document: Int, to place: SpherePoint) -> Float {
        let start = Int(pointStarts.number(document * 4, as: UInt32.self))
        let end = min(Int(pointStarts.number(document * 4 + 4, as: UInt32.self)), points.count / SpherePoint.size)
        var nearest = Float.infinity
        var index = start
        while index < end {
            nearest = min(nearest, SpherePoint(points, at: index).squaredChord(to: place))
            index += 1
        }
        return nearest
    }

    var patternCount: Int { max(0, part(.patternStarts).count / 4 - 1) }

    /// The number of the document's opening pattern; nil when its hours are not known.
    func pattern(of document: Int) -> Int? {
        let number = Int(patternOf.number(document * 4, as: UInt32.self))
        return number < patternCount ? number : nil
    }

    func pattern(_ number: Int) -> String {
        let (starts, text) = (part(.patternStarts), part(.patternBytes))
        let start = Int(starts.number(number * 4, as: UInt32.self))
        let end = Int(starts.number(number * 4 + 4, as: UInt32.self))
        return start <= end && end <= text.count ? String(decoding: text[start..<end], as: UTF8.self) : ""
    }

    func sign(of term: Int) -> LetterSign { LetterSign(bits: signs.number(term * 4, as: UInt32.self)) }

    /// The columns of a card, as many as can be read.
    func card(_ document: Int) -> [String] {
        let (starts, cards) = (part(.cardStarts), part(.cards))
        let start = starts.number(document * 8, as: UInt64.self)
        let end = starts.number(document * 8 + 8, as: UInt64.self)
        guard start <= end, end <= UInt64(cards.count) else { return [] }
        var reader = VarintReader(UnsafeRawBufferPointer(rebasing: cards[Int(start)..<Int(end)]))
        var columns: [String] = []
        let count = reader.number()
        while columns.count < count, let column = reader.text() { columns.append(column) }
        return columns
    }
}

/// Reads numbers and texts one after another; past the end, 0 and nil.
struct VarintReader {
    private var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    mutating func number() -> Int {
        var number = 0
        var shift = 0
        while let byte = rest.first, shift < 56 {
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
            number |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
        return 0
    }

    mutating func text() -> String? {
        guard !rest.isEmpty else { return nil }
        let length = number()
        guard length <= rest.count else { return nil }
        let text = String(decoding: rest.prefix(length), as: UTF8.self)
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(length))
        return text
    }
}
