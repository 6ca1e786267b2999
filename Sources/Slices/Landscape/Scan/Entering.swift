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
    /// Keeps a finding as a draft. The same `id` again changes nothing, or with other words corrects the draft that it made,
    /// so that a form can be sent twice.
    /// - Parameter desk: whose draft it is.
    /// - Throws: `printed` for the baseline, `entered` where the draft of that `id` is no draft of this desk any more.
    package func enter(
        _ draft: FindingDraft, id: Identifier<Finding>, in scan: Scan, by actor: Actor, of desk: String? = nil
    ) async throws {
        guard actor.clearance > .everyone else { throw ScanRefusal.notAllowed }
        let (now, region) = (world.now(), region)
        try await database.write { transaction in
            let store = FindingStore(transaction)
            guard let scan = try store.scans().first(where: { $0.id == scan.id }) else { throw ScanRefusal.noScan }
            if scan.isBaseline { throw ScanRefusal.printed }
            let earlier = try store.baselineCodes()
            var number = try store.nextNumber(in: scan.id)
            let place = number
            let code = try Finding.freeCode(from: &number) { try store.isTaken($0, in: scan.id) }
            let known = try store.finding(id)
            var finding: Finding
            if let known {
                finding = try draft.correction(of: known, region, earlier: earlier)
                if finding == known, known.scan == scan.id { return }
                let isOwn = try actor.may(.keepLandscape) || store.desk(of: id) == desk
                guard known.scan == scan.id, known.state == .draft, known.origin == .entry, isOwn else {
                    throw ScanRefusal.entered
                }
                try store.update(finding)
            } else {
                finding = try draft.finding(
                    id: id, scan: scan.id, code: code, number: place, origin: .entry, region, earlier: earlier)
                try store.insert(finding, on: now.day)
                if let desk { try store.setDesk(desk, of: id) }
            }
            try AuditChain(transaction).append(
                AuditChain.Deed(
                    actor: actor, verb: known == nil ? "enter" : "correct", kind: "finding", record: id.description),
                at: now)
        }
    }

    /// Takes rows in as drafts of a scan: all good ones, or with `isDryRun` none. Rows that are there stay as they are: by
    /// their code, without one by their words. Rows that cannot be taken are named.
    package func take(
        _ file: FindingFile, into code: String, isDryRun: Bool, by actor: Actor
    ) async throws -> FindingReport {
        guard actor.may(.keepLandscape) else { throw ScanRefusal.notAllowed }
        let scan = try await scan(code)
        if scan.isBaseline { throw ScanRefusal.printed }
        let (now, region) = (world.now(), region)
        if isDryRun {
            return try await database.read {
                try FindingStore($0).sift(file, into: scan, region, isDryRun: true).report
            }
        }
        return try await database.write { transaction in
            let store = FindingStore(transaction)
            let (report, findings) = try store.sift(file, into: scan, region, isDryRun: false)
            guard !findings.isEmpty else { return report }
            try store.insert(findings, on: now.day)
            try AuditChain(transaction).append(
                AuditChain.Deed(actor: actor, verb: "take", kind: "scan", record: scan.id.description), at: now)
            return report
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

    func isTaken(_ code: String, in scan: Identifier<Scan>) throws -> Bool {
        try transaction.row("SELECT id FROM finding WHERE scan_id = \(scan) AND code = \(code)") != nil
    }

    /// What of a file is new in a scan, and what is wrong with the rest. Nothing is written.
    fileprivate func sift(
        _ file: FindingFile, into scan: Scan, _ region: RegionLookup, isDryRun: Bool
    ) throws -> (report: FindingReport, findings: [Finding]) {
        let rows = try transaction.rows(
            "SELECT code, focus, kind, theme, wording, document FROM finding WHERE scan_id = \(scan.id)")
        let there = Set(try rows.map { try $0.text("code") })
        let words = Set(
            try rows.map { row in
                try ["focus", "kind", "theme", "wording", "document"].map { try row.text($0) }
            })
        let drafts = file.lines.map { (place: $0.place, draft: FindingDraft($0.values)) }
        var taken = there.union(drafts.lazy.map(\.draft.code))
        var inFile: Set<String> = []
        let earlier = try baselineCodes()
        var number = try nextNumber(in: scan.id)
        var (free, report, findings) = (number, FindingReport(isDryRun: isDryRun), [Finding]())
        for (place, draft) in drafts {
            let isThere =
                draft.code.isEmpty
                ? words.contains([draft.focus, draft.kind, draft.theme, draft.text, draft.source])
                : there.contains(draft.code)
            if isThere {
                report.unchanged += 1
                continue
            }
            let name =
                draft.code.isEmpty ? Finding.freeCode(from: &free) { taken.contains($0) } : draft.code
            do throws(Problems) {
                if inFile.contains(name) { throw Problems("code", "twice") }
                findings.append(
                    try draft.finding(
                        id: .named("scan/\(scan.code)/\(name)"), scan: scan.id, code: name, number: number,
                        origin: .file, region, earlier: earlier))
                taken.insert(name)
                inFile.insert(name)
                number += 1
            } catch {
                report.rejected.append((place, error.faults))
            }
        }
        report.added = findings.count
        return (report, findings)
    }

    /// All published findings of a scan, in its order.
    func published(in scan: Identifier<Scan>) throws -> [Finding] {
        let ids = try transaction.rows(
            "SELECT id FROM finding WHERE scan_id = \(scan) AND state = 'published' ORDER BY number"
        ).map { try $0.identifier("id", of: Finding.self) }
        return try findings(ids)
    }
}
