package import Foundation

/// An unchangeable body of documents, read in place from a mapped file or from memory.
package struct SearchSegment: Sendable {
    private let data: Data
    private let ranges: [Range<Int>]
    /// Documents in it.
    package let count: Int
    /// What the writer of the file left for its reader.
    package let stamp: String

    /// Opens a file written by `SegmentBuilder`. Throws `SearchFileDamaged` for any other file.
    package init(mapping url: URL) throws {
        try self.init(reading: HeldFile.bytes(of: url))
    }

    /// Builds in memory; of documents with the same key the last one counts.
    package init(building documents: [SearchDocument]) throws {
        let latest = Dictionary(documents.indices.map { (documents[$0].key, $0) }) { $1 }
        var builder = SegmentBuilder()
        for index in documents.indices where latest[documents[index].key] == index {
            try builder.add(documents[index])
        }
        try self.init(reading: builder.finishInMemory())
    }

    init(reading data: Data) throws {
        self.data = data
        (ranges, count, stamp) = try data.withUnsafeBytes { bytes in
            let header = try SegmentHeader(reading: bytes)
            let afterCards = SegmentHeader.length + header.lengths[SegmentPart.cards.rawValue]
            let rest = UnsafeRawBufferPointer(rebasing: bytes[afterCards...])
            guard SegmentHeader.extend(header.ownChecksum, over: rest) == header.checksum
            else { throw SearchFileDamaged(fault: "checksum") }
            var ranges: [Range<Int>] = []
            var start = SegmentHeader.length
            for length in header.lengths {
                ranges.append(start..<start + length)
                start += length
            }
            try SegmentView(bytes, ranges, header.documents).check()
            let stamp = String(decoding: bytes[ranges[SegmentPart.stamp.rawValue]], as: UTF8.self)
            return (ranges, header.documents, stamp)
        }
    }

    /// Lends the parts for one reading; nothing of the view may outlive `body`.
    func read<Result>(_ body: (SegmentView) throws -> Result) rethrows -> Result {
        try data.withUnsafeBytes { try body(SegmentView($0, ranges, count)) }
    }
}
