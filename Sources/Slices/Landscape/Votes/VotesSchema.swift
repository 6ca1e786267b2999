import Storage

/// The tables of votes. A ballot is sealed and stands under a mark that names nobody; what is counted from ballots is kept
/// only as it may be published. Frozen once shipped.
enum VotesSchema {
    static let migrations = [Migration("landscape-votes-0001", tables, isAddition: true)]

    private static let tables = [
        """
        CREATE TABLE priority (
            id TEXT PRIMARY KEY,
            focus TEXT NOT NULL,
            theme TEXT NOT NULL,
            body TEXT NOT NULL,
            votes BIGINT CHECK (votes >= 0),
            votes_note TEXT,
            part TEXT NOT NULL,
            document TEXT NOT NULL,
            section TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE priority_theme (
            theme TEXT NOT NULL,
            priority_id TEXT NOT NULL REFERENCES priority (id),
            PRIMARY KEY (theme, priority_id)
        )
        """,
        """
        CREATE TABLE vote (
            id TEXT PRIMARY KEY,
            question TEXT NOT NULL,
            points BIGINT NOT NULL CHECK (points BETWEEN 1 AND 10000),
            opens_at BIGINT NOT NULL,
            closes_at BIGINT NOT NULL CHECK (closes_at > opens_at),
            key_mark TEXT NOT NULL,
            form TEXT NOT NULL UNIQUE,
            outcome TEXT CHECK (outcome IN ('counted', 'too-few')),
            ballots BIGINT
        )
        """,
        """
        CREATE TABLE vote_option (
            vote_id TEXT NOT NULL REFERENCES vote (id),
            number BIGINT NOT NULL,
            body TEXT NOT NULL,
            linked TEXT,
            PRIMARY KEY (vote_id, number)
        )
        """,
        """
        CREATE TABLE vote_voter (
            vote_id TEXT NOT NULL REFERENCES vote (id),
            worker TEXT NOT NULL,
            desk TEXT NOT NULL,
            voter_group TEXT NOT NULL,
            PRIMARY KEY (vote_id, worker)
        )
        """,
        """
        CREATE TABLE ballot (
            vote_id TEXT NOT NULL REFERENCES vote (id),
            mark TEXT NOT NULL,
            sealed BYTEA NOT NULL,
            PRIMARY KEY (vote_id, mark)
        )
        """,
        """
        CREATE TABLE vote_tally (
            vote_id TEXT NOT NULL REFERENCES vote (id),
            voter_groups TEXT NOT NULL,
            number BIGINT NOT NULL,
            points BIGINT NOT NULL,
            answered BIGINT,
            PRIMARY KEY (vote_id, voter_groups, number)
        )
        """,
    ]
}
