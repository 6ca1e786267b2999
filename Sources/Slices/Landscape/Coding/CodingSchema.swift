import Storage

/// The tables of coding. Ids within a study are the GUIDs of REFI-QDA: the same project may be read into two studies. Frozen
/// once shipped.
enum CodingSchema {
    static let migrations = [
        Migration("landscape-coding-0001", tables, isAddition: true),
        Migration("landscape-coding-0002", formKeys),
        Migration("landscape-coding-0003", positionsAndReopened, isAddition: true),
    ]

    /// What a side of a contested finding said before, or why it was erased; and which texts somebody was done with and went on
    /// in.
    private static let positionsAndReopened = [
        """
        CREATE TABLE finding_position_change (
            finding_id TEXT NOT NULL REFERENCES finding (id),
            number BIGINT NOT NULL,
            position_number BIGINT NOT NULL,
            at BIGINT NOT NULL,
            actor TEXT NOT NULL,
            desk TEXT,
            author TEXT,
            dated TEXT,
            source TEXT,
            wording TEXT,
            reason TEXT,
            PRIMARY KEY (finding_id, number),
            CHECK ((wording IS NULL) = (reason IS NOT NULL))
        )
        """,
        """
        CREATE TABLE coding_reopened (
            study_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            coder_id TEXT NOT NULL,
            PRIMARY KEY (study_id, source_id, coder_id),
            FOREIGN KEY (study_id, source_id) REFERENCES coding_source (study_id, id),
            FOREIGN KEY (study_id, coder_id) REFERENCES coding_coder (study_id, id)
        )
        """,
    ]

    /// So that a form sent twice adds one study or one text.
    private static let formKeys = [
        "ALTER TABLE coding_study ADD COLUMN form_key TEXT",
        "CREATE UNIQUE INDEX coding_study_by_form ON coding_study (form_key)",
        "ALTER TABLE coding_source ADD COLUMN form_key TEXT",
        "CREATE UNIQUE INDEX coding_source_by_form ON coding_source (study_id, form_key)",
    ]

    private static let tables = [
        """
        CREATE TABLE coding_study (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            origin TEXT,
            opened_on TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE coding_coder (
            study_id TEXT NOT NULL REFERENCES coding_study (id),
            id TEXT NOT NULL,
            place BIGINT NOT NULL,
            name TEXT NOT NULL,
            worker_id TEXT,
            PRIMARY KEY (study_id, id),
            UNIQUE (study_id, worker_id)
        )
        """,
        """
        CREATE TABLE coding_code (
            study_id TEXT NOT NULL REFERENCES coding_study (id),
            id TEXT NOT NULL,
            place BIGINT NOT NULL,
            parent_id TEXT,
            name TEXT NOT NULL,
            definition TEXT NOT NULL,
            when_to_use TEXT NOT NULL,
            when_not TEXT NOT NULL,
            example TEXT NOT NULL,
            color TEXT,
            is_codable BIGINT NOT NULL CHECK (is_codable IN (0, 1)),
            retired_on TEXT,
            merged_into TEXT,
            version BIGINT NOT NULL,
            PRIMARY KEY (study_id, id),
            FOREIGN KEY (study_id, parent_id) REFERENCES coding_code (study_id, id),
            FOREIGN KEY (study_id, merged_into) REFERENCES coding_code (study_id, id),
            CHECK (parent_id IS NULL OR parent_id <> id),
            CHECK (merged_into IS NULL OR merged_into <> id AND retired_on IS NOT NULL)
        )
        """,
        """
        CREATE TABLE coding_source (
            study_id TEXT NOT NULL REFERENCES coding_study (id),
            id TEXT NOT NULL,
            place BIGINT NOT NULL,
            name TEXT NOT NULL,
            description TEXT,
            content TEXT NOT NULL,
            length BIGINT NOT NULL,
            coder_id TEXT,
            made TEXT,
            PRIMARY KEY (study_id, id)
        )
        """,
        """
        CREATE TABLE coding_done (
            study_id TEXT NOT NULL,
            source_id TEXT NOT NULL,
            coder_id TEXT NOT NULL,
            finished_on TEXT NOT NULL,
            PRIMARY KEY (study_id, source_id, coder_id),
            FOREIGN KEY (study_id, source_id) REFERENCES coding_source (study_id, id),
            FOREIGN KEY (study_id, coder_id) REFERENCES coding_coder (study_id, id)
        )
        """,
        """
        CREATE TABLE coding_highlight (
            study_id TEXT NOT NULL,
            id TEXT NOT NULL,
            place BIGINT NOT NULL,
            source_id TEXT NOT NULL,
            coder_id TEXT,
            start_at BIGINT NOT NULL CHECK (start_at >= 0),
            end_at BIGINT NOT NULL,
            name TEXT,
            memo TEXT,
            made TEXT,
            PRIMARY KEY (study_id, id),
            FOREIGN KEY (study_id, source_id) REFERENCES coding_source (study_id, id),
            CHECK (end_at > start_at)
        )
        """,
        "CREATE INDEX coding_highlight_by_source ON coding_highlight (study_id, source_id, start_at, id)",
        """
        CREATE TABLE coding_mark (
            study_id TEXT NOT NULL,
            id TEXT NOT NULL,
            place BIGINT NOT NULL,
            highlight_id TEXT NOT NULL,
            code_id TEXT NOT NULL,
            coder_id TEXT,
            made TEXT,
            PRIMARY KEY (study_id, id),
            FOREIGN KEY (study_id, highlight_id) REFERENCES coding_highlight (study_id, id),
            FOREIGN KEY (study_id, code_id) REFERENCES coding_code (study_id, id)
        )
        """,
        "CREATE INDEX coding_mark_by_highlight ON coding_mark (study_id, highlight_id, place)",
        "CREATE INDEX coding_mark_by_code ON coding_mark (study_id, code_id)",
        """
        CREATE TABLE coding_note (
            study_id TEXT NOT NULL REFERENCES coding_study (id),
            id TEXT NOT NULL,
            place BIGINT NOT NULL,
            name TEXT NOT NULL,
            content TEXT NOT NULL,
            coder_id TEXT,
            made TEXT,
            PRIMARY KEY (study_id, id)
        )
        """,
        """
        CREATE TABLE coding_note_link (
            study_id TEXT NOT NULL,
            owner_id TEXT NOT NULL,
            note_id TEXT NOT NULL,
            place BIGINT NOT NULL,
            PRIMARY KEY (study_id, owner_id, note_id),
            FOREIGN KEY (study_id, note_id) REFERENCES coding_note (study_id, id)
        )
        """,
        """
        CREATE TABLE remark (
            id TEXT PRIMARY KEY,
            subject TEXT NOT NULL CHECK (subject IN ('source', 'highlight', 'finding')),
            study_id TEXT REFERENCES coding_study (id),
            subject_id TEXT NOT NULL,
            worker_id TEXT NOT NULL,
            author TEXT NOT NULL,
            wording TEXT NOT NULL,
            made_on TEXT NOT NULL,
            resolved_on TEXT,
            CHECK ((subject = 'finding') = (study_id IS NULL))
        )
        """,
        "CREATE INDEX remark_by_subject ON remark (subject_id, made_on, id)",
        "CREATE INDEX remark_open ON remark (subject_id) WHERE resolved_on IS NULL",
    ]
}
