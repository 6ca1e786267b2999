import Storage

/// Workshops and what their groups wrote. While one is open a note knows the digest of its phone, so that it can be changed
/// there; closing takes that away, and with it all that tells which notes came from one hand. Frozen once shipped.
enum WorkshopSchema {
    static let migrations = [
        Migration("landscape-workshops-0001", tables, isAddition: true),
        Migration("landscape-workshops-0002", indexes),
    ]

    /// What counts and pages of notes are read by.
    private static let indexes = [
        "CREATE INDEX workshop_note_there ON workshop_note (workshop_id, number) WHERE wording IS NOT NULL"
    ]

    private static let tables = [
        """
        CREATE TABLE workshop (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            held_on TEXT NOT NULL,
            venue TEXT NOT NULL,
            starts_at BIGINT NOT NULL CHECK (starts_at BETWEEN 0 AND 1439),
            join_code TEXT UNIQUE,
            room TEXT UNIQUE,
            latest BIGINT NOT NULL,
            changed BIGINT NOT NULL,
            absent TEXT NOT NULL,
            form_key TEXT NOT NULL UNIQUE
        )
        """,
        """
        CREATE TABLE workshop_group (
            workshop_id TEXT NOT NULL REFERENCES workshop (id),
            number BIGINT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (workshop_id, number)
        )
        """,
        """
        CREATE TABLE workshop_item (
            workshop_id TEXT NOT NULL REFERENCES workshop (id),
            part TEXT NOT NULL,
            minutes BIGINT NOT NULL CHECK (minutes > 0),
            started_at BIGINT,
            ended_at BIGINT,
            PRIMARY KEY (workshop_id, part)
        )
        """,
        """
        CREATE TABLE workshop_phone (
            digest TEXT PRIMARY KEY,
            workshop_id TEXT NOT NULL REFERENCES workshop (id),
            group_number BIGINT NOT NULL
        )
        """,
        "CREATE INDEX workshop_phone_by_workshop ON workshop_phone (workshop_id)",
        """
        CREATE TABLE workshop_note (
            id TEXT PRIMARY KEY,
            workshop_id TEXT NOT NULL REFERENCES workshop (id),
            number BIGINT NOT NULL,
            group_number BIGINT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('existing', 'gap', 'barrier', 'opportunity')),
            focus TEXT NOT NULL CHECK (focus IN ('prevention', 'intervention', 'survivor_supports')),
            place TEXT,
            wording TEXT,
            language TEXT NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('phone', 'paper')),
            phone TEXT REFERENCES workshop_phone (digest),
            form_key TEXT UNIQUE,
            finding_id TEXT,
            UNIQUE (workshop_id, number)
        )
        """,
        "CREATE INDEX workshop_note_by_phone ON workshop_note (phone)",
    ]
}
