import Kernel
import Storage

/// A published finding that something else stands for or answers. Codes are told apart by their scans: `2027/fnd-1`; without a
/// scan it is the baseline's, or that of the only scan that has one.
struct FindingLink: Sendable, Equatable {
    let id: String
    let code: String
    let scan: String
    let isBaseline: Bool
    let text: String

    /// As it is kept and shown, whatever was typed.
    var name: String { isBaseline ? code : "\(scan)/\(code)" }
}

/// What is linked by an id or a code: actions, priorities, votes and findings.
extension Landscape {
    /// By what was typed; left out where nothing has that name, or two scans do.
    static func findings(linked typed: [String], in transaction: any Transaction) throws -> [String: FindingLink] {
        let typed = Set(typed)
        let codes = typed.union(typed.compactMap { Self.parts($0).map { String($0.code) } })
        let rows = try transaction.rows(
            """
            WITH RECURSIVE way (named, id, step) AS (
                SELECT finding.id, finding.id, 0 FROM scan JOIN finding ON finding.scan_id = scan.id
                WHERE finding.code IN (\(list: codes.sorted()))
                UNION ALL SELECT way.named, finding.merged_into, way.step + 1 FROM way JOIN finding ON finding.id = way.id
                WHERE finding.merged_into IS NOT NULL AND way.step < 20)
            SELECT finding.id, named.code, finding.wording, scan.code AS scan_code, scan.is_baseline
            FROM way JOIN finding ON finding.id = way.id JOIN finding AS named ON named.id = way.named
            JOIN scan ON scan.id = named.scan_id WHERE finding.state = 'published' ORDER BY finding.id
            """)
        let found = try rows.map { row in
            FindingLink(
                id: try row.text("id"), code: try row.text("code"), scan: try row.text("scan_code"),
                isBaseline: try row.integer("is_baseline") == 1, text: try row.text("wording"))
        }
        return typed.reduce(into: [:]) { links, name in
            let alike = found.filter { $0.code == name }
            links[name] =
                alike.first(where: \.isBaseline) ?? (alike.count == 1 ? alike.first : nil)
                ?? Self.parts(name).flatMap { parts in
                    alike.isEmpty ? found.first { $0.scan == parts.scan && $0.code == parts.code } : nil
                }
        }
    }

    private static func parts(_ name: String) -> (scan: Substring, code: Substring)? {
        name.firstIndex(of: "/").map { (name[..<$0], name[name.index(after: $0)...]) }
    }

    /// The ids of published findings, for links to their pages.
    static func findings(coded codes: [String], in transaction: any Transaction) throws -> [String: String] {
        try findings(linked: codes, in: transaction).mapValues(\.id)
    }

    func finding(coded code: String?) async throws -> String? {
        guard let code else { return nil }
        return try await database.read { try Self.findings(coded: [code], in: $0)[code] }
    }

    /// The texts of those of the names that are actions, priorities, votes or published findings.
    func texts(of names: [String]) async throws -> [String: String] {
        try await database.read { try Self.texts(of: names, in: $0) }
    }

    static func texts(of names: [String], in transaction: any Transaction) throws -> [String: String] {
        let rows =
            try transaction.rows("SELECT id, body FROM plan_action WHERE id IN (\(list: names))")
            + transaction.rows("SELECT id, body FROM priority WHERE id IN (\(list: names))")
            + transaction.rows("SELECT id, question AS body FROM vote WHERE id IN (\(list: names))")
        return try rows.reduce(into: findings(linked: names, in: transaction).mapValues(\.text)) { texts, row in
            texts[try row.text("id")] = try row.text("body")
        }
    }

    /// Those of the names that are proposals about a small community, of which nobody looked whether they could harm.
    static func held(_ names: [String], in transaction: any Transaction) throws -> Set<String> {
        Set(
            try transaction.rows(
                """
                SELECT id FROM plan_action
                WHERE id IN (\(list: names)) AND is_in_plan = 0 AND is_small = 'yes' AND review IS NULL
                """
            ).map { try $0.text("id") })
    }

    /// Where the public pages of actions, priorities and findings are, below `landscape/`.
    static func places(of names: [String], in transaction: any Transaction) throws -> [String: String] {
        var places = try findings(coded: names, in: transaction).mapValues { "findings/\($0)" }
        for row in try transaction.rows("SELECT id FROM priority WHERE id IN (\(list: names))") {
            places[try row.text("id")] = "priorities#\(try row.text("id"))"
        }
        for row in try transaction.rows(
            "SELECT id FROM plan_action WHERE is_in_plan = 1 AND id IN (\(list: names))")
        {
            places[try row.text("id")] = "actions/\(try row.text("id"))"
        }
        return places
    }
}
