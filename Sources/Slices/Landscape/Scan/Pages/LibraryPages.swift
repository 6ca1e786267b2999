import Kernel
import Web

/// The reports that the scan lists: what is known of each, and what the sources do not say.
struct ResearchPage {
    let research: [ScanLibrary.Research]

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        let titles = Dictionary(research.map { ($0.id, $0.title) }) { first, _ in first }
        return setting.page(
            words(.scanResearch), path: "research",
            """
            <p class="lead">\(words(.scanResearchLead))</p>
            \(research, { entry in
            """
            <section class="card" id="\(entry.id)"><h2>\(setting.said(entry.title))</h2><dl class="facts">
            \(facts(entry, titles, setting), { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" })</dl></section>

            """ })
            """)
    }

    private func facts(
        _ entry: ScanLibrary.Research, _ titles: [String: String], _ setting: ScanSetting
    ) -> [(String, HTML)] {
        let words = setting.words
        func said(_ text: String?) -> HTML { text.map { setting.said($0) } ?? "\(words(.scanUnsaid))" }
        let author = [entry.author, entry.year.map(String.init)].compactMap(\.self).joined(separator: ", ")
        var facts: [(String, HTML)] = [
            (words(.scanResearchAuthor), said(author.isEmpty ? nil : author)),
            (
                words(.scanResearchListed),
                said([entry.listedAs, entry.status].compactMap(\.self).joined(separator: "; "))
            ),
            (words(.scanResearchLed), said(entry.lead)), (words(.scanResearchChecked), said(entry.validatedBy)),
            (words(.scanResearchGaps), said(entry.gaps)),
        ]
        if let note = entry.note { facts.append((words(.scanFlag), setting.said(note))) }
        if let title = entry.supersededBy.flatMap({ titles[$0] }) {
            facts.append((words(.scanFlag), "\(words(.scanResearchReplaced, ["title": ""]))\(setting.said(title))"))
        }
        if let url = entry.url { facts.append((words(.scanLink), "<a href=\"\(url)\" rel=\"noreferrer\">\(url)</a>")) }
        facts.append((words(.scanSource), "\(setting.source(entry.source))"))
        return facts
    }
}

/// Figures, each with its own source and years, never added up.
struct FiguresPage {
    let statistics: [ScanLibrary.Statistic]

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.scanFigures), path: "figures",
            """
            <p class="lead">\(words(.scanFiguresLead))</p>
            \(HTML.wide(words(.scanFigures), """
            <table><thead><tr><th scope="col">\(words(.scanFigure))</th><th scope="col">\(words(.scanFigureOf))</th>\
            <th scope="col">\(words(.scanFigureYears))</th><th scope="col">\(words(.scanSource))</th></tr></thead><tbody>\(statistics, { figure in
            "<tr><th scope=\"row\">\(Self.spoken(figure.value, words))</th><td>\(setting.said(figure.unit))</td><td>\(figure.period)</td><td>\(setting.source(figure.source))</td></tr>\n" })</tbody></table>
            """))
            """)
    }

    static func spoken(_ value: Double, _ words: Words) -> String {
        guard let whole = Int(exactly: value) else {
            return words.language == .french ? "\(value)".replacing(".", with: ",") : "\(value)"
        }
        return words.number(whole)
    }
}

/// Treaties and conventions, the oldest first.
struct StandardsPage {
    let standards: [ScanLibrary.Standard]

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.scanStandards), path: "standards",
            """
            <p class="lead">\(words(.scanStandardsLead))</p>
            <ul class="listing">\(standards, { standard in
            "<li><p><a href=\"\(standard.url)\" rel=\"noreferrer\">\(setting.said(standard.title))</a></p><p class=\"quiet\">\(setting.said(standard.author)) · \(words(.scanStandardsDate)) \(standard.adopted)</p></li>\n" })</ul>
            """)
    }
}

struct MessagesPage {
    let messages: [ScanLibrary.KeyMessage]

    func html(_ setting: ScanSetting) -> HTML {
        let words = setting.words
        return setting.page(
            words(.scanMessages), path: "messages",
            """
            <p class="lead">\(words(.scanMessagesLead))</p>
            \(groups, { group in
            """
            <section><h2>\(setting.words.scanFocus(group.focus))</h2>\(group.messages, { message in
            "<h3>\(setting.said(message.title))</h3><ul>\(message.points, { "<li>\(setting.said($0))</li>" })</ul><p class=\"quiet\">\(setting.source(message.source))</p>\n" })</section>

            """ })
            """)
    }

    private var groups: [(focus: String, messages: [ScanLibrary.KeyMessage])] {
        var groups: [(focus: String, messages: [ScanLibrary.KeyMessage])] = []
        for message in messages {
            if groups.last?.focus == message.focus {
                groups[groups.count - 1].messages.append(message)
            } else {
                groups.append((message.focus, [message]))
            }
        }
        return groups
    }
}
