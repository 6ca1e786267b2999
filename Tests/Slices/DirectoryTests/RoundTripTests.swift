import Formats
import Foundation
import Kernel
import Storage
import Support
import Synchronization
import Testing

@testable import Directory

/// The official HSDS examples come in as files and go out as the same canonical JSON.
@Suite(.enabled(if: HSDSExamples.isThere, "the official examples lie beside the project"))
struct RoundTripTests {
    /// What no directory keeps is mended first: the examples stand at 100 degrees north, and under parents that they lack.
    private static func mended(_ name: String) throws -> Data {
        var text = String(decoding: try HSDSExamples.bytes(name), as: UTF8.self)
        text.replace(/"latitude": *[0-9.-]+/, with: #""latitude": 10"#)
        text.replace(/"parent(_organization)?_id": *"[^"]*" *,/, with: "")
        return Data(text.utf8)
    }

    /// What is noticed or rejected, and the records of the first and the second time.
    private func take(_ name: String, into town: Town) async throws -> (first: ImportReport, second: ImportReport) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-round-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "\(name).json")
        try Self.mended(name).write(to: file)
        var reports: [ImportReport] = []
        for _ in 0..<2 {
            let reader = try FileReader(path: file)
            let told = Mutex<[String]>([])
            let order = ImportOrder(source: "example", format: reader.format.rawValue)
            reports.append(
                try await town.directory.take(order, by: Town.staff) { entry in
                    if [.rejected, .noticed].contains(entry.outcome) { told.withLock { $0.append(entry.reason) } }
                } read: { body in
                    try reader.read(body)
                })
            #expect(told.withLock { $0 } == [])
        }
        return (reports[0], reports[1])
    }

    @Test(arguments: [
        ("service_full", RecordKind.service), ("organization_full", .organization),
        ("service_at_location_full", .serviceAtLocation), ("taxonomy", .taxonomy), ("taxonomy_term", .taxonomyTerm),
    ])
    func `an official example goes out as it came in, and twice changes nothing`(
        name: String, kind: RecordKind
    ) async throws {
        let town = try await Town(loadsRegion: false)
        let (first, second) = try await take(name, into: town)
        #expect(first[.added] > 0)
        #expect(second.counts.isEmpty, "\(second.counts)")
        let expected = try Self.mended(name)
        let object = try #require(try JSONSerialization.jsonObject(with: expected) as? [String: Any])
        let id = try #require((object["id"] as? String).flatMap(Identifier<Record>.init))
        let tree = try await town.directory.compiledTree(kind, id)
        #expect(try HSDSExamples.canonical(json: HSDSJSON.full(tree)) == HSDSExamples.canonical(json: expected))
    }
}

extension Directory {
    /// The record with all that the compiled schemas nest in it.
    fileprivate func compiledTree(_ kind: RecordKind, _ id: Identifier<Record>) async throws -> RecordTree {
        var tree = try await tree(kind, id)
        if kind == .organization {
            let ids = try await database.read { transaction in
                try DirectoryStore(transaction).records(.service, where: "organization_id", in: [id.description])
                    .map(\.id)
            }
            tree.members["services"] = []
            for service in ids {
                var inside = try await self.tree(.service, service)
                inside.members["organization"] = nil
                tree.members["services"]?.append(inside)
            }
        }
        if kind == .serviceAtLocation, let service = tree.record.reference("service_id") {
            var inside = try await self.tree(.service, service)
            inside.members["service_at_locations"] = nil
            tree.members["service"] = [inside]
        }
        return tree
    }

    private func tree(_ kind: RecordKind, _ id: Identifier<Record>) async throws -> RecordTree {
        let listing = try await database.read { try ListingLoader($0, nesting: .standard).listings(kind, [id]).first }
        return try #require(listing?.projected(for: Town.staff)).tree
    }
}
