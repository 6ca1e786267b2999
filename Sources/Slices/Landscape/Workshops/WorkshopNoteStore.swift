import Kernel
import Storage

/// Notes and the phones that they come from, as rows and back.
struct WorkshopNoteStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    // MARK: Phones

    /// The workshop and the group of a phone; nil for one that is in none.
    func phone(_ digest: String) throws -> (workshop: Identifier<Workshop>, group: Int)? {
        let row = try transaction.row(
            "SELECT workshop_id, group_number FROM workshop_phone WHERE digest = \(digest)")
        guard let row else { return nil }
        return (try row.identifier("workshop_id"), try row.integer("group_number"))
    }

    func countPhones(of id: Identifier<Workshop>) throws -> Int {
        try transaction.row("SELECT COUNT(*) AS count FROM workshop_phone WHERE workshop_id = \(id)")?
            .integer("count") ?? 0
    }

    func insertPhone(_ digest: String, _ id: Identifier<Workshop>, group: Int) throws {
        try transaction.run(
            """
            INSERT INTO workshop_phone (digest, workshop_id, group_number) VALUES (\(digest), \(id), \(group))
            """)
    }

    // MARK: Notes

    private static let columns: SQL = """
        id, number, group_number, kind, focus, place, wording, language, source, finding_id
        """

    /// All that are there, in the order of their changes.
    func notes(of id: Identifier<Workshop>) throws -> [WorkshopNote] {
        try transaction.rows(
            """
            SELECT \(Self.columns) FROM workshop_note WHERE workshop_id = \(id) AND wording IS NOT NULL ORDER BY number
            """
        ).map(note)
    }

    /// What changed after `number`, what was taken away included; the first `limit` of them.
    func notes(of id: Identifier<Workshop>, after number: Int, limit: Int) throws -> [WorkshopNote] {
        try transaction.rows(
            """
            SELECT \(Self.columns) FROM workshop_note WHERE workshop_id = \(id) AND number > \(number)
            ORDER BY number LIMIT \(limit)
            """
        ).map(note)
    }

    /// The newest that are there, or the newest of those with a smaller number than `number`.
    func sheet(of id: Identifier<Workshop>, before number: Int? = nil) throws -> NoteSheet {
        let which: SQL = number.map { "AND number < \($0)" } ?? ""
        var notes = try transaction.rows(
            """
            SELECT \(Self.columns) FROM workshop_note
            WHERE workshop_id = \(id) AND wording IS NOT NULL \(which) ORDER BY number DESC LIMIT \(NoteSheet.most + 1)
            """
        ).map(note)
        let hasOlder = notes.count > NoteSheet.most
        if hasOlder { notes.removeLast() }
        notes.reverse()
        return NoteSheet(notes: notes, before: number, older: hasOlder ? notes.first?.number : nil)
    }

    /// Those that no finding was made of, the oldest first.
    func undrafted(of id: Identifier<Workshop>, limit: Int) throws -> [WorkshopNote] {
        try transaction.rows(
            """
            SELECT \(Self.columns) FROM workshop_note
            WHERE workshop_id = \(id) AND wording IS NOT NULL AND finding_id IS NULL ORDER BY number LIMIT \(limit)
            """
        ).map(note)
    }

    func notes(ofPhone digest: String) throws -> [WorkshopNote] {
        try transaction.rows(
            """
            SELECT \(Self.columns) FROM workshop_note WHERE phone = \(digest) AND wording IS NOT NULL ORDER BY number
            """
        ).map(note)
    }

    /// Nil for one that is not there, not of this workshop, or of another phone when `phone` is given.
    func note(_ id: Identifier<WorkshopNote>, of workshop: Identifier<Workshop>, phone: String? = nil) throws
        -> WorkshopNote?
    {
        let own: SQL = phone.map { "AND phone = \($0)" } ?? ""
        return try transaction.row(
            """
            SELECT \(Self.columns) FROM workshop_note
            WHERE id = \(id) AND workshop_id = \(workshop) AND wording IS NOT NULL \(own)
            """
        ).map(note)
    }

    func hasNote(_ key: NoteKey) throws -> Bool {
        try transaction.row("SELECT 1 AS one FROM workshop_note WHERE form_key = \(key.digest)") != nil
    }

    /// Those that are there, and of them those that no finding was made of.
    func countNotes(of id: Identifier<Workshop>) throws -> (all: Int, undrafted: Int) {
        let row = try transaction.row(
            """
            SELECT COUNT(*) AS notes, COUNT(finding_id) AS drafted FROM workshop_note
            WHERE workshop_id = \(id) AND wording IS NOT NULL
            """)
        let (all, drafted) = (try row?.integer("notes") ?? 0, try row?.integer("drafted") ?? 0)
        return (all, all - drafted)
    }

    /// What was taken back included.
    func countNotes(ofPhone digest: String) throws -> Int {
        try transaction.row("SELECT COUNT(*) AS notes FROM workshop_note WHERE phone = \(digest)")?.integer("notes")
            ?? 0
    }

    /// The phone of a note, where it came from one that is still in the room.
    func phone(of id: Identifier<WorkshopNote>, in workshop: Identifier<Workshop>) throws -> String? {
        try transaction.row("SELECT phone FROM workshop_note WHERE id = \(id) AND workshop_id = \(workshop)")?
            .optionalText("phone")
    }

    func setGroup(_ group: Int, ofPhone digest: String) throws {
        try transaction.run("UPDATE workshop_phone SET group_number = \(group) WHERE digest = \(digest)")
    }

    func deletePhone(_ digest: String) throws {
        try transaction.run("UPDATE workshop_note SET phone = NULL WHERE phone = \(digest)")
        try transaction.run("DELETE FROM workshop_phone WHERE digest = \(digest)")
    }

    /// Phones that never wrote anything.
    func deleteSilentPhones(of id: Identifier<Workshop>) throws {
        try transaction.run(
            """
            DELETE FROM workshop_phone WHERE workshop_id = \(id) AND NOT EXISTS (
                SELECT 1 FROM workshop_note AS note WHERE note.phone = workshop_phone.digest)
            """)
    }

    func insert(
        _ note: WorkshopNote, _ content: WorkshopNote.Content, of workshop: Identifier<Workshop>, phone: String?,
        _ key: NoteKey
    ) throws {
        try transaction.run(
            """
            INSERT INTO workshop_note (id, workshop_id, number, group_number, kind, focus, place, wording, language,
                source, phone, form_key)
            VALUES (\(note.id), \(workshop), \(note.number), \(note.group), \(content.kind.rawValue),
                \(content.focus.rawValue), \(content.place), \(content.text), \(note.language.code),
                \(note.source.rawValue), \(phone), \(key.digest))
            """)
    }

    func change(_ id: Identifier<WorkshopNote>, to content: WorkshopNote.Content, number: Int) throws {
        try transaction.run(
            """
            UPDATE workshop_note SET number = \(number), kind = \(content.kind.rawValue),
                focus = \(content.focus.rawValue), place = \(content.place), wording = \(content.text)
            WHERE id = \(id)
            """)
    }

    /// Leaves its number alone, by which those who watch learn that it is gone.
    func empty(_ id: Identifier<WorkshopNote>, number: Int) throws {
        try transaction.run(
            "UPDATE workshop_note SET number = \(number), place = NULL, wording = NULL WHERE id = \(id)")
    }

    func delete(_ id: Identifier<WorkshopNote>) throws {
        try transaction.run("DELETE FROM workshop_note WHERE id = \(id)")
    }

    func set(_ findings: [(finding: Identifier<Finding>, note: Identifier<WorkshopNote>)]) throws {
        let empty = ""
        try transaction.run(
            "UPDATE workshop_note SET finding_id = \(empty) WHERE id = \(empty)",
            each: findings.map { [$0.finding.sqlValue, $0.note.sqlValue] })
    }

    private func note(_ row: Row) throws -> WorkshopNote {
        func choice<Value: RawRepresentable<String>>(_ column: String) throws -> Value {
            guard let value = Value(rawValue: try row.text(column)) else {
                throw StorageFailure.unexpectedColumn(column)
            }
            return value
        }
        var content: WorkshopNote.Content?
        if let text = row.optionalText("wording") {
            content = WorkshopNote.Content(
                kind: try choice("kind"), focus: try choice("focus"), place: row.optionalText("place"), text: text)
        }
        return WorkshopNote(
            id: try row.identifier("id"), number: try row.integer("number"), group: try row.integer("group_number"),
            content: content, language: Language(try row.text("language")), source: try choice("source"),
            finding: row.optionalText("finding_id").flatMap(Identifier.init))
    }
}
