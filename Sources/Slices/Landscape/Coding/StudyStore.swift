import Formats
import Kernel
import Storage

/// Studies, their coders, codes and texts as rows and back, inside one transaction. SQL only.
struct StudyStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    /// One table's rows at once; their order is the order of `columns`.
    func insert(_ rows: [[SQLValue]], into table: String, _ columns: String) throws {
        let names = columns.split(separator: " ").compactMap { SQLName(String($0)) }
        guard !rows.isEmpty, let table = SQLName(table) else { return }
        let blank = [SQLValue](repeating: .null, count: names.count)
        try transaction.run("INSERT INTO \(name: table) (\(names: names)) VALUES (\(values: blank))", each: rows)
    }

    /// The place after the last of the study's rows in `table`.
    func next(in table: String, of study: Identifier<Study>) throws -> Int {
        guard let table = SQLName(table) else { return 0 }
        let row = try transaction.row(
            "SELECT COALESCE(MAX(place), 0) AS last FROM \(name: table) WHERE study_id = \(study)")
        return try row?.integer("last").advanced(by: 1) ?? 1
    }

    // MARK: Studies and coders

    func insert(_ study: Study, formKey: String) throws {
        try transaction.run(
            """
            INSERT INTO coding_study (id, name, description, origin, opened_on, form_key)
            VALUES (\(study.id), \(study.name), \(study.description), \(study.origin), \(study.openedOn), \(formKey))
            """)
    }

    /// The study that a form made already.
    func study(formKey: String) throws -> Identifier<Study>? {
        try transaction.row("SELECT id FROM coding_study WHERE form_key = \(formKey)")?.identifier("id")
    }

    /// Everything of a study; what was drafted from it as a finding stays.
    func delete(_ study: Identifier<Study>) throws {
        for table in [
            "remark", "coding_note_link", "coding_note", "coding_mark", "coding_highlight", "coding_done",
            "coding_reopened", "coding_source",
        ] {
            guard let table = SQLName(table) else { continue }
            try transaction.run("DELETE FROM \(name: table) WHERE study_id = \(study)")
        }
        // The codes point to each other.
        try transaction.run(
            "UPDATE coding_code SET parent_id = NULL, merged_into = NULL WHERE study_id = \(study)")
        try transaction.run("DELETE FROM coding_code WHERE study_id = \(study)")
        try transaction.run("DELETE FROM coding_coder WHERE study_id = \(study)")
        try transaction.run("DELETE FROM coding_study WHERE id = \(study)")
    }

    func studies() throws -> [Study] {
        try transaction.rows("SELECT * FROM coding_study ORDER BY opened_on DESC, name, id").map(Self.study)
    }

    func study(_ id: Identifier<Study>) throws -> Study {
        guard let row = try transaction.row("SELECT * FROM coding_study WHERE id = \(id)") else {
            throw CodingRefusal.notFound
        }
        return try Self.study(row)
    }

    private static func study(_ row: Row) throws -> Study {
        guard let day = row.day("opened_on") else { throw StorageFailure.unexpectedColumn("opened_on") }
        return Study(
            id: try row.identifier("id"), name: try row.text("name"), description: try row.text("description"),
            origin: row.optionalText("origin"), openedOn: day)
    }

    func coders(of study: Identifier<Study>) throws -> [Coder] {
        try transaction.rows(
            "SELECT id, name, worker_id FROM coding_coder WHERE study_id = \(study) ORDER BY place, id"
        )
        .map { row in
            Coder(id: try row.identifier("id"), name: try row.text("name"), worker: row.optionalText("worker_id"))
        }
    }

    func insert(_ coders: [Coder], in study: Identifier<Study>) throws {
        let place = try next(in: "coding_coder", of: study)
        try insert(
            coders.enumerated().map { at, coder in
                [
                    study.sqlValue, coder.id.sqlValue, (place + at).sqlValue, coder.name.sqlValue,
                    coder.worker?.sqlValue ?? .null,
                ]
            }, into: "coding_coder", "study_id id place name worker_id")
    }

    // MARK: Texts

    func sources(of study: Identifier<Study>) throws -> [StudySource] {
        var done: [String: Set<Identifier<Coder>>] = [:]
        for row in try transaction.rows("SELECT source_id, coder_id FROM coding_done WHERE study_id = \(study)") {
            done[try row.text("source_id"), default: []].insert(try row.identifier("coder_id"))
        }
        return try transaction.rows(
            "SELECT id, name, description, length FROM coding_source WHERE study_id = \(study) ORDER BY place, id"
        ).map { row in
            StudySource(
                id: try row.identifier("id"), name: try row.text("name"), description: row.optionalText("description"),
                length: try row.integer("length"), finishedBy: done[try row.text("id")] ?? [])
        }
    }

    func text(of source: Identifier<StudySource>, in study: Identifier<Study>) throws -> String {
        guard
            let row = try transaction.row(
                "SELECT content FROM coding_source WHERE study_id = \(study) AND id = \(source)")
        else { throw CodingRefusal.notFound }
        return try row.text("content")
    }

    /// The text that a form added already.
    func source(formKey: String, in study: Identifier<Study>) throws -> Identifier<StudySource>? {
        try transaction.row("SELECT id FROM coding_source WHERE study_id = \(study) AND form_key = \(formKey)")?
            .identifier("id")
    }

    /// A text with what was marked in it, what was said of it, and the notes about nothing else. False when it is not there.
    func delete(_ source: Identifier<StudySource>, in study: Identifier<Study>) throws -> Bool {
        let isThere = try transaction.row(
            "SELECT id FROM coding_source WHERE study_id = \(study) AND id = \(source)")
        guard isThere != nil else { return false }
        let highlights: SQL =
            "SELECT id FROM coding_highlight WHERE study_id = \(study) AND source_id = \(source)"
        let marks: SQL = "SELECT id FROM coding_mark WHERE study_id = \(study) AND highlight_id IN (\(highlights))"
        let owners: SQL = "(owner_id = \(source) OR owner_id IN (\(highlights)) OR owner_id IN (\(marks)))"
        try transaction.run(
            """
            DELETE FROM remark WHERE study_id = \(study) AND (subject_id = \(source) OR subject_id IN (\(highlights)))
            """)
        let notes = try transaction.rows(
            "SELECT DISTINCT note_id FROM coding_note_link WHERE study_id = \(study) AND \(owners)"
        ).map { try $0.text("note_id") }
        try transaction.run("DELETE FROM coding_note_link WHERE study_id = \(study) AND \(owners)")
        for note in notes {
            try transaction.run(
                """
                DELETE FROM coding_note WHERE study_id = \(study) AND id = \(note) AND NOT EXISTS (
                    SELECT 1 FROM coding_note_link AS link
                    WHERE link.study_id = coding_note.study_id AND link.note_id = coding_note.id)
                """)
        }
        try transaction.run("DELETE FROM coding_mark WHERE study_id = \(study) AND highlight_id IN (\(highlights))")
        try transaction.run("DELETE FROM coding_highlight WHERE study_id = \(study) AND source_id = \(source)")
        try transaction.run("DELETE FROM coding_done WHERE study_id = \(study) AND source_id = \(source)")
        try transaction.run("DELETE FROM coding_reopened WHERE study_id = \(study) AND source_id = \(source)")
        try transaction.run("DELETE FROM coding_source WHERE study_id = \(study) AND id = \(source)")
        return true
    }

    func countNotes(of study: Identifier<Study>) throws -> Int {
        try transaction.row("SELECT COUNT(*) AS n FROM coding_note WHERE study_id = \(study)")?.integer("n") ?? 0
    }

    /// The notes that came with a file. False when there were none.
    func deleteNotes(of study: Identifier<Study>) throws -> Bool {
        try transaction.run("DELETE FROM coding_note_link WHERE study_id = \(study)")
        return try transaction.run("DELETE FROM coding_note WHERE study_id = \(study)") > 0
    }

    /// `made` as xsd:dateTime; the place follows the last.
    /// - Parameter formKey: of the form that adds one.
    func insert(_ sources: [CodingProject.Source], in study: Identifier<Study>, formKey: String? = nil) throws {
        let place = try next(in: "coding_source", of: study)
        try insert(
            sources.enumerated().map { at, source in
                [
                    study.sqlValue, source.id.sqlValue, (place + at).sqlValue, source.name.sqlValue,
                    source.description?.sqlValue ?? .null, source.text.sqlValue,
                    source.text.unicodeScalars.count.sqlValue, source.user?.sqlValue ?? .null,
                    source.made?.sqlValue ?? .null, formKey?.sqlValue ?? .null,
                ]
            }, into: "coding_source", "study_id id place name description content length coder_id made form_key")
    }

    /// False when it was finished before.
    @discardableResult
    func finish(
        _ source: Identifier<StudySource>, by coder: Identifier<Coder>, in study: Identifier<Study>, on day: Day
    ) throws -> Bool {
        try transaction.run(
            """
            INSERT INTO coding_done (study_id, source_id, coder_id, finished_on)
            VALUES (\(study), \(source), \(coder), \(day)) ON CONFLICT DO NOTHING
            """) == 1
    }

    /// Takes a finishing back; that it was there stays, because who looks on could see the work.
    func reopen(
        _ source: Identifier<StudySource>, by coder: Identifier<Coder>, in study: Identifier<Study>
    ) throws {
        try transaction.run(
            "DELETE FROM coding_done WHERE study_id = \(study) AND source_id = \(source) AND coder_id = \(coder)")
        try transaction.run(
            """
            INSERT INTO coding_reopened (study_id, source_id, coder_id) VALUES (\(study), \(source), \(coder))
            ON CONFLICT DO NOTHING
            """)
    }

    /// True once somebody was done with a text of the study and went on in it.
    func hasReopened(in study: Identifier<Study>) throws -> Bool {
        try transaction.row("SELECT coder_id FROM coding_reopened WHERE study_id = \(study) LIMIT 1") != nil
    }

    // MARK: Codes

    /// Each code after the one it stands under.
    func codes(of study: Identifier<Study>) throws -> [StudyCode] {
        Codebook.inTreeOrder(
            try transaction.rows("SELECT * FROM coding_code WHERE study_id = \(study) ORDER BY place, id").map(
                Self.code),
            \.id, \.parent)
    }

    private static func code(_ row: Row) throws -> StudyCode {
        StudyCode(
            id: try row.identifier("id"), parent: row.optionalText("parent_id").flatMap(Identifier.init),
            name: try row.text("name"),
            text: CodeText(
                definition: try row.text("definition"), whenToUse: try row.text("when_to_use"),
                whenNot: try row.text("when_not"), example: try row.text("example")),
            color: row.optionalText("color"), isCodable: try row.integer("is_codable") == 1,
            retiredOn: row.day("retired_on"), mergedInto: row.optionalText("merged_into").flatMap(Identifier.init),
            version: try row.integer("version"))
    }

    /// Each after the one it stands under.
    func insert(_ codes: [StudyCode], in study: Identifier<Study>) throws {
        let place = try next(in: "coding_code", of: study)
        try insert(
            codes.enumerated().map { at, code in
                [
                    study.sqlValue, code.id.sqlValue, (place + at).sqlValue, code.parent?.sqlValue ?? .null,
                    code.name.sqlValue, code.text.definition.sqlValue, code.text.whenToUse.sqlValue,
                    code.text.whenNot.sqlValue, code.text.example.sqlValue, code.color?.sqlValue ?? .null,
                    code.isCodable.sqlValue, 1.sqlValue,
                ]
            }, into: "coding_code",
            "study_id id place parent_id name definition when_to_use when_not example color is_codable version")
    }

    /// False when the code is no longer the one that `code` was made from.
    func replace(_ code: StudyCode, in study: Identifier<Study>) throws -> Bool {
        try transaction.run(
            """
            UPDATE coding_code SET parent_id = \(code.parent), name = \(code.name), definition = \(code.text.definition),
                when_to_use = \(code.text.whenToUse), when_not = \(code.text.whenNot), example = \(code.text.example),
                color = \(code.color), is_codable = \(code.isCodable), retired_on = \(code.retiredOn),
                merged_into = \(code.mergedInto), version = version + 1
            WHERE study_id = \(study) AND id = \(code.id) AND version = \(code.version)
            """) == 1
    }

    func delete(_ code: Identifier<StudyCode>, in study: Identifier<Study>) throws {
        try transaction.run("DELETE FROM coding_code WHERE study_id = \(study) AND id = \(code)")
    }

    func isUsed(_ code: Identifier<StudyCode>, in study: Identifier<Study>) throws -> Bool {
        try transaction.row("SELECT id FROM coding_mark WHERE study_id = \(study) AND code_id = \(code) LIMIT 1") != nil
    }

    /// How often each code was given, as far as `layers` show it.
    func uses(in study: Identifier<Study>, for layers: Layers) throws -> [Identifier<StudyCode>: Int] {
        guard layers.own != nil || layers.looksOn else { return [:] }
        func done(_ coder: SQL) -> SQL {
            """
            EXISTS (SELECT 1 FROM coding_done AS done WHERE done.study_id = one.study_id
                AND done.source_id = text.source_id AND done.coder_id = \(coder))
            """
        }
        let finished: SQL = "(one.coder_id IS NULL OR \(done("one.coder_id")))"
        let shown: SQL =
            layers.own.map { own in "(one.coder_id = \(own) OR (\(done("\(own)")) AND \(finished)))" } ?? finished
        var uses: [Identifier<StudyCode>: Int] = [:]
        for row in try transaction.rows(
            """
            SELECT one.code_id, COUNT(*) AS n FROM coding_mark AS one
            JOIN coding_highlight AS text ON text.study_id = one.study_id AND text.id = one.highlight_id
            WHERE one.study_id = \(study) AND \(shown) GROUP BY one.code_id
            """)
        {
            uses[try row.identifier("code_id")] = try row.integer("n")
        }
        return uses
    }

    func raise(_ children: Identifier<StudyCode>, to parent: Identifier<StudyCode>?, in study: Identifier<Study>) throws
    {
        try transaction.run(
            """
            UPDATE coding_code SET parent_id = \(parent), version = version + 1
            WHERE study_id = \(study) AND parent_id = \(children)
            """)
    }
}
