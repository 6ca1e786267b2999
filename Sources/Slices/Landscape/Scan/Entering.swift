import Formats
package import Kernel
import Storage

/// What came of a file of findings: how many are new, and each row that was not taken, with what is wrong.
package struct FindingReport: Sendable {
    package var added = 0
    package var unchanged = 0
    package var rejected: [(place: Int, faults: [(field: String, code: String)])] = []
    package let isDryRun: Bool
}

extension Landscape {
    /// Keeps a finding as a draft. The same `id` again changes nothing, so that a form can be sent twice.
    package func enter(
        _ draft: FindingDraft, id: Identifier<Finding>, in scan: Scan, by actor: Actor
    ) async throws {
        let (now, region) = (world.now(), region)
        try await database.write { transaction in
            let store = FindingStore(transaction)
            guard try store.finding(id) == nil else { return }
            let finding = try draft.finding(
                id: id, scan: scan.id, number: store.nextNumber(in: scan.id), origin: .entry, region,
                earlier: store.baselineCodes())
            try store.insert(finding, on: now.day)
            try AuditChain(transaction).append(
                AuditChain.Deed(actor: actor, verb: "enter", kind: "finding", record: id.description), at: now)
        }
    }

    /// Takes rows in as drafts of a scan: all good ones, or with `isDryRun` none. Rows that are there by their code stay as they
    /// are; rows that cannot be taken are named.
    package func take(
        _ file: FindingFile, into code: String, isDryRun: Bool, by actor: Actor
    ) async throws -> FindingReport {
        guard actor.may(.keepLandscape) else { throw ScanRefusal.notAllowed }
        let scan = try await scan(code)
        let (now, region) = (world.now(), region)
        return try await database.write { transaction in
            let store = FindingStore(transaction)
            var report = FindingReport(isDryRun: isDryRun)
            var number = try store.nextNumber(in: scan.id)
            var codes = try store.codes(of: scan.id)
            let earlier = try store.baselineCodes()
            var findings: [Finding] = []
            for line in file.lines {
                let draft = FindingDraft(line.values)
                let name = draft.code.isEmpty ? "fnd-\(number)" : draft.code
                guard codes.insert(name).inserted else {
                    report.unchanged += 1
                    continue
                }
                do {
                    findings.append(
                        try draft.finding(
                            id: .named("scan/\(scan.code)/\(name)"), scan: scan.id, number: number, origin: .file,
                            region, earlier: earlier))
                    number += 1
                } catch let error as Problems {
                    report.rejected.append((line.place, error.faults))
                }
            }
            report.added = findings.count
            guard !isDryRun, !findings.isEmpty else { return report }
            try store.insert(findings, on: now.day)
            try AuditChain(transaction).append(
                AuditChain.Deed(actor: actor, verb: "take", kind: "scan", record: scan.id.description), at: now)
            return report
        }
    }

    /// Drafts of all scans, the oldest first.
    package func drafts() async throws -> [Finding] {
        try await database.read { transaction in
            let ids = try transaction.rows(
                "SELECT finding.id FROM finding WHERE state = 'draft' ORDER BY made_on, number, id LIMIT 500"
            ).map { try $0.identifier("id", of: Finding.self) }
            return try FindingStore(transaction).findings(ids)
        }
    }

    /// All published findings of a scan as a table with HXL hashtags.
    package func sheet(of scan: Scan) async throws -> [UInt8] {
        let region = region
        return try await database.read { transaction in
            let store = FindingStore(transaction)
            let findings = try store.published(in: scan.id)
            let codes = Dictionary(uniqueKeysWithValues: try store.baselineCodes().map { ($1, $0) })
            var sheet = FindingSheet()
            for finding in findings {
                let places = finding.places.map { region.place($0, .english) ?? $0 }
                sheet.add(finding, scan: scan, places: places, continues: finding.continues.flatMap { codes[$0] })
            }
            return sheet.bytes
        }
    }
}

extension FindingStore {
    /// Ids of the baseline's findings by their codes.
    func baselineCodes() throws -> [String: Identifier<Finding>] {
        let rows = try transaction.rows(
            """
            SELECT finding.code, finding.id FROM scan JOIN finding ON finding.scan_id = scan.id
            WHERE scan.is_baseline = 1
            """)
        return Dictionary(try rows.map { (try $0.text("code"), try $0.identifier("id")) }) { first, _ in first }
    }

    fileprivate func codes(of scan: Identifier<Scan>) throws -> Set<String> {
        Set(try transaction.rows("SELECT code FROM finding WHERE scan_id = \(scan)").map { try $0.text("code") })
    }

    /// All published findings of a scan, in its order.
    func published(in scan: Identifier<Scan>) throws -> [Finding] {
        let ids = try transaction.rows(
            "SELECT id FROM finding WHERE scan_id = \(scan) AND state = 'published' ORDER BY number"
        ).map { try $0.identifier("id", of: Finding.self) }
        var found: [Finding] = []
        for start in stride(from: 0, to: ids.count, by: 1000) {
            found += try findings(Array(ids[start..<min(start + 1000, ids.count)]))
        }
        return found
    }
}
