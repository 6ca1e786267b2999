import CDeflate
import Foundation

/// The file is not a search file of this version, or it was cut or changed after it was written.
package struct SearchFileDamaged: Error, Sendable, Equatable {
    /// What was wrong, for the operator's log; says nothing of the content.
    package let fault: String
}

/// The parts of a segment file, in their order after the header. Cards come first so they can be streamed, and are
/// the only part the checksum leaves out, so that opening does not read them.
enum SegmentPart: Int, CaseIterable {
    case cards, stamp, keys, keyOrder, traits, patternOf, siteStarts, sites, cardStarts, patternStarts, patternBytes
    case termStarts, termBytes, termCounts, termPlaces, termLists, termSigns
    case facetStarts, facetBytes, facetCounts, facetPlaces, facetLists
    case areaStarts, areaBytes, areaCounts, areaPlaces, areaLists
    case cellStarts, cellBytes, cellCounts, cellPlaces, cellLists
}

/// The head of a segment file: magic, version, number of documents, checksum, and the length of every part.
struct SegmentHeader {
    static let magic = Array("WAYFIND1".utf8)
    static let version: UInt32 = 3
    static let length = 8 + 4 + 4 + 4 + 4 + SegmentPart.allCases.count * 8

    var documents: Int
    var checksum: UInt32
    var lengths: [Int]

    var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.appendNumber(Self.version)
        bytes.appendNumber(UInt32(documents))
        bytes.appendNumber(checksum)
        bytes.appendNumber(UInt32(lengths.count))
        for length in lengths { bytes.appendNumber(UInt64(length)) }
        return bytes
    }

    init(documents: Int, checksum: UInt32, lengths: [Int]) {
        self.documents = documents
        self.checksum = checksum
        self.lengths = lengths
    }

    init(reading bytes: UnsafeRawBufferPointer) throws(SearchFileDamaged) {
        guard bytes.count >= Self.length, bytes.starts(with: Self.magic) else { throw SearchFileDamaged(fault: "kind") }
        guard bytes.number(8, as: UInt32.self) == Self.version else { throw SearchFileDamaged(fault: "version") }
        documents = Int(bytes.number(12, as: UInt32.self))
        checksum = bytes.number(16, as: UInt32.self)
        guard bytes.number(20, as: UInt32.self) == UInt32(SegmentPart.allCases.count), documents < Int(Int32.max)
        else { throw SearchFileDamaged(fault: "parts") }
        lengths = []
        var end = Self.length
        for part in SegmentPart.allCases {
            let length = bytes.number(24 + part.rawValue * 8, as: UInt64.self)
            guard length <= UInt64(bytes.count - end) else { throw SearchFileDamaged(fault: "length") }
            lengths.append(Int(length))
            end += Int(length)
        }
        guard end == bytes.count else { throw SearchFileDamaged(fault: "length") }
    }

    /// The checksum of this header with its own field as 0, to be extended over whatever follows the cards.
    var ownChecksum: UInt32 {
        var blank = self
        blank.checksum = 0
        return blank.bytes.withUnsafeBytes { Self.extend(0, over: $0) }
    }

    static func extend(_ checksum: UInt32, over bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard let start = bytes.baseAddress else { return checksum }
        return libdeflate_crc32(checksum, start, bytes.count)
    }
}

extension UnsafeRawBufferPointer {
    /// The little-endian number at a byte offset; 0 outside the bounds.
    @inline(__always)
    func number<Number: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: Number.Type) -> Number {
        guard offset >= 0, offset <= count - MemoryLayout<Number>.size else { return 0 }
        return Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}
