import Storage

/// The tables of votes. A ballot is sealed and stands under a mark that names nobody; what is counted from ballots is kept
/// only as it may be published. Frozen once shipped.
enum VotesSchema {
    static let migrations = [
        Migration("landscape-votes-0001", tables, isAddition: true),
        Migration(
            "landscape-votes-0002",
            ["ALTER TABLE vote ADD COLUMN withdrawn TEXT", seats] + suppression + [forgotten, told]),
    ]

    private static let seats =
        "ALTER TABLE vote ADD COLUMN survivor_seats BIGINT NOT NULL DEFAULT 0 CHECK (survivor_seats >= 0)"

    /// What fewer than five answered, in all or (under ten, where there are parts) in one of the parts, is not kept any more.
    private static let suppression = [
        """
        DELETE FROM vote_tally WHERE voter_groups <> '' AND EXISTS (SELECT 1 FROM vote_tally AS told
            WHERE told.vote_id = vote_tally.vote_id AND told.voter_groups = '' AND told.number = vote_tally.number
                AND told.answered < 10)
        """,
        "DELETE FROM vote_tally WHERE voter_groups = '' AND answered < 5",
    ]

    /// Who was in the survivors' group is kept no longer than the count needs it.
    private static let forgotten = """
        UPDATE vote_voter SET voter_group = ''
        WHERE EXISTS (SELECT 1 FROM vote WHERE id = vote_voter.vote_id AND outcome IS NOT NULL)
        """

    /// What the documents of a scan are made of (`Landscape.newest`), found at once however many ballots came since.
    private static let told = """
        CREATE INDEX audit_of_documents ON audit (number)
        WHERE kind IN ('scan', 'finding', 'workshop', 'priority', 'vote', 'action', 'organization') AND verb <> 'vote'
        """

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
