import Storage

/// The tables of initiatives. Frozen once shipped.
enum InitiativesSchema {
    static let migrations = [
        Migration("landscape-initiatives-0001", tables, isAddition: true),
        Migration("landscape-initiatives-0002", spaces, isAddition: true),
    ]

    /// Which desks take part besides the one that keeps it, and what they say to each other; with an owner it is a step.
    private static let spaces = [
        """
        CREATE TABLE initiative_desk (
            initiative_id TEXT NOT NULL REFERENCES initiative (id),
            desk TEXT NOT NULL,
            since TEXT NOT NULL,
            PRIMARY KEY (initiative_id, desk)
        )
        """,
        "CREATE INDEX initiative_desk_by_desk ON initiative_desk (desk, initiative_id)",
        """
        CREATE TABLE initiative_note (
            id TEXT PRIMARY KEY,
            initiative_id TEXT NOT NULL REFERENCES initiative (id),
            number BIGINT NOT NULL,
            desk TEXT NOT NULL,
            at BIGINT NOT NULL,
            body TEXT NOT NULL CHECK (body <> ''),
            owner TEXT,
            due_on TEXT,
            done_on TEXT,
            CHECK (owner IS NOT NULL OR (due_on IS NULL AND done_on IS NULL))
        )
        """,
        "CREATE INDEX initiative_note_by_number ON initiative_note (initiative_id, number)",
        "CREATE INDEX initiative_note_by_owner ON initiative_note (owner) WHERE done_on IS NULL",
    ]

    private static let tables = [
        """
        CREATE TABLE initiative (
            id TEXT PRIMARY KEY,
            desk TEXT NOT NULL,
            version BIGINT NOT NULL CHECK (version >= 0),
            confirmed_on TEXT,
            confirmed_by TEXT,
            withdrawn_on TEXT,
            withdrawn_by TEXT,
            withdrawn_reason TEXT,
            CHECK (version > 0 OR confirmed_on IS NULL),
            CHECK ((confirmed_on IS NULL) = (confirmed_by IS NULL)),
            CHECK ((withdrawn_on IS NULL) = (withdrawn_by IS NULL)),
            CHECK ((withdrawn_on IS NULL) = (withdrawn_reason IS NULL))
        )
        """,
        """
        CREATE TABLE initiative_field (
            initiative_id TEXT NOT NULL REFERENCES initiative (id),
            field TEXT NOT NULL,
            body TEXT NOT NULL CHECK (body <> ''),
            PRIMARY KEY (initiative_id, field)
        )
        """,
        """
        CREATE TABLE initiative_proposal (
            id TEXT PRIMARY KEY,
            initiative_id TEXT NOT NULL REFERENCES initiative (id),
            desk TEXT NOT NULL,
            at BIGINT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'refused', 'replaced')),
            reason TEXT,
            decided_at BIGINT,
            CHECK (state <> 'refused' OR reason IS NOT NULL),
            CHECK ((state = 'open') = (decided_at IS NULL))
        )
        """,
        "CREATE INDEX initiative_proposal_by_initiative ON initiative_proposal (initiative_id, desk)",
        """
        CREATE TABLE initiative_proposed (
            proposal_id TEXT NOT NULL REFERENCES initiative_proposal (id),
            field TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (proposal_id, field)
        )
        """,
    ]
}
