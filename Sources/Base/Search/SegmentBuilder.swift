package import Foundation
import Kernel

/// Two documents of one segment have the same key.
package struct SearchKeyTwice: Error, Sendable, Equatable {
    /// The key of both.
    package let key: UUID
}

/// A segment would hold more than the format can count: 4 GiB of word lists or texts.
package struct SearchFileTooLarge: Error, Sendable, Equatable {}

/// Collects documents one by one and writes them as a segment. Cards go to the disk as they come; the rest stays in
/// memory until `finish`. A builder that is dropped leaves no file.
package struct SegmentBuilder: ~Copyable {
    private var cards: CardWriter
    private var columns = SegmentColumns()
    private var terms = TermCollector()
    private var facets = FacetCollector()
    private var areas = FacetCollector()
    private var cells = FacetCollector()

    /// Builds towards a file that appears at `url` only when finished.
    package init(writingTo url: URL) throws { cards = try CardWriter(destination: url) }

    init() { cards = CardWriter() }

    /// Documents added so far.
    package var count: Int { columns.count }

    /// Adds the next document; throws only when its card cannot be written.
    package mutating func add(_ document: SearchDocument) throws {
        let number = columns.count
        for (field, text) in document.texts { terms.read(text, weight: field.weight) }
        terms.finish(document: number)
        facets.add(document.facets.map { Array($0.utf8) }, document: number)
        areas.add(document.areas.map { Array($0.utf8) }, document: number)
        cells.add(document.points.map(PlaceCell.word(of:)), document: number)
        columns.add(document, cardStart: cards.written)
        try cards.append(document.card)
    }

    /// Writes everything to disk and moves the file into place in one step. `stamp` comes back from `SearchSegment`.
    package consuming func finish(stamp: String) throws {
        let (header, parts) = try contents(stamp: stamp)
        try cards.finish(header: header, parts: parts)
    }

    /// The bytes of a segment that stays in memory.
    consuming func finishInMemory() throws -> Data {
        let (header, parts) = try contents(stamp: "")
        return cards.data(header: header, parts: parts)
    }

    private mutating func contents(stamp: String) throws -> (SegmentHeader, [[UInt8]]) {
        let lists = terms.sections(documents: count)
        var parts = [Array(stamp.utf8)]
        parts += try columns.sections(cardEnd: cards.written)
        parts += lists + facets.sections(documents: count) + areas.sections(documents: count)
        parts += cells.sections(documents: count)
        guard parts.allSatisfy({ $0.count < Int(UInt32.max) }) else { throw SearchFileTooLarge() }
        var header = SegmentHeader(documents: count, checksum: 0, lengths: [cards.written] + parts.map(\.count))
        var sum = header.ownChecksum
        for part in parts { sum = part.withUnsafeBytes { SegmentHeader.extend(sum, over: $0) } }
        header.checksum = sum
        return (header, parts)
    }
}

/// What a segment keeps per document, one column per property.
private struct SegmentColumns {
    private var keys: [UUID] = []
    /// What ranking asks of a document side by side: the day of its last check and its point.
    private var traits: [UInt8] = []
    private var patternOf: [UInt8] = []
    private var patterns = WordTable()
    /// The points of a document with several, as one word.
    private var sites = WordTable()
    private var cardStarts: [UInt8] = []

    var count: Int { keys.count }

    mutating func add(_ document: SearchDocument, cardStart: Int) {
        keys.append(document.key)
        traits.appendNumber(Int32(clamping: document.checkedOn?.number ?? Int(Int32.min)))
        addPoints(document.points.map(SpherePoint.init))
        patternOf.appendNumber(document.hours.map { UInt32(patterns.number(of: Array($0.utf8))) } ?? UInt32.max)
        cardStarts.appendNumber(UInt64(cardStart))
    }

    /// No point and several are told by an x that is no number; several stand among the sites under the number in y.
    private mutating func addPoints(_ points: [SpherePoint]) {
        if points.count == 1 { return points[0].append(to: &traits) }
        var bytes: [UInt8] = []
        for point in points { point.append(to: &bytes) }
        traits.appendNumber(Float.nan.bitPattern)
        traits.appendNumber(points.isEmpty ? UInt32.max : UInt32(sites.number(of: bytes)))
        traits.appendNumber(UInt32(0))
    }

    func sections(cardEnd: Int) throws -> [[UInt8]] {
        let order = keys.indices.sorted { keys[$0] < keys[$1] }
        for (left, right) in zip(order, order.dropFirst()) where keys[left] == keys[right] {
            throw SearchKeyTwice(key: keys[left])
        }
        var keyOrder: [UInt8] = []
        for number in order { keyOrder.appendNumber(UInt32(number)) }
        var keyBytes: [UInt8] = []
        for key in keys { withUnsafeBytes(of: key.uuid) { keyBytes += $0 } }
        var cardEnds = cardStarts
        cardEnds.appendNumber(UInt64(cardEnd))
        return [
            keyBytes, keyOrder, traits, patternOf, Self.numbers(sites.starts), sites.bytes, cardEnds,
            Self.numbers(patterns.starts), patterns.bytes,
        ]
    }

    private static func numbers(_ starts: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        for start in starts { bytes.appendNumber(start) }
        return bytes
    }
}

/// The facets, areas or place cells of a segment.
private struct FacetCollector {
    private var words = WordTable()
    private var lists = PostingLists()

    mutating func add(_ facets: [[UInt8]], document: Int) {
        for facet in facets { lists.add(document, to: words.number(of: facet)) }
    }

    func sections(documents: Int) -> [[UInt8]] {
        lists.sections(of: words, order: words.sortedNumbers(), documents: documents, weighted: false)
    }
}
