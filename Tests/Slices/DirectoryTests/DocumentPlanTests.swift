import Formats
import Foundation
import Kernel
import Storage
import Support
import Testing

@testable import Directory

/// How SQLite goes about the questions that the open data asks of its file.
@Suite struct DocumentPlanTests {
    /// What is walked through on purpose: the distinct opening hours, which are few; the words, which are an index; and the
    /// list of numbers that an answer is put together from.
    private static let walked = ["FROM hours", "FROM words", "json_each"]

    private static let queries: [DocumentQuery] = {
        let id = Fiction.id(.organization, "x")
        var queries: [DocumentQuery] = []
        for kind in [RecordKind.service, .organization, .serviceAtLocation, .taxonomyTerm] {
            let plain = DocumentQuery(kind)
            let changes: [(inout DocumentQuery) -> Void] = [
                { _ in }, { $0.organization = id }, { $0.parent = id }, { $0.isTopOnly = true },
                { $0.modifiedAfter = Town.noon }, { $0.words = ["food"] }, { $0.openAt = Town.noon },
                { $0.facets = [[.init(name: .area, value: "a"), .init(name: .area, value: "b")]] },
                {
                    $0.near = .init(point: UnitVector(latitude: 54.5, longitude: -128.6), metres: 20_000)
                },
            ]
            for change in changes {
                var query = plain
                change(&query)
                queries.append(query)
            }
        }
        return queries
    }()

    @Test func `no question of the open data walks through a whole table`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-plan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let town = try await Town(loadsRegion: false)
        try await town.store(MarkedListing().records)
        let file = try DocumentFile(folder.appending(path: "documents.sqlite"))
        try await file.prepare(at: Town.noon)
        let watched = FailingDatabase(file.database)
        let listings = try await town.database.read {
            try ListingLoader($0, nesting: .standard).listings(.service, [Fiction.id(.service, "marked")])
        }
        let documents = listings.compactMap { $0.projected(for: .visitor) }.compactMap(PublishedDocument.init)
        try await watched.write { transaction in
            var writer = DocumentWriter(transaction, at: Town.noon)
            try writer.replace(.service, documents.map(\.id), with: documents)
            try writer.replace(.service, documents.map(\.id), with: [])
            try writer.replace(.service, documents.map(\.id), with: documents)
        }
        let cache = town.directory.publications.hours
        try await watched.read { transaction in
            let reader = DocumentReader(transaction)
            for query in Self.queries {
                for inOrder in [true, false] { _ = try reader.numbers(query, inOrderOfIds: inOrder, hours: cache) }
                for form in [DocumentForm.list, .full, .minimal] {
                    _ = try DocumentForms(transaction).joined([1], query.kind, form)
                }
            }
            _ = try DocumentForms(transaction).joined([1], .organization, .fullWithServices)
            _ = try reader.ids(.service, after: nil, limit: 5)
            _ = try reader.number(.service, Fiction.id(.service, "marked"))
            _ = try reader.id(of: 1)
            _ = try reader.tombstones(since: Town.noon, limit: 5, offset: 0)
            _ = try reader.tombstoneCount(since: nil, upTo: Fiction.id(.service, "marked"))
        }
        let read = watched.statements.filter {
            $0.hasPrefix("SELECT") || $0.hasPrefix("DELETE") || $0.hasPrefix("UPDATE")
        }
        #expect(read.count > 30)
        for statement in read {
            let bound = statement.replacing(/\$\d+/, with: "'x'")
            let plan = try await file.database.read { try $0.rows(SQL(stringLiteral: "EXPLAIN QUERY PLAN \(bound)")) }
            for step in plan.compactMap({ $0.optionalText("detail") }) where step.hasPrefix("SCAN") {
                let isOnPurpose = Self.walked.contains { statement.contains($0) }
                // The numbers that were found stand in a table of their own.
                let isAnswer =
                    step.contains("(subquery") || step.contains("CONSTANT")
                    // An index of nothing but tombstones, in the order of the answer.
                    || step.contains("INDEX published_removed")
                #expect((isOnPurpose || isAnswer) as Bool, "\(step): \(statement)")
            }
        }
    }

    @Test func `the box around a point leaves nothing out that is near enough`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-box-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try DocumentFile(folder.appending(path: "documents.sqlite"))
        try await file.prepare(at: Town.noon)
        let town = try await Town(loadsRegion: false)
        let cache = town.directory.publications.hours
        var numbers = SeededNumbers(state: 7)
        let points = (1...600).map { number in
            let spread = number % 3 == 0 ? 90.0 : 0.3
            return UnitVector(
                latitude: max(-90, min(90, 54 + Double.random(in: -spread...spread, using: &numbers))),
                longitude: -128 + Double.random(in: -2 * spread...2 * spread, using: &numbers))
        }
        try await file.database.write { transaction in
            for (index, point) in points.enumerated() {
                let id = Fiction.id(.service, "p\(index)")
                try transaction.run(
                    """
                    INSERT INTO published (number, kind, id, modified, removed, fingerprint)
                    VALUES (\(index), 'service', \(id), 0, 0, 1)
                    """)
                try transaction.run(
                    "INSERT INTO point (number, x, y, z) VALUES (\(index), \(point.x), \(point.y), \(point.z))")
            }
        }
        for metres in [1, 900, 5_000, 30_000, 800_000, 19_000_000, 21_000_000] {
            for middle in points.prefix(12) {
                var query = DocumentQuery(.service)
                query.near = .init(point: middle, metres: metres)
                let asked = query
                let found = try await file.database.read {
                    try DocumentReader($0).numbers(asked, inOrderOfIds: false, hours: cache)
                }
                let limit = UnitVector.squaredChord(metres: Double(metres))
                let near = points.indices.filter { index in
                    let other = points[index]
                    let (x, y, z) = (other.x - middle.x, other.y - middle.y, other.z - middle.z)
                    return x * x + y * y + z * z <= limit
                }
                #expect(Set(found) == Set(near), "\(metres)")
            }
        }
    }
}
