package import Storage

/// The tables of Intake. Content and keys stand in them only sealed; what is not sealed are days, kinds of parts, and who may
/// read what. Frozen once shipped.
package enum IntakeSchema {
    package static let migrations = [
        Migration("intake-0001", tables, isAddition: true), ReferralSchema.migration,
        Migration("intake-0003", forms, isAddition: true), Migration("intake-0004", documents, isAddition: true),
        Migration("intake-0005", [ReferralSchema.byAcceptance], isAddition: true),
        FollowUpStore.migration,
    ]

    /// Forms of beginning and opening that were used; without their file once that is gone.
    private static let forms = [
        """
        CREATE TABLE used_form (
            digest TEXT PRIMARY KEY,
            file_id TEXT,
            used_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX used_form_by_file ON used_form (file_id)",
        "CREATE INDEX used_form_by_use ON used_form (used_at)",
    ]

    /// The bytes of documents, apart from their parts: a file is shown without reading them.
    private static let documents = [
        """
        CREATE TABLE document (
            part_id TEXT PRIMARY KEY REFERENCES part (id),
            content BYTEA NOT NULL
        )
        """
    ]

    private static let tables = [
        """
        CREATE TABLE intake_mark (
            name TEXT PRIMARY KEY,
            mark TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE file (
            id TEXT PRIMARY KEY,
            locator TEXT NOT NULL UNIQUE,
            salt BYTEA NOT NULL,
            opening_key BYTEA NOT NULL,
            sealing_key BYTEA NOT NULL,
            begun_on TEXT NOT NULL,
            seen_on TEXT NOT NULL,
            announced_on TEXT,
            emptied_on TEXT
        )
        """,
        "CREATE INDEX file_by_visit ON file (seen_on) WHERE announced_on IS NULL",
        "CREATE INDEX file_by_notice ON file (announced_on) WHERE announced_on IS NOT NULL",
        "CREATE INDEX file_emptied ON file (emptied_on) WHERE emptied_on IS NOT NULL",
        """
        CREATE TABLE part (
            id TEXT PRIMARY KEY,
            file_id TEXT NOT NULL REFERENCES file (id),
            kind TEXT NOT NULL,
            version BIGINT NOT NULL CHECK (version >= 1),
            content BYTEA NOT NULL,
            changed_on TEXT NOT NULL
        )
        """,
        "CREATE INDEX part_by_file ON part (file_id)",
        "CREATE UNIQUE INDEX part_by_kind ON part (file_id, kind) WHERE kind <> 'document'",
        """
        CREATE TABLE part_key (
            part_id TEXT NOT NULL REFERENCES part (id),
            holder TEXT NOT NULL,
            sealed BYTEA NOT NULL,
            PRIMARY KEY (part_id, holder)
        )
        """,
        """
        CREATE TABLE intake_grant (
            id TEXT PRIMARY KEY,
            file_id TEXT NOT NULL REFERENCES file (id),
            recipient_id TEXT NOT NULL,
            purpose TEXT NOT NULL,
            sealing_key BYTEA NOT NULL,
            mark BYTEA NOT NULL,
            given_on TEXT NOT NULL,
            ends_on TEXT NOT NULL,
            ended_on TEXT
        )
        """,
        "CREATE INDEX intake_grant_by_file ON intake_grant (file_id)",
        "CREATE INDEX intake_grant_by_recipient ON intake_grant (recipient_id) WHERE ended_on IS NULL",
        "CREATE INDEX intake_grant_by_end ON intake_grant (ends_on) WHERE ended_on IS NULL",
        """
        CREATE TABLE grant_part (
            grant_id TEXT NOT NULL REFERENCES intake_grant (id),
            part_id TEXT NOT NULL,
            PRIMARY KEY (grant_id, part_id)
        )
        """,
        "CREATE INDEX grant_part_by_part ON grant_part (part_id)",
        """
        CREATE TABLE reading (
            id TEXT PRIMARY KEY,
            file_id TEXT NOT NULL REFERENCES file (id),
            part_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            recipient_id TEXT NOT NULL,
            worker TEXT NOT NULL,
            role TEXT NOT NULL,
            read_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX reading_by_file ON reading (file_id)",
        """
        CREATE TABLE person_session (
            digest TEXT PRIMARY KEY,
            file_id TEXT NOT NULL REFERENCES file (id),
            opening_key BYTEA NOT NULL,
            began_at BIGINT NOT NULL,
            used_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX person_session_by_file ON person_session (file_id)",
        "CREATE INDEX person_session_by_use ON person_session (used_at)",
    ]
}
