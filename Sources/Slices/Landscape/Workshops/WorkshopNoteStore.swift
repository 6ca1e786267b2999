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

    /// Those that are there, in the order of their changes; with `after`, also what was taken away since that number.
    func notes(of id: Identifier<Workshop>, after number: Int? = nil) throws -> [WorkshopNote] {
        let which: SQL = number.map { "AND number > \($0)" } ?? "AND wording IS NOT NULL"
        return try transaction.rows(
            "SELECT \(Self.columns) FROM workshop_note WHERE workshop_id = \(id) \(which) ORDER BY number"
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

    func countNotes(of id: Identifier<Workshop>) throws -> Int {
        try transaction.row("SELECT COUNT(*) AS count FROM workshop_note WHERE workshop_id = \(id)")?
            .integer("count") ?? 0
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

    func setFinding(_ finding: Identifier<Finding>, of id: Identifier<WorkshopNote>) throws {
        try transaction.run("UPDATE workshop_note SET finding_id = \(finding) WHERE id = \(id)")
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
