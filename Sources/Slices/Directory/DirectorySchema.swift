package import Storage

/// The tables of the Directory: one per HSDS object, and what HSDS lacks: who may see a field, where a fact comes from,
/// translations and stewards. Frozen once shipped; a change is a new step.
package enum DirectorySchema {
    package static let migrations = [
        Migration("directory-0001", hsdsTables + ourTables), Migration("directory-0002", reviewTables),
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
