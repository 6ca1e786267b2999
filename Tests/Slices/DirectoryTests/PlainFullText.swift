import Directory
import Formats
import Foundation
import Kernel
import Storage
import Support

/// The peer: SQLite's own FTS5 over the published names and descriptions, all words of the question required.
struct PlainFullText {
    private let database: SQLiteDatabase

    init(_ town: Town) async throws {
        let database = try SQLiteDatabase(inMemory: ())
        try await database.write { transaction in
            _ = try transaction.run(
                "CREATE VIRTUAL TABLE plain USING fts5(id UNINDEXED, name, description, tokenize = 'porter unicode61')")
        }
        var last: Identifier<Record>?
        while true {
            let page = try await town.directory.list(.service, after: last, limit: 500, for: .visitor)
            guard let end = page.last else { break }
            try await database.write { transaction in
                for listing in page {
                    let record = listing.value.record
                    try transaction.run(
                        """
                        INSERT INTO plain (id, name, description)
                        VALUES (\(record.id), \(record["name"]), \(record["description"]))
                        """)
                }
            }
            last = end.value.record.id
        }
        self.database = database
    }

    func find(_ text: String) async throws -> [Identifier<Record>] {
        let words = text.split { !$0.isLetter && !$0.isNumber }.map { "\"\($0)\"" }.joined(separator: " ")
        guard !words.isEmpty else { return [] }
        return try await database.read { transaction in
            try transaction.rows("SELECT id FROM plain WHERE plain MATCH \(words)").map { try $0.identifier("id") }
        }
    }
}
