import Storage

/// The tables of scans and their findings. Frozen once shipped.
enum ScanSchema {
    static let migrations = [
        Migration("landscape-scan-0001", tables, isAddition: true),
        Migration("landscape-scan-0002", corrections, isAddition: true),
        Migration(
            "landscape-scan-0003", ["CREATE INDEX finding_by_kind ON finding (scan_id, state, kind, id)"] + harm,
            isAddition: true),
    ]

    /// Who looked whether it could harm a small community, and whether it is about one that no place names.
    private static let harm = [
        "ALTER TABLE finding ADD COLUMN is_small BIGINT NOT NULL DEFAULT 0 CHECK (is_small IN (0, 1))",
        "ALTER TABLE finding ADD COLUMN review TEXT",
    ]

    /// Whose draft it is, and what was changed once it was seen. Rows of the second are only added.
    private static let corrections = [
        """
        CREATE TABLE finding_desk (
            finding_id TEXT PRIMARY KEY REFERENCES finding (id),
            desk TEXT NOT NULL
        )
        """,
        "CREATE INDEX finding_desk_by_desk ON finding_desk (desk, finding_id)",
        """
        CREATE TABLE finding_change (
            finding_id TEXT NOT NULL REFERENCES finding (id),
            number BIGINT NOT NULL,
            at BIGINT NOT NULL,
            actor TEXT NOT NULL,
            desk TEXT,
            field TEXT NOT NULL,
            before_text TEXT NOT NULL,
            after_text TEXT NOT NULL,
            PRIMARY KEY (finding_id, number)
        )
        """,
    ]

    private static let tables = [
        """
        CREATE TABLE scan (
            id TEXT PRIMARY KEY,
            code TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            published TEXT NOT NULL,
            is_baseline BIGINT NOT NULL CHECK (is_baseline IN (0, 1)),
            digest TEXT
        )
        """,
        "CREATE UNIQUE INDEX scan_baseline ON scan (is_baseline) WHERE is_baseline = 1",
        """
        CREATE TABLE finding (
            id TEXT PRIMARY KEY,
            scan_id TEXT NOT NULL REFERENCES scan (id),
            code TEXT NOT NULL,
            number BIGINT NOT NULL,
            focus TEXT NOT NULL CHECK (focus IN ('prevention', 'intervention', 'survivor_supports')),
            theme TEXT NOT NULL,
            subtheme TEXT,
            kind TEXT NOT NULL CHECK (kind IN ('existing', 'gap', 'barrier', 'opportunity')),
            wording TEXT NOT NULL,
            language TEXT NOT NULL,
            document TEXT NOT NULL,
            table_number BIGINT,
            table_title TEXT,
            section TEXT,
            printed_under TEXT,
            flag TEXT,
            is_contested BIGINT NOT NULL CHECK (is_contested IN (0, 1)),
            state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'merged', 'withdrawn')),
            merged_into TEXT REFERENCES finding (id),
            continues TEXT REFERENCES finding (id),
            origin TEXT NOT NULL CHECK (origin IN ('baseline', 'workshop', 'coding', 'entry', 'file')),
            origin_id TEXT,
            made_on TEXT NOT NULL,
            UNIQUE (scan_id, code),
            CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
            CHECK (merged_into IS NULL OR merged_into <> id)
        )
        """,
        "CREATE INDEX finding_by_number ON finding (scan_id, number)",
        "CREATE INDEX finding_by_cell ON finding (scan_id, state, focus, theme, kind, number, id)",
        "CREATE INDEX finding_by_merged ON finding (merged_into) WHERE merged_into IS NOT NULL",
        "CREATE INDEX finding_by_continued ON finding (continues) WHERE continues IS NOT NULL",
        "CREATE INDEX finding_by_origin ON finding (origin_id) WHERE origin_id IS NOT NULL",
        """
        CREATE TABLE finding_fact (
            finding_id TEXT NOT NULL REFERENCES finding (id),
            number BIGINT NOT NULL,
            wording TEXT NOT NULL,
            PRIMARY KEY (finding_id, number)
        )
        """,
        """
        CREATE TABLE finding_place (
            finding_id TEXT NOT NULL REFERENCES finding (id),
            place TEXT NOT NULL,
            PRIMARY KEY (finding_id, place)
        )
        """,
        "CREATE INDEX finding_place_by_place ON finding_place (place, finding_id)",
        """
        CREATE TABLE finding_need (
            finding_id TEXT NOT NULL REFERENCES finding (id),
            need TEXT NOT NULL,
            PRIMARY KEY (finding_id, need)
        )
        """,
        "CREATE INDEX finding_need_by_need ON finding_need (need, finding_id)",
        """
        CREATE TABLE finding_position (
            finding_id TEXT NOT NULL REFERENCES finding (id),
            number BIGINT NOT NULL,
            author TEXT NOT NULL,
            dated TEXT,
            source TEXT NOT NULL,
            wording TEXT NOT NULL,
            PRIMARY KEY (finding_id, number)
        )
        """,
    ]
}
