import Kernel
import Storage
package import Web

extension Landscape {
    /// A whole scan as a document: what it cannot tell first, then its messages, figures and tables as printed, with the
    /// positions on what is contested, what was decided since, and what it lists.
    package func report(of scan: Scan, in words: Words) async throws -> ScanReport {
        let tables = try await tables(of: scan)
        let (findings, absent) = try await database.read { transaction in
            (try FindingStore(transaction).published(in: scan.id), try Self.absences(of: scan, in: transaction))
        }
        let parts = Dictionary(grouping: findings) { finding in tables.firstIndex { $0.holds(finding) } }
        let priorities = try await priorities()
        let plan = try await plan(words.language)
        let votes = try await votes().filter { $0.state == .closed }
        var writer = ReportWriter(words: words, region: region, library: library, scan: scan)
        writer.addLimits(absent: absent)
        if scan.isBaseline {
            writer.addMessages()
            writer.addFigures()
        } else if try await scans().contains(where: \.isBaseline) {
            writer.add(try await comparison(of: scan.code))
        }
        for (index, table) in tables.enumerated() where table.published > 0 {
            writer.add(table, parts[index] ?? [])
        }
        if let rest = parts[nil] { writer.addRows(rest, under: .init(words(.scanFindings))) }
        if scan.isBaseline { writer.add(priorities) }
        writer.add(plan)
        writer.add(votes)
        if scan.isBaseline { writer.addLists() }
        return writer.report
    }

    /// Which state of the landscape a document of a scan tells of: every change of what is in one has a row in the audit chain.
    /// Votes whose time is over are counted before. Ballots change nothing here, or how long a page takes would tell of each.
    func newest() async throws -> Int {
        try await countWhatIsOver()
        return try await database.read { try $0.row(Self.newestEntry)?.integer("number") ?? 0 }
    }

    /// The condition is that of the index `audit_of_documents`.
    static let newestEntry: SQL = """
        SELECT number FROM audit
        WHERE kind IN ('scan', 'finding', 'workshop', 'priority', 'vote', 'action', 'organization') AND verb <> 'vote'
        ORDER BY number DESC LIMIT 1
        """

    /// Of the closed workshops that findings of the scan come from: who was not in the room.
    private static func absences(of scan: Scan, in transaction: any Transaction) throws -> [Workshop] {
        let ids = try transaction.rows(
            """
            SELECT DISTINCT workshop_id FROM workshop_note
            WHERE finding_id IN (SELECT id FROM finding WHERE scan_id = \(scan.id) AND state = 'published')
            ORDER BY workshop_id
            """
        ).map { try $0.identifier("workshop_id", of: Workshop.self) }
        let store = WorkshopStore(transaction)
        return try ids.compactMap(store.workshop).filter { $0.door == nil && !$0.absent.isEmpty }
    }
}

/// What a scan cannot tell, the same on the first page and in the document.
struct ScanLimits {
    /// Whole sentences, some with what the scan itself says of it.
    let lines: [(said: String, own: [String], isEnglish: Bool)]

    /// - Parameters:
    ///   - scan: nil where there is none.
    ///   - meta: of the baseline.
    init(of scan: Scan?, _ meta: ScanLibrary.Meta?, absent: [Workshop], _ words: Words) {
        let sentences: [ScanPhrase] = [.scanLimitsWho, .scanLimitsPower, .scanGapsCaution]
        var lines = sentences.map { (words($0), [String](), false) }
        if scan?.isBaseline == true {
            if let meta { lines.append((words(.scanLimitsRoom), meta.limitations, true)) }
            lines.append((words(.scanLimitsLanguage), [], false))
        }
        lines += absent.map { workshop in
            let who = words(.absentSaid, ["title": workshop.title, "date": workshop.heldOn.description])
            return (who, [workshop.absent], false)
        }
        self.lines = lines
    }
}
