import Storage

/// The tables of referrals. What people say to each other stands in them only sealed; what is not sealed are days, states,
/// kinds of parts and which service was asked. Frozen once shipped.
enum ReferralSchema {
    static let migration = Migration("intake-0002", tables, isAddition: true)

    static let byAcceptance = "CREATE INDEX referral_by_acceptance ON referral (accepted_on, service_id)"

    private static let tables = [
        """
        CREATE TABLE referral (
            id TEXT PRIMARY KEY,
            file_id TEXT NOT NULL REFERENCES file (id),
            grant_id TEXT NOT NULL REFERENCES intake_grant (id),
            service_id TEXT NOT NULL,
            recipient_id TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT,
            place BIGINT CHECK (place BETWEEN 1 AND 9999),
            answer_days BIGINT NOT NULL CHECK (answer_days >= 1),
            sent_on TEXT NOT NULL,
            changed_on TEXT NOT NULL,
            accepted_on TEXT,
            refusal TEXT,
            outcome TEXT,
            helped TEXT
        )
        """,
        """
        CREATE UNIQUE INDEX referral_live ON referral (file_id, service_id)
        WHERE state IN ('requested', 'accepted', 'in-progress', 'on-hold')
        """,
        "CREATE INDEX referral_by_recipient ON referral (recipient_id, changed_on)",
        "CREATE INDEX referral_by_grant ON referral (grant_id)",
        "CREATE INDEX referral_waiting ON referral (sent_on) WHERE state = 'requested'",
        "CREATE INDEX referral_unanswered ON referral (changed_on) WHERE reason = 'no-response'",
        """
        CREATE TABLE referral_ask (
            id TEXT PRIMARY KEY,
            referral_id TEXT NOT NULL REFERENCES referral (id),
            kinds TEXT NOT NULL,
            asked_on TEXT NOT NULL,
            answered_on TEXT,
            grant_id TEXT REFERENCES intake_grant (id)
        )
        """,
        "CREATE INDEX referral_ask_by_referral ON referral_ask (referral_id)",
        "CREATE INDEX referral_ask_by_grant ON referral_ask (grant_id)",
        """
        CREATE TABLE message (
            id TEXT PRIMARY KEY,
            referral_id TEXT NOT NULL REFERENCES referral (id),
            number BIGINT NOT NULL,
            side TEXT NOT NULL CHECK (side IN ('person', 'recipient')),
            content BYTEA NOT NULL,
            sent_on TEXT NOT NULL,
            read_on TEXT,
            UNIQUE (referral_id, number)
        )
        """,
        """
        CREATE TABLE message_key (
            message_id TEXT NOT NULL REFERENCES message (id),
            holder TEXT NOT NULL,
            sealed BYTEA NOT NULL,
            PRIMARY KEY (message_id, holder)
        )
        """,
        """
        CREATE TABLE exclusion (
            id TEXT PRIMARY KEY,
            file_id TEXT NOT NULL REFERENCES file (id),
            label BYTEA NOT NULL
        )
        """,
        "CREATE INDEX exclusion_by_file ON exclusion (file_id)",
        """
        CREATE TABLE exclusion_mark (
            exclusion_id TEXT NOT NULL REFERENCES exclusion (id),
            mark TEXT NOT NULL,
            PRIMARY KEY (exclusion_id, mark)
        )
        """,
    ]
}
