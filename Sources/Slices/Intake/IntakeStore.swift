import Kernel
import Sealing
import Storage

/// Rows of files, parts, their keys and stays, inside one transaction. SQL only.
struct IntakeStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    // MARK: The mark of the server's secret

    /// The mark that files of this database are found with; `mark` from now on when there was none.
    func settle(_ mark: String) throws -> String {
        try transaction.run(
            "INSERT INTO intake_mark (name, mark) VALUES ('locator', \(mark)) ON CONFLICT (name) DO NOTHING")
        return try self.mark() ?? mark
    }

    func mark() throws -> String? {
        try transaction.row("SELECT mark FROM intake_mark WHERE name = 'locator'")?.text("mark")
    }

    // MARK: Files

    func file(at locator: String) throws -> PersonFile? {
        try transaction.row("SELECT * FROM file WHERE locator = \(locator)").map(Self.file)
    }

    func file(_ id: Identifier<PersonFile>) throws -> PersonFile? {
        try transaction.row("SELECT * FROM file WHERE id = \(id) AND emptied_on IS NULL").map(Self.file)
    }

    /// False once the keys of a file are gone, even if its rows are still there.
    func isThere(_ id: Identifier<PersonFile>) throws -> Bool {
        try transaction.row("SELECT id FROM file WHERE id = \(id) AND emptied_on IS NULL") != nil
    }

    private static func file(_ row: Row) throws -> PersonFile {
        guard let begunOn = row.day("begun_on"), let seenOn = row.day("seen_on") else {
            throw StorageFailure.unexpectedColumn("file")
        }
        return PersonFile(
            id: try row.identifier("id"), salt: try row.bytes("salt"), openingKey: try row.bytes("opening_key"),
            sealingKey: SealingKey(try row.bytes("sealing_key")), begunOn: begunOn, seenOn: seenOn,
            announcedOn: row.day("announced_on"))
    }

    func write(_ file: PersonFile, at locator: String) throws {
        try transaction.run(
            """
            INSERT INTO file (id, locator, salt, opening_key, sealing_key, begun_on, seen_on)
            VALUES (\(file.id), \(locator), \(file.salt), \(file.openingKey), \(file.sealingKey.bytes),
                \(file.begunOn), \(file.seenOn))
            """)
    }

    func see(_ file: Identifier<PersonFile>, on day: Day) throws {
        try transaction.run(
            """
            UPDATE file SET seen_on = \(day), announced_on = NULL
            WHERE id = \(file) AND (seen_on <> \(day) OR announced_on IS NOT NULL)
            """)
    }

    // MARK: Parts

    func parts(of file: Identifier<PersonFile>) throws -> [SealedPart] {
        try transaction.rows("SELECT * FROM part WHERE file_id = \(file) ORDER BY id").map(Self.part)
    }

    /// What there is, without its content.
    func listedParts(of file: Identifier<PersonFile>) throws -> [SharedFile.SharedPart] {
        try transaction.rows(
            "SELECT id, kind, version, changed_on FROM part WHERE file_id = \(file) ORDER BY id"
        ).map { row in
            guard let kind = PartKind(rawValue: try row.text("kind")), let changedOn = row.day("changed_on") else {
                throw StorageFailure.unexpectedColumn("part")
            }
            return SharedFile.SharedPart(
                id: try row.identifier("id"), kind: kind, version: try row.integer("version"), changedOn: changedOn)
        }
    }

    func part(_ kind: PartKind, of file: Identifier<PersonFile>) throws -> SealedPart? {
        try transaction.row("SELECT * FROM part WHERE file_id = \(file) AND kind = \(kind.rawValue)").map(Self.part)
    }

    func part(_ id: Identifier<Part>, of file: Identifier<PersonFile>) throws -> SealedPart? {
        try transaction.row("SELECT * FROM part WHERE id = \(id) AND file_id = \(file)").map(Self.part)
    }

    private static func part(_ row: Row) throws -> SealedPart {
        guard let kind = PartKind(rawValue: try row.text("kind")), let changedOn = row.day("changed_on") else {
            throw StorageFailure.unexpectedColumn("part")
        }
        return SealedPart(
            id: try row.identifier("id"), file: try row.identifier("file_id"), kind: kind,
            version: try row.integer("version"), content: try row.bytes("content"), changedOn: changedOn)
    }

    /// Stores a part, or its next version.
    func write(_ part: SealedPart) throws {
        try transaction.run(
            """
            INSERT INTO part (id, file_id, kind, version, content, changed_on)
            VALUES (\(part.id), \(part.file), \(part.kind.rawValue), \(part.version), \(part.content), \(part.changedOn))
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, content = excluded.content,
                changed_on = excluded.changed_on
            """)
    }

    /// The bytes of a document, sealed.
    func write(_ content: [UInt8], of part: Identifier<Part>) throws {
        try transaction.run("INSERT INTO document (part_id, content) VALUES (\(part), \(content))")
    }

    func document(_ part: Identifier<Part>) throws -> [UInt8]? {
        try transaction.row("SELECT content FROM document WHERE part_id = \(part)")?.bytes("content")
    }

    func remove(_ part: Identifier<Part>) throws {
        try transaction.run("DELETE FROM document WHERE part_id = \(part)")
        try transaction.run("DELETE FROM part_key WHERE part_id = \(part)")
        try transaction.run("DELETE FROM part WHERE id = \(part)")
    }

    // MARK: Keys of parts

    func key(of part: Identifier<Part>, for holder: KeyHolder) throws -> [UInt8]? {
        try transaction.row(
            "SELECT sealed FROM part_key WHERE part_id = \(part) AND holder = \(holder.text)")?.bytes("sealed")
    }

    func writeKey(_ sealed: [UInt8], of part: Identifier<Part>, for holder: KeyHolder) throws {
        try transaction.run(
            """
            INSERT INTO part_key (part_id, holder, sealed) VALUES (\(part), \(holder.text), \(sealed))
            ON CONFLICT (part_id, holder) DO UPDATE SET sealed = excluded.sealed
            """)
    }

    func removeKeys(of part: Identifier<Part>) throws {
        try transaction.run("DELETE FROM part_key WHERE part_id = \(part)")
    }

    func removeKey(of part: Identifier<Part>, for holder: KeyHolder) throws {
        try transaction.run("DELETE FROM part_key WHERE part_id = \(part) AND holder = \(holder.text)")
    }

    // MARK: Forms that were used

    /// Remembers that a form began or opened `file`; false when it was used before.
    func use(_ form: String, for file: Identifier<PersonFile>, at now: Instant) throws -> Bool {
        try transaction.run(
            """
            INSERT INTO used_form (digest, file_id, used_at) VALUES (\(form), \(file), \(now))
            ON CONFLICT (digest) DO NOTHING
            """) == 1
    }

    /// When a form was used, and for which file, as long as that is there; nil for one that was not used.
    func use(of form: String) throws -> (file: Identifier<PersonFile>?, at: Instant)? {
        try transaction.row("SELECT file_id, used_at FROM used_form WHERE digest = \(form)").map { row in
            (
                row.optionalText("file_id").flatMap(Identifier<PersonFile>.init),
                Instant(seconds: Int64(try row.integer("used_at")))
            )
        }
    }

    /// Forgets forms that are too old to be sent anyway.
    func forgetForms(usedBefore now: Instant) throws {
        try transaction.run("DELETE FROM used_form WHERE used_at < \(now.seconds - FormToken.longestSeconds)")
    }

    // MARK: Stays

    func write(_ stay: StoredStay) throws {
        try transaction.run(
            """
            INSERT INTO person_session (digest, file_id, opening_key, began_at, used_at)
            VALUES (\(stay.digest), \(stay.file), \(stay.openingKey), \(stay.began), \(stay.used))
            """)
    }

    func stay(_ digest: String) throws -> StoredStay? {
        try transaction.row("SELECT * FROM person_session WHERE digest = \(digest)").map(Self.stay)
    }

    func stays(in file: Identifier<PersonFile>) throws -> [StoredStay] {
        try transaction.rows("SELECT * FROM person_session WHERE file_id = \(file)").map(Self.stay)
    }

    private static func stay(_ row: Row) throws -> StoredStay {
        StoredStay(
            digest: try row.text("digest"), file: try row.identifier("file_id"),
            openingKey: try row.bytes("opening_key"), began: Instant(seconds: Int64(try row.integer("began_at"))),
            used: Instant(seconds: Int64(try row.integer("used_at"))))
    }

    func use(_ stay: StoredStay, at now: Instant) throws {
        try transaction.run("UPDATE person_session SET used_at = \(now) WHERE digest = \(stay.digest)")
    }

    func endStay(_ digest: String) throws {
        try transaction.run("DELETE FROM person_session WHERE digest = \(digest)")
    }

    func endStays(before now: Instant) throws {
        try transaction.run(
            """
            DELETE FROM person_session WHERE used_at < \(now.seconds - Stay.idleSeconds)
                OR began_at < \(now.seconds - Stay.longestSeconds) OR began_at > \(now.seconds + Instant.skew)
            """)
    }
}
