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

    func insert(_ finding: Finding, on day: Day) throws {
        try transaction.run(
            """
            INSERT INTO finding (id, scan_id, code, number, focus, theme, subtheme, kind, wording, language, document,
                table_number, table_title, section, printed_under, flag, is_contested, state, merged_into, continues,
                origin, origin_id, made_on)
            VALUES (\(finding.id), \(finding.scan), \(finding.code), \(finding.number), \(finding.focus.rawValue),
                \(finding.theme), \(finding.subtheme), \(finding.kind.rawValue), \(finding.text),
                \(finding.language.code), \(finding.printed.document), \(finding.printed.table),
                \(finding.printed.title), \(finding.printed.section), \(finding.printed.under), \(finding.flag),
                \(finding.isContested), \(finding.state.rawValue), \(finding.mergedInto), \(finding.continues),
                \(finding.origin.rawValue), \(finding.originId), \(day))
            """)
        try insertParts(of: finding)
    }

    /// Facts, places, needs and positions of a finding that has none yet.
    private func insertParts(of finding: Finding) throws {
        for (index, fact) in finding.facts.enumerated() {
            try transaction.run(
                "INSERT INTO finding_fact (finding_id, number, wording) VALUES (\(finding.id), \(index + 1), \(fact))")
        }
        for place in Set(finding.places).sorted() {
            try transaction.run("INSERT INTO finding_place (finding_id, place) VALUES (\(finding.id), \(place))")
        }
        for need in Set(finding.needs).sorted() {
            try transaction.run("INSERT INTO finding_need (finding_id, need) VALUES (\(finding.id), \(need))")
        }
        for (index, position) in finding.positions.enumerated() {
            try transaction.run(
                """
                INSERT INTO finding_position (finding_id, number, author, dated, source, wording)
                VALUES (\(finding.id), \(index + 1), \(position.author), \(position.date), \(position.source),
                    \(position.text))
                """)
        }
    }

    /// Whole findings in the given order; ids that are not there are left out.
    func findings(_ ids: [Identifier<Finding>]) throws -> [Finding] {
        guard !ids.isEmpty else { return [] }
        let rows = try transaction.rows(
            """
            SELECT id, scan_id, code, number, focus, theme, subtheme, kind, wording, language, document, table_number,
                table_title, section, printed_under, flag, is_contested, state, merged_into, continues, origin, origin_id
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
            WHERE finding_id IN (\(list: ids)) ORDER BY finding_id, number
            """)
        {
            found[try row.identifier("finding_id")]?.positions.append(
                Finding.Position(
                    author: try row.text("author"), date: row.optionalText("dated"), source: try row.text("source"),
                    text: try row.text("wording")))
        }
    }
}
