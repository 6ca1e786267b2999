import Kernel
import Web

/// One table of the report, or one of its sections without a table.
struct PrintedTable: Sendable, Equatable {
    /// In its address, such as `2024-t1` or `2024-s2.1`.
    let id: String
    let number: Int?
    let title: String
    let section: String?
    let published: Int
    let held: Int
}

/// The tables of a scan, in the order they were printed in.
struct PrintedPage {
    let scan: Scan
    let tables: [PrintedTable]

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.scanPrinted), path: "printed",
            """
            <p class="lead">\(words(.scanPrintedLead))</p>
            <p>\(setting.said(scan.title)), \(scan.published)</p>
            <ul class="plain">\(tables, { table in
            "<li><a href=\"\(setting.path("printed/\(table.id)"))\">\(Self.name(table, setting))</a> <span class=\"quiet\">\(words(.scanRows, ["count": words.number(table.published)]))</span></li>\n" })</ul>
            """)
    }

    static func name(_ table: PrintedTable, _ setting: ScanSetting) -> String {
        table.number.map { setting.words(.scanTable, ["number": "\($0)", "title": table.title]) }
            ?? setting.words(.scanSection, ["number": table.section ?? ""])
    }
}

/// The rows of one table as they were printed: what exists, gaps, barriers and opportunities.
struct PrintedTablePage {
    let table: PrintedTable
    let findings: [Finding]

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let held = words(.scanHeld, ["count": words.number(table.held)])
        return setting.page(
            PrintedPage.name(table, setting), path: "printed/\(table.id)",
            """
            <p>\(words(.scanSource)): \(findings.first.map { "\(setting.source($0.printed))" })</p>
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
        return setting.scroll(
            name,
            """
            <table><thead><tr><th scope="col">\(words(.scanTheme))</th><th scope="col">\(words(.scanFinding))</th></tr></thead><tbody>\(rows, { row in
            """
            <tr><th scope="row">\(setting.theme(row.theme))</th><td><a href="\(setting.path("findings/\(row.id)"))">\(setting.said(row.text))</a>\
            \(if: !row.facts.isEmpty, " <span class=\"quiet\">\(setting.said(row.facts.joined(separator: "; ")))</span>")\
            \(if: row.isContested, " <strong>\(words(.scanContested))</strong>")</td></tr>

            """ })</tbody></table>
            """)
    }
}
