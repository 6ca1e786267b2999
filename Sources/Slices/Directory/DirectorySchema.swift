package import Storage

/// The tables of the Directory: one per HSDS object, and what HSDS lacks: who may see a field, where a fact comes from,
/// translations and stewards. Frozen once shipped; a change is a new step.
package enum DirectorySchema {
    package static let migrations = [
        Migration("directory-0001", hsdsTables + ourTables),
        Migration("directory-0002", reviewTables),
        Migration("directory-0003", importTables),
        Migration("following-0001", followTables),
    ]

    /// Which record came from which file.
    private static let importTables = [
        """
        CREATE TABLE import_run (
            number BIGINT PRIMARY KEY,
            source TEXT NOT NULL,
            format TEXT NOT NULL,
            taken_at BIGINT NOT NULL,
            added BIGINT NOT NULL CHECK (added >= 0),
            changed BIGINT NOT NULL CHECK (changed >= 0),
            removed BIGINT NOT NULL CHECK (removed >= 0),
            rejected BIGINT NOT NULL CHECK (rejected >= 0)
        )
        """,
        """
        CREATE TABLE imported (
            record_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            source TEXT NOT NULL,
            digest BIGINT NOT NULL,
            whole BIGINT NOT NULL CHECK (whole IN (0, 1)),
            run BIGINT NOT NULL REFERENCES import_run (number),
            PRIMARY KEY (record_id, kind)
        )
        """,
        "CREATE INDEX imported_by_source_and_run ON imported (source, run)",
    ]

    private static let ourTables = [
        """
        CREATE TABLE source (
            key TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            author TEXT,
            published TEXT,
            licence TEXT,
            url TEXT
        )
        """,
        """
        CREATE TABLE audience (
            record_id TEXT NOT NULL,
            field TEXT NOT NULL,
            audience TEXT NOT NULL CHECK (audience IN ('public', 'partner', 'vetted', 'nobody')),
            PRIMARY KEY (record_id, field)
        )
        """,
        """
        CREATE TABLE fact (
            record_id TEXT NOT NULL,
            field TEXT NOT NULL,
            source TEXT,
            as_of TEXT,
            checked_on TEXT,
            checked_by TEXT,
            second_checked_on TEXT,
            second_checked_by TEXT,
            standing TEXT NOT NULL CHECK (standing IN ('reported', 'confirmed', 'conflict')),
            note TEXT,
            CHECK (second_checked_by IS NULL OR (checked_by IS NOT NULL AND second_checked_by <> checked_by)),
            CHECK (standing <> 'confirmed' OR second_checked_by IS NOT NULL),
            PRIMARY KEY (record_id, field)
        )
        """,
        """
        CREATE TABLE translation (
            record_id TEXT NOT NULL,
            field TEXT NOT NULL,
            language TEXT NOT NULL,
            text TEXT NOT NULL,
            standing TEXT NOT NULL CHECK (standing IN ('written', 'machine', 'reviewed')),
            PRIMARY KEY (record_id, field, language)
        )
        """,
        """
        CREATE TABLE steward (
            record_id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            permission TEXT NOT NULL CHECK (permission IN ('open', 'ask')),
            note TEXT
        )
        """,
    ]
}
