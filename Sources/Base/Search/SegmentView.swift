import Foundation

/// The parts of a segment while it is being read. Every access is checked; what a damaged file points to outside
/// its bounds reads as nothing.
struct SegmentView {
    let count: Int
    let terms: Lexicon
    let facets: Lexicon
    let areas: Lexicon
    let cells: Lexicon
    private let bytes: UnsafeRawBufferPointer
    private let ranges: [Range<Int>]
    private let keys: UnsafeRawBufferPointer
    private let traits: UnsafeRawBufferPointer
    private let patternOf: UnsafeRawBufferPointer
    private let siteStarts: UnsafeRawBufferPointer
    private let sites: UnsafeRawBufferPointer
    private let signs: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer, _ ranges: [Range<Int>], _ count: Int) {
        func part(_ part: SegmentPart) -> UnsafeRawBufferPointer { Self.part(part, bytes, ranges) }
        self.bytes = bytes
        self.ranges = ranges
        self.count = count
        terms = Lexicon(part, from: .termStarts)
        facets = Lexicon(part, from: .facetStarts)
        areas = Lexicon(part, from: .areaStarts)
        cells = Lexicon(part, from: .cellStarts)
        keys = part(.keys)
        traits = part(.traits)
        patternOf = part(.patternOf)
        siteStarts = part(.siteStarts)
        sites = part(.sites)
        signs = part(.termSigns)
    }

    private func part(_ part: SegmentPart) -> UnsafeRawBufferPointer { Self.part(part, bytes, ranges) }

    private static func part(
        _ part: SegmentPart, _ bytes: UnsafeRawBufferPointer, _ ranges: [Range<Int>]
    ) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[ranges[part.rawValue]])
    }

    /// Throws when the parts do not fit together.
    func check() throws(SearchFileDamaged) {
        let fits =
            keys.count == count * 16 && traits.count == count * 16 && patternOf.count == count * 4
            && part(.keyOrder).count == count * 4 && siteStarts.count % 4 == 0
            && part(.cardStarts).count == (count + 1) * 8 && sites.count % SpherePoint.size == 0
            && part(.patternStarts).count % 4 == 0 && signs.count == terms.count * 4
            && terms.isWhole && facets.isWhole && areas.isWhole && cells.isWhole
        if !fits { throw SearchFileDamaged(fault: "parts") }
    }

    func key(_ document: Int) -> UUID {
        var uuid = uuid_t(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        if document >= 0, document < count { uuid = keys.loadUnaligned(fromByteOffset: document * 16, as: uuid_t.self) }
        return UUID(uuid: uuid)
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
        let day = traits.number(document * 16, as: Int32.self)
        return day == .min ? nil : Int(day)
    }

    /// The squared chord to the document's nearest point; infinite when it has none.
    @inline(__always)
    func squaredChord(_ document: Int, to place: SpherePoint) -> Float {
        let point = SpherePoint(traits, at: document * 16 + 4)
        return point.x.isNaN ? squaredChord(site: Int(point.y.bitPattern), to: place) : point.squaredChord(to: place)
    }

    private func squaredChord(site: Int, to place: SpherePoint) -> Float {
        guard site < siteStarts.count / 4 - 1 else { return .infinity }
        var offset = Int(siteStarts.number(site * 4, as: UInt32.self))
        let end = min(Int(siteStarts.number(site * 4 + 4, as: UInt32.self)), sites.count)
        var nearest = Float.infinity
        while offset + SpherePoint.size <= end {
            nearest = min(nearest, SpherePoint(sites, at: offset).squaredChord(to: place))
            offset += SpherePoint.size
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
