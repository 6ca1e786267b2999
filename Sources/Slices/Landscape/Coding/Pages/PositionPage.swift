import Kernel
import Web

/// What one side says of a contested finding, what it said before, and for who keeps the landscape the forms to write it anew
/// or erase it. For staff alone.
struct PositionPage {
    let open: OpenPosition
    let mayKeep: Bool
    /// Names of desks by their ids.
    let desks: [String: String]
    var typed: [String: String] = [:]
    var problems = Problems()
    var alert: String?

    static func path(_ finding: Identifier<Finding>, _ number: Int) -> String {
        "\(FindingTalkPage.path(finding))/positions/\(number)"
    }

    private var path: String { Self.path(open.finding.id, open.current.number) }

    func html(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        var labels = [
            "author": words(.codingAuthor), "date": words(.codingDate), "source": words(.codingSourceOf),
            "text": words(.codingStatement), "reason-0": words(.codingEraseReason),
        ]
        for one in open.earlier { labels["reason-\(one.number)"] = words(.codingEraseReason) }
        let faults = FormFaults(problems, labels: labels, words)
        return setting.page(
            words(.codingPositionTitle), path: path,
            """
            \(HTML.alert(alert))\(faults.summary())<p>\(setting.link(FindingTalkPage.path(open.finding.id), open.finding.code))</p>
            \(card(open.current.position))
            \(if: mayKeep, changing(setting, faults))
            \(if: !open.earlier.isEmpty, "<section><h2>\(words(.codingPositionEarlier))</h2>\(open.earlier, { earlier($0, setting, faults) })</section>")
            \(if: mayKeep, "<section><h2>\(words(.codingEraseTitle))</h2><p>\(words(.codingEraseLead))</p>\(erasing(0, setting, faults))</section>")
            """)
    }

    private func card(_ position: Finding.Position) -> HTML {
        """
        <div class="card"><p class="by">\(position.author), \(position.date ?? "")</p><blockquote><p>\(position.text)</p></blockquote><p class="quiet">\(position.source)</p></div>
        """
    }

    private func changing(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let (words, position) = (setting.words, open.current.position)
        return """
            <section><h2>\(words(.codingPositionChange))</h2><p>\(words(.codingPositionChangeLead))</p>\(setting.form(path, """
            \(HTML.hidden("seen", open.current.mark))
            <div class="fields">\(setting.field("author", words(.codingAuthor), typed["author"] ?? position.author, faults))
            \(setting.field("date", words(.codingDate), typed["date"] ?? position.date ?? "", faults, longest: 10))
            \(setting.field("source", words(.codingSourceOf), typed["source"] ?? position.source, faults, longest: 500))</div>
            \(setting.area("text", words(.codingStatement), typed["text"] ?? position.text, faults))
            <p class="tools"><button>\(words(.codingPositionChangeGo))</button></p>
            """))</section>
            """
    }

    private func earlier(_ one: PositionChange, _ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        let who = setting.author(one.actor) + (one.desk.flatMap { desks[$0] }.map { ", \($0)" } ?? "")
        guard let before = one.before else {
            return "<p class=\"quiet\">\(words(.codingErased, ["reason": one.reason ?? ""]))</p>\n"
        }
        return """
            <p class="quiet">\(words(.codingPositionUntil, ["date": one.at.day.description, "who": who]))</p>\(card(before))
            \(if: mayKeep, "<details><summary>\(words(.codingEraseVersion))</summary>\(erasing(one.number, setting, faults))</details>")

            """
    }

    /// - Parameter version: 0 for the position with all its versions.
    private func erasing(_ version: Int, _ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let (words, name) = (setting.words, "reason-\(version)")
        return setting.form(
            "\(path)/erasure",
            """
            \(if: version > 0, HTML.hidden("version", "\(version)"))\(setting.field(name, words(.codingEraseReason), typed[name] ?? "", faults, longest: 500))
            <p class="tools"><button class="second">\(words(.codingEraseGo))</button></p>
            """)
    }
}
