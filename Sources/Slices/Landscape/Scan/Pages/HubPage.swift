import Kernel
import Web

/// What the landscape is, what it cannot tell, and the ways to look at it.
struct HubPage {
    let scan: Scan?
    let later: [Scan]
    let library: ScanLibrary
    /// Those that say who was not in the room.
    var workshops: [Workshop] = []

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let ways: [(ScanPhrase, String)] = [
            (.scanMessages, "messages"), (.scanMatrix, "matrix"), (.scanGaps, "gaps"), (.scanPrinted, "printed"),
            (.scanSystems, "systems"), (.scanResearch, "research"), (.scanFigures, "figures"),
            (.scanStandards, "standards"), (.scanReport, "report"),
        ]
        return setting.page(
            words(.scanHeading), path: "",
            """
            <p class="lead">\(words(.scanLead))</p>
            \(scan.map { "<p>\(setting.said($0.title)), \($0.published)</p>" })
            <h2>\(words(.scanSee))</h2>
            <ul class="tiles">\(ways, { "<li><a href=\"\(setting.path($0.1))\">\(words($0.0))</a></li>" })</ul>
            \(if: !later.isEmpty, "<h2>\(words(.scanLaterScans))</h2>\(later, { later($0, setting) })")
            <p><a href="/\(words.language.code)/workshops">\(words(.joinWay))</a></p>
            \(limits(setting))
            <h2>\(words(.planHub))</h2><ul class="tiles"><li><a href="\(setting.path("plan"))">\(words(.planTitle))</a></li><li><a href="\(setting.path("board"))">\(words(.boardTitle))</a></li>\
            <li><a href="\(setting.path("votes"))">\(words(.votesTitle))</a></li><li><a href="\(setting.path("priorities"))">\(words(.prioritiesTitle))</a></li>\
            <li><a href="\(setting.path("initiatives"))">\(words(.initiativesTitle))</a></li><li><a href="\(setting.path("meetings"))">\(words(.meetingsTitle))</a></li>\
            <li><a href="\(setting.path("evaluation"))">\(words(.evaluationTitle))</a></li></ul>
            <h2>\(words(.scanDownloads))</h2>
            <ul><li><a href="/landscape/findings.csv">\(words(.scanDownloadCSV))</a></li>
            <li><a href="\(report(setting))">\(words(.scanDownloadMarkdown))</a></li>
            <li><a href="/landscape/systems.json">\(words(.scanKumu))</a></li></ul>
            """)
    }

    /// The text in the language of the page.
    private func report(_ setting: ScanSetting, of scan: Scan? = nil) -> String {
        let scan = scan.map { "scan=\($0.code)" }
        let language = setting.language == .english ? nil : "language=\(setting.language.code)"
        let query = [scan, language].compactMap(\.self).joined(separator: "&")
        return "/landscape/report.md\(query.isEmpty ? "" : "?\(query)")"
    }

    private func later(_ scan: Scan, _ setting: ScanSetting) -> HTML {
        let words = setting.words
        let ways: [(ScanPhrase, String)] = [
            (.scanMatrix, "matrix"), (.scanGaps, "gaps"), (.scanFindings, "findings"), (.scanReport, "report"),
        ]
        return """
            <h3>\(setting.said(scan.title)), \(scan.published)</h3>
            <ul class="tiles"><li><a href="\(setting.path("comparison/\(scan.code)"))">\(words(.scanComparisonTitle))</a></li>\
            \(ways, { "<li><a href=\"\(setting.path($0.1))?scan=\(scan.code)\">\(words($0.0))</a></li>" })</ul>
            <p><a href="/landscape/findings.csv?scan=\(scan.code)">\(words(.scanDownloadCSV))</a> · <a href="\(report(setting, of: scan))">\(words(.scanDownloadMarkdown))</a></p>

            """
    }

    func limits(_ setting: ScanSetting) -> HTML {
        let limits = ScanLimits(of: scan, library.meta, absent: workshops, setting.words)
        return """
            <section class="note"><h2>\(setting.words(.scanLimits))</h2>
            \(limits.lines, { "<p>\($0.said)</p>\(own($0.own, $0.isEnglish, setting))\n" })</section>
            """
    }

    private func own(_ lines: [String], _ isEnglish: Bool, _ setting: ScanSetting) -> HTML {
        guard !lines.isEmpty else { return "" }
        return "<ul>\(lines, { "<li>\(isEnglish ? setting.said($0) : "\($0)")</li>" })</ul>"
    }
}
