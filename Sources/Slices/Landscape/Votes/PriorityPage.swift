import Kernel
import Web

/// What the workshop of 2024 voted on: every row as it was counted, then the rows that belong together.
struct PriorityPage {
    let priorities: Priorities

    func html(_ words: Words, _ frame: PageFrame) -> HTML {
        let counted = priorities.all.compactMap(\.votes)
        let numbers: KeyValuePairs = [
            "rows": words.number(priorities.all.count), "thumbs": words.number(counted.reduce(0, +)),
            "lost": words.number(priorities.all.count - counted.count),
        ]
        return frame.page(
            words, title: words(.prioritiesPage), path: "landscape/priorities",
            """
            <h1>\(words(.prioritiesTitle))</h1>
            <p class="lead">\(words(.prioritiesLead))</p>
            \(if: priorities.all.isEmpty, "<p>\(words(.prioritiesNone))</p>")
            \(if: !priorities.all.isEmpty, """
            <p>\(words(.prioritiesNumbers, numbers))</p>
            <p>\(words(.prioritiesRoom))</p>
            <section><h2>\(words(.prioritiesRanked))</h2><p>\(words(.votesTies))</p>\(table(words))</section>
            <section><h2>\(words(.prioritiesThemes))</h2><p>\(words(.prioritiesThemesLead))</p>\(priorities.themes, { theme($0, words) })</section>
            """)
            <p><a href="/\(words.language.code)/landscape/votes">\(words(.votesTitle))</a></p>
            """)
    }

    private func table(_ words: Words) -> HTML {
        """
        \(HTML.wide(words(.prioritiesRanked), """
        <table><thead><tr><th scope="col">\(words(.votesRank))</th><th scope="col">\(words(.prioritiesRow))</th><th scope="col">\(words(.prioritiesThumbs))</th></tr></thead>
        <tbody>\(priorities.ranked, { row($0.rank, $0.priority, words) })</tbody></table>
        """))
        """
    }

    private func row(_ rank: Int?, _ priority: Priority, _ words: Words) -> HTML {
        """
        <tr id="\(priority.id)"><td>\(rank.map(words.number) ?? "–")</td><td lang="en">\(priority.body)<br><span class="quiet">\(priority.theme) · \(priority.id)</span></td><td>\(votes(priority, words))</td></tr>

        """
    }

    private func votes(_ priority: Priority, _ words: Words) -> HTML {
        guard let votes = priority.votes else {
            return """
                \(words(.prioritiesLost))\(priority.note.map { "<br><span class=\"quiet\" lang=\"en\">\($0)</span>" })
                """
        }
        return "\(words.number(votes))"
    }

    private func theme(_ theme: PriorityTheme, _ words: Words) -> HTML {
        """
        <section><h3><span lang="en">\(theme.name)</span> · \(words.thumbs(theme.votes))</h3><ul lang="en">\(theme.rows, { row in
        "<li><a href=\"#\(row.id)\">\(row.body)</a></li>" })</ul></section>

        """
    }
}
