import Kernel
import Web

/// The partners of the network and what the scan links them with.
struct SystemsMap: Sendable {
    struct Line: Sendable {
        let partner: ScanLibrary.Partner
        let link: ScanLibrary.Link
        /// Nil for the network itself, or a finding that nobody may see.
        let finding: Finding?
    }

    let partners: [ScanLibrary.Partner]
    let lines: [Line]

    init(_ library: ScanLibrary, findings: [Finding]) {
        partners = library.partners.sorted { $0.name < $1.name }
        let byCode = Dictionary(findings.map { ($0.code, $0) }) { first, _ in first }
        lines = partners.flatMap { partner in
            library.links.filter { $0.from == partner.id }.compactMap { link in
                if link.to == "network" { return Line(partner: partner, link: link, finding: nil) }
                return byCode[link.to].map { Line(partner: partner, link: link, finding: $0) }
            }
        }
    }

    /// The findings that a line leads to, in the order of the scan.
    var findings: [Finding] {
        var seen: Set<Identifier<Finding>> = []
        return lines.compactMap(\.finding).filter { seen.insert($0.id).inserted }.sorted { $0.number < $1.number }
    }
}

struct SystemsPage {
    let map: SystemsMap

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.scanSystems), path: "systems",
            """
            <p class="lead">\(words(.scanSystemsLead))</p>
            \(HTML.wide(words(.scanSystemsPicture), drawing(setting)))
            \(HTML.wide(words(.scanSystems), """
            <table><thead><tr><th scope="col">\(words(.scanPartner))</th><th scope="col">\(words(.scanLink))</th></tr></thead>
            <tbody>\(map.lines, { row($0, setting) })</tbody></table>
            """))
            <p><a href="/landscape/systems.json">\(words(.scanKumu))</a></p>
            """)
    }

    private func row(_ line: SystemsMap.Line, _ setting: ScanSetting) -> HTML {
        let words = setting.words
        let target: HTML =
            line.finding.map {
                "<a href=\"\(setting.path("findings/\($0.id)"))\">\(setting.said($0.text, $0.language))</a>"
            }
            ?? "\(words(.scanNetwork))"
        return """
            <tr><th scope="row">\(setting.said(line.partner.name)) <span class="quiet">\(words.partnerWord(line.partner.sector))</span></th>\
            <td>\(setting.said(line.link.text)): \(target) <span class="quiet">\(setting.source(line.link.source))</span></td></tr>

            """
    }

    private static let step = 30

    /// Partners on the left, the network and findings on the right: what one does as a line, what it could do or is named for
    /// as a broken one.
    private func drawing(_ setting: ScanSetting) -> HTML {
        let findings = map.findings
        let height = max(map.partners.count, findings.count + 1) * Self.step + 20
        func y(_ index: Int) -> Int { index * Self.step + 24 }
        let left = Dictionary(uniqueKeysWithValues: map.partners.enumerated().map { ($1.id, y($0)) })
        let right = Dictionary(uniqueKeysWithValues: findings.enumerated().map { ($1.id, y($0 + 1)) })
        return """
            <svg viewBox="0 0 700 \(height)" width="100%" role="img" aria-label="\(setting.words(.scanSystemsPicture))" fill="currentColor" font-size="12">
            \(map.lines, { line in
            let end = line.finding.map { right[$0.id] ?? 0 } ?? y(0)
            let isSaid = line.finding != nil && line.link.kind != "does"
            return "<path d=\"M282 \((left[line.partner.id] ?? 0) - 4)L418 \(end - 4)\" stroke=\"currentColor\" fill=\"none\"\(if: isSaid, " stroke-dasharray=\"4 4\"")><title>\(line.partner.name): \(line.link.text)</title></path>\n" })
            \(map.partners.enumerated(), { "<text x=\"276\" y=\"\(y($0.offset))\" text-anchor=\"end\">\(Self.short($0.element.name))</text>" })
            <text x="424" y="\(y(0))" font-weight="700">\(setting.words(.scanNetwork))</text>
            \(findings.enumerated(), { "<text x=\"424\" y=\"\(y($0.offset + 1))\">\(Self.short($0.element.theme.isEmpty ? $0.element.text : $0.element.theme))</text>" })
            </svg>
            """
    }

    private static func short(_ text: String) -> String { text.count > 44 ? text.prefix(42) + "…" : text }
}
