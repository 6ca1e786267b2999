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
            <ul class="tiles">\(ways, { "<li><a href=\"\(setting.path($0.1))\">\(words($0.0))</a></li>" })\
            \(later, { "<li><a href=\"\(setting.path("comparison/\($0.code)"))\">\(words(.scanComparisonTitle)) (\($0.code))</a></li>" })</ul>
            <p><a href="/\(words.language.code)/workshops">\(words(.joinWay))</a></p>
            \(limits(setting))
            <h2>\(words(.planHub))</h2><ul class="tiles"><li><a href="\(setting.path("plan"))">\(words(.planTitle))</a></li><li><a href="\(setting.path("board"))">\(words(.boardTitle))</a></li>\
            <li><a href="\(setting.path("votes"))">\(words(.votesTitle))</a></li><li><a href="\(setting.path("priorities"))">\(words(.prioritiesTitle))</a></li></ul>
            <h2>\(words(.scanDownloads))</h2>
            <ul><li><a href="/landscape/findings.csv">\(words(.scanDownloadCSV))</a></li>
            <li><a href="/landscape/report.md">\(words(.scanDownloadMarkdown))</a></li>
            <li><a href="/landscape/systems.json">\(words(.scanKumu))</a></li></ul>
            """)
    }

    func limits(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return """
            <section class="note"><h2>\(words(.scanLimits))</h2>
            <p>\(words(.scanLimitsWho))</p><p>\(words(.scanLimitsPower))</p>
            \(library.meta.map { meta in "<p>\(words(.scanLimitsRoom))</p><ul>\(meta.limitations, { "<li>\(setting.said($0))</li>" })</ul>" })
            \(workshops, { "<p>\(words(.absentSaid, ["title": $0.title, "date": $0.heldOn.description]))</p><blockquote>\($0.absent)</blockquote>" })
            <p>\(words(.scanLimitsLanguage))</p></section>
            """
    }
}
