import Kernel
import Storage

/// A priority of the 2024 workshop, with the thumbs it got there.
struct Priority: Sendable {
    let id: String
    let focus: String
    let theme: String
    let body: String
    /// Nil where the report lost them, which is not zero.
    let votes: Int?
    let note: String?
    let part: String
    let document: String
    let section: String
}

/// Priorities that say much the same, put together afterwards; not what was voted on.
struct PriorityTheme: Sendable {
    let name: String
    let rows: [Priority]

    var votes: Int { rows.reduce(0) { $0 + ($1.votes ?? 0) } }
}

/// What was voted on in 2024, in the order of the votes.
struct Priorities: Sendable {
    let all: [Priority]
    let themes: [PriorityTheme]

    /// Equal votes have one rank; what has no known votes has none and comes last.
    var ranked: [(rank: Int?, priority: Priority)] {
        let sorted = all.sorted { ($1.votes ?? -1, Vote.folded($0.body)) < ($0.votes ?? -1, Vote.folded($1.body)) }
        return sorted.map { priority in
            (priority.votes.map { votes in 1 + all.count { ($0.votes ?? -1) > votes } }, priority)
        }
    }
}

struct PriorityStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func priorities() throws -> Priorities {
        let all = try transaction.rows("SELECT * FROM priority ORDER BY id").map(Self.priority)
        let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
        var rows: [String: [Priority]] = [:]
        for row in try transaction.rows("SELECT * FROM priority_theme ORDER BY theme, priority_id") {
            if let priority = byID[try row.text("priority_id")] {
                rows[try row.text("theme"), default: []].append(priority)
            }
        }
        let themes = rows.map { PriorityTheme(name: $0.key, rows: $0.value) }
        return Priorities(
            all: all,
            themes: themes.sorted { ($1.votes, Vote.folded($0.name)) < ($0.votes, Vote.folded($1.name)) })
    }

    private static func priority(_ row: Row) throws -> Priority {
        let votes: Int? = if case .integer(let count) = row["votes"] { Int(count) } else { nil }
        return Priority(
            id: try row.text("id"), focus: try row.text("focus"), theme: try row.text("theme"),
            body: try row.text("body"), votes: votes, note: row.optionalText("votes_note"), part: try row.text("part"),
            document: try row.text("document"), section: try row.text("section"))
    }

    /// Leaves what is there as it is.
    func add(_ priority: Priority) throws -> Bool {
        try transaction.run(
            """
            INSERT INTO priority (id, focus, theme, body, votes, votes_note, part, document, section)
            VALUES (\(priority.id), \(priority.focus), \(priority.theme), \(priority.body), \(priority.votes),
                \(priority.note), \(priority.part), \(priority.document), \(priority.section))
            ON CONFLICT (id) DO NOTHING
            """) > 0
    }

    func add(_ priority: String, to theme: String) throws {
        try transaction.run(
            """
            INSERT INTO priority_theme (theme, priority_id) VALUES (\(theme), \(priority)) ON CONFLICT DO NOTHING
            """)
    }
}
