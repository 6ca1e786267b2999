import Formats
import Foundation
import Kernel
import Platform
import Support
import Synchronization
import Testing

@testable import Directory

/// Two nodes of one region that load the same data and read each other's export.
@Suite struct TwoNodesTests {
    private final class Told: Sendable {
        private let entries = Mutex<[ImportEntry]>([])
        func hear(_ entry: ImportEntry) { entries.withLock { $0.append(entry) } }
        func lines(_ outcome: ImportEntry.Outcome) -> [String] {
            entries.withLock { $0.filter { $0.outcome == outcome }.map { "\($0.kind?.rawValue ?? "-"): \($0.reason)" } }
        }
    }

    private func take(_ file: URL, into town: Town, told: Told = Told()) async throws -> ImportReport {
        let reader = try FileReader(path: file)
        let order = ImportOrder(source: "neighbour", format: reader.format.rawValue)
        return try await town.directory.take(order, by: Town.staff, tell: told.hear) { try reader.read($0) }
    }

    private func withExport<Value>(
        of town: Town, _ format: ExportFormat, _ work: (URL) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-nodes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: format == .hsds ? "package" : "listings.\(format.rawValue)")
        _ = try await town.directory.export(ListingExport(format, for: .everyone), to: file)
        return try await work(file)
    }

    @Test(arguments: [ExportFormat.ndjson, .hsds])
    func `what two nodes have alike is the same record and changes nothing`(_ format: ExportFormat) async throws {
        let (one, other) = (try await Town(), try await Town())
        let told = Told()
        let before = try await other.platform.changeNumber()
        let report = try await withExport(of: one, format) { try await take($0, into: other, told: told) }
        #expect(told.lines(.rejected) == [] && told.lines(.proposed) == [] && told.lines(.added) == [])
        #expect(report.unchanged > 300 && report[.changed] == 0 && report[.removed] == 0)
        #expect(try await other.platform.changeNumber() == before)
    }

    @Test func `what differs waits for staff, once, and is never written over what stands here`() async throws {
        let (one, other) = (try await Town(), try await Town())
        let page = try await one.directory.list(.service, after: nil, limit: 1, for: Town.staff)
        let id = try #require(page.first?.id)
        try await one.directory.edit(
            .service, id, field: "fees_description", to: .text("Free on Thursdays"), source: "a call", by: Town.staff)
        let told = Told()
        let (report, again) = try await withExport(of: one, .ndjson) {
            (try await take($0, into: other, told: told), try await take($0, into: other))
        }
        #expect(
            told.lines(.proposed) == ["service: fees_description of a record kept here; for the review queue"])
        #expect(report[.proposed] == 1 && report[.changed] == 0)
        #expect(again[.proposed] == 0)
        #expect(try await !other.directory.service(id, for: Town.staff).json.contains("Thursdays"))
        let queue = try #require(try await other.directory.queue(after: nil, limit: 10, for: Town.staff)).items
        #expect(queue.map(\.value.proposal.proposed) == ["Free on Thursdays"])
        #expect(queue.map(\.value.proposal.note) == ["neighbour"])
        let proposal = try #require(queue.first?.value.proposal.id)
        try await other.directory.accept(proposal, by: Town.staff)
        #expect(try await other.directory.service(id, for: .visitor).json.contains("Thursdays"))
        let after = try await withExport(of: one, .ndjson) { try await take($0, into: other) }
        #expect(after[.proposed] == 0 && after[.rejected] == 0)
    }

    @Test func `what the other node refused is not proposed again`() async throws {
        let (one, other) = (try await Town(), try await Town())
        let page = try await one.directory.list(.service, after: nil, limit: 1, for: Town.staff)
        let id = try #require(page.first?.id)
        try await one.directory.edit(
            .service, id, field: "name", to: .text("Another name"), source: "a call", by: Town.staff)
        try await withExport(of: one, .ndjson) { file in
            _ = try await take(file, into: other)
            let queue = try #require(try await other.directory.queue(after: nil, limit: 10, for: Town.staff)).items
            try await other.directory.refuse(
                try #require(queue.first?.value.proposal.id), reply: "They say no.", by: Town.staff)
            #expect(try await take(file, into: other)[.proposed] == 0)
        }
    }

    @Test func `a record of another source that stands in many others is named once, the rest is summed up`()
        async throws
    {
        let town = try await Town(loadsRegion: false)
        func reading(_ kind: RecordKind, _ id: Identifier<Record>, _ line: Int, isWhole: Bool) -> Reading {
            var draft = Draft(
                kind, externalId: id.description, ["name": .text("Cedar Society"), "description": .text("")],
                origin: Origin(file: "example.ndjson", line: line))
            draft.isWhole = isWhole
            return .draft(draft)
        }
        let id = Identifier<Record>.named("cedar")
        func take(_ readings: [Reading], _ source: String, _ told: Told) async throws {
            _ = try await town.directory.take(
                ImportOrder(source: source, format: "test"), by: Town.staff, tell: told.hear
            ) { body in
                for reading in readings { try body(reading) }
            }
        }
        try await take([reading(.organization, id, 1, isWhole: true)], "example", Told())
        let told = Told()
        try await take((1...5).map { reading(.organization, id, $0, isWhole: false) }, "other", told)
        #expect(told.lines(.rejected) == ["organization: its id belongs to a record of another source"])
        #expect(told.lines(.noticed) == ["-: 4 more times the file names records that are named above"])
    }
}
