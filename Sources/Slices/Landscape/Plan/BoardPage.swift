import Kernel
import Web

/// Who answers for what, what is overdue, and what nobody answers for.
struct BoardPage {
    let plan: Plan
    let months: [RollUp]

    func html(_ words: Words, _ frame: PageFrame) -> HTML {
        let open = plan.actions.filter(\.state.isOpen)
        let overdue = open.filter { $0.isOverdue(on: plan.today) }
        let owners = plan.desks.filter { desk in plan.actions.contains { $0.owner == desk.id } }
        return frame.page(
            words, title: words(.boardTitle), path: "landscape/board",
            """
            <h1>\(words(.boardTitle))</h1><p class="lead">\(words(.boardLead))</p>
            \(history(words))
            \(leadership(words))
            \(section(words(.boardOverdue), overdue, words(.boardNoneOverdue), words))
            \(owners, { section($0.name, plan.of($0.id), "", words) })
            \(section(words(.boardNobody), open.filter { plan.desk($0.owner) == nil }, words(.boardNoneLeft), words))
            \(calls(words))
            <p><a href="/\(words.language.code)/landscape/plan">\(words(.planTitle))</a></p>
            """)
    }

    /// How the whole plan stood, month by month.
    private func history(_ words: Words) -> HTML {
        guard !months.isEmpty else { return "" }
        return """
            <section><h2>\(words(.boardMonths))</h2><p>\(words(.boardMonthsRule)) \(words(.planProgressRule))</p>
            \(HTML.wide(words(.boardMonths), """
            <table><thead><tr><th scope="col">\(words(.boardMonth))</th><th scope="col">\(words(.planActions))</th><th scope="col">\(words(.planDone))</th><th scope="col">\(words(.planReached))</th></tr></thead>
            <tbody>\(months, { month in
            "<tr><th scope=\"row\">\(month.name)</th><td>\(words.number(month.actions))</td><td>\(words.number(month.done))</td><td>\(words.number(month.progress)) % <progress max=\"100\" value=\"\(month.progress.description)\" aria-hidden=\"true\"></progress></td></tr>\n" })</tbody></table>
            """))</section>

            """
    }

    /// How many actions survivors lead, and in how many of these they are paid; a few are not told apart.
    private func leadership(_ words: Words) -> HTML {
        let counted = plan.actions.filter { $0.state != .dropped }
        let led = counted.filter { $0.survivorsLead == .yes }
        let numbers: KeyValuePairs = [
            "count": words.number(counted.count), "led": words.told(led.count),
            "paid": words.told(led.count { $0.survivorsPaid == .yes }),
            "unknown": words.number(counted.count { $0.survivorsLead == .unknown }),
        ]
        return counted.isEmpty
            ? "" : "<section><h2>\(words(.boardLed))</h2><p>\(words(.boardLedNumbers, numbers))</p></section>"
    }

    /// Which desks and actions work on which call. A desk says so itself; a desk of an action does not follow from it.
    private func calls(_ words: Words) -> HTML {
        """
        <section><h2>\(words(.callsTitle))</h2><p>\(words(.callsLead))</p>\(Tag.Document.allCases, { calls($0, words) })</section>

        """
    }

    private func calls(_ document: Tag.Document, _ words: Words) -> HTML {
        let tags = Set(plan.actions.flatMap(\.tags) + plan.calls.map(\.tag)).filter { $0.document == document }.sorted()
        guard !tags.isEmpty else { return "" }
        let start = "/\(words.language.code)/landscape/actions"
        return """
            \(HTML.wide(words.call(document), """
            <table><caption>\(words.call(document))</caption><thead><tr><th scope="col">\(words(.callsCall))</th><th scope="col">\(words(.callsDesks))</th><th scope="col">\(words(.planActions))</th></tr></thead>
            <tbody>\(tags, { tag in
            "<tr><th scope=\"row\">\(tag.label)</th><td>\(desks(tag))</td><td>\(plan.actions.filter { $0.tags.contains(tag) }, { "<a href=\"\(start)/\($0.id)\"\($0.lang)>\($0.body)</a><br>" })</td></tr>\n" })</tbody></table>
            """))
            """
    }

    private func desks(_ tag: Tag) -> String {
        plan.calls.filter { $0.tag == tag }.compactMap { plan.desk($0.desk) }.sorted().joined(separator: ", ")
    }

    private func section(_ title: String, _ actions: [Action], _ none: String, _ words: Words) -> HTML {
        """
        <section><h2>\(title) (\(words.number(actions.count)))</h2>\(if: actions.isEmpty, "<p>\(none)</p>")<ul class="listing">\(actions, { ActionLine(action: $0, plan: plan).html(words) })</ul></section>

        """
    }
}
