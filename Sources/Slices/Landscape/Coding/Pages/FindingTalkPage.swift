import Kernel
import Web

/// A finding with what is said beside it: comments, positions, what was merged into it. For staff alone.
struct FindingTalkPage {
    let talk: FindingTalk
    let mayKeep: Bool
    /// Positions by author; else by date.
    var byAuthor = false
    var typed: [String: String] = [:]
    var problems = Problems()
    var alert: String?

    private var path: String { Self.path(talk.finding.id) }

    static func path(_ id: Identifier<Finding>) -> String { "desk/landscape/findings/\(id)/talk" }

    func html(_ setting: StaffFrame) -> HTML {
        let (words, finding) = (setting.words, talk.finding)
        let sides = finding.positions.isEmpty ? 2 : 1
        var labels = [
            "other": words(talk.like.isEmpty ? .codingMergeCode : .codingMergeOther), "comment": words(.codingComment),
        ]
        for side in 1...sides {
            for (name, phrase) in Self.sideFields { labels["\(name)-\(side)"] = "\(words(phrase)) \(side)" }
        }
        let faults = FormFaults(problems, labels: labels, words)
        let printed = finding.printed
        let source = [printed.document, printed.title, printed.section].compactMap(\.self).joined(separator: ", ")
        return setting.page(
            finding.code, path: path,
            """
            \(HTML.alert(alert))\(faults.summary())<blockquote><p>\(finding.text)</p></blockquote>
            <p class="quiet">\(words(CodingPhrase(state: finding.state))) · \(source)</p>
            \(if: mayKeep && finding.state == .merged, "<p>\(setting.link(FindingForm.path(finding.id), words(.scanDeskCorrect)))</p>")
            \(talk.kept.map { "<p>\(words(.codingMergedInto)) \(setting.link(Self.path($0), words(.codingFinding)))</p>" })
            <section><h2>\(words(.codingBeside))</h2><p>\(words(.codingTalkLead))</p>
            \(setting.remarks(talk.remarks, about: finding.id.description, "\(path)/comments", back: path, typed: typed["comment"] ?? ""))</section>
            \(if: !talk.positions.isEmpty || !talk.erased.isEmpty, positions(setting))
            \(if: !talk.merged.isEmpty, merged(setting))
            \(if: mayKeep && finding.state != .merged, keeping(sides, setting, faults))
            """)
    }

    private static let sideFields: [(name: String, phrase: CodingPhrase)] = [
        ("author", .codingAuthor), ("date", .codingDate), ("source", .codingSourceOf), ("text", .codingStatement),
    ]

    private func positions(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        let sorted = talk.positions.sorted {
            let (one, other) = ($0.position, $1.position)
            return byAuthor
                ? (one.author, one.date ?? "") < (other.author, other.date ?? "")
                : (one.date ?? "", one.author) < (other.date ?? "", other.author)
        }
        return """
            <section><h2>\(words(.codingContested))</h2><p>\(words(byAuthor ? .codingByAuthor : .codingByDate)) \(setting.link("\(path)?order=\(byAuthor ? "date" : "author")", words(byAuthor ? .codingOrderDate : .codingOrderAuthor)))</p>
            <div class="fields">\(sorted, { card($0, setting) })</div>
            \(talk.erased, { "<p class=\"quiet\">\(words(.codingErased, ["reason": $0.reason ?? ""]))</p>" })</section>
            """
    }

    private func card(_ one: NumberedPosition, _ setting: StaffFrame) -> HTML {
        let (position, way) = (one.position, PositionPage.path(talk.finding.id, one.number))
        return """
            <div class="card"><h3>\(position.author)</h3><p class="by">\(position.date ?? "")</p><blockquote><p>\(position.text)</p></blockquote><p class="quiet">\(position.source)</p><p>\(setting.link(way, setting.words(mayKeep ? .codingPositionKeep : .codingPositionEarlier)))</p></div>
            """
    }

    private func merged(_ setting: StaffFrame) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.codingMergedHere))</h2>\(talk.merged, { one -> HTML in
            "<div class=\"card\"><h3>\(setting.link(Self.path(one.id), one.code))</h3><blockquote><p>\(one.text)</p></blockquote><p class=\"quiet\">\([one.printed.document, one.printed.title, one.printed.section].compactMap(\.self).joined(separator: ", "))</p></div>"
            })</section>
            """
    }

    private func keeping(_ sides: Int, _ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(sides == 2 ? .codingContestTitle : .codingContestMore))</h2><p>\(words(.codingContestLead))</p>\(setting.form("\(path)/positions", """
            \(Array(1...sides), { side -> HTML in
            """
            <fieldset><legend>\(words(.codingSide, ["number": "\(talk.finding.positions.count + side)"]))</legend>
            <div class="fields">\(setting.field("author-\(side)", words(.codingAuthor), typed["author-\(side)"] ?? "", faults))
            \(setting.field("date-\(side)", words(.codingDate), typed["date-\(side)"] ?? "", faults, longest: 10))
            \(setting.field("source-\(side)", words(.codingSourceOf), typed["source-\(side)"] ?? "", faults, longest: 500))</div>
            \(setting.area("text-\(side)", words(.codingStatement), typed["text-\(side)"] ?? "", faults))</fieldset>
            """
            })<p class="tools"><button class="second">\(words(.codingContestGo))</button></p>
            """))</section>
            \(if: !talk.isPrinted, merging(setting, faults))
            """
    }

    private func merging(_ setting: StaffFrame, _ faults: FormFaults) -> HTML {
        let words = setting.words
        return """
            <section><h2>\(words(.codingMergeFindings))</h2><p>\(words(.codingMergeFindingsLead))</p>\(setting.form("\(path)/merge", """
            \(if: !talk.like.isEmpty, "<fieldset><legend>\(words(.codingMergeLike))</legend>\(talk.like, { HTML.tick(.radio, "kept", $0.code, "\($0.code): \($0.text)", false) })</fieldset>")
            \(setting.field("other", words(talk.like.isEmpty ? .codingMergeCode : .codingMergeOther), typed["other"] ?? "", faults, longest: 60))<p class="tools"><button class="second">\(words(.codingMergeGo))</button></p>
            """))</section>
            """
    }
}
