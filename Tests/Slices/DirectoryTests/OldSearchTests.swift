import Directory
import Formats
import Foundation
import Kernel
import Platform
import Storage
import Support
import Testing

/// The vocabulary changed since the search file was made: the old search serves until the new one is ready.
@Suite struct OldSearchTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-old-\(UUID().uuidString)")

    private func directory(_ database: any Database, _ data: DataSet) throws -> Directory {
        try Directory(
            database: database, world: .seeded(at: Town.noon), data: data,
            searchFile: folder.appending(path: "search.index"),
            documentsFile: folder.appending(path: "documents.sqlite"),
            downloadsFolder: folder.appending(path: "downloads"))
    }

    /// The region's data with a word in the vocabulary that no file had before.
    private func changedData() throws -> DataSet {
        let copy = folder.appending(path: "region")
        try FileManager.default.copyItem(at: Town.root.appending(path: "Data/bc"), to: copy)
        let file = copy.appending(path: "vocabulary.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let name = try #require(text.firstRange(of: "A safe place to sleep"))
        try text.replacingCharacters(in: name, with: "A safe place to sleep, quiltwort")
            .write(to: file, atomically: true, encoding: .utf8)
        return try DataSet(folder: copy)
    }

    @Test func `it serves, hides what was withheld since, and is replaced`() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try await TestDatabase.make()
        try await Migrator(Platform.migrations).run(on: database, at: Town.noon)
        let first = try directory(database, DataSet(folder: Town.root.appending(path: "Data/bc")))
        try await first.load(region: "bc")
        try await first.openSearch()
        let withheld = try #require(first.find(Question(text: "housing")).results.first?.card)
        let data = try changedData()
        // Another process withholds a listing, and the new file cannot be made.
        try await directory(database, data).setAudience(
            .nobody, withheld.kind == .service ? .service : .organization,
            withheld.id, field: "", by: Town.staff)
        let block = folder.appending(path: "search.index.part")
        try FileManager.default.createDirectory(at: block, withIntermediateDirectories: true)

        let second = try directory(database, data)
        await #expect(throws: Never.self) { try await second.openSearch() }
        // Only the organization of what was withheld, which now stands for itself, has the new words.
        let early = second.find(Question(text: "quiltwort")).total
        #expect(early <= 1)
        #expect(second.find(Question(text: "housing")).results.count > 3)
        #expect(
            second.find(Question(text: withheld.name(in: .english))).results.allSatisfy { $0.card.id != withheld.id })
        await #expect(throws: (any Error).self) { try await second.settleSearch() }
        #expect(second.find(Question(text: "housing")).results.count > 3)

        try FileManager.default.removeItem(at: block)
        try await second.settleSearch()
        #expect(second.find(Question(text: "quiltwort")).total > early)
        #expect(second.find(Question(text: "housing")).results.allSatisfy { $0.card.id != withheld.id })
    }
}
