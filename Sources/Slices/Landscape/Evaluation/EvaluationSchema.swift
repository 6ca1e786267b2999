import Storage

/// The tables of evaluation. Frozen once shipped.
enum EvaluationSchema {
    static let migrations = [Migration("landscape-evaluation-0001", tables, isAddition: true)]

    private static let tables = [
        """
        CREATE TABLE indicator (
            id TEXT PRIMARY KEY,
            number BIGINT NOT NULL UNIQUE,
            version BIGINT NOT NULL CHECK (version >= 1)
        )
        """,
        """
        CREATE TABLE indicator_field (
            indicator_id TEXT NOT NULL REFERENCES indicator (id),
            field TEXT NOT NULL,
            body TEXT NOT NULL CHECK (body <> ''),
            PRIMARY KEY (indicator_id, field)
        )
        """,
        """
        CREATE TABLE measurement (
            id TEXT PRIMARY KEY,
            indicator_id TEXT NOT NULL REFERENCES indicator (id),
            on_day TEXT NOT NULL,
            value_text TEXT,
            out_of TEXT,
            is_reached BIGINT CHECK (is_reached IN (0, 1)),
            reach TEXT CHECK (reach IN ('one', 'some', 'many')),
            body TEXT NOT NULL,
            source TEXT NOT NULL,
            uses TEXT NOT NULL,
            agreed_on TEXT,
            desk TEXT NOT NULL,
            at BIGINT NOT NULL,
            is_withdrawn BIGINT NOT NULL CHECK (is_withdrawn IN (0, 1)),
            reason TEXT,
            CHECK (uses = '' OR agreed_on IS NOT NULL),
            CHECK (is_withdrawn = 0 OR agreed_on IS NULL OR (body = '' AND source = '' AND uses = ''))
        )
        """,
        "CREATE INDEX measurement_by_indicator ON measurement (indicator_id, on_day)",
        """
        CREATE TABLE indicator_change (
            indicator_id TEXT NOT NULL REFERENCES indicator (id),
            number BIGINT NOT NULL,
            at BIGINT NOT NULL,
            actor TEXT NOT NULL,
            desk TEXT NOT NULL,
            what TEXT NOT NULL,
            before_text TEXT NOT NULL,
            after_text TEXT NOT NULL,
            PRIMARY KEY (indicator_id, number)
        )
        """,
    ]
}
