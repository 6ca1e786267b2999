import Kernel
import Web

/// One finding with its source, and where people disagree the positions beside each other.
struct FindingPage {
    let finding: Finding
    let scan: Scan
    /// The finding that it says something new about, and those that say something new about it.
    let earlier: Finding?
    let later: [Finding]
    /// As plans, votes and files name it.
    let name: String
    let actions: [PlannedAction]

    /// An action of the plan that is linked with the finding.
    struct PlannedAction {
        let id: String
        let body: String
        /// In the region's plan, which is in English.
        let isPrinted: Bool
    }

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.scanFinding), path: "findings/\(finding.id)",
            """
            <p class="lead">\(setting.said(finding.text, finding.language))</p>
            \(if: finding.isContested, positions(setting))
            <dl class="facts">\(facts(setting), { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" })</dl>
            \(earlier.map { "<section><h2>\(words(.scanEarlier))</h2><ul class=\"listing\">\(setting.item($0))</ul></section>" })
            \(if: !later.isEmpty, "<section><h2>\(words(.scanLater))</h2><ul class=\"listing\">\(later, { setting.item($0) })</ul></section>")
            \(if: !actions.isEmpty, "<section><h2>\(words(.scanActions))</h2><ul class=\"listing\">\(actions, { action($0, setting) })</ul></section>")
            """)
    }

    private func action(_ action: PlannedAction, _ setting: ScanSetting) -> HTML {
        "<li><a href=\"\(setting.path("actions/\(action.id)"))\">\(action.isPrinted ? setting.said(action.body) : "\(action.body)")</a></li>\n"
    }

    private func facts(_ setting: ScanSetting) -> [(String, HTML)] {
        let words = setting.words
        var facts: [(String, HTML)] = [
            (words(.scanKind), "\(setting.kind(finding.kind))"),
            (words(.scanFocus), "\(setting.focus(finding.focus))"),
            (words(.scanTheme), theme(setting)),
        ]
        if !finding.facts.isEmpty {
            facts.append((words(.scanFacts), setting.said(finding.facts.joined(separator: "; "), finding.language)))
        }
        if !finding.places.isEmpty {
            facts.append((words(.scanPlace), "\(finding.places.map(setting.place).joined(separator: ", "))"))
        }
        if !finding.needs.isEmpty {
            facts.append((words(.scanNeed), "\(finding.needs.map(setting.need).joined(separator: ", "))"))
        }
        if let flag = finding.flag { facts.append((words(.scanFlag), setting.said(flag, finding.language))) }
        if let review = finding.review { facts.append((words(.scanReview), setting.said(review, finding.language))) }
        facts.append(
            (words(.scanSource), "\(setting.said(scan.title)), \(scan.published): \(setting.source(finding.printed))"))
        facts.append((words(.scanCode), "\(name)"))
        return facts
    }

    private func theme(_ setting: ScanSetting) -> HTML {
        guard !finding.theme.isEmpty else { return setting.theme("") }
        var filter = FindingFilter()
        (filter.focus, filter.theme, filter.scan) = (finding.focus, finding.theme, scan.isBaseline ? nil : scan.code)
        return """
            <a href="\(setting.path("findings"))\(filter.query())">\(setting.theme(finding.theme, finding.language))</a>\(finding.subtheme.map { ": \(setting.said($0, finding.language))" })
            """
    }

    /// Beside each other on a wide page, in the order of their dates.
    private func positions(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return """
            <section class="note"><h2>\(words(.scanContested))</h2><p>\(words(.scanContestedLead))</p></section>
            <div class="fields">\(finding.positions, { position in
            """
            <div class="card"><blockquote><p>\(setting.said(position.text, finding.language))</p></blockquote>
            <p class="quiet">\(setting.said(position.author, finding.language)), \(position.date ?? words(.scanUndated)) · \(setting.said(position.source, finding.language))</p></div>

            """ })</div>
            """
    }
}
