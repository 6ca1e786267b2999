package import Storage

/// The tables of Accounts. Nothing in them opens anything: keys are sealed to passphrases, sessions and invitations that
/// are not stored. Frozen once shipped.
package enum AccountsSchema {
    package static let migrations = [
        Migration("accounts-0001", tables), Migration("accounts-0002", notices, isAddition: true),
    ]

    /// Addresses of mail, sealed; which items somebody was told of, as digests.
    private static let notices = [
        """
        CREATE TABLE notice_address (
            worker_id TEXT PRIMARY KEY REFERENCES worker (id),
            sealed BYTEA NOT NULL,
            language TEXT NOT NULL,
            known TEXT NOT NULL,
            sent_at BIGINT
        )
        """
    ]

    private static let tables = [
        """
        CREATE TABLE desk (
            id TEXT PRIMARY KEY,
            sealing_key BYTEA NOT NULL,
            opened_on TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE worker (
            id TEXT PRIMARY KEY,
            desk_id TEXT NOT NULL REFERENCES desk (id),
            sign_in_name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            leads BIGINT NOT NULL CHECK (leads IN (0, 1)),
            state TEXT NOT NULL CHECK (state IN ('active', 'suspended', 'dormant', 'closed')),
            salt BYTEA NOT NULL,
            proof BYTEA NOT NULL,
            opening_key BYTEA NOT NULL,
            sealing_key BYTEA NOT NULL,
            desk_key BYTEA,
            code_secret BYTEA NOT NULL,
            code_step BIGINT NOT NULL,
            joined_on TEXT NOT NULL,
            seen_on TEXT NOT NULL
        )
        """,
        "CREATE INDEX worker_by_desk ON worker (desk_id)",
        """
        CREATE TABLE recovery_code (
            worker_id TEXT NOT NULL REFERENCES worker (id),
            digest TEXT NOT NULL,
            PRIMARY KEY (worker_id, digest)
        )
        """,
        """
        CREATE TABLE invitation (
            digest TEXT PRIMARY KEY,
            desk_id TEXT NOT NULL,
            worker_id TEXT REFERENCES worker (id),
            role TEXT NOT NULL,
            leads BIGINT NOT NULL CHECK (leads IN (0, 1)),
            desk_key BYTEA,
            invited_by TEXT REFERENCES worker (id),
            begins_anew BIGINT NOT NULL CHECK (begins_anew IN (0, 1)),
            made_on TEXT NOT NULL,
            expires_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX invitation_by_desk ON invitation (desk_id)",
        """
        CREATE TABLE session (
            digest TEXT PRIMARY KEY,
            worker_id TEXT NOT NULL REFERENCES worker (id),
            opening_key BYTEA NOT NULL,
            began_at BIGINT NOT NULL,
            used_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX session_by_worker ON session (worker_id)",
        """
        CREATE TABLE known_device (
            digest TEXT NOT NULL,
            worker_id TEXT NOT NULL REFERENCES worker (id),
            first_on TEXT NOT NULL,
            last_on TEXT NOT NULL,
            PRIMARY KEY (digest, worker_id)
        )
        """,
        "CREATE INDEX known_device_by_worker ON known_device (worker_id)",
        """
        CREATE TABLE failed_sign_in (
            name TEXT NOT NULL,
            device TEXT NOT NULL,
            count BIGINT NOT NULL CHECK (count >= 0),
            wait_until BIGINT NOT NULL,
            PRIMARY KEY (name, device)
        )
        """,
    ]
}
