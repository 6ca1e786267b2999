import Foundation
import Glibc

/// Where the cards of a segment go: a part file next to its destination, or memory when there is none.
struct CardWriter: ~Copyable {
    private let destination: URL?
    private let part: URL?
    private let file: FileHandle?
    private var waiting: [UInt8] = []
    /// Bytes of cards so far, on disk or not.
    private(set) var written = 0
    private var finished = false

    init() {
        destination = nil
        part = nil
        file = nil
    }

    init(destination: URL) throws {
        let part = destination.appendingPathExtension("part")
        try Data(count: SegmentHeader.length).write(to: part)
        let file = try FileHandle(forWritingTo: part)
        try file.seekToEnd()
        self.destination = destination
        self.part = part
        self.file = file
    }

    deinit {
        if let part, !finished { unlink(part.path) }
    }

    /// A card is the number of its columns and each column's length and bytes.
    mutating func append(_ card: [String]) throws {
        let before = waiting.count
        waiting.appendVarint(card.count)
        for column in card {
            waiting.appendVarint(column.utf8.count)
            waiting += column.utf8
        }
        written += waiting.count - before
        if let file, waiting.count > 1 << 20 {
            try file.write(contentsOf: waiting)
            waiting.removeAll(keepingCapacity: true)
        }
    }

    mutating func finish(header: SegmentHeader, parts: [[UInt8]]) throws {
        guard let file, let part, let destination else { return }
        try file.write(contentsOf: waiting)
        for bytes in parts where !bytes.isEmpty { try file.write(contentsOf: bytes) }
        try file.seek(toOffset: 0)
        try file.write(contentsOf: header.bytes)
        try file.synchronize()
        try file.close()
        guard rename(part.path, destination.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        finished = true
        Self.synchronize(folder: destination.deletingLastPathComponent())
    }

    func data(header: SegmentHeader, parts: [[UInt8]]) -> Data {
        var data = Data(header.bytes)
        data.append(contentsOf: waiting)
        for bytes in parts { data.append(contentsOf: bytes) }
        return data
    }

    /// Makes the rename itself survive a power cut.
    private static func synchronize(folder: URL) {
        let descriptor = open(folder.path, O_RDONLY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

extension [UInt8] {
    mutating func appendVarint(_ number: Int) {
        var rest = UInt(number)
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
