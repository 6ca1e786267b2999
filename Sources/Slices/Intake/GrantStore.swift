import Kernel
import Sealing
import Storage

/// Rows of grants, readings and what retention looks at. SQL only.
extension IntakeStore {
    // MARK: Grants

    func grants(of file: Identifier<PersonFile>) throws -> [StoredGrant] {
        try grants("SELECT * FROM intake_grant WHERE file_id = \(file) ORDER BY given_on, id")
    }

    func grant(_ id: Identifier<Grant>) throws -> StoredGrant? {
        try grants("SELECT * FROM intake_grant WHERE id = \(id)").first
    }

    func liveGrants(to recipient: Identifier<Recipient>, on day: Day) throws -> [StoredGrant] {
        try grants(
            """
            SELECT * FROM intake_grant WHERE recipient_id = \(recipient) AND ended_on IS NULL AND ends_on >= \(day)
            ORDER BY given_on DESC, id
            """)
    }

    private func grants(_ statement: SQL) throws -> [StoredGrant] {
        let rows = try transaction.rows(statement)
        let ids = try rows.map { try $0.text("id") }
        var parts: [String: Set<Identifier<Part>>] = [:]
        for row in try transaction.rows("SELECT grant_id, part_id FROM grant_part WHERE grant_id IN (\(list: ids))") {
            parts[try row.text("grant_id"), default: []].insert(try row.identifier("part_id"))
        }
        return try rows.map { try Self.grant($0, parts[try $0.text("id")] ?? []) }
    }

    private static func grant(_ row: Row, _ parts: Set<Identifier<Part>>) throws -> StoredGrant {
        guard let purpose = Purpose(rawValue: try row.text("purpose")), let givenOn = row.day("given_on"),
            let endsOn = row.day("ends_on")
        else { throw StorageFailure.unexpectedColumn("intake_grant") }
        let grant = Grant(
            id: try row.identifier("id"), file: try row.identifier("file_id"),
            recipient: try row.identifier("recipient_id"), parts: parts, purpose: purpose, givenOn: givenOn,
            endsOn: endsOn, endedOn: row.day("ended_on"))
        return StoredGrant(grant, SealingKey(try row.bytes("sealing_key")), mark: try row.bytes("mark"))
    }

    func write(_ stored: StoredGrant) throws {
        let grant = stored.grant
        try transaction.run(
            """
            INSERT INTO intake_grant (id, file_id, recipient_id, purpose, sealing_key, mark, given_on, ends_on)
            VALUES (\(grant.id), \(grant.file), \(grant.recipient), \(grant.purpose.rawValue),
                \(stored.sealingKey.bytes), \(stored.mark), \(grant.givenOn), \(grant.endsOn))
            """)
        for part in grant.parts {
            try transaction.run("INSERT INTO grant_part (grant_id, part_id) VALUES (\(grant.id), \(part))")
        }
    }

    /// Ends a grant, at the latest on its last day, and takes away what only it gave. The mark goes too, so that the row alone is no consent again.
    func end(_ grant: Grant, on today: Day) throws {
        try transaction.run(
            """
            UPDATE intake_grant SET ended_on = \(min(today, grant.endsOn)), mark = \([UInt8]())
            WHERE id = \(grant.id) AND ended_on IS NULL
            """)
        try FollowUpStore(transaction).remove(grant.id)
        for part in grant.parts {
            try transaction.run(
                """
                DELETE FROM part_key WHERE part_id = \(part) AND holder = \(grant.recipient)
                    AND NOT EXISTS (
                        SELECT 1 FROM grant_part JOIN intake_grant ON intake_grant.id = grant_part.grant_id
                        WHERE grant_part.part_id = \(part) AND intake_grant.recipient_id = \(grant.recipient)
                            AND intake_grant.ended_on IS NULL AND intake_grant.ends_on >= \(today)
                    )
                """)
        }
    }

    /// Grants whose last day is before `day` and that nobody ended.
    func grantsOver(on day: Day) throws -> [StoredGrant] {
        try grants("SELECT * FROM intake_grant WHERE ended_on IS NULL AND ends_on < \(day) ORDER BY ends_on LIMIT 500")
    }

    // MARK: Readings

    func write(_ reading: Reading, of file: Identifier<PersonFile>, worker: String) throws {
        try transaction.run(
            """
            INSERT INTO reading (id, file_id, part_id, kind, recipient_id, worker, role, read_at)
            VALUES (\(reading.id), \(file), \(reading.part), \(reading.kind.rawValue), \(reading.recipient), \(worker),
                \(reading.role), \(reading.at))
            """)
    }

    func readings(of file: Identifier<PersonFile>) throws -> [Reading] {
        try transaction.rows("SELECT * FROM reading WHERE file_id = \(file) ORDER BY read_at DESC, id").map { row in
            guard let kind = PartKind(rawValue: try row.text("kind")) else {
                throw StorageFailure.unexpectedColumn("reading")
            }
            return Reading(
                id: try row.identifier("id"), part: try row.identifier("part_id"), kind: kind,
                recipient: try row.identifier("recipient_id"), role: try row.text("role"),
                at: Instant(seconds: Int64(try row.integer("read_at"))))
        }
    }

    // MARK: The end of a file

    /// Takes every key away: from now on nobody opens anything of the file, whatever else is still there.
    func destroyKeys(of file: Identifier<PersonFile>, on day: Day) throws {
        try transaction.run(
            "DELETE FROM part_key WHERE part_id IN (SELECT id FROM part WHERE file_id = \(file))")
        try MessageStore(transaction).destroyKeys(of: file)
        try FollowUpStore(transaction).removeRows(of: file)
        try transaction.run("DELETE FROM person_session WHERE file_id = \(file)")
        try transaction.run("UPDATE used_form SET file_id = NULL WHERE file_id = \(file)")
        try transaction.run(
            """
            UPDATE file SET locator = \(file), opening_key = \([UInt8]()), salt = \([UInt8]()), emptied_on = \(day)
            WHERE id = \(file)
            """)
    }

    func removeRows(of file: Identifier<PersonFile>) throws {
        try ReferralStore(transaction).removeRows(of: file)
        try FollowUpStore(transaction).removeRows(of: file)
        try transaction.run("DELETE FROM reading WHERE file_id = \(file)")
        try transaction.run(
            "DELETE FROM grant_part WHERE grant_id IN (SELECT id FROM intake_grant WHERE file_id = \(file))")
        try transaction.run("DELETE FROM intake_grant WHERE file_id = \(file)")
        try transaction.run("DELETE FROM document WHERE part_id IN (SELECT id FROM part WHERE file_id = \(file))")
        try transaction.run("DELETE FROM part WHERE file_id = \(file)")
        try transaction.run("DELETE FROM file WHERE id = \(file)")
    }

    /// Files whose keys are gone and whose rows are not.
    func filesWithoutKeys() throws -> [Identifier<PersonFile>] {
        try transaction.rows("SELECT id FROM file WHERE emptied_on IS NOT NULL LIMIT 100")
            .map { try $0.identifier("id") }
    }

    /// Announces files that nobody opened and no grant was alive for since `day`.
    func announceThose(quietSince day: Day, on today: Day) throws -> Int {
        // A clock that ran ahead announced these on a day that has not come.
        try transaction.run("UPDATE file SET announced_on = NULL WHERE announced_on > \(today)")
        return try transaction.run(
            """
            UPDATE file SET announced_on = \(today)
            WHERE announced_on IS NULL AND seen_on < \(day) AND NOT EXISTS (
                SELECT 1 FROM intake_grant WHERE intake_grant.file_id = file.id AND intake_grant.ends_on >= \(day)
                    AND (intake_grant.ended_on IS NULL OR intake_grant.ended_on >= \(day))
            )
            """)
    }

    func files(announcedBy day: Day, quietSince quiet: Day) throws -> [Identifier<PersonFile>] {
        try transaction.rows(
            "SELECT id FROM file WHERE announced_on <= \(day) AND seen_on < \(quiet) ORDER BY announced_on LIMIT 100"
        ).map { try $0.identifier("id") }
    }
}
