import Formats
import Kernel
import Storage

/// Findings as rows and back, inside one transaction.
struct FindingStore {
    let transaction: any Transaction

    init(_ transaction: any Transaction) { self.transaction = transaction }

    func insert(_ scan: Scan) throws {
        try transaction.run(
            """
            INSERT INTO scan (id, code, title, published, is_baseline, digest)
            VALUES (\(scan.id), \(scan.code), \(scan.title), \(scan.published), \(scan.isBaseline), \(scan.digest))
            """)
    }

    /// All scans, the newest last.
    func scans() throws -> [Scan] {
        try transaction.rows(
            "SELECT id, code, title, published, is_baseline, digest FROM scan ORDER BY published, code"
        ).map { row in
            Scan(
                id: try row.identifier("id"), code: try row.text("code"), title: try row.text("title"),
                published: try row.text("published"), isBaseline: try row.integer("is_baseline") == 1,
                digest: row.optionalText("digest"))
        }
    }

    /// The number that the next finding of `scan` gets.
    func nextNumber(in scan: Identifier<Scan>) throws -> Int {
        try transaction.row(
            "SELECT COALESCE(MAX(number), 0) AS last FROM finding WHERE scan_id = \(scan)"
        )?.integer("last").advanced(by: 1) ?? 1
    }

    func insert(_ finding: Finding, on day: Day) throws { try insert([finding], on: day) }

    /// Findings that are not there yet, with all that belongs to them.
    func insert(_ findings: [Finding], on day: Day) throws {
        let (none, empty) = (String?.none, "")
        try transaction.run(
            """
            INSERT INTO finding (id, scan_id, code, number, focus, theme, subtheme, kind, wording, language, document,
                table_number, table_title, section, printed_under, flag, is_contested, state, merged_into, continues,
                origin, origin_id, made_on, is_small, review)
            VALUES (\(empty), \(empty), \(empty), \(0), \(empty), \(empty), \(none), \(empty), \(empty), \(empty),
                \(empty), \(Int?.none), \(none), \(none), \(none), \(none), \(false), \(empty), \(none), \(none),
                \(empty), \(none), \(empty), \(false), \(none))
            """, each: findings.map { Self.values($0, on: day) })
        try insertLists(of: findings)
        try insertPositions(of: findings)
    }

    /// Writes all of a finding anew but its positions, its state and where it came from.
    func update(_ finding: Finding) throws {
        try transaction.run(
            """
            UPDATE finding SET focus = \(finding.focus.rawValue), theme = \(finding.theme),
                subtheme = \(finding.subtheme), kind = \(finding.kind.rawValue), wording = \(finding.text),
                language = \(finding.language.code), document = \(finding.printed.document), flag = \(finding.flag),
                continues = \(finding.continues), is_small = \(finding.isSmall), review = \(finding.review)
            WHERE id = \(finding.id)
            """)
        try transaction.run("DELETE FROM finding_fact WHERE finding_id = \(finding.id)")
        try transaction.run("DELETE FROM finding_place WHERE finding_id = \(finding.id)")
        try transaction.run("DELETE FROM finding_need WHERE finding_id = \(finding.id)")
        try insertLists(of: [finding])
    }

    private static func values(_ finding: Finding, on day: Day) -> [SQLValue] {
        let printed = finding.printed
        return [
            finding.id.sqlValue, finding.scan.sqlValue, .text(finding.code), finding.number.sqlValue,
            .text(finding.focus.rawValue), .text(finding.theme), optional(finding.subtheme),
            .text(finding.kind.rawValue), .text(finding.text), .text(finding.language.code), .text(printed.document),
            printed.table?.sqlValue ?? .null, optional(printed.title), optional(printed.section),
            optional(printed.under), optional(finding.flag), finding.isContested.sqlValue,
            .text(finding.state.rawValue), finding.mergedInto?.sqlValue ?? .null,
            finding.continues?.sqlValue ?? .null, .text(finding.origin.rawValue), optional(finding.originId),
            day.sqlValue, finding.isSmall.sqlValue, optional(finding.review),
        ]
    }

    private static func optional(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }

    /// Facts, places and needs of findings that have none yet.
    private func insertLists(of findings: [Finding]) throws {
        let empty = ""
        try transaction.run(
            "INSERT INTO finding_fact (finding_id, number, wording) VALUES (\(empty), \(0), \(empty))",
            each: findings.flatMap { finding in
                finding.facts.enumerated().map { [finding.id.sqlValue, ($0 + 1).sqlValue, .text($1)] }
            })
        try transaction.run(
            "INSERT INTO finding_place (finding_id, place) VALUES (\(empty), \(empty))",
            each: findings.flatMap { finding in
                Set(finding.places).sorted().map { [finding.id.sqlValue, .text($0)] }
            })
        try transaction.run(
            "INSERT INTO finding_need (finding_id, need) VALUES (\(empty), \(empty))",
            each: findings.flatMap { finding in
                Set(finding.needs).sorted().map { [finding.id.sqlValue, .text($0)] }
            })
    }

    private func insertPositions(of findings: [Finding]) throws {
        let empty = ""
        try transaction.run(
            """
            INSERT INTO finding_position (finding_id, number, author, dated, source, wording)
            VALUES (\(empty), \(0), \(empty), \(String?.none), \(empty), \(empty))
            """,
            each: findings.flatMap { finding in
                finding.positions.enumerated().map { index, position in
                    [
                        finding.id.sqlValue, (index + 1).sqlValue, .text(position.author),
                        Self.optional(position.date), .text(position.source), .text(position.text),
                    ]
                }
            })
    }

    func set(_ state: Finding.State, of id: Identifier<Finding>) throws {
        try transaction.run("UPDATE finding SET state = \(state.rawValue) WHERE id = \(id)")
    }

    /// Whole findings in the given order; ids that are not there are left out.
    func findings(_ ids: [Identifier<Finding>]) throws -> [Finding] {
        var found: [Finding] = []
        for start in stride(from: 0, to: ids.count, by: Self.batch) {
            found += try batch(Array(ids[start..<min(start + Self.batch, ids.count)]))
        }
        return found
    }

    /// No database binds any number of values in one statement.
    private static let batch = 1000

    private func batch(_ ids: [Identifier<Finding>]) throws -> [Finding] {
        let rows = try transaction.rows(
            """
            SELECT id, scan_id, code, number, focus, theme, subtheme, kind, wording, language, document, table_number,
                table_title, section, printed_under, flag, is_contested, state, merged_into, continues, origin, origin_id,
                is_small, review
            FROM finding WHERE id IN (\(list: ids))
            """)
        var found: [Identifier<Finding>: Finding] = [:]
        for row in rows {
            let finding = try finding(row)
            found[finding.id] = finding
        }
        try fill(&found)
        return ids.compactMap { found[$0] }
    }

    func finding(_ id: Identifier<Finding>) throws -> Finding? { try findings([id]).first }

    private func finding(_ row: Row) throws -> Finding {
        func choice<Value: RawRepresentable<String>>(_ column: String, _ type: Value.Type) throws -> Value {
            guard let value = Value(rawValue: try row.text(column)) else {
                throw StorageFailure.unexpectedColumn(column)
            }
            return value
        }
        let printed = Finding.Printed(
            document: try row.text("document"),
            table: row["table_number"] == .null ? nil : try row.integer("table_number"),
            title: row.optionalText("table_title"), section: row.optionalText("section"),
            under: row.optionalText("printed_under"))
        var finding = Finding(
            id: try row.identifier("id"), scan: try row.identifier("scan_id"), code: try row.text("code"),
            number: try row.integer("number"), focus: try choice("focus", Finding.Focus.self),
            theme: try row.text("theme"), subtheme: row.optionalText("subtheme"),
            kind: try choice("kind", Finding.Kind.self), text: try row.text("wording"), printed: printed,
            origin: try choice("origin", Finding.Origin.self))
        finding.language = Language(try row.text("language"))
        finding.flag = row.optionalText("flag")
        finding.isSmall = try row.integer("is_small") == 1
        finding.review = row.optionalText("review")
        finding.isContested = try row.integer("is_contested") == 1
        finding.state = try choice("state", Finding.State.self)
        finding.mergedInto = row.optionalText("merged_into").flatMap(Identifier.init)
        finding.continues = row.optionalText("continues").flatMap(Identifier.init)
        finding.originId = row.optionalText("origin_id")
        return finding
    }

    private func fill(_ found: inout [Identifier<Finding>: Finding]) throws {
        let ids = Array(found.keys)
        for row in try transaction.rows(
            "SELECT finding_id, wording FROM finding_fact WHERE finding_id IN (\(list: ids)) ORDER BY finding_id, number"
        ) {
            found[try row.identifier("finding_id")]?.facts.append(try row.text("wording"))
        }
        for row in try transaction.rows(
            "SELECT finding_id, place FROM finding_place WHERE finding_id IN (\(list: ids)) ORDER BY finding_id, place")
        {
            found[try row.identifier("finding_id")]?.places.append(try row.text("place"))
        }
        for row in try transaction.rows(
            "SELECT finding_id, need FROM finding_need WHERE finding_id IN (\(list: ids)) ORDER BY finding_id, need")
        {
            found[try row.identifier("finding_id")]?.needs.append(try row.text("need"))
        }
        for row in try transaction.rows(
            """
            SELECT finding_id, author, dated, source, wording FROM finding_position
            WHERE finding_id IN (\(list: ids)) ORDER BY finding_id, COALESCE(dated, '9999'), author, number
            """)
        {
            found[try row.identifier("finding_id")]?.positions.append(
                Finding.Position(
                    author: try row.text("author"), date: row.optionalText("dated"), source: try row.text("source"),
                    text: try row.text("wording")))
        }
    }
}
