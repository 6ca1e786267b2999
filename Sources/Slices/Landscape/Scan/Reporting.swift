import Kernel
import Storage
package import Web

extension Landscape {
    /// The whole scan as a document: what it cannot tell first, then its messages, figures and tables as printed, with the
    /// positions on what is contested, and what it lists.
    package func report(of scan: Scan, in words: Words) async throws -> ScanReport {
        let findings = try await database.read { try FindingStore($0).published(in: scan.id) }
        let tables = try await tables(of: scan)
        let writer = ReportWriter(words: words, region: region, library: library)
        var report = ScanReport(words.language)
        report.add(.heading(1, "\(scan.title), \(scan.published)"))
        writer.addLimits(to: &report)
        if scan.isBaseline {
            writer.addMessages(to: &report)
            writer.addFigures(to: &report)
        }
        for table in tables {
            writer.add(
                table, findings.filter { $0.printed.table == table.number && $0.printed.section == table.section },
                to: &report)
        }
        let rest = findings.filter { $0.printed.table == nil && $0.printed.section == nil }
        if !rest.isEmpty { writer.addRows(rest, under: words(.scanFindings), to: &report) }
        if scan.isBaseline { writer.addLists(to: &report) }
        return report
    }
}

/// Writes the parts of a report, one after the other.
private struct ReportWriter {
    let words: Words
    let region: RegionLookup
    let library: ScanLibrary

    private func focus(_ name: String) -> String { words.text(key: "scan.focus.\(name)") ?? name }
    private func kind(_ kind: Finding.Kind) -> String { words.text(key: "scan.kind.\(kind.rawValue)") ?? kind.rawValue }

    func addLimits(to report: inout ScanReport) {
        report.add(.heading(2, words(.scanLimits)))
        report.add(.paragraph(words(.scanLimitsWho)))
        report.add(.paragraph(words(.scanLimitsPower)))
        report.add(.paragraph(words(.scanGapsCaution)))
        report.add(.paragraph(words(.scanLimitsLanguage)))
        guard let meta = library.meta else { return }
        report.add(.paragraph(words(.scanLimitsRoom)))
        report.add(.list(meta.limitations))
    }

    func addMessages(to report: inout ScanReport) {
        guard !library.keyMessages.isEmpty else { return }
        report.add(.heading(2, words(.scanMessages)))
        for message in library.keyMessages {
            report.add(.heading(3, "\(focus(message.focus)): \(message.title)"))
            report.add(.list(message.points))
        }
    }

    func addFigures(to report: inout ScanReport) {
        guard !library.statistics.isEmpty else { return }
        report.add(.heading(2, words(.scanFigures)))
        report.add(.paragraph(words(.scanFiguresLead)))
        report.add(
            .table(
                [words(.scanFigure), words(.scanFigureOf), words(.scanFigureYears), words(.scanSource)],
                library.statistics.map {
                    [FiguresPage.spoken($0.value, words), $0.unit, $0.period, source($0.source)]
                }))
    }

    func add(_ table: PrintedTable, _ findings: [Finding], to report: inout ScanReport) {
        let name =
            table.number.map { words(.scanTable, ["number": "\($0)", "title": table.title]) }
            ?? words(.scanSection, ["number": table.section ?? ""])
        addRows(findings, under: name, to: &report)
        if table.held > 0 { report.add(.paragraph(words(.scanHeld, ["count": words.number(table.held)]))) }
    }

    func addRows(_ findings: [Finding], under name: String, to report: inout ScanReport) {
        report.add(.heading(2, name))
        report.add(
            .table(
                [words(.scanKind), words(.scanTheme), words(.scanFinding), words(.scanFacts), words(.scanPlace)],
                findings.map { finding in
                    [
                        kind(finding.kind), finding.theme.isEmpty ? words(.scanNoTheme) : finding.theme, finding.text,
                        finding.facts.joined(separator: "; "),
                        finding.places.map { region.place($0, words.language) ?? $0 }.joined(separator: "; "),
                    ]
                }))
        for finding in findings where finding.isContested {
            report.add(.heading(3, "\(words(.scanContested)): \(finding.text)"))
            report.add(
                .table(
                    [words(.scanWho), words(.scanWhen), words(.scanPosition), words(.scanSource)],
                    finding.positions.map { [$0.author, $0.date ?? words(.scanUndated), $0.text, $0.source] }))
        }
    }

    func addLists(to report: inout ScanReport) {
        report.add(.heading(2, words(.scanResearch)))
        report.add(
            .table(
                [words(.scanResearchWhat), words(.scanResearchAuthor), words(.scanResearchListed)],
                library.research.map { entry in
                    [
                        entry.title,
                        [entry.author, entry.year.map(String.init)].compactMap(\.self).joined(separator: ", "),
                        [entry.listedAs, entry.status].compactMap(\.self).joined(separator: "; "),
                    ]
                }))
        report.add(.heading(2, words(.scanSystems)))
        report.add(.list(library.partners.map { "\($0.name): \($0.role.replacing("_", with: " ")), \($0.signedOn)" }))
        report.add(.heading(2, words(.scanStandards)))
        report.add(.list(library.standards.map { "\($0.title), \($0.author), \($0.adopted)" }))
    }

    private func source(_ source: ScanLibrary.Source) -> String {
        [source.document, source.section, source.table.map { "table \($0)" }].compactMap(\.self)
            .joined(separator: ", ")
    }
}
