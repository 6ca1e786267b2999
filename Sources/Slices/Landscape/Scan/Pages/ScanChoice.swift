import Kernel
import Web

/// Which of the scans a page shows. Where there is one alone, nothing is asked.
struct ScanChoice: Sendable {
    let scans: [Scan]
    let shown: Scan

    /// - Parameter name: as an address has it; nil for the baseline, then the oldest.
    /// - Throws: `noScan` where there is none, `Problems` where that one is none.
    init(_ scans: [Scan], _ name: String?) throws {
        guard let first = scans.first(where: \.isBaseline) ?? scans.first else { throw ScanRefusal.noScan }
        self.scans = scans
        guard let name else {
            shown = first
            return
        }
        guard let named = scans.first(where: { $0.code == name }) else { throw Problems("scan", "unknown-choice") }
        shown = named
    }

    /// Nil for the one that is shown where none is named.
    var name: String? {
        shown.id == (scans.first(where: \.isBaseline) ?? scans.first)?.id ? nil : shown.code
    }

    /// What follows an address that names the scan alone.
    var query: String { name.map { "?scan=\($0)" } ?? "" }

    func field(_ setting: ScanSetting) -> HTML {
        guard scans.count > 1 else { return "" }
        return """
            <div><label for="f-scan">\(setting.words(.scanDeskScan))</label><select id="f-scan" name="scan">\(scans, { "<option value=\"\($0.code)\"\(if: $0.id == shown.id, " selected")>\(Self.called($0))</option>" })</select></div>

            """
    }

    /// For a page without a form: the others as links.
    func links(_ path: String, _ setting: ScanSetting) -> HTML {
        let others = scans.filter { $0.id != shown.id }
        guard !others.isEmpty else { return "" }
        return """
            <p>\(setting.words(.scanOthers)) \(others.enumerated(), { index, scan in
            "\(if: index > 0, " · ")<a href=\"\(setting.path(path))?scan=\(scan.code)\">\(Self.called(scan))</a>" })</p>
            """
    }

    private static func called(_ scan: Scan) -> String { "\(scan.code) – \(scan.title)" }
}
