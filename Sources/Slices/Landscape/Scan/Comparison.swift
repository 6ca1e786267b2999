import Formats
package import Kernel
import Storage

/// The gaps and barriers of the baseline beside what a later scan says of them.
package struct Comparison: Sendable {
    package let baseline: Scan
    package let scan: Scan
    /// Something exists now where something was missing.
    package var closed: [Finding] = []
    /// It is still missing, or still in the way.
    package var open: [Finding] = []
    /// Missing or in the way, where the baseline says that it exists: what is said now.
    package var lost: [Finding] = []
    /// Missing or in the way, and no such gap stood in the baseline.
    package var new: [Finding] = []
    /// Nobody wrote of it again, which does not close it.
    package var unlooked: [Finding] = []
    /// By what is listed above, what the other scan says of the same thing.
    package var beside: [Identifier<Finding>: [Finding]] = [:]
}

extension Landscape {
    /// - Throws: `noScan` where there is no scan of that name, no baseline, or the scan is the baseline.
    package func comparison(of code: String) async throws -> Comparison {
        let known = try await scans()
        guard let baseline = known.first(where: \.isBaseline), let scan = known.first(where: { $0.code == code }),
            scan.id != baseline.id
        else { throw ScanRefusal.noScan }
        return try await database.read { transaction in
            let store = FindingStore(transaction)
            var comparison = Comparison(baseline: baseline, scan: scan)
            let later = try store.missing(in: scan.id, alsoExisting: true)
            let earlier = try store.standing(later.compactMap(\.continues))
            for finding in later {
                let old = finding.continues.flatMap { earlier[$0] }
                if let old, old.kind == .gap || old.kind == .barrier {
                    comparison.beside[old.id, default: []].append(finding)
                } else if finding.kind != .existing {
                    if let old, old.kind == .existing {
                        comparison.lost.append(finding)
                        comparison.beside[finding.id] = [old]
                    } else {
                        comparison.new.append(finding)
                    }
                }
            }
            for gap in try store.missing(in: baseline.id, alsoExisting: false) {
                let said = comparison.beside[gap.id] ?? []
                if said.contains(where: { $0.kind != .existing }) {
                    comparison.open.append(gap)
                } else if said.isEmpty {
                    comparison.unlooked.append(gap)
                } else {
                    comparison.closed.append(gap)
                }
            }
            return comparison
        }
    }
}

extension FindingStore {
    /// What stands published for each of the findings: itself, or the one that it was merged into. Nothing for what was
    /// withdrawn.
    fileprivate func standing(_ ids: [Identifier<Finding>]) throws -> [Identifier<Finding>: Finding] {
        var (next, standing) = (Dictionary(ids.map { ($0, $0) }) { one, _ in one }, [Identifier<Finding>: Finding]())
        // A chain of merges is short; a ring cannot keep us.
        for _ in 0..<20 where !next.isEmpty {
            let found = Dictionary(
                uniqueKeysWithValues: try findings(Set(next.values).sorted()).map { ($0.id, $0) })
            for (id, last) in next {
                if let finding = found[last], finding.state == .published { standing[id] = finding }
                next[id] = found[last]?.mergedInto
            }
        }
        return standing
    }

    /// Published gaps and barriers of a scan, with what exists or not, in their order.
    fileprivate func missing(in scan: Identifier<Scan>, alsoExisting: Bool) throws -> [Finding] {
        let kinds: [Finding.Kind] = alsoExisting ? [.gap, .barrier, .existing] : [.gap, .barrier]
        let ids = try transaction.rows(
            """
            SELECT id FROM finding WHERE scan_id = \(scan) AND state = 'published'
            AND kind IN (\(list: kinds.map(\.rawValue))) ORDER BY number
            """
        ).map { try $0.identifier("id", of: Finding.self) }
        return try findings(ids)
    }
}

extension Finding {
    /// One line of JSON: what became of it, its code and its text.
    package func line(of word: String) -> String {
        var json = JSONText()
        json.object { json in
            json.member("is", word)
            json.member("code", code)
            json.member("text", text)
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
