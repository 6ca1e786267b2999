import Foundation
import Kernel
import Sealing
import Storage
import Support
import Testing

@testable import Intake

/// What stands on the disk, byte by byte. Of SQLite, whose files a test can read.
@Suite(.enabled(if: !TestDatabase.isPostgres)) struct MarkerTests {
    private static let markers: [PartKind: Answers] = Dictionary(
        uniqueKeysWithValues: PartKind.allCases.map { kind in
            (
                kind,
                Answers(
                    Dictionary(
                        uniqueKeysWithValues: kind.questions.map {
                            ($0.name, ["marker-\(kind.rawValue)-\($0.name)" + String(repeating: "x", count: 10)])
                        }))
            )
        })

    @Test func `no answer, receipt, token or key stands in the database, and after deletion nothing sealed either`()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-marker-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(path: folder.appending(path: "test.sqlite").path)
        let shelf = try await Shelf(database)
        let neighbour = try await shelf.begin()
        let begun = try await shelf.begin(Self.markers)
        let stay = begun.stay
        try await shelf.intake.add(
            Document(name: "marker-name.txt", type: .text, bytes: Array("marker-document".utf8)), by: stay)
        _ = try await shelf.intake.grant(shelf.offer(0, PartKind.allCases, of: stay), by: stay)
        _ = try await shelf.opened(by: 0)
        let old = try await sealed(shelf, stay)
        _ = try await shelf.intake.write(Answers(["next": ["marker-again"]]), .wishes, over: 1, by: stay)

        let secrets: [[UInt8]] =
            [
                begun.receipt.locator, begun.receipt.opener, stay.opening.secret.bytes, shelf.desks[0].secret,
                [UInt8](repeating: 7, count: 32),
            ]
            + ["marker-", stay.token.text, begun.receipt.digits, begun.receipt.printedDigits].map { Array($0.utf8) }
            + begun.receipt.words(try #require(WordList.of(.english))).chunked.map { Array($0.utf8) }
        let living = try disk(folder)
        for secret in secrets { #expect(!living.has(secret)) }
        let pieces = try await sealed(shelf, stay) + old
        #expect(pieces.count > 40)
        #expect(pieces.contains { living.has($0) })

        try await shelf.intake.delete(by: stay)
        let left = try disk(folder)
        for piece in pieces + secrets { #expect(!left.has(piece)) }
        #expect(try await shelf.intake.read(shelf.intake.open(neighbour.receipt).stay).parts.count == 3)
    }

    @Test func `what was sealed to an organization is gone from the disk when it is taken back`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waymark-marker-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let shelf = try await Shelf(SQLiteDatabase(path: folder.appending(path: "test.sqlite").path))
        let stay = try await shelf.begin().stay
        let grant = try await shelf.intake.grant(shelf.offer(0, [.needs], of: stay), by: stay)
        let keys = try await shelf.database.read { transaction in
            try transaction.rows("SELECT sealed FROM part_key WHERE holder <> 'person'").map { try $0.bytes("sealed") }
        }
        let key = try #require(keys.first)
        let before = try disk(folder)
        try await shelf.intake.revoke(grant.id, by: stay)
        let after = try disk(folder)
        #expect(keys.count == 1 && before.has(Array(key[200..<264])) && !after.has(Array(key[200..<264])))
    }

    /// Sixty-four bytes of every sealed column of a file.
    private func sealed(_ shelf: Shelf, _ stay: Stay) async throws -> [[UInt8]] {
        let file = stay.file
        return try await shelf.database.read { transaction in
            let statements: [SQL] = [
                "SELECT content FROM part WHERE file_id = \(file)",
                "SELECT sealed FROM part_key WHERE part_id IN (SELECT id FROM part WHERE file_id = \(file))",
                "SELECT opening_key, sealing_key FROM file WHERE id = \(file)",
                "SELECT opening_key FROM person_session WHERE file_id = \(file)",
                "SELECT mark FROM intake_grant WHERE file_id = \(file)",
            ]
            return try statements.flatMap { try transaction.rows($0) }.flatMap { row in
                try row.columns.map { Array(try row.bytes($0).prefix(200).suffix(64)) }
            }
        }
    }

    private func disk(_ folder: URL) throws -> Data {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .reduce(into: Data()) { $0 += try Data(contentsOf: $1) }
    }
}

extension Data {
    fileprivate func has(_ bytes: [UInt8]) -> Bool { range(of: Data(bytes)) != nil }
}

extension [String] {
    /// Three and three words of a receipt, as somebody could have kept them.
    fileprivate var chunked: [String] {
        stride(from: 0, to: count, by: 3).map { self[$0..<Swift.min($0 + 3, count)].joined(separator: " ") }
    }
}
