import Formats
import Foundation
import Kernel
import Storage

/// The read model of the open-data answers: one SQLite file beside the search file, whatever the main database is. All but
/// the table `published` can be made anew at will; that one remembers what was public, so that its end can be told.
struct DocumentFile: Sendable {
    let database: SQLiteDatabase
    private static let format = 3

    init(_ file: URL) throws { database = try SQLiteDatabase(path: file.path, isRebuildable: true) }

    /// Frozen: tombstones live as long as the file. A fingerprint of 0 is that of no document.
    private static let ledger: [SQL] = [
        "CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
        """
        CREATE TABLE IF NOT EXISTS published (
            number INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            modified INTEGER NOT NULL,
            removed INTEGER NOT NULL DEFAULT 0,
            fingerprint INTEGER NOT NULL,
            UNIQUE (kind, id)
        )
        """,
        "CREATE INDEX IF NOT EXISTS published_in_order ON published (kind, id) WHERE removed = 0",
        "CREATE INDEX IF NOT EXISTS published_removed ON published (id) WHERE removed = 1",
    ]

    private static let documents: [SQL] = [
        """
        CREATE TABLE document (
            number INTEGER PRIMARY KEY,
            service INTEGER,
            organization TEXT,
            parent TEXT,
            hours INTEGER
        )
        """,
        "CREATE INDEX document_by_service ON document (service) WHERE service IS NOT NULL",
        "CREATE INDEX document_by_organization ON document (organization) WHERE organization IS NOT NULL",
        "CREATE INDEX document_by_parent ON document (parent) WHERE parent IS NOT NULL",
        "CREATE INDEX document_by_hours ON document (hours) WHERE hours IS NOT NULL",
        "CREATE TABLE list_form (number INTEGER PRIMARY KEY, json BLOB NOT NULL)",
        """
        CREATE TABLE full_form (
            number INTEGER PRIMARY KEY,
            json BLOB NOT NULL,
            organization_from INTEGER NOT NULL,
            organization_to INTEGER NOT NULL,
            places_from INTEGER NOT NULL,
            places_to INTEGER NOT NULL
        )
        """,
        """
        CREATE TABLE page_form (
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            organization TEXT,
            json BLOB NOT NULL,
            UNIQUE (kind, id)
        )
        """,
        "CREATE INDEX page_form_by_organization ON page_form (organization) WHERE organization IS NOT NULL",
        """
        CREATE TABLE facet (
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (name, value, number)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX facet_by_number ON facet (number)",
        "CREATE TABLE point (number INTEGER NOT NULL, x REAL NOT NULL, y REAL NOT NULL, z REAL NOT NULL)",
        "CREATE INDEX point_by_number ON point (number)",
        "CREATE INDEX point_by_place ON point (x, y, z, number)",
        "CREATE TABLE hours (id INTEGER PRIMARY KEY, pattern TEXT NOT NULL UNIQUE)",
        "CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2')",
    ]
    private static let tables: [SQL] = [
        "document", "list_form", "full_form", "page_form", "facet", "point", "hours", "words",
    ]

    struct State: Sendable, Equatable {
        /// The change of the main database that the documents stand at; nil when they must be made anew.
        var change: Int?
        /// Rises when what is public changes, and then alone: it may be shown.
        var edition = 0
        /// When the file was made, in seconds: editions of two files are not the same.
        var made = 0
    }

    /// Makes what is missing. Documents of another format go; what was public stays known.
    func prepare(at now: Instant) async throws {
        try await database.write { transaction in
            for statement in Self.ledger { try transaction.run(statement) }
            if try Self.value("format", in: transaction) == Self.format { return }
            for table in Self.tables { try transaction.run("DROP TABLE IF EXISTS \(table)") }
            for statement in Self.documents { try transaction.run(statement) }
            try transaction.run("UPDATE published SET fingerprint = 0 WHERE removed = 0")
            try transaction.run("DELETE FROM state")
            try Self.set("format", Self.format, in: transaction)
            try Self.set("made", Int(now.seconds), in: transaction)
        }
    }

    /// Nil for a file of another format.
    static func currentState(in transaction: any Transaction) throws -> State? {
        let table = try transaction.row("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'state'")
        guard table != nil, try value("format", in: transaction) == format else { return nil }
        return try state(in: transaction)
    }

    static func state(in transaction: any Transaction) throws -> State {
        State(
            change: try value("change", in: transaction), edition: try edition(in: transaction),
            made: try value("made", in: transaction) ?? 0)
    }

    static func edition(in transaction: any Transaction) throws -> Int { try value("edition", in: transaction) ?? 0 }

    private static func value(_ name: String, in transaction: any Transaction) throws -> Int? {
        try transaction.row("SELECT value FROM state WHERE name = \(name)")?.integer("value")
    }

    static func set(_ name: String, _ value: Int, in transaction: any Transaction) throws {
        try transaction.run(
            """
            INSERT INTO state (name, value) VALUES (\(name), \(value))
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """)
    }
}
