import Kernel
import Web

/// Where staff come to the landscape: findings of a state, and the ways to what else is done with them.
struct LandscapeDeskPage {
    let list: DeskFindings
    let waiting: [Waiting]
    let mayPublish: Bool
    let refusal: ScanRefusal?

    static let path = "desk/landscape"

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let kind = words(ScanPhrase(list: list.filter.state), ["count": words.number(list.count)])
        return setting.page(
            words(.scanDeskTitle), path: Self.path,
            """
            \(HTML.alert(refusal.map { words($0) }))
            <p class="lead">\(words(.scanDeskLead))</p>
            \(if: !waiting.isEmpty, "<section class=\"note\"><h2>\(words(.waiting))</h2><ul>\(waiting, { line($0, setting) })</ul></section>")
            <ul><li><a href="\(setting.path("desk/landscape/findings/new"))">\(words(.scanDeskNew))</a></li>
            <li><a href="\(setting.path("desk/landscape/plan"))">\(words(.planTitle))</a></li>
            <li><a href="\(setting.path("desk/landscape/proposals"))">\(words(.proposeTitle))</a></li>
            <li><a href="\(setting.path("desk/landscape/votes"))">\(words(.votesTitle))</a></li>
            <li><a href="\(setting.path("desk/landscape/initiatives"))">\(words(.initiativesTitle))</a></li>
            <li><a href="\(setting.path("desk/landscape/evaluation"))">\(words(.evaluationTitle))</a></li>
            <li>\(setting.link(StaffFrame.coding, words(.codingHub)))</li>
            \(if: mayPublish, "<li><a href=\"\(setting.path(WorkshopDeskRoutes.path))\">\(words(.workshopsTitle))</a></li>")
            <li><a href="\(setting.path("landscape"))">\(words(.scanHeading))</a></li></ul>
            <section id="findings"><h2>\(kind)</h2>
            \(if: mayPublish, search(setting))
            \(if: list.findings.isEmpty, "<p>\(words(list.filter.state == .draft ? .scanDeskNoDrafts : .scanDeskNone))</p>")
            <ul class="listing">\(list.findings, { item($0, setting) })</ul>\(pages(setting))</section>
            """)
    }

    private func line(_ waiting: Waiting, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        let text = words.text(key: "waiting.\(waiting.kind.rawValue)") ?? waiting.kind.rawValue
        let way = setting.link(waiting.kind.path, text)
        return "<li>\(way)\(words(WebPhrase.colon)) \(words.number(waiting.count))</li>"
    }

    /// Which state, scan or code is shown; for those who keep the landscape.
    private func search(_ setting: StaffFrame) -> HTML {
        let (words, filter) = (setting.words, list.filter)
        return """
            <ul>\(DeskFilter.states, { state -> HTML in
            let text = words(ScanPhrase(list: state), ["count": words.number(list.counts[state] ?? 0)])
            return state == filter.state ? "<li aria-current=\"true\">\(text)</li>" : "<li>\(setting.link(path(state, 1), text))</li>"
            })</ul>
            <form method="get" action="\(setting.path(Self.path))" data-plain>\(HTML.hidden("state", filter.state.rawValue))
            <div class="fields"><div><label for="f-scan">\(words(.scanDeskScan))</label><select id="f-scan" name="scan"><option value="">\(words(.scanAny))</option>\(list.scans, { "<option value=\"\($0.code)\"\(if: $0.code == filter.scan, " selected")>\($0.title)</option>" })</select></div>
            <div><label for="f-code">\(words(.scanDeskCode))</label><input id="f-code" name="code" value="\(filter.code ?? "")" maxlength="60" autocomplete="off"></div></div>
            <p class="tools"><button class="second">\(words(.scanShow))</button></p></form>
            """
    }

    private func pages(_ setting: StaffFrame) -> HTML {
        let (words, page) = (setting.words, list.filter.page)
        let hasMore = page * DeskFilter.rows < list.count
        return """
            \(if: page > 1 || hasMore, "<p class=\"tools\">\(if: page > 1, setting.link(path(list.filter.state, page - 1), words(.scanPrevious))) \(if: hasMore, setting.link(path(list.filter.state, page + 1), words(.scanNext)))</p>")
            """
    }

    private func path(_ state: Finding.State, _ page: Int) -> String {
        var filter = list.filter
        (filter.state, filter.page) = (state, page)
        return Self.path(filter)
    }

    static func path(_ filter: DeskFilter) -> String {
        let pairs = [
            ("state", filter.state.rawValue), ("scan", filter.scan), ("code", filter.code),
            ("page", filter.page > 1 ? "\(filter.page)" : nil),
        ]
        let query = pairs.compactMap { name, value in value.map { "\(name)=\(encodedForQuery($0))" } }
        return "\(path)?\(query.joined(separator: "&"))"
    }

    private func item(_ finding: Finding, _ setting: StaffFrame) -> HTML {
        let words = setting.words
        func step(_ action: String, _ phrase: ScanPhrase) -> HTML {
            setting.form(
                "desk/landscape/findings/\(action)", isStep: true,
                "\(HTML.hidden("finding", finding.id.description))\(HTML.hidden("state", list.filter.state.rawValue))\(list.filter.scan.map { HTML.hidden("scan", $0) })<button class=\"second\">\(words(phrase))</button>"
            )
        }
        let kind = words.text(key: "scan.kind.\(finding.kind.rawValue)") ?? finding.kind.rawValue
        let theme = finding.theme.isEmpty ? words(.scanNoTheme) : finding.theme
        let mayGoOut = mayPublish && finding.state != .published && !list.awaiting.contains(finding.id)
        let isPrinted = list.scans.contains { $0.isBaseline && $0.id == finding.scan }
        return """
            <li><p lang="\(finding.language.code)">\(finding.text)</p><p class="quiet">\(kind) · \(theme) · \(finding.printed.document)\(finding.flag.map { " · \($0)" })\(if: list.awaiting.contains(finding.id), " · <strong class=\"mark\">\(words(.scanAwaits))</strong>")</p>
            <p>\(setting.link(FindingTalkPage.path(finding.id), words(.codingBesideNamed, ["code": finding.code])))\(if: !isPrinted, " · \(setting.link(FindingForm.path(finding.id), words(.scanDeskCorrectNamed, ["code": finding.code])))")</p>
            \(if: mayGoOut, step("publications", finding.state == .withdrawn ? .scanDeskBack : .scanDeskPublish))\(if: mayPublish && finding.state != .withdrawn, step("withdrawals", .scanDeskWithdraw))</li>

            """
    }
}
