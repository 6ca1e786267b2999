import Kernel
import Web

/// One table of the report, or one of its sections without a table.
struct PrintedTable: Sendable, Equatable {
    /// In its address: the scan and which of its tables, such as `2024-1`.
    let id: String
    let origin: Finding.Origin
    let number: Int?
    let title: String?
    let section: String?
    let published: Int
    let held: Int

    /// As its address was before tables were counted, such as `t1` or `s2.1`.
    var formerName: String { number.map { "t\($0)" } ?? "s\(section ?? "")" }

    func holds(_ finding: Finding) -> Bool {
        let printed = finding.printed
        return finding.origin == origin && printed.table == number && printed.title == title
            && printed.section == section
    }

    func name(_ words: Words) -> ScanReport.Passage {
        guard let number else { return .init(words(.scanSection, ["number": section ?? ""])) }
        return .init(words(.scanTable, ["number": "\(number)", "title": ""])) + .init(title ?? "", in: .english)
    }
}

extension Scan {
    /// Where rows come from that stand in the document; nil for a scan that was not loaded from one.
    var printedOrigin: Finding.Origin? { digest == nil ? nil : isBaseline ? .baseline : .file }
}

/// The tables of a scan, in the order they were printed in.
struct PrintedPage {
    let choice: ScanChoice
    let tables: [PrintedTable]

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let scan = choice.shown
        return setting.page(
            words(.scanPrinted), path: "printed\(choice.query)",
            """
            <p class="lead">\(words(.scanPrintedLead))</p>
            <p>\(setting.said(scan.title)), \(scan.published)</p>
            \(choice.links("printed", setting))\(if: tables.isEmpty, "<p>\(words(.scanNotPrinted)) <a href=\"\(setting.path("findings"))\(choice.query)\">\(words(.scanFindings))</a></p>")
            <ul class="plain">\(tables.filter { $0.published > 0 }, { table in
            "<li><a href=\"\(setting.path("printed/\(table.id)"))\">\(table.name(words).html(on: setting.language))</a> <span class=\"quiet\">\(words(.scanRows, ["count": words.number(table.published)]))</span></li>\n" })</ul>
            """)
    }
}

/// The rows of one table as they were printed: what exists, gaps, barriers and opportunities.
struct PrintedTablePage {
    let scan: Scan
    let table: PrintedTable
    let findings: [Finding]

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let held = words(.scanHeld, ["count": words.number(table.held)])
        return setting.page(
            table.name(words).html(on: setting.language), path: "printed/\(table.id)",
            """
            <p>\(words(.scanSource)): \(setting.said(scan.title)), \(scan.published)\(findings.first.map { " (\(setting.source($0.printed)))" })</p>
            \(if: table.held > 0, "<p class=\"note\">\(held)</p>")
            \(parts, { part in
            "<section><h2>\(part.name(setting))</h2>\(rows(part.rows, part.name(setting), setting))</section>\n" })
            """)
    }

    private struct Part {
        let kinds: [Finding.Kind]
        var rows: [Finding] = []

        func name(_ setting: ScanSetting) -> String { kinds.map(setting.kind).joined(separator: " · ") }
    }

    /// The report prints barriers and opportunities under one heading, and some gaps with them.
    private var parts: [Part] {
        var parts = [Part(kinds: [.existing]), Part(kinds: [.gap]), Part(kinds: [.barrier, .opportunity])]
        for finding in findings {
            let place = finding.printed.under != nil ? 2 : finding.kind == .existing ? 0 : finding.kind == .gap ? 1 : 2
            parts[place].rows.append(finding)
        }
        return parts.filter { !$0.rows.isEmpty }
    }

    private func rows(_ rows: [Finding], _ name: String, _ setting: ScanSetting) -> HTML {
        let words = setting.words
        return HTML.wide(
            name,
            """
            <table><thead><tr><th scope="col">\(words(.scanTheme))</th><th scope="col">\(words(.scanFinding))</th></tr></thead><tbody>\(rows, { row in
            """
            <tr><th scope="row">\(setting.theme(row.theme, row.language))</th><td><a href="\(setting.path("findings/\(row.id)"))">\(setting.said(row.text, row.language))</a>\
            \(if: !row.facts.isEmpty, " <span class=\"quiet\">\(setting.said(row.facts.joined(separator: "; "), row.language))</span>")\
            \(if: row.isContested, " <strong>\(words(.scanContested))</strong>")</td></tr>

            """ })</tbody></table>
            """)
    }
}
