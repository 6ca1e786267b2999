/// The second step of the schema, frozen: what keeps listings true. `record_id` may be of any kind, so it is no foreign key.
let reviewTables = [
    "CREATE INDEX metadata_by_resource_id ON metadata (resource_id) WHERE resource_id IS NOT NULL",
    """
    CREATE TABLE proposal (
        id TEXT PRIMARY KEY CHECK (length(id) = 36),
        kind TEXT NOT NULL CHECK (length(kind) > 0),
        record_id TEXT NOT NULL CHECK (length(record_id) = 36),
        field TEXT NOT NULL,
        topic TEXT NOT NULL CHECK (topic IN ('value', 'hours', 'languages', 'note', 'number', 'moved', 'closed',
            'unsafe', 'other', 'dead-link', 'duplicate')),
        value_then TEXT,
        proposed TEXT,
        origin TEXT NOT NULL CHECK (origin IN ('provider', 'visitor', 'import', 'link-check', 'duplicate')),
        note TEXT CHECK (length(note) <= 1000),
        receipt TEXT UNIQUE CHECK (length(receipt) = 64),
        state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'refused', 'superseded')),
        reply TEXT,
        received_on TEXT NOT NULL CHECK (length(received_on) = 10),
        decided_on TEXT,
        decided_by TEXT,
        CHECK ((topic = 'value') = (length(field) > 0)),
        CHECK ((state = 'open') = (decided_on IS NULL)),
        CHECK ((decided_on IS NULL) = (decided_by IS NULL))
    )
    """,
    "CREATE INDEX proposal_by_record_id ON proposal (record_id)",
    "CREATE INDEX proposal_by_state ON proposal (state, received_on, id)",
    """
    CREATE TABLE ask_link (
        digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
        organization_id TEXT REFERENCES organization (id) ON DELETE CASCADE,
        service_id TEXT REFERENCES service (id) ON DELETE CASCADE,
        asked_on TEXT NOT NULL,
        asked_by TEXT NOT NULL,
        expires_at BIGINT NOT NULL,
        used_on TEXT,
        CHECK ((organization_id IS NULL) <> (service_id IS NULL))
    )
    """,
    "CREATE INDEX ask_link_by_organization_id ON ask_link (organization_id) WHERE organization_id IS NOT NULL",
    "CREATE INDEX ask_link_by_service_id ON ask_link (service_id) WHERE service_id IS NOT NULL",
    """
    CREATE TABLE tombstone (
        record_id TEXT PRIMARY KEY CHECK (length(record_id) = 36),
        kind TEXT NOT NULL CHECK (length(kind) > 0),
        removed_on TEXT NOT NULL CHECK (length(removed_on) = 10),
        reason TEXT NOT NULL CHECK (reason IN ('removed', 'merged')),
        into_id TEXT CHECK (length(into_id) = 36),
        audience TEXT NOT NULL CHECK (audience IN ('public', 'partner', 'vetted', 'nobody')),
        CHECK ((reason = 'merged') = (into_id IS NOT NULL)),
        CHECK (into_id <> record_id)
    )
    """,
    "CREATE INDEX tombstone_by_into_id ON tombstone (into_id) WHERE into_id IS NOT NULL",
    """
    CREATE TABLE link_check (
        url TEXT PRIMARY KEY CHECK (length(url) > 0),
        checked_on TEXT NOT NULL CHECK (length(checked_on) = 10),
        status TEXT NOT NULL,
        failures BIGINT NOT NULL CHECK (failures >= 0)
    )
    """,
]
