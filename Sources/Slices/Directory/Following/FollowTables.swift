/// Frozen: what follows other feeds. Times are UTC seconds, 0 for never.
let followTables = [
    """
    CREATE TABLE node (
        number BIGINT PRIMARY KEY CHECK (number = 1),
        id TEXT NOT NULL CHECK (length(id) = 36)
    )
    """,
    """
    CREATE TABLE follow (
        source TEXT PRIMARY KEY CHECK (length(source) > 0),
        url TEXT NOT NULL UNIQUE CHECK (length(url) > 0),
        every BIGINT NOT NULL CHECK (every >= 60),
        inside BIGINT NOT NULL CHECK (inside IN (0, 1)),
        node TEXT CHECK (length(node) = 36),
        started_at BIGINT NOT NULL,
        next_at BIGINT NOT NULL,
        since_at BIGINT NOT NULL,
        whole_at BIGINT NOT NULL,
        taken_at BIGINT NOT NULL,
        taken BIGINT NOT NULL,
        fault TEXT,
        failures BIGINT NOT NULL CHECK (failures >= 0),
        lease TEXT NOT NULL,
        lease_until BIGINT NOT NULL
    )
    """,
    """
    CREATE TABLE followed (
        record_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        node TEXT NOT NULL CHECK (length(node) = 36),
        PRIMARY KEY (record_id, kind)
    )
    """,
]
