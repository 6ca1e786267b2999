import Foundation
import Kernel
import Testing

@testable import Search

@Suite struct FileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("search-\(UUID())")
    private let documents = randomDocuments(200, seed: 9)

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private var url: URL { folder.appendingPathComponent("town.search") }

    private func write() throws {
        var builder = try SegmentBuilder(writingTo: url)
        for document in documents { try builder.add(document) }
        try builder.finish(stamp: "change 17")
    }

    private func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }

    @Test func `a file answers exactly like the segment in memory`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write()
        let file = SearchIndex(try SearchSegment(mapping: url))
        let memory = try index(documents)
        #expect(file.stamp == "change 17")
        #expect(file.count == 200)
        for text in ["", "zebra", "lotus amber", "vipr x", "oce"] {
            #expect(answers(file, text) == answers(memory, text))
        }
        #expect(try files() == ["town.search"])
    }

    @Test func `a builder that is dropped leaves the old file and nothing else`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write()
        let before = try Data(contentsOf: url)
        do {
            var builder = try SegmentBuilder(writingTo: url)
            try builder.add(documents[0])
            #expect(try files().count == 2)
        }
        #expect(try files() == ["town.search"])
        #expect(try Data(contentsOf: url) == before)
    }

    @Test func `a key given twice is refused`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var builder = try SegmentBuilder(writingTo: url)
        for _ in 0..<2 { try builder.add(documents[0]) }
        do {
            try builder.finish(stamp: "")
            Issue.record("two documents with one key were written")
        } catch let twice as SearchKeyTwice {
            #expect(twice.key == documents[0].key)
        }
        #expect(try files().isEmpty)
    }

    @Test func `a file that was cut anywhere is refused`() throws {
        let data = try bytes()
        for length in stride(from: 0, to: data.count, by: 13) {
            #expect(throws: SearchFileDamaged.self) { try SearchSegment(reading: data.prefix(length)) }
        }
        #expect(throws: SearchFileDamaged.self) { try SearchSegment(reading: data + [0]) }
    }

    @Test func `a byte changed outside the cards is refused and inside them harms no other`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = try bytes()
        let cards = try data.withUnsafeBytes { try SegmentHeader(reading: $0).lengths[0] }
        let cardBytes = SegmentHeader.length..<SegmentHeader.length + cards
        let keys = answers(SearchIndex(try SearchSegment(reading: data)), "zebra").map(\.key)
        for position in stride(from: 0, to: data.count, by: 7) {
            var damaged = data
            damaged[position] ^= UInt8(1 << (position % 8))
            if cardBytes.contains(position) {
                #expect(answers(SearchIndex(try SearchSegment(reading: damaged)), "zebra").map(\.key) == keys)
            } else {
                #expect(throws: SearchFileDamaged.self) { try SearchSegment(reading: damaged) }
            }
        }
    }

    @Test func `garbage with a right checksum answers something and never traps`() throws {
        let data = try bytes()
        let header = try data.withUnsafeBytes { try SegmentHeader(reading: $0) }
        let start = SegmentHeader.length + header.lengths[0]
        var chance = SeededChance(4)
        for _ in 0..<400 {
            var damaged = data
            for _ in 0..<Int.random(in: 1...40, using: &chance) {
                damaged[Int.random(in: start..<data.count, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
            }
            seal(&damaged, header, from: start)
            let index = try SearchIndex(SearchSegment(reading: damaged))
            for text in ["", "zebra lotus", "vipr x", "oce"] { _ = answers(index, text) }
            _ = try index.replacing([documents[3]], removing: [documents[5].key])
        }
    }

    @Test func `a foreign file is refused and a missing one is an error`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(repeating: 0x41, count: 100_000).write(to: url)
        #expect(throws: SearchFileDamaged(fault: "kind")) { try SearchSegment(mapping: url) }
        try Data().write(to: url)
        #expect(throws: SearchFileDamaged(fault: "kind")) { try SearchSegment(mapping: url) }
        #expect(throws: (any Error).self) { try SearchSegment(mapping: folder.appendingPathComponent("none")) }
    }

    private func bytes() throws -> Data {
        var builder = SegmentBuilder()
        for document in documents { try builder.add(document) }
        return try builder.finishInMemory()
    }

    private func seal(_ data: inout Data, _ header: SegmentHeader, from start: Int) {
        var header = header
        header.checksum = data.withUnsafeBytes {
            SegmentHeader.extend(header.ownChecksum, over: UnsafeRawBufferPointer(rebasing: $0[start...]))
        }
        data.replaceSubrange(0..<SegmentHeader.length, with: header.bytes)
    }

    private func answers(_ index: SearchIndex, _ text: String) -> [SearchHit] {
        var query = SearchQuery(text, today: today)
        query.limit = 300
        query.near = vancouver
        query.within = 300
        query.nearAreas = ["north"]
        query.filters = [["need:housing", "need:food", "language:fr"]]
        query.isOpen = { $0 != "night" }
        return index.answer(query).hits
    }
}
