import Formats
import Kernel
import Storage

/// One change of a finding that was seen by others before: who made it, when, and what stood there.
struct FindingChange: Sendable, Equatable {
    /// What can be changed of a finding.
    enum Field: String, Sendable, CaseIterable {
        case text, kind, focus, theme, subtheme, facts, places, need, source, language, flag, continues, small, review,
            state
    }

    let at: Instant
    /// The role, and the desk where it was not the machine's command line.
    let actor: String
    let desk: String?
    let field: Field
    let before: String
    let after: String
}

extension Finding {
    /// As history keeps it; lists as in a table.
    func value(of field: FindingChange.Field) -> String {
        switch field {
        case .text: text
        case .kind: kind.rawValue
        case .focus: focus.rawValue
        case .theme: theme
        case .subtheme: subtheme ?? ""
        case .facts: ListText.joined(facts, by: ";")
        case .places: ListText.joined(places, by: ";")
        case .need: ListText.joined(needs, by: ";")
        case .source: printed.document
        case .language: language.code
        case .flag: flag ?? ""
        case .continues: continues?.description ?? ""
        case .small: isSmall ? "yes" : ""
        case .review: review ?? ""
        case .state: state.rawValue
        }
    }

    /// Of all that a form can change: another one is another text.
    var mark: String {
        sha256(FindingChange.Field.allCases.map { ListText.joined([value(of: $0)], by: "|") }.joined(separator: "|"))
    }

    /// What became different.
    func changes(from old: Finding, at: Instant, by actor: Actor, of desk: String?) -> [FindingChange] {
        FindingChange.Field.allCases.compactMap { field in
            let (before, after) = (old.value(of: field), value(of: field))
            guard before != after else { return nil }
            return FindingChange(
                at: at, actor: actor.name, desk: desk, field: field, before: before, after: after)
        }
    }
}

extension FindingStore {
    /// The newest first.
    func changes(of finding: Identifier<Finding>) throws -> [FindingChange] {
        try transaction.rows(
            """
            SELECT at, actor, desk, field, before_text, after_text FROM finding_change
            WHERE finding_id = \(finding) ORDER BY number DESC
            """
        ).compactMap { row in
            guard let field = FindingChange.Field(rawValue: try row.text("field")) else { return nil }
            return FindingChange(
                at: Instant(seconds: Int64(try row.integer("at"))), actor: try row.text("actor"),
                desk: row.optionalText("desk"), field: field, before: try row.text("before_text"),
                after: try row.text("after_text"))
        }
    }

    func add(_ changes: [FindingChange], to finding: Identifier<Finding>) throws {
        var number =
            try transaction.row(
                "SELECT COALESCE(MAX(number), 0) AS last FROM finding_change WHERE finding_id = \(finding)")?
            .integer("last") ?? 0
        for change in changes {
            number += 1
            try transaction.run(
                """
                INSERT INTO finding_change (finding_id, number, at, actor, desk, field, before_text, after_text)
                VALUES (\(finding), \(number), \(change.at), \(change.actor), \(change.desk), \(change.field.rawValue),
                    \(change.before), \(change.after))
                """)
        }
    }

    /// The desk that wrote a draft; nil for the network's own.
    func desk(of finding: Identifier<Finding>) throws -> String? {
        try transaction.row("SELECT desk FROM finding_desk WHERE finding_id = \(finding)")?.text("desk")
    }

    func setDesk(_ desk: String, of finding: Identifier<Finding>) throws {
        try transaction.run("INSERT INTO finding_desk (finding_id, desk) VALUES (\(finding), \(desk))")
    }
}
