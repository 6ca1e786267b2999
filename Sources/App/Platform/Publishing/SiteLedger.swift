import Foundation
import Storage

/// What stands in a published site: each file's digest, which record it is of, and what all was made from. Lies in the data
/// folder, since the number of the last change would tell of changes that nobody may see.
struct SiteLedger: Sendable {
    struct Entry: Sendable {
        let path: String
        let digest: String
        /// Of the compressed file beside it.
        let zipped: String?
        /// `service/<id>`; nil for what belongs to no one record.
        let record: String?
    }

    struct State: Sendable, Equatable {
        /// What every page depends on: program, words, day, address, numbers to call.
        var basis: String
        var change: Int
        /// Digest of the manifest that was written last.
        var manifest: String
    }

    private let database: SQLiteDatabase

    /// - Parameter file: made when it is missing; without it the whole site is written anew.
    init(_ file: URL) async throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        database = try SQLiteDatabase(path: file.path, isRebuildable: true)
        try await database.write { transaction in
            try transaction.run(
                """
                CREATE TABLE IF NOT EXISTS site_file (
                    path TEXT PRIMARY KEY,
                    digest TEXT NOT NULL,
                    zipped TEXT,
                    record TEXT NOT NULL,
                    run INTEGER NOT NULL
                )
                """)
            try transaction.run("CREATE INDEX IF NOT EXISTS site_file_by_record ON site_file (record, run)")
            try transaction.run("CREATE TABLE IF NOT EXISTS site_state (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        }
    }

    /// Nil when the last publishing did not come to its end.
    func state() async throws -> State? {
        try await database.read { transaction in
            let rows = try transaction.rows("SELECT name, value FROM site_state")
            let values = Dictionary(
                try rows.map { (try $0.text("name"), try $0.text("value")) }, uniquingKeysWith: { first, _ in first })
            guard let basis = values["basis"], let change = values["change"].flatMap({ Int($0) }),
                let manifest = values["manifest"]
            else { return nil }
            return State(basis: basis, change: change, manifest: manifest)
        }
    }

    /// Begins a run. Until `finish`, the site counts as unfinished. The number of the run.
    func begin(forgettingFiles: Bool) async throws -> Int {
        try await database.write { transaction in
            try transaction.run("DELETE FROM site_state")
            if forgettingFiles { try transaction.run("DELETE FROM site_file") }
            return
                (try transaction.row("SELECT MAX(run) AS n FROM site_file").map { row in
                    if case .integer(let number) = row["n"] { Int(number) } else { 0 }
                } ?? 0) + 1
        }
    }

    func finish(_ state: State) async throws {
        try await database.write { transaction in
            for (name, value) in [("basis", state.basis), ("change", "\(state.change)"), ("manifest", state.manifest)] {
                try transaction.run("INSERT INTO site_state (name, value) VALUES (\(name), \(value))")
            }
        }
    }

    /// The digests that the files at `paths` have, by path.
    func digests(_ paths: [String]) async throws -> [String: (plain: String, zipped: String?)] {
        try await database.read { transaction in
            var found: [String: (plain: String, zipped: String?)] = [:]
            for start in stride(from: 0, to: paths.count, by: 512) {
                let chunk = Array(paths[start..<min(start + 512, paths.count)])
                for row in try transaction.rows(
                    "SELECT path, digest, zipped FROM site_file WHERE path IN (\(list: chunk))")
                { found[try row.text("path")] = (try row.text("digest"), row.optionalText("zipped")) }
            }
            return found
        }
    }

    func keep(_ entries: [Entry], run: Int) async throws {
        try await database.write { transaction in
            let rows = entries.map { entry -> [SQLValue] in
                [
                    .text(entry.path), .text(entry.digest), entry.zipped.map { .text($0) } ?? .null,
                    .text(entry.record ?? ""), .integer(Int64(run)),
                ]
            }
            let (text, none): (String?, String) = (nil, "")
            try transaction.run(
                """
                INSERT INTO site_file (path, digest, zipped, record, run)
                VALUES (\(none), \(none), \(text), \(none), \(run))
                ON CONFLICT (path) DO UPDATE SET digest = excluded.digest, zipped = excluded.zipped,
                    record = excluded.record, run = excluded.run
                """, each: rows)
        }
    }

    /// Takes out and returns the files that this run did not come by.
    /// - Parameter records: only files of these, as in `Entry.record`, with "" for those of none; nil for all.
    func takeOut(before run: Int, of records: [String]?) async throws -> [(path: String, isZipped: Bool)] {
        try await database.write { transaction in
            var gone: [(path: String, isZipped: Bool)] = []
            func take(_ condition: SQL) throws {
                gone += try transaction.rows("SELECT path, zipped FROM site_file WHERE \(condition)").map {
                    (try $0.text("path"), $0.optionalText("zipped") != nil)
                }
                try transaction.run("DELETE FROM site_file WHERE \(condition)")
            }
            guard let records else {
                try take("run < \(run)")
                return gone
            }
            for start in stride(from: 0, to: records.count, by: 512) {
                let chunk = Array(records[start..<min(start + 512, records.count)])
                try take("run < \(run) AND record IN (\(list: chunk))")
            }
            return gone
        }
    }

    /// Up to `limit` files in the order of their paths, after `last`.
    func entries(after last: String, limit: Int) async throws -> [Entry] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT path, digest, zipped, record FROM site_file WHERE path > \(last) ORDER BY path LIMIT \(limit)
                """
            ).map { row in
                Entry(
                    path: try row.text("path"), digest: try row.text("digest"), zipped: row.optionalText("zipped"),
                    record: row.optionalText("record"))
            }
        }
    }
}
