import Formats
import Kernel
import Storage

/// What was marked in texts, and notes, as rows and back, inside one transaction. SQL only.
struct HighlightStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    /// All highlights of a study, or of one source, in the order of the text; or in the order in which they were made.
    func highlights(
        in study: Identifier<Study>, of source: Identifier<StudySource>? = nil, byPlace: Bool = false
    ) throws -> [Highlight] {
        let within: SQL =
            source.map {
                "AND highlight_id IN (SELECT id FROM coding_highlight WHERE study_id = \(study) AND source_id = \($0))"
            } ?? ""
        return try highlights(
            in: study, source.map { "AND source_id = \($0)" } ?? "", marks: within,
            order: byPlace ? "place, id" : "start_at, end_at, place, id")
    }

    /// Those of `ids` that are there, in the order of the text.
    func highlights(_ ids: [Identifier<Highlight>], in study: Identifier<Study>) throws -> [Highlight] {
        guard !ids.isEmpty else { return [] }
        return try highlights(
            in: study, "AND id IN (\(list: ids))", marks: "AND highlight_id IN (\(list: ids))",
            order: "start_at, end_at, place, id")
    }

    private func highlights(
        in study: Identifier<Study>, _ only: SQL, marks within: SQL, order: SQL
    ) throws -> [Highlight] {
        var found = try transaction.rows(
            """
            SELECT id, source_id, coder_id, start_at, end_at, name, memo, made FROM coding_highlight
            WHERE study_id = \(study) \(only) ORDER BY \(order)
            """
        ).map(Self.highlight)
        let places = Dictionary(found.enumerated().map { ($1.id.description, $0) }) { first, _ in first }
        for row in try transaction.rows(
            """
            SELECT id, highlight_id, code_id, coder_id, made FROM coding_mark
            WHERE study_id = \(study) \(within) ORDER BY highlight_id, place, id
            """)
        {
            guard let place = places[try row.text("highlight_id")] else { continue }
            found[place].marks.append(
                Highlight.Mark(
                    id: try row.identifier("id"), code: try row.identifier("code_id"),
                    coder: row.optionalText("coder_id").flatMap(Identifier.init), made: row.optionalText("made")))
        }
        return found
    }

    private static func highlight(_ row: Row) throws -> Highlight {
        Highlight(
            id: try row.identifier("id"), source: try row.identifier("source_id"),
            coder: row.optionalText("coder_id").flatMap(Identifier.init), start: try row.integer("start_at"),
            end: try row.integer("end_at"), name: row.optionalText("name"), memo: row.optionalText("memo"),
            made: row.optionalText("made"))
    }

    func insert(_ highlights: [Highlight], in study: Identifier<Study>) throws {
        let store = StudyStore(transaction)
        let place = try store.next(in: "coding_highlight", of: study)
        try store.insert(
            highlights.enumerated().map { at, one in
                [
                    study.sqlValue, one.id.sqlValue, (place + at).sqlValue, one.source.sqlValue,
                    one.coder?.sqlValue ?? .null, one.start.sqlValue, one.end.sqlValue, one.name?.sqlValue ?? .null,
                    one.memo?.sqlValue ?? .null, one.made?.sqlValue ?? .null,
                ]
            }, into: "coding_highlight", "study_id id place source_id coder_id start_at end_at name memo made")
        let first = try store.next(in: "coding_mark", of: study)
        let marks = highlights.flatMap { one in one.marks.map { (one.id, $0) } }
        try store.insert(
            marks.enumerated().map { at, mark in
                [
                    study.sqlValue, mark.1.id.sqlValue, (first + at).sqlValue, mark.0.sqlValue, mark.1.code.sqlValue,
                    mark.1.coder?.sqlValue ?? .null, mark.1.made?.sqlValue ?? .null,
                ]
            }, into: "coding_mark", "study_id id place highlight_id code_id coder_id made")
    }

    /// Its marks and its remarks go with it.
    func delete(_ id: Identifier<Highlight>, in study: Identifier<Study>) throws {
        try transaction.run("DELETE FROM remark WHERE study_id = \(study) AND subject_id = \(id)")
        try transaction.run("DELETE FROM coding_mark WHERE study_id = \(study) AND highlight_id = \(id)")
        try transaction.run("DELETE FROM coding_highlight WHERE study_id = \(study) AND id = \(id)")
    }

    /// Marks of `lost` become marks of `kept`; where somebody gave both to one highlight, one stays.
    func move(
        from lost: Identifier<StudyCode>, to kept: Identifier<StudyCode>, in study: Identifier<Study>
    ) throws {
        try transaction.run(
            """
            DELETE FROM coding_mark WHERE study_id = \(study) AND code_id = \(lost) AND EXISTS (
                SELECT 1 FROM coding_mark AS other
                WHERE other.study_id = coding_mark.study_id AND other.highlight_id = coding_mark.highlight_id
                    AND other.code_id = \(kept)
                    AND COALESCE(other.coder_id, '') = COALESCE(coding_mark.coder_id, ''))
            """)
        try transaction.run(
            "UPDATE coding_mark SET code_id = \(kept) WHERE study_id = \(study) AND code_id = \(lost)")
    }

    // MARK: Notes

    func notes(of study: Identifier<Study>) throws -> (
        notes: [CodingProject.Note], links: [String: [CodingProject.GUID]]
    ) {
        let notes = try transaction.rows(
            "SELECT id, name, content, coder_id, made FROM coding_note WHERE study_id = \(study) ORDER BY place, id"
        ).map { row in
            var note = CodingProject.Note(
                id: try row.identifier("id"), name: try row.text("name"), text: try row.text("content"))
            note.user = row.optionalText("coder_id").flatMap(CodingProject.GUID.init)
            note.made = row.optionalText("made")
            return note
        }
        var links: [String: [CodingProject.GUID]] = [:]
        for row in try transaction.rows(
            "SELECT owner_id, note_id FROM coding_note_link WHERE study_id = \(study) ORDER BY owner_id, place, note_id"
        ) {
            links[try row.text("owner_id"), default: []].append(try row.identifier("note_id"))
        }
        return (notes, links)
    }

    /// - Parameter links: the notes of each owner, by its id.
    func insert(
        _ notes: [CodingProject.Note], links: [(owner: String, notes: [CodingProject.GUID])],
        in study: Identifier<Study>
    ) throws {
        let store = StudyStore(transaction)
        try store.insert(
            notes.enumerated().map { at, note in
                [
                    study.sqlValue, note.id.sqlValue, (at + 1).sqlValue, note.name.sqlValue, note.text.sqlValue,
                    note.user?.sqlValue ?? .null, note.made?.sqlValue ?? .null,
                ]
            }, into: "coding_note", "study_id id place name content coder_id made")
        var known: Set<[String]> = []
        try store.insert(
            links.flatMap { link in
                link.notes.enumerated().compactMap { at, note in
                    guard known.insert([link.owner, note.description]).inserted else { return nil }
                    return [study.sqlValue, link.owner.sqlValue, note.sqlValue, (at + 1).sqlValue]
                }
            }, into: "coding_note_link", "study_id owner_id note_id place")
    }
}
