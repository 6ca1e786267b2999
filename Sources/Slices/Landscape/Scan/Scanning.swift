import Formats
import Foundation
package import Kernel
import Storage

extension Landscape {
    /// Puts the region's scan in as the baseline where there is none. What is there stays.
    func loadBaseline(region folder: URL) async throws {
        let files = folder.appending(path: "landscape")
        guard FileManager.default.fileExists(atPath: files.appending(path: "findings.json").path) else { return }
        if try await scans().contains(where: \.isBaseline) { return }
        _ = try await load(ScanFolder(files, isBaseline: true), by: .commandLine("start"))
    }

    /// Takes a whole scan in, once: loading the same again changes nothing. The number of findings added.
    /// - Throws: `otherBaseline` over another baseline, `scanExists` over another scan of that name.
    @discardableResult
    package func load(_ folder: ScanFolder, by actor: Actor) async throws -> Int {
        guard actor.may(.keepLandscape) else { throw ScanRefusal.notAllowed }
        let (now, region) = (world.now(), region)
        return try await database.write { transaction in
            let store = FindingStore(transaction)
            let known = try store.scans()
            if folder.scan.isBaseline, let baseline = known.first(where: \.isBaseline) {
                guard baseline.digest == folder.scan.digest else { throw ScanRefusal.otherBaseline }
                return 0
            }
            if let same = known.first(where: { $0.code == folder.scan.code }) {
                guard same.digest == folder.scan.digest else { throw ScanRefusal.scanExists }
                return 0
            }
            try store.insert(folder.scan)
            var findings = try folder.findings(earlier: store.baselineCodes())
            for index in findings.indices where findings[index].awaitsReview(region) { findings[index].state = .draft }
            try store.insert(findings, on: now.day)
            try AuditChain(transaction).append(
                AuditChain.Deed(actor: actor, verb: "load", kind: "scan", record: folder.scan.id.description), at: now)
            return findings.count
        }
    }

    /// Opens an empty scan, compared with the baseline later. Opening it again with the same words changes nothing.
    package func begin(_ code: String, title: String, published: String, by actor: Actor) async throws -> Scan {
        guard actor.may(.keepLandscape) else { throw ScanRefusal.notAllowed }
        try Self.checkScan(code, title, published)
        let scan = Scan(
            id: .named("scan/\(code)"), code: code, title: title, published: published, isBaseline: false, digest: nil)
        let now = world.now()
        return try await database.write { transaction in
            let store = FindingStore(transaction)
            if let known = try store.scans().first(where: { $0.code == code }) {
                guard known == scan else { throw ScanRefusal.scanExists }
                return known
            }
            try store.insert(scan)
            try AuditChain(transaction).append(
                AuditChain.Deed(actor: actor, verb: "begin", kind: "scan", record: scan.id.description), at: now)
            return scan
        }
    }

    static func checkScan(_ code: String, _ title: String, _ published: String) throws(Problems) {
        var problems = Problems()
        let letters = code.utf8.allSatisfy { 0x61...0x7a ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x2d }
        if code.isEmpty || code.utf8.count > 20 || !letters { problems.add("code", "not-a-name") }
        if title.isEmpty || title.utf8.count > 300 { problems.add("title", "required") }
        let isMonth = Day(published) != nil || Day("\(published)-01") != nil || Day("\(published)-01-01") != nil
        if !isMonth { problems.add("published", "not-a-date") }
        try problems.check()
    }

    /// All scans, the newest last.
    package func scans() async throws -> [Scan] { try await database.read { try FindingStore($0).scans() } }

    /// The scan of that name; the baseline for nil, then the oldest.
    package func scan(_ code: String?) async throws -> Scan {
        let scans = try await scans()
        let found =
            code.map { code in scans.first { $0.code == code } } ?? scans.first(where: \.isBaseline) ?? scans.first
        guard let found else { throw ScanRefusal.noScan }
        return found
    }

    /// A finding that anybody may see; where it was merged, the one it was merged into.
    package func publishedFinding(_ id: Identifier<Finding>) async throws -> Finding? {
        try await database.read { transaction in
            let store = FindingStore(transaction)
            guard let finding = try store.finding(id) else { return nil }
            let last = try store.end(of: finding)
            return last.state == .published ? last : nil
        }
    }

    /// Shows a draft to everybody, takes a finding out of sight, or puts it back.
    package func setState(
        _ state: Finding.State, of id: Identifier<Finding>, by actor: Actor, of desk: String? = nil
    ) async throws {
        guard actor.may(.keepLandscape) else { throw ScanRefusal.notAllowed }
        let (now, region) = (world.now(), region)
        try await database.write { transaction in
            let store = FindingStore(transaction)
            guard let finding = try store.finding(id) else { throw ScanRefusal.noFinding }
            guard finding.state != state else { return }
            guard finding.state != .merged, state != .merged else { throw ScanRefusal.wrongState }
            if state == .published, finding.isContested, !finding.hasTwoSides { throw ScanRefusal.oneSided }
            if state == .published, try RemarkStore(transaction).hasOpen(about: id.description) {
                throw ScanRefusal.openRemarks
            }
            if state == .published, finding.awaitsReview(region) { throw ScanRefusal.unreviewed }
            try store.set(state, of: id)
            var changed = finding
            changed.state = state
            try store.add(changed.changes(from: finding, at: now, by: actor, of: desk), to: id)
            try AuditChain(transaction).append(
                AuditChain.Deed(
                    actor: actor, verb: state == .published ? "publish" : "withdraw", kind: "finding",
                    record: id.description, field: "state"), at: now)
        }
    }
}
