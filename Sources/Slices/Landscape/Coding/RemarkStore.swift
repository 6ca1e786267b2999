import Kernel
import Storage

/// Remarks as rows and back, inside one transaction. SQL only.
struct RemarkStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func insert(_ remark: Remark, in study: Identifier<Study>?) throws {
        try transaction.run(
            """
            INSERT INTO remark (id, subject, study_id, subject_id, worker_id, author, wording, made_on)
            VALUES (\(remark.id), \(remark.subject.rawValue), \(study), \(remark.subjectId), \(remark.worker),
                \(remark.author), \(remark.text), \(remark.madeOn))
            """)
    }

    /// The oldest first.
    func remarks(about subjects: [String]) throws -> [Remark] {
        try transaction.rows(
            """
            SELECT id, subject, subject_id, worker_id, author, wording, made_on, resolved_on FROM remark
            WHERE subject_id IN (\(list: subjects)) ORDER BY made_on, id
            """
        ).map { row in
            guard let subject = Remark.Subject(rawValue: try row.text("subject")), let day = row.day("made_on") else {
                throw StorageFailure.unexpectedColumn("remark")
            }
            return Remark(
                id: try row.identifier("id"), subject: subject, subjectId: try row.text("subject_id"),
                worker: try row.text("worker_id"), author: try row.text("author"), text: try row.text("wording"),
                madeOn: day,
                resolvedOn: row.day("resolved_on"))
        }
    }

    /// Who said a remark and about what; the study is nil for one on a finding.
    func place(of id: Identifier<Remark>) throws -> (
        subject: Remark.Subject, subjectId: String, study: Identifier<Study>?, worker: String
    )? {
        guard
            let row = try transaction.row(
                "SELECT subject, subject_id, study_id, worker_id FROM remark WHERE id = \(id)"),
            let subject = Remark.Subject(rawValue: try row.text("subject"))
        else { return nil }
        return (
            subject, try row.text("subject_id"), row.optionalText("study_id").flatMap(Identifier.init),
            try row.text("worker_id")
        )
    }

    /// False when it was resolved before.
    func resolve(_ id: Identifier<Remark>, on day: Day) throws -> Bool {
        try transaction.run("UPDATE remark SET resolved_on = \(day) WHERE id = \(id) AND resolved_on IS NULL") == 1
    }

    /// Leaves who said something, and when. False when its words were taken away before.
    func empty(_ id: Identifier<Remark>, on day: Day) throws -> Bool {
        try transaction.run(
            """
            UPDATE remark SET wording = '', resolved_on = COALESCE(resolved_on, \(day))
            WHERE id = \(id) AND wording <> ''
            """) == 1
    }

    func hasOpen(about subject: String) throws -> Bool {
        try transaction.row("SELECT id FROM remark WHERE subject_id = \(subject) AND resolved_on IS NULL LIMIT 1")
            != nil
    }

    func move(from lost: String, to kept: String) throws {
        try transaction.run("UPDATE remark SET subject_id = \(kept) WHERE subject_id = \(lost)")
    }
}
