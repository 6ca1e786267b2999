import Formats
package import Kernel
import Storage

/// Which findings a desk looks through.
struct DeskFilter: Sendable {
    var state = Finding.State.draft
    /// The name of a scan; nil for all.
    var scan: String?
    /// The code of one finding.
    var code: String?
    var page = 1

    static let states: [Finding.State] = [.draft, .published, .withdrawn]
    static let rows = 50
}

/// A page of findings for a desk, and how many there are in each state.
struct DeskFindings: Sendable {
    let filter: DeskFilter
    let findings: [Finding]
    /// All that the filter asks for, on any page.
    let count: Int
    let counts: [Finding.State: Int]
    let scans: [Scan]
    /// About a small community, of which nobody looked yet whether they could harm.
    let awaiting: Set<Identifier<Finding>>
}

/// A finding that is open to be corrected.
struct OpenFinding: Sendable {
    let finding: Finding
    /// The code of the earlier finding that it says something new about.
    let continues: String?
    /// Others have seen it, so that its words of now stay in its history.
    let isSeen: Bool
    /// The newest first; for those who keep the landscape alone.
    let changes: [FindingChange]
    /// Codes of earlier findings by their ids, for the changes.
    let codes: [String: String]
}

extension Landscape {
    /// Findings for a desk, the oldest first: all for those who keep the landscape, else the desk's own drafts.
    func findings(_ filter: DeskFilter, for actor: Actor, of desk: String?) async throws -> DeskFindings {
        let (isKeeper, region) = (actor.may(.keepLandscape), region)
        let scans = try await scans()
        return try await database.read { transaction in
            var asked: SQL = "finding.merged_into IS NULL"
            if !isKeeper {
                asked = """
                    \(asked) AND finding.state = 'draft' AND finding.scan_id NOT IN (SELECT id FROM scan WHERE is_baseline = 1)
                    AND finding.id IN (SELECT finding_id FROM finding_desk WHERE desk = \(desk ?? ""))
                    """
            }
            if let scan = scans.first(where: { $0.code == filter.scan }) {
                asked = "\(asked) AND finding.scan_id = \(scan.id)"
            }
            if let code = filter.code { asked = "\(asked) AND finding.code = \(code)" }
            var counts: [Finding.State: Int] = [:]
            for row in try transaction.rows(
                "SELECT state, COUNT(*) AS count FROM finding WHERE \(asked) GROUP BY state")
            {
                if let state = Finding.State(rawValue: try row.text("state")) {
                    counts[state] = try row.integer("count")
                }
            }
            let ids = try transaction.rows(
                """
                SELECT id FROM finding WHERE \(asked) AND finding.state = \(filter.state.rawValue)
                ORDER BY made_on, number, id LIMIT \(DeskFilter.rows) OFFSET \((filter.page - 1) * DeskFilter.rows)
                """
            ).map { try $0.identifier("id", of: Finding.self) }
            let findings = try FindingStore(transaction).findings(ids)
            return DeskFindings(
                filter: filter, findings: findings, count: counts[filter.state] ?? 0, counts: counts, scans: scans,
                awaiting: Set(findings.filter { $0.state != .published && $0.awaitsReview(region) }.map(\.id)))
        }
    }

    /// A finding with what was changed of it, to be corrected.
    /// - Throws: `noFinding` for who may not see it, `printed` for a row of the baseline.
    func opened(_ id: Identifier<Finding>, by actor: Actor, of desk: String?) async throws -> OpenFinding {
        try await database.read { transaction in
            let store = FindingStore(transaction)
            let finding = try store.correctable(id, by: actor, of: desk)
            let codes = Dictionary(try store.baselineCodes().map { ($1.description, $0) }) { one, _ in one }
            return OpenFinding(
                finding: finding, continues: finding.continues.flatMap { codes[$0.description] },
                isSeen: try store.isSeen(finding), changes: actor.may(.keepLandscape) ? try store.changes(of: id) : [],
                codes: codes)
        }
    }

    /// Writes a finding anew. Of what others have seen, the words before stay in its history; of a draft they do not, so that
    /// what should never have been written is gone. Nothing new changes nothing.
    /// - Parameter mark: of the finding as it stood in the form.
    /// - Throws: what `opened` throws, and `Problems`, also where somebody else changed it meanwhile.
    package func correct(
        _ id: Identifier<Finding>, to draft: FindingDraft, seen mark: String, by actor: Actor, of desk: String? = nil
    ) async throws {
        let (now, region) = (world.now(), region)
        try await database.write { transaction in
            let store = FindingStore(transaction)
            let old = try store.correctable(id, by: actor, of: desk)
            let finding = try draft.correction(of: old, region, earlier: store.baselineCodes())
            if finding == old { return }
            guard old.mark == mark else { throw Problems("text", "finding-changed") }
            try store.update(finding)
            if try store.isSeen(old) {
                try store.add(finding.changes(from: old, at: now, by: actor, of: desk), to: id)
            }
            try AuditChain(transaction).append(
                AuditChain.Deed(actor: actor, verb: "correct", kind: "finding", record: id.description), at: now)
        }
        traces.leave()
    }
}

extension FindingStore {
    /// True for what is published, for those who keep the landscape, and for the desk that wrote the draft. What was coded is
    /// talked about by all who code. A merged one is seen as what it leads to: with a published one by all, with a draft by
    /// those whose draft it was itself, with a withdrawn one by nobody else.
    func shows(_ finding: Finding, to actor: Actor, of desk: String?) throws -> Bool {
        let last = try end(of: finding)
        if actor.may(.keepLandscape) || last.state == .published { return true }
        guard last.state == .draft, last.origin != .baseline else { return false }
        return try finding.origin == .coding || (desk != nil && self.desk(of: finding.id) == desk)
    }

    /// The finding that one leads to where it was merged; else itself. A chain of merges is short, and a ring cannot keep us:
    /// its end is a merged one.
    func end(of finding: Finding) throws -> Finding {
        var last = finding
        for _ in 0..<20 {
            guard let next = try last.mergedInto.flatMap(self.finding) else { break }
            last = next
        }
        return last
    }

    /// True for what was before all who may see it: not for a draft, nor for one that was merged as a draft.
    fileprivate func isSeen(_ finding: Finding) throws -> Bool {
        guard finding.state == .merged else { return finding.state != .draft }
        return try transaction.row(
            """
            SELECT scan.id FROM scan WHERE id = \(finding.scan) AND (digest IS NOT NULL OR EXISTS (
                SELECT 1 FROM finding_change WHERE finding_id = \(finding.id) AND field = 'state'))
            """) != nil
    }

    fileprivate func correctable(_ id: Identifier<Finding>, by actor: Actor, of desk: String?) throws -> Finding {
        guard let finding = try finding(id), try shows(finding, to: actor, of: desk) else {
            throw ScanRefusal.noFinding
        }
        let isOwn = try desk != nil && finding.state == .draft && self.desk(of: id) == desk
        guard isOwn || actor.may(.keepLandscape) else { throw ScanRefusal.noFinding }
        if try scans().contains(where: { $0.id == finding.scan && $0.isBaseline }) { throw ScanRefusal.printed }
        return finding
    }
}
